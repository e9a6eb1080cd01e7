"""The decision boundary: an output over the plane of the two inputs, with the samples on it.

The picture is drawn with the state that the round starts from, so at a sample it shows what the forward pass gives.
Signs say all that colours say: a filled circle is a sample with the higher target, and a line is the boundary.
"""

from collections.abc import Sequence
from functools import lru_cache, partial
from itertools import groupby
from textwrap import wrap

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
from bptui.ui.drawing.heat import HALF_ROLE, STEPS, HeatScale, count_halves, draw_boundary, draw_heat, draw_ramp
from bptui.ui.drawing.lines import Line, Span, make_line
from bptui.ui.drawing.strokes import ASCII, BRAILLE, Strokes
from bptui.ui.themes import make_diverging_colors
from bptui.ui.widgets.panel import Panel

_SENTENCE_ROWS = {True: 2, False: 3}  # by whether the panel is wide
_WIDE = 60  # columns
_DIGITS = 4  # of the numbers at axes and scale
_HIGH, _LOW, _SHARED = "●", "○", "+"


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
        number = f" · output {self._place + 1} of {len(frame.network.outputs)}" if len(frame.network.outputs) > 1 else ""
        return f"{format_label(sides.name)} over x1 and x2{number}"

    def footing(self, frame: Frame) -> Content:
        """Return what the signs mean; see ``Panel.footing``."""
        sides = _find_sides(frame)[self._place]
        if sides.pair is None:
            return Content(f"{_HIGH} sample")
        low, high = (format_significant(target, _DIGITS) for target in sides.pair)
        return Content(f"{_HIGH} target {high} · {_LOW} target {low}")

    def draw(self, frame: Frame, width: int, height: int) -> list[Line]:
        """See ``Panel.draw``."""
        return self._draw_with(frame, width, height, count_halves(self._strokes, self._has_colors()))

    def to_text(self) -> str:
        """Return the picture in shades, which say more than half blocks where the colours are gone."""
        if self.frame is None:
            return super().to_text()
        lines = self._draw_with(self.frame, *self.content_size, 1)
        return "\n".join([self.heading(self.frame), *("".join(s.text for s in line).rstrip() for line in lines)]) + "\n"

    def _has_colors(self) -> bool:
        """Whether there are colours that can be mixed: a terminal's own sixteen cannot."""
        return not (self.app.no_color or self.app.native_ansi_color)

    def _draw_with(self, frame: Frame, width: int, height: int, halves: int) -> list[Line]:
        sides, plane = _find_sides(frame)[self._place], _find_plane(frame.spec)
        rows_of_text = _SENTENCE_ROWS[width >= _WIDE]
        margin = max(len(_write(end)) for end in (plane.top, plane.bottom, plane.left)) + 1
        columns, rows = max(width - margin, 2), max(height - 2 - rows_of_text, 2)
        values = _evaluate(frame.spec, _start_of(frame), plane, columns, rows * halves)[sides.name]
        scale, canvas = HeatScale.of(values, sides.pair), Canvas(columns, rows, self._strokes)
        if sides.pair is not None:
            draw_boundary(canvas, values, sides.pair.boundary, "title")
        _draw_samples(canvas, frame, sides, plane)
        labels = {0: _write(plane.top), rows // 2: "x2↑", rows - 1: _write(plane.bottom)}
        picture = [
            make_line(Span(f"{labels.get(y, ''):>{margin - 1}} ", "label"), *spans)
            for y, spans in enumerate(draw_heat(values, scale, canvas, halves))
        ]
        axis = make_line(Span(" " * margin + _write_axis(plane, columns), "label"))
        ramp = _draw_scale(scale, self._strokes, halves, margin)
        return [*picture, axis, ramp, *_write_sentence(sides, frame.digits, width, rows_of_text)]

    def _style(self, role: str) -> Style:
        """Return the style of a role; that of half blocks is made of the colours of two levels."""
        if not role.startswith(HALF_ROLE):
            return super()._style(role)
        if role not in self._styles:
            colors = make_diverging_colors(self.background_colors[1], STEPS)
            front, back = (colors[int(level)].rich_color for level in role.removeprefix(HALF_ROLE).split("-"))
            self._styles[role] = Style(color=front, bgcolor=back)
        return self._styles[role]


class StartPanel(Panel[Frame]):
    """One line: which weights the pictures are drawn with, and the loss that the round has with them."""

    def draw(self, frame: Frame, width: int, height: int) -> list[Line]:
        """See ``Panel.draw``."""
        some = " of the samples it uses" if frame.spec.period > 1 else ""
        loss = format_significant(frame.history.loss(frame.round), frame.digits)
        said = f"the weights that round {frame.round:,} starts from"
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
    left, right, name = _write(plane.left), _write(plane.right), "x1 →"
    return f"{left}{name:^{max(columns - len(left) - len(right), 0)}}{right}"


def _draw_scale(scale: HeatScale, strokes: Strokes, halves: int, margin: int) -> Line:
    """Return which colours, or shades, stand for which values."""
    ramp = partial(draw_ramp, scale, strokes=strokes, halves=halves)
    low, high = _write(scale.low), _write(scale.high)
    if scale.boundary is None:
        return make_line(Span(f"{low:>{margin - 1}} ", "label"), *ramp(range(STEPS, 2 * STEPS + 1)), Span(f" {high}", "label"))
    return make_line(
        Span(f"{f'≤{low}':>{margin - 1}} ", "label"),
        *ramp(range(STEPS)),
        Span(f" {_write(scale.boundary)} ", "label"),
        *ramp(range(STEPS + 1, 2 * STEPS + 1)),
        Span(f" ≥{high}", "label"),
    )


def _write_sentence(sides: OutputSides, digits: int, width: int, rows: int) -> list[Line]:
    """Return what there is to say of the samples, in as many rows; words are left out where they do not fit."""
    wrapped = [wrap(sentence, width) for sentence in describe_sides(sides, digits)]
    lines = next((lines for lines in wrapped if len(lines) <= rows), wrapped[-1])[:rows]
    return [make_line(Span(line)) for line in lines] + [make_line()] * (rows - len(lines))


def _draw_samples(canvas: Canvas, frame: Frame, sides: OutputSides, plane: InputPlane) -> None:
    """Draw each sample's sign, and its number beside it; those that share a cell have one sign."""
    cells = [plane.find_cell(*inputs, canvas.width, canvas.height) for inputs in frame.spec.inputs]
    numbered = sorted(enumerate(cells, 1), key=lambda one: (one[1], one[0]))
    found = [(cell, [number for number, _ in same]) for cell, same in groupby(numbered, key=lambda one: one[1])]
    for (x, y), numbers in found:
        canvas.text(x, y, _choose_sign(sides, numbers, canvas.strokes), *_mark(frame, numbers))
    for (x, y), numbers in found:
        if len(cells) > 1:
            _write_numbers(canvas, x, y, ",".join(map(str, numbers)), *_mark(frame, numbers))


def _mark(frame: Frame, numbers: Sequence[int]) -> tuple[str, str]:
    """Return the role of a sample, and what a click on it selects."""
    chosen = frame.sample if frame.sample in numbers else numbers[0]
    role = "selected" if frame.sample in numbers else "title"
    return role, f"E_s{chosen}" if frame.samples else ""


def _choose_sign(sides: OutputSides, numbers: Sequence[int], strokes: Strokes) -> str:
    if len(numbers) > 1:
        return _SHARED
    pair = sides.pair
    is_high = pair is None or sides.targets[numbers[0] - 1] == pair.high
    high, low = ("*", "o") if strokes is ASCII else (_HIGH, _LOW)
    return high if is_high else low


def _write_numbers(canvas: Canvas, x: int, y: int, text: str, role: str, part: str) -> None:
    """Write the numbers of samples beside their sign, in the first place that is free."""
    middle = x - len(text) // 2
    places = ((x + 1, y), (x - len(text), y), (middle, y - 1), (middle, y + 1))
    free = next((place for place in places if canvas.is_free(*place, len(text))), None)
    if free is not None:
        canvas.text(*free, text, role, part)
