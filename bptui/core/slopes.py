"""The local derivatives that a backward pass multiplies: the loss by an output, an output by its weighted input."""

from bptui.core.expr import Expr, Name
from bptui.core.functions import ACTIVATIONS, EACH_ITS_OWN, LOSSES, Activation
from bptui.core.network import Network, weighted_input


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
