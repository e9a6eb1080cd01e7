"""A program in a pseudo-terminal of its own: what it prints is read, keys are pressed, and its end is seen."""

import fcntl
import os
import pty
import select
import struct
import sys
import termios
from collections.abc import Mapping
from time import monotonic

BPTUI = (sys.executable, "-m", "bptui")
QUIT = "\x11"  # ctrl+q


class Terminal:
    """A program, started in a terminal of its own.

    Args:
        columns: The terminal's width.
        rows: Its height.
        words: What the program is given.
        program: The program.
        env: What differs in its environment; an empty text takes a variable away.

    Attributes:
        seen: What was printed since keys were last pressed.
        flags: The terminal's flags before the program started.
    """

    def __init__(
        self,
        columns: int,
        rows: int,
        *words: str,
        program: tuple[str, ...] = BPTUI,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.seen = b""
        variables = {**os.environ, "TERM": "xterm-256color", **(env or {})}
        variables = {name: value for name, value in variables.items() if value}
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.flags = termios.tcgetattr(slave)
        self.pid = os.fork()
        if self.pid == 0:
            os.close(master)
            os.login_tty(slave)
            os.execve(program[0], [*program, *words], variables)
        os.close(slave)
        self.screen = master

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size."""
        fcntl.ioctl(self.screen, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def until(self, text: str, seconds: float = 30.0) -> None:
        """Read what the program prints until a text is among it."""
        end = monotonic() + seconds
        while text.encode() not in self.seen and monotonic() < end:
            if not self.read():
                break
        assert text.encode() in self.seen, f"{text!r} never came"

    def type(self, keys: str | bytes) -> None:
        """Press keys, and forget what was printed before."""
        self.seen = b""
        os.write(self.screen, keys.encode() if isinstance(keys, str) else keys)

    def end(self, seconds: float = 30.0) -> int:
        """Read on until the program has ended; its exit status."""
        until = monotonic() + seconds
        while self.read() and monotonic() < until:
            pass
        return self.wait(max(until - monotonic(), 0.0))

    def wait(self, seconds: float = 30.0) -> int:
        """Wait until the program has ended, without reading; its exit status."""
        until = monotonic() + seconds
        while (found := os.waitpid(self.pid, os.WNOHANG)) == (0, 0):
            assert monotonic() < until, "the program goes on"
            select.select([], [], [], 0.01)
        return os.waitstatus_to_exitcode(found[1])

    def until_stopped(self, seconds: float = 30.0) -> None:
        """Read on until the program has been stopped."""
        until = monotonic() + seconds
        while (found := os.waitpid(self.pid, os.WNOHANG | os.WUNTRACED)) == (0, 0):
            assert monotonic() < until, "the program goes on"
            self.read()
        assert os.WIFSTOPPED(found[1])

    def read(self) -> bool:
        """Read what there is, or wait for a tenth of a second; whether the other end is still open."""
        if select.select([self.screen], [], [], 0.1)[0]:
            try:
                part = os.read(self.screen, 1 << 16)
            except OSError:  # Linux's way of saying that the other end is closed
                return False
            self.seen += part
            return bool(part)
        return True
