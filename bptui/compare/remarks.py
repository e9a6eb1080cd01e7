"""Remarks about runs side by side: what follows from their numbers for all of them, one sentence each.

Losses are compared only among runs of like problems, with the same data and the same loss.
"""

from collections.abc import Iterator, Sequence
from math import isfinite

from bptui.compare.findings import AT_FLOOR, format_value, name_floor
from bptui.compare.summary import JsonNumber
from bptui.compare.table import RunRow, collect_losses, find_differing, group_rows, has_common_loss
from bptui.core.training.convergence import TOLERANCES
from bptui.text.numbers import format_percent
from bptui.text.words import format_count, join_words

_PROPORTIONAL = 0.05  # difference of products up to which rounds are in inverse proportion to the learning rate
_CLEARLY = 2.0  # factor by which learning rates must differ before agreeing products mean anything


def make_remarks(rows: Sequence[RunRow], among: Sequence[RunRow] = ()) -> Iterator[str]:
    """Yield what the numbers say about the runs together, one sentence each; where problems differ, by group.

    Args:
        rows: The runs.
        among: All runs whose problems are listed, where ``rows`` are only some of them.
    """
    groups = group_rows(among or rows)
    if len(groups) > 1:
        listed = "; ".join(f"{number}: {_join_letters(group)}" for number, group in enumerate(groups, 1))
        yield (
            f"There are {len(groups)} problems, with different data or a different loss ({listed}). Losses are "
            "compared only within one problem."
        )
    for group in (group for group in group_rows(rows) if len(group) > 1 and all(row.summary for row in group)):
        for remark in REMARKS:
            for said in remark(group):
                of = f"For {_join_letters(group)}: {said[:1].lower()}{said[1:]}"
                yield of if len(groups) > 1 else said


def _join_letters(rows: Sequence[RunRow]) -> str:
    return join_words([row.letter for row in rows])


def _equal(rows: Sequence[RunRow]) -> Iterator[str]:
    """Yield runs with the same losses in all rounds in which they are compared."""
    by_losses: dict[tuple[tuple[int, JsonNumber], ...], list[str]] = {}
    for row in rows:
        losses = tuple(collect_losses(row.summary).items())
        if not any(isinstance(loss, str) for _, loss in losses):  # nan need not mean equal
            by_losses.setdefault(losses, []).append(row.letter)
    for letters in by_losses.values():
        if len(letters) > 1:
            yield (
                f"{join_words(letters)} have exactly the same half squared error in every round that the table shows "
                "for them."
            )


def _ends(rows: Sequence[RunRow]) -> Iterator[str]:
    """Yield how far above a common floor runs are, in the rounds that all of them have."""
    if not all(has_common_loss(row.spec) for row in rows):
        return
    losses = {row.letter: collect_losses(row.summary) for row in rows}
    common = sorted(set.intersection(*map(set, losses.values())))
    floors = {row.spec.floor for row in rows}
    floor = min(floors)
    if len(floors) == 1 and floor > 0 and isfinite(floor):
        told = []
        for round_ in common[1:]:
            above = [f"{name} {_describe_height(at[round_], floor)}" for name, at in losses.items()]
            told.append(f"in round {round_:,}: {join_words(above)}")
        if told:
            of = f"{name_floor(rows[0].spec)}, {format_value(floor)}"
            yield f"All have the same {of}. Distance above it, {'; '.join(told)}."
    elif common:
        last = {name: loss for name, at in losses.items() if not isinstance(loss := at[common[-1]], str)}
        if last:
            low = min(last.values())
            best = [name for name, loss in last.items() if loss == low]
            if len(best) < len(losses):
                which = f"{format_count(len(best), 'run').partition(' ')[2]} {join_words(best)}"
                yield f"The lowest loss in round {common[-1]:,} is {format_value(low)} ({which})."


def _describe_height(loss: JsonNumber, floor: float) -> str:
    if isinstance(loss, str):
        return f"(E is {loss})"
    part = loss / floor - 1
    return format_percent(part) if part > AT_FLOOR else f"less than {format_percent(AT_FLOOR)}"


def _steps(rows: Sequence[RunRow]) -> Iterator[str]:
    """Yield whether the rounds needed are inversely proportional to the learning rate, if only that differs."""
    if [item.name for item in find_differing([row.spec for row in rows])] != ["step"]:
        return
    known = [row.summary for row in rows if row.summary]
    if len({summary["of_floor"] for summary in known if summary["looked"]}) != 1:
        return
    aim = (
        f"come within {{}} of the {name_floor(rows[0].spec)}"
        if any(summary["of_floor"] for summary in known)
        else "come down to {} of the first loss"
    )
    for place, part in enumerate(map(format_percent, TOLERANCES)):
        there = [
            (row.spec.step, round_) for row in rows if row.summary and (round_ := row.summary["within"][place]["round"])
        ]
        if len(there) > 1:
            yield _compare_products(aim.format(part), there)


def _compare_products(aim: str, there: Sequence[tuple[float, int]]) -> str:
    """Return what the products of learning rate and rounds say; nothing if the rates hardly differ."""
    products = [step * round_ for step, round_ in there]
    rates = [step for step, _ in there]
    apart = max(products) / min(products) - 1
    listed = join_words([f"{step:g} · {round_:,} = {_format_product(step * round_)}" for step, round_ in there])
    said = f"Learning rate times the rounds needed to {aim}: {listed}"
    if apart > _PROPORTIONAL:
        return f"{said}; the rounds needed are not inversely proportional to η."
    if max(rates) / min(rates) < _CLEARLY:
        return f"{said}."
    agree = f"These products agree to within {format_percent(apart)}"
    return f"{said}. {agree}: the rounds needed are inversely proportional to η."


def _format_product(product: float) -> str:
    return f"{product:,.0f}" if product >= 100 else format_value(product)


REMARKS = (_equal, _ends, _steps)
"""The remarks about runs together, in this order."""
