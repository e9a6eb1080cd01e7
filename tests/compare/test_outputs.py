"""Observations about outputs: softmax, alone or twice, and losses that are meant for probabilities."""

from dataclasses import replace
from typing import Any

import pytest

from bptui.compare.outputs import describe_outputs, describe_pair
from bptui.core.problem.spec import Spec
from tests.compare.test_observations import find, said
from tests.strategies import problem

THREE = problem((2, 2, 3), "softmax", "categorical cross entropy")


def seen(spec: Spec) -> str:
    return " ".join(describe_outputs(find(spec, 3)))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ""),
        ({"loss": "half squared error"}, ""),
        ({"loss": "cross entropy"}, "softmax is applied twice here, once by the outputs and once by cross entropy"),
        ({"activation_output": "identity", "loss": "cross entropy"}, ""),
        (
            {"activation_output": "tanh"},
            "categorical cross entropy is meant for outputs from 0 to 1, but tanh goes beyond that range",
        ),
        (
            {"activation_output": "identity", "activation_neurons": (("o2", "relu"),)},
            "categorical cross entropy is meant for outputs from 0 to 1, but identity and relu go beyond that range",
        ),
        (
            {"activation_output": "sigmoid"},
            "categorical cross entropy does not lower an output whose target is 0; "
            "softmax would, because its outputs sum to 1",
        ),
        ({"activation_output": "sigmoid", "loss": "binary cross entropy"}, ""),
    ],
)
def test_a_loss_that_does_not_suit_the_outputs_gets_a_remark(changes: dict[str, Any], words: str) -> None:
    assert describe_pair(replace(THREE, **changes)) == words


def test_one_output_of_softmax_is_always_1_and_nothing_moves() -> None:
    text = "\n".join(said(problem((2, 2, 1), "softmax"), 5))
    assert "o1 is always 1: softmax outputs sum to 1, and there is only one output." in text
    assert "o1 is dead from round 1 on: softmax outputs 1 with slope 0" in text
    assert "With every output dead, nothing in the network moves from round 1 on." in text


def test_targets_that_do_not_sum_to_1_leave_a_squared_error() -> None:
    spec = replace(THREE, loss="half squared error", targets=((0.9, 0.5, 0.2),))
    assert seen(spec) == "Softmax outputs sum to 1, but targets sum to 1.6: E cannot fall below 0.06000."
    assert seen(replace(spec, targets=((0.5, 0.3, 0.2),))) == ""


def test_a_softmax_output_is_dead_only_where_no_output_follows_its_weighted_input() -> None:
    far = replace(
        THREE, loss="half squared error", weights=tuple(0.0 for _ in THREE.weights), biases_output=(800.0, 0.0, -800.0)
    )
    dead = find(far, 2).facts.since.get("dead", {})
    assert ("o2",) in dead and ("o3",) in dead and ("h1",) not in dead
