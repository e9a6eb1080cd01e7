"""Keys are read as they were pressed, however quickly one follows another."""

import pytest
from textual import events
from textual.message import Message

from bptui.ui.drivers.input import InputReader


def keys_in(*reads: str) -> list[str]:
    found = list[Message]()
    reader = InputReader(found.append)
    for data in (*reads, ""):
        reader.feed(data.encode())
    return [event.key for event in found if isinstance(event, events.Key)]


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("\x1b.", ["escape", "full_stop"]),
        ("\x1b5", ["escape", "5"]),
        ("\x1b\r", ["escape", "enter"]),
        ("\x1b\x0e", ["escape", "ctrl+n"]),
        ("\x1b\x1b", ["escape", "escape"]),
        ("g5\x1b \x1b[B", ["g", "5", "escape", "space", "down"]),
        ("g9\x1bg8\x1b g6", ["g", "9", "escape", "g", "8", "escape", "space", "g", "6"]),
        ("\x1b[A\x1bOP\x1b[1;5D", ["up", "f1", "ctrl+left"]),
        ("\x1b\t\x1b\x7f\x1bb", ["shift+tab", "ctrl+w", "ctrl+left"]),  # codes that terminals have for these
    ],
)
def test_an_escape_right_before_another_key_is_a_key_unless_both_are_a_code(typed: str, keys: list[str]) -> None:
    assert keys_in(typed) == keys
    assert keys_in(typed[:1], typed[1:]) == keys


def test_a_code_that_cannot_be_read_takes_nothing_with_it() -> None:
    found = list[Message]()
    reader = InputReader(found.append)
    reader.feed(b"\x1b[48;0;0;0;0t\x1b[<35;5;5M\x1b[48;36;120;720;1200t\x1b[<35;1200;720Mn")
    *_, size, move, key = found
    assert isinstance(size, events.Resize) and size.size == (120, 36)
    assert isinstance(move, events.MouseMove) and (move.x, move.y) == (119, 35)
    assert isinstance(key, events.Key) and key.key == "n"


def test_of_moves_in_a_row_only_the_last_is_passed_on_and_clicks_stay_between_theirs() -> None:
    found = list[Message]()
    reader = InputReader(found.append)
    moves = "".join(f"\x1b[<35;{x};2M" for x in range(1, 60))
    reader.feed(f"{moves}\x1b[<0;60;2M{moves.replace('<35', '<32')}\x1b[<0;60;2m{moves}".encode())
    kinds = [type(event).__name__ for event in found]
    assert kinds == ["MouseMove", "MouseDown", "MouseMove", "MouseUp", "MouseMove"]
    assert [event.x for event in found if isinstance(event, events.MouseMove)] == [58, 58, 58]


def test_a_letter_with_alt_stays_one_where_an_action_has_such_a_key() -> None:
    found = list[Message]()
    reader = InputReader(found.append, has_alt=lambda: True)
    reader.feed(b"\x1bn\x1b.g")
    assert [event.key for event in found if isinstance(event, events.Key)][-3:] == ["escape", "full_stop", "g"]
