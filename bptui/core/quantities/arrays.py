"""The numbers of a round as matrices and vectors: which quantity stands in which row and column.

Layers and the gaps before them are counted from 1. A matrix of weights has a row per source where weights are numbered
by source, and a row per neuron where they are numbered by destination. What belongs to a layer has a row per sample
that the round uses.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from bptui.core.formulas.layers import Weight
from bptui.core.formulas.names import bias, delta, gradient, of_sample, updated, weighted_input
from bptui.core.formulas.network import Network
from bptui.core.problem.kinds.array_kinds import arrange
from bptui.core.quantities.printable import list_printable

NameMatrix = tuple[tuple[str, ...], ...]


@lru_cache(maxsize=64)
def list_given_arrays(network: Network) -> Mapping[str, NameMatrix]:
    """Return the arrays that a round is calculated from, by name: X, Y, and each layer's W and b."""
    found = {"X": _list_rows(network, network.inputs), "Y": _list_rows(network, network.targets)}
    for number, (layer, gap) in enumerate(zip(network.layers, network.gaps, strict=True), 1):
        found[f"W{number}"] = _arrange(network, gap)
        if layer.has_biases:
            found[f"b{number}"] = (tuple(map(bias, layer.neurons)),)
    return found


@lru_cache(maxsize=64)
def list_arrays(network: Network) -> Mapping[str, NameMatrix]:
    """Return the arrays that a round calculates, by name.

    They are each layer's Z (weighted inputs), H or for the outputs O, and Delta; for the parameters of each layer
    dE_dW and new_W, and dE_db and new_b where it has biases.
    """
    found: dict[str, NameMatrix] = {}
    for number, layer in enumerate(network.layers, 1):
        found[f"Z{number}"] = _list_rows(network, map(weighted_input, layer.neurons))
        found[f"H{number}" if layer in network.hidden_layers else "O"] = _list_rows(network, layer.neurons)
        found[f"Delta{number}"] = _list_rows(network, map(delta, layer.neurons))
    for of in (gradient, updated):
        parameters = {name: rows for name, rows in list_given_arrays(network).items() if name not in ("X", "Y")}
        found |= {of(name): _rename(rows, of) for name, rows in parameters.items()}
    known = list_printable(network)
    return {name: rows for name, rows in found.items() if all(entry in known for row in rows for entry in row)}


def has_orientation(name: str, rows: NameMatrix) -> bool:
    """Whether an array is a matrix of weights, or of their gradients, that turned on its side would be another."""
    return "W" in name and len(rows) > 1 and len(rows[0]) > 1


def has_samples(name: str, rows: NameMatrix) -> bool:
    """Whether an array is a matrix of a layer, which has a row for each of several samples."""
    return "W" not in name and len(rows) > 1 and len(rows[0]) > 1


def _arrange(network: Network, gap: Sequence[Weight]) -> NameMatrix:
    """Return the names of a gap's weights in rows, in the order of their numbers."""
    sizes = len({weight.source for weight in gap}), len({weight.target for weight in gap})
    rows, columns = arrange(sizes, network.numbering)
    names = [weight.name for weight in gap]
    return tuple(tuple(names[row * columns : (row + 1) * columns]) for row in range(rows))


def _list_rows(network: Network, names: Iterable[str]) -> NameMatrix:
    """Return names of one sample in a row for each sample of the round."""
    row = tuple(names)
    return tuple(tuple(of_sample(name, sample) for name in row) for sample in network.samples or (0,))


def _rename(rows: NameMatrix, of: Callable[[str], str]) -> NameMatrix:
    return tuple(tuple(map(of, row)) for row in rows)
