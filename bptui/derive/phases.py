"""The phases of a round as the headings of a page, and what is said under each.

A layer of several hidden ones has the words of the only hidden layer, with its number.
"""

from math import prod

from bptui.core.formulas.names import split_layer, split_sample
from bptui.core.formulas.network import Network
from bptui.core.formulas.optimisers import DESCENT, OPTIMISERS
from bptui.core.formulas.rules.derivatives import has_joint_outputs
from bptui.core.quantities.chain_rule import MOST_PATHS
from bptui.text.words import join_words

_TITLES = {
    "forward hidden": (
        "Forward pass, hidden layer",
        "A hidden neuron adds up its inputs times their weights; its activation turns the sum into its output.",
    ),
    "forward output": ("Forward pass, output layer", "The same again, with the hidden neurons' outputs as inputs."),
    "loss": ("Loss", "One number for how far the outputs are from their targets."),
    "output deltas": (
        "Backward pass, deltas of the outputs",
        "A neuron's delta is the derivative of the loss with respect to its weighted input: the derivative of the loss "
        "with respect to the output, times the derivative of the output with respect to the weighted input. Where the "
        "chain rule is followed, deltas and gradients are derived twice: with the chain rule multiplied out, and in "
        "the short form that is used.{paths}",
    ),
    "output gradients": (
        "Backward pass, gradients of the output layer",
        "A weight's gradient is the delta of the neuron it leads to, times the value it carries.",
    ),
    "hidden deltas": (
        "Backward pass, deltas of the hidden layer",
        "A hidden neuron affects the loss through every output, so what comes back to it is a sum over the outputs.",
    ),
    "hidden gradients": (
        "Backward pass, gradients of the hidden layer",
        "Again, the delta of the neuron a weight leads to, times the value the weight carries.",
    ),
    "optimiser state": (
        "Optimiser state",
        "The optimiser keeps {kinds} for every parameter from round to round, starting from 0 in round 1.",
    ),
    "update": (
        "Update",
        "Each parameter takes a step down the slope: the learning rate times its gradient is subtracted.",
    ),
}

_MANY_PATHS = (
    f" Where more than {MOST_PATHS} paths lead back from the loss, there are too many products to write out: the "
    "deltas add them up, layer by layer."
)
_DEEPER = {  # the same of the layers of a network with several hidden layers, where it is not true of each
    "forward hidden": "The same again, with the outputs of the previous layer as inputs.",
    "forward output": "The same again, with the outputs of the last hidden layer as inputs.",
    "hidden deltas": "A hidden neuron affects the loss through every neuron of the next layer, so what comes back "
    "to it is a sum over these neurons.",
}
_FORWARD_ALONE = (
    "An output neuron adds up its inputs times their weights; its activation turns the sum into its output."
)

_JOINTLY = {
    "forward output": (
        "Each output neuron has a weighted input. Softmax turns all of these into the outputs: exp of a neuron's own "
        "weighted input, divided by the sum of exp over all of them. So each output is between 0 and 1, and together "
        "they sum to 1."
    ),
    "output deltas": (
        "A neuron's delta is the derivative of the loss with respect to its weighted input. With softmax, each "
        "weighted input affects every output, and through all of them the loss. So a delta is a sum over the outputs: "
        "the derivative of the loss with respect to an output, times the derivative of that output with respect to the "
        "weighted input."
    ),
}


def title_phase(network: Network, phase: str) -> tuple[str, str]:
    """Return the heading of a phase, and what is said under it."""
    name, sample = split_sample(phase)
    kind, layer = split_layer(name)
    title, about = _TITLES[kind]
    if len(network.hidden_layers) > 1 and name != network.layers[0].forward:
        about = _DEEPER.get(kind, about)
    layers = network.layers[0 if network.shares_biases else 1 :]
    many = prod(len(one.neurons) for one in layers) > MOST_PATHS
    about = about.replace("{paths}", _MANY_PATHS if many else "")
    about = about.replace("{kinds}", join_words(OPTIMISERS[network.optimiser].state))
    if has_joint_outputs(network):
        about = _JOINTLY.get(kind, about)
    title = number_hidden_layer(title, layer)
    if name.startswith("forward") and not network.hidden_layers:
        about = _FORWARD_ALONE
    if sample:
        return f"{title}, sample {sample}", about
    if phase == "update" and (network.optimiser != DESCENT or network.decays):
        decay = " Weight decay adds λ times the parameter to its gradient." if network.decays else ""
        return title, f"The optimiser is {network.optimiser}: {OPTIMISERS[network.optimiser].about}.{decay}"
    if network.samples and (name == "loss" or name.endswith("gradients")):
        about = f"{about} Each sample has its own; that of the round is the {network.over_samples} over its samples."
    return title, about


def number_hidden_layer(words: str, layer: int) -> str:
    """Return words about the hidden layer as words about one of several; with layer 0 they stay as they are."""
    if not layer:
        return words
    return words.replace("the hidden layer", "hidden layer").replace("hidden layer", f"hidden layer {layer}")
