"""A crash in a real (pseudo-)terminal: what was not saved is kept, and the next start offers it."""

import os
import signal
from contextlib import suppress
from pathlib import Path
from time import monotonic

import pytest

pytest.importorskip("pty", reason="pseudo-terminals are a POSIX thing")

from tests.effort import mostly
from tests.terminal import QUIT, Terminal

ENDS = (signal.SIGKILL, None, signal.SIGHUP, signal.SIGTERM)


def started(**env: str) -> Terminal:
    terminal = Terminal(120, 36, env=env)
    terminal.until("round 1/1,000")
    return terminal


def with_another_lesson(terminal: Terminal, home: str) -> None:
    """Step, so that the first run stays, open another lesson, and wait until it is kept."""
    terminal.type(" l")
    terminal.until("Cancel")
    terminal.type("\x1b[B\r")
    terminal.until("NumPy by hand")
    end = monotonic() + 30.0
    while not kept_in(home):
        assert monotonic() < end, "it is never kept"
        terminal.read()


def kept_in(home: str) -> list[Path]:
    return list(Path(home).glob("state/bptui/unsaved-*.toml"))


def ended(terminal: Terminal) -> int:
    try:
        return terminal.end()
    finally:
        with suppress(OSError):
            os.close(terminal.screen)


@pytest.mark.parametrize("how", mostly(ENDS[:2], ENDS), ids=str)
def test_after_a_crash_the_next_start_offers_the_runs_and_after_a_quit_none(
    how: signal.Signals | None, home: str
) -> None:
    first = started()
    with_another_lesson(first, home)
    if how is None:  # the terminal is closed, as when a connection ends
        os.close(first.screen)
        assert os.waitpid(first.pid, 0)[1] != 0
    else:
        os.kill(first.pid, how)
        assert ended(first) != 0
    assert len(kept_in(home)) == 1
    second = started()
    second.until("unsaved session found")
    second.until("Last autosaved on")
    second.type("\r")
    second.until("not saved yet: press ctrl+s to save it")
    second.type("o")
    second.until("run 1 of 2: two-by-two")
    second.type(2 * QUIT)
    assert ended(second) == 0
    assert kept_in(home) == []
    third = started()
    third.type("n")
    third.until("0.218303")
    third.type(QUIT)
    assert ended(third) == 0


@pytest.mark.exhaustive
def test_two_programs_at_once_keep_their_own_and_offer_nothing_of_each_other(home: str) -> None:
    first = started()
    with_another_lesson(first, home)
    second = started()
    second.type("n")
    second.until("0.218303")
    second.type("l")
    second.until("Cancel")
    second.type("\r")
    end = monotonic() + 30.0
    while len(kept_in(home)) < 2:
        assert monotonic() < end, "it is never kept"
        second.read()
    second.type(QUIT)
    second.until("quit again")
    second.type(QUIT)
    assert ended(second) == 0
    assert len(kept_in(home)) == 1
    first.type(2 * QUIT)
    assert ended(first) == 0
    assert kept_in(home) == []


def test_where_no_folder_can_be_made_the_program_works_and_says_what_it_cannot_do() -> None:
    terminal = started(XDG_STATE_HOME="/dev/null/state")
    terminal.type("l")
    terminal.until("Cancel")
    terminal.type("\x1b[B\r")
    terminal.until("a crash would lose unsaved runs")
    terminal.type("n")
    terminal.until("round 2/")
    terminal.type(2 * QUIT)
    assert ended(terminal) == 0
