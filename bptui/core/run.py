"""A training run: the parameters and the loss of every round, kept; everything else recomputed when looked at.

History is only ever appended, in blocks, because one array that doubles would pause for longer the longer it is.
Round k's row holds the parameters the round started from; the parameters after the last round are kept beside.
"""

from collections.abc import Iterator
from itertools import pairwise
from math import isnan, nan
from time import perf_counter
from typing import Any

import numpy as np

from bptui.core.engine import Engine, Floats, Values, given
from bptui.core.spec import Spec
from bptui.core.start import initial_parameters

_BLOCK = 4096
_CHUNK = 512  # parameters trained between two looks at the clock: some 250 µs


class History:
    """All rounds of one training so far, wherever they were computed."""

    def __init__(self, spec: Spec, dtype: np.dtype[Any], start: Floats | None = None) -> None:
        with np.errstate(all="ignore"):
            self.next_parameters: Floats = (initial_parameters(spec) if start is None else start).astype(dtype)
        self.spec = spec
        self.rounds = 0
        self.left_finite: int | None = None
        self._dtype = dtype
        self._blocks: list[Floats] = []
        self._tops: list[float] = []  # the highest loss of each full block

    def append(self, rows: Floats, after: Floats) -> None:
        """Keep more rounds: rows and following parameters as ``Engine.advance`` returns them."""
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
                self._tops.append(_highest(self._blocks[-1][:, 0]))
            rows = rows[len(part) :]
        self.next_parameters = after

    def _first_not_finite(self, rows: Floats, after: Floats) -> int | None:
        """The first of these rounds with a loss, or a parameter before or after its update, that is not finite."""
        if np.isfinite(rows).all() and np.isfinite(after).all():
            return None
        lost = ~np.isfinite(rows[:, 0]) | ~np.isfinite(rows[:, 1:]).all(axis=1)
        lost[:-1] |= ~np.isfinite(rows[1:, 1:]).all(axis=1)  # one round's parameters are another's update
        lost[-1] |= not np.isfinite(after).all()
        return self.rounds + int(lost.argmax()) + 1

    def _row(self, round_: int) -> Floats:
        if not 1 <= round_ <= self.rounds:
            raise IndexError(f"round {round_} is not computed; there are {self.rounds}")
        row: Floats = self._blocks[(round_ - 1) // _BLOCK][(round_ - 1) % _BLOCK]
        return row

    def parameters(self, round_: int) -> Floats:
        """The parameters a computed round started from."""
        return self._row(round_)[1:]

    def loss(self, round_: int) -> float:
        """E of a computed round."""
        return float(self._row(round_)[0])

    def rows(self, first: int, last: int) -> Iterator[tuple[int, Floats]]:
        """The rows of some computed rounds, block by block: the first round of a block, and its rows."""
        for low in range((first - 1) // _BLOCK * _BLOCK, last, _BLOCK):
            start = max(low, first - 1)
            yield start + 1, self._blocks[low // _BLOCK][start - low : last - low]

    def losses(self, edges: list[int]) -> list[float]:
        """The highest loss in each stretch of computed rounds, for drawing.

        Args:
            edges: Increasing rounds, the last at most one past the last computed; stretch i goes from ``edges[i]`` up
                to, not with, ``edges[i + 1]``.

        Returns:
            One number per stretch; nan where a stretch holds no finite loss.
        """
        return [max(self._highest_in(low - 1, high - 1), default=nan) for low, high in pairwise(edges)]

    def _highest_in(self, low: int, high: int) -> Iterator[float]:
        """The highest finite loss of each block between two rows, where it has one."""
        last = min((max(high, low + 1) - 1) // _BLOCK, len(self._blocks) - 1)
        for number in range(low // _BLOCK, last + 1):
            first = number * _BLOCK
            if low <= first and first + _BLOCK <= high:
                top = self._tops[number]
            else:
                top = _highest(self._blocks[number][max(low - first, 0) : high - first, 0])
            if not isnan(top):
                yield top


def _highest(losses: Floats) -> float:
    finite = losses[np.isfinite(losses)]
    return float(finite.max()) if len(finite) else nan


class Run(History):
    """A training that computes its own rounds, with an engine."""

    def __init__(self, engine: Engine, start: Floats | None = None) -> None:
        super().__init__(engine.spec, engine.dtype, start)
        self.engine = engine
        self._shown: tuple[int, Values] | None = None

    def reach(self, round_: int, seconds: float = float("inf")) -> bool:
        """Compute rounds up to ``round_``, for some time at the most.

        Returns:
            Whether the round is there.
        """
        until, chunk = perf_counter() + seconds, max(_CHUNK // len(self.next_parameters), 1)
        while self.rounds < round_:
            count = min(round_ - self.rounds, chunk)
            self.append(*self.engine.advance(self.next_parameters, count))
            if perf_counter() >= until:
                break
        return self.rounds >= round_

    def values(self, round_: int) -> Values:
        """All quantities of a computed round, recomputed from its parameters."""
        if self._shown is None or self._shown[0] != round_:
            self._shown = round_, self.engine.evaluate(self.parameters(round_))
        return self._shown[1]

    def given(self, round_: int) -> dict[str, Any]:
        """All that a computed round was computed from; see ``engine.given``."""
        return given(self.spec, self.parameters(round_))
