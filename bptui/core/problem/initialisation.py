"""The parameters a training run starts from.

Random weights are drawn in the order of the matrices V and W, before they are given their numbers, so the numbering
changes names only; they are drawn in float64 and rounded by the engine, so both engines start alike.
"""

from collections.abc import Callable, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bptui.core.problem.seeding import seed_states
from bptui.core.problem.spec import GIVEN, Spec

Floats = NDArray[np.floating]


class _Init(NamedTuple):
    """A way to start.

    Attributes:
        draws: The method of a generator that draws a number for each weight; empty if nothing is drawn.
        weights: Makes the weights of a matrix, of (sources, targets), from the numbers drawn.
    """

    draws: str
    weights: Callable[[Floats, Spec, tuple[int, int]], Floats]


_INITS: dict[str, _Init] = {
    "zeros": _Init("", lambda drawn, spec, shape: np.zeros(drawn.shape)),
    "constant": _Init("", lambda drawn, spec, shape: np.full(drawn.shape, spec.value)),
    # the width of uniform(low, high) may itself overflow, so its ends are weighed instead
    "uniform": _Init("random", lambda drawn, spec, shape: (1.0 - drawn) * spec.low + drawn * spec.high),
    "normal": _Init("standard_normal", lambda drawn, spec, shape: spec.mean + spec.std * drawn),
    # Glorot and Bengio 2010: uniform within sqrt(6 / (sources + targets))
    "xavier uniform": _Init("random", lambda drawn, spec, shape: (2.0 * drawn - 1.0) * np.sqrt(6.0 / sum(shape))),
    # He et al. 2015: standard deviation sqrt(2 / sources)
    "he normal": _Init("standard_normal", lambda drawn, spec, shape: np.sqrt(2.0 / shape[0]) * drawn),
}


def is_random(spec: Spec) -> bool:
    """Whether the start depends on the seed."""
    return spec.init != GIVEN and bool(_INITS[spec.init].draws)


def initial_parameters(spec: Spec) -> Floats:
    """The parameters of round 1, in the order of ``spec.network.parameters``.

    Returns:
        A float64 vector: weights, then biases.
    """
    drawn = np.zeros(len(spec.network.weights))
    if is_random(spec):
        _draw(np.random.default_rng(spec.seed), spec, drawn)
    return _arranged(spec, drawn)


def initial_state(spec: Spec) -> Floats:
    """Return what round 1 starts from, in the order of ``spec.network.state``, as a float64 vector."""
    return initial_parameters(spec)


def initial_states(spec: Spec, seeds: Sequence[int]) -> Floats:
    """Return what round 1 starts from for many seeds, each column exactly as ``initial_state`` gives it.

    Args:
        spec: The problem; its own seed does not count.
        seeds: As many as there are runs.

    Returns:
        A float64 array of shape (state, runs).
    """
    drawn = np.zeros((len(seeds), len(spec.network.weights)))
    if is_random(spec):
        bits = np.random.PCG64(0)
        rng, known = np.random.Generator(bits), bits.state
        for row, (state, increment) in zip(drawn, seed_states(seeds), strict=True):
            bits.state = {**known, "state": {"state": state, "inc": increment}}
            _draw(rng, spec, row)
    return _arranged(spec, drawn.T)


def _draw(rng: "np.random.Generator", spec: Spec, into: Floats) -> None:  # in quotes: few starts load numpy.random
    getattr(rng, _INITS[spec.init].draws)(out=into)


def _arranged(spec: Spec, drawn: Floats) -> Floats:
    """The parameters, in their order, from the numbers drawn for the weights, a row for each weight."""
    n = spec.network
    if spec.init == GIVEN:
        weights: Floats = np.array(spec.weights)
    else:
        make, place, parts = _INITS[spec.init].weights, dict[tuple[str, str], int](), list[Floats]()
        for layer in n.layers:
            sources, first = n.sources(layer.neurons[0]), len(place)
            place |= {ends: first + i for i, ends in enumerate(product(sources, layer.neurons))}
            with np.errstate(all="ignore"):
                parts.append(make(drawn[first : len(place)], spec, (len(sources), len(layer.neurons))))
        weights = np.concatenate(parts)[[place[w.source, w.target] for w in n.weights]]
    found = np.empty((len(n.parameters), *drawn.shape[1:]))
    found.T[..., : len(weights)] = weights.T
    found.T[..., len(weights) :] = [*spec.biases_hidden, *spec.biases_output]
    return found
