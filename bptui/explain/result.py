"""The result of an audit and a search for the cause of wrong printed values, as plain data.

``ExplanationData`` is what ``--json`` prints and what travels between processes. Its sentences
(``bptui.explain.sentences``) are made from nothing else, so the command line and the screen say the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NotRequired, TypedDict

from bptui.core.formulas.backprop import list_formulas
from bptui.core.formulas.notation import write
from bptui.derive.notations import UNICODE, format_label
from bptui.explain.audit.finding import FOLLOWS, ROUNDED, UNKNOWN, Finding
from bptui.explain.calculation.changes import Change, apply_changes
from bptui.explain.calculation.figure import Figure
from bptui.explain.calculation.steps import list_calculated, list_steps
from bptui.explain.search.evidence import Candidate
from bptui.explain.search.groups import Group
from bptui.explain.search.search import Explanation
from bptui.text.numbers import to_json_number

_LEAST_DIGITS, _MORE = 4, 2  # digits of a number put into a formula: at least, and beyond those printed


class FigureData(TypedDict):
    """A printed value: its place, its digits, and the recomputed value; None if there is no such number."""

    round: int
    quantity: str
    printed: str
    recomputed: float | str | None
    otherwise: NotRequired[float | str | None]


class SlipData(TypedDict):
    """A printed value that is wrong in itself, and the number that the printed values before it give."""

    round: int
    quantity: str
    printed: str
    should_be: float | str | None


class FindingData(TypedDict):
    """What the audit says of a printed value that does not simply match.

    ``status`` is one of those of ``bptui.explain.audit``. ``follows`` names the slips it goes on from;
    ``formula`` and ``numbers`` are the line of a slip in letters and with the numbers put in, ``between`` what it was
    calculated from and is not printed; ``unsure`` and ``needs`` are the number before it that has too few digits, and
    how many it would need.
    """

    round: int
    quantity: str
    printed: str
    status: str
    value: float | str | None
    follows: list[str]
    formula: str
    numbers: str
    between: list[str]
    unsure: str
    needs: int


class ChangeData(TypedDict):
    """One thing that was done differently."""

    kind: str
    name: str
    about: str
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
    """Printed values that one set of changes corrects, and the other sets that do."""

    figures: list[FigureData]
    formula: list[str]
    others: list[ChangeSetData]
    sure: bool
    decider: DeciderData | None


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
        "audit": [_slip_data(explanation, findings[place]) for place in explanation.audit.slips],
        "findings": [_finding_data(explanation, finding) for finding in findings if not finding.own_matches],
        "groups": [_group_data(explanation, group) for group in explanation.groups],
        "left": [_figure_data(explanation, place) for place in explanation.left],
        "nearest": _set_data(explanation.nearest) if explanation.nearest else None,
        "possible": explanation.possible,
        "looked": explanation.looked,
        "no_torch": explanation.no_torch,
        "stopped": stopped,
        "limit": limit,
    }


def _slip_data(explanation: Explanation, finding: Finding) -> SlipData:
    figure = explanation.figures[finding.place]
    should_be = _json_value(finding.value)
    return {"round": figure.round, "quantity": figure.name, "printed": figure.printed, "should_be": should_be}


def _finding_data(explanation: Explanation, finding: Finding) -> FindingData:
    figure, formula, numbers = explanation.figures[finding.place], "", ""
    if finding.step is not None:
        digits = max(_LEAST_DIGITS, figure.digits.count + _MORE)
        formula = f"{format_label(finding.step.name)} = {write(finding.step.expr, UNICODE.letters)}"
        if finding.operands:
            numbers = write(finding.step.expr, UNICODE.numbers(dict(finding.operands), digits))
    names = dict.fromkeys(_name_place(explanation, slip, figure.round) for slip in sorted(finding.slips))
    unsure, needs = finding.unsure or ("", 0)
    return {
        "round": figure.round,
        "quantity": figure.name,
        "printed": figure.printed,
        "status": finding.status,
        "value": _json_value(finding.value),
        "follows": list(names) if finding.status in (FOLLOWS, UNKNOWN, ROUNDED) else [],
        "formula": formula,
        "numbers": numbers,
        "between": _list_unprinted(explanation, finding),
        "unsure": format_label(unsure) if unsure else "",
        "needs": needs,
    }


def _list_unprinted(explanation: Explanation, finding: Finding) -> list[str]:
    """Return the calculated numbers in the line of a slip that are not printed."""
    figure = explanation.figures[finding.place]
    calculated = set(list_calculated(figure.spec.network))
    printed = {other.name for other in explanation.figures if (other.spec, other.round) == (figure.spec, figure.round)}
    return [format_label(name) for name, _ in finding.operands if name in calculated - printed]


def _name_place(explanation: Explanation, place: int, round_: int) -> str:
    figure = explanation.figures[place]
    name = format_label(figure.name)
    return name if figure.round == round_ else f"{name} of round {figure.round:,}"


def _figure_data(explanation: Explanation, place: int) -> FigureData:
    figure, value = explanation.figures[place], _json_value(explanation.recomputed[place])
    return {"round": figure.round, "quantity": figure.name, "printed": figure.printed, "recomputed": value}


def _figures_data(explanation: Explanation, places: Sequence[int], values: Sequence[float | None]) -> list[FigureData]:
    """Return printed values with their values under the changes."""
    found = [_figure_data(explanation, place) for place in places]
    for figure, value in zip(found, values, strict=True):
        figure["otherwise"] = _json_value(value)
    return found


def _group_data(explanation: Explanation, group: Group) -> GroupData:
    first = explanation.figures[group.figures[0]]
    decider = group.decider
    return {
        **_set_data(group.best),
        "figures": _figures_data(explanation, group.figures, group.values),
        "formula": _changed_formula(first, group.best.changes),
        "others": [_set_data(other) for other in group.others],
        "sure": group.sure,
        "decider": {"round": decider[0], "quantity": decider[1]} if decider else None,
    }


def _set_data(candidate: Candidate) -> ChangeSetData:
    return {"changes": [_change_data(change) for change in candidate.changes], "explains": len(candidate.explains)}


def _changed_formula(figure: Figure, changes: Iterable[Change]) -> list[str]:
    """Return the first formula that changes alter, and the original; empty if they alter none."""
    spec, changes = figure.spec, tuple(changes)
    other = replace(apply_changes(spec, changes), rounding=spec.rounding, numbering=spec.numbering)
    right = {f.name: f.expr for f in list_formulas(spec.network)}
    right |= {step.name: step.expr for step in list_steps(spec.network) if step.name not in right}
    edits = [(name, expr) for change in changes for name, expr in change.edits]
    altered = [(f.name, f.expr) for f in list_formulas(other.network)] + edits
    for name, expr in altered:
        if name in right and expr != right[name]:
            return [f"{format_label(name)} = {write(one, UNICODE.letters)}" for one in (expr, right[name])]
    return []


def _change_data(change: Change) -> ChangeData:
    return {"kind": change.kind, "name": change.name, "about": change.about, "convention": change.convention}


def _json_value(value: float | None) -> float | str | None:
    """Return a number for JSON, a non-finite one as a word."""
    return None if value is None else to_json_number(value)
