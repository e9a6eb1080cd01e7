"""The palette has a command for whatever can be done: on every screen each key, on the stepper all else too."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from textual.app import SystemCommand
from textual.binding import Binding
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, Select

from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.kinds.setting_kinds import Choice
from bptui.core.problem.setting_names import name_setting
from bptui.core.problem.spec import list_settings
from bptui.lessons.lesson import load_bundled_lessons, load_lesson
from bptui.session.session import Session
from bptui.session.state import SPEEDS
from bptui.ui.app import BptuiApp
from bptui.ui.dialogs.settings import SettingsScreen
from bptui.ui.keymap import find_actions
from bptui.ui.screens.compare import CompareScreen
from bptui.ui.screens.stepper import StepperScreen
from bptui.ui.widgets.palette import Palette
from tests.ui.seeing import session_of, stepper, until

SCREENS = {
    "stepper": (),
    "boundary": ("d",),
    "check": ("c",),
    "compare": ("a",),
    "copy": ("ctrl+y",),
    "derivation": ("enter",),
    "exercise": ("ctrl+n",),
    "go to": ("g",),
    "help": ("question_mark",),
    "lessons": ("l",),
    "number": ("m",),
    "open": ("ctrl+o",),
    "pictures": ("P",),
    "practice": ("x",),
    "printed": ("f8",),
    "programs": ("p",),
    "rename": ("f2",),
    "report": ("h",),
    "save": ("ctrl+s",),
    "save lesson": ("f4",),
    "settings": ("s",),
    "sweep": ("w",),
}
UNASKED = {"broken", "unsaved", "file"}  # after a crash, and what saving and opening have in common

pytestmark = pytest.mark.usefixtures("torch_is_missing")


@pytest.fixture
async def pilot() -> AsyncIterator[Pilot[int]]:
    async with BptuiApp(Session.open(load_lesson("two-by-two"))).run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        yield pilot


def commands(pilot: Pilot[int]) -> dict[str, SystemCommand]:
    return {command.title: command for command in pilot.app.get_system_commands(pilot.app.screen)}


async def choose(pilot: Pilot[int], title: str) -> None:
    """Type a command's title in the palette, and take the first that is found."""
    await pilot.press("ctrl+p")
    assert isinstance(pilot.app.screen, Palette)
    pilot.app.screen.query_one(Input).value = title
    await until(pilot, title, lambda: title in _found(pilot))
    await pilot.press("enter")
    await pilot.pause()


def _found(pilot: Pilot[int]) -> str:
    screen = pilot.app.screen
    options = getattr(screen.query_one("CommandList"), "options", [])
    return str(options[0].prompt) if options else ""


def keys(screen: Screen[Any]) -> list[Binding]:
    nodes = [screen, *([screen.focused] if screen.focused else []), screen.app]
    own = [binding for node in nodes for binding in type(node).BINDINGS if isinstance(binding, Binding) and binding.id]
    return [one for one in own if screen.app._check_action_state(one.action, screen)]


def test_every_screen_is_looked_at() -> None:
    assert SCREENS.keys() | UNASKED == find_actions(BptuiApp).keys()


async def test_every_key_of_every_screen_is_a_command_there(pilot: Pilot[int]) -> None:
    for screen, pressed in SCREENS.items():
        await pilot.press(*pressed)
        await pilot.pause()
        titles = commands(pilot)
        wanted = {binding.description for binding in keys(pilot.app.screen) if binding.id != "palette"}
        assert wanted and wanted <= titles.keys(), screen
        while len(pilot.app.screen_stack) > 1:
            await pilot.press("escape")
            await pilot.pause()


async def test_every_lesson_and_every_setting_in_use_is_a_command_on_the_stepper(pilot: Pilot[int]) -> None:
    titles = commands(pilot).keys()
    assert {f"Lesson {lesson.name}" for lesson in load_bundled_lessons()} <= titles
    for item in list_settings():
        kind = item.metadata["kind"]
        names = kind.names if isinstance(kind, Choice) else ("…",)
        offered = {name for name in names if f"Set {name_setting(item.name, explained=True)}: {name}" in titles}
        impossible = {"softmax"} if item.name == "activation_hidden" else set()
        assert offered == (set() if item.name in session_of(pilot).spec.unused else {*names} - impossible)
    assert {f"Set gradient rule: {rule}" for rule in RULES} <= titles
    assert {f"Digits: {digits}" for digits in range(3, 18)} <= titles
    assert len([title for title in titles if title.startswith("Speed: ")]) == len(SPEEDS)
    assert {f"Theme: {theme}" for theme in pilot.app.available_themes} <= titles


async def test_no_two_commands_have_the_same_name(pilot: Pilot[int]) -> None:
    titles = [command.title for command in pilot.app.get_system_commands(pilot.app.screen)]
    assert len(set(titles)) == len(titles)


async def test_a_setting_with_names_is_changed_at_once(pilot: Pilot[int]) -> None:
    await choose(pilot, "Set gradient rule: weights forgotten")
    assert session_of(pilot).spec.gradient == "weights forgotten" and len(session_of(pilot).trainings) == 2
    await choose(pilot, "Set activation hidden: relu")
    assert session_of(pilot).spec.activation_hidden == "relu" and session_of(pilot).spec.gradient == "weights forgotten"
    await choose(pilot, "Set initialisation: he normal")
    assert session_of(pilot).spec.init == "he normal"


async def test_a_setting_that_cannot_be_as_chosen_is_told_and_nothing_is_changed(pilot: Pilot[int]) -> None:
    biased = replace(session_of(pilot).spec, biases_hidden=(0.1, 0.2))
    stepper(pilot).session = session_of(pilot).change(biased)
    await choose(pilot, "Set bias update: shared")
    assert session_of(pilot).spec == biased and "must be equal" in session_of(pilot).notice


@pytest.mark.parametrize(("title", "name"), [("Set learning rate η (step): …", "step"), ("Set weights: …", "weights")])
async def test_another_setting_opens_the_form_on_its_field(pilot: Pilot[int], title: str, name: str) -> None:
    await choose(pilot, title)
    screen = pilot.app.screen
    assert isinstance(screen, SettingsScreen)
    await until(pilot, "the field", lambda: screen.focused is not None and getattr(_row(screen), "item", None))
    await until(pilot, name, lambda: _row(screen).item.name == name)


def _row(screen: Screen[Any]) -> Any:
    assert isinstance(screen.focused, Input | Select)
    return next(node for node in screen.focused.ancestors if hasattr(node, "item"))


async def test_digits_speed_theme_and_lesson_are_chosen_by_name(pilot: Pilot[int]) -> None:
    await choose(pilot, "Digits: 12")
    await choose(pilot, "Speed: 1,000 per second")
    assert (session_of(pilot).digits, session_of(pilot).speed) == (12, 1000.0)
    await choose(pilot, "Theme: solarized-light")
    assert pilot.app.theme == "solarized-light"
    await choose(pilot, "Lesson relu")
    assert session_of(pilot).lesson.name == "relu"


async def test_a_command_of_another_screen_acts_there(pilot: Pilot[int]) -> None:
    await pilot.press("a")
    await choose(pilot, "Loss axis")
    assert isinstance(pilot.app.screen, CompareScreen) and not pilot.app.screen.view.log_loss
    await choose(pilot, "Close")
    assert isinstance(pilot.app.screen, StepperScreen)
