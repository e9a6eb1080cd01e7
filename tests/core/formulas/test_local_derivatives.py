"""Local derivatives: each is the slope of one quantity by the one before it, by that neuron's or network's own row."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given

from bptui.core.engines.engine import NumpyEngine
from bptui.core.engines.engine import collect_given as given_numbers
from bptui.core.engines.program import compile_expression
from bptui.core.formulas.activations import ACTIVATIONS, EACH_ITS_OWN
from bptui.core.formulas.backprop import list_forward
from bptui.core.formulas.expr import Expr, find_names
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.notation import PYTHON, write
from bptui.core.formulas.rules.derivatives import derive_loss, derive_slope, find_activation
from bptui.core.problem.initialisation import make_initial_parameters
from bptui.core.problem.spec import Spec
from bptui.core.quantities.general_formulas import make_general
from tests.effort import examples
from tests.strategies import is_smooth, network_of, problem, problems

WIDTH = 6e-6  # of a difference


def first_round(spec: Spec) -> dict[str, Any]:
    start = make_initial_parameters(spec).astype(np.float64)
    return {**given_numbers(spec, start, 1), **NumpyEngine(spec, "float64").evaluate(start, 1)}


@examples(100)
@given(problems())
def test_a_neuron_s_slope_is_how_its_output_follows_its_weighted_input(spec: Spec) -> None:
    values = first_round(spec)
    assume(is_smooth(spec, values))
    forward = {line.name: line.expr for line in list_forward(spec.network)}
    for neuron in spec.network.neurons:
        z, value = f"in_{neuron}", forward[neuron]
        width = WIDTH * max(1.0, abs(values[z]))
        up, down = (compile_expression(value)({**values, z: values[z] + way * width}) for way in (1, -1))
        found = compile_expression(derive_slope(spec.network, neuron))(values)
        assert found == pytest.approx((up - down) / (2 * width), rel=1e-7, abs=1e-8)


@examples(100)
@given(problems())
def test_a_softmax_output_follows_every_weighted_input_as_its_derivative_says(spec: Spec) -> None:
    spec = replace(spec, activation_output="softmax", activation_neurons=())
    values, n = first_round(spec), spec.network
    forward = {line.name: line.expr for line in list_forward(n)}
    for of, by in n.output_pairs:
        z, width = f"in_{by}", WIDTH * max(1.0, abs(values[f"in_{by}"]))
        up, down = (compile_expression(forward[of])({**values, z: values[z] + way * width}) for way in (1, -1))
        assert values[f"d{of}_din_{by}"] == pytest.approx((up - down) / (2 * width), rel=1e-7, abs=1e-8)


@examples(100)
@given(problems())
def test_the_loss_by_an_output_is_how_the_loss_follows_it(spec: Spec) -> None:
    values, row = first_round(spec), LOSSES[spec.loss]
    assume(is_smooth(spec, values))

    def loss(moved: dict[str, Any]) -> Any:
        for name, expr in row.parts(spec.network).items():
            moved[name] = compile_expression(expr)(moved)
        return compile_expression(row.value(spec.network))(moved)

    for o in spec.network.outputs:
        room = min(values[o], 1 - values[o]) if spec.loss == "binary cross entropy" else 1.0
        width = WIDTH * room * max(1.0, abs(values[o]))
        up, down = (loss({**values, o: values[o] + way * width}) for way in (1, -1))
        noise = 2.0**-46 * (abs(values["E"]) + 1.0) / width
        assert compile_expression(derive_loss(spec.network, o))(values) == pytest.approx(
            (up - down) / (2 * width), rel=1e-7, abs=noise + 1e-7 / room
        )


def test_each_neuron_has_the_slope_of_its_own_activation_at_its_own_place(default: Spec) -> None:
    n = replace(default, activation_neurons=(("h2", "tanh"), ("o1", "relu"))).network
    expected = {
        "h1": "h1*(1.0 - h1)",
        "h2": "1.0 - ((q := h2)*q)",
        "o1": "np.heaviside(in_o1, 0.0)",
        "o2": "o2*(1.0 - o2)",
    }
    assert {neuron: write(derive_slope(n, neuron), PYTHON) for neuron in n.neurons} == expected
    assert [find_activation(n, neuron) for neuron in n.neurons] == [
        ACTIVATIONS[name] for name in ("sigmoid", "tanh", "relu", "sigmoid")
    ]


def test_a_layer_of_several_activations_has_a_slope_without_a_name_in_general(default: Spec) -> None:
    activations = ("sigmoid", "tanh", "relu", "relu")
    n = make_general(network_of(2, 2, 2, activations=activations))
    assert find_activation(n, "h_j") is EACH_ITS_OWN and find_activation(n, "o_k") is ACTIVATIONS["relu"]


@pytest.mark.parametrize("loss", LOSSES)
def test_each_output_is_compared_with_its_own_target(loss: str) -> None:
    n = problem((2, 2, 3), loss=loss).network

    def read(expr: Expr) -> set[str]:
        return {name for name in find_names(expr) if name[0] in "yo"}

    every = {"y1", "y2", "y3"} if loss == "cross entropy" else set[str]()
    own = set[str]() if loss == "cross entropy" else {"o2"}
    assert read(derive_loss(n, "o2")) == {"y2"} | every | own


def test_a_slope_needs_no_loss_and_a_loss_no_activation() -> None:
    one, other = (network_of(2, 2, 2, activations=(name,) * 4) for name in ("tanh", "relu"))
    assert derive_loss(one, "o1") == derive_loss(other, "o1")
    assert derive_slope(one, "o1") == derive_slope(replace(one, loss="cross entropy"), "o1")
