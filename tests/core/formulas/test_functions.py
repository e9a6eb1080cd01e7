"""Activations and losses: each row's value and derivative against a second definition of the same function."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from bptui.core.engines.program import logsumexp
from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.expr import Expr, Name
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.notation import PYTHON, write
from tests.strategies import network_of

Vector = NDArray[np.float64]


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
}


def evaluated(expr: Expr, values: dict[str, Any]) -> Any:
    with np.errstate(all="ignore"):
        return eval(write(expr, PYTHON), {"np": np, "logsumexp": logsumexp, **values})


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
    outputs = [activated(name, z)[0] for z in (-1e6, -40.0, -1.0, 0.0, 1.0, 40.0, 1e6)]
    assert all(low <= output <= high for output in outputs)
    for end, output in ((low, outputs[0]), (high, outputs[-1])):
        assert abs(output) >= 1e4 if math.isinf(end) else output == pytest.approx(end, abs=1e-12)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_far_out_an_activation_neither_overflows_nor_loses_its_derivative(name: str) -> None:
    """Value and derivative are finite, and those of the reference, where exp has long overflowed."""
    limits = {"leaky relu": (-8.0, 800.0), "identity": (-800.0, 800.0), "tanh": (-1.0, 1.0)}
    least, most = limits.get(name, (0.0, 1.0 if "sigmoid" in name else 800.0))
    slopes = {"leaky relu": (0.01, 1.0), "identity": (1.0, 1.0), "softplus": (0.0, 1.0), "relu": (0.0, 1.0)}
    at_least, at_most = slopes.get(name, (0.0, 0.0))
    assert activated(name, -800.0) == pytest.approx((least, at_least), abs=1e-300)
    assert activated(name, 800.0) == pytest.approx((most, at_most), abs=1e-300)


def test_relus_derivative_at_zero_is_zero() -> None:
    assert activated("relu", 0.0) == (0.0, 0.0)
    assert activated("relu", -0.0) == (0.0, 0.0)


def _cross_entropy(o: Vector, y: Vector) -> float:
    return float(-sum(y * np.log(np.exp(o) / np.exp(o).sum())))


LOSS_REFERENCE: dict[str, Callable[[Vector, Vector], float]] = {
    "half squared error": lambda o, y: float(np.dot(o - y, o - y)) / 2,
    "squared error": lambda o, y: float(np.dot(o - y, o - y)),
    "half mean squared error": lambda o, y: float(np.mean(np.power(o - y, 2)) / 2),
    "mean squared error": lambda o, y: float(np.mean(np.power(o - y, 2))),
    "cross entropy": _cross_entropy,
    "binary cross entropy": lambda o, y: -float(np.log(np.power(o, y) * np.power(1 - o, 1 - y)).sum()),
}


def lost(name: str, outputs: Sequence[float], targets: Sequence[float]) -> tuple[float, list[float]]:
    """A loss and its derivative by each output, by its row's expressions."""
    row, network = LOSSES[name], network_of(1, 1, len(outputs), loss=name)
    given = [*network.outputs, *network.targets]
    values: dict[str, Any] = {n: np.float64(v) for n, v in zip(given, [*outputs, *targets], strict=True)}
    for part, expr in row.parts(network).items():
        values[part] = evaluated(expr, values)
    pairs = zip(network.outputs, network.targets, strict=True)
    slopes = [float(evaluated(row.derivative(network, Name(o), Name(y)), values)) for o, y in pairs]
    return float(evaluated(row.value(network), values)), slopes


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("size", [1, 2, 3, 8])
def test_a_loss_and_its_derivatives_are_those_of_the_reference(name: str, size: int) -> None:
    """Derivatives by central differences of the reference; the targets do not sum to 1."""
    rng = np.random.default_rng(size)
    reference = LOSS_REFERENCE[name]
    outputs, targets = rng.uniform(0.1, 0.9, size), rng.uniform(0.1, 0.9, size)
    value, slopes = lost(name, list(outputs), list(targets))
    moves = 1e-5 * np.eye(size)
    expected = [(reference(outputs + m, targets) - reference(outputs - m, targets)) / 2e-5 for m in moves]
    assert value == pytest.approx(reference(outputs, targets), rel=1e-13)
    assert slopes == pytest.approx(expected, rel=1e-7, abs=1e-9)


def test_cross_entropy_does_not_overflow_where_its_exponentials_would() -> None:
    value, slopes = lost("cross entropy", [1000.0, 998.0], [0.0, 1.0])
    assert value == pytest.approx(2.0 + math.log1p(math.exp(-2.0)), rel=1e-15)
    assert slopes == pytest.approx([1 / (1 + math.exp(-2.0)), -1 / (1 + math.exp(-2.0))], rel=1e-12)


def test_every_row_has_a_line_for_people() -> None:
    assert all(row.about for row in ACTIVATIONS.values())
    assert all(row.about for row in LOSSES.values())
