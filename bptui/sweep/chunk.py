"""Many trainings of one problem at once, each from the start of its own seed, and how each of them went.

A ``Chunk`` is as many runs as fit the processor's cache: that is fastest, and it bounds the memory. What is told of a
run is exactly what is told of it alone, by the same rules.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptui.core.engines.batch import compile_batch
from bptui.core.engines.engine import NumpyEngine, given
from bptui.core.engines.program import compile_program
from bptui.core.problem.initialisation import Floats, initial_states
from bptui.core.problem.spec import Spec
from bptui.core.training.facts import half_squares
from bptui.core.training.verdict import Course, falls, halfway, rises, window

_BLOCK = 32  # rounds between two looks at whether the numbers are finite
_CACHE = 2_500_000  # bytes of arrays over runs that are worked on again and again
_WIDEST = 16_384  # runs; from there on wider is no faster
_FEW = 6  # runs that are faster one by one

_Advance = Callable[[int, int], None]
"""Trains so many rounds: changes the parameters in their array, and writes the losses of each round into a row."""


@dataclass(frozen=True, eq=False)
class Ends:
    """How the trainings of a chunk went.

    Attributes:
        course: Their losses, in short; arrays over runs.
        half_squares: ½Σ(o − y)² of the last round, in float64: a measure for all, whatever loss they were trained on.
    """

    course: Course
    half_squares: Floats


def width(spec: Spec) -> int:
    """How many runs a chunk may have."""
    arrays = len(spec.network.parameters) + compile_batch(spec.network).buffers
    return min(_CACHE // (arrays * np.dtype(spec.precision).itemsize), _WIDEST)


def chunks(spec: Spec, seeds: range) -> Iterator[range]:
    """The seeds of runs in parts that a chunk may have, about equally large."""
    count = -(-len(seeds) // width(spec))
    for part in range(count):
        yield seeds[part * len(seeds) // count : (part + 1) * len(seeds) // count]


class Chunk:
    """Some runs of a problem, trained together.

    Args:
        spec: The problem; its seed does not count.
        seeds: One for each run, ``width`` of them at the most.
    """

    def __init__(self, spec: Spec, seeds: Sequence[int]) -> None:
        self.spec = spec
        runs, dtype = len(seeds), np.dtype(spec.precision)
        with np.errstate(all="ignore"):
            self._state = initial_states(spec, seeds).astype(dtype)
        self._losses = np.empty((_BLOCK + 1, runs), dtype)  # of the rounds of a block, after that of the round before
        self._first, self._middle = np.empty((2, runs), dtype)
        self._last = self._state  # what the last round started from
        self._rises, self._falls = np.zeros((2, runs), np.int64)
        self._finite = np.ones(runs, bool)
        self._lost = np.full(runs, spec.rounds + 1)
        self._leaving: list[tuple[NDArray[np.intp], NDArray[np.intp], Floats]] = []
        make = _one_by_one if runs <= _FEW else _together
        self._advance = make(spec, self._state, self._losses)

    def train(self) -> Iterator[int]:
        """Train for the problem's rounds; yields how many are done, now and then."""
        rounds = self.spec.rounds
        with np.errstate(all="ignore"):
            for before, done in pairwise([*range(0, rounds - 1, _BLOCK), rounds - 1, rounds]):
                if done == rounds:
                    self._last = self._state.copy()
                self._block(before, done)
                yield done

    def ends(self) -> Ends:
        """How the trainings went, when they are at their end."""
        rounds = self.spec.rounds
        self._settle()
        values = NumpyEngine(self.spec).evaluate(self._last, rounds)
        losses = self._first, self._middle, self._losses[0]
        lost = np.where(self._lost > rounds, 0, self._lost)
        return Ends(
            Course(*losses, self._rises, self._falls, window(rounds), lost),
            half_squares(self.spec, values),
        )

    def _block(self, before: int, done: int) -> None:
        """Train from one round to another, and keep of the losses what is needed."""
        start, count, rounds = self._state.copy(), done - before, self.spec.rounds
        self._advance(before + 1, count)
        losses = self._losses[: count + 1]
        if before == 0:
            self._first = losses[1].copy()
        if before < halfway(rounds) <= done:
            self._middle = losses[halfway(rounds) - before].copy()
        for one, next_ in pairwise(losses[max(rounds - window(rounds) - before, 0) :]):
            self._rises += rises(one, next_)
            self._falls += falls(one, next_)
        self._note_lost(before, losses[1:], start)
        self._losses[0] = losses[-1]

    def _note_lost(self, before: int, losses: Floats, start: Floats) -> None:
        """Note which runs have left the finite numbers in a block; for parameters, ``_settle`` finds the round."""
        finite = np.isfinite(losses)
        runs = ~finite.all(axis=0) & self._finite
        self._lost[runs] = before + 1 + (~finite[:, runs]).argmax(axis=0)
        stayed = np.isfinite(self._state).all(axis=0)
        (left,) = np.nonzero(~stayed & self._finite)
        if len(left):
            self._leaving.append((left, np.full(len(left), before), start[:, left]))
        self._finite &= stayed & ~runs

    def _settle(self) -> None:
        """Go again through the blocks in which parameters have left the finite numbers, for those runs alone."""
        if not self._leaving:
            return
        runs, before, start = (np.concatenate(parts, axis=-1) for parts in zip(*self._leaving, strict=True))
        gone: list[Any] = []

        def note(parameters: Any) -> None:
            gone.append(~np.isfinite(parameters).all(axis=0))

        advance = compile_program(self.spec.network).advance
        with np.errstate(all="ignore"):
            note(advance(_BLOCK, lambda row: note(row[1:]), *given(self.spec, start, before + 1).values()))
        self._leaving.clear()
        by_update = np.maximum(before + np.argmax(gone, axis=0), 1)
        self._lost[runs] = np.minimum(self._lost[runs], by_update)


def _together(spec: Spec, state: Floats, losses: Floats) -> _Advance:
    """Return what trains all runs at once, from a round on for some rounds."""
    batch = compile_batch(spec.network)
    buffers = np.empty((batch.buffers, state.shape[1]), state.dtype)

    def advance(first: int, count: int) -> None:
        rows = iter(losses[1:])
        values = given(spec, state, first).values()
        batch.advance(count, lambda loss: np.copyto(next(rows), loss), buffers, *values)

    return advance


def _one_by_one(spec: Spec, state: Floats, losses: Floats) -> _Advance:
    """Return what trains one run after the other, from a round on for some rounds."""
    program = compile_program(spec.network)

    def advance(first: int, count: int) -> None:
        for run, start in enumerate(state.T.copy()):
            rows: list[tuple[Any, ...]] = []
            state[:, run] = program.advance(count, rows.append, *given(spec, start, first).values())
            losses[1 : count + 1, run] = [row[0] for row in rows]

    return advance
