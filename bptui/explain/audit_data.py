"""What an audit found, as plain data; a part of ``ExplanationData``."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypedDict

import numpy as np

from bptui.core.formulas.names import updated
from bptui.core.formulas.notation import write
from bptui.derive.notations import UNICODE, format_label
from bptui.explain.audit.finding import FOLLOWS, ROUNDED, UNKNOWN, WRONG, Finding
from bptui.explain.calculation.figure import Figure
from bptui.explain.calculation.steps import list_calculated
from bptui.text.numbers import to_json_number

_LEAST_DIGITS, _MORE = (
    4,
    4,
)  # digits of an unprinted number put into a formula: at least, and beyond those of its result
_CLOSE = 1e-6  # relative: within it a number is the printed one, also in float32


class SlipData(TypedDict):
    """A printed value that is wrong in itself, and the number that the printed values before it give."""

    round: int
    quantity: str
    printed: str
    should_be: float | str | None


class FindingData(TypedDict):
    """What the audit says of a printed value that does not simply match.

    ``status`` is one of those of ``bptui.explain.audit``. ``follows`` names the slips it goes on from;
    ``formula`` and ``numbers`` are the line of a slip in letters and with the numbers put in, which ``relation``, = or
    ≈ in float32, ties to ``value``; ``between`` is what it was calculated from and is not printed. ``unsure`` and
    ``needs`` are the number before it that has too few digits, and how many it would need, 0 if all.
    """

    round: int
    quantity: str
    printed: str
    status: str
    value: float | str | None
    follows: list[str]
    formula: str
    numbers: str
    relation: str
    between: list[str]
    unsure: str
    needs: int


def make_slip_data(figures: Sequence[Figure], finding: Finding) -> SlipData:
    """Return a slip as plain data."""
    figure = figures[finding.place]
    should_be = json_value(finding.value)
    return {"round": figure.round, "quantity": figure.name, "printed": figure.printed, "should_be": should_be}


def make_finding_data(figures: Sequence[Figure], finding: Finding) -> FindingData:
    """Return what an audit says of a value as plain data."""
    figure, formula, numbers = figures[finding.place], "", ""
    if finding.step is not None:
        formula = f"{format_label(finding.step.name)} = {write(finding.step.expr, UNICODE.letters)}"
        numbers = _write_numbers(figures, finding)
    names = dict.fromkeys(
        _name_in_round(figures[slip].name, figures[slip].round, figure.round) for slip in sorted(finding.slips)
    )
    unsure, of_round, needs = finding.unsure or ("", 0, 0)
    return {
        "round": figure.round,
        "quantity": figure.name,
        "printed": figure.printed,
        "status": finding.status,
        "value": json_value(finding.value),
        "follows": list(names) if finding.status in (FOLLOWS, UNKNOWN, ROUNDED) else [],
        "formula": formula,
        "numbers": numbers,
        "relation": "≈" if figure.spec.precision == "float32" else "=",
        "between": _list_unprinted(figures, finding) if finding.status == WRONG else [],
        "unsure": _name_in_round(unsure, of_round, figure.round) if unsure else "",
        "needs": needs,
    }


def json_value(value: float | None) -> float | str | None:
    """Return a number for JSON, a non-finite one as a word."""
    return None if value is None else to_json_number(value)


def _write_numbers(figures: Sequence[Figure], finding: Finding) -> str:
    """Return the line of a slip with numbers for names: printed ones as printed, others with more digits."""
    assert finding.step is not None
    figure, numbers = figures[finding.place], dict(finding.operands)
    as_is: Callable[[float], Any] = np.float32 if figure.spec.precision == "float32" else float
    most = max(_LEAST_DIGITS, figure.digits.count) + _MORE
    printed = {other.name: other.digits for other in figures if _are_together(other, figure, figure.round)}
    printed |= {
        part: other.digits
        for part in figure.network.state
        for other in figures
        if other.name == updated(part) and _are_together(other, figure, figure.round - 1)
    }

    def write_number(name: str) -> str:
        number, before = numbers[name], printed.get(name)
        is_printed = before is not None and abs(number - float(before.value)) <= _CLOSE * abs(number)
        return UNICODE.value(as_is(number), before.count if before is not None and is_printed else most)

    return write(finding.step.expr, replace(UNICODE.letters, name=write_number))


def _list_unprinted(figures: Sequence[Figure], finding: Finding) -> list[str]:
    """Return the numbers in the line of a slip that were calculated before it and are not printed."""
    figure = figures[finding.place]
    calculated, network = set(list_calculated(figure.network)), figure.network
    here = {other.name for other in figures if _are_together(other, figure, figure.round)}
    before = {other.name for other in figures if _are_together(other, figure, figure.round - 1)}
    left = [name for name, _ in finding.operands if name in calculated - here]
    if figure.round > 1:
        trained = [name for name, _ in finding.operands if name in network.state and not network.is_frozen(name)]
        left += [name for name in trained if updated(name) not in before]
    return [format_label(name) for name in left]


def _are_together(one: Figure, other: Figure, round_: int) -> bool:
    """Whether two printed values belong to one calculation, the first of them to a round."""
    return (one.spec, one.engine, one.round) == (other.spec, other.engine, round_)


def _name_in_round(name: str, round_: int, here: int) -> str:
    """Return the label of a number, with its round where that is not ``here``."""
    return format_label(name) if round_ == here else f"{format_label(name)} in round {round_:,}"
