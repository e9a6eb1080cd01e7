"""The shape of a problem, and the names of all its quantities.

A ``Network`` holds everything that decides *which* formulas a round has, and nothing that only decides their
numbers: two problems with different weights or steps share one ``Network``, and so one compiled program. Weights
are numbered by source (w1: x1→h1, w2: x1→h2, ...) unless ``numbering`` says "by destination"; the numbering changes
names, never results.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from bptui.core.formulas.expr import Expr, Name, total
from bptui.core.formulas.rounding import NONE

NUMBERINGS = ("by source", "by destination")
BIAS_UPDATES = ("frozen", "per neuron", "shared")


def weighted_input(neuron: str) -> str:
    """Name of a neuron's weighted input, such as ``in_h1``."""
    return f"in_{neuron}"


def delta(neuron: str) -> str:
    """Name of a neuron's delta, the derivative of the loss by its weighted input."""
    return f"delta_{neuron}"


def derivative(of: str, by: str) -> str:
    """Name of the derivative of one quantity by another, such as ``do1_din_o1``."""
    return f"d{of}_d{by}"


def gradient(parameter: str) -> str:
    """Name of the derivative of the loss by a parameter, such as ``dE_dw1``."""
    return derivative("E", parameter)


def updated(parameter: str) -> str:
    """Name of a parameter after the round's update, such as ``new_w1``."""
    return f"new_{parameter}"


def softmax(output: str) -> str:
    """Name of the softmax of an output, an intermediate value of cross entropy."""
    return f"softmax_{output}"


def bias(neuron: str) -> str:
    """Name of a neuron's bias, such as ``b_h1``."""
    return f"b_{neuron}"


def change(parameter: str) -> str:
    """Name of what an update adds to a parameter, such as ``change_w1``; no quantity of a round, but printed."""
    return f"change_{parameter}"


def share(output: str) -> str:
    """Name of an output's share of the loss, such as ``E_o1``; no quantity of a round, but printed."""
    return f"E_{output}"


@dataclass(frozen=True, slots=True)
class Weight:
    """One weight: its name and the two nodes it joins."""

    name: str
    source: str
    target: str


@dataclass(frozen=True)
class Network:
    """What decides the formulas of a round.

    Attributes:
        d: Number of inputs.
        q: Number of hidden neurons.
        l: Number of outputs.
        activations: Name of the activation of each neuron, hidden neurons first (q + l names).
        loss: Name of the loss.
        rule: Name of the gradient rule.
        numbering: One of ``NUMBERINGS``.
        hidden_biases: Whether the hidden neurons have biases.
        output_biases: Whether the outputs have biases.
        bias_update: One of ``BIAS_UPDATES``.
        rounding: What every result is rounded to before it is used, one of ``ROUNDINGS``, or "none".
    """

    d: int
    q: int
    l: int  # noqa: E741 - the letter the subject uses
    activations: tuple[str, ...]
    loss: str
    rule: str = "chain rule"
    numbering: str = "by source"
    hidden_biases: bool = False
    output_biases: bool = False
    bias_update: str = "per neuron"
    rounding: str = NONE

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """Names of the inputs: x1..xd."""
        return tuple(f"x{i + 1}" for i in range(self.d))

    @cached_property
    def targets(self) -> tuple[str, ...]:
        """Names of the targets: y1..yl."""
        return tuple(f"y{k + 1}" for k in range(self.l))

    @cached_property
    def hidden(self) -> tuple[str, ...]:
        """Names of the hidden neurons: h1..hq."""
        return tuple(f"h{j + 1}" for j in range(self.q))

    @cached_property
    def outputs(self) -> tuple[str, ...]:
        """Names of the outputs: o1..ol."""
        return tuple(f"o{k + 1}" for k in range(self.l))

    @property
    def neurons(self) -> tuple[str, ...]:
        """Hidden neurons, then outputs."""
        return self.hidden + self.outputs

    @cached_property
    def weights(self) -> tuple[Weight, ...]:
        """All weights in the order of their numbers."""
        return self._layer(self.inputs, self.hidden, 1) + self._layer(self.hidden, self.outputs, 1 + self.d * self.q)

    def _layer(self, sources: tuple[str, ...], targets: tuple[str, ...], first: int) -> tuple[Weight, ...]:
        if self.numbering == "by source":
            ends = [(s, t) for s in sources for t in targets]
        else:
            ends = [(s, t) for t in targets for s in sources]
        return tuple(Weight(f"w{first + n}", s, t) for n, (s, t) in enumerate(ends))

    @cached_property
    def _weight_names(self) -> dict[tuple[str, str], str]:
        return {(w.source, w.target): w.name for w in self.weights}

    def weight(self, source: str, target: str) -> str:
        """Name of the weight between two nodes."""
        return self._weight_names[source, target]

    @cached_property
    def biases(self) -> tuple[str, ...]:
        """Names of the biases there are, hidden layer first."""
        hidden = self.hidden if self.hidden_biases else ()
        outputs = self.outputs if self.output_biases else ()
        return tuple(bias(n) for n in hidden + outputs)

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """Weights, then biases: the order of every parameter vector."""
        return tuple(w.name for w in self.weights) + self.biases

    def activation(self, neuron: str) -> str:
        """Name of a neuron's activation."""
        return self.activations[self.neurons.index(neuron)]

    def sum_over(self, neurons: tuple[str, ...], term: Callable[[str], Expr]) -> Expr:
        """The sum of a term over some neurons or inputs, in their order."""
        return total([term(neuron) for neuron in neurons])

    def sum_outputs(self, term: Callable[[Name, Name], Expr]) -> Expr:
        """The sum of a term over all outputs and their targets."""
        target = dict(zip(self.outputs, self.targets, strict=True))
        return self.sum_over(self.outputs, lambda o: term(Name(o), Name(target[o])))
