"""Finite differences: the opinion that needs no derivation, against derivatives known in closed form and by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given

from bptui.core.engines.engine import Floats, make_engine
from bptui.core.engines.finite_differences import estimate_gradients
from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.gradient_rules import RULES
from bptui.core.formulas.losses import LOSSES
from bptui.core.problem.initialisation import make_initial_parameters
from bptui.core.problem.spec import Spec
from tests.effort import examples
from tests.strategies import BIASES, SIZES, is_smooth, problem, problems
from tests.tables import over


def by_hand(spec: Spec, parameters: Floats) -> dict[str, float]:
    values = make_engine("numpy", spec).evaluate(parameters, 1)
    return {name: value for name, value in values.items() if name.startswith("dE_d")}


@over(activation=ACTIVATIONS, loss=LOSSES, sizes=SIZES)
def test_hand_derived_gradients_are_the_slopes_of_the_loss(
    activation: str, loss: str, sizes: tuple[int, int, int]
) -> None:
    for biases in BIASES:
        spec = problem(sizes, activation, loss, biases)
        start = make_initial_parameters(spec)
        assert estimate_gradients(spec, start, 1) == pytest.approx(by_hand(spec, start), rel=1e-8, abs=1e-9), biases


@examples(100)
@given(problems(precision="float64", gradient="chain rule"))
def test_hand_derived_gradients_are_the_slopes_on_random_problems(spec: Spec) -> None:
    start = make_initial_parameters(spec)
    assume(is_smooth(spec, make_engine("numpy", spec).evaluate(start, 1)))
    expected = by_hand(spec, start)
    scale = max(1.0, *map(abs, expected.values()))
    assert estimate_gradients(spec, start, 1) == pytest.approx(expected, rel=1e-6, abs=1e-7 * scale)


def test_a_loss_that_can_be_differentiated_on_paper() -> None:
    """For E = 1/2 (v·w·x - y)² the slopes are (v·w·x - y)·w·x and (v·w·x - y)·v·x."""
    spec = Spec.from_table(
        {
            "network": {
                "inputs": [1.5],
                "targets": [0.25],
                "hidden": 1,
                "weights": [0.7, -0.4],
                "activation": {"hidden": "identity", "output": "identity"},
            }
        }
    )
    x, y, v, w = 1.5, 0.25, 0.7, -0.4
    error = v * w * x - y
    expected = {"dE_dw1": error * w * x, "dE_dw2": error * v * x}
    assert estimate_gradients(spec, np.array([v, w]), 1) == pytest.approx(expected, rel=1e-9)


@over(rule=RULES)
def test_the_gradient_rule_and_the_precision_play_no_part(default: Spec, rule: str) -> None:
    start = make_initial_parameters(default)
    other = replace(default, gradient=rule, precision="float32")
    assert estimate_gradients(other, start, 1) == estimate_gradients(default, start, 1)


def test_a_shared_bias_moves_every_neuron_of_its_layer_and_no_other() -> None:
    """Its slope is the sum of the slopes its layer's neurons would have with a bias each."""
    shared = problem(biases="shared")
    start = make_initial_parameters(shared)
    own = estimate_gradients(replace(shared, bias_update="per neuron"), start, 1)
    together = estimate_gradients(shared, start, 1)
    for layer in ("h", "o"):
        both = own[f"dE_db_{layer}1"] + own[f"dE_db_{layer}2"]
        assert [together[f"dE_db_{layer}{n}"] for n in (1, 2)] == pytest.approx([both, both], rel=1e-8)
    assert together["dE_dw1"] == own["dE_dw1"]


def test_where_the_loss_is_not_finite_the_slopes_are_not_numbers_and_nothing_is_raised(default: Spec) -> None:
    spec = replace(default, activation_hidden="identity", activation_output="identity")
    slopes = estimate_gradients(spec, 1e308 * np.array(default.weights), 1)
    assert not np.isfinite(list(slopes.values())).any()
