"""The marks of typed values, each beside its line: what matches, what differs, and what has a fault.

A line says first what is wrong in it, so that a narrow terminal cuts off what is right.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby

from textual.content import Content
from textual.widget import Widget

from bptui.check.side import LAST_DIGITS
from bptui.check.typed_values import CheckedText, TypedMark
from bptui.derive.notations import format_label
from bptui.explain.text_lines import format_as_printed
from bptui.text.words import format_count

_RIGHT, _WRONG, _FAULT, _LEFT_OUT = "$text-success", "bold $text-error", "$text-warning", "$text-muted"
_STYLES = {"✓": _RIGHT, "✗": _WRONG, "!": _FAULT}


def write_marks(found: CheckedText) -> Mapping[int, list[str]]:
    """Return what to say about each line of a text: its faults, what differs, what matches, what is left out."""
    said: dict[int, list[str]] = {}
    for fault in found.faults:
        said.setdefault(fault.line, []).append(f"! {fault.text}")
    for line, marks in groupby(sorted(found.marks, key=_find_line), _find_line):
        said.setdefault(line, []).extend(_write_line(list(marks)))
    for remark in found.remarks:
        said.setdefault(remark.line, []).append(f"· {remark.text}")
    return said


def _find_line(mark: TypedMark) -> int:
    return mark.value.line


def _write_line(marks: Sequence[TypedMark]) -> Iterator[str]:
    """Yield what there is to say about the values of one line: each that differs, and those that match together."""
    for mark in marks:
        if not mark.match.agrees:
            yield f"✗ {format_label(mark.value.name)} is {format_as_printed(mark.recomputed, mark.value.digits)}"
    right = [mark for mark in marks if mark.match.agrees]
    if len(marks) > 1 and right:
        yield f"✓ {', '.join(format_label(mark.value.name) for mark in right)}"
    elif right:
        name, number = format_label(right[0].value.name), format_as_printed(right[0].recomputed, right[0].value.digits)
        yield f"✓ {name} {LAST_DIGITS}: {number}" if right[0].match.last_digits else f"✓ {name} {number}"


def find_first_wrong(found: CheckedText) -> int:
    """Return the line of the first value that differs; 0 if none does."""
    return min((mark.value.line for mark in found.marks if not mark.match.agrees), default=0)


def summarise(found: CheckedText) -> str:
    """Return how many values match and differ, and which lines have faults."""
    wrong = [mark for mark in found.marks if not mark.match.agrees]
    count = format_count(len(found.marks), "value")
    if not found.marks:
        said = "type or paste printed values, such as dE_dw1 = 0.000439, or an array"
    elif not wrong:
        said = f"{count}: {'it matches' if len(found.marks) == 1 else 'all match'}"
    else:
        differ = f"{len(wrong)} differ{'s' if len(wrong) == 1 else ''}"
        said = f"{count}, {differ}, first in line {find_first_wrong(found)}"
    if not found.faults:
        return said
    more = f"and {len(found.faults) - 1} more have errors" if len(found.faults) > 1 else "has an error"
    return f"{said}; line {found.faults[0].line} {more}" if found.marks else f"line {found.faults[0].line} {more}"


class LineMarks(Widget, can_focus=False):
    """Says beside each line of a text what was found about it.

    Args:
        find_top: Returns the line of the text that its first row shows, from 0.

    Attributes:
        said: What it says by line, from 1.
    """

    def __init__(self, find_top: Callable[[], int]) -> None:
        super().__init__()
        self._find_top = find_top
        self.said: Mapping[int, list[str]] = {}

    def follow(self) -> None:
        """Show the rows that are in sight by now."""
        self.refresh()

    def show(self, said: Mapping[int, list[str]]) -> None:
        """Say something else."""
        self.said = said
        self.refresh()

    def render(self) -> Content:
        """Return the rows in sight."""
        first = self._find_top() + 1
        return Content("\n").join(self._write_row(first + row) for row in range(self.size.height))

    def _write_row(self, line: int) -> Content:
        parts = [Content.styled(text, _STYLES.get(text[0], _LEFT_OUT)) for text in self.said.get(line, ())]
        return Content("  ").join(parts).truncate(max(self.size.width, 1), ellipsis=True)
