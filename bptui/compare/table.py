"""Compare runs in a table: what differs between them, and the results of each.

Runs of like problems, with the same data and the same loss, are a group: only their losses are compared.

A row has no summary while its run is being summarised; then its cells are dots. All losses are half squared errors,
whatever each run was trained on.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import Field, fields
from typing import Any

from bptui.compare.summary import JsonNumber, Summary
from bptui.core.formulas.losses import LOSSES
from bptui.core.problem.setting_names import name_setting
from bptui.core.problem.spec import Spec
from bptui.core.training.convergence import TOLERANCES
from bptui.record import record
from bptui.text.numbers import format_percent, format_significant
from bptui.text.words import clip_cells, count_cells

_LONGEST = 28  # columns of a name or a setting
_DIGITS = 4
_NONE = "·"
COMMON_LOSS = next(iter(LOSSES))
"""The loss by which all runs are compared: the half squared error."""


@record(eq=False)
class RunRow:
    """A run among others.

    Attributes:
        letter: Its name in the plot.
        name: What the run is called.
        spec: The problem.
        summary: Its summary, if it is known yet.
    """

    letter: str
    name: str
    spec: Spec
    summary: Summary | None = None


@record
class Column:
    """A column of the table.

    Attributes:
        head: The heading.
        cells: A cell per row.
        rank: The order of removal if there is no room, highest first; 0 for never.
    """

    head: str
    cells: tuple[str, ...]
    rank: int = 0

    @property
    def width(self) -> int:
        """The width of the widest cell."""
        return max(map(count_cells, (self.head, *self.cells)))


def make_letter(place: int) -> str:
    """Return the letter of the run at an index: a to z, then aa, ab and so on."""
    over, under = divmod(place, 26)
    return (make_letter(over - 1) if over else "") + chr(ord("a") + under)


def find_kind(spec: Spec) -> Hashable:
    """Return what problems must share for their losses to be compared: the data and the loss."""
    return spec.inputs, spec.targets, spec.loss, spec.over_samples if len(spec.inputs) > 1 else ""


def group_rows(rows: Sequence[RunRow]) -> list[list[RunRow]]:
    """Return the groups of like problems, in the order of their first runs."""
    groups: dict[Hashable, list[RunRow]] = {}
    for row in rows:
        groups.setdefault(find_kind(row.spec), []).append(row)
    return list(groups.values())


def find_differing(specs: Sequence[Spec]) -> list[Field[Any]]:
    """Return the settings in which problems differ, without those that mean nothing for some of them."""
    differ = [item for item in fields(Spec) if len({getattr(spec, item.name) for spec in specs}) > 1]
    unused = set.intersection(*(spec.unused for spec in specs))
    if len({spec.init for spec in specs}) > 1:
        unused.add("weights")  # a cell could only say that they are given
    return [item for item in differ if item.name not in unused]


def format_setting(spec: Spec, item: Field[Any], whole: bool = False) -> str:
    """Return a setting's value as a cell, cut unless ``whole``; a dot if it means nothing for this problem."""
    if item.name in spec.unused:
        return _NONE
    text: str = item.metadata["kind"].show(getattr(spec, item.name)) or "none"
    return text if whole else clip_cells(text, _LONGEST)


def make_columns(rows: Sequence[RunRow], among: Sequence[RunRow] = ()) -> list[Column]:
    """Return the columns: names, settings, losses, the floor, rounds to come close to it, and verdicts.

    The settings are those that differ within a group of like problems; several groups are numbered.

    Args:
        rows: The runs.
        among: All runs whose problems are numbered, where ``rows`` are only some of them.
    """
    found = [
        Column("", tuple(row.letter for row in rows)),
        Column("run", tuple(clip_cells(row.name, _LONGEST) for row in rows)),
    ]
    groups, problems = group_rows(rows), group_rows(among or rows)
    if len(problems) > 1:
        numbers = {row.letter: str(number) for number, group in enumerate(problems, 1) for row in group}
        found.append(Column("problem", tuple(numbers[row.letter] for row in rows), 2))
    specs = [row.spec for row in rows]
    differing = {item.name: item for group in groups for item in find_differing([row.spec for row in group])}
    found += [
        Column(name_setting(item.name), tuple(format_setting(spec, item) for spec in specs), 1)
        for item in fields(Spec)
        if item.name in differing
    ]
    summaries = [row.summary for row in rows]
    at = [collect_losses(summary) for summary in summaries]
    rounds = sorted({round_ for losses in at for round_ in losses})
    last = rounds[-1:]
    found += [
        Column(f"round {r:,}", tuple(_format_cell(losses.get(r)) for losses in at), 0 if r in last else 6)
        for r in rounds
    ]
    found.append(Column("floor", tuple(_format_floor(row) for row in rows), 5))
    near = [
        Column(
            f"within {format_percent(part)}", tuple(_format_within(summary, place) for summary in summaries), 3 - place
        )
        for place, part in enumerate(TOLERANCES)
    ]
    found += [column for column in near if set(column.cells) != {_NONE}]
    found.append(Column("verdict", tuple(s["verdict"] if s else "…" for s in summaries)))
    return found


def fit_columns(found: Sequence[Column], width: int) -> list[Column]:
    """Return the columns that fit the width, two spaces apart."""
    left = list(found)
    while sum(column.width + 2 for column in left) - 2 > width:
        ranked = [column for column in left if column.rank]
        if not ranked:
            break
        left.remove(max(reversed(ranked), key=lambda column: column.rank))
    return left


def collect_losses(summary: Summary | None) -> dict[int, JsonNumber]:
    """Return the half squared error of each round in which a run is compared; none while it has no summary."""
    return {at["round"]: at["half_squared_error"] for at in summary["at"]} if summary else {}


def _format_cell(value: JsonNumber | None) -> str:
    return _NONE if value is None else value if isinstance(value, str) else format_significant(value, _DIGITS)


def _format_floor(row: RunRow) -> str:
    """Return the floor of a run's own loss, marked if that is not the common measure."""
    if row.spec.floor == float("-inf"):
        return "none"
    return format_significant(row.spec.floor, _DIGITS) + ("" if has_common_loss(row.spec) else "*")


def _format_within(summary: Summary | None, place: int) -> str:
    if summary is None:
        return "…"
    if not summary["looked"]:
        return _NONE
    round_ = summary["within"][place]["round"]
    if round_:
        return f"{round_:,}"
    return "never" if summary["never"] else f"> {summary['looked']:,}"


def has_common_loss(spec: Spec) -> bool:
    """Whether a problem's own loss is the common measure: half squared errors, summed over all samples."""
    return spec.loss == COMMON_LOSS and (len(spec.inputs) == 1 or spec.over_samples == "sum")


def make_footnotes(rows: Sequence[RunRow]) -> Iterator[str]:
    """Yield what the table does not say by itself."""
    losses = f"Losses are half squared errors, ½Σ(o − y)², at the start of the round{_describe_losses(rows)}."
    yield f"{losses} Floor: {_explain_floor(rows)}."
    summaries = [row.summary for row in rows if row.summary and row.summary["looked"]]
    if summaries and not all(summary["of_floor"] for summary in summaries):
        some = any(summary["of_floor"] for summary in summaries)
        where = " where the floor is 0 or negligible beside it" if some else ""
        own = "" if all(has_common_loss(row.spec) for row in rows) else "; measured by each run's own loss"
        yield f'In the columns "within", 10 % and 1 % are of the first loss{where}{own}.'


def _explain_floor(rows: Sequence[RunRow]) -> str:
    bounds = [row.spec.floor_is_bound for row in rows]
    if all(bounds):
        return "a lower bound for the loss"
    return f"the lowest possible loss{', or a lower bound for it' if any(bounds) else ''}"


def _describe_losses(rows: Sequence[RunRow]) -> str:
    over = ", summed over all samples" if any(len(row.spec.inputs) > 1 for row in rows) else ""
    if all(has_common_loss(row.spec) for row in rows):
        return over
    return f"{over}, whatever loss a run was trained with; verdicts, and floors marked *, are about that loss"
