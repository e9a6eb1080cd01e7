"""A network whose every layer is one node with the name of its matrix, so that its formulas are those of matrices.

The round's own list of formulas, made for this network, has ``in_H1 = Σ(X) W1·X + b_H1`` as the general term of all
entries of Z1. What belongs to a layer has a row per sample here, and what belongs to a gap a row per source.
"""

import re
from collections.abc import Callable
from dataclasses import fields, replace
from functools import cached_property
from itertools import pairwise

from bptui.core.formulas.activations import ACTIVATIONS, EACH_ITS_OWN
from bptui.core.formulas.expr import Expr, Name, SumOver, product
from bptui.core.formulas.layers import Layer, Weight
from bptui.core.formulas.names import derivative
from bptui.core.formulas.network import Network
from bptui.record import record

SAMPLES = "s"
"""The axis of the samples. Every other axis is that of a layer or the inputs, and has the name of its matrix."""

Axes = tuple[str, str]  # of rows and columns; an empty one has a single row or column
_STEM = re.compile(r"W\d+|b_(?:H\d+|O)|(?:H\d+|O|X|Y)$")
_LETTERS = {"in_": "Z", "delta_": "Delta", "b_": "b"}


@record
class MatrixNetwork(Network):
    """A network with one node in each layer, which stands for all of them.

    Attributes:
        sizes: How many nodes each one stands for, by its name: X, H1, ..., O.
    """

    sizes: tuple[tuple[str, int], ...] = ()

    @property
    def output_count(self) -> int:
        """The number of outputs that the node stands for."""
        return dict(self.sizes)["O"]

    @cached_property
    def targets(self) -> tuple[str, ...]:
        """The targets."""
        return ("Y",)

    @cached_property
    def gaps(self) -> tuple[tuple[Weight, ...], ...]:
        """The weights into each layer: W1, W2, ..."""
        nodes = [name for name, _ in self.sizes]
        return tuple((Weight(f"W{m}", at, to),) for m, (at, to) in enumerate(pairwise(nodes), 1))

    @property
    def output_pairs(self) -> tuple[tuple[str, str], ...]:
        """None: the derivatives of each output by each weighted input are a matrix for every sample."""
        return ()

    def sum_jointly(self, term: Callable[[str], Expr]) -> Expr:
        """Return the sum of a term over all outputs that are made together, without the derivatives of each by each.

        With these inserted, sample by sample, it needs no other matrices than ∂E/∂O and O.
        """
        (output,), row = self.outputs, ACTIVATIONS[self.layers[-1].activations[0]]
        assert row.of_layer
        slope, own = Name(derivative("E", output)), Name(output)
        return row.of_layer.autograd(slope, own, self.sum_over(self.outputs, lambda _: product(slope, own)))

    def sum_over(self, neurons: tuple[str, ...], term: Callable[[str], Expr]) -> Expr:
        """Return the general term of a sum over a layer or the inputs."""
        (node,) = neurons
        return SumOver(node, dict(self.sizes)[node], term(node))


def make_matrix_network(network: Network) -> MatrixNetwork:
    """Return the network, of a single sample, whose formulas are those of another's matrices."""
    layers = [_merge(layer, name) for layer, name in zip(network.layers, name_outputs(network), strict=True)]
    nodes = ("X", *name_outputs(network))
    counts = (len(network.inputs), *(len(layer.neurons) for layer in network.layers))
    own = {field.name: getattr(network, field.name) for field in fields(network)}
    changed = {"inputs": ("X",), "layers": tuple(layers), "sizes": tuple(zip(nodes, counts, strict=True))}
    return MatrixNetwork(**own | changed | {"samples": (), "numbering": "by source"})


def name_outputs(network: Network) -> tuple[str, ...]:
    """Return the name of the matrix of each layer's outputs: H1, H2, ..., O."""
    return (*(f"H{number}" for number, _ in enumerate(network.hidden_layers, 1)), "O")


def _merge(layer: Layer, node: str) -> Layer:
    of_all = layer.activations[0] if len(set(layer.activations)) == 1 else EACH_ITS_OWN.name
    return replace(layer, neurons=(node,), activations=(of_all,))


def find_axes(network: MatrixNetwork, name: str) -> Axes:
    """Return the axes of what a name of the matrix network stands for; two empty ones for a scalar."""
    if name == "log_sum_exp":
        return SAMPLES, ""
    stem = find_stem(name)
    if stem.startswith("W"):
        (weight,) = network.gaps[int(stem[1:]) - 1]
        return weight.source, weight.target
    if stem.startswith("b_"):
        return "", stem[2:]
    return (SAMPLES, {"Y": "O"}.get(stem, stem)) if stem else ("", "")


def find_stem(name: str) -> str:
    """Return the given matrix, or the layer's outputs, that a name of the matrix network is made of; empty if none."""
    found = _STEM.search(name)
    return found[0] if found else ""


def show_name(network: MatrixNetwork, name: str) -> str:
    """Return the name of a matrix for people: ``in_H1`` as Z1, ``dE_db_O`` as dE_db2."""
    numbers = {layer.neurons[0]: number for number, layer in enumerate(network.layers, 1)}
    return re.sub(r"(in_|delta_|b_)(H\d+|O)$", lambda found: f"{_LETTERS[found[1]]}{numbers[found[2]]}", name)
