"""Problems for tests: random ones for hypothesis, fixed ones for tables of cases, and how two rounds are compared."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import isfinite
from typing import Any

import numpy as np
from hypothesis import strategies as st

from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.layers import Layer, name_layers
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.names import weighted_input
from bptui.core.formulas.network import BIAS_UPDATES, NUMBERINGS, Network
from bptui.core.formulas.rounding import NONE, ROUNDINGS
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.layer_keys import list_keys
from bptui.core.problem.settings import PRECISIONS
from bptui.core.problem.spec import Spec
from bptui.core.problem.starts import GIVEN, INITS
from bptui.core.problem.tables import Table

SIZES = ((1, 1, 1), (2, 2, 2), (3, 1, 2), (5, 4, 3), (2, 0, 1), (2, 3, 2, 1))
BIASES = ("none", *BIAS_UPDATES)
_SEED = 55  # one with which no output of a ReLU network in SIZES is stuck at its kink
_KINKED = ("relu", "leaky relu")
_PROBABILITIES = ("sigmoid", "torch.sigmoid", "softmax")
OF_PROBABILITIES = ("binary cross entropy", "categorical cross entropy")  # losses that are meant for these

hidden_sizes = st.lists(st.integers(1, 4), max_size=1) | st.lists(st.integers(1, 3), min_size=2, max_size=4)
NEURON_ACTIVATIONS = tuple(name for name, row in ACTIVATIONS.items() if row.of_layer is None)
activation_names = st.sampled_from(NEURON_ACTIVATIONS)
loss_names = st.sampled_from(tuple(LOSSES))
finite_numbers = st.floats(allow_nan=False, allow_infinity=False)


def network_of(
    *sizes: int,
    activations: Sequence[str] = (),
    loss: str = "half squared error",
    biases: bool = False,
    **more: Any,
) -> Network:
    """A network of so many inputs, then neurons in each layer; all of them sigmoids unless each activation is given."""
    inputs, *layers = sizes
    left = iter(activations or ("sigmoid",) * sum(layers))
    return Network(
        inputs=tuple(f"x{i}" for i in range(1, inputs + 1)),
        layers=tuple(
            Layer(name, neurons, tuple(next(left) for _ in neurons), biases) for name, neurons in name_layers(layers)
        ),
        loss=loss,
        **more,
    )


def numbers(count: int, reach: float = 1.0) -> st.SearchStrategy[list[float]]:
    """Lists of so many numbers from -reach to reach."""
    return st.lists(st.floats(-reach, reach), min_size=count, max_size=count)


def count_weights(*sizes: int) -> int:
    """The weights of a network of so many inputs, hidden neurons (0 for no hidden layer) and outputs."""
    return sum(a * b for a, b in pairwise(size for size in sizes if size))


def name_neurons(hidden: Sequence[int], outputs: int) -> list[str]:
    """The names of all neurons of a network."""
    return [neuron for _, those in name_layers([*hidden, outputs]) for neuron in those]


@st.composite
def tables(draw: st.DrawFn, smooth: bool = False) -> Table:
    """Lesson tables of any problem up to 5-4-3 or 5-3-3-3-3-3, with or without hidden layers, with given weights.

    Args:
        draw: Hypothesis's own.
        smooth: Give the losses of probabilities only the outputs they are meant for.
    """
    d, l, hidden = draw(st.integers(1, 5)), draw(st.integers(1, 3)), draw(hidden_sizes)  # noqa: E741
    loss = draw(loss_names)
    likely = smooth and loss in OF_PROBABILITIES
    output = draw(st.sampled_from(_PROBABILITIES if likely else tuple(ACTIVATIONS)))
    of_outputs = st.sampled_from(_PROBABILITIES[:2]) if likely else activation_names
    own = [one for one in name_neurons(hidden, l) if one[0] != "o" or output != "softmax"]
    of_each = {one: of_outputs if one[0] == "o" else activation_names for one in own}
    by_neuron = {neuron: draw(names) for neuron, names in of_each.items() if draw(st.booleans())}
    keys = list_keys(len(hidden))
    network: Table = {
        "inputs": draw(numbers(d)),
        "targets": draw(numbers(l)),
        "hidden": hidden,
        "numbering": draw(st.sampled_from(NUMBERINGS)),
        "weights": draw(numbers(count_weights(d, *hidden, l))),
        "activation": {"output": output, **by_neuron},
    }
    network["activation"] |= {
        key: draw(activation_names) for key in keys[:-1] if key == "hidden" or draw(st.booleans())
    }
    update = draw(st.sampled_from(BIASES))
    if update != "none":
        layers = draw(st.sets(st.sampled_from(keys), min_size=1))
        network["biases"] = {"update": update}
        for layer, size in zip(keys, [*hidden, l], strict=True):
            if layer in layers:
                shared = [draw(st.floats(-1, 1))] * size
                network["biases"][layer] = shared if update == "shared" else draw(numbers(size))
    training = {
        "loss": loss,
        "step": draw(st.floats(1e-3, 2.0)),
        "rounds": draw(st.integers(1, 10_000)),
        "precision": draw(st.sampled_from(PRECISIONS)),
        "torch_precision": draw(st.sampled_from(("same", *PRECISIONS))),
        "rounding": draw(st.just(NONE) | st.sampled_from(tuple(ROUNDINGS))),
        "gradient": draw(st.sampled_from(tuple(RULES))),
    }
    return {"network": network, "training": training}


@st.composite
def problems(draw: st.DrawFn, /, **training: Any) -> Spec:
    """Problems from ``tables`` on which the engines can be compared, with some training settings fixed.

    Neither autograd nor a finite difference rounds, so by itself no result is rounded.
    """
    table = draw(tables(smooth=True))
    return Spec.from_table({**table, "training": {**table["training"], "rounding": NONE, **training}})


rounded_or_not = tables(smooth=True).map(Spec.from_table)
"""Problems whose results may be rounded before they are used."""


@st.composite
def starts(draw: st.DrawFn) -> Table:
    """An ``init`` table of any kind but given weights."""
    kind = draw(st.sampled_from([k for k in INITS if k != GIVEN]))
    low, high = sorted(draw(numbers(2, 1e300)))
    values = {
        "value": draw(finite_numbers),
        "low": low,
        "high": high,
        "mean": draw(finite_numbers),
        "std": draw(st.floats(0.0, 1e300)),
        "seed": draw(st.integers(0, 2**32 - 1)),
    }
    return {"kind": kind, **{name: values[name] for name in INITS[kind]}}


def problem(
    sizes: tuple[int, ...] = (2, 2, 2),
    activation: str = "sigmoid",
    loss: str = "half squared error",
    biases: str = "none",
    **training: Any,
) -> Spec:
    """One fixed problem of each kind, with every loss defined: those of probabilities have outputs between 0 and 1."""
    d, *hidden, l = (size for size in sizes if size)  # noqa: E741
    rng = np.random.default_rng([_SEED, *sizes])
    weights = rng.uniform(-0.9, 0.9, count_weights(d, *hidden, l))
    if loss in OF_PROBABILITIES:
        weights = (
            (1.0 if len(hidden) > 1 else 0.5) * np.abs(weights) / max(d, *hidden, 0)
        )  # neither 0 nor 1 at any depth
    network: Table = {
        "inputs": list(rng.uniform(0.1, 0.9, d)),
        "targets": list(rng.uniform(0.05, 0.9, l)),
        "hidden": hidden,
        "weights": list(weights),
        "activation": {"hidden": activation if activation in NEURON_ACTIVATIONS else "sigmoid", "output": activation},
    }
    if biases != "none":
        own = iter([0.11 if biases == "shared" else 0.02 * (n + 1) for n in range(sum(hidden) + l)])
        of_layers = zip(list_keys(len(hidden)), [*hidden, l], strict=True)
        network["biases"] = {"update": biases, **{key: [next(own) for _ in range(size)] for key, size in of_layers}}
    return Spec.from_table({"network": network, "training": {"loss": loss, **training}})


def is_defined(activation: str, loss: str, sizes: tuple[int, int, int]) -> bool:
    """Whether a problem of these has a loss: one output of softmax is always 1, where binary cross entropy ends."""
    return (activation, loss, sizes[-1]) != ("softmax", "binary cross entropy", 1)


def is_smooth(spec: Spec, values: Mapping[str, Any]) -> bool:
    """Whether derivatives mean something here: a finite loss, no kink near, no output where a logarithm ends."""
    network = spec.network
    kinks = [values[weighted_input(n)] for n in network.neurons if network.activation(n) in _KINKED]
    ends = [min(values[o], 1 - values[o]) for o in network.outputs if spec.loss == "binary cross entropy"]
    ends += [values[o] for o in network.outputs if spec.loss == "categorical cross entropy"]
    return isfinite(values["E"]) and all(abs(z) > 1e-4 for z in kinks) and all(e > 1e-3 for e in ends)


def disagreement(one: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[float, str]:
    """The largest difference between quantities of the same name, over the scale of the round, and its name."""
    scale = max(1.0, *(abs(float(v)) for v in other.values()))
    return max((abs(float(one[name]) - float(other[name])) / scale, name) for name in other)
