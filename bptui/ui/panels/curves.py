"""The losses of several runs as overlaid curves, with axes, letters at their ends and a cursor.

``bptui.ui.drawing.plots.plot`` draws each curve and the axes.
"""

from itertools import chain
from math import isfinite

from textual.content import Content

from bptui.compare.curves import Axis, Bin
from bptui.compare.view import View
from bptui.text.numbers import format_significant
from bptui.text.words import format_count
from bptui.ui.drawing.canvas import Canvas
from bptui.ui.drawing.lines import CURVE_ROLES, Line, Span, make_line
from bptui.ui.drawing.plots.plot import (
    DASHES,
    LEFT_COLUMNS,
    RIGHT_COLUMNS,
    draw_curve,
    make_loss_axis,
    make_loss_labels,
    make_round_axis,
)
from bptui.ui.drawing.strokes import BRAILLE, Strokes
from bptui.ui.widgets.panel import Panel

_DIGITS = 4


class CurvesPanel(Panel[View]):
    """The plot; below it the rounds, above it the losses at the cursor."""

    def __init__(self, strokes: Strokes = BRAILLE) -> None:
        super().__init__()
        self._strokes = strokes

    def heading(self, frame: View) -> str:
        """See ``Panel.heading``."""
        measure = "half squared error of each run" if frame.common else "each run's own loss"
        axes = [name for name, log in (("loss", frame.log_loss), ("rounds", frame.log_rounds)) if log]
        return f"{measure} · log axes: {', '.join(axes)}" if axes else measure

    def footing(self, frame: View) -> Content:
        """See ``Panel.footing``."""
        if not frame.has_gaps:
            return Content()
        return Content(f"× no finite loss{', or not above 0 (log axis)' if frame.log_loss else ''}")

    def draw(self, frame: View, width: int, height: int) -> list[Line]:
        """See ``Panel.draw``."""
        room, rows = max(width - LEFT_COLUMNS - RIGHT_COLUMNS, 4), max(height - 2, 2)
        drawn = frame.bin_curves(2 * room)
        if not any(isfinite(end.low) for end in chain.from_iterable(drawn.values())):
            return [_losses_at_cursor(frame, width), make_line(Span(_describe_empty(frame), "dim"))]
        losses = make_loss_axis(list(chain.from_iterable(drawn.values())), frame.log_loss)
        canvas = Canvas(room + RIGHT_COLUMNS, rows, self._strokes)
        _draw_cursor(canvas, frame, room)
        for place, found in drawn.items():
            draw_curve(
                canvas,
                found,
                losses,
                room,
                CURVE_ROLES[place % len(CURVE_ROLES)],
                str(place),
                thick=1 + (place == frame.at),
                dashes=place // len(CURVE_ROLES) % len(DASHES),
            )
        _draw_letters(canvas, frame, drawn, losses, room)
        margin = make_loss_labels(losses, rows)
        body = [make_line(Span(label, "label"), *spans) for label, spans in zip(margin, canvas.lines(), strict=True)]
        return [_losses_at_cursor(frame, width), *body, make_round_axis(frame.axis, room)]


def _describe_empty(frame: View) -> str:
    """Return why there is no curve, and so no axis."""
    if len(frame.hidden) == len(frame.trainings):
        return "all runs are hidden"
    return "no finite loss to draw" if frame.curves else "the curves appear with the first numbers"


def find_round_at(view: View, column: int, width: int) -> float:
    """Return the round at a column of a panel of a given width."""
    room = max(width - LEFT_COLUMNS - RIGHT_COLUMNS, 4)
    return view.axis.value(min(max((column - LEFT_COLUMNS + 0.5) / room, 0.0), 1.0))


def _draw_cursor(canvas: Canvas, frame: View, room: int) -> None:
    x = round(frame.axis.place(frame.cursor) * (2 * room - 1))
    canvas.stroke((x, 0), (x, 4 * canvas.height - 1), "dim", dash=(1, 1))


def _draw_letters(canvas: Canvas, frame: View, drawn: dict[int, list[Bin]], losses: Axis, room: int) -> None:
    """Draw each curve's letter at the height of its end, the lowest first, or in the nearest free row."""
    ends = {place: stretch for place, found in drawn.items() for stretch in found if isfinite(stretch.low)}
    for place, end in sorted(ends.items(), key=lambda one: one[1].low):
        wanted = round((1.0 - losses.place(end.low)) * (canvas.height - 1))
        at = min(end.x * room + 1, float(room))
        rows = sorted(range(canvas.height), key=lambda row: abs(row - wanted))
        text = frame.rows[place].letter
        row = next((row for row in rows if canvas.is_free(int(at), row, len(text))), wanted)
        canvas.text(int(at), row, text, CURVE_ROLES[place % len(CURVE_ROLES)], str(place))


def _losses_at_cursor(frame: View, width: int) -> Line:
    """Return the losses at the cursor."""
    if frame.notice:
        return make_line(Span(frame.notice[:width], "warning"))
    spans = [Span(f"round {frame.cursor:,} ", "title")]
    for place, row in enumerate(frame.rows):
        loss = frame.loss_at_cursor(place)
        if loss is not None:
            text = f" {row.letter} {format_significant(loss, _DIGITS)} "
            if sum(len(span.text) for span in spans) + len(text) > width:
                break
            spans.append(Span(text, CURVE_ROLES[place % len(CURVE_ROLES)], str(place)))
    waiting = len(frame.trainings) - len(frame.curves)
    return make_line(*spans, Span(f" training {format_count(waiting, 'run')} …" if waiting else "", "dim"))
