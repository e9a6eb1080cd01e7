"""The gradient check: do two ways of computing the gradients at the same parameters agree to rounding?

A difference is judged against the rounding errors that a gradient can have at all, which depend on the numbers it is
made from and not on its own size: near a minimum a gradient is the small difference of large numbers. The bound is
generous (some 64 units in the last place), so that what it marks is a wrong formula and never rounding.
"""

from collections.abc import Mapping
from math import inf, isfinite, isnan
from typing import Any

from bptui.core.network import Network, gradient

_UNITS = 64.0
ROUNDING = {"float64": 2.0**-52 * _UNITS, "float32": 2.0**-23 * _UNITS, "finite differences": 1e-6}


def agreement(
    network: Network,
    values: Mapping[str, Any],
    other: Mapping[str, Any],
    rounding: float,
) -> dict[str, bool]:
    """Whether each parameter's gradient agrees with a second computation of it.

    Args:
        network: What the values belong to.
        values: All quantities of a round, including the parameters and data it was computed from.
        other: Gradients by name, from the second computation at the same parameters.
        rounding: Relative size of a rounding error; see ``ROUNDING``.

    Returns:
        ``{"w1": True, ...}``. Where neither number is finite there is nothing to disagree about.
    """
    output_bound, hidden_bound = _bounds(network, values)
    agrees = {}
    ends = {w.name: w.target for w in network.weights} | {b: b.removeprefix("b_") for b in network.biases}
    for parameter, target in ends.items():
        bound = output_bound if target in network.outputs else hidden_bound
        mine, theirs = float(values[gradient(parameter)]), float(other[gradient(parameter)])
        if not (isfinite(mine) and isfinite(theirs)):
            agrees[parameter] = mine == theirs or isnan(mine) or isnan(theirs)
        else:
            agrees[parameter] = abs(mine - theirs) <= rounding * bound
    return agrees


def _bounds(network: Network, values: Mapping[str, Any]) -> tuple[float, float]:
    """Upper bounds of the numbers whose differences the gradients of the two layers are made of."""
    n = network
    error = _largest(values, n.outputs) + _largest(values, n.targets) + 1.0
    back = [_largest(values, [w.name for w in n.weights if w.target in n.outputs]), 1.0]
    deltas = _largest(values, [f"delta_{neuron}" for neuron in n.neurons])
    output = max(error, deltas) * max(_largest(values, n.hidden), 1.0)
    hidden = max(error * max(back) * n.l, deltas) * max(_largest(values, n.inputs), 1.0)
    return output, hidden


def _largest(values: Mapping[str, Any], names: tuple[str, ...] | list[str]) -> float:
    sizes = [abs(float(values[name])) for name in names]
    return inf if any(isnan(size) for size in sizes) else max(sizes, default=0.0)
