"""A run: the stored state and loss of every round; everything else is recomputed on demand.

History is append-only and stored in blocks, because growing one large array would pause for longer the longer it is.
Round k's row holds the loss and the state that the round started from; the state after the last round is separate.
"""

from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from math import inf, nan
from time import perf_counter
from typing import Any

import numpy as np

from bptui.core.engines.engine import Engine, Floats, Values, collect_given
from bptui.core.problem.initialisation import make_initial_state
from bptui.core.problem.spec import Spec
from bptui.core.training.extremes import UNIT, find_highest, find_lowest, make_log_starts, replace_non_finite

_BLOCK = 4096  # rounds
_CHUNK = 512  # updated numbers of the state between two looks at the clock: about 250 µs


class History:
    """All rounds of one run so far, wherever they were computed.

    Attributes:
        spec: The problem.
        rounds: The number of rounds stored.
        next_state: The state after the last round, of shape (state,), in the run's precision.
        left_finite: The first round with a loss, or a state before or after it, that is not finite; None if none.
    """

    def __init__(self, spec: Spec, dtype: np.dtype[Any], start: Floats | None = None) -> None:
        with np.errstate(all="ignore"):
            self.next_state: Floats = (make_initial_state(spec) if start is None else start).astype(dtype)
        self.spec = spec
        self.rounds = 0
        self.left_finite: int | None = None
        self._dtype = dtype
        self._blocks: list[Floats] = []
        self._tops = array("d")  # of full blocks: the highest finite loss of each `UNIT` rounds
        self._lows = array("d")  # and the lowest
        self._means = array("d")  # of passes over the samples: the mean of their rounds' losses

    def append(self, rows: Floats, after: Floats) -> None:
        """Append rounds, as ``Engine.advance`` returns them.

        Args:
            rows: A row per round, its loss and then the state it started from, of shape (rounds, 1 + state).
            after: The state after the last of them, of shape (state,).
        """
        if self.left_finite is None:
            self.left_finite = self._first_not_finite(rows, after)
        while len(rows):
            place = self.rounds % _BLOCK
            if place == 0:
                self._blocks.append(np.empty((_BLOCK, rows.shape[1]), self._dtype))
            part = rows[: _BLOCK - place]
            self._blocks[-1][place : place + len(part)] = part
            self.rounds += len(part)
            if self.rounds % _BLOCK == 0:
                self._tops.extend(find_highest(self._blocks[-1][:, 0]))
                self._lows.extend(find_lowest(self._blocks[-1][:, 0]))
            rows = rows[len(part) :]
        self.next_state = after
        if self.spec.period > 1:
            self._append_means(self.spec.period)

    def _append_means(self, period: int) -> None:
        known, complete = len(self._means), self.rounds // period
        if complete > known:
            losses = np.concatenate([rows[:, 0] for _, rows in self.rows(known * period + 1, complete * period)])
            with np.errstate(all="ignore"):
                self._means.extend(losses.reshape(-1, period).mean(axis=1, dtype=np.float64))

    def _first_not_finite(self, rows: Floats, after: Floats) -> int | None:
        """Return the first of these rounds with a loss, or a state before or after it, that is not finite."""
        if np.isfinite(rows).all() and np.isfinite(after).all():
            return None
        lost = ~np.isfinite(rows[:, 0]) | ~np.isfinite(rows[:, 1:]).all(axis=1)
        lost[:-1] |= ~np.isfinite(rows[1:, 1:]).all(axis=1)  # a round's state is the result of the one before
        lost[-1] |= not np.isfinite(after).all()
        return self.rounds + int(lost.argmax()) + 1

    def _row(self, round_: int) -> Floats:
        if not 1 <= round_ <= self.rounds:
            raise IndexError(f"round {round_} is not computed; there are {self.rounds}")
        row: Floats = self._blocks[(round_ - 1) // _BLOCK][(round_ - 1) % _BLOCK]
        return row

    def state(self, round_: int) -> Floats:
        """Return the state that a computed round started from, of shape (state,) and ordered as ``Network.state``.

        Raises:
            IndexError: If the round is not computed; so do the methods below that take one round.
        """
        return self._row(round_)[1:]

    def parameters(self, round_: int) -> Floats:
        """Return the parameters that a computed round started from, a vector of shape (parameters,), in their order."""
        return self.state(round_)[: len(self.spec.network.parameters)]

    def loss(self, round_: int) -> float:
        """Return E of a computed round."""
        return float(self._row(round_)[0])

    def rows(self, first: int, last: int) -> Iterator[tuple[int, Floats]]:
        """Yield the rows of some computed rounds, block by block.

        Args:
            first: The first round.
            last: The last round.

        Yields:
            The number of a block's first round, and the block's rows, of shape (rounds of the block, 1 + state).
        """
        for low in range((first - 1) // _BLOCK * _BLOCK, last, _BLOCK):
            start = max(low, first - 1)
            yield start + 1, self._blocks[low // _BLOCK][start - low : last - low]

    def bins(self, last: int, most: int) -> tuple[list[int], list[float]]:
        """Return the highest loss in each of some bins of computed rounds, for drawing over logarithmic rounds.

        Args:
            last: The last round; the first is round 1.
            most: The number of bins that the logarithm is divided into; those without a round are left out.

        Returns:
            The first round of each bin, and the number after the last round; and the highest finite loss of each bin,
            nan if it has none.
        """
        starts, single = make_log_starts(last, most)
        tops = [replace_non_finite(rows[:, 0], -inf) for _, rows in self.rows(1, single)] if single else []
        if single < last:
            tops.append(self._extremes(self._tops, find_highest, last)[single // UNIT :])
        places = np.where(starts < single, starts, single + (starts - single) // UNIT)
        highest = np.maximum.reduceat(np.concatenate(tops), places)
        highest[highest == -inf] = nan
        return [*(1 + starts).tolist(), last + 1], highest.tolist()

    def least(self, last: int) -> tuple[int, float] | None:
        """Return the first round with the lowest finite loss, and this; None without any.

        ``last`` is the last round that counts.
        """
        lows = self._extremes(self._lows, find_lowest, last)
        start = int(lows.argmin()) * UNIT
        if lows[start // UNIT] == inf:
            return None
        losses = self._blocks[start // _BLOCK][start % _BLOCK :][: min(UNIT, last - start), 0]
        place = int(replace_non_finite(losses, inf).argmin())
        return start + place + 1, float(losses[place])

    def least_mean(self, last: int) -> tuple[int, float] | None:
        """Return the first complete pass over the samples with the lowest finite mean, and this; None without any."""
        means = replace_non_finite(np.asarray(self._means)[: last // self.spec.period], inf)
        place = int(means.argmin()) if len(means) else 0
        return (place + 1, float(means[place])) if len(means) and means[place] < inf else None

    def pass_mean(self, round_: int, last: int) -> tuple[int, float] | None:
        """Return the pass over the samples that a round belongs to, and the mean of its rounds' losses.

        Args:
            round_: A round, of a problem whose rounds use other samples.
            last: The last round that counts; it is computed.

        Returns:
            The number of the pass, from 1, and the mean; if the pass ends after the last round, those of the last one
            that does not, and None if there is none.
        """
        number = min((round_ - 1) // self.spec.period + 1, last // self.spec.period)
        return (number, self._means[number - 1]) if number else None

    def bin_means(self, edges: Sequence[int]) -> list[float | None]:
        """Return the means of the passes over the samples in some bins, for drawing.

        Args:
            edges: The first round of each bin, and the number after the last round; see ``bins``.

        Returns:
            The highest finite mean of the passes that end in each bin, nan if none is finite; where none ends, that of
            the bin before, and None before the first.
        """
        means, period, found = np.asarray(self._means), self.spec.period, list[float | None]()
        for low, high in pairwise(edges):
            ended = means[-(-low // period) - 1 : (high - 1) // period]
            finite = ended[np.isfinite(ended)]
            before = found[-1] if found else None
            found.append(float(finite.max()) if len(finite) else nan if len(ended) else before)
        return found

    def _extremes(self, stored: "array[float]", find: Callable[[Floats], Floats], last: int) -> Floats:
        """Return what is stored of full blocks up to a round, and the same of the rest."""
        full, rest = divmod(last, _BLOCK)
        known: Floats = np.asarray(stored)[: full * _BLOCK // UNIT]
        return np.concatenate([known, find(self._blocks[full][:rest, 0])]) if rest else known


class Run(History):
    """A run that computes its own rounds with an engine."""

    def __init__(self, engine: Engine, start: Floats | None = None) -> None:
        super().__init__(engine.spec, engine.dtype, start)
        self.engine = engine
        self._shown: dict[int, Values] = {}

    def train_to(self, round_: int, seconds: float = float("inf")) -> bool:
        """Compute rounds up to a round, within a time limit.

        Args:
            round_: The last round to compute.
            seconds: The time limit in seconds, exceeded by one chunk of rounds at most.

        Returns:
            Whether the round is computed.
        """
        until, chunk = perf_counter() + seconds, max(_CHUNK // len(self.next_state), 1)
        while self.rounds < round_:
            count = min(round_ - self.rounds, chunk)
            self.append(*self.engine.advance(self.next_state, count, self.rounds + 1))
            if perf_counter() >= until:
                break
        return self.rounds >= round_

    def values(self, round_: int) -> Values:
        """Return all quantities of a computed round, recomputed from its state; see ``Engine.evaluate``."""
        if round_ not in self._shown:  # the screen reads the shown round and the one before it again and again
            last = dict(list(self._shown.items())[-1:])
            self._shown = {**last, round_: self.engine.evaluate(self.state(round_), round_)}
        return self._shown[round_]

    def given(self, round_: int) -> dict[str, Any]:
        """Return all values that a computed round was computed from; see ``engine.collect_given``."""
        return collect_given(self.spec, self.state(round_), round_)
