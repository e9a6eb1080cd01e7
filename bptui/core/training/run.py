"""A run: the state and the loss of every round, kept; everything else recomputed when looked at.

History is only ever appended, in blocks, because one array that doubles would pause for longer the longer it is.
Round k's row holds the loss and the state the round started from; the state after the last round is kept beside.
"""

from array import array
from collections.abc import Iterator
from math import inf, nan
from time import perf_counter
from typing import Any

import numpy as np

from bptui.core.engines.engine import Engine, Floats, Values, collect_given
from bptui.core.problem.initialisation import initial_state
from bptui.core.problem.spec import Spec

_BLOCK = 4096
_UNIT = 64  # rounds whose highest loss is kept, so that all of a million need not be read to be drawn
_LEAST_UNITS = 8  # in a stretch that is made of them: one unit more or less must not show
_CHUNK = 512  # numbers of a state trained between two looks at the clock: some 250 µs


class History:
    """All rounds of one training so far, wherever they were computed."""

    def __init__(self, spec: Spec, dtype: np.dtype[Any], start: Floats | None = None) -> None:
        with np.errstate(all="ignore"):
            self.next_state: Floats = (initial_state(spec) if start is None else start).astype(dtype)
        self.spec = spec
        self.rounds = 0
        self.left_finite: int | None = None
        self._dtype = dtype
        self._blocks: list[Floats] = []
        self._tops = array("d")  # of full blocks, the highest finite loss of each so many rounds

    def append(self, rows: Floats, after: Floats) -> None:
        """Keep more rounds: rows and the state after them as ``Engine.advance`` returns them."""
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
                self._tops.extend(_tops(self._blocks[-1][:, 0]))
            rows = rows[len(part) :]
        self.next_state = after

    def _first_not_finite(self, rows: Floats, after: Floats) -> int | None:
        """The first of these rounds with a loss, or a state before or after it, that is not finite."""
        if np.isfinite(rows).all() and np.isfinite(after).all():
            return None
        lost = ~np.isfinite(rows[:, 0]) | ~np.isfinite(rows[:, 1:]).all(axis=1)
        lost[:-1] |= ~np.isfinite(rows[1:, 1:]).all(axis=1)  # one round's state is the one before's update
        lost[-1] |= not np.isfinite(after).all()
        return self.rounds + int(lost.argmax()) + 1

    def _row(self, round_: int) -> Floats:
        if not 1 <= round_ <= self.rounds:
            raise IndexError(f"round {round_} is not computed; there are {self.rounds}")
        row: Floats = self._blocks[(round_ - 1) // _BLOCK][(round_ - 1) % _BLOCK]
        return row

    def state(self, round_: int) -> Floats:
        """What a computed round started from, in the order of ``Network.state``."""
        return self._row(round_)[1:]

    def parameters(self, round_: int) -> Floats:
        """The parameters that a computed round started from, in their order."""
        return self.state(round_)[: len(self.spec.network.parameters)]

    def loss(self, round_: int) -> float:
        """E of a computed round."""
        return float(self._row(round_)[0])

    def rows(self, first: int, last: int) -> Iterator[tuple[int, Floats]]:
        """The rows of some computed rounds, block by block: the first round of a block, and its rows."""
        for low in range((first - 1) // _BLOCK * _BLOCK, last, _BLOCK):
            start = max(low, first - 1)
            yield start + 1, self._blocks[low // _BLOCK][start - low : last - low]

    def bins(self, last: int, most: int) -> tuple[list[int], list[float]]:
        """The highest loss in each of some stretches of computed rounds, about equally long ones, for drawing.

        Args:
            last: The last round; the first is round 1.
            most: How many stretches there are, where there are so many rounds.

        Returns:
            The first round of each stretch, and one past the last round; and one number per stretch, nan where it
            holds no finite loss.
        """
        count = max(min(last, most), 1)
        unit = _UNIT if last >= _LEAST_UNITS * _UNIT * count else 1
        tops = self._tops_to(last) if unit > 1 else _finite(np.concatenate([r[:, 0] for _, r in self.rows(1, last)]))
        starts = np.arange(count) * len(tops) // count
        highest = np.maximum.reduceat(tops, starts)
        highest[highest == -inf] = nan
        return [*(1 + unit * starts).tolist(), last + 1], highest.tolist()

    def _tops_to(self, last: int) -> Floats:
        """The highest finite loss of each so many rounds up to one, -inf where there is none."""
        full, rest = divmod(last, _BLOCK)
        known: Floats = np.asarray(self._tops)[: full * _BLOCK // _UNIT]
        return np.concatenate([known, _tops(self._blocks[full][:rest, 0])]) if rest else known


def _finite(losses: Floats) -> Floats:
    """The same losses, with -inf for those that are not finite."""
    return np.where(np.isfinite(losses), losses, -inf)


def _tops(losses: Floats) -> Floats:
    highest: Floats = np.maximum.reduceat(_finite(losses), np.arange(0, len(losses), _UNIT))
    return highest


class Run(History):
    """A training that computes its own rounds, with an engine."""

    def __init__(self, engine: Engine, start: Floats | None = None) -> None:
        super().__init__(engine.spec, engine.dtype, start)
        self.engine = engine
        self._shown: dict[int, Values] = {}

    def train_to(self, round_: int, seconds: float = float("inf")) -> bool:
        """Compute rounds up to ``round_``, for some time at the most.

        Returns:
            Whether the round is there.
        """
        until, chunk = perf_counter() + seconds, max(_CHUNK // len(self.next_state), 1)
        while self.rounds < round_:
            count = min(round_ - self.rounds, chunk)
            self.append(*self.engine.advance(self.next_state, count, self.rounds + 1))
            if perf_counter() >= until:
                break
        return self.rounds >= round_

    def values(self, round_: int) -> Values:
        """All quantities of a computed round, recomputed from its state."""
        if round_ not in self._shown:  # the round shown is looked at again and again, beside the one before it
            last = dict(list(self._shown.items())[-1:])
            self._shown = {**last, round_: self.engine.evaluate(self.state(round_), round_)}
        return self._shown[round_]

    def given(self, round_: int) -> dict[str, Any]:
        """All that a computed round was computed from; see ``engine.given``."""
        return collect_given(self.spec, self.state(round_), round_)
