"""The canvas: lines merge, text hides them, and nothing leaves the canvas."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bptui.ui.drawing.canvas import Canvas
from bptui.ui.drawing.lines import Span
from bptui.ui.drawing.strokes import ASCII, BRAILLE, CONSOLE, Strokes


def text_of(canvas: Canvas) -> list[str]:
    return ["".join(span.text for span in line) for line in canvas.lines()]


def test_lines_that_meet_in_a_cell_merge() -> None:
    for strokes, size, merged in ((BRAILLE, (2, 1), ["⡱⢎"]), (ASCII, (3, 3), ["\\ /", " X ", "/ \\"])):
        canvas = Canvas(*size, strokes)
        wide, high = 2 * canvas.width - 1, 4 * canvas.height - 1
        canvas.stroke((0, 0), (wide, high))
        canvas.stroke((0, high), (wide, 0))
        assert text_of(canvas) == merged


def test_a_solid_line_has_no_gap_and_a_dashed_one_has() -> None:
    solid, dashed = Canvas(10, 1), Canvas(10, 1)
    solid.stroke((0, 1), (19, 1))
    dashed.stroke((0, 1), (19, 1), dash=(4, 4))
    assert text_of(solid) == ["⠒" * 10]
    assert text_of(dashed)[0] == "⠒⠂ ⠐⠒⠂ ⠐⠒⠂"


def test_a_copy_has_the_same_on_it_and_a_life_of_its_own() -> None:
    canvas = Canvas(6, 1)
    canvas.stroke((0, 1), (11, 1))
    canvas.text(1, 0, "w1")
    before, other = text_of(canvas), canvas.copy()
    assert text_of(other) == before
    other.text(0, 0, "another")
    other.stroke((0, 3), (11, 3))
    assert text_of(canvas) == before != text_of(other)


DRAWN = st.one_of(
    st.tuples(st.just("text"), st.integers(-3, 9), st.integers(-1, 3), st.text("ab ", max_size=5)),
    st.tuples(st.just("stroke"), st.tuples(st.integers(-4, 20), st.integers(-4, 14)), st.just((9, 5))),
    st.tuples(st.just("lines")),
)


@given(st.lists(DRAWN, max_size=6), st.lists(DRAWN, max_size=6))
def test_a_copy_is_as_if_all_had_been_drawn_on_it(before: list[Any], after: list[Any]) -> None:
    original, whole = Canvas(9, 3), Canvas(9, 3)
    for name, *arguments in before:
        getattr(original, name)(*arguments)
    copy = original.copy()
    for name, *arguments in after:
        getattr(copy, name)(*arguments)
    for name, *arguments in (*before, *after):
        getattr(whole, name)(*arguments)
    assert text_of(copy) == text_of(whole)


def test_text_hides_dots_and_keeps_what_a_click_means() -> None:
    canvas = Canvas(6, 1)
    canvas.stroke((0, 0), (11, 0))
    canvas.text(1, 0, "w1", "selected", "w1")
    assert canvas.lines()[0][1] == Span("w1", "selected", "w1")
    assert not canvas.is_free(2, 0, 1) and canvas.is_free(3, 0, 3) and not canvas.is_free(4, 0, 3)


@given(
    st.integers(0, 12),
    st.integers(0, 6),
    st.tuples(st.floats(-50, 50), st.floats(-50, 50)),
    st.tuples(st.floats(-50, 50), st.floats(-50, 50)),
    st.integers(1, 3),
    st.sampled_from([BRAILLE, CONSOLE, ASCII]),
)
def test_whatever_is_drawn_the_canvas_keeps_its_size(
    width: int, height: int, start: tuple[float, float], end: tuple[float, float], thick: int, strokes: Strokes
) -> None:
    canvas = Canvas(width, height, strokes)
    canvas.stroke(start, end, thick=thick)
    canvas.text(int(start[0]), int(start[1]), "label")
    assert [len(line) for line in text_of(canvas)] == [width] * height
