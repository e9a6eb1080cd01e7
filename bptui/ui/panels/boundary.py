"""The decision boundary: an output over the plane of the two inputs, with the samples on it.

The picture is drawn with the state that the round starts from, so at a sample it shows what the forward pass gives.
Signs say all that colours say: a filled circle is a sample with the higher target, and a line is the boundary.
"""

from functools import lru_cache, partial
from textwrap import wrap
from typing import NamedTuple

import numpy as np
from rich.style import Style
from textual.content import Content

from bptui.core.engines.engine import Floats
from bptui.core.problem.spec import Spec
from bptui.core.quantities.input_plane import InputPlane, evaluate_outputs, find_plane
from bptui.derive.notations import format_label
from bptui.session.frame import Frame
from bptui.session.sides import OutputSides, describe_sides, find_sides
from bptui.text.numbers import format_significant
from bptui.ui.drawing.canvas import Canvas
from bptui.ui.drawing.heat import HALF_ROLE, LEVELS, STEPS, HeatScale, count_halves, draw_boundary, draw_heat, draw_ramp
from bptui.ui.drawing.lines import Line, Span, make_line
from bptui.ui.drawing.strokes import BRAILLE, Strokes
from bptui.ui.panels.sample_marks import HIGH, LOW, SHARED, draw_sample_marks
from bptui.ui.themes import make_diverging_colors
from bptui.ui.widgets.panel import Panel

_FEW_COLORS = (None, "standard", "windows")  # none, or sixteen, which cannot be mixed
_SENTENCE_ROWS = {True: 2, False: 3}  # by whether the panel is wide
_WIDE = 60  # columns
_DIGITS = 4  # of the numbers at axes and scale
_NO_BREAK = "\xa0=\xa0"
_ACROSS, _UP = "x1 →", "x2 ↑"


class _Layout(NamedTuple):
    """Where the picture is in its panel.

    Attributes:
        plane: The part of the plane that it shows.
        margin: Columns left of it.
        columns: Its columns.
        rows: Its rows.
        text_rows: Rows of the sentence below it.
    """

    plane: InputPlane
    margin: int
    columns: int
    rows: int
    text_rows: int

    @classmethod
    def of(cls, frame: Frame, width: int, height: int) -> "_Layout":
        """Return the layout for a panel's columns and rows."""
        plane, text_rows = _find_plane(frame.spec), _SENTENCE_ROWS[width >= _WIDE]
        margin = max(len(label) for label in (_UP, *map(_write, (plane.top, plane.bottom)))) + 1
        return cls(plane, margin, max(width - margin, 2), max(height - 2 - text_rows, 2), text_rows)

    def find_cells(self, frame: Frame) -> list[tuple[int, int]]:
        """Return the cell of each sample."""
        return [self.plane.find_cell(inputs, self.columns, self.rows) for inputs in frame.spec.inputs]


class BoundaryPanel(Panel[Frame]):
    """The picture of one output, its axes, its scale, and how many samples are on their targets' side."""

    def __init__(self, place: int, strokes: Strokes = BRAILLE) -> None:
        """Show an output.

        Args:
            place: Its place among the outputs, from 0.
            strokes: What to draw with.
        """
        super().__init__()
        self._place, self._strokes = place, strokes

    def heading(self, frame: Frame) -> str:
        """See ``Panel.heading``."""
        sides = _find_sides(frame)[self._place]
        count = len(frame.network.outputs)
        number = f" · {self._place + 1} of {count}" if count > 1 else ""
        return f"{format_label(sides.name)} over x1 and x2{number}"

    def footing(self, frame: Frame) -> Content:
        """Return what the signs mean; see ``Panel.footing``."""
        sides, layout = _find_sides(frame)[self._place], _Layout.of(frame, *self.content_size)
        words = [f"{HIGH} sample"]
        if sides.pair is not None:
            words = [f"{HIGH} target {_write(sides.pair.high)}, {LOW} {_write(sides.pair.low)}"]
        if len(set(layout.find_cells(frame))) < len(sides.values):
            words.append(f"{SHARED} several")
        return Content(" · ".join(words))

    def draw(self, frame: Frame, width: int, height: int) -> list[Line]:
        """See ``Panel.draw``."""
        colors = self.app.console.color_system not in _FEW_COLORS
        has_colors = colors and not (self.app.no_color or self.app.native_ansi_color)
        return self._draw_with(frame, width, height, count_halves(self._strokes, has_colors))

    def draw_plain(self, frame: Frame, width: int, height: int) -> list[Line]:
        """Return the panel's lines without colours, in shades or signs."""
        return self._draw_with(frame, width, height, 1)

    def to_text(self) -> str:
        """Return the picture in shades, which say more than half blocks where the colours are gone."""
        if self.frame is None:
            return super().to_text()
        lines = self.draw_plain(self.frame, *self.content_size)
        return "\n".join([self.heading(self.frame), *("".join(s.text for s in line).rstrip() for line in lines)]) + "\n"

    def _draw_with(self, frame: Frame, width: int, height: int, halves: int) -> list[Line]:
        sides, layout = _find_sides(frame)[self._place], _Layout.of(frame, width, height)
        plane, margin, columns, rows, text_rows = layout
        values = _evaluate(frame.spec, _start_of(frame), plane, columns, rows * halves)[sides.name]
        scale, canvas = HeatScale.of(values, sides.pair), Canvas(columns, rows, self._strokes)
        draw_sample_marks(canvas, frame, sides, layout.find_cells(frame))
        if sides.pair is not None:
            draw_boundary(canvas, values, sides.pair.boundary, "title")
        labels = {rows // 2: _UP, 0: _write(plane.top), rows - 1: _write(plane.bottom)}
        picture = [
            make_line(Span(f"{labels.get(y, ''):>{margin - 1}} ", "label"), *spans)
            for y, spans in enumerate(draw_heat(values, scale, canvas, halves))
        ]
        axis = make_line(Span(" " * margin + _write_axis(plane, columns), "label"))
        ramp = _draw_scale(scale, values, self._strokes, halves, margin, width)
        return [*picture, axis, ramp, *_write_sentence(sides, frame.digits, width, text_rows)]

    def is_plain(self, role: str) -> bool:
        """Whether a space looks the same in this role as in any other such role: beside half blocks it does not."""
        return super().is_plain(role) and not role.startswith(HALF_ROLE)

    def make_style(self, role: str) -> Style:
        """Return the style of a role in colours; that of half blocks is made of the colours of two levels."""
        if not role.startswith(HALF_ROLE):
            return super().make_style(role)
        colors = make_diverging_colors(self.background_colors[1], STEPS)
        front, back = (colors[int(level)].rich_color for level in role.removeprefix(HALF_ROLE).split("-"))
        return Style(color=front, bgcolor=back)


class StartPanel(Panel[Frame]):
    """One line: which weights the pictures are drawn with, and the loss that the round has with them."""

    def draw(self, frame: Frame, width: int, height: int) -> list[Line]:
        """See ``Panel.draw``."""
        some = " of the samples it uses" if frame.spec.period > 1 else ""
        loss = format_significant(frame.history.loss(frame.round), frame.digits)
        said = f"weights at the start of round {frame.round:,}"
        return [make_line(Span(f" {said} · "), Span(f"E{some} {loss}", "title"))]


def _start_of(frame: Frame) -> bytes:
    return frame.history.state(frame.round).tobytes()


def _find_sides(frame: Frame) -> tuple[OutputSides, ...]:
    return _find_sides_at(frame.spec, _start_of(frame))


@lru_cache(maxsize=2)  # all pictures of a round ask for the same, and each more than once
def _find_sides_at(spec: Spec, state: bytes) -> tuple[OutputSides, ...]:
    return find_sides(spec, _read_state(spec, state))


@lru_cache(maxsize=2)
def _evaluate(spec: Spec, state: bytes, plane: InputPlane, columns: int, rows: int) -> dict[str, Floats]:
    return evaluate_outputs(spec, _read_state(spec, state), *plane.make_grid(columns, rows))


def _read_state(spec: Spec, state: bytes) -> Floats:
    return np.frombuffer(state, spec.precision_of("numpy"))


_find_plane = lru_cache(maxsize=2)(find_plane)
_write = partial(format_significant, digits=_DIGITS)


def _write_axis(plane: InputPlane, columns: int) -> str:
    """Return the ends of x1, with its name between them."""
    left, right = _write(plane.left), _write(plane.right)
    return f"{left}{_ACROSS:^{max(columns - len(left) - len(right), 0)}}{right}"


def _draw_scale(scale: HeatScale, values: Floats, strokes: Strokes, halves: int, margin: int, width: int) -> Line:
    """Return which colours, or shades, stand for which values, and where there is room what the line is."""
    ramp = partial(draw_ramp, scale, strokes=strokes, halves=halves)
    spans = [Span(f"{_write(scale.low):>{margin - 1}} ", "label")]
    if scale.boundary is None:
        spans += ramp(range(STEPS, LEVELS))
        said = ["from the lowest value shown to the highest"]
    else:
        spans += [*ramp(range(STEPS)), Span(f" {_write(scale.boundary)} ", "label"), *ramp(range(STEPS + 1, LEVELS))]
        beyond = ((values < scale.low) | (values > scale.high)).any()
        line = "the line: halfway between the targets"
        said = [f"or beyond; {line}", "or beyond"] if beyond else [line]
    spans.append(Span(f" {_write(scale.high)}", "label"))
    room = width - sum(len(span.text) for span in spans) - 3
    fitting = next((words for words in said if len(words) <= room), "")
    return make_line(*spans, Span(f"   {fitting}", "label"))


def _write_sentence(sides: OutputSides, digits: int, width: int, rows: int) -> list[Line]:
    """Return what there is to say of the samples, in as many rows; words are left out where they do not fit."""
    whole = [sentence.replace(" = ", _NO_BREAK) for sentence in describe_sides(sides, digits)]
    wrapped = [wrap(sentence, max(width - 2, 1)) for sentence in whole]
    lines = next((lines for lines in wrapped if len(lines) <= rows), wrapped[-1])[:rows]
    return [make_line(f" {line.replace(_NO_BREAK, ' = ')}") for line in lines] + [make_line()] * (rows - len(lines))
