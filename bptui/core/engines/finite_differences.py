"""Gradients by finite differences: the second opinion that needs no derivation and no torch.

Always in float64 and from the loss alone, so neither a wrong gradient rule nor a wrong derivative can touch them;
they are good to about nine digits where the loss is smooth.
"""

from dataclasses import replace

import numpy as np

from bptui.core.engines.engine import Floats, NumpyEngine
from bptui.core.formulas.names import bias, gradient
from bptui.core.formulas.rounding import NONE
from bptui.core.problem.spec import Spec

WIDTH = 6e-6  # near the cube root of the rounding error, best for a central difference


def estimate_gradients(spec: Spec, state: Floats, round_: int) -> dict[str, float]:
    """dE/d(parameter) for every parameter, by central differences.

    Args:
        spec: The problem; its gradient rule plays no part.
        state: What the round starts from: where to differentiate.
        round_: The round, whose loss it is.

    Returns:
        ``{"dE_dw1": ..., ...}``. A bias shared by a layer is moved in all its neurons at once.
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
