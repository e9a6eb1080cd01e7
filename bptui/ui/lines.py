"""Lines of text with meaning: what a panel draws, before it has colours.

A span's ``role`` says what it is (a warning, a negative number), never how it looks; its ``part`` is what a click on
it selects. Lines are plain tuples, so two drawings compare cheaply and a panel repaints only the lines that differ.
"""

from typing import NamedTuple

from bptui.marks import Mark
from bptui.text import fit

CURVES = tuple(f"curve{number}" for number in range(1, 7))
"""The roles of curves: one after the other, and then from the first again."""
ROLES = (
    "title", "label", "dim", "selected", "positive", "negative", "good", "warning", "accent", "lit", "flow", *CURVES,
)  # fmt: skip
MARK_ROLES = {True: "good", False: "warning", None: "dim"}


class Span(NamedTuple):
    """A piece of a line."""

    text: str
    role: str = ""
    part: str = ""


Line = tuple[Span, ...]


def line(*spans: Span | str) -> Line:
    """A line from spans and plain text."""
    return tuple(Span(s) if isinstance(s, str) else s for s in spans)


def part_at(of: Line, column: int) -> str:
    """The part a click in a column means; empty if none."""
    for span in of:
        if column < len(span.text):
            return span.part
        column -= len(span.text)
    return ""


def number_cell(value: float | None, width: int, part: str, role: str = "", before: str = " ") -> Span:
    """A number in a column, with a space before it, or a dot where there is none (yet)."""
    if value is None:
        return Span(f"{before}{'·':>{width}}", "dim", part)
    return Span(f"{before}{fit(value, width)}", role, part)


def mark_cell(mark: Mark | None, part: str) -> Span:
    """The column behind a number that says whether it is the one that was printed; empty where nothing was."""
    return Span(" ", "", part) if mark is None else Span(mark.sign, MARK_ROLES[mark.agrees], part)
