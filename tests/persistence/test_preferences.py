"""Preferences: read from the user's file as far as it is right, told what is wrong, and written back."""

import errno
from dataclasses import replace
from math import inf
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from bptui.core.problem.tables import UserError
from bptui.lessons.lesson import load_lesson
from bptui.persistence.key_faults import ScreenKeys
from bptui.persistence.preferences import (
    CONFIG_FILE,
    Preferences,
    PreferencesFile,
    load_preferences,
    parse_preferences,
    save_preferences,
)
from bptui.session.session import Session
from bptui.system import locking, writing
from bptui.system.folders import find_config_folder, find_state_folder
from bptui.system.locking import hold_lock

THEMES = ("textual-dark", "nord", "gruvbox")
KEYS = {"?": "question_mark", "esc": "escape"} | {key: key for key in ("n", "j", "k", "space", "escape", "f5")}
PLACES: ScreenKeys = {
    "stepper": {"next": ("space", "n"), "back": ("b",), "quit": ("ctrl+q",)},
    "dialog": {"leave": ("escape",), "quit": ("ctrl+q",)},
}


def key_of(word: str) -> str:
    if word not in KEYS:
        raise ValueError(f'"{word}" is no key')
    return KEYS[word]


def read(text: str) -> PreferencesFile:
    return parse_preferences(text, Path(CONFIG_FILE), THEMES, key_of)


def faults(found: PreferencesFile) -> list[str]:
    return str(found.error).replace(f"{CONFIG_FILE}: ", "").split("\n") if found.error else []


def written(text: str = "") -> Path:
    find_config_folder().mkdir(parents=True)
    (find_config_folder() / CONFIG_FILE).write_text(text)
    return find_config_folder() / CONFIG_FILE


def test_everything_that_can_be_preferred_is_read() -> None:
    found = read('theme = "nord"\ndigits = 12\nspeed = "flat out"\nlog_scale = true\n[keys]\nnext = "j, ?"\n')
    assert found.preferences == Preferences("nord", 12, inf, True, {"next": ("j", "question_mark")})
    assert found.error is None
    assert read("").preferences == Preferences()
    assert read("speed = 50").preferences.speed == 50.0


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("digits = 2", "digits: 2 must be a whole number from 3 to 17"),
        ('digits = "many"', 'digits: "many" must be a whole number from 3 to 17'),
        ("speed = 3", 'speed: 3 must be one of 1, 2, 5, 10, 20, 50, 100, 1000, 10000 or "flat out"'),
        ("speed = true", 'speed: true must be one of 1, 2, 5, 10, 20, 50, 100, 1000, 10000 or "flat out"'),
        ("speed = inf", 'speed: inf must be one of 1, 2, 5, 10, 20, 50, 100, 1000, 10000 or "flat out"'),
        ("log_scale = 1", "log_scale: 1 must be true or false"),
        ('theme = "nrod"', 'theme: "nrod" is not a theme; did you mean "nord"?'),
        ("theme = 7", "theme: 7 must be a name in quotes"),
        ("digit = 7", 'digit: unknown setting; did you mean "digits"?'),
        ("keys = 7", 'keys: must be a table of actions and their keys, such as next = "space,n"'),
        ("[keys]\nnext = 7", '[keys] next: 7 must be keys in quotes, such as "space,n"'),
        ('[keys]\nnext = ""', '[keys] next: "" must be keys in quotes, such as "space,n"'),
        ('[keys]\nnext = "n,hyper"', '[keys] next: "hyper" is no key'),
        ("theme =", "is not TOML: Invalid value (at end of document)"),
    ],
)
def test_what_is_wrong_is_told_in_the_words_of_the_file_and_the_rest_holds(text: str, fault: str) -> None:
    rest = "" if text == "theme =" else "digits = 9\n" if "digits" not in text else 'theme = "gruvbox"\n'
    found = read(rest + text)
    assert faults(found) == [fault]
    wanted = Preferences(digits=9) if "9" in rest else Preferences(theme="gruvbox") if rest else Preferences()
    assert found.preferences == wanted


@pytest.mark.parametrize(
    ("keys", "told", "left"),
    [
        ({"nxet": ("j",)}, ['[keys] nxet: unknown action; did you mean "next"?'], {}),
        ({"back": ("n",)}, ['[keys] back: n is also the key of "next" on the screen "stepper"'], {}),
        ({"back": ("n",), "next": ("j",)}, [], {"back": ("n",), "next": ("j",)}),
        (
            {"back": ("j",), "next": ("j",)},
            ['[keys] back: j is also the key of "next" on the screen "stepper"'],
            {"next": ("j",)},
        ),
        ({"leave": ("ctrl+q",)}, ['[keys] leave: ctrl+q is also the key of "quit" on the screen "dialog"'], {}),
        ({"leave": ("f5", "n")}, [], {"leave": ("f5", "n")}),
        (
            {"leave": ("n",)},
            ['[keys] leave: needs a key that does not type a character, such as f8, for the screen "dialog"'],
            {},
        ),
    ],
)
def test_keys_that_cannot_be_give_way_to_the_programs_own(
    keys: dict[str, tuple[str, ...]], told: list[str], left: dict[str, tuple[str, ...]]
) -> None:
    found = PreferencesFile(Path(CONFIG_FILE), Preferences(keys=keys)).check_keys(PLACES, lambda key: len(key) == 1)
    assert faults(found) == told
    assert found.preferences.keys == left


def test_a_key_that_falls_back_on_one_that_is_taken_by_then_makes_that_one_fall_back_too() -> None:
    keys = {"next": ("b",), "back": ("ctrl+q",)}
    found = PreferencesFile(Path(CONFIG_FILE), Preferences(keys=keys)).check_keys(PLACES, lambda key: len(key) == 1)
    assert found.preferences.keys == {} and len(faults(found)) == 2


def test_where_there_is_no_file_nothing_is_preferred_and_nothing_wrong() -> None:
    found = load_preferences(THEMES, key_of)
    assert (
        found == PreferencesFile(find_config_folder() / CONFIG_FILE, Preferences())
        and not find_config_folder().exists()
    )


@pytest.mark.parametrize("spoil", ["bytes", "folder", "size"])
def test_a_file_that_cannot_be_read_is_a_fault_like_another(spoil: str) -> None:
    path = written()
    if spoil == "bytes":
        path.write_bytes(b"theme = '\xff'")
    elif spoil == "size":
        path.write_text("# " + 200_000 * "x")
    else:
        path.unlink()
        path.mkdir()
    found = load_preferences(THEMES, key_of)
    assert found.preferences == Preferences() and len(faults(found)) == 1


def test_without_a_home_nothing_is_preferred_and_nothing_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "bptui.persistence.preferences.find_config_folder",
        lambda: (_ for _ in ()).throw(UserError("no home folder found")),
    )
    assert load_preferences(THEMES, key_of).preferences == Preferences()


def test_what_was_set_otherwise_is_written_and_read_back_with_the_users_comments() -> None:
    path = written('# mine\ntheme = "nord" # cold\n[keys]\nnext = "j"\n')
    found = load_preferences(THEMES, key_of)
    save_preferences(found, replace(found.preferences, theme="gruvbox", digits=9, speed=inf, log_scale=True))
    assert path.read_text() == (
        '# mine\ntheme = "gruvbox" # cold\ndigits = 9\nspeed = "flat out"\nlog_scale = true\n[keys]\nnext = "j"\n'
    )
    assert load_preferences(THEMES, key_of).preferences == Preferences("gruvbox", 9, inf, True, {"next": ("j",)})


def test_where_nothing_was_set_otherwise_nothing_is_written() -> None:
    save_preferences(load_preferences(THEMES, key_of), Preferences())
    assert not find_config_folder().exists()


def test_the_first_thing_that_is_set_makes_the_file() -> None:
    save_preferences(load_preferences(THEMES, key_of), Preferences(speed=20.0))
    assert (find_config_folder() / CONFIG_FILE).read_text() == "speed = 20\n"


@pytest.mark.parametrize("text", ["digits = 99\n", "digits =\n"])
def test_a_faulty_file_is_left_alone(text: str) -> None:
    path = written(text)
    found = load_preferences(THEMES, key_of)
    save_preferences(found, replace(found.preferences, theme="nord"))
    assert path.read_text() == text


def test_what_another_program_has_written_meanwhile_stays() -> None:
    first, second = load_preferences(THEMES, key_of), load_preferences(THEMES, key_of)
    save_preferences(first, Preferences(theme="nord"))
    save_preferences(second, Preferences(digits=9))
    assert load_preferences(THEMES, key_of).preferences == Preferences(theme="nord", digits=9)


def test_of_two_programs_that_write_at_the_same_moment_neither_loses_what_it_has_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(locking, "PATIENCE", 60.0)
    file = written()
    one, other = (PreferencesFile(file, Preferences()) for _ in range(2))
    others = Thread(target=save_preferences, args=(other, Preferences(digits=9)))
    write = writing.write_file

    def write_after_the_other(*arguments: Any, **options: Any) -> None:
        if not others.ident:
            others.start()
            others.join(0.1)  # it has written by then, unless it waits
        write(*arguments, **options)

    monkeypatch.setattr(writing, "write_file", write_after_the_other)
    save_preferences(one, Preferences(theme="nord"))
    others.join()
    assert read(file.read_text()).preferences == Preferences("nord", 9)


def test_a_program_that_never_lets_go_of_the_lock_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "PATIENCE", 0.05)
    file = written()
    with hold_lock(find_state_folder() / "preferences.lock"):
        save_preferences(PreferencesFile(file, Preferences()), Preferences(digits=9))
    assert read(file.read_text()).preferences == Preferences(digits=9)


def test_where_there_are_no_locks_it_is_written_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    fcntl = pytest.importorskip("fcntl", reason="how other systems lock is not replaced")

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    monkeypatch.setattr(locking, "sleep", lambda _: pytest.fail("it waits"))
    file = written()
    save_preferences(PreferencesFile(file, Preferences()), Preferences(digits=9))
    assert read(file.read_text()).preferences == Preferences(digits=9)


def test_a_file_that_has_become_faulty_meanwhile_is_left_alone_and_that_is_told() -> None:
    found = load_preferences(THEMES, key_of)
    path = written("digits =\n")
    with pytest.raises(UserError, match="is not TOML"):
        save_preferences(found, Preferences(theme="nord"))
    assert path.read_text() == "digits =\n"


def test_a_folder_that_cannot_be_made_is_told_in_one_line() -> None:
    find_config_folder().parent.mkdir(parents=True)
    find_config_folder().write_text("")
    with pytest.raises(UserError, match="cannot be"):
        save_preferences(load_preferences(THEMES, key_of), Preferences(theme="nord"))


def test_a_sitting_begins_with_what_is_preferred_and_leaves_what_was_set_in_it() -> None:
    session = Preferences(digits=9, speed=50.0, log_scale=True).apply(Session.open(load_lesson("two-by-two")))
    assert (session.digits, session.speed, session.log_scale) == (9, 50.0, True)
    after = Preferences().after(session.faster().switch_scale(), "nord")
    assert after == Preferences(theme="nord", digits=9, speed=100.0, log_scale=False)


def test_a_sitting_from_a_file_keeps_its_own_speed_and_scale_which_are_not_remembered() -> None:
    session = replace(Session.open(load_lesson("two-by-two")), file="it", speed=2.0)
    shown = Preferences(digits=9, speed=50.0, log_scale=True).apply(session)
    assert (shown.digits, shown.speed, shown.log_scale) == (9, 2.0, False)
    assert Preferences(speed=50.0).after(replace(shown, digits=4), "").speed == 50.0
