"""The nodes of the network diagram: boxes with a neuron's numbers, or where there is no room a name and a number.

Where even a name has no room, its column has a heading, and a number stands for what the heading says: in the backward
pass a delta. A number that would run into the next column is ``...``; the other panels have it.
"""

from functools import lru_cache

from bptui.core.formulas.names import bias, delta, weighted_input
from bptui.core.formulas.network import Network
from bptui.session.frame import Frame
from bptui.text.numbers import format_beside_sign, format_signed, write_minus
from bptui.ui.drawing.canvas import Canvas
from bptui.ui.drawing.diagram import DELTA_FORM, FULL_FORM, SHORT, SMALL_FORM, TALL_FORM, Box, Diagram, split_place
from bptui.ui.drawing.strokes import Strokes

_WORDS = {"in": "in", "out": "out", "delta": "δ"}  # words before the numbers in a wide box
_WORD_COLUMNS = 6  # columns of a word and the space on both sides
_MOST_DECIMALS = 15
NOT_CALCULATED = "·"  # a number that is not calculated yet
_NO_ROOM = "..."


def list_parts_at_work(frame: Frame) -> frozenset[str]:
    """Return the parts that the last step used."""
    return frame.last_step.parts if frame.last_step else frozenset()


def choose_role(frame: Frame, part: str, otherwise: str) -> str:
    """Return what a part looks like: selected, at work, or like others of its kind."""
    return "selected" if part == frame.selected else "lit" if part in list_parts_at_work(frame) else otherwise


class Nodes:
    """The nodes of one drawing."""

    def __init__(self, canvas: Canvas, frame: Frame, places: Diagram) -> None:
        self.canvas, self.frame, self.places = canvas, frame, places
        self.flow = frame.last_step.flow if frame.last_step else ""
        self.deltas = self._list_deltas()

    def draw(self) -> None:
        """Draw all nodes, and the headings of their columns."""
        for name, box in self.places.boxes.items():
            if self.places.has_boxes:
                self._draw_box(name, box)
                if name not in self.frame.network.inputs:
                    self._draw_below(name, box)
            else:
                self._draw_entry(name, box)
        self._draw_headings()

    def _number(self, name: str) -> tuple[float | None, str]:
        """Return a number and its role."""
        frame = self.frame
        value = frame.given[name] if name in frame.given else frame.values.get(name)
        return value, frame.role_of(name) or ("dim" if value is None else "")

    def _draw_entry(self, name: str, box: Box) -> None:
        """Draw a node without a box: its name, then its value, its selected bias, or in the backward pass its delta."""
        frame, canvas, own, form = self.frame, self.canvas, bias(name), self.places.form
        back = "" if form.headed else "δ"  # which is in the heading
        shown, sign = (
            (own, "b") if own == frame.selected else (delta(name), back) if name in self.deltas else (name, "")
        )
        value, role = self._number(shown)
        start, y, title = form.beside, box.port, choose_role(frame, name, "title")
        width = box.width - start
        text = self._write_number(value, width, sign)
        if start and not form.headed:
            start -= len(text) == width + 1  # drop the space rather than move the number
        x = max(min(box.x, self.places.width - start - len(text)), 0)
        if start or not form.headed:
            label = split_place(name)[1] if form.headed else name
            canvas.text(x, box.y, label.ljust(form.beside - 1), title, name)
        elif title != "title":
            role = title
        canvas.text(x + start, y, text, "selected" if shown == own else role, own if shown == own else name)
        if self.places.stubs:
            edges = self.canvas.strokes.edges
            canvas.text(box.x - 1, box.y, edges.from_left * (name not in frame.network.inputs), "dim", name)
            canvas.text(box.x + box.width, box.y, edges.from_right * (name not in frame.network.outputs), "dim", name)

    def _write_number(self, value: float | None, width: int, sign: str) -> str:
        """Return a number behind a sign, to the right; it may reach into the columns between nodes."""
        if value is None:
            return NOT_CALCULATED.rjust(width)
        number = format_beside_sign(value, width, leading_zero=False)
        if sign:  # in place of the column for the number's own sign, if that is not needed
            number = sign + number.lstrip()
        text = number if len(number) <= width or not self.places.form.headed else number.removeprefix(sign)
        return (text if len(text) < width + max(self.places.gap, 1) else _NO_ROOM).rjust(width)

    def _list_deltas(self) -> frozenset[str]:
        """Return the nodes without boxes that show their deltas: below a heading, all of a column or none."""
        network, known = self.frame.network, self.frame.values
        if self.places.has_boxes or self.flow != "backward":
            return frozenset()
        found = {n for n in network.neurons if delta(n) in known}
        columns = [layer.neurons for layer in network.layers if not found.isdisjoint(layer.neurons)]
        return frozenset(n for column in columns for n in column if self.places.form.headed or n in found)

    def _draw_headings(self) -> None:
        """Draw the headings of columns whose nodes have no whole names."""
        for first, box in self.places.headings.items():
            heading = "δ_" * (first in self.deltas) + split_place(first)[0]
            start = box.x if self.places.form.beside else box.x + max(box.width - len(heading), 0) // 2
            self.canvas.text(start, 0, heading, "label")

    def _draw_box(self, name: str, box: Box) -> None:
        """Draw the numbers in a box, and its outline if that is not the usual one."""
        frame = self.frame
        role = choose_role(frame, name, "title")
        if role != "title":
            edge = "accent" if role == "selected" else "flow"
            _draw_outline(self.canvas, frame.network, name, box, edge, role)
        for y, kind in enumerate(
            ("out",) if name in self.frame.network.inputs else self.places.form.contents, box.y + 1
        ):
            self._draw_row(name, kind, box, y)

    def _draw_row(self, name: str, kind: str, box: Box, y: int) -> None:
        """Draw a number in a box, beside its word in a wide one, or the word for the number below."""
        places, wide = self.places, box.width - 2
        is_neuron = name not in self.frame.network.inputs
        if kind.endswith(":"):
            self.canvas.text(box.x + 2, y, _WORDS[kind[:-1]], "dim", name)
            return
        if places.form is SMALL_FORM and self._shows_delta(name):
            kind = "delta"  # which the lower edge says
        value, role = self._number({"in": weighted_input(name), "out": name, "delta": delta(name)}[kind])
        before, start = "", box.x + 1
        if box.width >= FULL_FORM.min_width:
            start, wide = start + _WORD_COLUMNS - 1, wide - _WORD_COLUMNS
            self.canvas.text(box.x + 2, y, _WORDS[kind] * is_neuron, "dim", name)
        elif places.form is DELTA_FORM:
            before = "δ" if kind == "delta" else " " * (wide > SHORT)
        text = before + self._write(value, wide - len(before))
        self.canvas.text(start - (len(text) > box.width - 2), y, text, role or (before.strip() and "label"), name)

    def _write(self, value: float | None, width: int) -> str:
        """Return a number behind a column for its sign, the same way in every box."""
        if value is None:
            return NOT_CALCULATED.center(width)
        decimals = min(self.frame.digits, _MOST_DECIMALS)
        return format_beside_sign(value, width, decimals, leading_zero=self.places.leading_zero)

    def _shows_delta(self, name: str) -> bool:
        """Whether a small box holds its neuron's delta: in the backward pass, once it is known."""
        is_neuron = name not in self.frame.network.inputs
        return is_neuron and self.flow == "backward" and delta(name) in self.frame.values

    def _draw_below(self, name: str, box: Box) -> None:
        """Draw bias and target below a box, the bias of some on its edge, where a small one has to say "delta"."""
        frame, own, y = self.frame, bias(name), box.bottom
        has_bias = own in frame.network.biases
        if self.places.form in (SMALL_FORM, TALL_FORM):
            if self.places.form is SMALL_FORM and self._shows_delta(name) and own != frame.selected:
                self._draw_centred(box, y, " δ ", "label", name)
            elif has_bias:
                text = f"b{self._write(frame.given[own], box.width - 3)}"
                self._draw_centred(box, y, text, choose_role(frame, own, "label"), own)
        elif has_bias:
            y += 1
            self._draw_centred(
                box, box.bottom, self.canvas.strokes.edges.from_below, choose_role(frame, own, "dim"), own
            )
            text = f"b {write_minus(format_signed(frame.given[own], self.places.label))}"
            self._draw_centred(box, y, text, choose_role(frame, own, "label"), own)
        if self.places.has_targets and name in frame.network.outputs:
            target = f"y{name[1:]}"
            if target in frame.given:  # not where all samples are shown at once
                room = max(box.width - len(target) - 1, 5)
                number = format_beside_sign(
                    frame.given[target], min(room, 9), frame.digits, leading_zero=self.places.leading_zero
                ).strip()
                self._draw_centred(box, y + 1, f"{target} {number}", "label", name)

    def _draw_centred(self, box: Box, y: int, text: str, role: str, part: str) -> None:
        self.canvas.text(box.x + (box.width - len(text) + 1) // 2, y, text, role, part)


@lru_cache(maxsize=8)
def draw_outlines(places: Diagram, strokes: Strokes) -> Canvas:
    """Draw the usual boxes without numbers; cached, as drawing them costs as much as all the rest."""
    canvas = Canvas(places.width, places.height, strokes)
    for name, box in places.boxes.items():
        if places.has_boxes:
            _draw_outline(canvas, places.network, name, box, "dim", "title")
    return canvas


def _draw_outline(canvas: Canvas, network: Network, name: str, box: Box, edge: str, title: str) -> None:
    edges, wide = canvas.strokes.edges, box.width - 2
    for y, corners in zip((box.y, box.bottom), canvas.strokes.corners, strict=True):
        canvas.text(box.x, y, f"{corners[0]}{edges.level * wide}{corners[1]}", edge, name)
    for y in range(box.y + 1, box.bottom):
        canvas.text(box.x, y, f"{edges.upright}{' ' * wide}{edges.upright}", edge, name)
    if name not in network.inputs:
        canvas.text(box.x, box.port, edges.from_left, edge, name)
    if name not in network.outputs:
        canvas.text(box.x + box.width - 1, box.port, edges.from_right, edge, name)
    if len(name) <= wide - 2:
        canvas.text(box.x + (wide - len(name)) // 2, box.y, f" {name} ", edge, name)
    canvas.text(box.x + 1 + (wide - len(name)) // 2, box.y, name, title, name)
