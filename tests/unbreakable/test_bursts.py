"""Keys that a real terminal sends in one piece, faster than screens open."""

import pytest

pytest.importorskip("pty", reason="pseudo-terminals are a POSIX thing")

from tests.unbreakable.conftest import Start


def test_keys_sent_in_one_piece_reach_the_dialogs_that_they_open(start: Start) -> None:
    terminal = start()
    for keys, text in (
        ("g500\r ", "round 501/1,000"),
        ("g\x15" + "12\x15" + "7\r", "round 7/1,000"),
        ("s\t\t\t\t\t\x1b[Z\x1b[Z\x1b[Z\x1b[Z\x1b[Z\x150.25, 0.5\x13", "round 1/1,000"),
        ("g3\r", "round 3/1,000"),
        ("aqpq.>g4\r", "round 4/1,000"),
        ("g9\x1bg8\x1b g6\r", "round 6/1,000"),  # an escape right before a letter, and before a space
    ):
        terminal.type(keys)
        terminal.until(text)
