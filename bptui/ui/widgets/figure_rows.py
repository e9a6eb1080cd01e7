"""Printed values beside the recomputed ones, as the rows of a list."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from textual.content import Content
from textual.widgets.option_list import Option

from bptui.check.recompute import CheckedValue
from bptui.check.side import LAST_DIGITS
from bptui.core.problem.spec import name_setting
from bptui.derive.notations import format_label
from bptui.explain.text_lines import format_as_printed


def make_heads(found: Sequence[CheckedValue]) -> str:
    """Return the line above the list."""
    names, printed, _ = _widths(found)
    return f"    {'':{names}}  {'printed':<{printed}}  comes to"


def make_rows(found: Sequence[CheckedValue]) -> Iterator[Option]:
    """Yield the lines of the list: rounds and their printed values; the id of a value is its place."""
    widths = _widths(found)
    for about, group in groupby(enumerate(found), lambda one: _heading(one[1])):
        yield Option(Content(about), disabled=True)
        for place, figure in group:
            cells = zip(_cells(figure), widths, strict=True)
            row = "  ".join(f"{cell:<{width}}" for cell, width in cells)
            sign = ("✓", "$text-success") if figure.agrees else ("✗", "bold $text-warning")
            how = (f"  {LAST_DIGITS}", "dim") if figure.last_digits else ""
            yield Option(Content.assemble("  ", sign, f" {row}", how), id=str(place))


def _widths(found: Sequence[CheckedValue]) -> list[int]:
    return [max(map(len, column)) for column in zip(("", "printed", "comes to"), *map(_cells, found), strict=True)]


def _cells(figure: CheckedValue) -> tuple[str, str, str]:
    return format_label(figure.quantity), figure.printed, format_as_printed(figure.recomputed, figure.printed)


def _heading(figure: CheckedValue) -> str:
    under = "".join(f" · {name_setting(key)} {value}" for key, value in figure.changes.items())
    by = {"numpy": "NumPy", "torch": "torch"}[figure.engine]
    return f"round {figure.round:,}{under} · {by}, {figure.precision}"
