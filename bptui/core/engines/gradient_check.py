"""The gradient check: whether two computations of the gradients at the same parameters agree up to rounding.

Both sides compute in float64 and without rounding by hand, whatever the run does: the question is whether the formula
is right. Undecidable cases are left out: a nan on either side, and for finite differences a kink of the activation.
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

_ROUNDING = UNITS * 2.0**-52  # relative to a number's size
_LEAST = 1e-300  # absolute: below about 1e-308 a double loses digits
_TRUNCATION = 1e-7  # relative to the size: the error of a central difference due to the curvature of the loss


def check_by_autograd(spec: Spec, state: Floats, round_: int, theirs: Mapping[str, Any]) -> dict[str, bool]:
    """Compare NumPy's gradients with autograd's.

    Args:
        spec: The problem, with the gradient rule to check.
        state: The state at which both sides compute, of shape (state,).
        round_: The number of the round.
        theirs: Autograd's gradients by name, computed in float64.

    Returns:
        Whether they agree, ``{"w1": True, ...}``, for the parameters that can be compared.
    """
    values = _evaluate(spec, state, round_)
    size = compute_sizes(spec.network, values)
    bounds = {p: _ROUNDING * size[gradient(p)] + _LEAST for p in spec.network.parameters}
    return _compare(values, theirs, bounds)


def check_by_differences(spec: Spec, state: Floats, round_: int) -> dict[str, bool]:
    """Compare NumPy's gradients with central differences of the loss.

    Args:
        spec: The problem, with the gradient rule to check.
        state: The state at which both sides compute, of shape (state,).
        round_: The number of the round.

    Returns:
        Whether they agree, ``{"w1": True, ...}``, for the parameters that can be compared; none near a kink.
    """
    network, values = spec.network, _evaluate(spec, state, round_)
    size = compute_sizes(network, values)
    for neuron in network.neurons:
        near = abs(values[weighted_input(neuron)]) <= 2.0 * WIDTH * (1.0 + size[weighted_input(neuron)])
        if near and not ACTIVATIONS[network.activation(neuron)].smooth:
            return {}
    noise = _ROUNDING * (size["E"] + WIDTH * WIDTH) / WIDTH  # a loss of 0 is not 0 at a distance of WIDTH
    bounds = {p: _TRUNCATION * size[gradient(p)] + noise for p in network.parameters}
    return _compare(values, estimate_gradients(spec, state, round_), bounds)


def _evaluate(spec: Spec, state: Floats, round_: int) -> dict[str, Any]:
    """Return all values that a round in float64 is computed from, and all its quantities."""
    at = state.astype(np.float64)
    return {
        **collect_given(spec, at, round_),
        **NumpyEngine(replace(spec, rounding=NONE), "float64").evaluate(at, round_),
    }


def _compare(mine: Mapping[str, Any], theirs: Mapping[str, Any], bounds: Mapping[str, float]) -> dict[str, bool]:
    agrees = {}
    for parameter, bound in bounds.items():
        a, b = float(mine[gradient(parameter)]), float(theirs[gradient(parameter)])
        if not (isnan(a) or isnan(b) or isnan(bound)):
            agrees[parameter] = a == b or abs(a - b) <= bound
    return agrees
