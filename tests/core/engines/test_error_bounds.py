"""Sizes: what the numbers of a round would be if nothing cancelled bounds how far two computations may differ."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from bptui.core.engines.engine import NumpyEngine
from bptui.core.engines.error_bounds import compute_sizes
from bptui.core.problem.initialisation import initial_parameters
from bptui.core.problem.spec import Spec
from tests.effort import examples
from tests.strategies import rounded_or_not


def given_and_values(spec: Spec) -> dict[str, float]:
    network, parameters = spec.network, initial_parameters(spec)
    data = dict(zip(network.inputs + network.targets, spec.inputs + spec.targets, strict=True))
    return {
        **data,
        "eta": spec.step,
        **dict(zip(network.parameters, parameters, strict=True)),
        **NumpyEngine(replace(spec, precision="float64")).evaluate(parameters, 1),
    }


@examples(150)
@given(rounded_or_not)
def test_no_finite_number_is_larger_than_its_size(spec: Spec) -> None:
    values = given_and_values(spec)
    for name, size in compute_sizes(spec.network, values).items():
        value = abs(float(values[name]))
        assert not np.isfinite(value) or not np.isfinite(size) or value <= size * (1 + 1e-12), name


def test_the_sizes_of_the_default_round_are_those_worked_out_by_hand(default: Spec) -> None:
    values = given_and_values(default)
    found = compute_sizes(default.network, values)
    in_h1 = 0.2 * 0.5 + 0.5 * 0.3
    h1 = values["h1"] + values["h1"] * (1 - values["h1"]) * in_h1
    assert found["in_h1"] == pytest.approx(in_h1)
    assert found["h1"] == pytest.approx(h1)
    delta_o1 = (found["o1"] + 0.23) * found["o1"] * (1 + found["o1"])
    assert found["delta_o1"] == pytest.approx(delta_o1)
    assert found["dE_dw5"] == pytest.approx(delta_o1 * h1)
    assert found["new_w7"] == pytest.approx(0.3 + default.step * found["dE_dw7"])


def test_a_difference_that_cancels_keeps_the_size_of_its_terms(default: Spec) -> None:
    values = given_and_values(default)
    met = replace(default, targets=(float(values["o1"]), float(values["o2"])))
    values = given_and_values(met)
    assert values["dE_dw5"] == 0.0 and compute_sizes(met.network, values)["dE_dw5"] > 0.1


def test_numbers_beyond_telling_have_no_finite_size(default: Spec) -> None:
    exploded = replace(default, weights=tuple(1e308 * w for w in default.weights), activation_hidden="identity")
    assert not np.isfinite(compute_sizes(exploded.network, given_and_values(exploded))["in_o1"])
