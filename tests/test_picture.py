"""The SVG picture of loss curves: well-formed, self-contained, and true to the losses."""

import re
from math import inf, nan
from xml.etree import ElementTree

import numpy as np
import pytest

from bptui.picture import Drawn, svg

_SVG = "{http://www.w3.org/2000/svg}"


def drawn(*losses: float, letter: str = "a", name: str = "one") -> Drawn:
    return Drawn(letter, name, np.array(losses))


def elements(text: str, tag: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(text).iter(_SVG + tag))


def texts(text: str) -> list[str]:
    return [element.text or "" for element in elements(text, "text")]


def test_names_and_measures_are_shown_as_they_are_and_never_as_markup() -> None:
    picture = svg([drawn(2.0, 1.0, name="<b>&\"x'")], "E, a < b & c")
    assert "a  <b>&\"x'" in texts(picture)
    assert any(text.startswith("E, a < b & c") for text in texts(picture))
    assert "<b>" not in picture


def test_the_curve_goes_through_its_losses_from_left_to_right() -> None:
    picture = svg([drawn(4.0, 3.0, 2.0, 1.0)], "E")
    path = next(e.attrib["d"] for e in elements(picture, "path") if e.attrib.get("stroke-width") == "2")
    points = [tuple(map(float, point.split())) for point in re.findall(r"[ML]([\d.]+ [\d.]+)", path)]
    assert len(points) == 4
    assert points == sorted(points, key=lambda point: point[0]) == sorted(points, key=lambda point: point[1])


@pytest.mark.parametrize("gap", [nan, inf, -inf])
def test_a_loss_without_a_place_is_a_gap_with_a_mark(gap: float) -> None:
    picture = svg([drawn(4.0, gap, 2.0, 1.0)], "E")
    path = next(e.attrib["d"] for e in elements(picture, "path") if e.attrib.get("stroke-width") == "2")
    assert path.count("M") == 2 and "nan" not in picture.replace("nan-", "") and "inf" not in path
    assert texts(picture).count("×") == 1


def test_losses_below_0_are_drawn_on_a_linear_axis() -> None:
    assert any("E, logarithmic" in text for text in texts(svg([drawn(1.0, 0.1)], "E")))
    below = svg([drawn(1.0, -0.5)], "E")
    assert "E" in texts(below) and "×" not in texts(below)


def test_curves_differ_by_more_than_their_colour() -> None:
    picture = svg([drawn(float(9 - k), 1.0, letter=str(k)) for k in range(8)], "E")
    looks = [
        (e.attrib["stroke"], e.attrib.get("stroke-dasharray"))
        for e in elements(picture, "path")
        if e.attrib.get("stroke-width") == "2"
    ]
    assert len(set(looks)) == 8 and len({dash for _, dash in looks[:6]}) == 6


@pytest.mark.parametrize("losses", [(1.0,), (nan, nan), (0.0, 0.0), (1e308, -1e308), (5e-324, 1e308)])
def test_any_losses_make_a_picture(losses: tuple[float, ...]) -> None:
    picture = svg([drawn(*losses)], "E")
    for path in elements(picture, "path"):
        assert not re.search("nan|inf", path.attrib["d"])
