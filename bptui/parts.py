"""The parts of a network that can be selected, and which quantities belong to each.

A part is an input, a neuron, a weight, a bias or the loss E; a weight stands for its gradient and its update, a neuron
for its weighted input, output and delta.
"""

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
