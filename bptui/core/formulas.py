"""Backpropagation, written once: the ordered list of named formulas that is a round.

The list is in calculation order: every formula uses only the inputs, targets, parameters, eta and quantities above
it. The engine compiles it, derivations print it, the screen steps through its phases, so what is shown is what ran.
"""

from dataclasses import dataclass
from functools import lru_cache

from bptui.core.expr import Expr, Name, product, total
from bptui.core.functions import ACTIVATIONS, LOSSES
from bptui.core.network import Network, bias, delta, gradient, updated, weighted_input
from bptui.core.rules import RULES

PHASES = (
    "forward hidden",
    "forward output",
    "loss",
    "output deltas",
    "output gradients",
    "hidden deltas",
    "hidden gradients",
    "update",
)


@dataclass(frozen=True, slots=True)
class Formula:
    """One line of a round: ``name = expr``, and the phase it belongs to (one of ``PHASES``)."""

    name: str
    expr: Expr
    phase: str


@lru_cache(maxsize=256)
def formulas(network: Network) -> tuple[Formula, ...]:
    """The formulas of one round, in calculation order.

    Source of the backward pass: Rumelhart, Hinton and Williams, "Learning representations by back-propagating
    errors", Nature 323 (1986), for any activation, loss and rule.
    """
    n = network
    lines = [
        *_forward(n, "forward hidden", n.inputs, n.hidden),
        *_forward(n, "forward output", n.hidden, n.outputs),
        *_loss(n),
        *(Formula(delta(o), _output_delta(n, o), "output deltas") for o in n.outputs),
        *_gradients(n, "output gradients", n.hidden, n.outputs),
        *(Formula(delta(h), _hidden_delta(n, h), "hidden deltas") for h in n.hidden),
        *_gradients(n, "hidden gradients", n.inputs, n.hidden),
        *(Formula(updated(p), _update(n, p), "update") for p in n.parameters),
    ]
    return tuple(lines)


def _has_bias(n: Network, neuron: str) -> bool:
    return bias(neuron) in n.biases


def _forward(n: Network, phase: str, sources: tuple[str, ...], neurons: tuple[str, ...]) -> list[Formula]:
    lines = []
    for neuron in neurons:
        terms: list[Expr] = [product(Name(n.weight(s, neuron)), Name(s)) for s in sources]
        if _has_bias(n, neuron):
            terms.append(Name(bias(neuron)))
        z = weighted_input(neuron)
        lines.append(Formula(z, total(terms), phase))
        lines.append(Formula(neuron, ACTIVATIONS[n.activation(neuron)].value(Name(z)), phase))
    return lines


def _loss(n: Network) -> list[Formula]:
    row, o, y = LOSSES[n.loss], [Name(k) for k in n.outputs], [Name(k) for k in n.targets]
    parts = [Formula(name, expr, "loss") for name, expr in row.parts(o, y).items()]
    return [*parts, Formula("E", row.value(o, y), "loss")]


def _slope(n: Network, neuron: str) -> Expr:
    return ACTIVATIONS[n.activation(neuron)].derivative(Name(weighted_input(neuron)), Name(neuron))


def _output_delta(n: Network, output: str) -> Expr:
    o, y = [Name(k) for k in n.outputs], [Name(k) for k in n.targets]
    return product(LOSSES[n.loss].derivative(n.outputs.index(output), o, y), _slope(n, output))


def _hidden_delta(n: Network, hidden: str) -> Expr:
    return product(RULES[n.rule].arriving(n, hidden), _slope(n, hidden))


def _gradients(n: Network, phase: str, sources: tuple[str, ...], neurons: tuple[str, ...]) -> list[Formula]:
    lines = [
        Formula(gradient(w.name), product(Name(delta(w.target)), Name(w.source)), phase)
        for w in n.weights
        if w.source in sources and w.target in neurons
    ]
    deltas: list[Expr] = [Name(delta(neuron)) for neuron in neurons]
    for neuron in neurons:
        if _has_bias(n, neuron):
            by_bias = total(deltas) if n.bias_update == "shared" else Name(delta(neuron))
            lines.append(Formula(gradient(bias(neuron)), by_bias, phase))
    return lines


def _update(n: Network, parameter: str) -> Expr:
    if parameter in n.biases and n.bias_update == "frozen":
        return Name(parameter)
    return Name(parameter) - product(Name("eta"), Name(gradient(parameter)))
