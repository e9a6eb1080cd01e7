"""The network as a picture: neurons with their values, weights as lines.

A weight's sign is its line's form, solid or dashed, beside its colour, and its size the line's thickness, so both can
be read without colours. Labels stand where there is room; the selected weight always has one.
"""

from math import isfinite

from bptui.core.network import Weight
from bptui.frame import Frame
from bptui.text import fit, signed
from bptui.ui.canvas import Canvas
from bptui.ui.lines import Line
from bptui.ui.panel import Panel

_NODE = 6  # columns of a node's value
_THICK = (0.5, 2.0)  # sizes of a weight from which its line is two and three dots thick
_SPARSE = 32  # weights up to which their lines can be told apart
_PLACES = (0.5, 0.28, 0.72, 0.15, 0.85)  # where along a line its label may stand


class NetworkPanel(Panel):
    """Inputs, hidden neurons and outputs from left to right."""

    def heading(self, frame: Frame) -> str:
        """See ``Panel.heading``."""
        drawn, there = len(_drawn(frame)), len(frame.network.weights)
        return "network" if drawn == there else f"network · {drawn} of {there} weights"

    def draw(self, frame: Frame, width: int, height: int) -> list[Line]:
        """See ``Panel.draw``."""
        network = frame.network
        columns = (network.inputs, network.hidden, network.outputs)
        height = max(height, *map(len, columns))
        tall = all(2 * len(names) <= height for names in columns)
        canvas = Canvas(width, height)
        nodes: dict[str, tuple[int, int]] = {}
        for column, names in enumerate(columns):
            x = column * (width - _NODE) // 2
            nodes |= {name: (x, row) for name, row in zip(names, _rows(len(names), height - 1 - tall), strict=True)}
        wide = max(map(len, columns)) <= 3 and width >= 3 * _NODE + 2 * 8
        for weight in sorted(_drawn(frame), key=lambda w: w.name == frame.selected):
            _edge(canvas, frame, weight, nodes, tall)
        for name, (x, y) in nodes.items():
            _node(canvas, frame, name, x, y, tall)
        labelled = sorted(network.weights, key=lambda w: w.name != frame.selected)
        for weight in labelled if wide else [w for w in labelled if w.name == frame.selected]:
            _label(canvas, frame, weight, nodes, tall)
        return canvas.lines()


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


def _node(canvas: Canvas, frame: Frame, name: str, x: int, y: int, tall: bool) -> None:
    role = "selected" if name == frame.selected else "title"
    value = frame.given[name] if name in frame.given else frame.values[name]
    if tall:
        canvas.text(x, y, name.center(_NODE), role, name)
        canvas.text(x, y + 1, fit(value, _NODE, 4, digits=1), "", name)
    else:
        canvas.text(x, y, f"{name}{fit(value, _NODE - 2, 2, digits=1)}", role, name)


def _ends(weight: Weight, nodes: dict[str, tuple[int, int]], tall: bool) -> tuple[int, int, int, int]:
    (x0, y0), (x1, y1) = nodes[weight.source], nodes[weight.target]
    beside = 0 if tall else 2  # a name above its value leaves the line room on both sides
    return x0 + _NODE - 2 + beside, y0, x1 + 1 - beside, y1


def _edge(canvas: Canvas, frame: Frame, weight: Weight, nodes: dict[str, tuple[int, int]], tall: bool) -> None:
    value = float(frame.given[weight.name])
    x0, y0, x1, y1 = _ends(weight, nodes, tall)
    role = "negative" if value < 0 else "positive"
    if weight.name == frame.selected:
        role = "accent"
    if value == 0 or not isfinite(value):
        role = "dim" if value == 0 else "warning"
    thick = 1 + sum(abs(value) >= size for size in _THICK)
    dash = 0 if value > 0 else 2 if value == 0 else 3
    canvas.stroke((2 * x0, 4 * y0 + 2), (2 * x1 + 1, 4 * y1 + 2), role, thick, dash)


def _label(canvas: Canvas, frame: Frame, weight: Weight, nodes: dict[str, tuple[int, int]], tall: bool) -> None:
    x0, y0, x1, y1 = _ends(weight, nodes, tall)
    text = f"{weight.name} {signed(frame.given[weight.name])}"
    role = "selected" if weight.name == frame.selected else "label"
    roomy = canvas.height >= 5 * frame.network.q
    for place in _PLACES[0 if y0 == y1 else 1 :]:
        row = round(y0 + (y1 - y0) * place) - (y0 == y1 and y0 > 0 and roomy)
        left = round(x0 + (x1 - x0) * place - len(text) / 2)
        low, high = (x0, x1 + 1) if y0 == y1 else (nodes[weight.source][0] + _NODE, nodes[weight.target][0])
        left = min(max(left, low), high - len(text))
        if canvas.is_free(left, row, len(text)):
            canvas.text(left, row, text, role, weight.name)
            return
