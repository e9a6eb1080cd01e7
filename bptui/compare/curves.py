"""Curves of losses over rounds: linear or logarithmic axes, and the reduction of a long curve to a narrow plot.

Plots in a terminal and in a file are drawn from the same strokes. A place on an axis is a fraction of its length, from
0 to 1. A loss that is not finite, or not above 0 on a logarithmic axis, has no place: it is a gap with a mark.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from math import ceil, floor, isfinite, log10
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bptui.record import record

if TYPE_CHECKING:
    from bptui.core.training.run import Run

Losses = NDArray[np.float64]
_LARGEST = float(np.finfo(np.float64).max)


@record
class Axis:
    """An axis from one number to another.

    Attributes:
        low: The number at its start.
        high: The number at its end, above ``low``.
        log: Whether it is logarithmic; then both ends are above 0.
    """

    low: float
    high: float
    log: bool = False

    @classmethod
    def around(cls, values: Sequence[float], log: bool) -> "Axis":
        """Return an axis with a place for all of some numbers, as far as they can have one."""
        known = [v for v in values if isfinite(v) and (v > 0 or not log)]
        low, high = min(known, default=1.0), max(known, default=1.0)
        if not log:
            low = min(low, 0.0) if low > -high else low
        if high <= 1.1 * low if log else high == low:  # too close to distinguish
            pad = 0.5 * abs(low) or 0.5
            low, high = (low / 1.1 if log else low - pad), high + pad
        return cls(low, min(high, _LARGEST) if high > low else 10.0 * low, log)

    def place(self, value: float) -> float:
        """Return the place of a number, 0 at the start and 1 at the end; outside that range beyond the ends."""
        if not self.log:
            span = self.high - self.low
            if isfinite(span):
                return (value - self.low) / span
            return (value / 2 - self.low / 2) / (self.high / 2 - self.low / 2)
        low, high = self._logs
        return (log10(value) - low) / (high - low)

    @cached_property
    def _logs(self) -> tuple[float, float]:
        return log10(self.low), log10(self.high)

    def value(self, place: float) -> float:
        """Return the number at a place."""
        if not self.log:
            return (1.0 - place) * self.low + place * self.high
        return float(self.low ** (1.0 - place) * self.high**place)

    def ticks(self, most: int) -> list[float]:
        """Return round numbers along the axis, up to ``most`` or one more."""
        if self.log:
            first, last = ceil(log10(self.low) - 1e-9), floor(log10(self.high) + 1e-9)
            if last - first >= 1:
                every = max(ceil((last - first + 1) / max(most, 1)), 1)
                return [10.0**power for power in range(first, last + 1, every)]
        span = self.high - self.low
        if span > _LARGEST / 20:  # its steps would overflow
            return [10.0 * tick for tick in Axis(self.low / 10.0, self.high / 10.0).ticks(most)]
        rough = max(span / max(most, 1), 1e-300)
        unit = 10.0 ** floor(log10(rough))
        step = next((unit * m for m in (1, 2, 5, 10) if unit * m >= rough), 10 * unit)
        ticks = [step * k for k in range(ceil(self.low / step - 1e-9), floor(self.high / step + 1e-9) + 1)]
        known = (tick for tick in ticks if tick > 0 or not self.log)
        return [tick for tick in known if -1e-6 <= self.place(tick) <= 1 + 1e-6]


class Bin(NamedTuple):
    """The part of a curve in a narrow bin of the plot.

    Attributes:
        x: The bin's place on the axis of rounds.
        low: The lowest loss in it that has a place; nan if none has.
        high: The highest.
        whole: Whether all of its losses have a place.
    """

    x: float
    low: float
    high: float
    whole: bool


def read_losses(run: "Run", rounds: int) -> Losses:
    """Return the loss over all samples in each of a run's first rounds, which must be computed."""
    return np.concatenate([own for own, _ in read_curves(run, rounds, with_common=False)])


def compute_half_squared_errors(run: "Run", rounds: int) -> Losses:
    """Return ½Σ(o − y)² of each of these rounds: the common measure of all runs."""
    return np.concatenate([common for _, common in read_curves(run, rounds)])


def read_curves(run: "Run", rounds: int, with_common: bool = True) -> Iterator[tuple[Losses, Losses]]:
    """Yield the losses and the half squared errors of a run's first rounds, part by part: old rounds take time.

    Args:
        run: The run.
        rounds: How many of its rounds; they are computed.
        with_common: Whether to compute the half squared errors; without, they are empty.
    """
    from bptui.core.training.all_samples import evaluate_all_samples  # axes alone, at the start, need it not
    from bptui.core.training.run_facts import compute_half_squares

    for first, rows in run.rows(1, rounds):
        own, common = rows[:, 0], np.empty(0)
        if with_common or run.spec.period > 1:
            values = evaluate_all_samples(run.spec, rows[:, 1:].T, np.arange(first, first + len(rows)))
            own = own if run.spec.period == 1 else np.broadcast_to(values["E"], len(rows))
            common = compute_half_squares(run.spec, values) if with_common else common
        yield own.astype(np.float64), common


def make_bins(values: Losses, axis: Axis, count: int, log: bool) -> list[Bin]:
    """Reduce a curve to bins of an axis of rounds, leaving out bins without a round.

    Args:
        values: A loss per round, from round 1.
        axis: The axis of rounds.
        count: How many bins the plot has room for.
        log: Whether losses need to be above 0 to have a place.
    """
    first, last = max(ceil(axis.low), 1), min(floor(axis.high), len(values))
    if last < first:
        return []
    rounds = np.arange(first, last + 1)
    if len(rounds) > 4 * count:  # find where each bin begins, without a look at every round
        ends = np.array([axis.value(k / count) for k in range(count + 1)])
        starts = np.unique(np.clip(np.ceil(ends[:-1]), first, last).astype(np.int64))
    else:
        at = np.floor([axis.place(float(r)) * count for r in rounds]).astype(np.int64)
        starts = rounds[np.concatenate([[True], at[1:] != at[:-1]])]
    shown = values[first - 1 : last]
    known = np.isfinite(shown) & ((shown > 0) if log else True)
    gaps = np.where(known, shown, np.nan)
    places = starts - first
    lows, highs = np.fmin.reduceat(gaps, places), np.fmax.reduceat(gaps, places)
    whole = np.logical_and.reduceat(known, places)
    xs = [axis.place(float(start)) for start in starts]
    return [Bin(*one) for one in zip(xs, lows.tolist(), highs.tolist(), whole.tolist(), strict=True)]


class Stroke(NamedTuple):
    """A straight line between two places, measured across and up from the lower left."""

    x0: float
    y0: float
    x1: float
    y1: float


def make_strokes(found: Sequence[Bin], axis: Axis) -> Iterator[Stroke]:
    """Yield a curve as straight lines, with no line where it has a gap.

    Args:
        found: Its bins.
        axis: The axis of losses.
    """
    before: tuple[Bin, float, float] | None = None
    for now in found:
        if not isfinite(now.low):
            before = None
            continue
        low = axis.place(now.low)
        high = low if now.high == now.low else axis.place(now.high)
        yield Stroke(now.x, low, now.x, high)
        if before is not None:  # connect the nearer ends
            last, its_low, its_high = before
            if now.low > last.high:
                yield Stroke(last.x, its_high, now.x, low)
            elif now.high < last.low:
                yield Stroke(last.x, its_low, now.x, high)
            else:
                middle = its_high if last.high <= now.high else high
                yield Stroke(last.x, middle, now.x, middle)
        before = now, low, high
