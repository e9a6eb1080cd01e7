"""The selectable parts of a network, and the quantities of each.

A part is an input, a neuron, a weight, a bias or the loss E. To a weight belong its gradient and its update, to a
neuron its weighted input, output and delta.
"""

import re
from dataclasses import replace
from functools import lru_cache

from bptui.core.formulas.backprop import list_formulas
from bptui.core.formulas.names import (
    bias,
    change,
    delta,
    derivative,
    gradient,
    share,
    softmax,
    split_sample,
    state_of,
    unbiased,
    updated,
    weighted_input,
)
from bptui.core.formulas.network import CHAIN_RULE, Network
from bptui.core.formulas.optimisers import OPTIMISERS
from bptui.core.quantities.printable import list_printable


def list_selection_columns(network: Network) -> list[list[str]]:
    """Return the selectable parts in columns from left to right, as the network is drawn."""
    pairs = [(network.parameters_into(layer), layer.neurons) for layer in network.layers]
    return [list(network.inputs), *(list(column) for pair in pairs for column in pair), ["E"]]


def move_selection(network: Network, part: str, across: int, down: int) -> str:
    """Return the part ``across`` columns and ``down`` rows from another, as drawn; at an edge, the nearest part."""
    columns = list_selection_columns(network)
    at = next(i for i, column in enumerate(columns) if part in column)
    place = columns[at].index(part)
    if across:
        to = columns[min(max(at + across, 0), len(columns) - 1)]
        return to[round(place * (len(to) - 1) / max(len(columns[at]) - 1, 1))]
    return columns[at][min(max(place + down, 0), len(columns[at]) - 1)]


@lru_cache(maxsize=64)
def group_quantities(network: Network) -> dict[str, tuple[str, ...]]:
    """Return the quantities of each part, in calculation order."""
    found: dict[str, list[str]] = {part: [] for column in list_selection_columns(network) for part in column}
    owner = {name(n): n for n in network.neurons for name in (weighted_input, str, delta)}
    owner |= {name(p): p for p in network.parameters for name in (gradient, updated)}
    owner |= {derivative("E", o): o for o in network.outputs}
    owner |= {derivative(of, weighted_input(by)): by for of, by in network.output_pairs}
    for kind in OPTIMISERS[network.optimiser].state:
        owner |= {updated(state_of(kind, p)): p for p in network.parameters}
        owner |= {unbiased(kind, p): p for p in network.parameters}
    for formula in list_formulas(network):
        found[owner.get(split_sample(formula.name)[0], "E")].append(formula.name)
    return {part: tuple(names) for part, names in found.items()}


@lru_cache(maxsize=64)
def group_printable(network: Network) -> dict[str, tuple[str, ...]]:
    """Return the printable names of each part: its quantities, then its intermediate results and chain factors."""
    found = {part: list(names) for part, names in group_quantities(network).items()}
    owner = {name(n): n for n in network.neurons for name in (share, lambda n: derivative("E", n))}
    owner |= {derivative(n, weighted_input(n)): n for n in network.neurons} | {change(p): p for p in network.parameters}
    for w in network.weights:
        owner |= {derivative(weighted_input(w.target), end): w.name for end in (w.name, w.source)}
    owner |= {derivative(weighted_input(n), b): b for n in network.neurons for b in network.biases}
    for name in list(list_printable(network))[len(list_formulas(network)) :]:
        found[owner.get(split_sample(name)[0], "E")].append(name)
    return {part: tuple(names) for part, names in found.items()}


@lru_cache(maxsize=64)
def _find_owners(network: Network) -> dict[str, str]:
    owners = {name: part for part, names in group_printable(network).items() for name in names}
    return owners | {part: part for part in group_quantities(network)}


def find_part(network: Network, name: str) -> str:
    """Return the part that a printable name belongs to, or a part by its own name; empty if there is none."""
    owners = _find_owners(network)
    return owners.get(name) or owners.get(split_sample(name)[0], "")


@lru_cache(maxsize=64)
def _describe_all(network: Network) -> dict[str, str]:
    n, right = network.one_sample, {f.name: f for f in list_formulas(replace(network, rule=CHAIN_RULE, samples=()))}
    rule = {f.name: f' (rule "{n.rule}")' for f in list_formulas(n) if f != right[f.name]}
    words = {
        "E": f"loss ({n.loss})",
        "log_sum_exp": "log of the sum of exp over the outputs",
        "eta": "learning rate",
        "t": "number of the round",
        "weight_decay": "weight decay λ",
        **dict.fromkeys(OPTIMISERS[n.optimiser].settings, f"setting of the optimiser {n.optimiser}"),
    }
    words |= {share(o): f"{o}'s share of the loss" for o in n.outputs}
    words |= dict.fromkeys(n.inputs, "input") | dict.fromkeys(n.targets, "target")
    for neuron in n.neurons:
        which = f"{'hidden' if n.targets_of(neuron) else 'output'} neuron {neuron}"
        words[weighted_input(neuron)] = f"weighted input of {which}"
        words[neuron] = f"output of {which} ({n.activation(neuron)})"
        words[softmax(neuron)] = f"softmax of the output of {which}"
        words[delta(neuron)] = f"delta of {which}, ∂E/∂in_{neuron}{rule.get(delta(neuron), '')}"
        bias_of = "bias of its whole layer" if n.shares_biases else f"bias of {which}"
        words[bias(neuron)] = bias_of
    words |= {w.name: f"weight from {w.source} to {w.target}" for w in n.weights}
    for p in n.parameters:
        frozen = n.is_frozen(p)
        words[gradient(p)] = f"gradient of {p} ({words[p]})"
        words[change(p)] = f"how much the update changes {p}{' (0: biases are frozen)' if frozen else ''}"
        words[updated(p)] = f"{p} after the update{' (biases are frozen)' if frozen else ''}"
        for kind in OPTIMISERS[n.optimiser].state:
            words[state_of(kind, p)] = f"{kind} of the optimiser for {p}, before the round"
            words[updated(state_of(kind, p))] = f"{kind} of the optimiser for {p}, after the round"
            words[unbiased(kind, p)] = f"bias-corrected {kind} of the optimiser for {p}"
    return words


def describe(network: Network, name: str) -> str:
    """Describe a quantity, a given number or a factor of a chain in a few words, without an article."""
    name, sample = split_sample(name)
    factor = re.fullmatch("d(.+?)_d(.+)", name)
    words = _describe_all(network)
    said = words[name] if name in words or not factor else f"derivative of {factor[1]} with respect to {factor[2]}"
    if sample:
        return f"{said}, for sample {sample}"
    over = len(network.samples) > 1 and (name == "E" or name.startswith("dE_d"))
    return f"{said}, {network.over_samples} over the samples" if over else said
