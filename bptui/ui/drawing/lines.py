"""Lines of text with meaning: what a panel draws, before it has colours.

A span's ``role`` says what it is (a warning, a negative number), never how it looks; its ``part`` is what a click on it
selects. There are three levels of roles, which stand out less and less; see ``LEVELS``. Lines are plain tuples, so two
drawings compare cheaply and a panel repaints only the lines that differ.
"""

from typing import NamedTuple

from bptui.check.marks import ValueMark
from bptui.session.agreement import EngineDifference
from bptui.text.aligned import ColumnLayout, format_aligned

CURVE_ROLES = tuple(f"curve{number}" for number in range(1, 7))
"""The roles of curves, used in a cycle."""
LEVELS = (
    ("title", "accent", "selected", "lit", "flow"),  # round, loss, what is selected or was just calculated
    ("",),  # NumPy's numbers, and names
    ("label", "dim", "second"),  # words; what is missing; torch, differences, before and after
)
"""The levels of ink, the first standing out most. Other roles are signs, which have colours of their own."""
FIELD_ROLES = ("field", "active-field", "cursor", "missing-field", "wrong-field")
"""The roles of what is typed, which show on spaces as well."""
ROLES = (
    *(role for level in LEVELS for role in level if role), "positive", "negative", "good", "warning", "changed",
    *CURVE_ROLES, *FIELD_ROLES,
)  # fmt: skip
MARK_ROLES = {True: "good", False: "warning", None: "dim"}

DIFFERENCE_WIDTH = 10
"""Columns of a difference and its mark."""


class Span(NamedTuple):
    """A piece of a line."""

    text: str
    role: str = ""
    part: str = ""


Line = tuple[Span, ...]


def make_line(*spans: Span | str) -> Line:
    """Make a line from spans and plain text."""
    return tuple(Span(s) if isinstance(s, str) else s for s in spans)


def find_part_at(of: Line, column: int) -> str:
    """Return the part that a click in a column selects; empty if none."""
    for span in of:
        if column < len(span.text):
            return span.part
        column -= len(span.text)
    return ""


def make_head_cell(head: str, width: int) -> str:
    """Return the head of a column of numbers, aligned with their units digit if there is room."""
    return f" {head}"[-width:].ljust(width)


def make_number_cell(value: float | None, places: ColumnLayout, digits: int, part: str, role: str = "") -> Span:
    """Return a number in a column, or a dot in place of its units digit if there is none (yet)."""
    if value is None:
        return Span(f"{'·':>{places.whole}}".ljust(places.width), "dim", part)
    return Span(format_aligned(value, places, digits), role, part)


def make_change_cell(sign: str, part: str) -> Span:
    """Return the cell that says whether a number changed in the last step, and which way."""
    return Span(sign or " ", "changed" if sign else "", part)


def make_difference_cells(apart: EngineDifference | None, part: str) -> list[Span]:
    """Return a difference and, if rounding does not explain it, a ≠ behind it."""
    if apart is None or not apart.beyond:
        return [Span(f"{apart.text if apart else '·':>{DIFFERENCE_WIDTH - 1}} ", "dim", part)]
    return [Span(f"{apart.text:>{DIFFERENCE_WIDTH - 1}}", "dim", part), Span("≠", "warning", part)]


def make_mark_cell(mark: ValueMark | None, part: str) -> Span:
    """Return the cell behind a number that says whether it matches the printed value; blank if none was printed."""
    return Span(" ", "", part) if mark is None else Span(mark.sign, MARK_ROLES[mark.agrees], part)
