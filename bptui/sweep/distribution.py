"""The distribution of one number over many runs: exact quantiles, histogram and extremes.

A run takes 8 bytes, a million runs 8 MB, and twice that for the moment in which they are sorted.
"""

from base64 import b64decode, b64encode
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from math import ceil, isnan
from typing import Any, NamedTuple

import numpy as np

from bptui.core.problem.initialisation import Floats

_LOG = 10.0  # times the lowest: where the highest is at least that, a histogram has a logarithmic axis
_BYTES = "<f8"  # a number as it travels between processes


class Extreme(NamedTuple):
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


class Distribution:
    """The numbers of one or more runs.

    Attributes:
        lowest: The lowest finite number, of the lowest seed that has it; None if none is finite.
        highest: The highest number, likewise; nan is higher than all others.
    """

    def __init__(self, parts: Sequence[Floats], lowest: Extreme | None, highest: Extreme) -> None:
        self._parts, self.lowest, self.highest = list(parts), lowest, highest

    @classmethod
    def of(cls, values: Floats, seeds: Sequence[int]) -> "Distribution":
        """Take in numbers, each of a run with its seed; the seeds rise."""
        missing, finite = np.isnan(values), np.isfinite(values)
        numbers = np.where(missing, np.nan, np.asarray(values, np.float64) + 0.0)  # one nan, and -0.0 is a plain zero
        low = int(np.where(finite, numbers, np.inf).argmin())
        high = int(missing.argmax() if missing.any() else numbers.argmax())
        lowest, highest = (Extreme(float(numbers[place]), int(seeds[place])) for place in (low, high))
        return cls([np.sort(numbers)], lowest if finite.any() else None, highest)

    @property
    def values(self) -> Floats:
        """All numbers in rising order, nan last."""
        if len(self._parts) > 1:
            joined = np.concatenate(self._parts)
            joined.sort(kind="stable")  # which is fastest for parts that are sorted already
            self._parts = [joined]
        return self._parts[0]

    def merged(self, other: "Distribution") -> "Distribution":
        """Return the distribution of the runs of both."""
        lowest = min((one for one in (self.lowest, other.lowest) if one is not None), default=None)
        highest = min(self.highest, other.highest, key=_from_above)
        return Distribution([*self._parts, *other._parts], lowest, highest)

    def quantile(self, part: float) -> float:
        """Return the lowest of the numbers that at least this part of all of them does not exceed.

        It is ``numpy.quantile`` by the method "inverted_cdf", always the number of one run, except that nan is the
        highest number and makes no others nan.
        """
        return float(self.values[max(ceil(part * len(self.values)), 1) - 1])

    def histogram(self, bars: int) -> Histogram:
        """Count the finite numbers in bars from the lowest to the highest; there are no bars where none is finite.

        The axis is logarithmic where lowest and highest are far apart.
        """
        if self.lowest is None:
            return Histogram([], [], False)
        first, after = np.searchsorted(self.values, [self.lowest.value, np.inf])
        values = self.values[first:after]
        low, high = float(values[0]), float(values[-1])
        if low == high:
            return Histogram([low, high], [len(values)], False)
        log = low > 0.0 and high > _LOG * low
        scale: Callable[[Any], Any] = np.log10 if log else np.asarray
        parts = np.arange(bars + 1) / bars
        edges = (1.0 - parts) * scale(low) + parts * scale(high)
        inner = edges[1:-1]  # the ends are known, and as a power of ten the largest double may overflow
        below = [0, *(bisect_left(values, edge, key=scale) for edge in inner), len(values)]
        return Histogram([low, *(10.0**inner if log else inner).tolist(), high], np.diff(below).tolist(), log)

    def to_data(self) -> dict[str, Any]:
        """Return the same as plain data."""
        values = b64encode(self.values.astype(_BYTES, copy=False).tobytes()).decode()
        return {"values": values, "lowest": self.lowest, "highest": self.highest}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Distribution":
        """Read what ``to_data`` returned."""
        values = np.frombuffer(b64decode(data["values"]), _BYTES)
        return cls([values], data["lowest"] and Extreme(*data["lowest"]), Extreme(*data["highest"]))


def _from_above(one: Extreme) -> tuple[bool, float, int]:
    """Sort the highest first: nan before all others, then by seed."""
    missing = isnan(one.value)
    return not missing, 0.0 if missing else -one.value, one.seed
