"""A program in a pseudo-terminal, watched closely: when a text is painted, how many pictures and bytes came.

The terminal says that it knows synchronized output, as most do today, so that each picture ends with a sign of its
own; a picture is painted when that sign has been read.
"""

import os
import re
import select
import signal
import sys
from contextlib import suppress
from functools import partial
from math import nan
from pathlib import Path
from time import clock_gettime, perf_counter

from bptui.lessons.lesson import DEFAULT_LESSON
from tests.terminal import BPTUI, QUIT, Terminal

SMALL, SIZE = (80, 24), (120, 36)
_PROGRAMS = Path(__file__).with_name("programs")
_ASKED, _KNOWN = b"\x1b[?2026$p", b"\x1b[?2026;2$y"
_DRAWN = b"\x1b[?2026l"
_RESTORED = r"\x1b\[\?1049l"
_ROUND = re.compile(rb" round ([0-9,]+)/")
_OVERLAP = 64  # bytes that are searched again, for a text may come in two parts


class Watched(Terminal):
    """A program in a terminal.

    Args:
        words: What the program is given.
        program: The program.
        size: The terminal's columns and rows; if left out, those that most benchmarks have.

    Attributes:
        pictures: How many pictures came since the start.
        bytes: How many bytes came since the start.
    """

    def __init__(self, *words: str, program: tuple[str, ...] = BPTUI, size: tuple[int, int] = SIZE) -> None:
        self.pictures = self.bytes = 0
        super().__init__(*size, *words, program=program)

    def __enter__(self) -> "Watched":
        return self

    def __exit__(self, *fault: object) -> None:
        with suppress(OSError, AssertionError):
            self.quit()
        with suppress(ChildProcessError):  # it has ended as it should
            if os.waitpid(self.pid, os.WNOHANG)[0] == 0:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
        os.close(self.screen)

    def read(self) -> bool:
        """See ``Terminal.read``; a question whether it knows synchronized output is answered."""
        before = len(self.seen)
        still_open = super().read()
        new = self.seen[max(before - len(_DRAWN) + 1, 0) :]
        self.bytes += len(self.seen) - before
        self.pictures += new.count(_DRAWN)
        if _ASKED in new:
            os.write(self.screen, _KNOWN)
        return still_open

    def seconds_until(self, text: str, drawn: bool = True, most: float = 30.0) -> float:
        """Read until a text is there, and the end of the picture that it is part of; how long that took.

        Args:
            text: The text, as a regular expression.
            drawn: Whether to wait for the picture's end.
            most: Seconds to wait for it.
        """
        start, place, sought = perf_counter(), 0, re.compile(text.encode())
        while not (found := sought.search(self.seen, place)) or (drawn and _DRAWN not in self.seen[found.end() :]):
            place = found.start() if found else max(len(self.seen) - _OVERLAP, 0)
            assert self.read() and perf_counter() < start + most, f"{text!r} never came: {self.seen[-800:]!r}"
        return perf_counter() - start

    def seconds_after(self, keys: str, text: str) -> float:
        """Press keys; how long it takes until a text is painted."""
        self.type(keys)
        return self.seconds_until(text)

    def rest(self, quiet: float = 0.02, most: float = 0.5) -> None:
        """Read on until nothing has come for a while."""
        end = perf_counter() + most
        while select.select([self.screen], [], [], quiet)[0] and perf_counter() < end and self.read():
            pass

    def watch(self, seconds: float) -> None:
        """Read on for some time."""
        end = perf_counter() + seconds
        while (left := end - perf_counter()) > 0:
            if select.select([self.screen], [], [], left)[0] and not self.read():
                return

    @property
    def round(self) -> int:
        """The round that was painted last."""
        return int(_ROUND.findall(self.seen)[-1].replace(b",", b""))

    def processor(self) -> float:
        """Seconds of processor time that the program has taken so far, without its children; told on Linux only."""
        return clock_gettime((~self.pid << 3) | 2) if sys.platform == "linux" else nan  # clock_getcpuclockid(3)

    def quit(self) -> tuple[float, float]:
        """Press the key that quits: how long until the terminal is back, and until the process is gone."""
        start = perf_counter()
        self.type(QUIT)
        self.seconds_until(_RESTORED, drawn=False)
        back = perf_counter() - start
        assert self.end() == 0
        return back, perf_counter() - start


def painted(round_: int) -> str:
    """What every program here has on its screen when it shows a round."""
    return f" round {round_:,}/"


def bptui(*flags: str, lesson: str = DEFAULT_LESSON, size: tuple[int, int] = SIZE) -> Watched:
    """The program on a lesson, with torch ready, if it is to be had, and nothing more to paint."""
    terminal = Watched(lesson, *flags, size=size)
    terminal.seconds_until(r"\| (torch f|no torch)")
    terminal.rest()
    return terminal


def _other(name: str) -> Watched:
    terminal = Watched(program=(sys.executable, str(_PROGRAMS / name)))
    terminal.seconds_until(painted(1))
    terminal.rest()
    return terminal


EMPTY = (sys.executable, str(_PROGRAMS / "empty.py"))
empty = partial(_other, "empty.py")
bare = partial(_other, "bare.py")
