"""The result of an audit and a search for the cause of wrong printed values, as plain data.

``ExplanationData`` is what ``--json`` prints and what travels between processes. Its sentences
(``bptui.explain.sentences``) are made from nothing else, so the command line and the screen say the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NotRequired, TypedDict

from bptui.core.formulas.backprop import list_formulas
from bptui.core.formulas.expr import Expr, Name, find_names
from bptui.core.formulas.notation import write
from bptui.core.problem.spec import Spec
from bptui.core.problem.tables import Table
from bptui.derive.notations import UNICODE, format_label
from bptui.explain.audit_data import FindingData, SlipData, json_value, make_finding_data, make_slip_data
from bptui.explain.calculation.changes import Change, apply_changes
from bptui.explain.calculation.figure import Figure
from bptui.explain.calculation.steps import list_steps
from bptui.explain.search.evidence import Candidate
from bptui.explain.search.groups import Group
from bptui.explain.search.search import Explanation


class FigureData(TypedDict):
    """A printed value: its place, its digits, and the recomputed value; None if there is no such number."""

    round: int
    quantity: str
    printed: str
    recomputed: float | str | None
    otherwise: NotRequired[float | str | None]


class ChangeData(TypedDict):
    """One thing that was done differently: a mistake, unless it is another setting of the problem or a convention."""

    kind: str
    name: str
    about: str
    setting: bool
    convention: bool


class ChangeSetData(TypedDict):
    """Changes made together, and how many printed values match under them."""

    changes: list[ChangeData]
    explains: int


class DeciderData(TypedDict):
    """A value that is not printed and would tell sets of changes apart."""

    round: int
    quantity: str


class GroupData(ChangeSetData):
    """Printed values that one set of changes corrects, and the other sets that do.

    ``rounded`` are those that match only if numbers were rounded along the way. ``as_run`` is the problem that has the
    changes as its settings, as a lesson's tables; None if none has.
    """

    figures: list[FigureData]
    rounded: list[DeciderData]
    formula: list[str]
    others: list[ChangeSetData]
    sure: bool
    decider: DeciderData | None
    contradicts: list[DeciderData]
    as_run: Table | None


class ExplanationData(TypedDict):
    """A whole explanation."""

    lesson: str
    figures: int
    right: int
    last_digits: int
    first_wrong: FigureData | None
    audit: list[SlipData]
    findings: list[FindingData]
    groups: list[GroupData]
    left: list[FigureData]
    nearest: ChangeSetData | None
    possible: int
    looked: int
    no_torch: str
    stopped: bool
    limit: float | None


def as_data(name: str, explanation: Explanation, stopped: bool = False, limit: float | None = None) -> ExplanationData:
    """Return an explanation as plain data.

    Args:
        name: The lesson's name.
        explanation: What was found.
        stopped: Whether the search was stopped before its end.
        limit: The seconds of processor time after which it stopped by itself; None if it did not.
    """
    count = len(explanation.figures)
    wrong = [place for place in range(count) if place not in explanation.right]
    findings = explanation.audit.findings
    return {
        "lesson": name,
        "figures": count,
        "right": len(explanation.right),
        "last_digits": sum(finding.last_digits for finding in findings),
        "first_wrong": _figure_data(explanation, wrong[0]) if wrong else None,
        "audit": [make_slip_data(explanation.figures, findings[place]) for place in explanation.audit.slips],
        "findings": [make_finding_data(explanation.figures, f) for f in findings if not f.own_matches],
        "groups": [_group_data(explanation, group) for group in explanation.groups],
        "left": [_figure_data(explanation, place) for place in explanation.left],
        "nearest": _set_data(explanation.nearest) if explanation.nearest else None,
        "possible": explanation.possible,
        "looked": explanation.looked,
        "no_torch": explanation.no_torch,
        "stopped": stopped,
        "limit": limit,
    }


def _figure_data(explanation: Explanation, place: int) -> FigureData:
    figure, value = explanation.figures[place], json_value(explanation.recomputed[place])
    return {"round": figure.round, "quantity": figure.name, "printed": figure.printed, "recomputed": value}


def _figures_data(explanation: Explanation, places: Sequence[int], values: Sequence[float | None]) -> list[FigureData]:
    """Return printed values with their values under the changes."""
    found = [_figure_data(explanation, place) for place in places]
    for figure, value in zip(found, values, strict=True):
        figure["otherwise"] = json_value(value)
    return found


def _group_data(explanation: Explanation, group: Group) -> GroupData:
    first = explanation.figures[group.figures[0]]
    decider = group.decider
    return {
        **_set_data(group.best),
        "figures": _figures_data(explanation, group.figures, group.values),
        "rounded": _list_places(explanation, group.rounded),
        "formula": _changed_formula(first, group.best.changes),
        "others": [_set_data(other) for other in group.others],
        "sure": group.sure,
        "decider": {"round": decider[0], "quantity": decider[1]} if decider else None,
        "contradicts": _list_places(explanation, sorted(group.best.broken)),
        "as_run": _make_problem(first.spec, group.best.changes),
    }


def _list_places(explanation: Explanation, places: Iterable[int]) -> list[DeciderData]:
    return [{"round": explanation.figures[p].round, "quantity": explanation.figures[p].name} for p in places]


def _make_problem(spec: Spec, changes: Sequence[Change]) -> Table | None:
    """Return a problem's tables with changes as its settings; None if settings cannot say them."""
    set_ = [name for change in changes for name, _ in change.settings]
    if len(set(set_)) < len(set_) or any(change.alters_steps or change.reading for change in changes):
        return None
    changed = apply_changes(spec, changes)
    return None if changed == spec else changed.to_table()


def _set_data(candidate: Candidate) -> ChangeSetData:
    return {"changes": [_change_data(change) for change in candidate.changes], "explains": len(candidate.explains)}


def _changed_formula(figure: Figure, changes: Iterable[Change]) -> list[str]:
    """Return the nearest formula to a number that changes alter, and the original; empty if they alter none."""
    spec, changes = figure.spec, tuple(changes)
    other = replace(apply_changes(spec, changes), rounding=spec.rounding, numbering=spec.numbering)
    right = {f.name: f.expr for f in list_formulas(figure.network)}
    right |= {step.name: step.expr for step in list_steps(figure.network) if step.name not in right}
    network = other.network_of(figure.round)
    edits = {name: expr for change in changes for name, expr in change.edits}
    for rewrite in (change.rewrite for change in changes if change.rewrite):
        edits |= rewrite(network).steps
    altered = {**{f.name: f.expr for f in list_formulas(network)}, **edits}
    used = _find_used(right, figure.name)
    for name, expr in sorted(altered.items(), key=lambda one: used.index(one[0]) if one[0] in used else len(used)):
        if name in right and expr != right[name]:
            used_name, used_expr = _find_definition(altered, name)
            lines = ((used_name, used_expr), (name, right[name]))
            return [f"{format_label(one)} = {write(of, UNICODE.letters)}" for one, of in lines]
    return []


def _find_definition(exprs: Mapping[str, Expr], name: str) -> tuple[str, Expr]:
    """Return a quantity's name and formula; of one that only renames another, those of the other."""
    while isinstance(expr := exprs[name], Name) and expr.name in exprs:
        name = expr.name
    return name, exprs[name]


def _find_used(exprs: Mapping[str, Expr], name: str) -> list[str]:
    """Return a quantity's name and those of all that it is calculated from, the nearest first."""
    found = [name]
    for one in found:  # it grows on the way
        found += [part for part in find_names(exprs[one]) if part not in found] if one in exprs else []
    return found


def _change_data(change: Change) -> ChangeData:
    return {
        "kind": change.kind,
        "name": change.name,
        "about": change.about,
        "setting": change.is_setting,
        "convention": change.convention,
    }
