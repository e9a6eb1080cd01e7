"""Columns of lines: as wide as the terminal shows them, filled up or cut off, and where two lines differ."""

import re
import sys
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from bptui.ui.drawing.lines import Line, Span
from bptui.ui.widgets.painting.columns import NARROW, count_columns, find_change, fit_line
from tests.effort import examples

SPANS = st.builds(Span, st.text("ab1 −δ数é", max_size=6), st.sampled_from(["", "label"]))
LINES = st.lists(SPANS, max_size=6).map(tuple)


def test_characters_that_count_as_narrow_fill_one_column() -> None:
    every = "".join(map(chr, range(0xD800))) + "".join(map(chr, range(0xE000, sys.maxunicode + 1)))
    found = re.findall(f"[{NARROW}]", every)
    assert len(found) > 1_000 and {cell_len(character) for character in found} == {1}
    assert set("−·×→↑│╭█⠿ηδ∂≠½") <= set(found)


@examples(200)
@given(LINES)
def test_columns_are_those_of_all_spans(line: Line) -> None:
    assert count_columns(line) == sum(cell_len(span.text) for span in line)


@examples(200)
@given(LINES, st.integers(0, 20))
def test_a_line_fills_a_row(line: Line, room: int) -> None:
    found, whole = fit_line(line, room), "".join(span.text for span in line)
    assert count_columns(found) == room
    shown, widths = "".join(span.text for span in found), list(accumulate(map(cell_len, whole)))
    kept = sum(width <= room for width in widths)
    assert shown.rstrip() == whole[:kept].rstrip()


@examples(300)
@given(LINES, LINES, LINES, LINES)
def test_what_differs_makes_the_new_line_of_the_old(before: Line, old: Line, new: Line, after: Line) -> None:
    was, now = fit_line(before + old + after, 60), fit_line(before + new + after, 60)
    column, spans = find_change(was, now)
    assert column <= 60
    text, end = "".join(span.text for span in was), column + count_columns(spans)
    shown = "".join(span.text for span in now)
    cells, wanted = _cells(text), _cells(shown)
    assert cells[:column] == wanted[:column] and cells[end:] == wanted[end:]
    assert _cells("".join(span.text for span in spans)) == wanted[column:end]


def _cells(text: str) -> list[str]:
    return [cell for character in text for cell in (character, *[""] * (cell_len(character) - 1))]


@pytest.mark.parametrize("same", [(), (Span("a"), Span("b", "label"))])
def test_equal_lines_have_no_change(same: Line) -> None:
    assert find_change(same, same).spans == ()
