"""The settings of a problem, one field each.

The metadata of a field says where the setting belongs in a lesson file, what it accepts and how to describe it; that
one list drives the file reader, the command-line flags and the settings screen.
"""

from dataclasses import MISSING, field, fields
from typing import Any

from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.network import BIAS_UPDATES, NUMBERINGS, OVER_SAMPLES
from bptui.core.formulas.optimisers import DESCENT, OPTIMISERS
from bptui.core.formulas.rounding import NONE, ROUNDINGS
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.kinds.array_kinds import BiasList, NumberRows, WeightList
from bptui.core.problem.kinds.setting_kinds import (
    ALL,
    BatchSize,
    Choice,
    ChoiceByName,
    FiniteNumber,
    Kind,
    LayerSizes,
    WholeNumber,
)
from bptui.core.problem.layer_keys import HIDDEN_KEYS, SAME
from bptui.core.problem.starts import GIVEN, INITS
from bptui.core.problem.tables import OTHERS
from bptui.record import record

MOST = 8  # of inputs, of neurons of a layer
MOST_SAMPLES = 16
MOST_ROUNDS = 10_000_000
PRECISIONS = ("float64", "float32")


def _setting(path: str, kind: Kind, about: str, default: Any = MISSING) -> Any:
    return field(default=default, metadata={"path": tuple(path.split(".")), "kind": kind, "about": about})


_ACTIVATION = Choice.of(ACTIVATIONS)
_DEEPER = Choice((SAME, *ACTIVATIONS), ("as the first hidden layer", *_ACTIVATION.about))
_BIASES = BiasList(0, MOST)
_WEIGHTS = WeightList(0, (len(HIDDEN_KEYS) + 1) * MOST * MOST)
_ROWS = NumberRows(1, MOST, MOST_SAMPLES)
_RATE = FiniteNumber(at_least=0, below=1)


@record
class NetworkSettings:
    """The network, its data and its start."""

    inputs: tuple[tuple[float, ...], ...] = _setting("network.inputs", _ROWS, "the inputs x1, x2, …, a row per sample")
    targets: tuple[tuple[float, ...], ...] = _setting(
        "network.targets", _ROWS, "the targets y1, y2, …, a row per sample"
    )
    hidden: tuple[int, ...] = _setting(
        "network.hidden",
        LayerSizes(MOST, len(HIDDEN_KEYS)),
        "number of neurons in each hidden layer, such as 3, 2; 0 for no hidden layer",
        (2,),
    )
    numbering: str = _setting(
        "network.numbering",
        Choice(NUMBERINGS),
        "how w1, w2, … are numbered: a matrix has a row per source or, by destination, a row per neuron",
        NUMBERINGS[0],
    )
    activation_hidden: str = _setting(
        "network.activation.hidden", _ACTIVATION, "activation of the hidden neurons", "sigmoid"
    )
    activation_hidden2: str = _setting("network.activation.hidden2", _DEEPER, "activation of hidden layer 2", SAME)
    activation_hidden3: str = _setting("network.activation.hidden3", _DEEPER, "activation of hidden layer 3", SAME)
    activation_hidden4: str = _setting("network.activation.hidden4", _DEEPER, "activation of hidden layer 4", SAME)
    activation_output: str = _setting("network.activation.output", _ACTIVATION, "activation of the outputs", "sigmoid")
    activation_neurons: tuple[tuple[str, str], ...] = _setting(
        f"network.activation.{OTHERS}",
        ChoiceByName(_ACTIVATION),
        "activation of individual neurons, such as o2=relu",
        (),
    )
    init: str = _setting("network.init.kind", Choice(tuple(INITS)), "how the initial weights are chosen", GIVEN)
    weights: tuple[float, ...] = _setting(
        "network.weights", _WEIGHTS, "the initial weights w1, w2, …, or a matrix per layer", ()
    )
    value: float = _setting("network.init.value", FiniteNumber(), "the initial value of every weight", 0.5)
    low: float = _setting("network.init.low", FiniteNumber(), "lowest initial weight", -1.0)
    high: float = _setting("network.init.high", FiniteNumber(), "highest initial weight", 1.0)
    mean: float = _setting("network.init.mean", FiniteNumber(), "mean of the initial weights", 0.0)
    std: float = _setting(
        "network.init.std", FiniteNumber(at_least=0), "standard deviation of the initial weights", 1.0
    )
    seed: int = _setting("network.init.seed", WholeNumber(0, 2**32 - 1), "seed of the random initial weights", 1)
    biases_hidden: tuple[float, ...] = _setting(
        "network.biases.hidden", _BIASES, "biases of the (first) hidden layer; empty for none", ()
    )
    biases_hidden2: tuple[float, ...] = _setting("network.biases.hidden2", _BIASES, "biases of hidden layer 2", ())
    biases_hidden3: tuple[float, ...] = _setting("network.biases.hidden3", _BIASES, "biases of hidden layer 3", ())
    biases_hidden4: tuple[float, ...] = _setting("network.biases.hidden4", _BIASES, "biases of hidden layer 4", ())
    biases_output: tuple[float, ...] = _setting(
        "network.biases.output", _BIASES, "biases of the outputs; empty for none", ()
    )
    bias_update: str = _setting(
        "network.biases.update", Choice(BIAS_UPDATES), "how training changes the biases", "per neuron"
    )


@record
class TrainingSettings:
    """How it is trained."""

    loss: str = _setting("training.loss", Choice.of(LOSSES), "the loss to minimise", "half squared error")
    step: float = _setting("training.step", FiniteNumber(above=0), "the learning rate η", 1.0)
    batch: str | int = _setting(
        "training.batch",
        BatchSize(MOST_SAMPLES),
        "the samples that a round uses: all, one at a time or a number of them",
        ALL,
    )
    over_samples: str = _setting(
        "training.over_samples", Choice(OVER_SAMPLES), "how a round combines the losses of its samples", "sum"
    )
    optimiser: str = _setting(
        "training.optimiser.kind", Choice.of(OPTIMISERS), "how parameters are updated from their gradients", DESCENT
    )
    momentum: float = _setting(
        "training.optimiser.momentum", _RATE, "the momentum μ: the fraction of v that is kept", 0.9
    )
    alpha: float = _setting("training.optimiser.alpha", _RATE, "α: the fraction of v that is kept", 0.99)
    beta1: float = _setting("training.optimiser.beta1", _RATE, "β1: the fraction of m that is kept", 0.9)
    beta2: float = _setting("training.optimiser.beta2", _RATE, "β2: the fraction of v that is kept", 0.999)
    epsilon: float = _setting("training.optimiser.epsilon", FiniteNumber(at_least=0), "ε: added to the root of v", 1e-8)
    weight_decay: float = _setting(
        "training.weight_decay", FiniteNumber(at_least=0), "weight decay λ: λ·w is added to each gradient", 0.0
    )
    rounds: int = _setting(
        "training.rounds",
        WholeNumber(1, MOST_ROUNDS),
        "number of rounds in a run; a round that uses all samples is an epoch",
        1000,
    )
    precision: str = _setting("training.precision", Choice(PRECISIONS), "precision of both engines", "float64")
    torch_precision: str = _setting(
        "training.torch_precision", Choice(("same", *PRECISIONS)), "precision of torch only", "same"
    )
    rounding: str = _setting(
        "training.rounding", Choice((NONE, *ROUNDINGS)), "how NumPy rounds every result before using it", NONE
    )
    gradient: str = _setting(
        "training.gradient", Choice.of(RULES), "how NumPy calculates the backward pass", "chain rule"
    )


def find_setting(path: tuple[str, ...]) -> str:
    """Return the name of the setting that a fault's path belongs to; empty if there is none."""
    by_path = {item.metadata["path"]: item.name for of in (NetworkSettings, TrainingSettings) for item in fields(of)}
    return by_path.get(path) or by_path.get((*path[:-1], OTHERS)) or by_path.get((*path, OTHERS), "")
