"""The phases of a round as the headings of a page, and what is said under each.

A layer of several hidden ones has the words of the only hidden layer, with its number.
"""

from math import prod

from bptui.core.formulas.names import split_layer, split_sample
from bptui.core.formulas.network import Network
from bptui.core.formulas.optimisers import DESCENT, OPTIMISERS
from bptui.core.formulas.rules.derivatives import has_joint_outputs
from bptui.core.quantities.chain_rule import MOST_PATHS

_TITLES = {
    "forward hidden": (
        "Forward pass, hidden layer",
        "A hidden neuron adds up its inputs times their weights; its activation makes its output of the sum.",
    ),
    "forward output": ("Forward pass, output layer", "The same once more, with the hidden neurons' outputs as inputs."),
    "loss": ("Loss", "How far the outputs are from their targets, as one number."),
    "output deltas": (
        "Backward pass, deltas of the outputs",
        "A neuron's delta is the derivative of the loss by its weighted input: the loss by the output, times the "
        "output by the weighted input. Where the chain rule is followed, a number is derived twice: by the chain rule "
        "multiplied out, and by the short form that is used.{paths}",
    ),
    "output gradients": (
        "Backward pass, gradients of the output layer",
        "A weight's gradient is the delta of the neuron it leads to, times the value that travels along it.",
    ),
    "hidden deltas": (
        "Backward pass, deltas of the hidden layer",
        "A hidden neuron acts on the loss through every output, so what comes back is a sum over the outputs.",
    ),
    "hidden gradients": (
        "Backward pass, gradients of the hidden layer",
        "Again the delta of the neuron a weight leads to, times the value that travels along it.",
    ),
    "optimiser state": (
        "What the optimiser keeps",
        "It carries these numbers from round to round, one of each kind for each parameter; before round 1 they are 0.",
    ),
    "update": (
        "Update",
        "A parameter takes a step down the slope: the step size times its gradient is subtracted.",
    ),
}

_MANY_PATHS = (
    f" Where more than {MOST_PATHS} paths lead from the loss to it, the products are too many to write down: the "
    "deltas add them up, layer by layer."
)
_DEEPER = {  # the same of the layers of a network with several hidden layers, where it is not true of each
    "forward hidden": "The same once more, with the outputs of the layer before as inputs.",
    "forward output": "The same once more, with the outputs of the last hidden layer as inputs.",
    "hidden deltas": "A hidden neuron acts on the loss through every neuron of the layer after it, so what comes back "
    "is a sum over these.",
}
_FORWARD_ALONE = "An output adds up its inputs times their weights; its activation makes its own output of the sum."

_JOINTLY = {
    "forward output": (
        "Each output has a weighted input; softmax makes all outputs of all of these: exp of a neuron's own, over the "
        "sum of exp of all. So each is between 0 and 1, and together they are 1."
    ),
    "output deltas": (
        "A neuron's delta is the derivative of the loss by its weighted input. By softmax each weighted input is in "
        "every output, so it acts on the loss through all of them: a delta is a sum over the outputs, of the loss by "
        "an output times that output by the weighted input."
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
    if has_joint_outputs(network):
        about = _JOINTLY.get(kind, about)
    title = number_hidden_layer(title, layer)
    if name.startswith("forward") and not network.hidden_layers:
        about = _FORWARD_ALONE
    if sample:
        return f"{title}, sample {sample}", about
    if phase == "update" and (network.optimiser != DESCENT or network.decays):
        decay = " Weight decay adds λ times a parameter to its gradient." if network.decays else ""
        return title, f"The optimiser is {network.optimiser}: {OPTIMISERS[network.optimiser].about}.{decay}"
    if network.samples and (name == "loss" or name.endswith("gradients")):
        about = f"{about} Each sample has its own; the round takes the {network.over_samples} over its samples."
    return title, about


def number_hidden_layer(words: str, layer: int) -> str:
    """Return words about the hidden layer as words about one of several; with layer 0 they stay as they are."""
    if not layer:
        return words
    return words.replace("the hidden layer", "hidden layer").replace("hidden layer", f"hidden layer {layer}")
