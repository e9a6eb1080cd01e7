"""Facts of a training: the same as reading every round one by one, and what is known of the bundled lessons."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from math import inf, isfinite
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.core.engines.engine import NumpyEngine
from bptui.core.engines.program import compile_expression
from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.expr import Name
from bptui.core.formulas.names import bias
from bptui.core.formulas.rules.derivatives import derive_slope
from bptui.core.problem.spec import Spec
from bptui.core.training.conditions import list_conditions
from bptui.core.training.run import Run
from bptui.core.training.run_facts import Facts, choose_rounds, collect_facts, compute_half_squares
from bptui.lessons.lesson import load_lesson
from tests.effort import examples
from tests.strategies import problem, problems

ROUNDS = 40


def of(name: str, rounds: int = 0, variant: str = "", **changes: Any) -> Facts:
    lesson = load_lesson(name)
    if variant:
        lesson = lesson.make_variant(next(one for one in lesson.variants if one.name == variant))
    spec = replace(lesson.spec, **changes)
    return collect_facts(Run(NumpyEngine(spec)), rounds or spec.rounds)


def holds(spec: Spec, values: Mapping[str, Any]) -> set[tuple[str, tuple[str, ...]]]:
    """What holds in one round, read slowly."""
    n = spec.network
    found: set[tuple[str, tuple[str, ...]]] = set()
    if values["E"] < 0:
        found.add(("negative", ("E",)))
    for neuron in n.neurons:
        low, high = ACTIVATIONS[n.activation(neuron)].range
        jointly = n.activation(neuron) == "softmax"
        slopes = (
            [Name(f"do{k}_din_{neuron}") for k, _ in enumerate(n.outputs, 1)] if jointly else [derive_slope(n, neuron)]
        )
        if not any(compile_expression(slope)(values) for slope in slopes):
            found.add(("dead", (neuron,)))
        room = 0.01 * (high - low)
        if isfinite(room) and not jointly and (values[neuron] < low + room or values[neuron] > high - room):
            found.add(("saturated", (neuron,)))
    for one, other in (pair for layer in n.hidden_layers for pair in combinations(layer.neurons, 2)):
        pairs = [(n.weight(x, one), n.weight(x, other)) for x in n.sources(one)]
        pairs += [(n.weight(one, o), n.weight(other, o)) for o in n.targets_of(one)]
        pairs += [(bias(one), bias(other))] if bias(one) in n.biases else []
        if n.activation(one) == n.activation(other) and all(values[a] == values[b] for a, b in pairs):
            found.add(("copies", (one, other)))
    return found


@examples(60)
@given(problems(), st.sampled_from([7, 16, 4096]))
def test_what_holds_since_when_is_what_a_slow_reading_of_every_round_finds(spec: Spec, block: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bptui.core.training.kept_rounds.BLOCK", block)
        run = Run(NumpyEngine(spec))
        found = collect_facts(run, ROUNDS)
        lost = run.left_finite if run.left_finite and run.left_finite <= ROUNDS else 0
        assert found.course.lost == lost and found.end == (lost - 1 if lost else ROUNDS)
        since: dict[Any, int] = {}
        for round_ in range(1, found.end + 1):
            now = holds(spec, {**run.given(round_), **run.values(round_)})
            since = {what: since.get(what, round_) for what in now}
        losses = [run.loss(round_) for round_ in range(1, found.end + 1)]
    told = {(kind, subject): round_ for kind, of_kind in found.since.items() for subject, round_ in of_kind.items()}
    groups = {subject: round_ for (kind, subject), round_ in told.items() if kind == "copies"}
    pairs = {("copies", pair): r for group, r in groups.items() for pair in combinations(group, 2)}
    plain = {what: round_ for what, round_ in told.items() if what[0] != "copies"}
    assert plain == {what: round_ for what, round_ in since.items() if what[0] != "copies"}
    assert set(pairs) == {what for what in since if what[0] == "copies"}
    if losses:
        assert found.lowest == (min(losses), 1 + losses.index(min(losses)))


def test_the_losses_told_are_those_of_the_rounds() -> None:
    found, run = of("two-by-two"), Run(NumpyEngine(load_lesson("two-by-two").spec))
    run.train_to(1000)
    assert list(found.at) == [1, 10, 100, 1000] == choose_rounds(1000)
    for round_, (loss, common) in found.at.items():
        assert loss == run.loss(round_) and common == pytest.approx(loss, rel=1e-12)
    assert (found.course.first, found.course.middle, found.course.last) == tuple(map(run.loss, (1, 500, 1000)))
    assert (found.course.rises, found.course.falls, found.course.steps) == (0, 100, 100)


def test_a_relu_output_with_a_target_out_of_reach_is_dead_and_the_rest_converges() -> None:
    found = of("relu")
    assert found.verdict == "converged" and found.since["dead"] == {("o2",): 3}


def test_twins_are_copies_from_the_first_round_on_and_a_negative_loss_is_noticed() -> None:
    found = of("zero-weights")
    assert found.since["copies"] == {("h1", "h2"): 1} and found.since["negative"] == {("E",): 160}
    assert found.since["saturated"] == {("o1",): 735, ("o2",): 735}


def test_a_start_with_every_neuron_dead_is_stuck() -> None:
    found = of("random-weights", variant="normal start, seed 2")
    assert found.verdict == "stuck"
    assert found.since["dead"] == dict.fromkeys((("h1",), ("h2",), ("o1",), ("o2",)), 1)


def test_a_runaway_diverges_in_the_round_in_which_float32_overflows() -> None:
    assert of("random-weights").verdict == "still falling"
    found = of("random-weights", rounds=600)
    assert found.verdict == "diverged" and found.course.lost == 565 and found.end == 564


def test_too_large_a_step_oscillates_or_diverges() -> None:
    spec = replace(problem(activation="identity"), step=1e6)
    assert collect_facts(Run(NumpyEngine(spec)), 50).verdict == "diverged"
    tanh = replace(load_lesson("mazur-2015").spec, activation_hidden="tanh", activation_output="tanh", step=20.0)
    bounces = collect_facts(Run(NumpyEngine(tanh)), 400)
    low, high = bounces.span
    assert (bounces.verdict, bounces.course.rises, bounces.course.falls) == ("oscillating", 50, 50)
    assert (low, high) == pytest.approx((0.01258671, 0.03770229)) and low <= bounces.course.last <= high


def test_the_wrong_sign_makes_the_loss_rise() -> None:
    found = of("two-by-two", gradient="sign wrong", rounds=20)
    assert found.verdict == "rising"


@pytest.mark.parametrize("rounds", [1, 2, 3])
def test_a_round_or_two_are_enough_to_be_told_of(rounds: int) -> None:
    assert of("two-by-two", rounds=rounds).end == rounds


def test_numbers_that_are_lost_in_the_first_round_leave_no_round_to_tell_of() -> None:
    spec = replace(problem(), weights=(1e308,) * 8, activation_hidden="identity", activation_output="identity")
    found = collect_facts(Run(NumpyEngine(spec)), 10)
    assert (found.verdict, found.end, found.course.lost, found.since) == ("diverged", 0, 1, {})


def test_cross_entropy_with_a_target_below_0_and_relu_has_no_floor_and_never_converges() -> None:
    spec = load_lesson("random-weights").spec
    assert (spec.loss, spec.activation_output, spec.targets[0][1]) == ("cross entropy", "relu", -0.07)
    assert spec.floor == -inf
    assert of("random-weights").verdict == "still falling"


def test_a_target_of_0_has_a_floor_of_0_that_a_sigmoid_comes_to_for_ever() -> None:
    found = of("two-by-two", targets=((0.5, 0.0),))
    assert found.spec.floor == 0 and found.verdict == "still falling"
    assert found.lowest == (found.course.last, 1000)


def test_a_network_of_eight_each_way_is_looked_at() -> None:
    spec = replace(problem((8, 8, 8)), init="constant", weights=())
    found = collect_facts(Run(NumpyEngine(spec)), 30)
    assert found.since["copies"] == {tuple(f"h{j}" for j in range(1, 9)): 1}


def test_the_common_measure_is_half_the_squared_error_for_one_round_and_for_many() -> None:
    spec = load_lesson("cross-entropy").spec
    values = {"o1": np.array([0.5, 0.23]), "o2": np.array([0.0, 0.93])}
    assert compute_half_squares(spec, values).tolist() == pytest.approx([0.5 * 0.27**2 + 0.5 * 0.07**2, 0.5])


def test_the_values_of_the_last_round_are_all_of_a_round_that_uses_all_samples() -> None:
    spec = replace(load_lesson("xor").spec, batch=3)
    run = Run(NumpyEngine(spec))
    every = NumpyEngine(replace(spec, batch="all"))
    assert collect_facts(run, ROUNDS).values == every.evaluate(run.state(ROUNDS), ROUNDS)


def test_every_condition_is_of_a_known_kind_and_subject() -> None:
    network = problem((2, 3, 2)).network
    found = list_conditions(network)
    assert len({(one.kind, one.subject) for one in found}) == len(found)
    assert {one.kind for one in found} == {"negative", "dead", "saturated", "copies"}
