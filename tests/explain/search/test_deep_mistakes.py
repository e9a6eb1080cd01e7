"""Mistakes of programs with several hidden layers: each is made in a small NumPy program, then named.

The program is written out here as courses write it, with matrices, and shares nothing with the package.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from bptui.core.problem.spec import Spec
from bptui.explain.calculation.figure import Figure
from tests.effort import ALL
from tests.misprints import explain_figures

SIZES = (2, 3, 2, 2, 1)
STEP = 0.5
MANY = 10 if ALL else 1
Matrices = Sequence[Any]
Mistake = Callable[[int, Any, Any, Any, Any], Any]
"""From the layer, what arrives at it, its slopes, the deltas and ∂E/∂h of the layer behind it: its deltas."""


def sigma(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def draw(seed: int) -> tuple[Matrices, Matrices, Any, Any]:
    """Return weights, biases, inputs and targets with few digits."""
    rng = np.random.default_rng(seed)
    weights = [rng.uniform(-1.5, 1.5, pair).round(2) for pair in pairwise(SIZES)]
    biases = [rng.uniform(-0.5, 0.5, size).round(2) for size in SIZES[1:]]
    return weights, biases, rng.uniform(0.1, 1, SIZES[0]).round(2), rng.uniform(0.1, 0.9, SIZES[-1]).round(2)


def make_spec(seed: int, **network: Any) -> Spec:
    weights, biases, x, y = draw(seed)
    given = dict(zip(("hidden", "hidden2", "hidden3", "output"), (b.tolist() for b in biases), strict=True))
    return Spec.from_table(
        {
            "network": {
                "inputs": x.tolist(),
                "targets": y.tolist(),
                "hidden": list(SIZES[1:-1]),
                "weights": [w.tolist() for w in weights],
                "biases": given,
                **network,
            },
            "training": {"step": STEP},
        }
    )


def train(seed: int, arriving: Mistake, slopes: Mistake) -> dict[str, Any]:
    """Return what a program prints of round 1: outputs, deltas, gradients and weights after the update."""
    weights, biases, x, y = draw(seed)
    outputs = [x]
    for w, b in zip(weights, biases, strict=True):
        outputs.append(sigma(outputs[-1] @ w + b))
    o = outputs[-1]
    raw, delta, deltas = o - y, (o - y) * o * (1 - o), dict[int, Any]()
    for layer in range(len(weights), 0, -1):
        deltas[layer] = delta
        if layer > 1:
            h = outputs[layer - 1]
            came = arriving(layer - 1, weights[layer - 1], delta, raw, h)
            raw, delta = came, came * slopes(layer - 1, h * (1 - h), delta, raw, h)
    gradients = [np.outer(outputs[layer - 1], deltas[layer]) for layer in deltas]
    found: dict[str, Any] = {"o1": o[0], "E": 0.5 * np.sum((o - y) ** 2)}
    names = {1: "h1_", 2: "h2_", 3: "h3_", 4: "o"}
    found |= {f"delta_{names[layer]}{j}": d for layer in deltas for j, d in enumerate(deltas[layer], 1)}
    flat = np.concatenate([slope.ravel() for slope in gradients[::-1]])
    start = np.concatenate([w.ravel() for w in weights])
    found |= {f"dE_dw{n}": slope for n, slope in enumerate(flat, 1)}
    return found | {f"new_w{n}": w for n, w in enumerate(start - STEP * flat, 1)}


def right_slopes(layer: int, slopes: Any, delta: Any, raw: Any, h: Any) -> Any:
    return slopes


def right_arriving(layer: int, w: Any, delta: Any, raw: Any, h: Any) -> Any:
    return w @ delta


def only(at: int, wrong: Mistake, right: Mistake) -> Mistake:
    """The mistake in one layer; in all layers for 0."""
    return lambda layer, *rest: (wrong if at in (0, layer) else right)(layer, *rest)


def without_slopes(layer: int, slopes: Any, delta: Any, raw: Any, h: Any) -> Any:
    return np.ones_like(slopes)


def with_first_slope(layer: int, slopes: Any, delta: Any, raw: Any, h: Any) -> Any:
    return np.full_like(slopes, slopes[0])


def without_weights(layer: int, w: Any, delta: Any, raw: Any, h: Any) -> Any:
    return np.full(len(w), delta.sum())


def with_new_weights(layer: int, w: Any, delta: Any, raw: Any, h: Any) -> Any:
    return (w - STEP * np.outer(h, delta)) @ delta


def with_gradients(layer: int, w: Any, delta: Any, raw: Any, h: Any) -> Any:
    return np.outer(h, delta).sum(axis=1)


def with_raw_errors(layer: int, w: Any, delta: Any, raw: Any, h: Any) -> Any:
    return w @ raw


SLOPES = {"hidden derivative forgotten": without_slopes, "first derivative for all": with_first_slope}
ARRIVING = {
    "weights forgotten": without_weights,
    "updated weights": with_new_weights,
    "as published": with_gradients,
}
PLACES = {1: "hidden layer 1", 2: "hidden layer 2", 3: "hidden layer 3", 0: ""}
PROGRAMS: dict[str, tuple[Mistake, Mistake]] = {
    **{
        f"{name}: {where}" if at else f'gradient rule "{name}"': (right_arriving, only(at, wrong, right_slopes))
        for name, wrong in SLOPES.items()
        for at, where in PLACES.items()
    },
    **{
        f"{name}: {where}" if at else f'gradient rule "{name}"': (only(at, wrong, right_arriving), right_slopes)
        for name, wrong in ARRIVING.items()
        for at, where in PLACES.items()
    },
    "raw errors all the way": (with_raw_errors, right_slopes),
    "raw error of hidden layer 2": (only(1, with_raw_errors, right_arriving), right_slopes),
    "raw error of hidden layer 3": (only(2, with_raw_errors, right_arriving), right_slopes),
    'gradient rule "raw error"': (only(3, with_raw_errors, right_arriving), right_slopes),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_mistake_in_the_hidden_steps_is_named_with_its_layer(name: str) -> None:
    for seed in range(MANY):
        spec = make_spec(seed)
        printed = {what: f"{value:.9g}" for what, value in train(seed, *PROGRAMS[name]).items()}
        explanation = explain_figures([Figure(spec, 1, what, text) for what, text in printed.items()])
        (group,) = explanation.groups
        assert [change.name for change in group.best.changes] == [name], seed
        assert len(group.best.explains) == len(printed) and not group.others


def test_right_values_of_a_deep_program_are_explained_by_nothing() -> None:
    for seed in range(MANY):
        printed = train(seed, right_arriving, right_slopes)
        explanation = explain_figures([Figure(make_spec(seed), 1, k, f"{v:.9g}") for k, v in printed.items()])
        assert not explanation.groups
