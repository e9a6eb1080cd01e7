"""The history of a run: the loss and state of every round, wherever they were computed.

Round k's row holds the loss and the state that the round started from; the state after the last round is separate.
History is append-only. Where all runs together become too large, rows are left out and recomputed: see ``kept_rounds``.
"""

from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from math import inf, nan
from typing import Any

import numpy as np

from bptui.core.engines.engine import Floats
from bptui.core.formulas.samples import count_formulas
from bptui.core.problem.initialisation import make_initial_state
from bptui.core.problem.spec import Spec
from bptui.core.training.extremes import UNIT, find_highest, find_lowest, make_log_starts, replace_non_finite
from bptui.core.training.kept_rounds import BLOCK, Advance, KeptRounds
from bptui.core.training.memory import MEMORY, Memory

_EARLY = 32_768  # rounds whose losses stay: a curve over logarithmic rounds shows them one by one
_ELSEWHERE = 40.0  # times as long as here, about, a round takes another process to recompute


class History:
    """All rounds of one run so far, wherever they were computed.

    Attributes:
        spec: The problem.
        cost: How long recomputing a round takes, relative to other runs.
        next_state: The state after the last round, of shape (state,), in the run's precision.
        left_finite: The first round with a loss, or a state before or after it, that is not finite; None if none.
    """

    def __init__(
        self,
        spec: Spec,
        dtype: np.dtype[Any],
        start: Floats | None = None,
        *,
        advance: Advance | None = None,
        memory: Memory = MEMORY,
    ) -> None:
        """Begin without rounds.

        Args:
            spec: The problem.
            dtype: The run's precision.
            start: The state it starts from, of shape (state,); the problem's if left out.
            advance: What recomputes its rounds; without it only those are known that ``find_kept`` finds.
            memory: What bounds how much is kept.
        """
        with np.errstate(all="ignore"):
            self.next_state: Floats = (make_initial_state(spec) if start is None else start).astype(dtype)
        self.spec = spec
        self.cost = count_formulas(spec.network) * (1.0 if advance else _ELSEWHERE)
        self.left_finite: int | None = None
        self._kept = KeptRounds(1 + len(self.next_state), dtype, advance)
        self._memory = memory
        self._early = array("d")  # of a thinned run: the losses of its first rounds
        self._tops = array("d")  # of full blocks: the highest finite loss of each `UNIT` rounds
        self._lows = array("d")  # and the lowest
        self._means = array("d")  # of passes over the samples: the mean of their rounds' losses

    @property
    def rounds(self) -> int:
        """The number of rounds that are computed."""
        return self._kept.rounds

    @property
    def nbytes(self) -> int:
        """Bytes of what is kept of all rounds."""
        return self._kept.nbytes + 8 * sum(map(len, (self._early, self._tops, self._lows, self._means)))

    @property
    def next_stride(self) -> int | None:
        """Of how many rounds one is kept where rounds are thinned next; None where none can be."""
        return self._kept.stride if self._kept.can_thin else None

    def thin(self, needed: int) -> int:
        """Leave out rows of old rounds until so many bytes are free, or some; return the bytes freed."""
        early = self._kept.losses(len(self._early) + 1, min(self.rounds, _EARLY))
        # As bytes: a list of the numbers would pause for a millisecond
        self._early.frombytes(early.astype(np.float64).tobytes())
        return self._kept.thin(needed)

    def append(self, rows: Floats, after: Floats) -> None:
        """Append rounds, as ``Engine.advance`` returns them.

        Args:
            rows: A row per round, its loss and then the state it started from, of shape (rounds, 1 + state).
            after: The state after the last of them, of shape (state,).
        """
        lost = self._first_not_finite(rows, after) if self.left_finite is None else self.left_finite
        before = self._kept.nbytes
        self._kept.append(rows)
        self.left_finite, self.next_state = lost, after
        for low in range(len(self._tops) * UNIT, self.rounds // BLOCK * BLOCK, BLOCK):
            losses = self._kept.losses(low + 1, low + BLOCK)
            lows = find_lowest(losses)
            self._tops.extend(find_highest(losses))
            self._lows.extend(lows)
        if self.spec.period > 1:
            self._append_means(self.spec.period)
        if self._kept.nbytes > before:
            self._memory.note_growth(self)

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

    def find_kept(self, round_: int) -> int:
        """Return the last round, up to a computed one, that is known without recomputing it."""
        return self._kept.find_kept(round_)

    def state(self, round_: int) -> Floats:
        """Return the state that a computed round started from, of shape (state,) and ordered as ``Network.state``.

        Raises:
            IndexError: If the round is not computed; so do the methods below that take one round.
        """
        return self._kept.row(round_)[1:]

    def parameters(self, round_: int) -> Floats:
        """Return the parameters that a computed round started from, a vector of shape (parameters,), in their order."""
        return self.state(round_)[: len(self.spec.network.parameters)]

    def loss(self, round_: int) -> float:
        """Return E of a computed round."""
        return float(self._kept.row(round_)[0])

    def rows(self, first: int, last: int) -> Iterator[tuple[int, Floats]]:
        """Yield the rows of some computed rounds, part by part.

        Args:
            first: The first round.
            last: The last round.

        Yields:
            The number of a part's first round, and the part's rows, of shape (rounds of the part, 1 + state).
        """
        return self._kept.parts(first, last)

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
        early, rest = np.asarray(self._early)[:single], self._kept.losses(len(self._early) + 1, single)
        tops = [replace_non_finite(losses, -inf) for losses in (early, rest)]
        del early  # an array that is looked at cannot grow
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
        losses = self._kept.losses(start + 1, min(start + UNIT, last))
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
        units = min(last // UNIT, len(stored))
        rest = self._kept.losses(units * UNIT + 1, last)
        known: Floats = np.asarray(stored)[:units]
        return np.concatenate([known, find(rest)]) if len(rest) else known
