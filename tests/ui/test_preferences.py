"""Preferences in the program: it begins with them, tells what is wrong with them, and remembers what is set."""

from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from bptui.lessons.lesson import load_lesson
from bptui.persistence.preferences import CONFIG_FILE, PreferencesFile, load_preferences
from bptui.session.session import Session
from bptui.system.folders import find_config_folder, find_state_folder
from bptui.ui import preferences
from bptui.ui.app import BptuiApp
from bptui.ui.keymap import find_actions, is_typed, parse_key
from bptui.ui.preferences import GREETING
from bptui.ui.textual_private import FooterKey, render_rows
from tests.ui.seeing import session_of, stepper, until
from tests.ui.test_copying import told

pytestmark = pytest.mark.usefixtures("torch_is_missing")


def app(preferences: str | None = None) -> BptuiApp:
    if preferences is not None:
        find_config_folder().mkdir(parents=True)
        (find_config_folder() / CONFIG_FILE).write_text(preferences)
    return BptuiApp(Session.open(load_lesson("two-by-two")))


def file() -> str:
    path = find_config_folder() / CONFIG_FILE
    return path.read_text() if path.exists() else ""


def footer(pilot: Pilot[int]) -> dict[str, str]:
    return {key.description: key.key_display for key in pilot.app.screen.query(FooterKey)}


async def test_the_first_picture_has_the_theme_and_all_else_that_is_preferred() -> None:
    async with app('theme = "nord"\ndigits = 9\nspeed = 50\nlog_scale = true\n').run_test(size=(120, 36)) as pilot:
        session = session_of(pilot)
        assert (pilot.app.theme, session.digits, session.speed, session.log_scale) == ("nord", 9, 50.0, True)
        assert pilot.app.screen.styles.background.hex.lower() == "#2e3440"


async def test_the_first_picture_does_not_wait_for_a_slow_disk_and_what_was_set_meanwhile_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers, load = Event(), load_preferences

    def load_slowly(*arguments: Any) -> PreferencesFile:
        answers.wait(10.0)
        return load(*arguments)

    monkeypatch.setattr(preferences, "load_preferences", load_slowly)
    monkeypatch.setattr(preferences, "_PATIENCE", 0.01, raising=False)
    text = 'theme = "nord"\ndigits = 9\nspeed = 50\n[keys]\nnext = "j"\n'
    async with app(text).run_test(size=(120, 36)) as pilot:
        assert not answers.is_set() and pilot.app.theme != "nord"
        await pilot.press("space", "+")
        chosen = session_of(pilot).speed
        pilot.app.end(0)  # type: ignore[attr-defined]
        assert file() == text  # which is not known yet
        answers.set()
        await until(pilot, "the theme", lambda: pilot.app.theme == "nord")
        await pilot.press("j")
        session = session_of(pilot)
        assert (session.round, session.digits, session.speed) == (3, 9, chosen)
        pilot.app.end(0)  # type: ignore[attr-defined]
    assert file() == text.replace("speed = 50", f"speed = {chosen:g}")


async def test_remapped_keys_do_what_they_are_mapped_to_and_footer_and_help_name_them() -> None:
    keys = '[keys]\nnext = "j,U"\nfaster = "ctrl+f"\nhelp = "f5"\nback = "space"\npalette = "f9"\n'
    async with app(keys).run_test(size=(120, 36), notifications=True) as pilot:
        await pilot.pause()
        await pilot.press("j", "U", "n", "j", "space")
        assert session_of(pilot).round == 3 and not told(pilot)
        assert (footer(pilot)["Next"], footer(pilot)["Help"]) == ("j", "f5")
        await pilot.press("f5", "home")
        await pilot.pause()
        text = str(pilot.app.screen.query_one("#help-page", Static).render())
        assert "j U" in text and "ctrl+f" in text and "show the next round" in text
        await pilot.press("f5", "f9")  # the key of help closes it, too
        assert len(pilot.app.screen_stack) == 2


async def test_a_faulty_file_is_told_at_once_and_what_is_right_in_it_holds() -> None:
    text = 'theme = "nord"\ndigits = 99\n[keys]\nnext = "j"\nback = "j"\nnxet = "k"\nlast = "hyperspace"\n'
    async with app(text).run_test(size=(120, 36), notifications=True) as pilot:
        await until(pilot, "the faults", lambda: told(pilot))
        assert told(pilot)[0].splitlines() == [
            "digits: 99 must be a whole number from 3 to 17",
            '[keys] last: "hyperspace" is not a key; did you mean "space"?',
            '[keys] nxet: unknown action; did you mean "next"?',
            '[keys] back: j is also the key of "next" on the screen "stepper"',
        ]
        await pilot.press("j", "j", "b")
        assert (pilot.app.theme, session_of(pilot).round) == ("nord", 2)
        pilot.app.theme = "gruvbox"
        await pilot.pause()
        pilot.app.end(0)  # type: ignore[attr-defined]
    assert file() == text


async def test_a_long_list_of_faults_is_told_in_part() -> None:
    text = "".join(f"x{number} = 1\n" for number in range(9))
    async with app(text).run_test(size=(120, 36), notifications=True) as pilot:
        await until(pilot, "the faults", lambda: told(pilot))
        assert told(pilot)[0].splitlines()[-1] == "and 4 more: run `bptui config` to see all"


async def test_a_theme_is_remembered_as_soon_as_it_is_chosen() -> None:
    async with app().run_test(size=(120, 36)) as pilot:
        await until(pilot, "the look around", lambda: pilot.app.theme_changed_signal._subscriptions)
        pilot.app.theme = "solarized-light"
        await until(pilot, "the file", file)
    assert file() == 'theme = "solarized-light"\n'


async def test_a_theme_that_is_taken_back_is_the_one_before() -> None:
    async with app().run_test(size=(120, 36)) as pilot:
        await until(pilot, "the look around", lambda: pilot.app.theme_changed_signal._subscriptions)
        first = pilot.app.theme
        pilot.app.theme = "dracula"
        await until(pilot, "the file", file)
        pilot.app.theme = first
        await until(pilot, "the file with the first", lambda: file() == f'theme = "{first}"\n')
    assert app().theme == first


async def test_digits_and_speed_are_remembered_at_the_end_and_nothing_else() -> None:
    program = app()
    async with program.run_test(size=(120, 36)) as pilot:
        await pilot.press("plus", "e")
        stepper(pilot).session = session_of(pilot).show_digits(9)
        await pilot.press("c")
    program.end(0)
    assert file() == "digits = 9\nspeed = 20\nlog_scale = true\n"
    assert app()._preferences.session.digits == 9


async def test_where_nothing_was_set_no_file_is_made() -> None:
    program = app()
    async with program.run_test(size=(120, 36)) as pilot:
        await pilot.press("space")
    program.end(0)
    assert not find_config_folder().exists()


async def test_a_folder_that_cannot_be_written_ends_nothing_and_is_told_once() -> None:
    find_config_folder().parent.mkdir(parents=True)
    find_config_folder().write_text("")
    program = app()
    async with program.run_test(size=(120, 36), notifications=True) as pilot:
        await pilot.pause()
        for theme in ("nord", "gruvbox"):
            pilot.app.theme = theme
            await until(pilot, "a word", lambda: told(pilot))
        assert len(told(pilot)) == 1 and told(pilot)[0].startswith("the theme cannot be saved: ")
    program.end(0)


async def test_the_first_start_says_what_to_press_and_no_later_one_does() -> None:
    program = app()
    async with program.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        first = "".join(segment.text for segment in render_rows(pilot.app.screen)[0])
        assert GREETING in first
        await pilot.press("space")
        assert not session_of(pilot).notice
    program.end(0)
    assert find_state_folder().exists() and not app()._preferences.session.notice


def test_one_who_has_a_file_of_preferences_is_not_greeted() -> None:
    assert not app("")._preferences.session.notice and not Path(find_state_folder()).exists()


def test_no_two_actions_of_a_screen_share_a_key_and_every_action_has_a_name() -> None:
    for screen, there in find_actions(BptuiApp).items():
        keys = [key for of in there.values() for key in of]
        assert len(set(keys)) == len(keys), screen


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("?", "question_mark"),
        ("+", "plus"),
        ("ctrl++", "ctrl+plus"),
        ("esc", "escape"),
        ("pgdn", "pagedown"),
        ("G", "G"),
    ],
)
def test_a_key_is_known_by_its_sign_and_by_what_the_footer_shows(word: str, name: str) -> None:
    assert parse_key(word) == name == parse_key(name)


@pytest.mark.parametrize("word", ["", "spce", "ctrl+", "page down", "aa", "F1", "Space", "ctrl+Space"])
def test_what_is_no_key_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="is not a key"):
        parse_key(word)


def test_signs_are_told_from_keys_that_type_nothing() -> None:
    assert all(map(is_typed, ("a", "?", "plus", "question_mark", "space", "ü")))
    assert not any(map(is_typed, ("escape", "f1", "ctrl+a", "enter", "up", "tab", "delete")))
