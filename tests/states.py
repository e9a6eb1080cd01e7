"""Random states of random networks: ordinary, tiny, huge and saturated ones, and some at kinks."""

from collections.abc import Iterator, Sequence

import numpy as np

from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.losses import LOSSES
from bptui.core.problem.spec import Spec
from bptui.core.problem.tables import Table
from tests.strategies import NEURON_ACTIVATIONS, OF_PROBABILITIES, count_weights

ORDINARY = (1.0,)
ALL_SCALES = (1.0, 1.0, 1.0, 30.0, 1e3, 1e8, 1e-3, 1e-12)
_PROBABILITIES = ("sigmoid", "torch.sigmoid", "softmax")


def make_states(count: int, scales: Sequence[float] = ALL_SCALES, seed: int = 1) -> Iterator[Spec]:
    """Problems whose given weights are the state; every activation and loss comes in turn.

    A tenth have two weighted inputs that are 0 up to rounding, a fifth weights that are 0.

    Args:
        count: How many.
        scales: What weights and inputs are multiplied by, one by chance.
        seed: The seed of the random numbers.
    """
    rng = np.random.default_rng(seed)
    losses = tuple(LOSSES)
    for n in range(count):
        d, q, l = map(int, rng.integers([1, 0, 1], [5, 5, 4]))  # noqa: E741
        loss, hidden = losses[n % len(losses)], NEURON_ACTIVATIONS[n % len(NEURON_ACTIVATIONS)]
        output = str(rng.choice(_PROBABILITIES if loss in OF_PROBABILITIES else tuple(ACTIVATIONS)))
        weights = rng.normal(size=count_weights(d, q, l)) * rng.choice(scales)
        if rng.random() < 0.2:
            weights[rng.random(len(weights)) < 0.4] = 0.0
        inputs = rng.normal(size=d) * rng.choice(scales)
        if d > 1 and rng.random() < 0.1:
            first = q or l  # the neurons of the first layer
            weights[:first] = -(inputs[1:] @ weights[first : d * first].reshape(d - 1, first)) / inputs[0]
        network: Table = {
            "inputs": inputs.tolist(),
            "targets": rng.uniform(0.01, 0.99, l).tolist(),
            "hidden": q,
            "weights": weights.tolist(),
            "activation": {"hidden": hidden, "output": output},
        }
        if rng.random() < 0.5:
            shared = bool(rng.random() < 0.3)
            hidden_biases, output_biases = (
                rng.normal() * np.ones(size) if shared else rng.normal(size=size) for size in (q, l)
            )
            update = "shared" if shared else "per neuron"
            network["biases"] = {"hidden": hidden_biases.tolist(), "output": output_biases.tolist(), "update": update}
        yield Spec.from_table({"network": network, "training": {"loss": loss, "step": float(rng.choice([1.0, 1e-3]))}})
