"""The parameters a training run starts from.

Random weights are drawn in the order of the matrices V and W, before they are given their numbers, so the numbering
changes names only; they are drawn in float64 and rounded by the engine, so both engines start alike.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from bptui.core.spec import GIVEN, Spec

Floats = NDArray[np.floating]
_Draw = Callable[["np.random.Generator", Spec, tuple[int, int]], Floats]  # in quotes: few starts load numpy.random

_DRAWS: dict[str, _Draw] = {
    "zeros": lambda rng, spec, shape: np.zeros(shape),
    "constant": lambda rng, spec, shape: np.full(shape, spec.value),
    # the width of uniform(low, high) may itself overflow, so its ends are weighed instead
    "uniform": lambda rng, spec, shape: _between(rng.random(shape), spec.low, spec.high),
    "normal": lambda rng, spec, shape: spec.mean + spec.std * rng.standard_normal(shape),
    # Glorot and Bengio 2010: uniform within sqrt(6 / (sources + targets))
    "xavier uniform": lambda rng, spec, shape: (2.0 * rng.random(shape) - 1.0) * np.sqrt(6.0 / sum(shape)),
    # He et al. 2015: standard deviation sqrt(2 / sources)
    "he normal": lambda rng, spec, shape: np.sqrt(2.0 / shape[0]) * rng.standard_normal(shape),
}


def _between(part: Floats, low: float, high: float) -> Floats:
    return (1.0 - part) * low + part * high


def initial_parameters(spec: Spec) -> Floats:
    """The parameters of round 1, in the order of ``spec.network.parameters``.

    Returns:
        A float64 vector: weights, then biases.
    """
    biases = [*spec.biases_hidden, *spec.biases_output]
    if spec.init == GIVEN:
        return np.array([*spec.weights, *biases])
    network, rng = spec.network, np.random.default_rng(spec.seed)
    draw = _DRAWS[spec.init]
    with np.errstate(all="ignore"):
        matrices = [draw(rng, spec, shape) for shape in ((network.d, network.q), (network.q, network.l))]
    by_ends: dict[tuple[str, str], float] = {}
    for matrix, sources, targets in zip(
        matrices, (network.inputs, network.hidden), (network.hidden, network.outputs), strict=True
    ):
        by_ends |= {(s, t): matrix[i, j] for i, s in enumerate(sources) for j, t in enumerate(targets)}
    return np.array([*(by_ends[w.source, w.target] for w in network.weights), *biases])
