"""Gradients by finite differences: the second opinion that needs no derivation and no torch.

Always in float64 and from the loss alone, so neither a wrong gradient rule nor a wrong derivative can touch them;
they are good to about nine digits where the loss is smooth.
"""

from dataclasses import replace

import numpy as np

from bptui.core.engines.engine import Floats, NumpyEngine
from bptui.core.formulas.network import bias, gradient
from bptui.core.formulas.rounding import NONE
from bptui.core.problem.spec import Spec

WIDTH = 6e-6  # near the cube root of the rounding error, best for a central difference


def gradients(spec: Spec, parameters: Floats) -> dict[str, float]:
    """dE/d(parameter) for every parameter, by central differences.

    Args:
        spec: The problem; its gradient rule plays no part.
        parameters: Vector of the parameters to differentiate at.

    Returns:
        ``{"dE_dw1": ..., ...}``. A bias shared by a layer is moved in all its neurons at once.
    """
    network = spec.network
    at = parameters.astype(np.float64)
    moves = np.eye(len(at))
    if spec.bias_update == "shared":
        for layer in (network.hidden, network.outputs):
            places = [i for i, p in enumerate(network.parameters) if p in map(bias, layer)]
            moves[np.ix_(places, places)] = 1.0
    engine = NumpyEngine(replace(spec, rounding=NONE), "float64")
    with np.errstate(all="ignore"):
        width = WIDTH * np.maximum(1.0, np.abs(at))
        both = np.concatenate([at[:, None] + moves * width, at[:, None] - moves * width], axis=1)
        losses = np.broadcast_to(engine.evaluate(both)["E"], (2 * len(at),))
        slopes = (losses[: len(at)] - losses[len(at) :]) / (2.0 * width)
    return {gradient(p): float(s) for p, s in zip(network.parameters, slopes, strict=True)}
