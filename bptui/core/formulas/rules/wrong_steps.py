"""Wrong steps of the backward pass: what known mistakes take in place of a derivative, or send back to a hidden neuron.

Each makes an expression of names from a network and the name of a neuron, as those of ``derivatives``.
"""

from bptui.core.formulas.expr import Difference, Expr, Name, Negative, Number, product
from bptui.core.formulas.names import delta, derivative, gradient, updated, weighted_input
from bptui.core.formulas.network import Network
from bptui.core.formulas.rules.derivatives import add_paths_through_outputs, derive_loss, derive_slope


def leave_out(network: Network, neuron: str) -> Expr:
    """Return 1 in place of a derivative that is left out."""
    return Number(1.0)


def turn_error(network: Network, output: str) -> Expr:
    """Return dE/do with the sign turned, as target minus output."""
    right = derive_loss(network, output)
    if isinstance(right, Negative):
        return right.of
    return Difference(right.right, right.left) if isinstance(right, Difference) else Negative(right)


def take_joint_error(network: Network, output: str) -> Expr:
    """Return dE/do alone as the delta of a joint output."""
    return Name(derivative("E", output))


def turn_joint_delta(network: Network, output: str) -> Expr:
    """Return the delta of a joint output with the sign turned."""
    return Negative(add_paths_through_outputs(network, output))


def take_own_path(network: Network, output: str) -> Expr:
    """Return the delta of a joint output by its own path alone, without those through the other outputs."""
    return product(Name(derivative("E", output)), Name(derivative(output, weighted_input(output))))


def subtract_target(network: Network, output: str) -> Expr:
    """Return output minus target as the delta of an output."""
    return Name(output) - Name(dict(network.pairs)[output])


def send_deltas_by_new_weights(network: Network, hidden: str) -> Expr:
    """Return what arrives at a hidden neuron by the weights after their update."""
    return network.sum_over(
        network.targets_of(hidden), lambda t: product(Name(delta(t)), Name(updated(network.weight(hidden, t))))
    )


def send_deltas(network: Network, hidden: str) -> Expr:
    """Return what arrives at a hidden neuron without the weights."""
    return network.sum_over(network.targets_of(hidden), lambda t: Name(delta(t)))


def _error(network: Network, neuron: str) -> Expr:
    """Return what replaces a neuron's delta where the derivative of the output's activation is left out."""
    return Name(delta(neuron)) if network.targets_of(neuron) else derive_loss(network, neuron)


def send_errors_by_weights(network: Network, hidden: str) -> Expr:
    """Return what arrives at a hidden neuron of the raw errors of the outputs."""
    return network.sum_over(
        network.targets_of(hidden), lambda t: product(_error(network, t), Name(network.weight(hidden, t)))
    )


def send_errors(network: Network, hidden: str) -> Expr:
    """Return what arrives at a hidden neuron of the raw errors of the outputs, without the weights."""
    return network.sum_over(network.targets_of(hidden), lambda t: _error(network, t))


def send_gradients(network: Network, hidden: str) -> Expr:
    """Return the gradients of the weights out of a hidden neuron, in place of what arrives."""
    return network.sum_over(network.targets_of(hidden), lambda t: Name(gradient(network.weight(hidden, t))))


def take_first_slope(network: Network, hidden: str) -> Expr:
    """Return the slope of the first neuron of a neuron's layer."""
    return derive_slope(network, network.layer_of(hidden).neurons[0])


def _swapped(network: Network, hidden: str) -> dict[str, str]:
    """Return the two weights that are confused: h1→o2 and h2→o1, or the first two if these do not exist."""
    h, t = network.layer_of(hidden).neurons, network.targets_of(hidden)
    if len(h) > 1 and len(t) > 1:
        pair = (network.weight(h[0], t[1]), network.weight(h[1], t[0]))
    else:
        first, *others = (network.weight(one, other) for one in h for other in t)
        pair = (first, others[0] if others else first)
    return dict(zip(pair, reversed(pair), strict=True))


def send_deltas_by_swapped_weights(network: Network, hidden: str) -> Expr:
    """Return what arrives at a hidden neuron where two weights are taken for each other."""
    swapped = _swapped(network, hidden)

    def term(target: str) -> Expr:
        weight = network.weight(hidden, target)
        return product(Name(delta(target)), Name(swapped.get(weight, weight)))

    return network.sum_over(network.targets_of(hidden), term)
