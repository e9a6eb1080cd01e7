"""Pictures of values over a plane: what is drawn for known values."""

import numpy as np
import pytest

from bptui.core.quantities.input_plane import InputPlane, TargetPair
from bptui.ui.drawing.canvas import Canvas
from bptui.ui.drawing.heat import LEVELS, STEPS, HeatScale, draw_boundary, draw_heat, draw_ramp
from bptui.ui.drawing.lines import Line
from bptui.ui.drawing.strokes import ASCII, BRAILLE, CONSOLE, Strokes

PAIR = TargetPair(0.0, 1.0)
SIDES = HeatScale(0.0, 1.0, 0.5)


def text_of(lines: list[Line]) -> list[str]:
    return ["".join(span.text for span in line) for line in lines]


def picture(values: np.ndarray, strokes: Strokes, halves: int = 1) -> list[str]:
    canvas = Canvas(values.shape[1], len(values) // halves, strokes)
    draw_boundary(canvas, values, 0.5, "title")
    return text_of(draw_heat(values, SIDES, canvas, halves))


def test_an_and_neuron_has_a_straight_boundary_between_light_and_dark_signs() -> None:
    """Its output is 1 where x1 + x2 > 1.5, so that of the corners of the unit square only (1, 1) is above."""
    x1, x2 = InputPlane(-0.5, 1.5, -0.5, 1.5).make_grid(20, 10)
    values = 1.0 / (1.0 + np.exp(-4.0 * (x1 + x2 - 1.5)))
    assert picture(values, ASCII) == [
        r"  ...:|-##@@@@@@@@@@",
        r"    ...\\-##@@@@@@@@",
        r"      ...\\###@@@@@@",
        r"        ...-\###@@@@",
        r"          ...-\###@@",
        r"            ...-\###",
        r"              ...-\#",
        r"                ...-",
        r"                  ..",
        r"                    ",
    ]


def test_both_sides_of_a_boundary_are_seen_without_its_line() -> None:
    values = np.array([[*np.arange(0.0, 0.5, 0.0625), 0.5, *np.arange(0.5625, 1.0625, 0.0625)]]) - 1e-9 * (
        np.arange(17) > 8
    )
    assert text_of(draw_heat(values, SIDES, Canvas(17, 1, BRAILLE), 1)) == ["    ░░░░▒▓▓▓▓████"]
    assert text_of(draw_heat(values, SIDES, Canvas(17, 1, ASCII), 1)) == ["   ...::~%%###@@@"]


def test_only_a_value_on_the_boundary_has_the_middle_level() -> None:
    near = np.array([-1e9, 0.0, np.nextafter(0.5, 0), 0.5, np.nextafter(0.5, 1), 1.0, 1e9])
    assert SIDES.find_levels(near).tolist() == [0, 0, STEPS - 1, STEPS, STEPS + 1, LEVELS - 1, LEVELS - 1]
    assert SIDES.find_levels(near.astype(np.float32)).tolist()[3] == STEPS


def test_without_a_boundary_the_levels_go_up_from_the_middle() -> None:
    scale = HeatScale.of(np.array([3.0, np.nan, 7.0, np.inf]), None)
    assert (scale.low, scale.high, scale.boundary) == (3.0, 7.0, None)
    assert scale.find_levels(np.array([3.0, 5.0, 7.0])).tolist() == [STEPS, STEPS + STEPS // 2, LEVELS - 1]
    assert HeatScale.of(np.array([2.0, 2.0]), None).find_levels(np.array([2.0])).tolist() == [STEPS]


def test_what_is_no_finite_number_is_written_out() -> None:
    values = np.array([[np.nan] * 8 + [0.9] * 2, [np.inf] * 8 + [-np.inf] * 2])
    assert picture(values, ASCII) == ["nan nan @@", "inf inf -i"]
    assert HeatScale.of(values[1:], None) == HeatScale(0.0, 0.0, None)


def test_a_half_block_has_the_levels_of_two_values_and_says_where_one_is_no_number() -> None:
    values = np.array([[0.0, 0.9, np.nan], [1.0, 0.9, 0.9]])
    (line,) = draw_heat(values, SIDES, Canvas(3, 1), 2)
    assert [(span.text, span.role) for span in line] == [("▀", "half0-16"), ("▀", "half15-15"), ("n", "warning")]


@pytest.mark.parametrize("strokes", [BRAILLE, CONSOLE, ASCII], ids=lambda strokes: strokes.name)
def test_a_boundary_is_drawn_between_the_values_that_it_parts(strokes: Strokes) -> None:
    values = np.array([[0.0, 0.0, 1.0, 1.0]] * 4)
    drawn = picture(values, strokes)
    assert len(set(drawn)) == 1 and drawn[0][0] == " " and drawn[0][3] in "█@"
    assert drawn[0][1:3] not in ("  ", "██", " █", " @")


def test_a_saddle_is_crossed_by_two_lines_that_do_not_meet() -> None:
    values = np.array([[1.0, 0.0], [0.0, 1.0]])
    canvas = Canvas(2, 2)
    draw_boundary(canvas, values, 0.5, "title")
    assert "".join(text_of(canvas.lines())).strip()
    flat = np.full((3, 3), 0.5)
    draw_boundary(blank := Canvas(3, 3), flat, 0.5, "title")
    assert not "".join(text_of(blank.lines())).strip()


def test_a_scale_is_shown_with_the_signs_of_the_picture() -> None:
    assert text_of([tuple(draw_ramp(SIDES, range(LEVELS), ASCII, 1))]) == ["   ...::~%%###@@@"]
    up = HeatScale(3.0, 7.0, None)
    assert text_of([tuple(draw_ramp(up, range(STEPS, LEVELS), BRAILLE, 1))]) == ["  ░░▒▓▓██"]
    assert [span.role for span in draw_ramp(up, range(STEPS, STEPS + 2), BRAILLE, 2)] == ["half8-8", "half9-9"]
