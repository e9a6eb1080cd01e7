"""The processors this process may use, and calls that two of them make: a copy of this process makes the last ones.

The copy is made by a fork, so the calls need not be sent, and each must depend on nothing but its number. It may die
at any time, or never have begun: what has not come from it when it is asked for is called for here.
"""

import os
import signal
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from bptui.system.process import end_with_parent

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_LEAST = 100  # calls: for fewer, of some tenths of a millisecond each, a copy takes longer than it saves
_SEND_INTERVAL = 0.01  # seconds, which is the most that may be calculated twice
_NICE = 10  # so that it takes time from nothing else, where all processors are busy
Result = TypeVar("Result")


def count_cores() -> int:
    """Return how many processors this process may use."""
    may = getattr(os, "sched_getaffinity", None)
    return len(may(0)) if may else os.cpu_count() or 1


class SharedCalls(Generic[Result]):
    """The results of many calls, each to be asked for once, in about the order of their numbers.

    Leave it when no more are asked for.

    Args:
        call: Returns the result of a number; it must be one that can be pickled.
        count: How many numbers there are, from 0.
    """

    def __init__(self, call: Callable[[int], Result], count: int) -> None:
        self._call, self._found = call, dict[int, Result]()
        self._pipe: Connection[Any, Any] | None = None
        # Elsewhere, and once torch has started its threads, a copy of a process may hang or crash
        if count >= _LEAST and count_cores() > 1 and sys.platform == "linux" and "torch" not in sys.modules:
            self._begin(count)

    def _begin(self, count: int) -> None:
        """Begin the copy."""
        from multiprocessing import get_context

        context = get_context("fork")
        here, there = context.Pipe()
        self._process = context.Process(target=_call_backwards, args=(here, there, self._call, count), daemon=True)
        try:
            with warnings.catch_warnings(), _hold_interrupts():
                warnings.simplefilter("ignore", DeprecationWarning)  # of threads: none holds what the copy needs
                self._process.start()
        except OSError:  # too many processes, or no memory for one
            here.close()
        else:
            self._pipe = here
        there.close()

    def get(self, number: int) -> Result:
        """Return the result of a number."""
        if number not in self._found:
            self._receive()
        return self._found.pop(number) if number in self._found else self._call(number)

    @property
    def ahead(self) -> int:
        """How many results have come that were not asked for yet."""
        return len(self._found)

    def _receive(self) -> None:
        """Take in what has come."""
        try:
            while self._pipe is not None and self._pipe.poll():
                self._found |= self._pipe.recv()
        except (EOFError, OSError):
            self.close()

    def close(self) -> None:
        """End the copy."""
        if self._pipe is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
            self._pipe.close()
            self._pipe = None

    def __enter__(self) -> Self:
        """Return the calls."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the copy."""
        self.close()


@contextmanager
def _hold_interrupts() -> Iterator[None]:
    """Keep ctrl+c until later: a copy that is being made would tell of it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _call_backwards(
    asking: "Connection[Any, Any]", pipe: "Connection[Any, Any]", call: Callable[[int], Any], count: int
) -> None:
    """Make calls from the last to the first, and send their results now and then."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # which is for the process that this is a copy of
    asking.close()
    end_with_parent(pipe.fileno())
    os.nice(_NICE)
    found, sent = dict[int, Any](), monotonic()
    with suppress(Exception):  # a call that fails does so once more where it is told
        for number in reversed(range(count)):
            found[number] = call(number)
            if monotonic() - sent > _SEND_INTERVAL or not number:
                pipe.send(found)
                found, sent = {}, monotonic()
