"""The screens that the stepper opens: each by its key and by its name, loaded when it is opened and not before."""

from collections.abc import AsyncIterator
from threading import Event

import pytest
from textual.pilot import Pilot

from bptui.core.problem.spec import Spec
from bptui.lessons.lesson import load_lesson
from bptui.session.session import Session
from bptui.ui.app import BptuiApp
from bptui.ui.bindings import STEPPER_BINDINGS
from bptui.ui.forms.setting_rows import SettingRow
from bptui.ui.screens import stepper as stepper_screen
from bptui.ui.screens.screen_table import SCREENS
from tests.test_imports import modules_after
from tests.ui.seeing import session_of, stepper, until

KEYS = {one.action: one.key.partition(",")[0] for one in STEPPER_BINDINGS if one.action.startswith("open(")}
pytestmark = pytest.mark.usefixtures("torch_is_missing")


@pytest.fixture
async def pilot() -> AsyncIterator[Pilot[int]]:
    async with BptuiApp(Session.open(load_lesson("mazur-2015"))).run_test(size=(120, 36)) as pilot:
        yield pilot


def test_each_screen_has_a_key_and_each_key_a_screen() -> None:
    assert sorted(KEYS) == sorted(f"open('{name}')" for name in SCREENS)


@pytest.mark.parametrize("name", SCREENS)
async def test_a_key_opens_its_screen_which_leaves_all_as_it_was_when_it_hands_nothing_back(
    pilot: Pilot[int], name: str
) -> None:
    await until(pilot, "torch's state", lambda: session_of(pilot).torch.state == "unavailable")
    before = session_of(pilot)
    await pilot.press(KEYS[f"open('{name}')"])
    await until(pilot, name, lambda: pilot.app.screen is not stepper(pilot))
    pilot.app.screen.dismiss(None)
    await until(pilot, "the stepper", lambda: pilot.app.screen is stepper(pilot))
    assert session_of(pilot) is before


@pytest.mark.parametrize("word", ["step", "loss"])
async def test_settings_can_begin_with_any_of_them(pilot: Pilot[int], word: str) -> None:
    stepper(pilot).action_open("settings", word)

    def edited() -> list[str]:
        rows = pilot.app.screen.query(SettingRow)
        return [row.item.name for row in rows if pilot.app.focused in row.walk_children()]

    await until(pilot, "its field", lambda: edited() == [word])


@pytest.mark.parametrize("by_screen", [True, False])
async def test_a_large_problem_is_opened_once_it_is_compiled_and_keys_are_answered_meanwhile(
    pilot: Pilot[int], monkeypatch: pytest.MonkeyPatch, by_screen: bool
) -> None:
    lesson, begun, compiled = load_lesson("xor"), Event(), Event()

    def compile_ahead(spec: Spec) -> None:
        begun.set()
        assert compiled.wait(5.0)

    monkeypatch.setattr(stepper_screen, "is_large", lambda spec: spec == lesson.spec)
    monkeypatch.setattr(stepper_screen, "compile_ahead", compile_ahead)
    if by_screen:
        stepper(pilot).action_open("lessons")
        await until(pilot, "the lessons", lambda: pilot.app.screen is not stepper(pilot))
        pilot.app.screen.dismiss(lesson)
    else:
        stepper(pilot).open_lesson(lesson)
    await until(pilot, "the thread", lambda: begun.is_set() and pilot.app.screen is stepper(pilot))
    await pilot.press("space")
    await until(pilot, "round 2", lambda: stepper(pilot).frame.round == 2)
    assert session_of(pilot).lesson.name == "mazur-2015"
    compiled.set()
    await until(pilot, "the lesson", lambda: stepper(pilot).frame.spec == lesson.spec)
    assert [run.lesson.name for run in session_of(pilot).trainings] == ["mazur-2015", "xor"]


async def test_a_large_problem_that_the_program_starts_with_is_compiled_after_the_first_picture(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lesson, found = load_lesson("xor"), list[Spec]()
    monkeypatch.setattr(stepper_screen, "is_large", lambda spec: True)
    monkeypatch.setattr(stepper_screen, "compile_ahead", found.append)
    async with BptuiApp(Session.open(lesson)).run_test(size=(120, 36)) as pilot:
        await until(pilot, "the thread", lambda: found == [lesson.spec])


def test_the_stepper_loads_none_of_them() -> None:
    loaded = modules_after("import bptui.ui.app, bptui.ui.screens.stepper")
    assert not {name for name in loaded if name.startswith("bptui.ui.dialogs.")}
    assert {name for name in loaded if name.startswith("bptui.ui.screens.")} == {
        "bptui.ui.screens.opening",
        "bptui.ui.screens.screen_table",
        "bptui.ui.screens.stepper",
    }
