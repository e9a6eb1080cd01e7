"""The network as a diagram: neurons as boxes with their numbers, weights as lines between them.

Labels appear where there is room, the selected weight's first. A large network draws
only the weights of the selected part, and has the selected weight in its heading.
"""

from functools import lru_cache

from textual.content import Content

from bptui.core.formulas.layers import Weight
from bptui.core.formulas.names import bias, delta, weighted_input
from bptui.core.formulas.network import Network
from bptui.session.frame import Frame
from bptui.text.numbers import format_compact, format_signed
from bptui.ui.drawing.canvas import Canvas
from bptui.ui.drawing.diagram import FULL_FORM, SMALL_FORM, Box, Diagram, make_diagram, split_place
from bptui.ui.drawing.edges import draw_edge
from bptui.ui.drawing.labels import place_labels
from bptui.ui.drawing.lines import Line
from bptui.ui.drawing.strokes import BRAILLE, Strokes
from bptui.ui.widgets.panel import Panel

_SPARSE = 32  # most weights whose lines can be told apart
_OPEN = 6  # columns between nodes from which on half as many can in each of several gaps
_EDGE = 4  # columns of the panel's edge that its heading cannot fill
_LABELLED = 8  # most weights that all have room for a label
_WORDS = {"in": "in", "out": "out", "delta": "δ"}  # words before the numbers in a wide box
_WORD_COLUMNS = 6  # columns of a word and the space on both sides
NOT_CALCULATED = "·"  # a number that is not calculated yet


class NetworkPanel(Panel[Frame]):
    """Inputs, hidden neurons and outputs from left to right."""

    def __init__(self, strokes: Strokes = BRAILLE) -> None:
        super().__init__()
        self._strokes = strokes

    def heading(self, frame: Frame) -> str:
        """See ``Panel.heading``."""
        if frame.last_step:
            flow = f" {self._strokes.arrows[frame.last_step.flow]}" if frame.last_step.flow else ""
            return f"network · {frame.last_step.phase or 'nothing calculated yet'}{flow}"
        width, places = self.content_size.width, make_diagram(frame.network, *self.content_size)
        drawn, of = len(_weights_to_draw(frame, places)), len(frame.network.weights)
        sample = [f"sample {frame.sample}"] if frame.sample else ["all samples"] if frame.samples else []
        start, counts = [*sample, *_name_selected(frame, places)], [f"{drawn} of {of} weights", f"{drawn}/{of} weights"]
        if drawn == of:
            return " · ".join(["network", *start])
        texts = [" · ".join([*name, *start, count]) for name in (["network"], []) for count in (*counts, counts[1][:-8])]
        return next((text for text in texts if len(text) <= width - _EDGE), texts[-1]) if width else texts[0]

    def footing(self, frame: Frame) -> Content:
        """Return that numbers are short where names are; see ``Panel.footing``."""
        return Content("to 3 decimals" if make_diagram(frame.network, *self.content_size).form.headed else "")

    def draw(self, frame: Frame, width: int, height: int) -> list[Line]:
        """See ``Panel.draw``."""
        return _Drawing(frame, make_diagram(frame.network, width, height), self._strokes).lines()

    def focus_line(self, frame: Frame) -> int | None:
        """See ``Panel.focus_line``."""
        network = frame.network
        ends = {w.name: w.target for w in network.weights} | {"E": network.outputs[0]}
        part = ends.get(frame.selected, frame.selected).removeprefix("b_")
        return make_diagram(network, *self.content_size).boxes[part].port


class _Drawing:
    """One drawing: a frame's numbers in the layout of its network's diagram."""

    def __init__(self, frame: Frame, places: Diagram, strokes: Strokes) -> None:
        self.frame, self.places, self.strokes = frame, places, strokes
        self.at_work = frame.last_step.parts if frame.last_step else frozenset()
        self.flow = frame.last_step.flow if frame.last_step else ""
        self.deltas = self._list_deltas()
        self.drawn = _weights_to_draw(frame, places)
        self.canvas = _draw_outlines(places, strokes).copy()

    def lines(self) -> list[Line]:
        """Draw edges, nodes over them, and labels where there is room."""
        drawn = sorted(self.drawn, key=lambda w: (w.name in self.at_work, w.name == self.frame.selected))
        for weight in drawn:
            self._draw_edge(weight)
        for name, box in self.places.boxes.items():
            if self.places.has_boxes:
                self._draw_box(name, box)
                if name not in self.frame.network.inputs:
                    self._draw_below(name, box)
            else:
                self._draw_entry(name, box)
        self._draw_headings()
        self._draw_labels(drawn)
        return self.canvas.lines()

    # Nodes

    def _role(self, part: str, otherwise: str) -> str:
        return "selected" if part == self.frame.selected else "lit" if part in self.at_work else otherwise

    def _number(self, name: str) -> tuple[float | None, str]:
        """Return a number and its role."""
        frame = self.frame
        value = frame.given[name] if name in frame.given else frame.values.get(name)
        return value, frame.role_of(name) or ("dim" if value is None else "")

    def _draw_entry(self, name: str, box: Box) -> None:
        """Draw a node without a box: its name, then its value, its selected bias, or in the backward pass its delta."""
        frame, canvas, own, form = self.frame, self.canvas, bias(name), self.places.form
        back = "" if form.headed else "δ"  # which is in the heading
        shown, sign = (own, "b") if own == frame.selected else (delta(name), back) if name in self.deltas else (name, "")
        value, role = self._number(shown)
        start, y, title = form.beside, box.port, self._role(name, "title")
        width = box.width - start
        text = (NOT_CALCULATED if value is None else sign + format_compact(value, width - len(sign))).rjust(width)
        if form.headed:
            text = text if len(text) <= width else text.removeprefix(sign)
        elif start:
            start -= len(text) == width + 1  # drop the space rather than move the number
        x = max(min(box.x, self.places.width - start - len(text)), 0)
        if start or not form.headed:
            label = split_place(name)[1] if form.headed else name
            canvas.text(x, box.y, label.ljust(form.beside - 1), title, name)
        elif title != "title":
            role = title
        canvas.text(x + start, y, text, "selected" if shown == own else role, own if shown == own else name)
        if self.places.stubs:
            edges = self.strokes.edges
            canvas.text(box.x - 1, box.y, edges.from_left * (name not in frame.network.inputs), "dim", name)
            canvas.text(box.x + box.width, box.y, edges.from_right * (name not in frame.network.outputs), "dim", name)

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
        role = self._role(name, "title")
        if role != "title":
            edge = "accent" if role == "selected" else "flow"
            _draw_outline(self.canvas, self.frame.network, self.strokes, name, box, edge, role)
        for y, kind in enumerate(
            ("out",) if name in self.frame.network.inputs else self.places.form.contents, box.y + 1
        ):
            self._draw_row(name, kind, box, y)

    def _draw_row(self, name: str, kind: str, box: Box, y: int) -> None:
        """Draw a number in a box; in a wide one after a word."""
        value, role = self._number({"in": weighted_input(name), "out": name, "delta": delta(name)}[kind])
        wide, decimals = box.width - 2, min(self.frame.digits, 15)
        is_worded = self.places.form is FULL_FORM and name not in self.frame.network.inputs
        if is_worded:
            self.canvas.text(box.x + 2, y, _WORDS[kind], "dim", name)
            text = (NOT_CALCULATED if value is None else format_compact(value, wide - _WORD_COLUMNS, decimals)).rjust(
                wide - _WORD_COLUMNS
            )
            self.canvas.text(box.x + box.width - 2 - len(text), y, text, role, name)
            return
        sign = ("δ " if wide > _WORD_COLUMNS + _WORD_COLUMNS // 2 else "δ") * (kind == "delta")
        room = min(wide, decimals + 3) - len(sign)
        text = (
            NOT_CALCULATED.center(wide)
            if value is None
            else f"{sign}{format_compact(value, room, decimals):>{room}}".center(wide)
        )
        self.canvas.text(box.x + 1 - (len(text) > wide), y, text, role or (sign and "label"), name)

    def _draw_below(self, name: str, box: Box) -> None:
        """Draw bias and target below a box; on a small one's edge the bias, or in the backward pass the delta."""
        frame, own, y = self.frame, bias(name), box.bottom
        wide = min(box.width - 3, frame.digits + 3)
        has_bias = own in frame.network.biases
        error, role = self._number(delta(name))
        if self.places.form is SMALL_FORM:
            if error is not None and self.flow == "backward" and own != frame.selected:
                self._draw_centred(box, y, f"δ{format_compact(error, wide, frame.digits)}", role or "label", name)
            elif has_bias:
                self._draw_centred(
                    box, y, f"b{format_compact(frame.given[own], wide, frame.digits)}", self._role(own, "label"), own
                )
            return
        if has_bias:
            y += 1
            self._draw_centred(box, box.bottom, self.strokes.edges.from_below, self._role(own, "dim"), own)
            self._draw_centred(
                box, y, f"b {format_signed(frame.given[own], self.places.label)}", self._role(own, "label"), own
            )
        if self.places.form is FULL_FORM and name in frame.network.outputs:
            target = f"y{name[1:]}"
            if target in frame.given:  # not where all samples are shown at once
                text = f"{target} {format_compact(frame.given[target], 9, frame.digits)}"
                self._draw_centred(box, y + 1, text, "label", name)

    def _draw_centred(self, box: Box, y: int, text: str, role: str, part: str) -> None:
        self.canvas.text(box.x + (box.width - len(text) + 1) // 2, y, text, role, part)

    # Weights

    def _draw_edge(self, weight: Weight) -> None:
        value, name = float(self.frame.given[weight.name]), weight.name
        selected, works = name == self.frame.selected, name in self.at_work
        draw_edge(self.canvas, self.places, weight, value, selected=selected, works=works, flow=self.flow)

    def _draw_labels(self, drawn: list[Weight]) -> None:
        frame, places = self.frame, self.places
        found = dict(place_labels(places, tuple(sorted(drawn, key=frame.network.weights.index))))
        for weight in drawn:
            selected = weight.name == frame.selected
            if selected and weight.name not in found:
                found |= place_labels(places, (weight,))
            if weight.name in found:
                at, value = found[weight.name], float(frame.given[weight.name])
                sign = "negative" if value < 0 else "positive" if value > 0 else "label"
                number = format_signed(value, places.label)
                text = f"{weight.name} {number}"
                text = text if len(text) <= at.width else f"{weight.name}{number}"
                self.canvas.text(at.x, at.y, text, self._role(weight.name, sign), weight.name)


def _weights_to_draw(frame: Frame, places: Diagram) -> list[Weight]:
    """Return the weights to draw: all where they can be told apart, otherwise those of the selected part."""
    network, weights = frame.network, frame.network.weights
    wide = places.gap >= _OPEN and max(map(len, network.gaps)) <= _SPARSE // 2
    if len(weights) <= _SPARSE or (wide and len(network.layers) > 2):
        return list(weights)
    part = frame.selected.removeprefix(bias(""))
    ends = {w.target for w in weights if w.name == part} | {part}
    return [w for w in weights if w.source == part or w.target in ends]


def _name_selected(frame: Frame, places: Diagram) -> list[str]:
    """Return the selected part and its number if the diagram may have no room for them."""
    part, given = frame.selected, frame.given
    if part in {w.name for w in frame.network.weights}:
        return [f"{part} {format_signed(given[part])}"] if len(frame.network.weights) > _LABELLED else []
    value = given[part] if part in given else frame.values.get(part)
    return [f"{part} {format_compact(value, 6)}"] if places.form.headed and value is not None else []


@lru_cache(maxsize=8)
def _draw_outlines(places: Diagram, strokes: Strokes) -> Canvas:
    """Draw the usual boxes without numbers; cached, as drawing them costs as much as all the rest."""
    canvas = Canvas(places.width, places.height, strokes)
    for name, box in places.boxes.items():
        if places.has_boxes:
            _draw_outline(canvas, places.network, strokes, name, box, "dim", "title")
    return canvas


def _draw_outline(
    canvas: Canvas, network: Network, strokes: Strokes, name: str, box: Box, edge: str, title: str
) -> None:
    edges, wide = strokes.edges, box.width - 2
    for y, corners in zip((box.y, box.bottom), strokes.corners, strict=True):
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
