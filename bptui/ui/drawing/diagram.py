"""The layout of a network's diagram: the places of its boxes and edges.

It depends on the network's shape and the room, never on numbers, so nothing jumps when numbers change. Rows and columns
are the canvas's cells; ends of edges are its dots.
"""

from collections.abc import Mapping
from functools import cached_property, lru_cache
from math import ceil, floor
from typing import NamedTuple

from bptui.core.formulas.layers import Weight
from bptui.core.formulas.network import Network
from bptui.record import record

_SIGNS = 5  # columns of a number in the narrowest box
SHORT = 7  # columns inside a box from which on a number below 1 has a zero before its point
_FEW_SIGNS = 4  # of a number where there is no room for that
_LONG = 7  # columns of a number in a label, where there is room for more than _SIGNS
_WIDEST = 17  # columns of a box; more would be empty
_ROOMY = 15  # least columns between boxes for long numbers in labels
_STUBS = 8  # least columns between nodes without boxes for two stubs, where edges start and end
_NARROW = 2  # least columns between nodes without boxes, for edges that can be followed
_INPUT_ROWS = 3  # of the box of an input
_MARGIN = 0.1  # above and below a column of nodes without boxes, relative to the distance between two
_CROWDED, _CROWDED_IN_FEW = 9, 3  # weights between two columns beyond which lines are thin, in many columns or few


class NodeForm(NamedTuple):
    """How much of a neuron a diagram shows.

    Attributes:
        contents: Its rows, in a box or without one; with a colon the word for the number below it.
        min_width: The least width.
        rows: Rows that a neuron needs.
        beside: Columns of a name before the number, with a space after it; 0 if it stands elsewhere.
        headed: Whether a column of neurons has its layer as heading, and of a name only the place in it is left.
    """

    contents: tuple[str, ...]
    min_width: int
    rows: int
    beside: int = 0
    headed: bool = False

    @property
    def has_box(self) -> bool:
        """Whether it is drawn as a box."""
        return self.rows >= SMALL_FORM.rows


FULL_FORM = NodeForm(("in", "out", "delta"), 15, 7)
TALL_FORM = NodeForm(("in:", "in", "out:", "out", "delta:", "delta"), _SIGNS + 3, 8)
DELTA_FORM = NodeForm(("out", "delta"), _SIGNS + 3, 4)
SMALL_FORM = NodeForm(("out",), _SIGNS + 2, 3)
LINE_FORM = NodeForm(("out",), 3 + _SIGNS, 1, beside=3)
STACKED_FORM = NodeForm(("name", "out"), _SIGNS, 2)
_HEADED_FORMS = tuple(
    NodeForm(("out",), beside + signs, 1, beside, headed=True) for beside in (2, 0) for signs in (_SIGNS, _FEW_SIGNS)
)


class Box(NamedTuple):
    """A node: its upper left corner, its size, and the row where edges start and end."""

    x: int
    y: int
    width: int
    height: int
    port: int

    @property
    def bottom(self) -> int:
        """Its last row."""
        return self.y + self.height - 1


@record(eq=False)
class Diagram:
    """The places of everything in a network's diagram.

    Attributes:
        network: The network.
        width: Columns available.
        height: Rows; more than available if the nodes need them.
        form: What is shown of a neuron.
    """

    network: Network
    width: int
    height: int
    form: NodeForm

    @property
    def has_boxes(self) -> bool:
        """Whether nodes are boxes."""
        return self.form.has_box

    @cached_property
    def box(self) -> int:
        """The columns of a node."""
        if not self.has_boxes:
            return self.form.min_width
        layers = len(self.network.layers)
        room = (self.width - layers * (_label_width(self.network) + 1)) // (layers + 1)
        return min(max(room, self.form.min_width), _WIDEST)

    @property
    def leading_zero(self) -> bool:
        """Whether numbers below 1 have a zero before their point: in every box, or in none."""
        return self.has_boxes and self.box - 2 >= SHORT

    @property
    def has_targets(self) -> bool:
        """Whether there is a row for targets below the outputs."""
        return self.form is FULL_FORM or (self.form is TALL_FORM and _fits(self.network, self.form, self.height, 1))

    @property
    def gap(self) -> int:
        """The least number of columns between nodes."""
        layers = len(self.network.layers)
        return max(self.width - (layers + 1) * self.box, 0) // layers

    @property
    def label(self) -> int:
        """The columns of a number in a label."""
        return _LONG if self.gap >= _ROOMY else _SIGNS

    @property
    def stubs(self) -> bool:
        """Whether nodes without boxes have room beside them for the character where edges start and end."""
        return not self.has_boxes and self.gap >= _STUBS

    @property
    def is_crowded(self) -> bool:
        """Whether there are too many weights, or too few columns, so that their lines must be thin."""
        return max(map(len, self.network.gaps)) > (_CROWDED if self.gap >= _ROOMY else _CROWDED_IN_FEW)

    @cached_property
    def boxes(self) -> Mapping[str, Box]:
        """The place of each node."""
        found = {}
        for column, names in enumerate(_columns(self.network)):
            x = column * (self.width - self.box) // len(self.network.layers)
            edge, is_input = int(self.has_boxes), self.has_boxes and column == 0
            holds = 1 if is_input else len(self.form.contents)
            above = edge + self.form.contents.index("out")
            needed = _rows_needed(self.network, self.form) + (self.form is TALL_FORM and self.has_targets)
            if is_input and len(names) * needed > self.height:
                needed, above = _INPUT_ROWS, 1
            for place, name in enumerate(names):
                top = self._centre(place, len(names)) - needed / 2
                port = above + (ceil(top - 0.5) if 2 * place < len(names) - 1 else floor(top + 0.5))
                height = holds + 2 * edge
                found[name] = Box(x, port - (edge if is_input else above), self.box, height, port)
        return found

    def _centre(self, place: int, count: int) -> float:
        """Return the row of a node's centre in a column of ``count``; columns of single rows reach to the ends."""
        above = int(self.form.headed)
        height = self.height - above
        if self.form.rows > 1 or count == 1:
            return above + height * (place + 0.5) / count
        return above + 0.5 + (height - 1) * (place + _MARGIN) / (count - 1 + 2 * _MARGIN)

    @property
    def headings(self) -> Mapping[str, Box]:
        """The first node of each column that has a heading."""
        return {names[0]: self.boxes[names[0]] for names in _columns(self.network) if self.form.headed}

    def edge_ends(self, weight: Weight) -> tuple[tuple[int, int], tuple[int, int]]:
        """Return the dots at an edge's ends: beside the middle of the source's right and the target's left side."""
        source, target = self.boxes[weight.source], self.boxes[weight.target]
        left, right = source.x + source.width + self.stubs, target.x - self.stubs
        return (2 * left, 4 * source.port + 1), (2 * right - 1, 4 * target.port + 1)

    @cached_property
    def occupied_cells(self) -> frozenset[tuple[int, int]]:
        """The cells of nodes and of the text below them, and a margin where no edge separates them from a label."""
        rows = _rows_needed(self.network, self.form) - len(self.form.contents) - 2 * self.has_boxes
        rows += self.form is TALL_FORM and self.has_targets
        found: set[tuple[int, int]] = set()
        for box in self.boxes.values():
            for y in range(box.y, box.bottom + 1 + rows):
                margin = not self.has_boxes or y > box.bottom
                found.update((x, y) for x in range(box.x - margin, box.x + box.width + margin))
        found.update((x, 0) for x in range(self.width * self.form.headed))
        return frozenset(found)


@lru_cache(maxsize=64)
def make_diagram(network: Network, width: int, height: int) -> Diagram:
    """Return the diagram of a network in the largest form that fits."""
    layers, most = len(network.layers), max(map(len, _columns(network)))
    for form in (FULL_FORM, TALL_FORM, DELTA_FORM, SMALL_FORM):
        room = width - (layers + 1) * form.min_width - layers * (_label_width(network) if form is not SMALL_FORM else 2)
        if room >= 0 and _fits(network, form, height):
            return Diagram(network, width, height, form)
    forms = _forms_without_boxes(network)
    fitting = (f for f in forms if most * f.rows <= height or f.rows == 1)
    form = next((f for f in fitting if width - (layers + 1) * f.min_width >= layers * _NARROW), forms[-1])
    return Diagram(network, width, max(height, most + form.headed), form)


def _forms_without_boxes(network: Network) -> tuple[NodeForm, ...]:
    """Return the forms to choose from where boxes do not fit; several only with several hidden layers."""
    if len(network.layers) <= 2:
        return (LINE_FORM,)
    beside = 1 + max(map(len, network.neurons))
    return STACKED_FORM, LINE_FORM._replace(min_width=beside + _SIGNS, beside=beside), *_HEADED_FORMS


def split_place(name: str) -> tuple[str, str]:
    """Return what a node has in common with its column, and its place there: h2 and 3 for h2_3."""
    start = name.rstrip("0123456789")
    return start.removesuffix("_"), name[len(start) :]


def _columns(network: Network) -> tuple[tuple[str, ...], ...]:
    return network.inputs, *(layer.neurons for layer in network.layers)


def _label_width(network: Network) -> int:
    """Return the columns of the longest label, with a short number."""
    return max(len(w.name) for w in network.weights) + 1 + _SIGNS


def _fits(network: Network, form: NodeForm, height: int, more: int = 0) -> bool:
    """Whether each column of boxes has the rows it needs, and some more for each neuron."""
    rows = max(_rows_needed(network, form) + more, form.rows)
    return len(network.inputs) * _INPUT_ROWS <= height and all(
        len(names) * rows <= height for names in _columns(network)[1:]
    )


def _rows_needed(network: Network, form: NodeForm) -> int:
    """Return the rows of a neuron with the text below its box."""
    if not form.has_box:
        return form.rows
    below = bool(network.biases) * (form in (FULL_FORM, DELTA_FORM)) + (form is FULL_FORM)
    return len(form.contents) + 2 + below
