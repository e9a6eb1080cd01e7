"""The gradient check: do two ways of computing the gradients at the same parameters agree to rounding?

Both sides compute in float64 and round nothing, whatever the training does: the question is whether the formula is
right. What cannot be told is left out: where one side is not a number, and for finite differences at a kink.
"""

from collections.abc import Mapping
from dataclasses import replace
from math import isnan
from typing import Any

import numpy as np

from bptui.core.engines.engine import Floats, NumpyEngine, collect_given
from bptui.core.engines.error_bounds import UNITS, compute_sizes
from bptui.core.engines.finite_differences import WIDTH, estimate_gradients
from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.names import gradient, weighted_input
from bptui.core.formulas.rounding import NONE
from bptui.core.problem.spec import Spec

_ROUNDING = UNITS * 2.0**-52  # of a number's size
_LEAST = 1e-300  # below some 1e-308 a double has fewer and fewer digits
_TRUNCATION = 1e-7  # of its size: what a central difference may be off for the curvature of the loss


def check_by_autograd(spec: Spec, state: Floats, round_: int, theirs: Mapping[str, Any]) -> dict[str, bool]:
    """Whether NumPy's gradients are autograd's.

    Args:
        spec: The problem, with the gradient rule to check.
        state: What the round starts from, where both sides compute.
        round_: The round.
        theirs: Autograd's gradients by name, computed in float64.

    Returns:
        ``{"w1": True, ...}`` for the parameters that can be compared.
    """
    values = _values(spec, state, round_)
    size = compute_sizes(spec.network, values)
    bounds = {p: _ROUNDING * size[gradient(p)] + _LEAST for p in spec.network.parameters}
    return _compared(values, theirs, bounds)


def check_by_differences(spec: Spec, state: Floats, round_: int) -> dict[str, bool]:
    """Whether NumPy's gradients are those of the loss, by finite differences; see ``check_by_autograd``."""
    network, values = spec.network, _values(spec, state, round_)
    size = compute_sizes(network, values)
    for neuron in network.neurons:
        near = abs(values[weighted_input(neuron)]) <= 2.0 * WIDTH * (1.0 + size[weighted_input(neuron)])
        if near and not ACTIVATIONS[network.activation(neuron)].smooth:
            return {}
    noise = _ROUNDING * (size["E"] + WIDTH * WIDTH) / WIDTH  # also where the loss is 0 it is not 0 beside
    bounds = {p: _TRUNCATION * size[gradient(p)] + noise for p in network.parameters}
    return _compared(values, estimate_gradients(spec, state, round_), bounds)


def _values(spec: Spec, state: Floats, round_: int) -> dict[str, Any]:
    """All that a round in float64 is computed from, and all its quantities."""
    at = state.astype(np.float64)
    return {
        **collect_given(spec, at, round_),
        **NumpyEngine(replace(spec, rounding=NONE), "float64").evaluate(at, round_),
    }


def _compared(mine: Mapping[str, Any], theirs: Mapping[str, Any], bounds: Mapping[str, float]) -> dict[str, bool]:
    agrees = {}
    for parameter, bound in bounds.items():
        a, b = float(mine[gradient(parameter)]), float(theirs[gradient(parameter)])
        if not (isnan(a) or isnan(b) or isnan(bound)):
            agrees[parameter] = a == b or abs(a - b) <= bound
    return agrees
