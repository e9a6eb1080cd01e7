"""The screens that the stepper opens: each by its key and by its name, loaded when it is opened and not before."""

from collections.abc import AsyncIterator

import pytest
from textual.pilot import Pilot

from bptui.lessons.lesson import load_lesson
from bptui.session.session import Session
from bptui.ui.app import BptuiApp
from bptui.ui.bindings import STEPPER_BINDINGS
from bptui.ui.dialogs.settings import SettingRow
from bptui.ui.screens.opening import SCREENS
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


def test_the_stepper_loads_none_of_them() -> None:
    loaded = modules_after("import bptui.ui.app, bptui.ui.screens.stepper")
    assert not {name for name in loaded if name.startswith("bptui.ui.dialogs.")}
    assert {name for name in loaded if name.startswith("bptui.ui.screens.")} == {
        "bptui.ui.screens.opening",
        "bptui.ui.screens.stepper",
    }
