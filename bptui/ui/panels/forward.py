"""The forward pass as a table: weighted inputs, outputs, deltas, torch's outputs, targets, and the loss with its floor.

Each number has a column for the mark of a printed value, in all rounds, so that no number ever jumps. The name has one
for whether the output changed in the last step. Torch's numbers are those at NumPy's weights, unless its own run is
shown.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from math import inf

from textual.content import Content

from bptui.core.formulas.names import delta, split_sample, weighted_input
from bptui.core.formulas.network import Network
from bptui.core.problem.spec import Spec
from bptui.core.quantities.parts import find_part
from bptui.derive.notations import format_label
from bptui.session.frame import Frame
from bptui.text.aligned import ColumnLayout
from bptui.text.numbers import format_significant
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

_COLUMNS = ("input", "numpy", "δ", "torch", "|Δ|", "target")
_WHOLE = {"input": 3}  # columns before the point; 2 in other columns
_LEAST_OF_INPUT, _LEAST_OF_DELTA = 3, 7  # decimals; a column that cannot have them is left out
_MOST_ROWS = 4  # samples for which there is to be room
_SAID = ("input", "numpy", "δ", "torch", "target")  # columns that the lower edge names where there is no room


class ForwardPanel(Panel[Frame]):
    """A line for each neuron, then the loss."""

    def heading(self, frame: Frame) -> str:
        """See ``Panel.heading``."""
        own = "torch's own run · " if frame.own_run else ""
        return f"forward · {own}{describe_shown(frame)}{frame.spec.loss}"

    def draw(self, frame: Frame, width: int, height: int) -> list[Line]:
        """See ``Panel.draw``."""
        names, shown = _choose_columns(frame, width)
        heads = "".join(_head(frame, column, places) for column, places in shown.items())
        lines = [make_line(Span(f"{'':{names + 1}}{heads}", "label"))]
        lines += [_row(frame, neuron, names, shown) for neuron in (*frame.network.neurons, "E")]
        lines.append(_floor_line(frame, width))
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
        _, shown = _choose_columns(frame, self.content_size.width)
        missing = [_name(frame, column) for column in _SAID if column not in shown]
        cut = [column for column in ("input", "numpy", "δ") if column in shown]
        cut = [f"{column} to {shown[column].decimals}" for column in cut if shown[column].decimals < frame.digits]
        words = [f"hidden: {join_words(missing)}"] if missing else []
        words += [f"{join_words(cut)} decimals"] if cut else []
        is_scrolled = self.line_count > self.content_size.height  # and the edge says of which lines
        return Content(" · ".join(words[-1:] if is_scrolled else words))

    def focus_line(self, frame: Frame) -> int | None:
        """See ``Panel.focus_line``."""
        neurons = (*frame.network.neurons, "E")
        if frame.selected == "E":
            return len(neurons) + 1  # the floor, below it
        return 1 + neurons.index(frame.selected) if frame.selected in neurons else None


def _name_width(network: Network) -> int:
    """Return the columns of the longest name of a neuron."""
    return max(map(len, network.neurons))


def _choose_columns(frame: Frame, width: int) -> tuple[int, Mapping[str, ColumnLayout]]:
    """Return the width of the names, and the columns that fit with their widths."""
    names = _name_width(frame.network)
    places = _measure_targets(frame.spec, frame.digits)
    return names, _columns(width - names - 1, frame.digits, places, frame.own_run)


@lru_cache(maxsize=16)
def _measure_targets(spec: Spec, digits: int) -> ColumnLayout:
    """Return the places that the targets of all samples take, which are the same in every round."""
    texts = [format_significant(target, digits) for row in spec.targets for target in row]
    parts = [text.partition(".") for text in texts]
    whole = max(len(before) for before, _, _ in parts)
    return ColumnLayout(whole, max(len(after) for _, _, after in parts))


@lru_cache(maxsize=16)
def _columns(width: int, digits: int, targets: ColumnLayout, own_run: bool) -> Mapping[str, ColumnLayout]:
    """Return the columns that fit, the least needed dropped first, and their widths."""
    shown: dict[str, ColumnLayout] = {}
    for column, decimals in _list_wishes(digits, own_run):
        places = targets if column == "target" else ColumnLayout(_WHOLE.get(column, 2), decimals)
        if column == "target" and column in shown:  # room for its whole name
            places = places._replace(whole=places.whole + max(len(column) - _width(column, places), 0))
        elif column in shown and places.decimals <= shown[column].decimals:
            continue
        wanted = {**shown, column: places}
        if column in ("numpy", "torch") and "torch" in wanted:  # whose numbers are compared
            wanted |= dict.fromkeys(("numpy", "torch"), places)
        if not shown or sum(_width(one, its) for one, its in wanted.items()) <= width:
            shown = wanted
    return {column: shown[column] for column in _COLUMNS if column in shown}


def _list_wishes(digits: int, own_run: bool) -> Iterator[tuple[str, int]]:
    """Yield columns with the decimals that they are to have, the most needed first, each again with more decimals."""
    full, few = ColumnLayout.for_digits(digits).decimals, max(digits, 5)
    yield "numpy", few
    if own_run:
        yield "torch", few
    yield from (("δ", few + 1), ("δ", min(few + 1, _LEAST_OF_DELTA)), ("target", 0), ("input", _LEAST_OF_INPUT))
    yield from (("δ", decimals) for decimals in range(few + 2, full))
    yield "target", 0
    yield from (("input", decimals) for decimals in range(_LEAST_OF_INPUT + 1, few + 1))
    yield from (("torch", few), ("|Δ|", 0))
    for column, first in (("δ", full), ("numpy", few + 1), ("input", few + 1)):
        yield from ((column, decimals) for decimals in range(first, full + 1))


def _width(column: str, places: ColumnLayout) -> int:
    """Return the columns that a column takes, with the mark or the space behind its numbers."""
    if column == "|Δ|":
        return DIFFERENCE_WIDTH + 1
    if column == "target":
        return places.whole + bool(places.decimals) + places.decimals
    return places.width + 1


def _name(frame: Frame, column: str) -> str:
    return "own run" if column == "torch" and frame.own_run else column


def _head(frame: Frame, column: str, places: ColumnLayout) -> str:
    width, name = _width(column, places), _name(frame, column)
    if column == "|Δ|":
        return f"{name:>{width - 2}}  "
    if column == "target":
        return f"{name if width >= len(name) else 'y':>{width}}"
    return make_head_cell(name, width)


def _row(frame: Frame, neuron: str, width: int, shown: Mapping[str, ColumnLayout]) -> Line:
    name = Span(f"{neuron:<{width}}", "selected" if neuron == frame.selected else "", neuron)
    changed = frame.change(neuron) or frame.change(weighted_input(neuron)) or frame.change(delta(neuron))
    spans = [name, make_change_cell(changed, neuron)]
    for column, places in shown.items():
        spans += _cells(frame, neuron, column, places)
    return make_line(*spans)


def _cells(frame: Frame, neuron: str, column: str, places: ColumnLayout) -> list[Span]:
    """Return a neuron's number in a column, and the mark of a printed value; E lacks some."""
    quantity = {"input": weighted_input(neuron), "δ": delta(neuron)}.get(column, neuron)
    if column == "|Δ|":
        return [*make_difference_cells(frame.difference_of(neuron), neuron), Span(" ", "", neuron)]
    if column == "target":
        return [Span(_target_cell(frame, neuron, places), "", neuron)]
    if neuron == "E" and quantity != neuron:
        return [Span(" " * (places.width + 1), "", neuron)]
    if column == "torch":  # printed values are compared with its own run
        mark = frame.mark(neuron, "torch") if frame.own_run else None
        cell = make_number_cell(frame.second.get(neuron), places, frame.digits, neuron, "second")
        return [cell, make_mark_cell(mark, neuron)]
    role = frame.role_of(quantity) or ("title" if neuron in ("E", frame.selected) else "")
    cell = make_number_cell(frame.values.get(quantity), places, frame.digits, neuron, role)
    return [cell, make_mark_cell(frame.mark(quantity, "numpy"), neuron)]


def _target_cell(frame: Frame, neuron: str, places: ColumnLayout) -> str:
    """Return an output's target, its point below those of the others."""
    width, targets = _width("target", places), dict(zip(frame.network.outputs, frame.network.targets, strict=True))
    if targets.get(neuron) not in frame.given:
        return " " * width
    given = frame.spec.targets[max(frame.sample, 1) - 1][frame.network.outputs.index(neuron)]
    before, point, after = format_significant(given, frame.digits).partition(".")
    return f"{before:>{places.whole}}{point}{after:<{places.decimals}}".rjust(width)


def _printed_lines(frame: Frame, rows: int) -> list[Line]:
    """Return the printed values of the forward pass in the rows left; wrong ones first if they do not all fit."""
    neurons = frame.network.neurons
    forward = {"E", *neurons, *map(weighted_input, neurons), *map(delta, neurons)}
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
        number = Span(f"{format_label(mark.quantity):<{wide}} {mark.printed} ", "", part)
        beside = [Span(" by torch", "label", part)] if mark.beside == "torch" else []
        lines.append(make_line(number, make_mark_cell(mark, part), *beside))
    return lines


def _floor_line(frame: Frame, width: int) -> Line:
    if frame.left_finite is not None and frame.left_finite <= frame.round:
        return make_line(Span(f"first non-finite number in round {frame.left_finite:,}", "warning"))
    if frame.floor == inf:
        return make_line(Span("the loss of these targets overflows", "warning"))
    if frame.floor == -inf:
        return make_line(Span("no lower bound for the loss", "label"))
    floor = f"{'≥ ' if frame.samples else ''}{frame.floor:.6g}"
    which = " over all samples" if frame.spec.period > 1 else ""
    full = f"lowest possible loss{which} {floor}"
    return make_line(Span(full if len(full) <= width else f"floor{which} {floor}", "label"))
