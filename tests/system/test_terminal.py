"""The program in a real (pseudo-)terminal: it opens, answers keys, and leaves the terminal as it found it."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

pytest.importorskip("pty", reason="pseudo-terminals are a POSIX thing")

import os
import termios

from bptui.core.engines.engine import NumpyEngine
from bptui.core.problem.initialisation import make_initial_parameters
from bptui.lessons.lesson import load_lesson
from tests.terminal import QUIT, Terminal


@pytest.fixture(params=[(120, 36), (80, 24)], ids=["120x36", "80x24"])
def terminal(request: pytest.FixtureRequest) -> Iterator[Terminal]:
    terminal = Terminal(*request.param)
    yield terminal
    with suppress(OSError):
        os.close(terminal.screen)


def test_it_opens_steps_goes_to_a_round_and_quits_leaving_the_terminal_as_it_was(terminal: Terminal) -> None:
    before = termios.tcgetattr(terminal.screen)
    terminal.until("0.208421")  # w1 after round 1
    terminal.type("n")
    terminal.until("0.218303")
    terminal.type("g")
    terminal.until("go to round")
    terminal.type("1000\r")
    terminal.until("-4.27409")
    terminal.type(QUIT)
    assert terminal.end() == 0
    for switched_off in ("\x1b[?1049l", "\x1b[?25h", "\x1b[?1000l"):  # alternate screen, cursor, mouse
        assert switched_off.encode() in terminal.seen
    assert termios.tcgetattr(terminal.screen) == before


def test_a_whole_round_is_practised_by_keyboard_alone() -> None:
    spec = load_lesson("two-by-two").spec
    values = NumpyEngine(spec).evaluate(make_initial_parameters(spec), 1)
    terminal = Terminal(80, 24, "practice", "two-by-two")
    terminal.until("0 of 29")
    for done, value in enumerate(values.values(), 1):
        terminal.type(f"{float(value):.5g}\r")
        terminal.until(f"{done} of 29" if done < 29 else "right first time")
    terminal.type(QUIT)
    assert terminal.end() == 0


def test_a_crash_is_no_success(tmp_path: Path) -> None:
    broken = tmp_path / "sitecustomize.py"
    broken.write_text("import bptui.session.session as s\ns.Session.next = lambda self: 1 / 0\n")
    terminal = Terminal(80, 24, env={"PYTHONPATH": str(tmp_path)})
    terminal.until("0.208421")
    terminal.type("n")
    assert terminal.end() == 1
    assert b"\x1b[?1049l" in terminal.seen


def test_interrupting_a_long_print_is_no_traceback() -> None:
    terminal = Terminal(80, 24, "rounds", "two-by-two", "--at", "1-3,9000000", "--json")
    terminal.until('"round": 3')
    terminal.type("\x03")
    assert terminal.end() == 130
    assert b"Traceback" not in terminal.seen


def test_a_fault_in_the_words_is_told_before_the_screen_opens() -> None:
    terminal = Terminal(80, 24, "--step", "-1")
    assert terminal.end() == 2
    assert b"--step: -1 must be a number above 0" in terminal.seen
    assert b"\x1b[?1049h" not in terminal.seen
