"""Gradients by finite differences: a check that needs neither a derivation nor torch.

They are computed in float64 and from the loss alone, so a wrong gradient rule or a wrong derivative cannot affect them.
They are accurate to about nine digits where the loss is smooth.
"""

from dataclasses import replace

import numpy as np

from bptui.core.engines.engine import Floats, NumpyEngine
from bptui.core.formulas.names import bias, gradient
from bptui.core.formulas.rounding import NONE
from bptui.core.problem.spec import Spec

WIDTH = 6e-6  # near the cube root of float64's rounding error, the best width for a central difference


def estimate_gradients(spec: Spec, state: Floats, round_: int) -> dict[str, float]:
    """Estimate dE/d(parameter) for every parameter by central differences, (E(p + w) - E(p - w)) / 2w.

    The width w is ``WIDTH`` times the parameter's magnitude, but at least ``WIDTH``. A bias that a layer shares is
    changed in all its neurons at once.

    Args:
        spec: The problem; its gradient rule, precision and rounding by hand are ignored.
        state: The state to differentiate at, of shape (state,).
        round_: The number of the round whose loss is differentiated.

    Returns:
        ``{"dE_dw1": ..., ...}`` in float64; inf or nan where the loss is not finite.
    """
    network = spec.network
    at = state.astype(np.float64)
    moves = np.eye(len(at), len(network.parameters))
    for b in network.biases:
        for neuron in network.neurons_with(b):
            moves[network.parameters.index(bias(neuron)), network.parameters.index(b)] = 1.0
    engine = NumpyEngine(replace(spec, rounding=NONE), "float64")
    with np.errstate(all="ignore"):
        width = WIDTH * np.maximum(1.0, np.abs(at[: len(network.parameters)]))
        both = np.concatenate([at[:, None] + moves * width, at[:, None] - moves * width], axis=1)
        losses = np.broadcast_to(engine.evaluate(both, round_)["E"], (2 * len(width),))
        slopes = (losses[: len(width)] - losses[len(width) :]) / (2.0 * width)
    return {gradient(p): float(s) for p, s in zip(network.parameters, slopes, strict=True)}
