"""Mistakes in the hidden step to one of several hidden layers.

What was done in every hidden step is a gradient rule. Done in a single one it is a change that edits the steps of that
layer; a rule that alters one layer only is not listed again.
"""

from collections.abc import Iterator
from itertools import pairwise

from bptui.core.formulas.backprop import list_update
from bptui.core.formulas.expr import Expr, Name, product, substitute
from bptui.core.formulas.layers import Layer
from bptui.core.formulas.names import derivative, updated, weighted_input
from bptui.core.formulas.network import CHAIN_RULE, Network
from bptui.core.formulas.optimisers import OPTIMISERS
from bptui.core.formulas.rounding import NONE
from bptui.core.formulas.rules.gradient_rules import RULES, Rule
from bptui.core.problem.spec import Spec
from bptui.explain.calculation.changes import Change, Edits
from bptui.explain.catalogue.variants import make_edit, place_at_all


def list_hidden_steps(spec: Spec) -> Iterator[Change]:
    """Yield what may have gone wrong in the step back to one hidden layer, or in what it sends on."""
    network, seen = spec.network.one_sample, list[Edits]()
    if network.rounding != NONE or len(network.hidden_layers) < 2:
        return
    for name, about, edits in _list_wrong_steps(network, spec.batch_size == 1):
        if edits and edits not in seen:
            seen.append(edits)
            yield make_edit("hidden step", name, about, place_at_all(spec, edits))


def _list_wrong_steps(network: Network, alone: bool) -> Iterator[tuple[str, str, Edits]]:
    """Yield the name, the description and the steps of each mistake of a single sample.

    Args:
        network: The network, with a single sample.
        alone: Whether a round uses one sample; else an update, which is of all, cannot be written out for one.
    """
    hidden, online = network.hidden_layers, alone and not OPTIMISERS[network.optimiser].state
    for rule in (rule for rule in RULES.values() if rule.in_layer and (online or not rule.updates_first)):
        by_layer = {layer: _depart(network, rule, layer) for layer in hidden}
        if sum(map(bool, by_layer.values())) > 1:
            for layer, edits in by_layer.items():
                yield f"{rule.name}: {layer.words}", rule.in_layer.format(layer.words), edits
    raw = {layer: _send_raw(network, layer) for layer in hidden}
    for layer, behind in pairwise(hidden):
        about = f"{behind.words} sends back ∂E/∂h as it arrives, without the derivative of its activation"
        yield f"raw error of {behind.words}", about, raw[layer]
    every = {name: expr for edits in raw.values() for name, expr in edits.items()}
    about = "every layer sends back what arrives at its neurons, without the derivative of its activation"
    yield "raw errors all the way", about, every


def _depart(network: Network, rule: Rule, layer: Layer) -> Edits:
    """Return the steps of a layer that a gradient rule calculates otherwise than the chain rule."""
    edits, right = Edits(), RULES[CHAIN_RULE]
    for neuron in layer.neurons:
        steps = (
            (derivative("E", neuron), rule.arriving, right.arriving),
            (derivative(neuron, weighted_input(neuron)), rule.hidden_slope, right.hidden_slope),
        )
        edits |= {
            name: wrong
            for name, way, right_way in steps
            if (wrong := way(network, neuron)) != right_way(network, neuron)
        }
    if not rule.updates_first:
        return edits
    new = {updated(p): list_update(network, p)[updated(p)] for p in network.parameters}  # which come after these steps
    return {name: substitute(expr, new) for name, expr in edits.items()}


def _send_raw(network: Network, layer: Layer) -> Edits:
    """Return what arrives at a layer if the layer behind it sends ∂E/∂(output) in place of its deltas."""

    def sum_up(neuron: str) -> Expr:
        return network.sum_over(
            network.targets_of(neuron), lambda t: product(Name(derivative("E", t)), Name(network.weight(neuron, t)))
        )

    return {derivative("E", neuron): sum_up(neuron) for neuron in layer.neurons}
