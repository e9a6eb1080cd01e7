"""Train many runs of one problem at once, each from the start of its own seed, and report how each of them went.

A ``Chunk`` has as many runs as fit into the processor's cache: that is fastest, and it bounds the memory. Its results
for a run are exactly those of the run alone, by the same rules.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptui.core.engines.batch import compile_batch
from bptui.core.engines.engine import NumpyEngine, collect_constants, collect_given, feed_rounds
from bptui.core.engines.program import compile_program
from bptui.core.problem.initialisation import Floats, make_initial_states
from bptui.core.problem.spec import Spec
from bptui.core.training.all_samples import evaluate_all_samples
from bptui.core.training.run_facts import compute_half_squares
from bptui.core.training.verdict import Course, find_halfway, is_falling, is_rising, list_window
from bptui.record import record

_BLOCK = 32  # rounds between two checks for finite numbers
_CACHE = 2_500_000  # bytes of arrays over runs that are used in every round
_WIDEST = 16_384  # runs; more are no faster
_FEW = 6  # runs; so few are faster one by one

_Advance = Callable[[int, int], None]
"""Trains from a round on a number of rounds: changes the state in its array, writes each round's losses into a row."""


@record(eq=False)
class ChunkResult:
    """How the runs of a chunk went.

    Attributes:
        course: Their losses, condensed; arrays over runs.
        half_squares: ½Σ(o − y)² of the last round, in float64: a common measure, whatever loss they were trained on.
    """

    course: Course
    half_squares: Floats


def compute_width(spec: Spec) -> int:
    """Return the largest number of runs in a chunk."""
    arrays = len(spec.network.state) + compile_batch(spec.network).buffers
    return min(_CACHE // (arrays * np.dtype(spec.precision).itemsize), _WIDEST)


def split_seeds(spec: Spec, seeds: range) -> Iterator[range]:
    """Split the seeds of runs into chunks of about equal size."""
    count = -(-len(seeds) // compute_width(spec))
    for part in range(count):
        yield seeds[part * len(seeds) // count : (part + 1) * len(seeds) // count]


class Chunk:
    """Some runs of a problem, trained together.

    Args:
        spec: The problem; its seed is ignored.
        seeds: One for each run, at most ``compute_width`` of them.
    """

    def __init__(self, spec: Spec, seeds: Sequence[int]) -> None:
        self.spec = spec
        runs, dtype = len(seeds), np.dtype(spec.precision)
        with np.errstate(all="ignore"):
            self._state = make_initial_states(spec, seeds).astype(dtype)
        self._losses = np.empty((_BLOCK + 1, runs), dtype)  # a block's rounds, after the round before it
        self._wholes = self._losses if spec.period == 1 else np.empty_like(self._losses)  # over all samples
        self._first, self._middle = np.empty((2, runs), dtype)
        self._last = self._state  # at the start of the last round
        self._rises, self._falls = np.zeros((2, runs), np.int64)
        self._window, self._previous = list_window(spec.rounds, spec.period), self._last[0]
        self._finite = np.ones(runs, bool)
        self._lost = np.full(runs, spec.rounds + 1)
        self._leaving: list[tuple[NDArray[np.intp], NDArray[np.intp], Floats]] = []
        make = _one_by_one if runs <= _FEW else _together
        self._advance = make(spec, self._state, self._losses, self._wholes)

    def train(self) -> Iterator[int]:
        """Train for the problem's rounds; now and then yield how many are done."""
        rounds = self.spec.rounds
        with np.errstate(all="ignore"):
            for before, done in pairwise([*range(0, rounds - 1, _BLOCK), rounds - 1, rounds]):
                if done == rounds:
                    self._last = self._state.copy()
                self._train_block(before, done)
                yield done

    def collect_result(self) -> ChunkResult:
        """Return how the runs went, after their last round."""
        rounds = self.spec.rounds
        self._find_lost_rounds()
        values = NumpyEngine(self.spec.with_all_samples()).evaluate(self._last, rounds)
        losses = self._first, self._middle, self._wholes[0]
        lost = np.where(self._lost > rounds, 0, self._lost)
        return ChunkResult(
            Course(*losses, self._rises, self._falls, len(self._window) - 1, lost, rounds),
            compute_half_squares(self.spec, values),
        )

    def _train_block(self, before: int, done: int) -> None:
        """Train a block of rounds, and keep what is needed of the losses."""
        start, count, rounds = self._state.copy(), done - before, self.spec.rounds
        self._advance(before + 1, count)
        losses, wholes = self._losses[: count + 1], self._wholes[: count + 1]
        if before == 0:
            self._first = wholes[1].copy()
        if before < find_halfway(rounds) <= done:
            self._middle = wholes[find_halfway(rounds) - before].copy()
        for round_ in range(max(before + 1, self._window.start), done + 1):
            if round_ in self._window:
                now = wholes[round_ - before]
                if round_ > self._window.start:
                    self._rises += is_rising(self._previous, now)
                    self._falls += is_falling(self._previous, now)
                self._previous = now.copy()
        self._note_lost(before, losses[1:], start)
        self._losses[0], self._wholes[0] = losses[-1], wholes[-1]

    def _note_lost(self, before: int, losses: Floats, start: Floats) -> None:
        """Note which runs became non-finite in a block; for parameters, ``_find_lost_rounds`` finds the round."""
        finite = np.isfinite(losses)
        runs = ~finite.all(axis=0) & self._finite
        self._lost[runs] = before + 1 + (~finite[:, runs]).argmax(axis=0)
        stayed = np.isfinite(self._state).all(axis=0)
        (left,) = np.nonzero(~stayed & self._finite)
        if len(left):
            self._leaving.append((left, np.full(len(left), before), start[:, left]))
        self._finite &= stayed & ~runs

    def _find_lost_rounds(self) -> None:
        """Repeat the blocks in which parameters became non-finite, for those runs alone."""
        if not self._leaving:
            return
        runs, before, start = (np.concatenate(parts, axis=-1) for parts in zip(*self._leaving, strict=True))
        gone: list[Any] = []

        def note(parameters: Any) -> None:
            gone.append(~np.isfinite(parameters).all(axis=0))

        advance, constants = compile_program(self.spec.network).advance, collect_constants(self.spec)
        # rounds that differ in their data are repeated block by block, others all at once
        blocks = np.unique(before) if self.spec.varies else before[:1]
        for block in blocks.tolist():
            those = before == block if self.spec.varies else np.ones(len(runs), bool)
            gone.clear()
            feed = feed_rounds(self.spec, start.dtype, block + 1, _BLOCK)
            with np.errstate(all="ignore"):
                note(advance(feed, lambda row: note(row[1:]), *constants, *start[:, those]))
            by_update = np.maximum(before[those] + np.argmax(gone, axis=0), 1)
            self._lost[runs[those]] = np.minimum(self._lost[runs[those]], by_update)
        self._leaving.clear()


def _together(spec: Spec, state: Floats, losses: Floats, wholes: Floats) -> _Advance:
    """Return a function that trains all runs at once, from a round on for some rounds."""
    batch = compile_batch(spec.network)
    buffers = np.empty((batch.buffers, state.shape[1]), state.dtype)

    def advance(first: int, count: int) -> None:
        rows = iter(losses[1:])
        for round_, rounds in ((first + n, 1) for n in range(count)) if spec.varies else [(first, count)]:
            if wholes is not losses:
                wholes[round_ - first + 1] = evaluate_all_samples(spec, state, round_)["E"]
            values = collect_given(spec, state, round_).values()
            batch.advance(rounds, lambda loss: np.copyto(next(rows), loss), buffers, *values)

    return advance


def _one_by_one(spec: Spec, state: Floats, losses: Floats, wholes: Floats) -> _Advance:
    """Return a function that trains one run after the other, from a round on for some rounds."""
    program, constants = compile_program(spec.network), collect_constants(spec)

    def advance(first: int, count: int) -> None:
        for run, start in enumerate(state.T.copy()):
            rows: list[tuple[Any, ...]] = []
            feed = feed_rounds(spec, state.dtype, first, count)
            state[:, run] = program.advance(feed, rows.append, *constants, *start)
            losses[1 : count + 1, run] = [row[0] for row in rows]
            if wholes is not losses:
                before = np.array([row[1:] for row in rows]).T
                wholes[1 : count + 1, run] = evaluate_all_samples(spec, before, np.arange(first, first + count))["E"]

    return advance
