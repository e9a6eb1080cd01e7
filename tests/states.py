"""Random states of random networks: ordinary, tiny, huge and saturated ones, and some at kinks."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.losses import LOSSES
from bptui.core.problem.spec import Spec

SCALES = (1.0, 1.0, 1.0, 30.0, 1e3, 1e8, 1e-3, 1e-12)


def make_states(count: int, seed: int = 1) -> Iterator[Spec]:
    """Problems whose given weights are the state; every activation and loss comes in turn.

    Args:
        count: How many.
        seed: The seed of the random numbers.
    """
    rng = np.random.default_rng(seed)
    activations, losses = tuple(ACTIVATIONS), tuple(LOSSES)
    for n in range(count):
        d, q, l = rng.integers(1, 5), rng.integers(1, 5), rng.integers(1, 4)  # noqa: E741
        loss, hidden = losses[n % len(losses)], activations[n % len(activations)]
        output = str(rng.choice(["sigmoid", "torch.sigmoid"] if loss == "binary cross entropy" else activations))
        weights = rng.normal(size=d * q + q * l) * rng.choice(SCALES)
        if rng.random() < 0.2:
            weights[rng.random(len(weights)) < 0.4] = 0.0
        inputs = rng.normal(size=d) * rng.choice(SCALES)
        if d > 1 and rng.random() < 0.1:  # a weighted input that is 0 up to rounding
            weights[:q] = -(inputs[1:] @ weights[q : d * q].reshape(d - 1, q)) / inputs[0]
        spec = Spec.from_table(
            {
                "network": {
                    "inputs": inputs.tolist(),
                    "targets": rng.uniform(0.01, 0.99, l).tolist(),
                    "hidden": int(q),
                    "weights": weights.tolist(),
                    "activation": {"hidden": hidden, "output": output},
                },
                "training": {"loss": loss, "step": float(rng.choice([0.1, 1.0, 1e-3]))},
            }
        )
        if rng.random() < 0.5:
            biases = tuple(rng.normal(size=q + l).tolist())
            spec = replace(spec, biases=biases) if hasattr(spec, "biases") else spec
        yield spec
