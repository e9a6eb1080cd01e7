"""The network as a diagram: neurons as boxes with their numbers, weights as lines between them.

Labels appear where there is room, without their numbers where there is little. A large network draws only the weights
of the selected part. A selected weight without a number in the diagram has it in the heading.
"""

from collections.abc import Mapping

from textual.content import Content

from bptui.core.formulas.layers import Weight
from bptui.core.formulas.names import bias
from bptui.session.frame import Frame
from bptui.text.numbers import format_compact, format_signed, write_minus
from bptui.ui.drawing.diagram import Diagram, make_diagram
from bptui.ui.drawing.edges import EdgeLook, choose_look, draw_arrow, draw_edges
from bptui.ui.drawing.labels import PlacedLabel, place_labels
from bptui.ui.drawing.lines import Line
from bptui.ui.drawing.nodes import Nodes, choose_role, list_parts_at_work
from bptui.ui.drawing.strokes import BRAILLE, Strokes
from bptui.ui.widgets.panel import Panel

_SPARSE = 32  # most weights whose lines can be told apart
_OPEN = 6  # columns between nodes from which on half as many can in each of several gaps
_EDGE = 4  # columns of the panel's edge that its heading cannot fill


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
        texts = [
            " · ".join([*name, *start, count]) for name in (["network"], []) for count in (*counts, counts[1][:-8])
        ]
        return next((text for text in texts if len(text) <= width - _EDGE), texts[-1]) if width else texts[0]

    def footing(self, frame: Frame) -> Content:
        """Return that numbers are short where names are; see ``Panel.footing``."""
        form = make_diagram(frame.network, *self.content_size).form
        return Content(f"{form.min_width - form.beside - 2} decimals" if form.headed else "")

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
        self.frame, self.places, self.at_work = frame, places, list_parts_at_work(frame)
        drawn = _weights_to_draw(frame, places)
        self.drawn = sorted(drawn, key=lambda w: (w.name in self.at_work, w.name == frame.selected))
        self.looks = tuple(map(self._choose_look, self.drawn))
        self.canvas = draw_edges(places, strokes, self.looks).copy()

    def lines(self) -> list[Line]:
        """Draw nodes over the edges, and labels where there is room."""
        if self.frame.last_step and (flow := self.frame.last_step.flow):
            for look in self.looks:
                if look.weight.name in self.at_work:
                    draw_arrow(self.canvas, self.places, look, flow)
        Nodes(self.canvas, self.frame, self.places).draw()
        self._draw_labels(self.drawn)
        return self.canvas.lines()

    def _choose_look(self, weight: Weight) -> EdgeLook:
        value, name = float(self.frame.given[weight.name]), weight.name
        return choose_look(self.places, weight, value, selected=name == self.frame.selected, works=name in self.at_work)

    def _draw_labels(self, drawn: list[Weight]) -> None:
        frame, places = self.frame, self.places
        found = dict(_place_all_labels(frame, places, drawn))
        for weight in drawn:
            selected = weight.name == frame.selected
            if selected and weight.name not in found:
                found |= place_labels(places, (weight,))
            if weight.name in found:
                at, value = found[weight.name], float(frame.given[weight.name])
                sign = "negative" if value < 0 else "positive" if value > 0 else "label"
                number = write_minus(format_signed(value, places.label))
                texts = (f"{weight.name} {number}", f"{weight.name}{number}", weight.name)
                text = next(text for text in texts if len(text) <= at.width or text == weight.name)
                self.canvas.text(at.x, at.y, text, choose_role(frame, weight.name, sign), weight.name)


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
        label = _place_all_labels(frame, places, _weights_to_draw(frame, places)).get(part)
        has_number = label is not None and label.width > len(part)
        return [] if has_number else [f"{part} {write_minus(format_signed(given[part]))}"]
    value = given[part] if part in given else frame.values.get(part)
    return [f"{part} {write_minus(format_compact(value, 6))}"] if places.form.headed and value is not None else []


def _place_all_labels(frame: Frame, places: Diagram, drawn: list[Weight]) -> Mapping[str, PlacedLabel]:
    """Return the places of the labels of the weights that are drawn, as far as they have any."""
    return place_labels(places, tuple(sorted(drawn, key=frame.network.weights.index)))
