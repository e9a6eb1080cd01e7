"""Remarks about runs side by side: what follows from their numbers for all of them, one sentence each."""

from collections.abc import Iterator, Sequence
from math import isfinite

from bptui.compare.observations import AT_FLOOR
from bptui.compare.summary import JsonNumber
from bptui.compare.table import COMMON_LOSS, RunRow, collect_losses, find_differing
from bptui.core.training.convergence import TOLERANCES
from bptui.text.numbers import format_percent, format_significant
from bptui.text.words import join_words

_DIGITS = 4


def make_remarks(rows: Sequence[RunRow]) -> Iterator[str]:
    """Yield what the numbers say about the runs together, one sentence each."""
    if len(rows) > 1 and all(row.summary for row in rows):
        for remark in REMARKS:
            yield from remark(rows)


def _equal(rows: Sequence[RunRow]) -> Iterator[str]:
    """Yield runs with the same losses in all rounds in which they are compared."""
    by_losses: dict[tuple[tuple[int, JsonNumber], ...], list[str]] = {}
    for row in rows:
        losses = tuple(collect_losses(row.summary).items())
        if not any(isinstance(loss, str) for _, loss in losses):  # nan need not mean equal
            by_losses.setdefault(losses, []).append(row.letter)
    for letters in by_losses.values():
        if len(letters) > 1:
            yield f"{join_words(letters)} have the same losses in all rounds of the table, to the last bit."


def _ends(rows: Sequence[RunRow]) -> Iterator[str]:
    """Yield how far above a common floor runs are, in the rounds that all of them have."""
    if {row.spec.loss for row in rows} != {COMMON_LOSS}:
        return
    losses = {row.letter: collect_losses(row.summary) for row in rows}
    common = sorted(set.intersection(*map(set, losses.values())))
    floors = {row.spec.floor for row in rows}
    floor = min(floors)
    if len(floors) == 1 and floor > 0 and isfinite(floor):
        told = []
        for round_ in common[1:]:
            above = [f"{name} {_describe_height(at[round_], floor)}" for name, at in losses.items()]
            told.append(f"in round {round_:,} by {join_words(above)}")
        if told:
            yield f"All have the same floor, {format_significant(floor, _DIGITS)}; they are above it {'; '.join(told)}."
    elif common:
        last = {name: loss for name, at in losses.items() if not isinstance(loss := at[common[-1]], str)}
        if last:
            low = min(last.values())
            best = [name for name, loss in last.items() if loss == low]
            if len(best) < len(losses):
                are = "is" if len(best) == 1 else "are"
                value = format_significant(low, _DIGITS)
                yield f"Lowest in round {common[-1]:,} {are} {join_words(best)}, with {value}."


def _describe_height(loss: JsonNumber, floor: float) -> str:
    if isinstance(loss, str):
        return loss
    part = loss / floor - 1
    return format_percent(part) if part > AT_FLOOR else "0 %"


def _steps(rows: Sequence[RunRow]) -> Iterator[str]:
    """Yield whether the rounds needed are inversely proportional to the learning rate, if only that differs."""
    if [item.name for item in find_differing([row.spec for row in rows])] != ["step"]:
        return
    for place, words in enumerate(map(format_percent, TOLERANCES)):
        there = {
            row.letter: (row.spec.step, round_)
            for row in rows
            if row.summary and (round_ := row.summary["within"][place]["round"])
        }
        if len(there) < 2:
            continue
        products = {name: step * round_ for name, (step, round_) in there.items()}
        low, high = min(products.values()), max(products.values())
        told = join_words(
            [f"{step:g} · {round_:,} = {_format_product(step * round_)}" for step, round_ in there.values()]
        )
        if high <= 1.05 * low:
            everywhere = len(there) == len(rows) and len({row.spec.floor for row in rows}) == 1
            ends = "; all come so near to the same floor, so it does not decide where training ends" * everywhere
            yield (
                f"Step times rounds to come within {words}: {told}. They agree to {format_percent(high / low - 1)}: "
                f"the step decides how many rounds it takes, in inverse proportion{ends}."
            )
        else:
            yield f"Step times rounds to come within {words}: {told}; the rounds do not go with 1/step."


def _format_product(product: float) -> str:
    return f"{product:,.0f}" if product >= 100 else format_significant(product, _DIGITS)


REMARKS = (_equal, _ends, _steps)
"""The remarks about runs together, in this order."""
