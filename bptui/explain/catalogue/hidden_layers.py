"""Mistakes in the hidden step to one of several hidden layers.

What was done in every hidden step is a gradient rule. Done in a single one it is a change that edits the steps of that
layer; a rule that alters one layer only is not listed again.
"""

from collections.abc import Iterator

from bptui.core.formulas.backprop import list_update
from bptui.core.formulas.expr import Expr, Name, product, substitute
from bptui.core.formulas.gradient_rules import RULES, Rule
from bptui.core.formulas.layers import Layer
from bptui.core.formulas.names import derivative, updated, weighted_input
from bptui.core.formulas.network import CHAIN_RULE, Network
from bptui.core.formulas.optimisers import OPTIMISERS
from bptui.core.formulas.rounding import NONE
from bptui.core.problem.spec import Spec
from bptui.explain.calculation.changes import Change, Edits
from bptui.explain.catalogue.variants import make_edit, place_at_all


def list_hidden_steps(spec: Spec) -> Iterator[Change]:
    """Yield what may have gone wrong in the step back to one hidden layer, or in what it sends on."""
    network = spec.network.one_sample
    if network.rounding != NONE or len(network.hidden_layers) < 2:
        return
    online = spec.batch_size == 1 and not OPTIMISERS[network.optimiser].state  # else an update is not written in a line
    for rule in (rule for rule in RULES.values() if rule.in_layer and (online or not rule.updates_first)):
        by_layer = {layer: _depart(network, rule, layer) for layer in network.hidden_layers}
        by_layer = {layer: edits for layer, edits in by_layer.items() if edits}
        for layer, edits in by_layer.items() if len(by_layer) > 1 else ():
            about = rule.in_layer.format(layer.words)
            yield make_edit("hidden step", f"{rule.name}: {layer.words}", about, place_at_all(spec, edits))
    raw = {layer: _send_raw(network, layer) for layer in network.hidden_layers}
    for layer, behind in zip(network.hidden_layers, network.hidden_layers[1:], strict=False):
        about = f"{behind.words} sent back ∂E/∂h, what arrived at its neurons, without the derivative of its activation"
        yield make_edit("hidden step", f"raw error of {behind.words}", about, place_at_all(spec, raw[layer]))
    every = {name: expr for edits in raw.values() for name, expr in edits.items()}
    about = "every layer sent back what arrived at its neurons, without the derivative of its activation"
    yield make_edit("hidden step", "raw errors all the way", about, place_at_all(spec, every))


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
