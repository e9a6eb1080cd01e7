"""The forward pass as a table: weighted inputs, outputs by both engines, targets, and the loss with its floor.

Each number has a column for the mark of a printed value, in all rounds, so that no number ever jumps. The name has one
for whether the output changed in the last step.
"""

from collections.abc import Mapping
from functools import lru_cache
from math import inf

from textual.content import Content

from bptui.core.formulas.names import delta, split_sample, weighted_input
from bptui.core.formulas.network import Network
from bptui.core.quantities.parts import find_part
from bptui.derive.notations import format_label
from bptui.session.frame import Frame
from bptui.text.aligned import ColumnLayout, format_aligned
from bptui.text.words import join_words
from bptui.ui.drawing.lines import (
    DIFFERENCE_WIDTH,
    Line,
    Span,
    make_change_cell,
    make_difference_cells,
    make_head_cell,
    make_line,
    make_mark_cell,
    make_number_cell,
)
from bptui.ui.panels.samples import describe_shown, draw_samples
from bptui.ui.widgets.panel import Panel

_COLUMNS = ("input", "numpy", "torch", "|Δ|", "target", "delta")
_WHOLE = {"input": 3}  # columns before the point; 2 in other columns
_MOST_ROWS = 4  # samples for which there is to be room
_ALWAYS = ("input", "numpy", "torch", "target")


class ForwardPanel(Panel[Frame]):
    """A line for each neuron, then the loss."""

    def heading(self, frame: Frame) -> str:
        """See ``Panel.heading``."""
        return f"forward · {describe_shown(frame)}{frame.spec.loss}"

    def draw(self, frame: Frame, width: int, height: int) -> list[Line]:
        """See ``Panel.draw``."""
        names = _name_width(frame.network)
        shown = _columns(width - names - 1, frame.digits)
        heads = "".join(
            f"{c:>{DIFFERENCE_WIDTH - 1}}  " if c == "|Δ|" else make_head_cell(c, _width(c, p))
            for c, p in shown.items()
        )
        lines = [make_line(Span(f"{'':{names + 1}}{heads}", "label"))]
        lines += [_row(frame, neuron, names, shown) for neuron in (*frame.network.neurons, "E")]
        lines.append(_floor_line(frame))
        if not frame.samples:
            return lines + _printed_lines(frame, height - len(lines))
        table = draw_samples(frame, width)
        if not frame.sample:
            return [*table, lines[-2], lines[-1]]
        return [
            *lines,
            *(table if len(lines) + len(table) <= height else []),
            *_printed_lines(frame, height - len(lines) - len(table)),
        ]

    def rows_wanted(self, frame: Frame) -> int:
        """Return the rows of the head, the neurons, E, its floor, and some samples; see ``Panel.rows_wanted``."""
        return 3 + len(frame.network.neurons) + bool(frame.samples) + min(len(frame.samples), _MOST_ROWS)

    def footing(self, frame: Frame) -> Content:
        """Return which columns and decimals do not fit; see ``Panel.footing``."""
        shown = _columns(self.content_size.width - _name_width(frame.network) - 1, frame.digits)
        missing = [column for column in _ALWAYS if column not in shown]
        decimals = sorted({shown[column].decimals for column in ("input", "numpy") if column in shown})
        few = decimals and decimals[0] < frame.digits
        words = [f"no room for {join_words(missing)}"] if missing else []
        words += [f"to {join_words([str(count) for count in decimals])} decimals"] if few else []
        return Content(" · ".join(words))

    def focus_line(self, frame: Frame) -> int | None:
        """See ``Panel.focus_line``."""
        neurons = (*frame.network.neurons, "E")
        if frame.selected == "E":
            return len(neurons) + 1  # the floor, below it
        return 1 + neurons.index(frame.selected) if frame.selected in neurons else None


def _name_width(network: Network) -> int:
    """Return the columns of the longest name of a neuron."""
    return max(map(len, network.neurons))


@lru_cache(maxsize=16)
def _columns(width: int, digits: int) -> Mapping[str, ColumnLayout]:
    """Return the columns that fit, and their widths; optional ones appear only where there is room."""
    full, few = ColumnLayout.for_digits(digits).decimals, max(digits, 5)
    everything = dict.fromkeys(_COLUMNS, full) | {"target": digits}
    least = {"input": 4, "numpy": few, "torch": few, "target": 4}
    choices = (
        everything,
        {column: full for column in _COLUMNS if column != "delta"} | {"target": digits},
        least,
        least | {"input": 3, "target": 3},
        {"input": few, "numpy": few, "target": 4},
        {"input": few, "numpy": few},
        {"numpy": few, "target": 4},
    )
    found = dict(next((choice for choice in choices if _total_width(choice) <= width), least))
    for goal in (few, full):  # the rest of the room goes to digits, first where there are fewest
        for column in ("input", "numpy", "target"):
            same = [c for c in found if c == column or (column == "numpy" and c == "torch")]
            while same and found[same[0]] < goal and _total_width(found) + len(same) <= width:
                found |= {c: found[c] + 1 for c in same}
    return {column: ColumnLayout(_WHOLE.get(column, 2), decimals) for column, decimals in found.items()}


def _total_width(decimals: Mapping[str, int]) -> int:
    return sum(_width(column, ColumnLayout(_WHOLE.get(column, 2), count)) for column, count in decimals.items())


def _width(column: str, places: ColumnLayout) -> int:
    """Return the columns that a column takes, with the mark behind its numbers."""
    return DIFFERENCE_WIDTH + 1 if column == "|Δ|" else places.width + (column != "target")


def _row(frame: Frame, neuron: str, width: int, shown: Mapping[str, ColumnLayout]) -> Line:
    z = weighted_input(neuron)
    name = Span(f"{neuron:<{width}}", "selected" if neuron == frame.selected else "title", neuron)
    spans = [name, make_change_cell(frame.change(neuron) or frame.change(z), neuron)]
    for column, places in shown.items():
        spans += _cells(frame, neuron, column, places)
    return make_line(*spans)


def _cells(frame: Frame, neuron: str, column: str, places: ColumnLayout) -> list[Span]:
    """Return a neuron's number in a column, and the mark of a printed value; E lacks some."""
    network, values = frame.network, frame.values
    quantity = {"input": weighted_input(neuron), "delta": delta(neuron)}.get(column, neuron)
    if column == "|Δ|":
        return [*make_difference_cells(frame.difference_of(neuron), neuron), Span(" ", "", neuron)]
    if column == "target":
        targets = dict(zip(network.outputs, network.targets, strict=True))
        value = frame.given.get(targets[neuron]) if neuron in targets else None
        return [Span(" " * places.width if value is None else _format_given(value, places, frame.digits), "", neuron)]
    if neuron == "E" and quantity != neuron:
        return [Span(" " * (places.width + 1), "", neuron)]
    value = frame.second.get(neuron) if column == "torch" else values.get(quantity)
    role = "" if column == "torch" else frame.role_of(quantity)
    mark = frame.mark(quantity) if quantity != neuron else frame.mark(neuron, column)
    return [make_number_cell(value, places, frame.digits, neuron, role), make_mark_cell(mark, neuron)]


def _format_given(value: float, places: ColumnLayout, digits: int) -> str:
    """Return a given number, without trailing zeros."""
    text = format_aligned(value, places, digits).rstrip()
    return (text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text).ljust(places.width)


def _printed_lines(frame: Frame, rows: int) -> list[Line]:
    """Return the printed values of the forward pass in the rows left; wrong ones first if they do not all fit."""
    forward = {"E", *frame.network.neurons, *map(weighted_input, frame.network.neurons)}
    named = [(mark, *split_sample(mark.quantity)) for mark in frame.marks.values()]
    found = [mark for mark, name, sample in named if name in forward and sample in (0, frame.sample)]
    if not found or rows < 3:
        return []
    room = rows - 2
    if len(found) > room:
        found = sorted(found, key=lambda mark: mark.agrees is not False)[:room]
    lines = [make_line(), make_line(Span("printed", "label"))]
    wide = max(6, *(len(format_label(mark.quantity)) for mark in found))
    for mark in found:
        part = find_part(frame.network, mark.quantity)
        lines.append(
            make_line(
                Span(f"{format_label(mark.quantity):<{wide}} {mark.printed} ", "", part), make_mark_cell(mark, part)
            )
        )
    return lines


def _floor_line(frame: Frame) -> Line:
    if frame.left_finite is not None and frame.left_finite <= frame.round:
        return make_line(Span(f"left the finite numbers in round {frame.left_finite:,}", "warning"))
    if frame.floor == inf:
        return make_line(Span("the loss of these targets overflows", "warning"))
    if frame.floor == -inf:
        return make_line(Span("no floor, as far as outputs can go", "label"))
    floor = f"{frame.floor:.6g}, whatever the weights" if frame.floor else "0"
    what = (
        "floor"
        if not frame.samples
        else "floor, a bound,"
        if frame.spec.period == 1
        else "floor over all samples, a bound,"
    )
    return make_line(Span(f"{what} {floor}", "label"))
