"""Backpropagation, written once: the ordered list of named formulas that is a round.

The list is in calculation order: every formula uses only the inputs, targets, parameters, eta and quantities above
it. The engine compiles it, derivations print it, the screen steps through its phases, so what is shown is what ran.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

from bptui.core.formulas.expr import Call, Expr, Function, Name, Sum, product, total
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.network import Network, bias, delta, gradient, updated, weighted_input
from bptui.core.formulas.rounding import NONE, ROUNDINGS
from bptui.core.formulas.rules import RULES, activation

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
    n, rule = network, RULES[network.rule]
    into_outputs = {w.name for w in n.weights if w.target in n.outputs} | set(map(bias, n.outputs))
    early = [p for p in n.parameters if rule.updates_first and p in into_outputs]
    lines = [
        *_forward(n, "forward hidden", n.inputs, n.hidden),
        *_forward(n, "forward output", n.hidden, n.outputs),
        *_loss(n),
        *(
            Formula(delta(o), product(rule.by_output(n, o), rule.output_slope(n, o)), "output deltas")
            for o in n.outputs
        ),
        *_gradients(n, "output gradients", n.hidden, n.outputs),
        *_updates(n, early),
        *(Formula(delta(h), product(rule.arriving(n, h), rule.hidden_slope(n, h)), "hidden deltas") for h in n.hidden),
        *_gradients(n, "hidden gradients", n.inputs, n.hidden),
        *_updates(n, [p for p in n.parameters if p not in early]),
    ]
    return tuple(lines if n.rounding == NONE else (_rounded(line, ROUNDINGS[n.rounding]) for line in lines))


def _rounded(line: Formula, rounding: Function) -> Formula:
    """A line whose result is rounded; a mere name, as a frozen bias is updated to, is rounded already."""
    return line if isinstance(line.expr, Name) else replace(line, expr=Call(rounding, (line.expr,)))


def _has_bias(n: Network, neuron: str) -> bool:
    return bias(neuron) in n.biases


def _forward(n: Network, phase: str, sources: tuple[str, ...], neurons: tuple[str, ...]) -> list[Formula]:
    lines = []
    for neuron in neurons:
        z = weighted_input(neuron)
        lines.append(Formula(z, _weighted_sum(n, sources, neuron), phase))
        lines.append(Formula(neuron, activation(n, neuron).value(Name(z)), phase))
    return lines


def _weighted_sum(n: Network, sources: tuple[str, ...], neuron: str) -> Expr:
    products = n.sum_over(sources, lambda source: product(Name(n.weight(source, neuron)), Name(source)))
    if not _has_bias(n, neuron):
        return products
    terms = products.terms if isinstance(products, Sum) else (products,)
    return total([*terms, Name(bias(neuron))])


def _loss(n: Network) -> list[Formula]:
    row = LOSSES[n.loss]
    parts = [Formula(name, expr, "loss") for name, expr in row.parts(n).items()]
    return [*parts, Formula("E", row.value(n), "loss")]


def _gradients(n: Network, phase: str, sources: tuple[str, ...], neurons: tuple[str, ...]) -> list[Formula]:
    lines = [
        Formula(gradient(w.name), product(Name(delta(w.target)), Name(w.source)), phase)
        for w in n.weights
        if w.source in sources and w.target in neurons
    ]
    for neuron in neurons:
        if _has_bias(n, neuron):
            shared = n.bias_update == "shared"
            by_bias = n.sum_over(neurons, lambda one: Name(delta(one))) if shared else Name(delta(neuron))
            lines.append(Formula(gradient(bias(neuron)), by_bias, phase))
    return lines


def _updates(n: Network, parameters: list[str]) -> list[Formula]:
    return [Formula(updated(p), _update(n, p), "update") for p in parameters]


def _update(n: Network, parameter: str) -> Expr:
    if parameter in n.biases and n.bias_update == "frozen":
        return Name(parameter)
    return Name(parameter) - product(Name("eta"), Name(gradient(parameter)))
