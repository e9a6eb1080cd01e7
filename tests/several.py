"""Random problems with several samples, every way to take them, every optimiser, and with no hidden layer or some."""

from collections.abc import Iterator

import numpy as np

from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.network import BIAS_UPDATES, NUMBERINGS, OVER_SAMPLES
from bptui.core.formulas.optimisers import OPTIMISERS
from bptui.core.problem.kinds.setting_kinds import ALL, ONE_AT_A_TIME
from bptui.core.problem.layer_keys import list_keys
from bptui.core.problem.spec import Spec
from bptui.core.problem.tables import Table
from tests.strategies import OF_PROBABILITIES, count_weights

_BOUNDED = ("sigmoid", "tanh", "softplus")


def make_problems(count: int, seed: int = 1, **training: object) -> Iterator[Spec]:
    """Yield problems; optimisers, losses and forms of batches come in turn.

    Args:
        count: How many.
        seed: The seed of the random numbers.
        training: Settings of training that are fixed.
    """
    rng = np.random.default_rng(seed)
    kinds, losses = tuple(OPTIMISERS), tuple(LOSSES)
    for n in range(count):
        samples = int(rng.integers(1, 7))
        batch = (ALL, ONE_AT_A_TIME, int(rng.integers(1, samples + 1)))[n % 3]
        own = {
            "loss": losses[n % len(losses)],
            # what divides by the size of a gradient takes large steps
            "step": 0.02 if kinds[n % len(kinds)] in ("rmsprop", "adam") else float(rng.choice([0.01, 0.1, 0.3])),
            "optimiser": kinds[n % len(kinds)],
            "weight_decay": float(rng.choice([0.0, 0.0, 0.01])),
            "batch": batch,
            "over_samples": str(rng.choice(OVER_SAMPLES)),
        }
        network = _make_network(rng, samples, own["loss"] in OF_PROBABILITIES)
        yield Spec.from_table({"network": network, "training": {**own, **training}})


def _make_network(rng: np.random.Generator, samples: int, probabilities: bool) -> Table:
    d, q, l = (int(size) for size in rng.integers([1, 0, 1], 4))  # noqa: E741
    hidden = [q][:q] + rng.integers(1, 4, rng.integers(0, 4)).tolist() * (q > 0 and rng.random() < 0.4)
    keys = list_keys(len(hidden))
    output = str(rng.choice(["sigmoid", "softmax"] if probabilities and l > 1 else ["sigmoid"]))
    output = output if probabilities else str(rng.choice([*_BOUNDED, "identity", "softmax"]))
    network: Table = {
        "inputs": rng.normal(size=(samples, d)).round(3).tolist(),
        "targets": rng.uniform(0.05, 0.95, (samples, l)).round(3).tolist(),
        "hidden": hidden,
        "numbering": str(rng.choice(NUMBERINGS)),
        "weights": rng.normal(size=count_weights(d, *hidden, l)).round(3).tolist(),
        "activation": {"hidden": str(rng.choice(_BOUNDED)), "output": output},
    }
    update = str(rng.choice(BIAS_UPDATES))
    biases = {
        layer: [float(rng.normal())] * size if update == "shared" else rng.normal(size=size).tolist()
        for layer, size in zip(keys, [*hidden, l], strict=True)
        if rng.random() < 0.6
    }
    return {**network, "biases": {"update": update, **biases}} if biases else network
