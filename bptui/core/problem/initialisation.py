"""The initial parameters of a run.

Random weights are drawn in the order of the matrices V and W, before the weights are numbered, so the numbering changes
names only. They are drawn in float64 and rounded by the engine, so both engines start from the same weights.
"""

from collections.abc import Callable, Sequence
from itertools import chain, product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bptui.core.problem.seeding import seed_states
from bptui.core.problem.spec import Spec
from bptui.core.problem.starts import GIVEN

Floats = NDArray[np.floating]


class _Init(NamedTuple):
    """An initialisation.

    Attributes:
        draws: The generator's method that draws one number per weight; empty if nothing is drawn.
        weights: Makes the weights of a matrix from the numbers drawn, the problem and the shape (sources, targets).
    """

    draws: str
    weights: Callable[[Floats, Spec, tuple[int, int]], Floats]


_INITS: dict[str, _Init] = {
    "zeros": _Init("", lambda drawn, spec, shape: np.zeros(drawn.shape)),
    "constant": _Init("", lambda drawn, spec, shape: np.full(drawn.shape, spec.value)),
    # high - low may overflow, so the two ends are weighted instead
    "uniform": _Init("random", lambda drawn, spec, shape: (1.0 - drawn) * spec.low + drawn * spec.high),
    "normal": _Init("standard_normal", lambda drawn, spec, shape: spec.mean + spec.std * drawn),
    # Glorot and Bengio 2010: uniform within sqrt(6 / (sources + targets))
    "xavier uniform": _Init("random", lambda drawn, spec, shape: (2.0 * drawn - 1.0) * np.sqrt(6.0 / sum(shape))),
    # He et al. 2015: standard deviation sqrt(2 / sources)
    "he normal": _Init("standard_normal", lambda drawn, spec, shape: np.sqrt(2.0 / shape[0]) * drawn),
}


def is_random(spec: Spec) -> bool:
    """Whether the initial parameters depend on the seed."""
    return spec.init != GIVEN and bool(_INITS[spec.init].draws)


def make_initial_parameters(spec: Spec) -> Floats:
    """Return the parameters that round 1 starts from, in the order of ``spec.network.parameters``.

    Sources: Glorot and Bengio 2010 ("xavier uniform"); He et al. 2015 ("he normal").

    Args:
        spec: The problem, with its initialisation and seed.

    Returns:
        A float64 vector of shape (parameters,): weights, then biases.
    """
    if spec.init == GIVEN:
        return np.array([*spec.weights, *chain.from_iterable(spec.biases)])
    drawn = np.zeros(len(spec.network.weights))
    if is_random(spec):
        _draw(np.random.default_rng(spec.seed), spec, drawn)
    return _arrange(spec, drawn)


def make_initial_state(spec: Spec) -> Floats:
    """Return the state that round 1 starts from, in the order of ``spec.network.state``.

    Args:
        spec: The problem, with its initialisation and seed.

    Returns:
        A float64 vector of shape (state,).
    """
    return _add_state(spec, make_initial_parameters(spec))


def make_initial_states(spec: Spec, seeds: Sequence[int]) -> Floats:
    """Return the states that round 1 starts from for many seeds.

    Args:
        spec: The problem; its own seed is ignored.
        seeds: One seed per run, from 0 to 2**32 - 1.

    Returns:
        A float64 array of shape (state, runs); each column is bit-identical to ``make_initial_state`` for its seed.
    """
    drawn = np.zeros((len(seeds), len(spec.network.weights)))
    if is_random(spec):
        bits = np.random.PCG64(0)
        rng, known = np.random.Generator(bits), bits.state
        for row, (state, increment) in zip(drawn, seed_states(seeds), strict=True):
            bits.state = {**known, "state": {"state": state, "inc": increment}}
            _draw(rng, spec, row)
    return _add_state(spec, _arrange(spec, drawn.T))


def _draw(rng: "np.random.Generator", spec: Spec, into: Floats) -> None:  # quoted: most runs never load numpy.random
    getattr(rng, _INITS[spec.init].draws)(out=into)


def _add_state(spec: Spec, parameters: Floats) -> Floats:
    """Return parameters followed by the optimiser's state, which is 0 before round 1."""
    missing = len(spec.network.state) - len(parameters)
    return np.concatenate([parameters, np.zeros((missing, *parameters.shape[1:]))]) if missing else parameters


def _arrange(spec: Spec, drawn: Floats) -> Floats:
    """Return the parameters in their order, from an array of drawn numbers with a row per weight."""
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
    found.T[..., len(weights) :] = list(chain.from_iterable(spec.biases))
    return found
