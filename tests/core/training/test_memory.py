"""What runs keep is bounded: rounds left out are recomputed, and the same to the last bit."""

import gc
from dataclasses import replace
from itertools import count, pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.core.engines.engine import ENGINES, NumpyEngine, make_engine
from bptui.core.problem.spec import Spec
from bptui.core.training.history import History
from bptui.core.training.kept_rounds import BLOCK
from bptui.core.training.memory import MOST_BYTES, Memory
from bptui.core.training.run import Run
from bptui.core.training.run_facts import collect_facts
from tests.effort import examples
from tests.strategies import problems

XOR = {
    "network": {"inputs": [[0, 0], [0, 1], [1, 1]], "targets": [[0], [1], [1]], "hidden": 2, "weights": [0.3] * 6},
    "training": {"batch": 2, "optimiser": {"kind": "adam"}},
}
LARGE = {
    "network": {"inputs": [[0.1] * 8], "targets": [[0.5] * 8], "hidden": [8, 8], "init": {"kind": "normal", "seed": 1}}
}


def thinned(run: Run, stride: int) -> Run:
    """The same, with one of so many old rounds kept."""
    while run.next_stride is not None and run.next_stride <= stride:
        run.thin(1)
    return run


@examples(12)
@given(problems(), st.sampled_from(tuple(ENGINES)), st.sampled_from([2, 16, 4096]), st.integers(0, 2**32 - 1))
def test_a_thinned_run_reads_like_one_that_kept_everything(spec: Spec, name: str, stride: int, seed: int) -> None:
    """Whatever the optimiser, samples and precision: states, losses, values and what is drawn of them."""
    draw, rounds = Random(seed), 600
    with pytest.MonkeyPatch.context() as patch:
        for module in ("kept_rounds", "history"):
            patch.setattr(f"bptui.core.training.{module}.BLOCK", 128)
        whole, thin = (Run(make_engine(name, spec)) for _ in range(2))
        for run in (whole, thin):
            run.train_to(draw.randint(1, rounds))
            thinned(run, 2 if run is thin else 0)
            run.train_to(rounds)
        thinned(thin, min(stride, 64))
        assert thin.find_kept(2) == 1 and whole.find_kept(2) == 2
        for round_ in [1, 2, 128, 129, rounds, *(draw.randint(1, rounds) for _ in range(12))]:
            np.testing.assert_array_equal(thin.state(round_), whole.state(round_))
            np.testing.assert_array_equal(thin.loss(round_), whole.loss(round_))
            np.testing.assert_array_equal([*thin.values(round_).values()], [*whole.values(round_).values()])
            assert thin.find_kept(round_) <= round_
        first, last = sorted(draw.sample(range(1, rounds + 1), 2))
        rows = dict(thin.rows(first, last))
        assert all(low + len(rows[low]) == high for low, high in pairwise([*rows, last + 1]))
        np.testing.assert_array_equal(
            np.concatenate([*rows.values()]), np.concatenate([r for _, r in whole.rows(first, last)])
        )
        for most in (1, 30, 200):
            np.testing.assert_equal(thin.bins(last, most), whole.bins(last, most))
        assert thin.least(last) == whole.least(last)
        if spec.period > 1:
            edges = thin.bins(last, 20)[0]
            np.testing.assert_equal(thin.bin_means(edges), whole.bin_means(edges))
            assert thin.least_mean(last) == whole.least_mean(last)


@pytest.mark.parametrize("table", [XOR, LARGE], ids=["samples and adam", "large"])
def test_a_run_keeps_to_the_bound_and_its_facts_stay(
    table: dict[str, dict[str, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("kept_rounds", "history"):
        monkeypatch.setattr(f"bptui.core.training.{module}.BLOCK", 256)
    spec, rounds = Spec.from_table(table), 1500
    whole = Run(NumpyEngine(spec), memory=Memory())
    most = 384 * 8 * (1 + len(whole.next_state)) + 20_000  # and the losses that are always kept
    bounded = Run(NumpyEngine(spec), memory=Memory(most))
    for run in (whole, bounded):
        run.train_to(rounds)
    assert bounded.nbytes <= most < whole.nbytes
    assert bounded.find_kept(2) == 1
    np.testing.assert_array_equal(bounded.state(377), whole.state(377))
    mine, its = collect_facts(bounded, rounds), collect_facts(whole, rounds)
    assert (vars(mine.course), mine.since, mine.lowest) == (vars(its.course), its.since, its.lowest)


def test_older_runs_are_thinned_first_and_the_one_that_grows_last(default: Spec) -> None:
    """However many there are, and whoever still holds them: a bound of three blocks, and six runs."""
    size = BLOCK * 8 * (1 + len(default.weights))
    most = 3 * size + 6 * 2 * BLOCK * 9  # and the losses that always stay
    memory = Memory(most)
    runs = [Run(NumpyEngine(replace(default, step=0.1 * n)), memory=memory) for n in range(1, 7)]
    for run in runs:
        run.train_to(2 * BLOCK)
    kept = [2 * BLOCK - run.find_kept(2 * BLOCK) for run in runs]
    assert sum(run.nbytes for run in runs) <= most
    assert kept == sorted(kept, reverse=True) and kept[-1] <= 1 < kept[0]
    again = Run(NumpyEngine(runs[0].spec), memory=Memory())
    again.train_to(2 * BLOCK)
    np.testing.assert_array_equal(runs[0].state(2 * BLOCK - 1), again.state(2 * BLOCK - 1))


def test_a_run_that_nobody_holds_counts_no_more(default: Spec) -> None:
    size = BLOCK * 8 * (1 + len(default.weights))
    memory = Memory(3 * size)
    for _ in range(4):
        run = Run(NumpyEngine(default), memory=memory)
        run.train_to(2 * BLOCK)
        assert run.find_kept(2) == 2
        del run
        gc.collect()


def test_rounds_that_another_process_computed_are_known_where_they_are_kept(default: Spec) -> None:
    """Torch's own run: what lies between is asked for again, from the kept round before it."""
    history = History(default, np.dtype("float64"), memory=Memory(0))
    engine = NumpyEngine(default)
    for first in count(1, 1024):
        if first > 3 * BLOCK:
            break
        history.append(*engine.advance(history.next_state, 1024, first))
    kept = history.find_kept(3000)
    assert kept < 3000
    np.testing.assert_array_equal(engine.advance(history.state(kept), 3000 - kept, kept)[1], _straight(default, 3000))
    with pytest.raises(IndexError, match="not kept"):
        history.state(3000)


def _straight(spec: Spec, round_: int) -> np.ndarray:
    return Run(NumpyEngine(spec), memory=Memory()).engine.advance(
        History(spec, np.dtype(float)).next_state, round_ - 1, 1
    )[1]


def test_nothing_is_thinned_up_to_a_million_rounds_of_2_2_2() -> None:
    assert MOST_BYTES >= 1_000_000 * 8 * 9 + 10_000_000


def test_without_memory_for_more_rounds_a_run_stays_as_it_was(default: Spec) -> None:
    """What computes them may be asked again once there is some."""
    run, straight = (Run(NumpyEngine(default), memory=Memory()) for _ in range(2))
    run.train_to(BLOCK - 10)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bptui.core.training.kept_rounds.np.empty", _refuse)
        with pytest.raises(MemoryError):
            run.train_to(2 * BLOCK)
    rounds = run.rounds
    assert BLOCK - 10 <= rounds <= BLOCK
    run.train_to(2 * BLOCK)
    straight.train_to(2 * BLOCK)
    for round_ in (rounds, rounds + 1, 2 * BLOCK):
        np.testing.assert_array_equal(run.state(round_), straight.state(round_))
    assert run.bins(2 * BLOCK, 50) == straight.bins(2 * BLOCK, 50)


def _refuse(*_: object) -> None:
    raise MemoryError
