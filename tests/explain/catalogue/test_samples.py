"""Mistakes with several samples: which are offered for a problem, and what two of them come to."""

from dataclasses import replace

import numpy as np
import pytest

from bptui.core.problem.spec import Spec
from bptui.explain.calculation.calculation import Calculation
from bptui.explain.calculation.changes import Change
from bptui.explain.catalogue.samples import list_batches, list_combinations
from bptui.lessons.lesson import load_lesson

XOR = load_lesson("xor").spec
ONLINE = replace(XOR, batch="one at a time")


def names(spec: Spec) -> list[str]:
    return [change.name for change in (*list_combinations(spec), *list_batches(spec))]


def state_after(spec: Spec, rounds: int, *changes: Change) -> list[float]:
    calculation = Calculation(spec, changes)
    count = len(spec.network.state)
    return [float(one) for one in calculation.advance(calculation.start(), rounds, 1)[:count]]


def option(spec: Spec, name: str) -> Change:
    return next(change for change in (*list_combinations(spec), *list_batches(spec)) if change.name == name)


def test_a_problem_of_one_sample_has_none() -> None:
    assert names(load_lesson("two-by-two").spec) == []


def test_a_round_of_one_sample_has_no_sum_to_mistake_and_no_update_within() -> None:
    assert names(ONLINE) == ["all samples a round, sum", "all samples a round, mean", "weights of the pass's start"]


def test_the_mean_is_offered_for_the_sum_and_the_sum_for_the_mean() -> None:
    assert "mean over the samples" in names(XOR) and "sum over the samples" not in names(XOR)
    mean = names(replace(XOR, over_samples="mean"))
    assert "sum over the samples" in mean and "updated once for each sample" in mean


def test_an_update_for_each_sample_at_the_weights_of_the_start_is_offered_only_where_it_differs_from_the_sum() -> None:
    assert "updated once for each sample" not in names(XOR)
    assert "updated once for each sample" in names(replace(XOR, optimiser="momentum"))


@pytest.mark.parametrize("optimiser", ["gradient descent", "momentum", "adam"])
def test_updates_within_a_round_are_those_of_training_with_one_sample_at_a_time(optimiser: str) -> None:
    spec = replace(XOR, optimiser=optimiser, weight_decay=0.01)
    within = state_after(spec, 3, option(spec, "updated after each sample"))
    online = state_after(replace(spec, batch="one at a time"), 12)
    np.testing.assert_allclose(within, online, rtol=1e-12, atol=1e-15)


def test_weights_of_the_start_of_the_pass_come_to_the_sum_of_a_batch() -> None:
    old = state_after(ONLINE, 8, option(ONLINE, "weights of the pass's start"))
    np.testing.assert_allclose(old, state_after(XOR, 2), rtol=1e-12, atol=1e-15)


def test_where_passes_begin_within_a_round_no_round_has_the_weights_of_the_start() -> None:
    assert "weights of the pass's start" not in names(replace(XOR, batch=3))


def test_gradients_that_were_overwritten_are_those_of_the_last_sample_also_divided_where_the_mean_is_taken() -> None:
    for spec, names in ((XOR, [""]), (replace(XOR, over_samples="mean"), ["", ", divided"])):
        found = [one for one in list_combinations(spec) if one.name.startswith("gradients of the last sample alone")]
        assert [one.name.removeprefix("gradients of the last sample alone") for one in found] == names
        alone = replace(spec, inputs=spec.inputs[-1:], targets=spec.targets[-1:])
        for one, size in zip(found, (1, 4), strict=False):
            shorter = replace(alone, step=alone.step / size)
            assert state_after(spec, 3, one) == pytest.approx(state_after(shorter, 3), rel=1e-12)
