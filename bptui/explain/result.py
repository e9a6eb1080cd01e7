"""The result of a search for the cause of wrong printed values, as plain data.

``ExplanationData`` is what ``--json`` prints and what travels between processes. Its sentences
(``bptui.explain.sentences``) are made from nothing else, so the command line and the screen say the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NotRequired, TypedDict

from bptui.core.formulas.backprop import list_formulas
from bptui.core.formulas.notation import write
from bptui.core.problem.spec import Spec
from bptui.derive.notations import UNICODE, format_label
from bptui.explain.changes import Change, apply_changes
from bptui.explain.groups import Candidate, Group
from bptui.explain.recomputed import Figure, list_calculated
from bptui.explain.search import Explanation
from bptui.lessons.lesson import Lesson
from bptui.text.numbers import to_json_number


class FigureData(TypedDict):
    """A printed value: its place, its digits, and the recomputed value; None if there is no such number."""

    round: int
    quantity: str
    printed: str
    recomputed: float | str | None
    otherwise: NotRequired[float | str | None]


class ChangeData(TypedDict):
    """One thing that was done differently."""

    kind: str
    name: str
    about: str


class ChangeSetData(TypedDict):
    """Changes made together, and how many printed values match under them."""

    changes: list[ChangeData]
    explains: int


class GroupData(ChangeSetData):
    """Printed values that one set of changes corrects, and the other sets that do."""

    figures: list[FigureData]
    formula: list[str]
    others: list[ChangeSetData]
    sure: bool


class ExplanationData(TypedDict):
    """A whole explanation."""

    lesson: str
    figures: int
    right: int
    first_wrong: FigureData | None
    groups: list[GroupData]
    left: list[FigureData]
    nearest: ChangeSetData | None
    possible: int
    looked: int
    no_torch: str
    stopped: bool


def list_figures(lesson: Lesson) -> tuple[Figure, ...]:
    """Return a lesson's printed values, in order of calculation."""
    found: list[Figure] = []
    for entry in sorted(lesson.figures, key=lambda entry: entry.round):
        spec = lesson.spec_of(entry)
        alike = replace(
            spec.as_computed_by(entry.engine), precision=spec.precision_of(entry.engine), torch_precision="same"
        )
        order = {name: place for place, name in enumerate(list_calculated(spec.network))}
        names = sorted(entry.printed, key=lambda name: order.get(name, len(order)))
        found += [Figure(alike, entry.round, name, entry.printed[name], entry.engine) for name in names]
    return tuple(found)


def as_data(name: str, explanation: Explanation, stopped: bool = False) -> ExplanationData:
    """Return an explanation as plain data.

    Args:
        name: The lesson's name.
        explanation: What was found.
        stopped: Whether the search was stopped before its end.
    """
    count = len(explanation.figures)
    wrong = [place for place in range(count) if place not in explanation.right]
    return {
        "lesson": name,
        "figures": count,
        "right": len(explanation.right),
        "first_wrong": _figure_data(explanation, wrong[0]) if wrong else None,
        "groups": [_group_data(explanation, group) for group in explanation.groups],
        "left": _figures_data(explanation, explanation.left, explanation.near),
        "nearest": _set_data(explanation.nearest) if explanation.nearest else None,
        "possible": explanation.possible,
        "looked": explanation.looked,
        "no_torch": explanation.no_torch,
        "stopped": stopped,
    }


def _figure_data(explanation: Explanation, place: int) -> FigureData:
    figure, value = explanation.figures[place], _json_value(explanation.recomputed[place])
    return {"round": figure.round, "quantity": figure.name, "printed": figure.printed, "recomputed": value}


def _figures_data(explanation: Explanation, places: Sequence[int], values: Sequence[float | None]) -> list[FigureData]:
    """Return printed values with their values under the changes, as far as known."""
    found = [_figure_data(explanation, place) for place in places]
    for figure, value in zip(found, values, strict=False):
        figure["otherwise"] = _json_value(value)
    return found


def _group_data(explanation: Explanation, group: Group) -> GroupData:
    first = explanation.figures[group.figures[0]]
    return {
        **_set_data(group.best),
        "figures": _figures_data(explanation, group.figures, group.values),
        "formula": _changed_formula(first.spec, group.best.changes),
        "others": [_set_data(other) for other in group.others],
        "sure": group.sure,
    }


def _set_data(candidate: Candidate) -> ChangeSetData:
    return {"changes": [_change_data(change) for change in candidate.changes], "explains": len(candidate.explains)}


def _changed_formula(spec: Spec, changes: Iterable[Change]) -> list[str]:
    """Return the first formula that changes alter, and the original; empty if they alter none."""
    other = replace(apply_changes(spec, changes), rounding=spec.rounding, numbering=spec.numbering).network
    right = {f.name: f.expr for f in list_formulas(spec.network)}
    for f in list_formulas(other):
        if f.name in right and f.expr != right[f.name]:
            return [f"{format_label(f.name)} = {write(expr, UNICODE.letters)}" for expr in (f.expr, right[f.name])]
    return []


def _change_data(change: Change) -> ChangeData:
    return {"kind": change.kind, "name": change.name, "about": change.about}


def _json_value(value: float | None) -> float | str | None:
    """Return a number for JSON, a non-finite one as a word."""
    return None if value is None else to_json_number(value)
