"""The columns of lines: how many they fill, how a line fills a row, and which of its columns differ from another's.

Widths are those of ``rich.cells``, which looks up every character of a text that it has not just seen; most lines hold
only characters that surely fill one column.
"""

import re
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from bptui.ui.drawing.lines import Line, Span

NARROW = (
    " -~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482"  # letters
    "\u2010-\u2015\u2020-\u2022\u2026\u2190-\u2193\u2200-\u22ff"  # dashes, dots, arrows and mathematics
    "\u2500-\u25fc\u25ff\u2800-\u28ff"  # boxes, blocks and braille
)
"""The characters that surely fill one column, as ranges."""
_is_narrow = re.compile(f"[{NARROW}]*").fullmatch


class Change(NamedTuple):
    """What differs between two rows of the same width.

    Attributes:
        column: The first column that differs.
        spans: What stands there now, up to the last column that differs.
    """

    column: int
    spans: Line


def count_columns(spans: Line) -> int:
    """Return how many columns some spans fill."""
    text = "".join([span.text for span in spans])
    return len(text) if _is_narrow(text) else sum([cell_len(span.text) for span in spans])


def fit_line(line: Line, room: int) -> Line:
    """Return a line that fills a row: padded with spaces, or cut off."""
    width = count_columns(line)
    if width < room:
        return (*line, Span(" " * (room - width)))
    return line if width == room else _cut_off(line, room)


def _cut_off(line: Line, room: int) -> Line:
    kept = list[Span]()
    for span in line:
        width = cell_len(span.text)
        kept.append(span if width <= room else span._replace(text=set_cell_size(span.text, room)))
        room -= width
        if room <= 0:
            break
    return tuple(kept)


def find_change(old: Line, new: Line) -> Change:
    """Return what differs between two lines that fill the same row, span by span."""
    first = alike = 0
    for before, after in zip(old, new, strict=False):
        if before != after:
            break
        first += 1
    for before, after in zip(reversed(old[first:]), reversed(new[first:]), strict=False):
        if before != after:
            break
        alike += 1
    return Change(count_columns(new[:first]), new[first : len(new) - alike])
