"""Finite differences: the opinion that needs no derivation, against derivatives known in closed form and by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given

from bptui.core.engines.engine import Floats, make_engine
from bptui.core.engines.finite_differences import estimate_gradients
from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.names import gradient
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.initialisation import make_initial_parameters
from bptui.core.problem.spec import Spec
from tests.effort import examples
from tests.states import ORDINARY, make_states
from tests.strategies import BIASES, SIZES, is_defined, is_smooth, problem, problems
from tests.tables import over


def slopes_of(spec: Spec, parameters: Floats) -> dict[str, float]:
    return {name: one.slope for name, one in estimate_gradients(spec, parameters, 1).items()}


def by_hand(spec: Spec, parameters: Floats) -> dict[str, float]:
    values = make_engine("numpy", spec).evaluate(parameters, 1)
    return {name: values[name] for name in map(gradient, spec.network.parameters)}


@over(activation=ACTIVATIONS, loss=LOSSES, sizes=SIZES)
def test_hand_derived_gradients_are_the_slopes_of_the_loss(
    activation: str, loss: str, sizes: tuple[int, int, int]
) -> None:
    for biases in BIASES if is_defined(activation, loss, sizes) else ():
        spec = problem(sizes, activation, loss, biases)
        start = make_initial_parameters(spec)
        assert slopes_of(spec, start) == pytest.approx(by_hand(spec, start), rel=1e-8, abs=1e-9), biases


@examples(100)
@given(problems(precision="float64", gradient="chain rule"))
def test_hand_derived_gradients_are_the_slopes_on_random_problems(spec: Spec) -> None:
    start = make_initial_parameters(spec)
    assume(is_smooth(spec, make_engine("numpy", spec).evaluate(start, 1)))
    expected = by_hand(spec, start)
    scale = max(1.0, *map(abs, expected.values()))
    assert slopes_of(spec, start) == pytest.approx(expected, rel=1e-6, abs=1e-7 * scale)
    for name, (slope, error) in estimate_gradients(spec, start, 1).items():
        assert abs(slope - expected[name]) <= error, name


def test_nine_of_ten_errors_of_ordinary_estimates_are_below_a_twenty_millionth_of_them() -> None:
    sizes = list[float]()
    for spec in make_states(60, ORDINARY):
        estimates = estimate_gradients(spec, make_initial_parameters(spec), 1).values()
        sizes += [one.error / abs(one.slope) for one in estimates if np.isfinite(one.error) and one.slope]
    assert np.quantile(sizes, 0.9) < 5e-8 and np.quantile(sizes, 0.5) < 3e-9


def test_no_difference_is_used_that_reaches_a_kink(default: Spec) -> None:
    """Or else the error is unknown: at the kink itself there is no such difference."""
    at_kink = replace(default, activation_hidden="relu", weights=(0.0, 0.2, 0.0, 0.4, *default.weights[4:]))
    near = replace(at_kink, weights=(1e-5, *at_kink.weights[1:]))
    errors = [estimate_gradients(s, make_initial_parameters(s), 1)["dE_dw1"].error for s in (at_kink, near)]
    assert errors[0] == np.inf and errors[1] < 1e-8


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
    assert slopes_of(spec, np.array([v, w])) == pytest.approx(expected, rel=1e-9)


@over(rule=RULES)
def test_the_gradient_rule_and_the_precision_play_no_part(default: Spec, rule: str) -> None:
    start = make_initial_parameters(default)
    other = replace(default, gradient=rule, precision="float32")
    assert estimate_gradients(other, start, 1) == estimate_gradients(default, start, 1)


def test_a_shared_bias_moves_every_neuron_of_its_layer_and_no_other() -> None:
    """Its slope is the sum of the slopes its layer's neurons would have with a bias each."""
    shared = problem(biases="shared")
    start = make_initial_parameters(shared)
    own = slopes_of(replace(shared, bias_update="per neuron"), start)
    together = slopes_of(shared, start)
    for layer in ("h", "o"):
        both = own[f"dE_db_{layer}1"] + own[f"dE_db_{layer}2"]
        assert [together[f"dE_db_{layer}{n}"] for n in (1, 2)] == pytest.approx([both, both], rel=1e-8)
    assert together["dE_dw1"] == own["dE_dw1"]


def test_where_the_loss_is_not_finite_the_slopes_are_not_numbers_and_nothing_is_raised(default: Spec) -> None:
    spec = replace(default, activation_hidden="identity", activation_output="identity")
    estimates = estimate_gradients(spec, 1e308 * np.array(default.weights), 1)
    assert not np.isfinite(list(estimates.values())).any()
