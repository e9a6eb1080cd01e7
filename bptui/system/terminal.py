"""The program's terminal: a duplicate to write on, and the guarantee that it is restored.

A thread of its own answers signals. It learns of them from the pipe that Python's C handler writes to, so it answers
even while a handler of the program hangs or loops. It first asks the program to end; if that takes longer than
``PATIENCE``, it restores the terminal and ends the process at once. Meanwhile file descriptors 1 and 2 lead to a file,
because output of a C library would disturb the screen; that output is printed at the end.
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

from bptui.text.ascii import AsciiTable
from bptui.text.words import make_printable

PATIENCE = 1.0  # seconds that the program has to end after a signal
_AT_LAST = 0.5  # seconds that a blocked terminal or disk may delay the end
_END = b"\0"  # told to the thread of the signals, whose numbers begin at 1
_MOST_TOLD = 1 << 16  # bytes of library output that are printed at the end
SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")
RESTORE = (
    "\x1b[?2026l"  # synchronized output
    "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"  # the mouse
    "\x1b[?2004l\x1b[?2048l\x1b[?1004l\x1b[<u"  # paste, size and focus reports, the keyboard protocol
    "\x1b[?7h\x1b[?1049l\x1b[?25h\x1b[0m"  # line wrap, main screen, cursor, colours
)
HANGUP = 128 + 1
"""The exit status after the terminal has gone; as after a signal, 128 plus its number."""


class TerminalStream:
    """The terminal as a text stream, in characters that it can show; output is lost once the terminal has gone.

    Args:
        descriptor: An open file descriptor of the terminal.
        encoding: The terminal's encoding.
        only_ascii: Whether to send nothing but ASCII.
    """

    def __init__(self, descriptor: int, encoding: str, only_ascii: bool = False) -> None:
        self._descriptor, self.encoding = descriptor, encoding
        utf8 = encoding.lower().replace("-", "") == "utf8"
        self._forms = None if utf8 else AsciiTable(encoding)
        if utf8 and os.environ.get("TERM") == "linux":  # the console has no font for more
            self._forms = AsciiTable("cp437", "latin-1")
        if only_ascii:
            self._forms = AsciiTable("ascii")

    def can_show(self, sign: str) -> bool:
        """Whether a character is shown as itself."""
        return self._forms is None or sign.translate(self._forms) == sign

    def write(self, text: str) -> None:
        """Write a text."""
        if self._forms is not None:
            text = self._forms.apply(text)
        left = memoryview(text.encode(self.encoding, "replace"))
        with suppress(OSError):
            while left:
                try:
                    left = left[os.write(self._descriptor, left) :]
                except BlockingIOError:  # an earlier program may have left the terminal non-blocking
                    select.select([], [self._descriptor], [])

    def flush(self) -> None:
        """Do nothing: nothing is buffered."""

    def fileno(self) -> int:
        """Return the file descriptor."""
        return self._descriptor

    def isatty(self) -> bool:
        """Return True: it is a terminal."""
        return True


class Terminal:
    """The terminal as a context manager that restores it at the end.

    Args:
        only_ascii: Whether to send nothing but ASCII.

    Attributes:
        screen: The stream to write on.
        entered: Whether the program has begun to write, so that there is something to restore.
        is_ending: Whether a signal that ends the program has arrived.
        end: Asks the program to end with an exit status; may be called from any thread.
        last_act: Called with the exit status as the last action if the program has not ended in time.
    """

    def __init__(self, only_ascii: bool = False) -> None:
        _fill_first_descriptors()
        self.screen = TerminalStream(os.dup(sys.stdout.fileno()), sys.stdout.encoding, only_ascii)
        self.end: Callable[[int], object] = self._end_now
        self.last_act: Callable[[int], object] = bool
        self.entered = self.is_ending = False
        self._flags = _read_flags(sys.stdin.fileno())
        self._noise = _open_temporary_file()
        self._over = Event()
        self._status = 0  # to end with, when the thread is told so

    def __enter__(self) -> "Terminal":
        for name in ("COLUMNS", "LINES"):  # may describe another terminal, or this one before it was resized
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
            print(self._read_noise(), end="", file=sys.stderr)
        self._noise.close()

    def _read_noise(self) -> str:
        """Return the end of what was written to descriptors 1 and 2, without control characters."""
        size = self._noise.seek(0, os.SEEK_END)
        self._noise.seek(max(size - _MOST_TOLD, 0))
        text = self._noise.read().decode("utf-8", "replace").strip("\n")
        return f"{make_printable(text)}\n" if text else ""

    def ensure_end(self, status: int) -> None:
        """End the process within ``PATIENCE``, whatever its threads are doing. There may be no memory for one more."""
        self._status = status
        with suppress(OSError):  # so full of signals that the thread is awake anyway
            os.write(self._told, _END)

    def _end_in_time(self, status: int) -> None:
        if not self._over.wait(PATIENCE):
            self._end_now(status)

    # Signals

    def _watch_signals(self) -> None:
        """Start answering signals; one that is ignored stays ignored, as SIGHUP under ``nohup``."""
        reading, self._told = os.pipe()
        os.set_blocking(self._told, False)
        numbers = [getattr(signal, name) for name in SIGNALS if hasattr(signal, name)]
        heeded = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]
        self._handlers = {number: signal.signal(number, self._note) for number in heeded}
        self._wakeup_before = signal.set_wakeup_fd(self._told, warn_on_full_buffer=False)
        Thread(target=self._answer, args=(reading,), name="signals", daemon=True).start()

    def _answer(self, reading: int) -> None:
        """Wait for a signal that ends the program; ask the program to end, and end it if it does not."""
        while told := os.read(reading, 64):
            if _END in told:
                self._end_in_time(self._status)
                break
            ending = [number for number in told if number in self._handlers]
            if ending:
                with suppress(RuntimeError):  # the program's loop has just ended
                    self.end(128 + ending[0])
                self._end_in_time(128 + ending[0])
                break
        os.close(reading)

    def _note(self, number: int, frame: object) -> None:
        """Handle a signal in Python, without which the pipe is not written; let background writes pass."""
        self.is_ending = True
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)

    def _end_now(self, status: int) -> NoReturn:
        """Restore the terminal from outside the program, and end the process."""
        try:
            last = Thread(target=self._restore, args=(status,), daemon=True)
            last.start()
            last.join(_AT_LAST)
        except (RuntimeError, MemoryError):  # no memory for a thread
            self._restore(status)
        finally:
            os._exit(status)

    def _restore(self, status: int) -> None:
        """Restore the terminal, print the noise and do the last act; one that fails does not prevent the others."""
        acts: tuple[Callable[[], object], ...] = (
            lambda: _put_back(sys.stdin.fileno(), self._flags),
            lambda: self.screen.write(RESTORE if self.entered else ""),
            lambda: self.screen.write(self._read_noise()),
            lambda: self.last_act(status),
        )
        for act in acts:
            with suppress(MemoryError, OSError):
                act()


def _fill_first_descriptors() -> None:
    """Open descriptors 0, 1 and 2 if they are closed: a file opened later would be mistaken for stderr."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(descriptor)


def _open_temporary_file() -> IO[bytes]:
    """Open a file without a name, or one that discards everything if there is no space."""
    try:
        return tempfile.TemporaryFile()
    except OSError:
        return os.fdopen(os.open(os.devnull, os.O_RDWR), "r+b")


def _flush() -> None:
    """Flush stdout and stderr; on a full disk, or if the terminal has gone, the output is lost."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with suppress(OSError):
                stream.flush()


def _read_flags(descriptor: int) -> list[Any] | None:
    """Return a terminal's settings, or None if the descriptor is no terminal."""
    import termios

    try:
        return termios.tcgetattr(descriptor)
    except termios.error:
        return None


def _put_back(descriptor: int, flags: list[Any] | None) -> None:
    """Restore a terminal's settings, in the background as well; a terminal that has gone needs nothing."""
    import termios

    if flags is not None:
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})  # it would stop the process
        with suppress(termios.error):
            termios.tcsetattr(descriptor, termios.TCSANOW, flags)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
