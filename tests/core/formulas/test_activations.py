"""Activations: each row's value and derivative against a second definition of the same function."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from bptui.core.engines.program import SCOPE
from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.expr import Expr, Name
from bptui.core.formulas.notation import PYTHON, write


def _sigmoid(z: float) -> float:
    return 0.5 * (1.0 + math.tanh(z / 2.0))


REFERENCE: dict[str, tuple[Callable[[float], float], Callable[[float], float]]] = {
    "sigmoid": (_sigmoid, lambda z: 0.25 / math.cosh(z / 2.0) ** 2),
    "torch.sigmoid": (_sigmoid, lambda z: 0.25 / math.cosh(z / 2.0) ** 2),
    "relu": (lambda z: z if z > 0 else 0.0, lambda z: 1.0 if z > 0 else 0.0),
    "leaky relu": (lambda z: z if z > 0 else z / 100, lambda z: 1.0 if z > 0 else 0.01),
    "tanh": (math.tanh, lambda z: 1.0 / math.cosh(z) ** 2),
    "softplus": (lambda z: math.log1p(math.exp(z)), _sigmoid),
    "identity": (lambda z: z, lambda z: 1.0),
    "softmax": (lambda z: 1.0, lambda z: 0.0),  # of a layer of one neuron
}


def evaluated(expr: Expr, values: dict[str, Any]) -> Any:
    with np.errstate(all="ignore"):
        return eval(write(expr, PYTHON), {**SCOPE, **values})


def activated(name: str, z: float) -> tuple[float, float]:
    """An activation's value and derivative by its row's expressions."""
    row = ACTIVATIONS[name]
    values = {"z": np.float64(z)}
    values["a"] = np.float64(evaluated(row.value(Name("z")), values))
    return float(values["a"]), float(evaluated(row.derivative(Name("z"), Name("a")), values))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_and_its_derivative_are_those_of_the_reference(name: str) -> None:
    value, derivative = REFERENCE[name]
    for z in (-12.0, -3.25, -1.0, -1e-3, 0.0, 1e-3, 0.5, 2.0, 9.5):
        assert activated(name, z) == pytest.approx((value(z), derivative(z)), rel=1e-13, abs=3e-16)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_range_holds_every_output_and_its_ends_are_approached(name: str) -> None:
    low, high = ACTIVATIONS[name].range
    if ACTIVATIONS[name].of_layer:
        low = 1.0  # of a layer of one neuron
    outputs = [activated(name, z)[0] for z in (-1e6, -40.0, -1.0, 0.0, 1.0, 40.0, 1e6)]
    assert all(low <= output <= high for output in outputs)
    for end, output in ((low, outputs[0]), (high, outputs[-1])):
        assert abs(output) >= 1e4 if math.isinf(end) else output == pytest.approx(end, abs=1e-12)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_far_out_an_activation_neither_overflows_nor_loses_its_derivative(name: str) -> None:
    """Value and derivative are finite, and those of the reference, where exp has long overflowed."""
    limits = {"leaky relu": (-8.0, 800.0), "identity": (-800.0, 800.0), "tanh": (-1.0, 1.0)}
    limits["softmax"] = (1.0, 1.0)
    least, most = limits.get(name, (0.0, 1.0 if "sigmoid" in name else 800.0))
    slopes = {"leaky relu": (0.01, 1.0), "identity": (1.0, 1.0), "softplus": (0.0, 1.0), "relu": (0.0, 1.0)}
    at_least, at_most = slopes.get(name, (0.0, 0.0))
    assert activated(name, -800.0) == pytest.approx((least, at_least), abs=1e-300)
    assert activated(name, 800.0) == pytest.approx((most, at_most), abs=1e-300)


def test_relus_derivative_at_zero_is_zero() -> None:
    assert activated("relu", 0.0) == (0.0, 0.0)
    assert activated("relu", -0.0) == (0.0, 0.0)


def soften(*z: float, precision: type = np.float64) -> tuple[list[float], list[list[float]]]:
    """The softmax of a layer, and the derivative of each output (a row) by each weighted input."""
    row, places = ACTIVATIONS["softmax"], range(len(z))
    assert row.of_layer
    values = {f"z{k}": precision(one) for k, one in enumerate(z)}
    layer = [Name(name) for name in values]
    for k in places:
        values[f"a{k}"] = evaluated(row.of_layer.value(layer[k], layer), values)
    own = [row.derivative(layer[k], Name(f"a{k}")) for k in places]
    exprs = [
        [own[k] if k == j else row.of_layer.derivative(Name(f"a{k}"), Name(f"a{j}")) for j in places] for k in places
    ]
    return [values[f"a{k}"] for k in places], [[float(evaluated(one, values)) for one in of] for of in exprs]


@pytest.mark.parametrize("size", [1, 2, 3, 8])
def test_softmax_and_its_jacobian_are_those_of_matrices(size: int) -> None:
    z = np.random.default_rng(size).normal(0, 3, size)
    p = np.exp(z) / np.exp(z).sum()
    outputs, jacobian = soften(*z)
    assert outputs == pytest.approx(p, rel=1e-14)
    assert np.array(jacobian) == pytest.approx(np.diag(p) - np.outer(p, p), rel=1e-13, abs=1e-16)


@pytest.mark.parametrize("precision", [np.float64, np.float32])
def test_softmax_overflows_nowhere_and_keeps_its_precision(precision: type) -> None:
    outputs, _ = soften(1e4, 1e4, -1e4, precision=precision)
    assert outputs == [0.5, 0.5, 0.0]
    assert all(isinstance(one, precision) for one in outputs)


def test_every_activation_has_a_line_for_people() -> None:
    assert all(row.about for row in ACTIVATIONS.values())
