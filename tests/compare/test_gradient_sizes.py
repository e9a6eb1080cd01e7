"""The sizes of the gradients layer by layer: their numbers are those of the rounds, and their names are earned."""

import re
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from bptui.compare.gradient_sizes import VANISHED, describe_gradient_sizes
from bptui.core.engines.engine import NumpyEngine
from bptui.core.problem.spec import Spec
from bptui.core.training.run import Run
from bptui.core.training.run_facts import collect_facts
from bptui.lessons.lesson import load_lesson
from tests.effort import examples
from tests.strategies import problem, problems


def said(spec: Spec, rounds: int) -> list[str]:
    seen: Any = SimpleNamespace(facts=collect_facts(Run(NumpyEngine(spec)), rounds))
    return list(describe_gradient_sizes(seen))


def test_the_deep_lesson_has_gradients_that_vanish_in_its_first_round() -> None:
    first, last = said(load_lesson("deep").spec, 1000)
    assert first == (
        "In round 1, the mean |∂E/∂w| of the weights into a layer is 0.0001202 for hidden layer 1, 0.001086 for hidden "
        "layer 2, 0.008257 for hidden layer 3 and 0.05002 for the output layer: the gradients vanish on the way back, "
        "to 0.24 % of their size."
    )
    assert last.startswith("In round 1,000, ") and "vanish" not in last


@pytest.mark.parametrize("sizes", [(2, 1), (2, 2, 2)])
def test_of_a_network_with_one_hidden_layer_or_none_nothing_is_said(sizes: tuple[int, ...]) -> None:
    assert said(problem(sizes), 3) == []


def test_large_weights_of_neurons_without_a_limit_make_gradients_explode() -> None:
    table = {"inputs": [1], "targets": [0], "hidden": [1, 1], "weights": [0.001, 20, 20]}
    spec = Spec.from_table({"network": {**table, "activation": {"hidden": "identity", "output": "identity"}}})
    (only,) = said(spec, 1)
    assert only.endswith(": the gradients explode on the way back, to 20,000 times their size.")


def test_where_the_hidden_neurons_are_dead_no_gradient_arrives_at_the_first_layer() -> None:
    table = {"inputs": [1], "targets": [1], "hidden": [1, 1], "weights": [-1, 0.5, 0.5]}
    network = {**table, "activation": {"hidden": "relu", "hidden2": "sigmoid"}}
    (only,) = said(Spec.from_table({"network": network}), 1)
    assert only.endswith(": no gradient reaches hidden layer 1.")


@pytest.mark.parametrize(("x", "size"), [(0.001, "0.001"), (0.0, "0"), (1000.0, "1,000")])
def test_an_input_that_is_small_or_large_is_not_the_way_back(x: float, size: str) -> None:
    """All deltas are 1 here; the gradient into layer 1 is the input's size."""
    network = {
        "inputs": [x],
        "targets": [1.0],
        "hidden": [1, 1],
        "weights": [1.0, 1.0, 1.0],
        "biases": {"hidden": [1.0 - x], "hidden2": [0.0], "output": [1.0], "update": "frozen"},
        "activation": {"hidden": "identity", "output": "identity"},
    }
    (only,) = said(Spec.from_table({"network": network}), 1)
    assert f"is {size} for hidden layer 1" in only.replace("1000 for", "1,000 for")
    assert only.endswith("1 for the output layer.")


def test_with_other_samples_in_each_round_the_sizes_are_those_of_the_rounds_own() -> None:
    spec = replace(problem((2, 2, 2, 1)), inputs=((0.3, 0.1), (0.2, 0.9)), targets=((0.1,), (0.7,)), batch=1)
    assert [text[:12] for text in said(spec, 4)] == ["In round 1, ", "In round 4, "]


@examples(40)
@given(problems(gradient="chain rule"))
def test_what_is_said_is_what_the_rounds_say(spec: Spec) -> None:
    run = Run(NumpyEngine(spec))
    run.train_to(5)
    for text in said(spec, 5):
        round_ = int(re.findall(r"In round (\d)", text)[0])
        values = run.values(round_)
        sizes = [np.mean([abs(float(values[f"dE_d{w.name}"])) for w in gap]) for gap in spec.network.gaps]
        found = [float(number.replace("−", "-")) for number in re.findall(r"(\S+) for", text)]
        assert found == pytest.approx(sizes, rel=1e-3, abs=1e-300)
        first, last = (
            np.mean([abs(float(values[f"delta_{neuron}"])) for neuron in layer.neurons])
            for layer in (spec.network.layers[0], spec.network.layers[-1])
        )
        parts = [sizes[0] / sizes[-1], first / last]
        assert ("vanish" in text) == (min(parts) > 0 and max(parts) < VANISHED)
        assert ("explode" in text) == (min(parts) > 1 / VANISHED)
