"""The terminal that the program runs in: a copy of it to write on, and the promise that it comes back.

Signals are answered by a thread of their own, told of them by the pipe that Python's C handler writes to, so they are
answered also while a handler of the program hangs or spins. The program is first asked to end; if it has not within
``PATIENCE``, the terminal is put back from here and the process ends at once. Meanwhile file descriptors 1 and 2 lead
to a file, since whatever a C library writes there would stand across the screen; it is printed at the end.
"""

import os
import select
import signal
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from types import TracebackType
from typing import IO, Any, NoReturn

from bptui.text.ascii import CellForms
from bptui.text.words import plain

PATIENCE = 1.0  # seconds that the program has to end when a signal has come
_AT_LAST = 0.5  # seconds that a terminal or a disk that takes nothing more may hold up the end
_MOST_TOLD = 1 << 16  # bytes of what libraries wrote that are printed at the end
SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")
RESTORE = (
    "\x1b[?2026l"  # synchronized output
    "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"  # the mouse
    "\x1b[?2004l\x1b[?2048l\x1b[?1004l\x1b[<u"  # paste, size and focus reports, the keyboard protocol
    "\x1b[?7h\x1b[?1049l\x1b[?25h\x1b[0m"  # line wrap, main screen, cursor, colours
)
HANGUP = 128 + 1
"""The exit status after the terminal has gone; as after a signal, 128 and the signal's number."""


class Screen:
    """What is written on the terminal, in signs that it can show; what it cannot take, because it has gone, is lost.

    Args:
        descriptor: An open file descriptor of the terminal.
        encoding: What it reads.
        only_ascii: Whether it is to be sent nothing but ASCII.
    """

    def __init__(self, descriptor: int, encoding: str, only_ascii: bool = False) -> None:
        self._descriptor, self.encoding = descriptor, encoding
        utf8 = encoding.lower().replace("-", "") == "utf8"
        self._forms = None if utf8 else CellForms(encoding)
        if utf8 and os.environ.get("TERM") == "linux":  # the console has no font for more
            self._forms = CellForms("cp437", "latin-1")
        if only_ascii:
            self._forms = CellForms("ascii")

    def shows(self, sign: str) -> bool:
        """Whether a sign is shown as itself."""
        return self._forms is None or sign.translate(self._forms) == sign

    def write(self, text: str) -> None:
        """Write a text."""
        if self._forms is not None:
            text = self._forms.shown(text)
        left = memoryview(text.encode(self.encoding, "replace"))
        with suppress(OSError):
            while left:
                try:
                    left = left[os.write(self._descriptor, left) :]
                except BlockingIOError:  # as another program, that had the terminal before, may have left it
                    select.select([], [self._descriptor], [])

    def flush(self) -> None:
        """Nothing waits to be written."""

    def fileno(self) -> int:
        """The file descriptor."""
        return self._descriptor

    def isatty(self) -> bool:
        """It is a terminal."""
        return True


class Terminal:
    """The terminal, as a context: at the end of it everything is as it was before.

    Args:
        only_ascii: Whether it is to be sent nothing but ASCII.

    Attributes:
        screen: What to write on.
        entered: Whether the program has begun to write on it, so that there is something to be put back.
        is_ending: Whether a signal has come that ends the program.
        end: What asks the program to end, given an exit status; may be called from any thread.
        last_act: What is yet to be done, given the exit status, where the program has not ended in time.
    """

    def __init__(self, only_ascii: bool = False) -> None:
        _fill_first_descriptors()
        self.screen = Screen(os.dup(sys.stdout.fileno()), sys.stdout.encoding, only_ascii)
        self.end: Callable[[int], object] = self._end_now
        self.last_act: Callable[[int], object] = bool
        self.entered = self.is_ending = False
        self._flags = _flags(sys.stdin.fileno())
        self._noise = _temporary_file()
        self._over = Event()

    def __enter__(self) -> "Terminal":
        for name in ("COLUMNS", "LINES"):  # may be of another terminal, or of this one before it was resized
            os.environ.pop(name, None)
        _flush()
        self._before = {n: os.dup(n) for n in (1, 2) if os.isatty(n)}
        for descriptor in self._before:
            os.dup2(self._noise.fileno(), descriptor)
        self._watch_signals()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        signal.set_wakeup_fd(self._wakeup_before)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        os.close(self._told)
        _put_back(sys.stdin.fileno(), self._flags)
        _flush()
        for descriptor, before in self._before.items():
            os.dup2(before, descriptor)
            os.close(before)
        with suppress(OSError):
            print(self._noise_so_far(), end="", file=sys.stderr)
        self._noise.close()

    def _noise_so_far(self) -> str:
        """What was written to 1 and 2, the last of it, without control signs."""
        size = self._noise.seek(0, os.SEEK_END)
        self._noise.seek(max(size - _MOST_TOLD, 0))
        text = self._noise.read().decode("utf-8", "replace").strip("\n")
        return f"{plain(text)}\n" if text else ""

    def ending(self, status: int) -> None:
        """Have the process end within ``PATIENCE``, whatever its threads are at."""
        Thread(target=self._end_in_time, args=(status,), daemon=True).start()

    def _end_in_time(self, status: int) -> None:
        if not self._over.wait(PATIENCE):
            self._end_now(status)

    # Signals

    def _watch_signals(self) -> None:
        """Have signals answered; one that is ignored stays so, as SIGHUP under ``nohup``."""
        reading, self._told = os.pipe()
        os.set_blocking(self._told, False)
        numbers = [getattr(signal, name) for name in SIGNALS if hasattr(signal, name)]
        heeded = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]
        self._handlers = {number: signal.signal(number, self._note) for number in heeded}
        self._wakeup_before = signal.set_wakeup_fd(self._told, warn_on_full_buffer=False)
        Thread(target=self._answer, args=(reading,), name="signals", daemon=True).start()

    def _answer(self, reading: int) -> None:
        """Wait for a signal that ends the program; ask it to end, and end it where it does not."""
        while told := os.read(reading, 64):
            ending = [number for number in told if number in self._handlers]
            if ending:
                with suppress(RuntimeError):  # the program's loop has just ended
                    self.end(128 + ending[0])
                self._end_in_time(128 + ending[0])
                break
        os.close(reading)

    def _note(self, number: int, frame: object) -> None:
        """Handle a signal in Python, or the pipe is not told; writing in the background stops nothing any more."""
        self.is_ending = True
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)

    def _end_now(self, status: int) -> NoReturn:
        """Put the terminal back from the outside, and end the process."""
        last = Thread(target=self._restore, args=(status,), daemon=True)
        last.start()
        last.join(_AT_LAST)
        os._exit(status)

    def _restore(self, status: int) -> None:
        _put_back(sys.stdin.fileno(), self._flags)
        if self.entered:
            self.screen.write(RESTORE)
        self.screen.write(self._noise_so_far())
        self.last_act(status)


def _fill_first_descriptors() -> None:
    """Open 0, 1 and 2 where they are closed: what is opened next would be taken for standard error, and replaced."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(descriptor)


def _temporary_file() -> IO[bytes]:
    """A file without a name, or where there is no room for one, one that keeps nothing."""
    try:
        return tempfile.TemporaryFile()
    except OSError:
        return os.fdopen(os.open(os.devnull, os.O_RDWR), "r+b")


def _flush() -> None:
    """Have printed what waits to be; on a full disk, or a terminal that has gone, it is lost."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with suppress(OSError):
                stream.flush()


def _flags(descriptor: int) -> list[Any] | None:
    """What is set for a terminal, if it is one."""
    import termios

    try:
        return termios.tcgetattr(descriptor)
    except termios.error:
        return None


def _put_back(descriptor: int, flags: list[Any] | None) -> None:
    """Set that again, in the background as well; a terminal that has gone needs nothing."""
    import termios

    if flags is not None:
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})  # which would stop the process
        with suppress(termios.error):
            termios.tcsetattr(descriptor, termios.TCSANOW, flags)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
