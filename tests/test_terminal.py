"""The program in a real (pseudo-)terminal: it opens, answers keys, and leaves the terminal as it found it."""

import os
import select
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic

import pytest

pytest.importorskip("pty", reason="pseudo-terminals are a POSIX thing")

import fcntl
import pty
import termios

from bptui.core.engine import NumpyEngine
from bptui.core.start import initial_parameters
from bptui.lessons import load


class Terminal:
    """The program, started in a terminal of its own."""

    def __init__(self, columns: int, rows: int, *words: str, paths: str = "") -> None:
        self.seen = b""
        self.pid, self.screen = pty.fork()
        if self.pid == 0:
            os.environ |= {"TERM": "xterm-256color", "PYTHONPATH": paths}
            os.execv(sys.executable, [sys.executable, "-m", "bptui", *words])
        fcntl.ioctl(self.screen, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def until(self, text: str, seconds: float = 30.0) -> None:
        """Read what the program prints until a text is among it."""
        end = monotonic() + seconds
        while text.encode() not in self.seen and monotonic() < end:
            if not self._read():
                break
        assert text.encode() in self.seen, f"{text!r} never came"

    def type(self, keys: str) -> None:
        """Press keys, and forget what was printed before."""
        self.seen = b""
        os.write(self.screen, keys.encode())

    def end(self) -> int:
        """Read on until the program has ended; its exit status."""
        while self._read():
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def _read(self) -> bool:
        if select.select([self.screen], [], [], 0.1)[0]:
            try:
                part = os.read(self.screen, 1 << 16)
            except OSError:  # Linux's way of saying that the other end is closed
                return False
            self.seen += part
            return bool(part)
        return True


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
    terminal.until("-4.274091")
    terminal.type("\x11")  # ctrl+q
    assert terminal.end() == 0
    for switched_off in ("\x1b[?1049l", "\x1b[?25h", "\x1b[?1000l"):  # alternate screen, cursor, mouse
        assert switched_off.encode() in terminal.seen
    assert termios.tcgetattr(terminal.screen) == before


def test_a_whole_round_is_practised_by_keyboard_alone() -> None:
    spec = load("two-by-two").spec
    values = NumpyEngine(spec).evaluate(initial_parameters(spec))
    terminal = Terminal(80, 24, "practice", "two-by-two")
    terminal.until("0 of 29")
    for done, value in enumerate(values.values(), 1):
        terminal.type(f"{float(value):.5g}\r")
        terminal.until(f"{done} of 29" if done < 29 else "right at the first try")
    terminal.type("\x11")
    assert terminal.end() == 0


def test_a_crash_is_no_success(tmp_path: Path) -> None:
    broken = tmp_path / "sitecustomize.py"
    broken.write_text("import bptui.session as s\ns.Session.next = lambda self: 1 / 0\n")
    terminal = Terminal(80, 24, paths=str(tmp_path))
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
    assert b"[training] step: -1 must be a number above 0" in terminal.seen
    assert b"\x1b[?1049h" not in terminal.seen
