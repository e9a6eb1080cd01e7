"""Where the boxes and edges of a network's diagram stand: by its shape and the room there is, never by numbers.

So nothing jumps when numbers change. Rows and columns are those of the canvas, ends of edges its dots.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import ceil, floor
from typing import NamedTuple

from bptui.core.formulas.network import Network, Weight

NAME = 3  # columns of a name in a node without a box, with a space behind it
_SIGNS = 5  # columns of a number in the narrowest box
_LONG = 7  # columns of a number in a label, where there is room for more than _SIGNS
_WIDEST = 17  # columns of a box; more would be empty
_ROOMY = 15  # columns between boxes from which labels have long numbers
_STUBS = 8  # columns between nodes on lines, two of which may be given to where edges start and end
_MARGIN = 0.1  # above and below a column of nodes without boxes, of the distance between two
_CROWDED = 9  # weights between two columns


class Form(NamedTuple):
    """How much of a neuron a diagram shows.

    Attributes:
        holds: The rows in its box; in a form without boxes one.
        least: The width of the box at the least.
        rows: Rows a neuron needs.
    """

    holds: tuple[str, ...]
    least: int
    rows: int


IN_FULL = Form(("in", "out", "delta"), 15, 9)
WITH_DELTA = Form(("out", "delta"), _SIGNS + 3, 6)
SMALL = Form(("out",), _SIGNS + 2, 3)
LINES = Form(("out",), NAME + _SIGNS, 1)


class Box(NamedTuple):
    """A node: its left upper corner, its size, and the row that edges start from and end at."""

    x: int
    y: int
    width: int
    height: int
    port: int

    @property
    def bottom(self) -> int:
        """Its last row."""
        return self.y + self.height - 1


@dataclass(frozen=True, eq=False)
class Diagram:
    """The places of everything in a network's diagram.

    Attributes:
        network: The network.
        width: Columns there are.
        height: Rows; more than there is room for, where the nodes need them.
        form: What is shown of a neuron.
    """

    network: Network
    width: int
    height: int
    form: Form

    @property
    def has_boxes(self) -> bool:
        """Whether nodes are boxes."""
        return self.form is not LINES

    @cached_property
    def box(self) -> int:
        """The columns of a node."""
        if not self.has_boxes:
            return self.form.least
        layers = len(self.network.layers)
        room = (self.width - layers * (_label(self.network) + 2)) // (layers + 1)
        return min(max(room, self.form.least), _WIDEST)

    @property
    def gap(self) -> int:
        """The columns between nodes at the least."""
        layers = len(self.network.layers)
        return max(self.width - (layers + 1) * self.box, 0) // layers

    @property
    def label(self) -> int:
        """The columns of a number in a label."""
        return _LONG if self.gap >= _ROOMY else _SIGNS

    @property
    def stubs(self) -> bool:
        """Whether nodes without boxes have room for a sign beside them that edges start from and end at."""
        return not self.has_boxes and self.gap >= _STUBS

    @property
    def is_crowded(self) -> bool:
        """Whether there are so many weights that their lines must be thin."""
        network = self.network
        return max(map(len, network.gaps)) > _CROWDED

    @cached_property
    def boxes(self) -> Mapping[str, Box]:
        """Where each node stands."""
        found = {}
        for column, names in enumerate(_columns(self.network)):
            x = column * (self.width - self.box) // len(self.network.layers)
            holds = 1 if column == 0 else len(self.form.holds)
            edge = int(self.has_boxes)
            above = edge + self.form.holds.index("out")
            needed = _needed(self.network, self.form)
            for place, name in enumerate(names):
                top = self._centre(place, len(names)) - needed / 2
                port = above + (ceil(top - 0.5) if 2 * place < len(names) - 1 else floor(top + 0.5))
                height = holds + 2 * edge
                found[name] = Box(x, port - (edge if column == 0 else above), self.box, height, port)
        return found

    def _centre(self, place: int, count: int) -> float:
        """Where the centre of a node is to be, one of so many in its column; those without boxes go to the ends."""
        if self.has_boxes or count == 1:
            return self.height * (place + 0.5) / count
        return 0.5 + (self.height - 1) * (place + _MARGIN) / (count - 1 + 2 * _MARGIN)

    def ends(self, weight: Weight) -> tuple[tuple[int, int], tuple[int, int]]:
        """The dots at the ends of an edge: beside the middle of the source's right and the target's left side."""
        source, target = self.boxes[weight.source], self.boxes[weight.target]
        left, right = source.x + source.width + self.stubs, target.x - self.stubs
        return (2 * left, 4 * source.port + 1), (2 * right - 1, 4 * target.port + 1)

    @cached_property
    def taken(self) -> frozenset[tuple[int, int]]:
        """The cells of nodes and of what stands below them, and one beside where no edge parts them from a label."""
        rows = _needed(self.network, self.form) - len(self.form.holds) - 2 * self.has_boxes
        found: set[tuple[int, int]] = set()
        for box in self.boxes.values():
            for y in range(box.y, box.bottom + 1 + rows):
                margin = not self.has_boxes or y > box.bottom
                found.update((x, y) for x in range(box.x - margin, box.x + box.width + margin))
        return frozenset(found)


@lru_cache(maxsize=64)
def diagram(network: Network, width: int, height: int) -> Diagram:
    """The largest form of a network's diagram that there is room for."""
    layers, most = len(network.layers), max(map(len, _columns(network)))
    for form in (IN_FULL, WITH_DELTA, SMALL):
        room = width - (layers + 1) * form.least - layers * (_label(network) if form is not SMALL else 2)
        if room >= 0 and most * _needed(network, form) <= height and most * form.rows <= height:
            return Diagram(network, width, height, form)
    return Diagram(network, width, max(height, most), LINES)


def _columns(network: Network) -> tuple[tuple[str, ...], ...]:
    return network.inputs, *(layer.neurons for layer in network.layers)


def _label(network: Network) -> int:
    """The columns of the longest label, with a short number."""
    return max(len(w.name) for w in network.weights) + 1 + _SIGNS


def _needed(network: Network, form: Form) -> int:
    """The rows of a neuron with what stands below its box."""
    if form is LINES:
        return 1
    below = bool(network.biases) * (form is not SMALL) + (form is IN_FULL)
    return len(form.holds) + 2 + below
