"""How many rounds it takes to come near to the floor: the same as reading a long run, and known figures."""

from dataclasses import replace
from math import inf, isfinite

import numpy as np
import pytest
from hypothesis import given

from bptui.core.engines.engine import NumpyEngine
from bptui.core.problem.spec import Spec
from bptui.core.training.convergence import TOLERANCES, measure_convergence
from bptui.core.training.run import Run
from bptui.core.training.verdict import compute_near
from bptui.lessons.lesson import load_lesson
from tests.effort import examples
from tests.strategies import problem, problems

STEPS = {1.0: (2942, 26407), 5.0: (589, 5283), 10.0: (295, 2643)}


@pytest.mark.parametrize(("step", "rounds"), STEPS.items())
def test_the_step_sizes_of_the_lesson_need_the_rounds_that_its_note_gives(step: float, rounds: tuple[int, int]) -> None:
    found = measure_convergence(replace(load_lesson("step-size").spec, step=step), 1000)
    assert found.rounds == rounds and found.of_floor and not found.still


@examples(60)
@given(problems())
def test_the_first_round_that_is_near_is_the_one_a_long_run_shows(spec: Spec) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bptui.core.training.convergence._MOST", 1)
        found = measure_convergence(spec, 60)
    run = Run(NumpyEngine(spec))
    run.train_to(60)
    if spec.floor in (inf, -inf) or not isfinite(run.loss(1)):
        assert found.rounds == (None, None) and found.looked == 0
        return
    bounds = [compute_near(spec.floor, part, run.loss(1)) for part in TOLERANCES]
    first = [next((r for r in range(1, 61) if run.loss(r) <= bound), None) for bound in bounds]
    assert list(found.rounds) == first
    assert found.looked == 60 or all(found.rounds) or found.still or found.lost


def test_where_the_floor_is_0_the_parts_are_of_the_first_loss() -> None:
    spec = load_lesson("mazur-2015").spec
    found = measure_convergence(spec, 10)
    run = Run(NumpyEngine(spec))
    assert not found.of_floor and found.rounds[0] is not None
    run.train_to(found.rounds[0])
    assert run.loss(found.rounds[0]) <= 0.1 * run.loss(1) < run.loss(found.rounds[0] - 1)


def test_a_training_in_which_nothing_moves_is_given_up_at_once() -> None:
    lesson = load_lesson("relu")
    dead = replace(lesson.spec, activation_hidden="relu", weights=(-1.0,) * 8)
    found = measure_convergence(dead, 10)
    assert found.still and not found.lost and found.looked < 10_000 and found.rounds == (None, None)


def test_so_is_one_that_has_left_the_finite_numbers() -> None:
    spec = replace(problem(activation="identity"), step=1e9)
    found = measure_convergence(spec, 10)
    assert found.lost and not found.still and found.looked < 10_000


def test_a_training_that_is_rounded_as_people_do_is_followed_less_far_for_it_takes_more_time() -> None:
    spec = replace(load_lesson("two-by-two").spec, rounding="8 decimals", step=1e-6)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bptui.core.training.convergence._MOST", 8 * 2_000)
        assert measure_convergence(replace(spec, rounding="none"), 10).looked == 2_000
        assert measure_convergence(spec, 10).looked == 2_000 // 50 and measure_convergence(spec, 90).looked == 90


@pytest.mark.parametrize(("loss", "weight"), [("half squared error", 1e200), ("binary cross entropy", 3.0)])
def test_where_the_first_loss_is_inf_or_nan_there_is_nothing_to_look_for(loss: str, weight: float) -> None:
    """Every loss would be below a part of infinity."""
    spec = replace(problem(activation="identity"), loss=loss, weights=(weight,) * 8)
    assert isfinite(spec.floor) and not isfinite(
        Run(NumpyEngine(spec)).engine.advance(np.full(8, weight), 1, 1)[0][0, 0]
    )
    found = measure_convergence(spec, 10)
    assert (found.rounds, found.looked, found.still, found.lost) == ((None, None), 0, False, False)


def test_it_is_given_up_after_some_time() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bptui.core.training.convergence._MOST", 8 * 2_000)
        found = measure_convergence(replace(load_lesson("step-size").spec, step=0.01), 1000)
    assert (found.rounds, found.looked, found.still) == ((None, None), 2000, False)
