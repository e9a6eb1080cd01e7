"""Derivatives of the backward pass, as the chain rule has them: of outputs, of the loss, and what is sent back.

Each makes an expression of names from a network and the name of a neuron.
"""

from bptui.core.formulas.activations import ACTIVATIONS, EACH_ITS_OWN, Activation
from bptui.core.formulas.expr import Expr, Name, product
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.names import delta, derivative, weighted_input
from bptui.core.formulas.network import Network


def find_activation(n: Network, neuron: str) -> Activation:
    """Return a neuron's activation, or the general term where the neurons of a layer have different ones."""
    name = n.activation(neuron)
    return EACH_ITS_OWN if name == EACH_ITS_OWN.name else ACTIVATIONS[name]


def derive_slope(n: Network, neuron: str) -> Expr:
    """Return d(output)/d(in), the derivative of a neuron's output by its weighted input."""
    return find_activation(n, neuron).derivative(Name(weighted_input(neuron)), Name(neuron))


def has_joint_outputs(n: Network) -> bool:
    """Whether each output is made of the weighted inputs of all of them, as by softmax."""
    return find_activation(n, n.outputs[0]).of_layer is not None


def derive_joint_outputs(n: Network) -> dict[str, Expr]:
    """Return dE/do of every output, then every do/d(in), by name; none where no output needs another's input."""
    if not has_joint_outputs(n):
        return {}
    found = {derivative("E", o): derive_loss(n, o) for o in n.outputs}
    for of, by in n.output_pairs:
        found[derivative(of, weighted_input(by))] = _derive_joint(n, of, by)
    return found


def _derive_joint(n: Network, of: str, by: str) -> Expr:
    row = find_activation(n, by)
    assert row.of_layer
    if of not in n.outputs:
        return row.of_layer.general(Name(of), Name(by))
    return derive_slope(n, of) if of == by else row.of_layer.derivative(Name(of), Name(by))


def derive_loss(n: Network, output: str) -> Expr:
    """Return dE/do, the derivative of the loss by an output."""
    target = n.targets[n.outputs.index(output)]
    return LOSSES[n.loss].derivative(n, Name(output), Name(target))


def add_paths_through_outputs(network: Network, output: str) -> Expr:
    """Return the delta of an output that is also in every other: the sum over all of them."""
    return network.sum_jointly(lambda o: product(Name(derivative("E", o)), Name(derivative(o, weighted_input(output)))))


def send_deltas_by_weights(network: Network, hidden: str) -> Expr:
    """Return what arrives at a hidden neuron: the deltas of the next layer, each times its weight."""
    return network.sum_over(
        network.targets_of(hidden), lambda t: product(Name(delta(t)), Name(network.weight(hidden, t)))
    )
