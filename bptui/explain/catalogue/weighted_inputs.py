"""Mistakes in the weighted inputs of whole layers, the same in every sample: biases left out, a matrix transposed.

The rest of the round is calculated as it should be: the biases that were left out are still updated.
"""

from collections.abc import Iterator, Sequence
from itertools import product

from bptui.core.formulas.expr import Name, Sum, substitute, total
from bptui.core.formulas.layers import Layer
from bptui.core.formulas.names import weighted_input
from bptui.core.formulas.network import Network
from bptui.core.formulas.rounding import NONE
from bptui.core.problem.spec import Spec
from bptui.explain.calculation.changes import Change, Edits
from bptui.explain.calculation.steps import list_steps
from bptui.explain.catalogue.variants import make_edit, place_at_all
from bptui.text.words import join_words


def list_left_biases(spec: Spec) -> Iterator[Change]:
    """Yield the biases left out of the weighted inputs of a layer, or of all layers."""
    network = spec.network.one_sample
    by_layer = {layer: _leave_biases(network, layer) for layer in network.layers}
    for layers, where in _choose(network, [layer for layer, edits in by_layer.items() if edits]):
        edits = {name: expr for layer in layers for name, expr in by_layer[layer].items()}
        biases, inputs = ("biases are", "weighted inputs") if len(edits) > 1 else ("bias is", "weighted input")
        name, about = f"{inputs} without bias: {where}", f"the {biases} left out of the {inputs} of {where}"
        yield make_edit("left bias", name, about, place_at_all(spec, edits))


def list_turned_weights(spec: Spec) -> Iterator[Change]:
    """Yield the matrix of the weights into a layer, or of those into all, transposed in the weighted inputs alone."""
    network = spec.network.one_sample
    square = [layer for layer in network.layers if len(network.sources(layer.neurons[0])) == len(layer.neurons) > 1]
    for layers, where in _choose(network, square):
        name = f"weights transposed in the weighted inputs: {where}"
        which = "the weight matrix" if len(layers) == 1 else "each weight matrix"
        about = f"{which} is transposed in the weighted inputs of {where}: rows and columns are swapped"
        edits = {name: expr for layer in layers for name, expr in _turn_weights(network, layer).items()}
        yield make_edit("turned weights", name, about, place_at_all(spec, edits))


def _choose(network: Network, layers: Sequence[Layer]) -> Iterator[tuple[Sequence[Layer], str]]:
    """Yield each of some layers with its name, and where there are several, all of them."""
    if network.rounding != NONE or not layers:
        return
    for layer in layers:
        yield [layer], layer.words
    if len(layers) > 1:
        are_all = len(layers) == len(network.layers)
        yield layers, "all layers" if are_all else join_words([layer.words for layer in layers])


def _leave_biases(network: Network, layer: Layer) -> Edits:
    """Return the weighted inputs of a layer without biases; none of a neuron that has no bias."""
    biases, found = {Name(bias) for bias in network.biases}, Edits()
    for name, expr in _list_weighted_inputs(network, layer).items():
        if isinstance(expr, Sum) and (kept := [term for term in expr.terms if term not in biases]) != list(expr.terms):
            found[name] = total(kept)
    return found


def _turn_weights(network: Network, layer: Layer) -> Edits:
    """Return the weighted inputs of a layer by the transposed matrix of its weights."""
    sources, targets = network.sources(layer.neurons[0]), layer.neurons
    places = product(range(len(sources)), repeat=2)
    turned = {network.weight(sources[i], targets[j]): Name(network.weight(sources[j], targets[i])) for i, j in places}
    return {name: substitute(expr, turned) for name, expr in _list_weighted_inputs(network, layer).items()}


def _list_weighted_inputs(network: Network, layer: Layer) -> Edits:
    wanted = set(map(weighted_input, layer.neurons))
    return {step.name: step.expr for step in list_steps(network) if step.name in wanted}
