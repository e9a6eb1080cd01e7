"""What panels have painted, piece by piece, is what they would paint if all of it were painted anew."""

from collections.abc import AsyncIterator

import pytest
from rich.segment import Segment
from textual.geometry import Region
from textual.pilot import Pilot

from bptui.lessons.lesson import load_lesson
from bptui.session.session import Session
from bptui.ui.app import BptuiApp
from bptui.ui.textual_private import render_rows
from bptui.ui.widgets.panel import Panel

KEYS = ["n", "n", "down", "right", "f", "full_stop", "full_stop", "end", "b", "e", "home", "greater_than_sign", "up"]


@pytest.fixture(params=[("two-by-two", (120, 36)), ("mazur-2015", (80, 24)), ("random-weights", (200, 60))], ids=str)
async def pilot(request: pytest.FixtureRequest, torch_is_missing: None) -> AsyncIterator[Pilot[int]]:
    lesson, size = request.param
    async with BptuiApp(Session.open(load_lesson(lesson))).run_test(size=size) as pilot:
        await pilot.pause(0.2)
        yield pilot


def painted(pilot: Pilot[int]) -> list[list[Segment]]:
    strips = render_rows(pilot.app.screen)
    return [list(Segment.simplify(segment for segment in strip if segment.text)) for strip in strips]


async def anew(pilot: Pilot[int]) -> list[list[Segment]]:
    for panel in pilot.app.screen.query(Panel):
        panel.refresh()
    await pilot.pause()
    return painted(pilot)


async def test_after_any_keys(pilot: Pilot[int]) -> None:
    for key in KEYS:
        await pilot.press(key)
        await pilot.pause()
        assert painted(pilot) == await anew(pilot), key


async def test_after_another_theme_and_size(pilot: Pilot[int]) -> None:
    before = painted(pilot)
    pilot.app.theme = "textual-light"
    await pilot.pause()
    assert painted(pilot) == await anew(pilot) != before
    await pilot.resize_terminal(100, 30)
    await pilot.pause()
    await pilot.press("n")
    assert painted(pilot) == await anew(pilot)


async def test_a_line_ends_where_its_panel_does(pilot: Pilot[int]) -> None:
    for panel in pilot.app.screen.query(Panel):
        width, height = panel.outer_size
        assert [strip.cell_length for strip in panel.render_lines(panel.outer_size.region)] == [width] * height
        assert all(
            sum(segment.cell_length for segment in strip) == width
            for strip in panel.render_lines(panel.outer_size.region)
        )


async def test_what_is_asked_for_beyond_a_panel_is_blank(pilot: Pilot[int]) -> None:
    for panel in pilot.app.screen.query(Panel):
        width, height = panel.outer_size
        within = panel.render_lines(Region(0, 0, width, height))
        beyond = panel.render_lines(Region(0, 0, width + 7, height + 5))
        assert [strip.cell_length for strip in beyond] == [width + 7] * (height + 5)
        assert [strip.text.rstrip() for strip in beyond] == [strip.text.rstrip() for strip in within] + [""] * 5
        assert [strip.text for strip in panel.render_lines(Region(2, height + 1, 3, 2))] == ["   "] * 2
