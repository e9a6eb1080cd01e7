"""Gradients by finite differences: a check that needs neither a derivation nor torch.

They are computed in float64 and from the loss alone, so a wrong gradient rule or a wrong derivative cannot affect them.
Every estimate has an error of its own, from differences of several widths: a wide one suffers from the curvature of the
loss, a narrow one from its rounding. In random states with weights about 1 half of the stated errors are below
1.5e-9 of the gradient, and nine of ten below 2.5e-8.
"""

from dataclasses import replace
from itertools import product
from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bptui.core.engines.engine import Floats, NumpyEngine, Values, collect_given, evaluate_forward
from bptui.core.engines.error_bounds import compute_bounds
from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.names import bias, gradient, of_sample, weighted_input
from bptui.core.formulas.network import CHAIN_RULE, Network
from bptui.core.formulas.rounding import NONE
from bptui.core.problem.spec import Spec

_WIDTHS = 2.0 ** -np.arange(6, 30, 4)[:, None]  # of a parameter of size 1 or less; in proportion for a larger one
_CURVED = 0.1  # the farthest that a difference may move a weighted input: all activations bend over a distance of 1
_EXTRAPOLATED = 1.0 / 255.0  # of the change from a width to one of a sixteenth is left: its square is the error
_CLOSER = 16.0  # from one width to the next, the error by curvature falls by 256 at least; a sixteenth of that is used


class Estimate(NamedTuple):
    """An estimate of a gradient, and how far it may be off: inf if nothing is known about it."""

    slope: float
    error: float


def estimate_gradients(spec: Spec, state: Floats, round_: int) -> dict[str, Estimate]:
    """Estimate dE/d(parameter) for every parameter by central differences, (E(p + w) - E(p - w)) / 2w.

    Of six widths from 0.016 to 1.5e-8 of the parameter's magnitude, at least 1, each parameter takes the one with the
    smallest error: rounding of E by w, and what the next wider difference differs by. The square of the width is
    extrapolated away (Richardson). A width at which a weighted input reaches the kink of its activation, or moves far,
    is not used. A bias that a layer shares is changed in all its neurons at once.

    Args:
        spec: The problem; its gradient rule, precision and rounding by hand are ignored.
        state: The state to differentiate at, of shape (state,).
        round_: The number of the round whose loss is differentiated.

    Returns:
        ``{"dE_dw1": ..., ...}`` in float64; a slope is inf or nan where the loss is not finite.
    """
    spec = replace(spec, gradient=CHAIN_RULE, rounding=NONE)
    network, at = spec.network_of(round_), state.astype(np.float64)
    here = {**collect_given(spec, at, round_), **NumpyEngine(spec, "float64").evaluate(at, round_)}
    bounds = compute_bounds(network, here, "float64", given_units=1.0)
    count = len(network.parameters)
    with np.errstate(all="ignore"):
        probes = _move(network, at)
        values = evaluate_forward(spec, probes.reshape(len(at), -1), round_)
        own = np.arange(count)  # the place of each parameter, whose own probes are the last axis at the same place
        two_widths = (probes[own, 0, :, own] - probes[own, 1, :, own]).T
        losses = np.broadcast_to(values["E"], probes[0].size).reshape(probes.shape[1:])
        slopes = (losses[0] - losses[1]) / two_widths
        usable = _find_usable(network, values, bounds, probes.shape[1:])
        slopes, errors = _extrapolate(slopes, usable)
        errors += (2.0 * bounds["E"] + 2.0 * np.finfo(float).eps * np.abs(losses).sum(axis=0)) / two_widths
        # at a distance w the loss rounds otherwise than here, by w times what the gradient rounds by
        errors += 2.0 * np.array([bounds[gradient(p)] for p in network.parameters])
    errors[~np.isfinite(errors)] = inf
    best = np.where(np.isfinite(errors).any(axis=0), errors.argmin(axis=0), len(_WIDTHS) // 2)
    return {
        gradient(p): Estimate(float(slopes[level, place]), float(errors[level, place]))
        for place, (p, level) in enumerate(zip(network.parameters, best, strict=True))
    }


def _move(network: Network, at: Floats) -> Floats:
    """Return the states that the loss is computed at, of shape (state, 2, widths, parameters): up, then down."""
    places = {p: place for place, p in enumerate(network.parameters)}
    moved = [(place, place) for place in places.values()]  # a parameter, and one that is moved with it
    moved += [(places[b], places[bias(one)]) for b in network.biases for one in network.neurons_with(b)]
    columns, rows = np.array(list(dict.fromkeys(moved))).T
    by = (_WIDTHS * np.maximum(1.0, np.abs(at[columns]))).T
    probes = np.empty((len(at), 2, len(_WIDTHS), len(places)))
    probes[:] = at[:, None, None, None]  # most numbers of most probes are not moved
    probes[rows, 0, :, columns] += by
    probes[rows, 1, :, columns] -= by
    return probes


def _find_usable(
    network: Network, values: Values, bounds: dict[str, float], shape: tuple[int, ...]
) -> NDArray[np.bool_]:
    """Return which differences may be used, of shape (widths, parameters): the loss is smooth between their ends."""
    usable = np.ones(shape[1:], bool)
    for neuron, sample in product(network.neurons, network.samples or (0,)):
        name = of_sample(weighted_input(neuron), sample)
        up, down = np.broadcast_to(values[name], usable.size * 2).reshape(shape)
        usable &= np.abs(up - down) <= 2.0 * _CURVED
        if not ACTIVATIONS[network.activation(neuron)].smooth:
            one_side = np.minimum(np.abs(up), np.abs(down)) > 2.0 * bounds[name]
            usable &= (up == down) | (one_side & (np.sign(up) == np.sign(down)))
    return usable


def _extrapolate(slopes: Floats, usable: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Return differences without the square of their width, and how far the curvature may still move them."""
    both, better, errors = usable[1:] & usable[:-1], slopes.copy(), _bend(slopes, usable)
    better[1:] += np.where(both, slopes[1:] - slopes[:-1], 0.0) * _EXTRAPOLATED
    errors[1:] = np.minimum(errors[1:], _bend(better[1:], both))
    return better, errors


def _bend(slopes: Floats, usable: NDArray[np.bool_]) -> Floats:
    """Return how far the curvature of the loss may move each difference, from the next wider one."""
    errors = np.full_like(slopes, inf)
    changes = np.where(usable[1:] & usable[:-1], np.abs(slopes[1:] - slopes[:-1]), inf)
    for level, change in enumerate(changes, 1):
        wider = np.where(np.isfinite(errors[level - 1]), errors[level - 1], 0.0)
        errors[level] = np.maximum(change, wider) / _CLOSER
    return errors
