"""Chunks of runs: how each went is told exactly as of its single run, wherever its block or chunk ends."""

import weakref
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.core.engines.engine import NumpyEngine
from bptui.core.formulas.rounding import NONE
from bptui.core.problem.spec import Spec
from bptui.core.training.run import Run
from bptui.core.training.run_facts import compute_half_squares, summarise_course
from bptui.core.training.verdict import VERDICTS, judge
from bptui.sweep import chunk as sweep
from bptui.sweep.chunk import Chunk, ChunkResult, compute_width, split_seeds
from tests.effort import examples
from tests.strategies import problem, rounded_or_not


def trained(spec: Spec, seeds: range) -> ChunkResult:
    chunk = Chunk(spec, seeds)
    done = list(chunk.train())
    assert done[-1] == spec.rounds and done == sorted(done)
    return chunk.collect_result()


def assert_as_alone(spec: Spec, seeds: range) -> set[int]:
    """All that is told of each run is what is told of it alone; returns the rounds where numbers were lost."""
    ends = trained(spec, seeds)
    together = judge(ends.course, spec.floor)
    for place, seed in enumerate(seeds):
        run = Run(NumpyEngine(replace(spec, seed=seed)))
        run.train_to(spec.rounds)
        alone = summarise_course(run, spec.rounds)
        mine = {k: np.broadcast_to(v, len(seeds))[place] for k, v in vars(ends.course).items()}
        np.testing.assert_equal(mine, vars(alone))
        np.testing.assert_equal(ends.half_squares[place], compute_half_squares(spec, run.values(spec.rounds)))
        assert together[place] == judge(alone, spec.floor)
    return set(np.atleast_1d(ends.course.lost).tolist())


@examples(60)
@given(
    rounded_or_not,
    st.sampled_from([(40, 1), (200, 9), (131, 6), (1, 8), (2, 7), (33, 3), (65, 21)]),
    st.sampled_from(["normal", "he normal", "uniform", "zeros"]),
    st.sampled_from([0.01, 3.0, 1e3]),
)
def test_a_run_of_a_chunk_is_told_of_as_alone(spec: Spec, size: tuple[int, int], init: str, step: float) -> None:
    rounds, runs = size
    rounds = min(rounds, 3) if spec.rounding != NONE else rounds
    assert_as_alone(replace(spec, init=init, rounds=rounds, step=step, weights=()), range(5, 5 + runs))


def test_the_round_where_numbers_are_lost_is_exact_wherever_in_a_block_it_is() -> None:
    """Small weights take longer to grow too large."""
    spec = replace(problem((2, 2, 2), "identity"), init="normal", step=1.9, rounds=120, precision="float32")
    lost = set[int]().union(*(assert_as_alone(replace(spec, std=std), range(60)) for std in (1e-30, 1e-12, 1e-5)))
    assert lost >= {31, 32, 33} and max(lost) > 96
    assert assert_as_alone(replace(spec, std=0.1, step=0.3), range(9)) == {0}


def test_a_start_that_is_not_finite_is_lost_in_round_1() -> None:
    spec = replace(problem(), init="normal", std=1e60, precision="float32", rounds=40)
    assert set(np.atleast_1d(trained(spec, range(20)).course.lost).tolist()) == {1}
    assert_as_alone(spec, range(20))


def test_a_loss_that_is_not_finite_once_is_lost_there_though_the_parameters_stay() -> None:
    """A logarithm of a negative number, whose derivative has a value all the same."""
    spec = problem((2, 2, 2), "identity", "binary cross entropy")
    assert_as_alone(replace(spec, init="normal", std=0.6, step=1e-3, rounds=100), range(40))


def test_every_verdict_there_is_can_be_told_of_many() -> None:
    spec = replace(problem((2, 2, 2), "tanh"), init="normal", std=2.0, rounds=60)
    found = set[str]()
    for step in (1e-6, 0.05, 3.0, 40.0):
        ends = trained(replace(spec, step=step), range(50))
        found |= {VERDICTS[place] for place in judge(ends.course, spec.floor)}
    assert found >= {"oscillating", "still falling", "stuck"}


def test_few_runs_one_by_one_are_the_same_as_together(monkeypatch: pytest.MonkeyPatch, default: Spec) -> None:
    spec = replace(default, init="normal", rounds=100)
    one_by_one = trained(spec, range(3))
    monkeypatch.setattr(sweep, "_FEW", 0)
    together = trained(spec, range(3))
    np.testing.assert_equal(vars(one_by_one.course), vars(together.course))
    np.testing.assert_array_equal(one_by_one.half_squares, together.half_squares)


def test_a_chunk_of_a_large_network_is_narrower(default: Spec) -> None:
    large = replace(default, inputs=((0.1,) * 8,), hidden=(8,), targets=((0.5,) * 8,))
    assert 1_000 < compute_width(large) < compute_width(default) <= 20_000
    assert compute_width(replace(large, precision="float32")) // 2 == compute_width(large)


@pytest.mark.parametrize("runs", [1, 5, 16_384, 16_385, 100_000])
def test_seeds_are_parted_into_chunks_without_a_gap(runs: int, default: Spec) -> None:
    seeds = range(7, 7 + runs)
    parts = list(split_seeds(default, seeds))
    assert [seed for part in parts for seed in part] == list(seeds)
    assert max(map(len, parts)) <= compute_width(default)
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


def test_a_chunk_that_is_done_with_is_gone_at_once(default: Spec) -> None:
    """So that many chunks one after the other need no more memory than one."""
    for runs in (2, 20):
        chunk = Chunk(replace(default, init="normal", rounds=3), range(runs))
        assert list(chunk.train())
        gone = weakref.ref(chunk)
        del chunk
        assert gone() is None
