"""Keys that are typed ahead act in the order they were typed, on the screens that they were typed for."""

import random
from collections.abc import Callable, Sequence
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from textual import events
from textual.widgets import Input

from bptui.check.typed_values import ValueChecker
from bptui.lessons.lesson import format_lesson, load_lesson
from bptui.persistence.session_file import format_session
from bptui.session.session import Session
from bptui.ui.dialogs import lessons, session_file
from bptui.ui.dialogs.derivation import DerivationScreen
from bptui.ui.forms.setting_rows import SettingInput
from bptui.ui.screens.exercise import ExerciseScreen
from bptui.ui.screens.stepper import StepperScreen
from tests.effort import ALL, mostly
from tests.unbreakable import driving
from tests.unbreakable.driving import CTRL, DOWN, ENTER, ESCAPE, F1, F2, F3, F4, F7, F8, TAB, UP, Driven, driven

RIGHT, LEFT, SHIFT_TAB, DELETE = "\x1b[C", "\x1b[D", "\x1b[Z", "\x7f"
SIGNS = "nb.,<>f+-[]veijk/? 0123456789"  # not r: how far it runs depends on the time
OTHERS = (
    *(ENTER, TAB, SHIFT_TAB, UP, DOWN, LEFT, RIGHT, F1, F2, F3, F4, F7, F8, DELETE, CTRL["u"], CTRL["s"], CTRL["n"]),
    *(CTRL["z"], "\x1b[200~0.1 0.2\x1b[201~", ESCAPE, ESCAPE, ESCAPE, ESCAPE),
)
pytestmark = pytest.mark.usefixtures("torch_is_missing")


async def type_all(program: Driven, keys: Sequence[str], at_once: bool) -> None:
    """Type keys, each once the one before is done unless all at once."""
    for key in keys:
        program.type(key)
        if not at_once:
            await program.until_done()
    await program.until_done()


async def result_of(keys: Sequence[str], at_once: bool) -> tuple[str, list[str], str]:
    """Return the session after some keys, the screens that are open, and the text of the focused field."""
    async with driven() as program:
        await type_all(program, keys, at_once)
        field = program.app.focused
        screens = [type(screen).__name__ for screen in program.app.screen_stack]
        return format_session(program.session), screens, field.value if isinstance(field, Input) else ""


@pytest.mark.parametrize(
    ("keys", "round_"),
    {
        "a dialog that opens": (("g", "5", "0", "0", ENTER, " "), 501),
        "a dialog that closes": (("g", "7", ESCAPE, " ", " "), 3),
        "a field emptied": (("g", "1", "2", CTRL["u"], "5", ENTER), 5),
        "a dialog over a dialog": (("g", F1, ESCAPE, "9", ENTER), 9),
        "another lesson": ((" ", " ", "l", DOWN, ENTER, " "), 2),
    }.values(),
)
async def test_keys_typed_ahead_of_a_dialog_reach_it(keys: Sequence[str], round_: int) -> None:
    async with driven() as program:
        await type_all(program, keys, at_once=True)
        assert program.session.round == round_
        assert isinstance(program.app.screen, StepperScreen)


@pytest.mark.parametrize(
    ("keys", "title"),
    {
        "a lesson saved and opened": ((F4, CTRL["u"], *"mine", ENTER, CTRL["o"], *"mine.toml", ENTER, " "), "mine"),
        "a lesson of the folder": (("l", UP, UP, ENTER, " "), "a"),
        "printed values kept": (("c", F8, *"E = 0.3", CTRL["s"], ESCAPE, " "), "two-by-two"),
    }.values(),
)
async def test_keys_wait_for_what_the_one_before_them_reads_or_writes(
    keys: Sequence[str], title: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in "ab":
        (tmp_path / f"{name}.toml").write_text(format_lesson(load_lesson("relu")))
    for name in ("find_folder_lessons", "find_recent_lessons"):
        monkeypatch.setattr(lessons, name, _delay(getattr(lessons, name)))
    monkeypatch.setattr(session_file.OpenScreen, "act", _delay(session_file.OpenScreen.act))
    monkeypatch.setattr(ValueChecker, "check", _delay(ValueChecker.check))
    async with driven() as program:
        await type_all(program, keys, at_once=True)
        assert (program.session.lesson.name, program.session.round) == (title, 2)
        assert isinstance(program.app.screen, StepperScreen)


def _delay(work: Callable[..., Any]) -> Callable[..., Any]:
    """Let some work take longer than keys do."""

    def do_later(*words: Any) -> Any:
        sleep(0.03)
        return work(*words)

    return do_later


@pytest.mark.parametrize("forms", range(3))
async def test_enter_goes_into_nothing_as_soon_as_the_form_of_a_derivation_has_no_list(forms: int) -> None:
    async with driven() as program:
        await type_all(program, (ENTER, *"i" * forms, ENTER, ESCAPE), at_once=True)
        has_gone_into_a_line = isinstance(program.app.screen, DerivationScreen)
        assert has_gone_into_a_line == (forms < 2)  # letters, matrices, graph


async def test_what_is_typed_between_tabs_reaches_the_field_of_its_turn() -> None:
    async with driven() as program:
        await type_all(program, ("s", *"1, 2", TAB, *"0.5, 0.25", TAB, CTRL["u"], *"3", TAB), at_once=True)
        fields = [field.value for field in program.app.screen.query(SettingInput)]
        assert fields[:2] == ["1, 2", "0.5, 0.25"]
        assert "3" in fields


async def test_a_paste_keeps_its_place_among_keys() -> None:
    async with driven() as program:
        await type_all(program, ("g", "1", "\x1b[200~23\x1b[201~", "4", ENTER), at_once=True)
        await program.until("round 1,234", lambda: program.session.round == 1234)


@pytest.mark.parametrize("opening", ["g", CTRL["p"]], ids=["a round", "the palette"])
async def test_what_a_terminal_pastes_without_saying_so_changes_a_field_a_few_times_only(
    opening: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every change of the palette's field begins a search."""
    changes = list[str]()
    monkeypatch.setattr(Input, "_watch_value", lambda field, value: changes.append(value))
    async with driven() as program:
        await type_all(program, (opening, CTRL["u"]), at_once=False)
        changes.clear()
        program.type(("0123456789" * 50) + LEFT + "a")
        await program.until_done()
        assert changes[-1] == "0123456789" * 49 + "012345678a9"
        assert len(changes) < 80


async def test_a_matrix_that_a_terminal_pastes_without_saying_so_is_typed_a_few_times_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    typed, on_key = list[str](), ExerciseScreen.on_key

    def note(screen: ExerciseScreen, event: events.Key) -> None:
        typed.append("\r" if event.key == "enter" else event.character or "")
        on_key(screen, event)

    monkeypatch.setattr(ExerciseScreen, "on_key", note)
    pasted = "[[1 2]\r [3 4]]\r" * 50 + "9"
    async with driven() as program:
        await type_all(program, (CTRL["n"], *[TAB] * 7), at_once=False)
        typed.clear()
        program.type(pasted)
        await program.until_done()
        assert "".join(typed).replace("\n", "\r") == pasted and len(typed) < 80


async def test_keys_that_come_with_the_start_of_the_program_wait_for_its_screen() -> None:
    from tests.unbreakable.driving import StayingApp

    async with StayingApp(Session.open(load_lesson("two-by-two"))).run_test(size=(120, 36)) as pilot:
        program = Driven(pilot)
        await type_all(program, ("n", "n", "g", "9", ENTER, "n"), at_once=True)
        assert program.session.round == 10


@pytest.mark.parametrize("screen", mostly(("stepper", "settings", "exercise", "printed"), driving.SCREENS))
@pytest.mark.parametrize("seed", range(5 if ALL else 1))
async def test_random_keys_at_once_give_the_session_that_they_give_slowly(
    screen: str, seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = random.Random(f"{screen} {seed}")
    keys = [*driving.SCREENS[screen], *(chosen.choice((*SIGNS, *OTHERS)) for _ in range(200 if ALL else 40))]
    found = []
    for at_once in (True, False):
        folder = tmp_path / str(at_once)
        folder.mkdir()
        monkeypatch.chdir(folder)
        found.append(await result_of(keys, at_once))
    assert found[0] == found[1], keys
