"""Lines of an explanation: their kinds, tables of printed values, and how they fit a width.

A line has a kind and no colour; the caller decides its looks.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from math import isfinite
from textwrap import wrap
from typing import NamedTuple

from bptui.derive.notations import format_label
from bptui.explain.result import FigureData
from bptui.text.numbers import format_significant
from bptui.text.printed import parse_printed

_EXTRA_DIGITS = 3  # digits shown beyond those printed
_DEFAULT_DIGITS = 6  # digits of a number where the printed ones give no precision


class TextLine(NamedTuple):
    """A line of an explanation: its kind ("title", "change", "formula", "row", "dim" or none), and its text."""

    kind: str
    text: str


def format_as_printed(value: float | str | None, printed: str, more: int = _EXTRA_DIGITS) -> str:
    """Return a number in the format of a printed value, with some more digits."""
    if value is None or isinstance(value, str) or not isfinite(value):
        return "no such number" if value is None else str(value)
    figure = parse_printed(printed)
    exponent = figure.as_tuple().exponent
    if not isinstance(exponent, int):
        return format_significant(value, _DEFAULT_DIGITS)
    if "e" in printed.lower() or exponent > 0:
        return f"{value:.{len(figure.as_tuple().digits) - 1 + more}e}"
    text = f"{value:.{min(-exponent + more, 17)}f}"
    return text if float(text) or not value else format_significant(value, _DEFAULT_DIGITS)


def make_table(figures: Sequence[FigureData], recomputed: str, otherwise: str) -> Iterator[TextLine]:
    """Yield a table of printed values, recomputed ones, and those under changes, if any, below these heads."""
    head = ("round", "", "printed", recomputed, otherwise if "otherwise" in figures[0] else "")
    rows = [
        (
            f"{figure['round']:,}",
            format_label(figure["quantity"]),
            figure["printed"],
            format_as_printed(figure["recomputed"], figure["printed"]),
            format_as_printed(figure["otherwise"], figure["printed"]) if "otherwise" in figure else "",
        )
        for figure in figures
    ]
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    for kind, row in (("dim", head), *(("row", row) for row in rows)):
        cells = [
            f"{cell:<{width}}" if column == 1 else f"{cell:>{width}}"
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield TextLine(kind, f"   {'  '.join(cells).rstrip()}")


def wrap_lines(said: Iterable[TextLine], width: int) -> Iterator[TextLine]:
    """Yield the same lines, broken where they are too wide."""
    for kind, text in said:
        indent = " " * (len(text) - len(text.lstrip()) + (2 if text.lstrip().startswith("·") else 0))
        if kind == "row" or len(text) <= width:
            yield TextLine(kind, text)
        else:
            yield from (TextLine(kind, line) for line in wrap(text, width, subsequent_indent=indent))


def fit_lines(said: Iterable[TextLine], width: int) -> Iterator[TextLine]:
    """Yield the lines broken to a width; a table too wide loses its last column but one, the lesson's values."""
    for is_table, group in groupby(
        pairwise((*said, TextLine("", ""))), lambda pair: "row" in (pair[0].kind, pair[1].kind)
    ):
        lines = [line for line, _ in group]
        ends = [cell.end() for cell in re.finditer(r"\S+( \S+)*", lines[0].text)]
        if is_table and len(ends) > 3 and max(len(line.text) for line in lines) > width:
            lines = [TextLine(kind, text[: ends[-3]] + text[ends[-2] :]) for kind, text in lines]
        yield from wrap_lines(lines, width)
