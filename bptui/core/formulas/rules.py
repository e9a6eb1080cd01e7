"""Gradient rules: how the backward pass is done, one row each.

`chain rule` is the right one. The others are known mistakes, kept so that they can be watched beside autograd and
recognised in printed figures: each changes what is multiplied into a delta, or the order of the round, and everything
after that follows from it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bptui.core.formulas.activations import ACTIVATIONS, EACH_ITS_OWN, Activation
from bptui.core.formulas.expr import Difference, Expr, Name, Negative, Number, product
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.network import Network, delta, gradient, updated, weighted_input


def activation(n: Network, neuron: str) -> Activation:
    """A neuron's activation; the general term where a layer's neurons differ in it."""
    return ACTIVATIONS.get(n.activation(neuron), EACH_ITS_OWN)


def slope(n: Network, neuron: str) -> Expr:
    """A neuron's output by its weighted input, d(output)/d(in)."""
    return activation(n, neuron).derivative(Name(weighted_input(neuron)), Name(neuron))


def by_output(n: Network, output: str) -> Expr:
    """The loss by an output, dE/do."""
    target = n.targets[n.outputs.index(output)]
    return LOSSES[n.loss].derivative(n, Name(output), Name(target))


CHAIN_RULE = "chain rule"


def _anywhere(network: Network) -> bool:
    return True


def _deltas_times_weights(network: Network, hidden: str) -> Expr:
    return network.sum_over(network.outputs, lambda o: product(Name(delta(o)), Name(network.weight(hidden, o))))


@dataclass(frozen=True)
class Rule:
    """A way of doing the backward pass.

    Attributes:
        name: What lessons and screens call it.
        about: One sentence for people.
        by_output: What is used for dE/do, from the network and the output's name.
        output_slope: What is used for an output by its weighted input, likewise.
        arriving: What is used for dE/dh, from the network and the hidden neuron's name.
        hidden_slope: What is used for a hidden output by its weighted input, likewise.
        updates_first: Whether the weights into the outputs are updated before the hidden step.
        general: Whether the hidden step has a general term, the same for all hidden neurons.
        applies: Whether it makes a difference to a network.
    """

    name: str
    about: str
    by_output: Callable[[Network, str], Expr] = by_output
    output_slope: Callable[[Network, str], Expr] = slope
    arriving: Callable[[Network, str], Expr] = _deltas_times_weights
    hidden_slope: Callable[[Network, str], Expr] = slope
    updates_first: bool = False
    general: bool = True
    applies: Callable[[Network], bool] = _anywhere


def _one(network: Network, neuron: str) -> Expr:
    return Number(1.0)


def _turned(network: Network, output: str) -> Expr:
    right = by_output(network, output)
    return Difference(right.right, right.left) if isinstance(right, Difference) else Negative(right)


def _deltas_times_new_weights(network: Network, hidden: str) -> Expr:
    return network.sum_over(
        network.outputs, lambda o: product(Name(delta(o)), Name(updated(network.weight(hidden, o))))
    )


def _deltas(network: Network, hidden: str) -> Expr:
    return network.sum_over(network.outputs, lambda o: Name(delta(o)))


def _errors_times_weights(network: Network, hidden: str) -> Expr:
    return network.sum_over(network.outputs, lambda o: product(by_output(network, o), Name(network.weight(hidden, o))))


def _errors(network: Network, hidden: str) -> Expr:
    return network.sum_over(network.outputs, lambda o: by_output(network, o))


def _output_gradients(network: Network, hidden: str) -> Expr:
    return network.sum_over(network.outputs, lambda o: Name(gradient(network.weight(hidden, o))))


def _slope_of_the_first(network: Network, hidden: str) -> Expr:
    return slope(network, network.hidden[0])


def _swapped(network: Network) -> dict[str, str]:
    """The two weights that are taken for each other: h1→o2 and h2→o1, or the first two where there are no such."""
    h, o = network.hidden, network.outputs
    if len(h) > 1 and len(o) > 1:
        pair = (network.weight(h[0], o[1]), network.weight(h[1], o[0]))
    else:
        first, *others = (w.name for w in network.weights if w.source in h)
        pair = (first, others[0] if others else first)
    return dict(zip(pair, reversed(pair), strict=True))


def _deltas_times_swapped_weights(network: Network, hidden: str) -> Expr:
    swapped = _swapped(network)

    def term(output: str) -> Expr:
        weight = network.weight(hidden, output)
        return product(Name(delta(output)), Name(swapped.get(weight, weight)))

    return network.sum_over(network.outputs, term)


def _several_hidden(network: Network) -> bool:
    return network.q > 1


def _several_output_weights(network: Network) -> bool:
    return network.q * network.l > 1


RULES = {
    row.name: row
    for row in (
        Rule(
            CHAIN_RULE,
            "each output's delta travels back along its weight, and is multiplied by the activation's derivative",
        ),
        Rule(
            "updated weights",
            "the hidden step uses the weights into the outputs after their update",
            arriving=_deltas_times_new_weights,
            updates_first=True,
        ),
        Rule(
            "output derivative forgotten",
            "the outputs' deltas lack the derivative of the activation: they are the raw errors",
            output_slope=_one,
        ),
        Rule(
            "hidden derivative forgotten",
            "the hidden neurons' deltas lack the derivative of the activation",
            hidden_slope=_one,
        ),
        Rule(
            "raw error",
            "the hidden step sends back the outputs' raw errors, without the derivative of their activation",
            arriving=_errors_times_weights,
        ),
        Rule(
            "raw error, no weights",
            "the hidden step sends back the outputs' raw errors, without their activation's derivative and the weights",
            arriving=_errors,
        ),
        Rule(
            "weights forgotten",
            "the hidden step sends back the outputs' deltas without the weights",
            arriving=_deltas,
        ),
        Rule(
            "first derivative for all",
            "the activation's derivative at the first hidden neuron is used for every hidden neuron",
            hidden_slope=_slope_of_the_first,
            general=False,
            applies=_several_hidden,
        ),
        Rule(
            "two weights swapped",
            "the hidden step takes two of the weights into the outputs for each other",
            arriving=_deltas_times_swapped_weights,
            general=False,
            applies=_several_output_weights,
        ),
        Rule(
            "sign wrong",
            "the error has the wrong sign, target minus output, and still the step is subtracted: the weights "
            "move up the slope",
            by_output=_turned,
        ),
        Rule(
            "as published",
            "the source document's slip: in the hidden step the gradients of the weights into the outputs stand "
            "in for delta times weight",
            arriving=_output_gradients,
        ),
    )
}
