"""Problems that no training survives: numbers at the ends of what doubles and float32 have, in random networks.

``CATASTROPHES`` are picked by hand, each with the word for what becomes of it.
"""

import random
from typing import Any, NamedTuple

from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.network import BIAS_UPDATES, NUMBERINGS, OVER_SAMPLES
from bptui.core.formulas.optimisers import OPTIMISERS
from bptui.core.formulas.rounding import NONE, ROUNDINGS
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.layer_keys import list_keys
from bptui.core.problem.settings import PRECISIONS
from bptui.core.problem.spec import Spec
from bptui.core.problem.tables import Table, merge_tables
from bptui.core.quantities.printable import list_printable
from bptui.lessons.lesson import Figures, Lesson, Variant
from tests.strategies import NEURON_ACTIVATIONS, count_weights, name_neurons, problem

LARGEST, SMALLEST = 1.7976931348623157e308, 5e-324
_SMALL = (0.0, SMALLEST, 1e-310, 1e-300, 1e-160, 1e-45, 1e-20, 0.5, 1.0, 37.0, 88.8, 104.0, 710.0, 745.2, 1e5)
_ENDS = (*_SMALL, 1e20, 3.5e38, 1e154, 1e200, 1e300, 1e308, LARGEST)
_STEPS = (SMALLEST, 1e-300, 1e-10, 0.5, 1.0, 1e10, 1e100, 1e300, LARGEST)
_FRACTIONS = (0.0, SMALLEST, 1e-300, 1e-8, 0.5, 0.9, 1.0 - 2.0**-53)
_PRINTED = ("nan", "inf", "-inf", "1e308", "-0.0", "0.", "0", "1e-320", "0.5", "123.456", "1e400")


def catastrophe(rng: random.Random) -> Lesson:
    """A lesson with any setting there is and numbers that are likely to be too much for it."""
    d, l = rng.randint(1, 3), rng.randint(1, 3)  # noqa: E741
    hidden = [rng.randint(1, 3) for _ in range(rng.choice((0, 1, 1, 1, 2, 4)))]
    samples, optimiser = rng.choice((1, 1, 2, 3)), rng.choice(tuple(OPTIMISERS))
    share = rng.choice((0.0, 0.2, 1.0))

    def numbers(count: int) -> list[float]:
        return [rng.choice((-1, 1)) * (rng.choice(_ENDS) if rng.random() < share else 0.3) for _ in range(count)]

    biases: Table = {"update": rng.choice(BIAS_UPDATES)}
    of_layers = zip(list_keys(len(hidden)), [*hidden, l], strict=True)
    biases |= {layer: numbers(1) * size for layer, size in of_layers if rng.random() < 0.3}
    names = ["hidden", name_neurons(hidden, l)[0]] if hidden else []
    outputs = {place: rng.choice(NEURON_ACTIVATIONS) for place in ("output", "o1")}
    outputs = {"output": "softmax"} if rng.random() < 0.2 else outputs
    spec = Spec.from_table(
        {
            "network": {
                "inputs": [numbers(d) for _ in range(samples)],
                "targets": [numbers(l) for _ in range(samples)],
                "hidden": hidden,
                "weights": numbers(count_weights(d, *hidden, l)),
                "numbering": rng.choice(NUMBERINGS),
                "activation": {place: rng.choice(NEURON_ACTIVATIONS) for place in names} | outputs,
                "biases": biases,
            },
            "training": {
                "loss": rng.choice(tuple(LOSSES)),
                "step": rng.choice(_STEPS),
                "batch": rng.choice(("all", "one at a time", min(2, samples))),
                "over_samples": rng.choice(OVER_SAMPLES),
                "optimiser": {"kind": optimiser}
                | {name: _setting(rng, name) for name in OPTIMISERS[optimiser].settings},
                "weight_decay": rng.choice((0.0, 0.0, *_FRACTIONS, 1e308)),
                "rounds": rng.choice((1, 2, 30)),
                "precision": rng.choice(PRECISIONS),
                "torch_precision": rng.choice(("same", *PRECISIONS)),
                "rounding": rng.choice((NONE, NONE, *ROUNDINGS)),
                "gradient": rng.choice(tuple(RULES)),
            },
        }
    )
    known = list_printable(spec.network_of(2))
    figures = {name: rng.choice(_PRINTED) for name in rng.sample(list(known), min(6, len(known)))}
    variant = Variant("another step", {"training": {"step": rng.choice(_STEPS)}})
    return Lesson("mine", "A catastrophe", spec, figures=(Figures(2, "numpy", {}, figures),), variants=(variant,))


def _setting(rng: random.Random, name: str) -> float:
    """A value of a setting of an optimiser, as far out as it may be."""
    return rng.choice([*_FRACTIONS, *([1e308, LARGEST] if name == "epsilon" else [])])


class Catastrophe(NamedTuple):
    """A problem, and the word for what becomes of it."""

    spec: Spec
    word: str


def _of(activation: str = "sigmoid", loss: str = "half squared error", weight: float = 0.0, **training: Any) -> Spec:
    table = problem(activation=activation, loss=loss, **training).to_table()
    changes: Table = {"network": {"weights": [weight, weight, weight, -weight] * 2}} if weight else {}
    return Spec.from_table(merge_tables(table, {**changes, "training": {"rounds": 1000, **training}}))


CATASTROPHES = {
    "dead ReLUs": Catastrophe(_of("relu", weight=-0.5), "dead"),
    "a step of 1e300": Catastrophe(_of("identity", step=1e300), "Diverged"),
    "the largest step": Catastrophe(_of(step=LARGEST, precision="float32"), "Diverged"),
    "the smallest step": Catastrophe(_of(step=SMALLEST), "Stuck"),
    "a step that makes it explode after some rounds": Catastrophe(_of("identity", step=8.0), "Diverged"),
    "weights of 1e308": Catastrophe(_of("softplus", weight=1e308), "Diverged"),
    "weights that float32 has not": Catastrophe(
        _of("identity", "cross entropy", 1e300, precision="float32"), "Diverged"
    ),
    "weights as small as can be": Catastrophe(_of("tanh", "squared error", SMALLEST), "Converged"),
    "a logarithm of nothing": Catastrophe(_of("relu", "binary cross entropy", -0.5), "Diverged"),
}
