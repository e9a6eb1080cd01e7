"""The network as a picture: neurons with their values, weights as lines.

A weight's sign is its line's form, solid or dashed, beside its colour, and its size the line's thickness, so both can
be read without colours. Labels stand where there is room, the selected weight's first; a large network has it in its
heading.
"""

from math import isfinite

from bptui.core.network import Weight, delta
from bptui.frame import Frame
from bptui.text import fit, signed
from bptui.ui.canvas import Canvas
from bptui.ui.lines import Line
from bptui.ui.panel import Panel

_VALUE = 7  # columns that any number fits into
_BESIDE = 3 + _VALUE  # columns of a node whose name stands before its value
_LABEL = 8  # columns of a weight's label
_THICK = (0.5, 2.0)  # sizes of a weight from which its line is two and three dots thick
_SPARSE = 32  # weights up to which their lines can be told apart
_FLOW = {"forward": (" ▶", "▶"), "backward": (" ◀", "◀"), "": ("", "")}  # after the heading, at the end of a line
_PLACES = (0.5, 0.28, 0.72, 0.15, 0.85)  # where along a line its label may stand


class NetworkPanel(Panel[Frame]):
    """Inputs, hidden neurons and outputs from left to right."""

    def heading(self, frame: Frame) -> str:
        """See ``Panel.heading``."""
        drawn, there = len(_drawn(frame)), len(frame.network.weights)
        if frame.at_work:
            return f"network · {frame.at_work.phase or 'nothing calculated yet'}{_FLOW[frame.at_work.flow][0]}"
        if drawn == there:
            return "network"
        selected = [f"{_text(frame, w)} · " for w in frame.network.weights if w.name == frame.selected]
        return f"network · {''.join(selected)}{drawn} of {there} weights"

    def draw(self, frame: Frame, width: int, height: int) -> list[Line]:
        """See ``Panel.draw``."""
        return _Diagram(frame, width, height).lines()

    def focus_line(self, frame: Frame) -> int | None:
        """See ``Panel.focus_line``."""
        height, network = self.content_size.height, frame.network
        ends = {w.name: w.target for w in network.weights} | {"E": network.outputs[0]}
        part = ends.get(frame.selected, frame.selected).removeprefix("b_")
        return _Diagram(frame, self.content_size.width, height).nodes[part][1]


class _Diagram:
    """One drawing: where its nodes stand, and the canvas.

    A node is its name above its value where there are two rows for each, else both side by side.
    """

    def __init__(self, frame: Frame, width: int, height: int) -> None:
        network = frame.network
        columns = (network.inputs, network.hidden, network.outputs)
        most = max(map(len, columns))
        self.frame = frame
        self.tall = 2 * most <= height
        self.node = _VALUE if self.tall else _BESIDE
        self.roomy = height >= 5 * most
        self.at_work = frame.at_work.parts if frame.at_work else frozenset()
        self.backward = bool(frame.at_work and frame.at_work.flow == "backward")
        self.labels = most <= 3 and width >= 3 * self.node + 2 * _LABEL
        self.canvas = Canvas(width, max(height, most))
        self.nodes: dict[str, tuple[int, int]] = {}
        for column, names in enumerate(columns):
            x = column * (width - self.node) // 2
            rows = _rows(len(names), self.canvas.height - 1 - self.tall)
            self.nodes |= {name: (x, row) for name, row in zip(names, rows, strict=True)}

    def lines(self) -> list[Line]:
        """Draw lines, nodes over them, labels where there is room."""
        drawn = sorted(_drawn(self.frame), key=lambda w: w.name == self.frame.selected)
        for weight in drawn:
            self._edge(weight)
        for name, (x, y) in self.nodes.items():
            self._node(name, x, y)
        for weight in reversed(drawn):
            if self.labels or weight.name == self.frame.selected:
                self._label(weight)
        return self.canvas.lines()

    def _node(self, name: str, x: int, y: int) -> None:
        frame, at = self.frame, (x, y + 1) if self.tall else (x + 3, y)
        role = "selected" if name == frame.selected else "lit" if name in self.at_work else "title"
        self.canvas.text(x + (self.node - len(name)) // 2 if self.tall else x, y, name, role, name)
        value = frame.given[name] if name in frame.given else frame.values.get(name)
        shown = f"{'·':^{_VALUE}}" if value is None else fit(value, _VALUE, 4, digits=1)
        error = frame.values.get(delta(name))
        if error is not None and (self.roomy or self.backward):
            below = f"δ{fit(error, _VALUE - 1, 4, digits=1).strip():>{_VALUE - 1}}"
            if self.roomy:
                self.canvas.text(x, y + 2, below, frame.lit(delta(name)) or "label", name)
            else:
                self.canvas.text(*at, below, frame.lit(delta(name)), name)
                return
        self.canvas.text(*at, shown, frame.lit(name) or ("dim" if value is None else ""), name)

    def _ends(self, weight: Weight) -> tuple[int, int, int, int]:
        (x0, y0), (x1, y1) = self.nodes[weight.source], self.nodes[weight.target]
        if self.tall:  # beside a name that stands above its value there is room
            return x0 + self.node - 2, y0, x1, y1
        return x0 + self.node, y0, x1 - 1, y1

    def _edge(self, weight: Weight) -> None:
        value = float(self.frame.given[weight.name])
        x0, y0, x1, y1 = self._ends(weight)
        role = "negative" if value < 0 else "positive"
        if weight.name == self.frame.selected:
            role = "accent"
        elif weight.name in self.at_work:
            role = "lit"
        elif value == 0 or not isfinite(value):
            role = "dim" if value == 0 else "warning"
        thick = 1 + sum(abs(value) >= size for size in _THICK)
        dash = 0 if value > 0 else 3 if value < 0 else 1
        self.canvas.stroke((2 * x0, 4 * y0 + 2), (2 * x1 + 1, 4 * y1 + 2), role, weight.name, thick=thick, dash=dash)
        if weight.name in self.at_work and self.frame.at_work and (flow := self.frame.at_work.flow):
            at = (x1, y1) if flow == "forward" else (x0, y0)
            self.canvas.text(*at, _FLOW[flow][1], role, weight.name)

    def _label(self, weight: Weight) -> None:
        x0, y0, x1, y1 = self._ends(weight)
        text = _text(self.frame, weight)
        selected, level = weight.name == self.frame.selected, y0 == y1
        low, high = (x0, x1 + 1) if level else (self.nodes[weight.source][0] + self.node, self.nodes[weight.target][0])
        for place in _PLACES[0 if level else 1 :]:
            row = round(y0 + (y1 - y0) * place) - (level and y0 > 0 and self.roomy)
            left = min(max(round(x0 + (x1 - x0) * place - len(text) / 2), low), high - len(text))
            if self.canvas.is_free(left, row, len(text)):
                lit = "lit" if weight.name in self.at_work else "label"
                self.canvas.text(left, row, text, "selected" if selected else lit, weight.name)
                return


def _text(frame: Frame, weight: Weight) -> str:
    return f"{weight.name} {signed(frame.given[weight.name])}"


def _drawn(frame: Frame) -> list[Weight]:
    """The weights to draw: all of a small network, of a large one those of the selected part."""
    weights = frame.network.weights
    if len(weights) <= _SPARSE:
        return list(weights)
    ends = {w.target for w in weights if w.name == frame.selected} | {frame.selected}
    return [w for w in weights if w.source == frame.selected or w.target in ends]


def _rows(count: int, room: int) -> list[int]:
    """Rows for so many nodes in a column, spread over the room there is for their first lines."""
    if count == 1:
        return [room // 2]
    margin = max(0.35 * room / count - 1.0, 0.0)
    return [round(margin + i * (room - 2 * margin) / (count - 1)) for i in range(count)]
