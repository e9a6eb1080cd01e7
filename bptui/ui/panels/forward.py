"""The forward pass as a table: weighted inputs, outputs by both engines, targets, and the loss with its floor.

Behind each number is a column for the mark of a printed figure, in all rounds, so that no number ever jumps.
"""

from math import inf

from bptui.core.network import weighted_input
from bptui.forms import label
from bptui.frame import Frame
from bptui.parts import part_of
from bptui.text import fit
from bptui.ui.lines import Line, Span, line, mark_cell, number_cell
from bptui.ui.panel import Panel


class ForwardPanel(Panel[Frame]):
    """A line a neuron, then the loss."""

    def heading(self, frame: Frame) -> str:
        """See ``Panel.heading``."""
        return f"forward · {frame.spec.loss}"

    def draw(self, frame: Frame, width: int, height: int) -> list[Line]:
        """See ``Panel.draw``."""
        cell = min(max((width - 11) // 3, 1), 12)
        heads = "".join(f"{head:>{cell - 1}} " for head in ("input", "numpy", "torch"))
        lines = [line(Span(f"   {heads}{'target':>8}", "label"))]
        lines += [_row(frame, neuron, cell) for neuron in (*frame.network.neurons, "E")]
        lines.append(_floor_line(frame))
        return lines + _printed(frame, height - len(lines))

    def focus_line(self, frame: Frame) -> int | None:
        """See ``Panel.focus_line``."""
        neurons = (*frame.network.neurons, "E")
        if frame.selected == "E":
            return len(neurons) + 1  # the floor, below it
        return 1 + neurons.index(frame.selected) if frame.selected in neurons else None


def _row(frame: Frame, neuron: str, cell: int) -> Line:
    targets = dict(zip(frame.network.outputs, frame.network.targets, strict=True))
    target = fit(frame.given[targets[neuron]], 7, 4) if neuron in targets else ""
    z = weighted_input(neuron)
    numbers = (
        (frame.values.get(z), frame.lit(z), frame.mark(z)),
        (frame.values.get(neuron), frame.lit(neuron), frame.mark(neuron, "numpy")),
        (frame.second.get(neuron), "", frame.mark(neuron, "torch")),
    )
    cells = [Span(f"{neuron:<3}", "selected" if neuron == frame.selected else "title", neuron)]
    for place, (value, role, mark) in enumerate(numbers):
        if neuron == "E" and not place:
            cells.append(Span(" " * cell, "", neuron))
        else:
            cells += [number_cell(value, cell - 1, neuron, role, before=""), mark_cell(mark, neuron)]
    return line(*cells, f"{target:>8}")


def _printed(frame: Frame, rows: int) -> list[Line]:
    """The figures of the forward pass with their digits, in the room left; wrong ones first where it is short."""
    forward = {"E", *frame.network.neurons, *map(weighted_input, frame.network.neurons)}
    found = [mark for mark in frame.marks.values() if mark.quantity in forward]
    if not found or rows < 3:
        return []
    room = rows - 2
    if len(found) > room:
        found = sorted(found, key=lambda mark: mark.agrees is not False)[:room]
    lines = [line(), line(Span("printed", "label"))]
    for mark in found:
        part = part_of(frame.network, mark.quantity)
        lines.append(line(Span(f"{label(mark.quantity):<6} {mark.printed} ", "", part), mark_cell(mark, part)))
    return lines


def _floor_line(frame: Frame) -> Line:
    if frame.left_finite is not None and frame.left_finite <= frame.round:
        return line(Span(f"left the finite numbers in round {frame.left_finite:,}", "warning"))
    if frame.floor == inf:
        return line(Span("the loss of these targets overflows", "warning"))
    if frame.floor == -inf:
        return line(Span("no floor: the loss can fall for ever", "label"))
    floor = f"{frame.floor:.6g}, whatever the weights" if frame.floor else "0"
    return line(Span(f"floor {floor}", "label"))
