"""The SVG picture of loss curves: well-formed, self-contained, and true to the losses."""

import re
from itertools import pairwise
from math import inf, nan
from xml.etree import ElementTree

import numpy as np
import pytest

from bptui.report.svg import PlotCurve, draw_svg

_SVG = "{http://www.w3.org/2000/svg}"


def drawn(*losses: float, letter: str = "a", name: str = "one") -> PlotCurve:
    return PlotCurve(letter, name, np.array(losses))


def elements(text: str, tag: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(text).iter(_SVG + tag))


def texts(text: str) -> list[str]:
    return [element.text or "" for element in elements(text, "text")]


def test_names_and_measures_are_shown_as_they_are_and_never_as_markup() -> None:
    picture = draw_svg([drawn(2.0, 1.0, name="<b>&\"x'")], "E, a < b & c")
    assert "a  <b>&\"x'" in texts(picture)
    assert any(text.startswith("E, a < b & c") for text in texts(picture))
    assert "<b>" not in picture


def test_the_curve_goes_through_its_losses_from_left_to_right() -> None:
    picture = draw_svg([drawn(4.0, 3.0, 2.0, 1.0)], "E")
    path = next(e.attrib["d"] for e in elements(picture, "path") if e.attrib.get("stroke-width") == "2")
    points = [tuple(map(float, point.split())) for point in re.findall(r"[ML]([\d.]+ [\d.]+)", path)]
    assert len(points) == 4
    assert points == sorted(points, key=lambda point: point[0]) == sorted(points, key=lambda point: point[1])


@pytest.mark.parametrize("gap", [nan, inf, -inf])
def test_a_loss_without_a_place_is_a_gap_with_a_mark(gap: float) -> None:
    picture = draw_svg([drawn(4.0, gap, 2.0, 1.0)], "E")
    path = next(e.attrib["d"] for e in elements(picture, "path") if e.attrib.get("stroke-width") == "2")
    assert path.count("M") == 2 and "nan" not in picture.replace("nan-", "") and "inf" not in path
    assert texts(picture).count("×") == 1


def test_losses_below_0_are_drawn_on_a_linear_axis() -> None:
    assert any("E, logarithmic" in text for text in texts(draw_svg([drawn(1.0, 0.1)], "E")))
    below = draw_svg([drawn(1.0, -0.5)], "E")
    assert "E" in texts(below) and "×" not in texts(below)


def test_curves_differ_by_more_than_their_colour() -> None:
    picture = draw_svg([drawn(float(9 - k), 1.0, letter=str(k)) for k in range(8)], "E")
    looks = [
        (e.attrib["stroke"], e.attrib.get("stroke-dasharray"))
        for e in elements(picture, "path")
        if e.attrib.get("stroke-width") == "2"
    ]
    assert len(set(looks)) == 8 and len({dash for _, dash in looks[:6]}) == 6


@pytest.mark.parametrize("losses", [(1.0,), (nan, nan), (0.0, 0.0), (1e308, -1e308), (5e-324, 1e308)])
def test_any_losses_make_a_picture(losses: tuple[float, ...]) -> None:
    picture = draw_svg([drawn(*losses)], "E")
    for path in elements(picture, "path"):
        assert not re.search("nan|inf", path.attrib["d"])


def test_every_letter_stays_on_the_picture_and_none_lies_on_another() -> None:
    letters = "abcdefghijklmnopqrst"
    picture = draw_svg([drawn(0.0, 0.0 if k else -1.0, letter=name) for k, name in enumerate(letters)], "E")
    found = {e.text: float(e.attrib["y"]) for e in elements(picture, "text") if e.text and e.text in letters}
    assert set(found) == set(letters)
    heights = sorted(found.values())
    assert heights[0] >= 30 and min(b - a for a, b in pairwise(heights)) >= 12.9


def test_a_floor_is_a_line_with_its_number_where_it_has_a_place() -> None:
    assert "floor 0.00245" in texts(draw_svg([drawn(1.0, 0.1)], "E", 0.00245))
    assert "floor −0.5000" in texts(draw_svg([drawn(1.0, -0.4)], "E", -0.50001))
    for floor in (0.0, -inf, inf, None):
        assert not any(text.startswith("floor") for text in texts(draw_svg([drawn(1.0, 0.1)], "E", floor)))


def test_losses_that_are_no_numbers_for_long_have_one_mark_and_a_word() -> None:
    picture = draw_svg([drawn(4.0, *[nan] * 500)], "E")
    assert texts(picture).count("×") == 1 and any("not finite" in text for text in texts(picture))
    assert not any("not finite" in text for text in texts(draw_svg([drawn(4.0)], "E")))


def test_a_single_round_is_a_point() -> None:
    path = next(
        e.attrib["d"] for e in elements(draw_svg([drawn(1.0)], "E"), "path") if e.attrib.get("stroke-width") == "2"
    )
    assert re.fullmatch(r"M[\d.]+ [\d.]+h0", path)


def test_signs_that_xml_does_not_have_are_replaced() -> None:
    assert "a  \N{REPLACEMENT CHARACTER}1" in texts(draw_svg([drawn(1.0, name="\uffff1")], "E"))
