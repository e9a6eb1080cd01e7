"""The sizes of the gradients layer by layer: their numbers are those of the rounds, and their names are earned."""

import re
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
        "In round 1 the mean size of a gradient ∂E/∂w is 0.0001202 into hidden layer 1, 0.001086 into hidden layer 2, "
        "0.008257 into hidden layer 3 and 0.05002 into the output layer: they vanish on the way back, to 0.24 %."
    )
    assert last.startswith("In round 1,000 ") and "vanish" not in last


@pytest.mark.parametrize("sizes", [(2, 1), (2, 2, 2)])
def test_of_a_network_with_one_hidden_layer_or_none_nothing_is_said(sizes: tuple[int, ...]) -> None:
    assert said(problem(sizes), 3) == []


def test_large_weights_of_neurons_without_a_limit_make_gradients_explode() -> None:
    table = {"inputs": [1], "targets": [0], "hidden": [1, 1], "weights": [0.001, 20, 20]}
    spec = Spec.from_table({"network": {**table, "activation": {"hidden": "identity", "output": "identity"}}})
    (only,) = said(spec, 1)
    assert only.endswith(": they explode on the way back, to 20,000 times their size.")


def test_where_the_hidden_neurons_are_dead_no_gradient_arrives_at_the_first_layer() -> None:
    table = {"inputs": [1], "targets": [1], "hidden": [1, 1], "weights": [-1, 0.5, 0.5]}
    network = {**table, "activation": {"hidden": "relu", "hidden2": "sigmoid"}}
    (only,) = said(Spec.from_table({"network": network}), 1)
    assert only.endswith(": no gradient arrives at hidden layer 1.")


@examples(40)
@given(problems(gradient="chain rule"))
def test_what_is_said_is_what_the_rounds_say(spec: Spec) -> None:
    run = Run(NumpyEngine(spec))
    run.train_to(5)
    for text in said(spec, 5):
        round_ = int(re.findall(r"In round (\d)", text)[0])
        values = run.values(round_)
        sizes = [np.mean([abs(float(values[f"dE_d{w.name}"])) for w in gap]) for gap in spec.network.gaps]
        found = [float(number.replace("−", "-")) for number in re.findall(r"(\S+) into", text)]
        assert found == pytest.approx(sizes, rel=1e-3, abs=1e-300)
        assert ("vanish" in text) == (0 < sizes[0] / sizes[-1] < VANISHED)
        assert ("explode" in text) == (sizes[0] / sizes[-1] > 1 / VANISHED)
