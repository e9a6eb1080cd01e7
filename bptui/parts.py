"""The parts of a network that can be selected, and which quantities belong to each.

A part is an input, a neuron, a weight, a bias or the loss E; a weight stands for its gradient and its update, a neuron
for its weighted input, output and delta.
"""

import re
from functools import lru_cache

from bptui.core.formulas import formulas
from bptui.core.network import Network, bias, delta, gradient, updated, weighted_input


def selection_columns(network: Network) -> list[list[str]]:
    """What can be selected, in columns from left to right as the network is drawn."""
    into_hidden = [w.name for w in network.weights if w.target in network.hidden]
    into_output = [w.name for w in network.weights if w.target in network.outputs]
    into_hidden += [b for b in network.biases if b in map(bias, network.hidden)]
    into_output += [b for b in network.biases if b in map(bias, network.outputs)]
    return [list(network.inputs), into_hidden, list(network.hidden), into_output, list(network.outputs), ["E"]]


def moved(network: Network, part: str, across: int, down: int) -> str:
    """The part so many columns and rows from another, as the network is drawn; the nearest where there is none."""
    columns = selection_columns(network)
    at = next(i for i, column in enumerate(columns) if part in column)
    place = columns[at].index(part)
    if across:
        to = columns[min(max(at + across, 0), len(columns) - 1)]
        return to[round(place * (len(to) - 1) / max(len(columns[at]) - 1, 1))]
    return columns[at][min(max(place + down, 0), len(columns[at]) - 1)]


@lru_cache(maxsize=64)
def quantities_by_part(network: Network) -> dict[str, tuple[str, ...]]:
    """The quantities of each part, in calculation order."""
    found: dict[str, list[str]] = {part: [] for column in selection_columns(network) for part in column}
    owner = {name(n): n for n in network.neurons for name in (weighted_input, str, delta)}
    owner |= {name(p): p for p in network.parameters for name in (gradient, updated)}
    for formula in formulas(network):
        found[owner.get(formula.name, "E")].append(formula.name)
    return {part: tuple(names) for part, names in found.items()}


def part_of(network: Network, name: str) -> str:
    """The part that a quantity, or a part by its own name, belongs to; empty if it belongs to none."""
    by_part = quantities_by_part(network)
    return next((part for part, names in by_part.items() if name == part or name in names), "")


_WORDS = (
    (r"in_(.+)", "the weighted input of {0}"),
    (r"delta_(.+)", "the delta of {0}: the derivative of the loss by its weighted input"),
    (r"dE_d((?:w|b_).+)", "the gradient of {0}: the derivative of the loss by it"),
    (r"d(.+?)_d(.+)", "the derivative of {0} by {1}"),
    (r"new_(.+)", "{0} after the update"),
    (r"softmax_(.+)", "the softmax of {0}"),
    (r"log_sum_exp", "the logarithm of the sum of the outputs' exponentials"),
    (r"E", "the loss"),
    (r"eta", "the step size"),
    (r"(h\d+)", "the output of hidden neuron {0}"),
    (r"o\d+", "an output of the network"),
    (r"x\d+", "an input"),
    (r"y\d+", "a target"),
    (r"b_(.+)", "the bias of {0}"),
)


def in_words(network: Network, name: str) -> str:
    """What a quantity, a factor of a chain, or a given number is."""
    for weight in network.weights:
        if name == weight.name:
            return f"the weight from {weight.source} to {weight.target}"
    found = ((re.fullmatch(pattern, name), words) for pattern, words in _WORDS)
    return next(words.format(*match.groups()) for match, words in found if match)
