"""A screen is left once, and with all its work, however late a key or an answer comes."""

import asyncio
import gc
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from warnings import catch_warnings, simplefilter

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList

from bptui.lessons.lesson import load_lesson
from bptui.session.session import Session
from bptui.ui.app import BptuiApp
from bptui.ui.dialogs.derivation import DerivationScreen
from bptui.ui.dialogs.go_to import GoToScreen
from bptui.ui.dialogs.session_file import SaveScreen
from bptui.ui.panels.derivation import DerivationPage
from bptui.ui.screens.stepper import StepperScreen
from bptui.ui.widgets.choices import Choices
from bptui.ui.widgets.dismiss_once import DismissOnce, start_work

pytestmark = pytest.mark.usefixtures("in_a_folder_of_its_own")


@pytest.fixture
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, torch_is_missing: None) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
async def pilot() -> AsyncIterator[Pilot[int]]:
    async with BptuiApp(Session.open(load_lesson("two-by-two"))).run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        yield pilot


def left_open(pilot: Pilot[int]) -> DismissOnce[object]:
    screen = pilot.app.screen
    assert isinstance(screen, DismissOnce)
    return screen


async def test_a_screen_has_the_classes_of_its_size_before_it_has_widgets(pilot: Pilot[int]) -> None:
    """Otherwise all of these would be styled twice."""
    found = list[frozenset[str]]()

    class Noting(DismissOnce[None], ModalScreen[None]):
        def compose(self) -> ComposeResult:
            found.append(self.classes)
            yield Input()

    await pilot.app.push_screen(Noting())
    await pilot.pause()
    assert found == [pilot.app.screen.classes]
    assert found[0] >= {"-narrow", "-high"}


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


async def test_what_was_to_be_done_once_all_is_painted_is_not_done_for_a_screen_that_was_left(
    pilot: Pilot[int],
) -> None:
    done: list[str] = []
    await pilot.press("f1")
    screen = left_open(pilot)
    screen.call_after_refresh(done.append, "there")
    await pilot.pause()
    screen.call_after_refresh(done.append, "left")
    screen.dismiss(None)
    await pilot.pause()
    assert isinstance(pilot.app.screen, StepperScreen) and done == ["there"]


async def test_a_screen_that_is_left_before_it_opens_shows_nothing(pilot: Pilot[int]) -> None:
    opened: list[str] = []

    class Late(DismissOnce[None], ModalScreen[None]):
        def on_mount(self) -> None:
            opened.append("late")

    screen = Late()
    pilot.app.push_screen(screen)
    screen.dismiss(None)  # as by a second f1, before the first has opened help
    await pilot.pause()
    assert isinstance(pilot.app.screen, StepperScreen) and not opened


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


async def test_leaving_the_program_while_a_screen_opens_is_no_crash(pilot: Pilot[int]) -> None:
    pilot.app.screen.run_worker(pilot.app.run_action("screen.derivation"))
    pilot.app.exit(0)
    assert pilot.app._task is not None
    await asyncio.wait({pilot.app._task}, timeout=10)
    assert pilot.app._exception is None


async def test_the_program_is_left_at_once_unless_there_are_runs_that_no_file_holds(pilot: Pilot[int]) -> None:
    await pilot.press("space", "ctrl+q")
    assert not pilot.app.is_running


async def test_runs_that_no_file_holds_are_left_by_a_second_press_soon_after_only(
    pilot: Pilot[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("bptui.ui.app.monotonic", lambda: now[0])
    stepper = pilot.app.screen
    assert isinstance(stepper, StepperScreen)
    stepper.session = stepper.session.change(load_lesson("relu").spec)
    await pilot.press("ctrl+q")
    assert pilot.app.is_running
    assert [told.message for told in pilot.app._notifications] == [
        "the runs of this session are not saved; quit again to discard them"
    ]
    now[0] += 9.0
    await pilot.press("ctrl+q")
    assert pilot.app.is_running
    now[0] += 7.0
    await pilot.press("ctrl+q")
    assert not pilot.app.is_running


async def test_a_choice_that_comes_late_is_not_taken_for_one_of_another_list(pilot: Pilot[int]) -> None:
    await pilot.press("enter")
    screen = pilot.app.screen
    entries = screen.query_one(OptionList)
    late = OptionList.OptionSelected(entries, entries.get_option_at_index(entries.option_count - 1), 99)
    await pilot.press("enter")
    screen.post_message(late)
    await pilot.pause()
    assert screen.is_current and isinstance(screen, DerivationScreen)
    assert str(screen.query_one(DerivationPage).border_title).endswith(": w1 › δ_h1")


async def test_a_page_key_in_a_list_that_has_not_been_drawn_does_nothing(pilot: Pilot[int]) -> None:
    choices = Choices(*map(str, range(50)))
    await pilot.app.screen.mount(choices)
    choices.highlighted = 7
    choices._clear_caches()  # as before it is drawn
    choices.action_page_down()
    choices.action_page_up()
    assert choices.highlighted == 7


@pytest.mark.parametrize("keys", [("plus", "r"), ("g", *"9000000", "enter")])
async def test_escape_stops_running_and_going_far(pilot: Pilot[int], keys: tuple[str, ...]) -> None:
    stepper = pilot.app.screen
    assert isinstance(stepper, StepperScreen)
    await pilot.press(*keys)
    assert stepper.session.goal is not None
    await pilot.press("escape")
    assert stepper.session.goal is None and "stopped at round" in stepper.session.notice


async def test_work_that_is_stopped_before_its_first_step_never_begins() -> None:
    begun: list[int] = []

    async def work(number: int) -> None:
        begun.append(number)

    async with App[None]().run_test() as pilot:
        screen = GoToScreen(1, 10)
        await pilot.app.push_screen(screen)
        start_work(screen, partial(work, 1), "one")
        screen.workers.cancel_group(screen, "one")
        start_work(screen, partial(work, 2), "two")
        await pilot.pause()
        start_work(screen, partial(work, 3), "three")
        screen.dismiss(None)
        await pilot.pause()
    assert begun == [2]


async def test_of_work_that_never_begins_python_has_nothing_to_complain() -> None:
    app = BptuiApp(Session.open(load_lesson("two-by-two")))
    with catch_warnings(record=True) as complaints:
        simplefilter("always")
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            app._when_painted()
            app.get_default_screen()._talk_to_torch()
            assert app._preferences is not None
            app._preferences._write_soon(app, lambda: app.last_session)
            app.workers.cancel_all()  # as when the program is left before any of it could begin
        gc.collect()
    assert not [str(complaint.message) for complaint in complaints]
