"""Losses: each row's value and derivatives against a second definition of the same function."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from bptui.core.formulas.expr import Name
from bptui.core.formulas.losses import LOSSES
from tests.core.formulas.test_activations import evaluated
from tests.strategies import network_of

Vector = NDArray[np.float64]


def _cross_entropy(o: Vector, y: Vector) -> float:
    return float(-sum(y * np.log(np.exp(o) / np.exp(o).sum())))


LOSS_REFERENCE: dict[str, Callable[[Vector, Vector], float]] = {
    "half squared error": lambda o, y: float(np.dot(o - y, o - y)) / 2,
    "squared error": lambda o, y: float(np.dot(o - y, o - y)),
    "half mean squared error": lambda o, y: float(np.mean(np.power(o - y, 2)) / 2),
    "mean squared error": lambda o, y: float(np.mean(np.power(o - y, 2))),
    "cross entropy": _cross_entropy,
    "binary cross entropy": lambda o, y: -float(np.log(np.power(o, y) * np.power(1 - o, 1 - y)).sum()),
    "categorical cross entropy": lambda o, y: -float(np.log(np.prod(np.power(o, y)))),
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


def test_every_loss_has_a_line_for_people() -> None:
    assert all(row.about for row in LOSSES.values())
