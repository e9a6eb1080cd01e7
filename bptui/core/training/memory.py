"""The bound on what all runs of the process keep: beyond it, old rounds are thinned, and recomputed where needed.

It counts every run that there is: those of a session, those that undoing brings back, and torch's.
"""

from contextlib import suppress
from threading import Lock
from typing import Protocol
from weakref import ref

MOST_BYTES = 100_000_000  # a million rounds at 2-2-2, and torch's first
_RECENT = 2  # runs that grew last: the one shown, and torch's of it
_OLDER = 8  # times as far as these, older runs are thinned


class Kept(Protocol):
    """What a run keeps.

    Attributes:
        cost: How long recomputing a round takes, relative to other runs.
    """

    cost: float

    @property
    def nbytes(self) -> int:
        """Bytes of what it keeps."""

    @property
    def next_stride(self) -> int | None:
        """Of how many rounds one is kept where it is thinned next; None where nothing can be thinned."""

    def thin(self, needed: int) -> int:
        """Thin old rounds until so many bytes are free, or some of them; return how many."""


class Memory:
    """A bound on the bytes that runs keep together.

    Args:
        most: The bound. The rounds that were computed last are kept whole, and a row of every block stays.
    """

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._runs: list[ref[Kept]] = []  # the one that grew last is the last
        self._lock = Lock()

    def note_growth(self, run: Kept) -> None:
        """Take note that a run has grown, and thin runs until they keep to the bound."""
        with self._lock:
            others = [(one, there) for one in self._runs if (there := one()) is not None and there is not run]
            self._runs = [*(one for one, _ in others), ref(run)]
            runs = [*(there for _, there in others), run]
            _thin(runs, sum(one.nbytes for one in runs) - self._most)

    def shrink(self) -> None:
        """Lower the bound to half of what runs keep: there is not even memory for that."""
        with self._lock, suppress(MemoryError):
            runs = [there for one in self._runs if (there := one()) is not None]
            kept = sum(one.nbytes for one in runs)
            self._most = min(self._most, kept // 2)
            _thin(runs, kept - self._most)


def _thin(runs: list[Kept], needed: int) -> None:
    """Thin runs until so many bytes are free, or none can be thinned further."""
    while needed > 0 and (freed := _thin_cheapest(runs, needed)):
        needed -= freed


def _thin_cheapest(runs: list[Kept], needed: int) -> int:
    """Thin the run in which a round costs least to recompute after that; return the bytes freed, 0 if none can be."""
    found = {
        stride * run.cost / (1 if place >= len(runs) - _RECENT else _OLDER): run
        for place, run in enumerate(runs)
        if (stride := run.next_stride) is not None
    }
    return found[min(found)].thin(needed) if found else 0


MEMORY = Memory()
