"""The gradient rules, one table row each: ways to compute the backward pass.

Only `chain rule` is right. The others are known mistakes, kept so that the user can watch them beside autograd and
recognise them in printed values. Each changes a factor of a delta, or the order of the round; everything after it
follows from that.
"""

from collections.abc import Callable

from bptui.core.formulas.expr import Expr
from bptui.core.formulas.functions import index_by_name
from bptui.core.formulas.names import derivative, weighted_input
from bptui.core.formulas.network import CHAIN_RULE, Network
from bptui.core.formulas.rules import wrong_steps
from bptui.core.formulas.rules.derivatives import (
    add_paths_through_outputs,
    derive_loss,
    derive_slope,
    has_joint_outputs,
    send_deltas_by_weights,
)
from bptui.record import record


def _anywhere(network: Network) -> bool:
    return True


@record
class Rule:
    """A way to compute the backward pass.

    Attributes:
        name: Its name in lessons and on screen.
        about: A one-sentence description for the user.
        by_output: Makes the expression used as dE/do, from the network and the output's name.
        output_slope: Makes the expression used as do/d(in), likewise.
        arriving: Makes the expression used as dE/dh, from the network and the hidden neuron's name.
        hidden_slope: Makes the expression used as dh/d(in), likewise.
        joint: Makes the delta of an output where all outputs are made together, as by softmax, from the names of its
            derivatives; in place of ``by_output`` and ``output_slope``.
        updates_first: Whether a layer's weights are updated before the deltas of the layer before it are computed.
        general: Whether the hidden deltas have a general term, the same for all hidden neurons.
        condition: What the rule needs of a network besides, to change its numbers.
        deep: The description for several hidden layers, where it is another.
        in_layer: The description for the hidden step to one layer alone, with ``{0}`` for the layer; empty for a rule
            that has no such step.
    """

    name: str
    about: str
    by_output: Callable[[Network, str], Expr] = derive_loss
    output_slope: Callable[[Network, str], Expr] = derive_slope
    arriving: Callable[[Network, str], Expr] = send_deltas_by_weights
    hidden_slope: Callable[[Network, str], Expr] = derive_slope
    joint: Callable[[Network, str], Expr] = add_paths_through_outputs
    updates_first: bool = False
    general: bool = True
    condition: Callable[[Network], bool] = _anywhere
    deep: str = ""
    in_layer: str = ""

    def describe(self, network: Network) -> str:
        """Return what the rule does in a network, in one sentence."""
        return self.deep if self.deep and len(network.hidden_layers) > 1 else self.about

    def applies(self, network: Network) -> bool:
        """Whether the rule can change the numbers of a network, as the chain rule is taken to do.

        A rule that changes only what travels back to hidden neurons needs some.
        """
        of_outputs = self.by_output is not derive_loss or self.output_slope is not derive_slope
        if has_joint_outputs(network):
            of_outputs = self.joint is not add_paths_through_outputs
        can = of_outputs or bool(network.hidden_layers) or self.name == CHAIN_RULE
        return can and self.condition(network)


def _has_several_joint_outputs(network: Network) -> bool:
    return has_joint_outputs(network) and network.output_count > 1


def _several_hidden(network: Network) -> bool:
    return any(len(layer.neurons) > 1 for layer in network.hidden_layers)


def _several_weights_from_hidden(network: Network) -> bool:
    return any(len(gap) > 1 for gap in network.gaps[1:])


RULES = index_by_name(
    Rule(
        CHAIN_RULE,
        "each hidden neuron adds up the outputs' deltas, each times the weight to it, and multiplies the sum by the "
        "derivative of its own activation",
        deep="each hidden neuron adds up the deltas of the next layer, each times the weight to it, and multiplies the "
        "sum by the derivative of its own activation",
    ),
    Rule(
        "updated weights",
        "the step back to the hidden layer uses the weights into the outputs after their update",
        arriving=wrong_steps.send_deltas_by_new_weights,
        updates_first=True,
        deep="the step back to each hidden layer uses the weights out of that layer after their update",
        in_layer="the step back to {0} uses the weights out of it after their update",
    ),
    Rule(
        "output derivative forgotten",
        "the outputs' deltas leave out the derivative of the activation: they are the raw errors ∂E/∂o",
        output_slope=wrong_steps.leave_out,
        joint=wrong_steps.take_joint_error,
    ),
    Rule(
        "hidden derivative forgotten",
        "the hidden neurons' deltas leave out the derivative of the activation",
        hidden_slope=wrong_steps.leave_out,
        deep="the deltas of all hidden layers leave out the derivative of the activation",
        in_layer="the deltas of {0} leave out the derivative of the activation",
    ),
    Rule(
        "raw error",
        "the step back to the hidden layer uses the outputs' raw errors ∂E/∂o, without their activation's derivative",
        arriving=wrong_steps.send_errors_by_weights,
        deep="the step back to the last hidden layer uses the outputs' raw errors ∂E/∂o, without their activation's "
        "derivative; the steps to the layers before it follow the chain rule",
    ),
    Rule(
        "raw error, no weights",
        "the step back to the hidden layer uses the outputs' raw errors ∂E/∂o, without their activation's derivative "
        "and without the weights",
        arriving=wrong_steps.send_errors,
        deep="the step back to each hidden layer leaves out the weights, and the one to the last hidden layer uses the "
        "outputs' raw errors ∂E/∂o, without their activation's derivative",
    ),
    Rule(
        "weights forgotten",
        "the step back to the hidden layer adds up the outputs' deltas without the weights",
        arriving=wrong_steps.send_deltas,
        deep="the step back to each hidden layer adds up the deltas of the next layer without the weights",
        in_layer="the step back to {0} leaves out the weights",
    ),
    Rule(
        "first derivative for all",
        "every hidden neuron uses the activation's derivative at the first hidden neuron",
        hidden_slope=wrong_steps.take_first_slope,
        deep="all neurons of a hidden layer use the activation's derivative at the first neuron of that layer",
        in_layer="all neurons of {0} use the activation's derivative at its first neuron",
        general=False,
        condition=_several_hidden,
    ),
    Rule(
        "two weights swapped",
        "the step back to the hidden layer swaps two of the weights into the outputs",
        arriving=wrong_steps.send_deltas_by_swapped_weights,
        deep="the step back to each hidden layer swaps two of the weights out of that layer",
        in_layer="the step back to {0} swaps two of the weights out of it",
        general=False,
        condition=_several_weights_from_hidden,
    ),
    Rule(
        "sign wrong",
        "the error has the wrong sign, as in target minus output, but the update still subtracts: the weights move up "
        "the slope",
        by_output=wrong_steps.turn_error,
        joint=wrong_steps.turn_joint_delta,
    ),
    Rule(
        "softmax by its diagonal",
        "the derivative of softmax is taken to be o·(1 − o) alone: the outputs' deltas ignore that each weighted input "
        "changes the other outputs too",
        joint=wrong_steps.take_own_path,
        condition=_has_several_joint_outputs,
    ),
    Rule(
        "output minus target",
        "the outputs' deltas are taken to be o − y, which holds for softmax only with categorical cross entropy, and "
        "only where the targets sum to 1",
        joint=wrong_steps.subtract_target,
        condition=has_joint_outputs,
    ),
    Rule(
        "as published",
        "the step back to the hidden layer uses the gradients of the weights into the outputs instead of "
        "delta times weight",
        arriving=wrong_steps.send_gradients,
        deep="the step back to each hidden layer uses the gradients of the weights out of that layer instead "
        "of delta times weight",
        in_layer="the step back to {0} uses the gradients of the weights out of it instead of delta times weight",
    ),
)


def find_delta_factors(network: Network, neuron: str) -> dict[str, Expr]:
    """Return the two factors of a neuron's delta, by the names of the derivatives they are used as.

    Args:
        network: The network, with its gradient rule.
        neuron: The name of a hidden neuron or an output; of no output that is made together with others.

    Returns:
        ``{"dE_dh1": ..., "dh1_din_h1": ...}``: what arrives at the neuron, and its slope. Their product is the delta.
    """
    rule = RULES[network.rule]
    if network.targets_of(neuron):
        arriving, own_slope = rule.arriving(network, neuron), rule.hidden_slope(network, neuron)
    else:
        arriving, own_slope = rule.by_output(network, neuron), rule.output_slope(network, neuron)
    return {derivative("E", neuron): arriving, derivative(neuron, weighted_input(neuron)): own_slope}
