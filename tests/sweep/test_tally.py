"""Runs counted: verdicts, examples and ends that are those of the single runs, whatever was merged first."""

import json
from dataclasses import replace
from functools import reduce

import numpy as np
import pytest

from bptui.core.engines.engine import NumpyEngine
from bptui.core.problem.spec import Spec
from bptui.core.training.run import Run
from bptui.core.training.run_facts import collect_facts, compute_half_squares
from bptui.core.training.verdict import VERDICTS
from bptui.sweep.tally import Tally
from tests.strategies import problem
from tests.sweeps import tallied

SPECS = {
    "half squares": replace(problem(), init="normal", step=4.0, rounds=60),
    "cross entropy": replace(problem(loss="cross entropy"), init="uniform", rounds=40, step=2.0),
    "lost": replace(problem((2, 2, 2), "identity"), init="normal", step=0.6, rounds=30, precision="float32"),
}


def data(tally: Tally) -> str:
    return json.dumps(tally.to_data())


def alone(spec: Spec, seed: int) -> Run:
    return Run(NumpyEngine(replace(spec, seed=seed)))


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_it_counts_what_the_single_runs_say(spec: Spec) -> None:
    tally, found = tallied(spec, range(1, 41)), {}
    for seed in range(1, 41):
        found[seed] = collect_facts(alone(spec, seed), spec.rounds)
    words = [one.verdict for one in found.values()]
    assert tally.runs == 40
    assert tally.verdicts == tuple(words.count(word) for word in VERDICTS)
    for word, example in zip(VERDICTS, tally.examples, strict=True):
        assert example == next((seed for seed, one in found.items() if one.verdict == word), None)
    best, exact = tally.loss.lowest, tally.half_squares.highest
    assert best is not None
    run = alone(spec, best.seed)
    run.train_to(spec.rounds)
    assert (
        best.value
        == run.loss(spec.rounds)
        == min(one.at[spec.rounds][0] for one in found.values() if not one.course.lost)
    )
    run = alone(spec, exact.seed)
    run.train_to(spec.rounds)
    np.testing.assert_equal(exact.value, float(compute_half_squares(spec, run.values(spec.rounds))))


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_parts_merged_in_any_order_are_the_whole(spec: Spec) -> None:
    parts = [tallied(spec, range(first, first + 10)) for first in (31, 1, 21, 11)]
    whole = tallied(spec, range(1, 41))
    for order in (parts, parts[::-1]):
        assert data(reduce(Tally.merge, order)) == data(whole)


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_it_survives_being_plain_data(spec: Spec) -> None:
    tally = tallied(spec, range(1, 21))
    assert data(Tally.from_data(json.loads(data(tally)))) == data(tally)


def test_the_half_squared_error_is_told_once_where_it_is_the_loss() -> None:
    assert tallied(SPECS["half squares"], range(9)).to_data()["half_squares"] is None
    assert tallied(SPECS["cross entropy"], range(9)).to_data()["half_squares"] is not None
