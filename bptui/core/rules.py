"""Gradient rules: how the backward pass is done, one row each.

A rule changes the error that arrives at a hidden neuron; everything after it (the activation's derivative, the
gradients, the update) follows from that. `chain rule` is the right one, the others are known mistakes, kept so that
they can be watched beside autograd.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bptui.core.expr import Expr, Name, product
from bptui.core.network import Network, delta, gradient

CHAIN_RULE = "chain rule"


@dataclass(frozen=True)
class Rule:
    """A way of doing the backward pass.

    Attributes:
        name: What lessons and screens call it.
        about: One sentence for people.
        arriving: What is used for dE/dh, from the network and the hidden neuron's name.
    """

    name: str
    about: str
    arriving: Callable[[Network, str], Expr]


def _deltas_times_weights(network: Network, hidden: str) -> Expr:
    return network.sum_over(network.outputs, lambda o: product(Name(delta(o)), Name(network.weight(hidden, o))))


def _output_gradients(network: Network, hidden: str) -> Expr:
    return network.sum_over(network.outputs, lambda o: Name(gradient(network.weight(hidden, o))))


RULES = {
    row.name: row
    for row in (
        Rule(
            CHAIN_RULE,
            "each output's delta travels back along its weight: dE/dh1 = delta_o1·w5 + delta_o2·w6",
            _deltas_times_weights,
        ),
        Rule(
            "as published",
            "the source document's slip: the output weights' gradients stand in for delta times weight in the "
            "hidden step, dE/dw5 + dE/dw6 for dE/dh1",
            _output_gradients,
        ),
    )
}
