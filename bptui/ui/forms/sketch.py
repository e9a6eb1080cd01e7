"""The network of an exercise, drawn as far as it is typed: nodes, weights under their names, and their numbers.

With several samples it has the numbers of the one with the cursor, or of the first.
"""

from textual.content import Content

from bptui.core.formulas.layers import Weight
from bptui.core.formulas.names import bias, of_sample, split_sample
from bptui.core.problem.layer_keys import HIDDEN_KEYS, SAME, activation_of
from bptui.exercise.draft import Draft, read_cell
from bptui.exercise.editor import Editor
from bptui.exercise.heading import FIELDS
from bptui.text.numbers import format_compact, format_signed, write_minus
from bptui.text.words import format_count
from bptui.ui.drawing.diagram import Box, Diagram, make_diagram, split_place
from bptui.ui.drawing.edges import EdgeLook, choose_look, draw_edges
from bptui.ui.drawing.labels import place_labels
from bptui.ui.drawing.lines import Line
from bptui.ui.drawing.strokes import BRAILLE, Strokes
from bptui.ui.widgets.panel import Panel

_MOST_EDGES = 32  # weights whose lines can be told apart
_UNKNOWN = "?"


class SketchPanel(Panel[Editor]):
    """The network drawn beside the form."""

    def __init__(self, strokes: Strokes = BRAILLE) -> None:
        super().__init__()
        self._strokes = strokes

    def heading(self, frame: Editor) -> str:
        """See ``Panel.heading``."""
        n = frame.draft.shape.network
        sizes = "-".join(map(str, (len(n.inputs), *(len(layer.neurons) for layer in n.layers))))
        counts = [sizes, format_count(len(n.weights), "weight")]
        if n.biases:
            counts.append(format_count(len(n.biases), "bias").replace("biass", "biases"))
        return " · ".join(counts)

    def footing(self, frame: Editor) -> Content:
        """See ``Panel.footing``."""
        network = frame.draft.shape.network
        part = split_sample(_find_cell(frame))[0] or network.inputs[0]
        return Content(f"only weights near {part} are drawn" if len(network.weights) > _MOST_EDGES else "")

    def draw(self, frame: Editor, width: int, height: int) -> list[Line]:
        """See ``Panel.draw``."""
        shape = frame.draft.shape
        places = make_diagram(shape.network, width, height)
        return _Sketch(frame, places, self._strokes).lines()


def _find_cell(editor: Editor) -> str:
    """Return the name of the cell with the cursor; empty if it is on another field."""
    return "" if editor.at in FIELDS else editor.draft.shape.names[editor.at]


class _Sketch:
    """One drawing."""

    def __init__(self, editor: Editor, places: Diagram, strokes: Strokes) -> None:
        self.draft, self.places = editor.draft, places
        self.network = places.network
        self.part, sample = split_sample(_find_cell(editor))
        self.sample = sample or min(self.draft.shape.samples - 1, 1)
        self.texts = {cell.name: self.draft.text_of(cell.key).strip() for cell in self.draft.shape.cells}
        self.drawn = self._list_drawn()
        ordered = sorted(self.drawn, key=lambda weight: weight.name == self.part)
        self.canvas = draw_edges(places, strokes, tuple(map(self._choose_look, ordered))).copy()

    def lines(self) -> list[Line]:
        """Draw nodes over the edges, and labels where there is room."""
        for name, box in self.places.boxes.items():
            self._draw_node(name, box)
        for first, box in self.places.headings.items():
            self.canvas.text(box.x, 0, split_place(first)[0], "label")
        self._draw_labels(self.drawn)
        return self.canvas.lines()

    def _choose_look(self, weight: Weight) -> EdgeLook:
        value = self._number(weight.name) or 0.0
        return choose_look(self.places, weight, value, selected=weight.name == self.part, works=False)

    def _list_drawn(self) -> list[Weight]:
        """Return the weights to draw: all where they can be told apart, else those near the cursor."""
        weights = self.network.weights
        if len(weights) <= _MOST_EDGES:
            return list(weights)
        part = self.part or self.network.inputs[0]
        ends = {end for w in weights if w.name == part for end in (w.source, w.target)}
        ends |= {part.removeprefix("b_"), part.replace("y", "o", 1)}
        return [w for w in weights if w.target in ends or w.source in ends & set(self.network.inputs)]

    def _number(self, name: str) -> float | None:
        """Return the number in a cell; None if it has none."""
        return read_cell(self.texts.get(name, ""))

    def _write(self, name: str, room: int) -> str:
        text, value = self.texts.get(name, ""), self._number(name)
        return _UNKNOWN if value is None else write_minus(text if len(text) <= room else format_compact(value, room))

    def _draw_labels(self, drawn: list[Weight]) -> None:
        found = dict(place_labels(self.places, tuple(drawn)))
        for weight in drawn:
            if weight.name == self.part and weight.name not in found:
                found |= place_labels(self.places, (weight,))
            if weight.name not in found:
                continue
            at, value = found[weight.name], self._number(weight.name)
            number = _UNKNOWN if value is None else write_minus(format_signed(value, self.places.label)).strip()
            role = "warning" if value is None else "negative" if value < 0 else "positive" if value > 0 else "label"
            role = "selected" if weight.name == self.part else role
            both = f"{weight.name} {number}"
            self.canvas.text(at.x, at.y, both if len(both) <= at.width else weight.name, role, weight.name)

    def _draw_node(self, name: str, box: Box) -> None:
        """Draw what is known of a node: an input's number; a neuron's activation, bias and target."""
        at = self.part in (name, bias(name), name.replace("o", "y", 1))
        rows = self._list_rows(name, max(box.width - 2, 1))
        if self.places.has_boxes:
            if at:
                self.canvas.text(box.x + 1 + (box.width - 2 - len(name)) // 2, box.y, name, "selected", name)
            for y, (text, role) in zip(range(box.y + 1, box.bottom), rows, strict=False):
                self.canvas.text(box.x + 1 + (box.width - 2 - len(text)) // 2, y, text, role, name)
            return
        label = split_place(name)[1] if self.places.form.headed else name
        self.canvas.text(box.x, box.port, label, "selected" if at else "title", name)
        number = self._write(of_sample(name, self.sample), 5) if name in self.network.inputs else ""
        self.canvas.text(box.x + len(label) + 1, box.port, number, "", name)

    def _list_rows(self, name: str, room: int) -> list[tuple[str, str]]:
        """Return the rows in a node's box, the most telling first; each with its role."""
        if name in self.network.inputs:
            return [(self._write(of_sample(name, self.sample), room), "")]
        rows = list[tuple[str, str]]()
        if bias(name) in self.network.biases:
            own = self.network.layer_of(name).neurons[0] if self.draft.shape.shared else name
            rows.append((f"b {self._write(bias(own), room - 2)}", "label"))
        if name in self.network.outputs:
            target = of_sample(f"y{name[1:]}", self.sample)
            rows.append((f"y {self._write(target, room - 2)}", ""))
        activation = _find_activation(self.draft, name)
        return [*rows, (activation, "dim")] if len(activation) <= room else rows


def _find_activation(draft: Draft, neuron: str) -> str:
    """Return the activation of a neuron's layer."""
    n = draft.shape.network
    key = draft.shape.layer_keys[n.layers.index(n.layer_of(neuron))]
    name = draft.heading[activation_of(key)]
    return draft.heading[activation_of(HIDDEN_KEYS[0])] if name == SAME else name
