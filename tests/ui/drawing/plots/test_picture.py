"""Small pictures as lines: within their room whatever their numbers, with every sentence and point that fits."""

from math import inf, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.part_pictures.picture import Mark, Picture, PlottedCurve, StraightLine
from bptui.ui.drawing.lines import ROLES
from bptui.ui.drawing.plots.picture import draw_picture
from bptui.ui.drawing.strokes import ASCII, BRAILLE, Strokes
from tests.effort import examples

X = np.linspace(-1.0, 1.0, 201)


def text_of(picture: Picture, width: int = 78, height: int = 20, strokes: Strokes = BRAILLE) -> list[str]:
    return ["".join(span.text for span in line) for line in draw_picture(picture, width, height, strokes)]


numbers = st.sampled_from([0.0, 1.0, -1.0, 1e-300, 1e300, -1e300, nan, inf, -inf, 0.3])


@examples(150)
@given(st.lists(numbers, min_size=1, max_size=30), st.integers(20, 120), st.integers(3, 40), st.booleans(), st.data())
def test_any_numbers_are_drawn_within_any_room(
    values: list[float], width: int, height: int, rounds: bool, data: st.DataObject
) -> None:
    x = np.arange(1.0, len(values) + 1) if rounds or len(values) == 1 else np.linspace(-2.0, 5.0, len(values))
    slope, sentence = data.draw(numbers), "word " * data.draw(st.integers(0, 60))
    line = StraightLine(float(x[0]), values[0], slope)
    picture = Picture(
        "t", "x", (PlottedCurve("f", x, np.array(values)),), (Mark("●", float(x[-1]), values[-1]),), line,
        (sentence,), is_over_rounds=rounds or len(values) == 1,
    )  # fmt: skip
    lines = draw_picture(picture, width, height, BRAILLE)
    assert len(lines) <= height and all(sum(len(span.text) for span in one) <= width for one in lines)
    assert {span.role for one in lines for span in one} <= {"", *ROLES}


@pytest.mark.parametrize("strokes", [BRAILLE, ASCII], ids=lambda strokes: strokes.name)
def test_a_point_lies_on_its_curve_and_the_line_goes_through_it(strokes: Strokes) -> None:
    curve = PlottedCurve("E", X, X * X)
    picture = Picture("t", "w", (curve,), (Mark("●", 0.5, 0.25),), StraightLine(0.5, 0.25, 1.0), ("seen",))
    text = text_of(picture, strokes=strokes)
    ((row, column),) = [(y, line.index("●")) for y, line in enumerate(text) if "●" in line]
    assert abs((column - 9) / 66 - 0.75) < 0.02 and abs(row / 18 - 0.75) < 0.1
    around = {text[y][x] for y in (row - 1, row, row + 1) for x in (column - 1, column + 1)}
    assert around - {" "} and text[-1].strip() == "seen"
    assert any(line.rstrip().endswith("E") for line in text[:3])


def test_the_axis_has_its_name_and_labels_that_are_whole() -> None:
    text = text_of(Picture("t", "in_h1", (PlottedCurve("f", X, X), PlottedCurve("f′", X, X * 0 + 1.0))))
    assert text[-1].split() == ["in_h1", "−1", "−0.5", "0", "0.5", "1"]
    assert {line.rstrip()[-1] for line in text} >= {"f", "′"}


def test_without_a_curve_there_are_the_sentences() -> None:
    assert text_of(Picture("t", "x", sentences=("w5 is inf.",))) == [" w5 is inf."]
