"""How numbers are spread: quantiles, histogram and ends of any count of them, in bounded memory.

A number is counted under its double's bits, turned so that they sort as the numbers do. Where there are too many
different ones, the last bits are left out, as few as it takes; what then shares a place differs by less than 0.1 %.
Infinities have places of their own at the ends, and nan one above them all.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, isfinite, isnan
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bptui.core.problem.initialisation import Floats

EXACT = 4096  # different numbers that are kept as they are
_MOST_DROPPED = 42  # bits of a double that are left out at the most, so that ten of its mantissa stay
_NAN = 2**63 - 1  # the place of nan, above that of infinity however many bits are left out
_LOG = 10.0  # times the lowest: where the highest is at least that, a histogram has a logarithmic axis

Places = NDArray[np.int64]


class One(NamedTuple):
    """The number of one run, and the run's seed."""

    value: float
    seed: int


class Histogram(NamedTuple):
    """Finite numbers in bars.

    Attributes:
        edges: Where the bars end, one more than there are bars.
        counts: How many numbers are in each.
        log: Whether the bars are equally wide on a logarithmic axis.
    """

    edges: list[float]
    counts: list[int]
    log: bool


@dataclass(frozen=True, eq=False)
class Spread:
    """Numbers of runs, counted.

    Attributes:
        dropped: How many bits of each number are left out: none where they are exact.
        places: Where there are numbers, in rising order.
        counts: How many there are at each place.
        lowest: The exact lowest finite number, of the lowest seed that has it; None if none is finite.
        highest: The exact highest number, likewise; nan is higher than all others.
    """

    dropped: int
    places: Places
    counts: Places
    lowest: One | None
    highest: One

    @classmethod
    def of(cls, values: Floats, seeds: Sequence[int]) -> "Spread":
        """Count numbers, one or more, each of a run with its seed; the seeds rise."""
        numbers = np.asarray(values, np.float64) + 0.0  # makes -0.0 a plain zero
        bits = numbers.view(np.int64)
        places = np.where(bits < 0, ~(bits & np.int64(2**63 - 1)), bits)
        found, counts = np.unique(np.where(np.isnan(numbers), _NAN, places), return_counts=True)
        finite, missing = np.isfinite(numbers), np.isnan(numbers)
        low = int(np.where(finite, numbers, np.inf).argmin())
        high = int(missing.argmax() if missing.any() else numbers.argmax())
        lowest, highest = (One(float(numbers[place]), int(seeds[place])) for place in (low, high))
        return cls(*_few(0, found, counts.astype(np.int64)), lowest if finite.any() else None, highest)

    def merged(self, other: "Spread") -> "Spread":
        """The numbers of both."""
        dropped = max(self.dropped, other.dropped)
        places = np.concatenate([one.places >> (dropped - one.dropped) for one in (self, other)])
        kept = _few(dropped, *_summed(places, np.concatenate([self.counts, other.counts])))
        lowest = min((one for one in (self.lowest, other.lowest) if one is not None), default=None)
        highest = min(self.highest, other.highest, key=_from_above)
        return Spread(*kept, lowest, highest)

    def quantile(self, part: float) -> float:
        """The number that so large a part of all of them does not exceed, at least to 0.1 %; nan is the highest."""
        last = self.counts.cumsum()
        rank = max(ceil(part * int(last[-1])), 1)
        value = float(_worth(self.places[[np.searchsorted(last, rank)]], self.dropped)[0])
        if not isfinite(value) or self.lowest is None:
            return value
        return min(max(value, self.lowest.value), self.highest.value if isfinite(self.highest.value) else value)

    def histogram(self, bars: int) -> Histogram:
        """The finite numbers in so many bars from the lowest to the highest; a logarithmic axis if they are far apart.

        Within its place, a number is taken to lie anywhere. Those that are not finite are left out; without finite ones
        there are no bars.
        """
        finite = np.isfinite(_worth(self.places, self.dropped))
        if self.lowest is None:
            return Histogram([], [], False)
        places, counts = self.places[finite], self.counts[finite]
        ends = np.stack([_worth(places, self.dropped, part) for part in (0.0, 1.0)])
        ends.sort(axis=0)
        low, high = self.lowest.value, self.highest.value if isfinite(self.highest.value) else float(ends[1, -1])
        if low == high:
            return Histogram([low, high], [int(counts.sum())], False)
        ends = np.clip(ends.T.ravel(), low, high)
        log = low > 0.0 and high > _LOG * low
        scale: Callable[[Any], Any] = np.log10 if log else np.asarray
        parts = np.arange(bars + 1) / bars
        edges = (1.0 - parts) * scale(low) + parts * scale(high)
        sums = np.array([0, *counts.cumsum()])
        if self.dropped:
            below = np.interp(edges, scale(ends), np.repeat(sums, 2)[1:-1])
        else:
            below = sums[np.searchsorted(scale(ends[::2]), edges)].astype(float)
        below[[0, -1]] = 0, counts.sum()
        values = 10.0**edges if log else edges
        return Histogram([low, *values[1:-1].tolist(), high], np.diff(np.rint(below)).astype(int).tolist(), log)

    def to_data(self) -> dict[str, Any]:
        """The same as plain data; places as the steps from one to the next, which are short."""
        steps = np.diff(self.places, prepend=0)
        kept = {"dropped": self.dropped, "steps": steps.tolist()}
        return {**kept, "counts": self.counts.tolist(), "lowest": self.lowest, "highest": self.highest}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Spread":
        """Read what ``to_data`` gave."""
        places, counts = np.cumsum(np.array(data["steps"], np.int64)), np.array(data["counts"], np.int64)
        return cls(data["dropped"], places, counts, data["lowest"] and One(*data["lowest"]), One(*data["highest"]))


def _from_above(one: One) -> tuple[bool, float, int]:
    """What sorts the highest first: nan before all others, then by seed."""
    missing = isnan(one.value)
    return not missing, 0.0 if missing else -one.value, one.seed


def _summed(places: Places, counts: Places) -> tuple[Places, Places]:
    """Each place once, with the sum of its counts."""
    found, where = np.unique(places, return_inverse=True)
    sums = np.zeros(len(found), np.int64)
    np.add.at(sums, where, counts)
    return found, sums


def _few(dropped: int, places: Places, counts: Places) -> tuple[int, Places, Places]:
    """As few more bits left out as make the places few enough; so the order of merging changes nothing."""

    def few(more: int) -> bool:
        return 1 + int(np.count_nonzero(np.diff(places >> more))) <= EXACT

    if len(places) <= EXACT:
        return dropped, places, counts
    more = bisect_left(range(_MOST_DROPPED - dropped), True, key=few)
    return dropped + more, *_summed(places >> more, counts)


def _worth(places: Places, dropped: int, part: float = 0.5) -> Floats:
    """The number in the middle of each place, or so large a part of the way from its end next to 0."""
    infinite = 0x7FF << (52 - dropped)
    sizes = np.where(places < 0, ~places, places)
    numbers = ((sizes << dropped) + int(part * (1 << dropped)) - int(part)).view(np.float64)
    numbers = np.select([sizes == 0, sizes == infinite, sizes > infinite], [0.0, np.inf, np.nan], numbers)
    return np.where(places < 0, -numbers, numbers)
