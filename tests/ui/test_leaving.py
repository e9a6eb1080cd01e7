"""A screen is left once, and with all its work, however late a key or an answer comes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from bptui import lessons
from bptui.second_opinion import Child, Unavailable
from bptui.session import Session
from bptui.ui.app import BptuiApp
from bptui.ui.leaving import Leaving
from bptui.ui.screens.go_to import GoToScreen
from bptui.ui.screens.sitting import SaveScreen
from bptui.ui.screens.stepper import StepperScreen

pytestmark = pytest.mark.usefixtures("in_a_folder_of_its_own")


@pytest.fixture
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def start(self: Child) -> None:
        raise Unavailable("torch is not installed")

    monkeypatch.setattr(Child, "start", start)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
async def pilot() -> AsyncIterator[Pilot[int]]:
    async with BptuiApp(Session.open(lessons.load("two-by-two"))).run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        yield pilot


def left_open(pilot: Pilot[int]) -> Leaving[object]:
    screen = pilot.app.screen
    assert isinstance(screen, Leaving)
    return screen


async def test_a_screen_that_is_left_twice_leaves_the_one_below_it(pilot: Pilot[int]) -> None:
    await pilot.press("g")
    screen = left_open(pilot)
    screen.dismiss(7)
    screen.dismiss(8)
    await pilot.pause()
    assert isinstance(pilot.app.screen, StepperScreen) and pilot.app.screen.session.round == 7


async def test_an_answer_under_the_palette_takes_the_palette_away_too(pilot: Pilot[int]) -> None:
    await pilot.press("g")
    screen = left_open(pilot)
    await pilot.press("ctrl+p")
    assert pilot.app.screen is not screen
    screen.dismiss(7)
    await pilot.pause()
    assert isinstance(pilot.app.screen, StepperScreen) and pilot.app.screen.session.round == 7
    await pilot.press("g")
    assert isinstance(pilot.app.screen, GoToScreen)


@pytest.mark.parametrize("key", ["h", "ctrl+s"])
async def test_escape_right_after_enter_leaves_nothing_at_work(pilot: Pilot[int], key: str) -> None:
    await pilot.press(key)
    screen = left_open(pilot)
    field = screen.query_one(Input)
    screen.dismiss(None)
    screen.post_message(Input.Submitted(field, "late"))  # what enter had sent just before
    await pilot.pause()
    assert isinstance(pilot.app.screen, StepperScreen)
    assert not Path("late").exists()


async def test_two_quick_escapes_leave_one_screen(pilot: Pilot[int]) -> None:
    await pilot.press("ctrl+s")
    assert isinstance(pilot.app.screen, SaveScreen)
    for _ in range(3):
        pilot.app.post_message(events.Key("escape", None))
    await pilot.pause()
    assert isinstance(pilot.app.screen, StepperScreen)
