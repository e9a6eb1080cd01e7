"""The cells of an exercise, by its sizes: inputs, targets, weights and biases under their names.

A cell's key says what the cell is for, as its name cannot: ``w inputs hidden 1 2`` is the weight from x1 to h2 whether
that is w2 or w4. So what is typed can be kept by key while sizes and numbering change.
"""

from functools import cached_property
from itertools import chain
from typing import NamedTuple

from bptui.core.formulas.layers import describe_layer
from bptui.core.formulas.names import bias, of_sample
from bptui.core.formulas.network import NUMBERINGS, Network
from bptui.core.problem.kinds.array_kinds import arrange, describe_orientation
from bptui.core.problem.layer_keys import list_keys
from bptui.core.problem.networks import make_network
from bptui.record import record

INPUTS, TARGETS, WEIGHTS, BIASES = "inputs", "targets", "weights", "biases"


class Cell(NamedTuple):
    """A cell: its key, its name, and what stands behind that: ``x1→h2``, or ``to b_h3`` where a layer has one bias."""

    key: str
    name: str
    ends: str = ""


class Group(NamedTuple):
    """Cells that belong together, row by row as a matrix of them is printed.

    Attributes:
        kind: One of ``INPUTS``, ``TARGETS``, ``WEIGHTS`` and ``BIASES``.
        layer: The key of the layer of neurons that weights lead into, or that biases belong to; empty for data.
        title: What they are.
        rows: The number of rows.
        columns: The number of cells of a row.
        cells: The cells.
    """

    kind: str
    layer: str
    title: str
    rows: int
    columns: int
    cells: tuple[Cell, ...]


@record
class Shape:
    """What decides which cells there are.

    Attributes:
        inputs: The number of inputs.
        hidden: The number of neurons of each hidden layer.
        outputs: The number of outputs.
        samples: The number of samples.
        numbering: How weights are numbered: one of ``NUMBERINGS``.
        biased: The keys of the layers whose neurons have biases.
        shared: Whether a layer has one bias for all of its neurons.
    """

    inputs: int = 2
    hidden: tuple[int, ...] = (2,)
    outputs: int = 1
    samples: int = 1
    numbering: str = NUMBERINGS[0]
    biased: tuple[str, ...] = ()
    shared: bool = False

    @property
    def layer_keys(self) -> tuple[str, ...]:
        """The key of each layer of neurons, the output layer last."""
        return list_keys(len(self.hidden))

    @cached_property
    def network(self) -> Network:
        """A network of this shape."""
        sizes = (self.inputs, *self.hidden, self.outputs)
        return make_network(
            sizes,
            ("sigmoid",) * (len(sizes) - 1),
            (),
            tuple(key in self.biased for key in self.layer_keys),
            loss="half squared error",
            numbering=self.numbering,
            samples=tuple(range(1, self.samples + 1)) if self.samples > 1 else (),
        )

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """All groups of cells, in order."""
        n, keys = self.network, self.layer_keys
        found = [self._make_data(INPUTS, "x", n.inputs), self._make_data(TARGETS, "y", n.targets)]
        found += [self._make_weights(number) for number in range(len(keys))]
        return (*found, *(self._make_biases(number) for number, key in enumerate(keys) if key in self.biased))

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """All cells, in order."""
        return tuple(chain.from_iterable(group.cells for group in self.groups))

    @cached_property
    def names(self) -> dict[str, str]:
        """The name of each cell, by its key."""
        return {cell.key: cell.name for cell in self.cells}

    def find_group(self, key: str) -> Group | None:
        """Return the group of a cell; None if there is no such cell."""
        return self._groups_by_key.get(key)

    @cached_property
    def _groups_by_key(self) -> dict[str, Group]:
        return {cell.key: group for group in self.groups for cell in group.cells}

    def _make_data(self, kind: str, letter: str, names: tuple[str, ...]) -> Group:
        numbers = self.network.samples or (0,)
        cells = tuple(
            Cell(f"{letter} {row} {column}", of_sample(name, sample))
            for row, sample in enumerate(numbers, 1)
            for column, name in enumerate(names, 1)
        )
        return Group(kind, "", f"{kind}, a row per sample" if numbers[1:] else kind, len(numbers), len(names), cells)

    def _make_weights(self, number: int) -> Group:
        n, key = self.network, self.layer_keys[number]
        layer, before = n.layers[number], (INPUTS, *self.layer_keys)[number]
        sources = n.sources(layer.neurons[0])
        cells = tuple(
            Cell(
                f"w {before} {key} {sources.index(w.source) + 1} {layer.neurons.index(w.target) + 1}",
                w.name,
                f"{w.source}→{w.target}",
            )
            for w in n.gaps[number]
        )
        rows, columns = arrange((len(sources), len(layer.neurons)), self.numbering)
        by = f", {describe_orientation(self.numbering)}" if 1 not in (rows, columns) else ""
        return Group(WEIGHTS, key, f"weights into {describe_layer(layer.name)}{by}", rows, columns, cells)

    def _make_biases(self, number: int) -> Group:
        layer, key = self.network.layers[number], self.layer_keys[number]
        one = self.shared and len(layer.neurons) > 1
        neurons = layer.neurons[: 1 if self.shared else None]
        cells = tuple(
            Cell(f"b {key} {place}", bias(neuron), f"to {bias(layer.neurons[-1])}" * one)
            for place, neuron in enumerate(neurons, 1)
        )
        title = f"{'bias' if one else 'biases'} of {describe_layer(layer.name)}"
        return Group(BIASES, key, title, 1, len(cells), cells)


def name_cells(shape: Shape, keys: set[str]) -> str:
    """Return the names of some cells in order, those that follow each other as a stretch: ``w1 to w6, b_h1``."""
    stretches: list[list[str]] = []
    before = ""
    for group in shape.groups:
        for cell in group.cells:
            if cell.key in keys and before == group.kind:
                stretches[-1].append(cell.name)
            elif cell.key in keys:
                stretches.append([cell.name])
            before = group.kind if cell.key in keys else ""
    texts = (f"{one[0]} to {one[-1]}" if len(one) > 2 else ", ".join(one) for one in stretches)
    return ", ".join(texts)


def add_verb(names: str) -> str:
    """Return names of cells, as from ``name_cells``, with their verb: ``b_o1 is``, ``w1 to w6 are``."""
    return f"{names} {'are' if ' ' in names else 'is'}"
