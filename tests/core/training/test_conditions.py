"""Conditions: each holds in the rounds in which it should, for one round and for many."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from bptui.core.engines.engine import NumpyEngine
from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.network import Network
from bptui.core.problem.spec import Spec
from bptui.core.training.conditions import SATURATED, Condition, list_conditions
from bptui.core.training.run import Run
from tests.effort import examples
from tests.strategies import problem, problems


def named(network: Network, kind: str, *subject: str) -> Condition:
    return next(one for one in list_conditions(network) if (one.kind, one.subject) == (kind, subject))


def of_kind(network: Network, kind: str) -> list[tuple[str, ...]]:
    return [one.subject for one in list_conditions(network) if one.kind == kind]


def holds(network: Network, kind: str, subject: str, **values: Any) -> list[bool]:
    found: list[bool] = np.asarray(named(network, kind, subject).test(values)).tolist()
    return found


def test_a_loss_is_negative_below_0_only() -> None:
    assert holds(problem().network, "negative", "E", E=np.array([-5e-324, 0.0, -0.0, 1.0])) == [
        True,
        False,
        False,
        False,
    ]


def test_a_relu_is_dead_at_its_kink_and_below() -> None:
    network = problem(activation="relu").network
    at = np.array([-1.0, 0.0, 5e-324, 2.0])
    assert holds(network, "dead", "h2", in_h2=at, h2=np.maximum(at, 0)) == [True, True, False, False]


def test_a_sigmoid_is_dead_only_where_its_slope_underflows_or_its_output_is_an_end() -> None:
    network = problem().network
    assert holds(network, "dead", "o1", in_o1=np.zeros(4), o1=np.array([0.0, 1e-300, 0.5, 1.0])) == [
        True, False, False, True,
    ]  # fmt: skip


def test_an_identity_is_never_dead() -> None:
    network = problem(activation="identity").network
    assert not np.any(named(network, "dead", "h1").test({"in_h1": np.zeros(3), "h1": np.zeros(3)}))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_only_what_levels_out_at_both_ends_is_saturated_near_to_them(name: str) -> None:
    network = problem(activation=name).network
    low, high = ACTIVATIONS[name].range
    if name == "softmax":  # the slope of an output by its own weighted input is not all that it is multiplied by
        assert of_kind(network, "saturated") == [("h1",), ("h2",)]
        return
    if not np.isfinite([low, high]).all():
        assert of_kind(network, "saturated") == []
        return
    assert of_kind(network, "saturated") == [("h1",), ("h2",), ("o1",), ("o2",)]
    room = SATURATED * (high - low)
    at = np.array(
        [low, low + 0.9 * room, low + 1.1 * room, (low + high) / 2, high - 1.1 * room, high - 0.9 * room, high]
    )
    assert holds(network, "saturated", "o2", o2=at) == [True, True, False, False, False, True, True]


def test_copies_have_the_same_weights_in_and_out() -> None:
    network = problem().network
    rounds = {name: np.array([0.3, 0.3, 0.3]) for name in network.parameters}
    rounds["w2"] = np.array([0.3, 0.4, 0.3])
    rounds["w8"] = np.array([0.3, 0.3, 0.4])
    assert named(network, "copies", "h1", "h2").test(rounds).tolist() == [True, False, False]


@pytest.mark.parametrize(("own", "other", "expected"), [(0.1, 0.1, True), (0.1, 0.2, False)])
def test_copies_have_the_same_bias(own: float, other: float, expected: bool) -> None:
    network = problem(biases="per neuron").network
    same = dict.fromkeys(network.parameters, 0.5)
    assert bool(named(network, "copies", "h1", "h2").test({**same, "b_h1": own, "b_h2": other})) is expected


def test_neurons_with_other_activations_are_no_copies() -> None:
    spec = replace(problem((2, 3, 2)), activation_neurons=(("h2", "tanh"),))
    assert of_kind(spec.network, "copies") == [("h1", "h3")]


@examples(40)
@given(problems())
def test_many_rounds_at_once_are_told_what_each_is_told_alone(spec: Spec) -> None:
    run = Run(NumpyEngine(spec))
    run.train_to(9)
    rounds = [{**run.given(round_), **run.values(round_)} for round_ in range(1, 10)]
    together = {name: np.array([one[name] for one in rounds]) for name in {*spec.network.parameters, *run.values(1)}}
    with np.errstate(all="ignore"):
        for condition in list_conditions(spec.network):
            alone = [bool(condition.test(one)) for one in rounds]
            assert np.broadcast_to(condition.test(together), 9).tolist() == alone
