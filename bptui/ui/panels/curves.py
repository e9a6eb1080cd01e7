"""The losses of several trainings as curves over each other, with axes, letters at their ends and a cursor.

Where a curve has no place, a loss that is no finite number or not above
0 on a logarithmic axis, it has a gap, and a mark stands at the lower edge.
"""

from itertools import chain
from math import isfinite

from textual.content import Content

from bptui.compare import View
from bptui.curves import Axis, Stretch, strokes
from bptui.text import significant
from bptui.ui.canvas import Canvas
from bptui.ui.lines import CURVES, Line, Span, line
from bptui.ui.panel import Panel
from bptui.ui.strokes import BRAILLE, Strokes

LEFT = 9  # columns of the loss axis, its line included
_RIGHT = 3  # columns for letters
_DIGITS = 4


class CurvesPanel(Panel[View]):
    """The picture; below it the rounds, above it the losses at the cursor."""

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
        return Content(f"× no finite loss{', or none above 0 for a log axis' if frame.log_loss else ''}")

    def draw(self, frame: View, width: int, height: int) -> list[Line]:
        """See ``Panel.draw``."""
        room, rows = max(width - LEFT - _RIGHT, 4), max(height - 2, 2)
        drawn = frame.drawn(2 * room)
        losses = _loss_axis(list(chain.from_iterable(drawn.values())), frame.log_loss)
        canvas = Canvas(room + _RIGHT, rows, self._strokes)
        _draw_cursor(canvas, frame, room)
        for place, found in drawn.items():
            _draw_curve(canvas, found, losses, room, place, thick=1 + (place == frame.at))
        _draw_letters(canvas, frame, drawn, losses, room)
        margin = _loss_labels(losses, rows)
        body = [line(Span(label, "label"), *spans) for label, spans in zip(margin, canvas.lines(), strict=True)]
        return [_told(frame, width), *body, _rounds(frame.axis, room)]


def round_at(view: View, column: int, width: int) -> float:
    """The round at a column of a panel so many columns wide."""
    room = max(width - LEFT - _RIGHT, 4)
    return view.axis.value(min(max((column - LEFT + 0.5) / room, 0.0), 1.0))


def _loss_axis(found: list[Stretch], log: bool) -> Axis:
    return Axis.around([end for stretch in found for end in (stretch.low, stretch.high)], log)


def _draw_curve(canvas: Canvas, found: list[Stretch], losses: Axis, room: int, place: int, thick: int) -> None:
    role, part = CURVES[place % len(CURVES)], str(place)
    wide, high = 2 * room - 1, 4 * canvas.height - 1
    for x0, y0, x1, y1 in strokes(found, losses):
        ends = ((x0 * wide, (1.0 - y0) * high), (x1 * wide, (1.0 - y1) * high))
        canvas.stroke(*ends, role, part, thick=thick)
    for stretch in found:
        if not stretch.whole:
            canvas.text(int(stretch.x * room), canvas.height - 1, "×", "warning", part)


def _draw_cursor(canvas: Canvas, frame: View, room: int) -> None:
    x = round(frame.axis.place(frame.cursor) * (2 * room - 1))
    canvas.stroke((x, 0), (x, 4 * canvas.height - 1), "dim", dash=(1, 1))


def _draw_letters(canvas: Canvas, frame: View, drawn: dict[int, list[Stretch]], losses: Axis, room: int) -> None:
    """Each curve's letter at the height of its end, the lowest first: where a place is taken, the next one free."""
    ends = {place: stretch for place, found in drawn.items() for stretch in found if isfinite(stretch.low)}
    for place, end in sorted(ends.items(), key=lambda one: one[1].low):
        wanted = round((1.0 - losses.place(end.low)) * (canvas.height - 1))
        at = min(end.x * room + 1, float(room))
        rows = sorted(range(canvas.height), key=lambda row: abs(row - wanted))
        text = frame.rows[place].letter
        row = next((row for row in rows if canvas.is_free(int(at), row, len(text))), wanted)
        canvas.text(int(at), row, text, CURVES[place % len(CURVES)], str(place))


def _loss_labels(losses: Axis, rows: int) -> list[str]:
    """The loss axis: a label where a tick is, row by row."""
    labels = [f"{'':{LEFT - 1}}│"] * rows
    for tick in losses.ticks(max(rows // 2, 2)):
        place = losses.place(tick)
        if -0.01 <= place <= 1.01:
            row = min(max(round((1.0 - place) * (rows - 1)), 0), rows - 1)
            labels[row] = f"{_short(tick):>{LEFT - 1}}┤"
    return labels


def _short(tick: float) -> str:
    return f"{tick:.3g}".replace("e+0", "e").replace("e-0", "e-").replace("e+", "e").replace("-", "−")


def _rounds(axis: Axis, room: int) -> Line:
    """The axis of rounds: labels where there is room for them."""
    cells = [" "] * (room + _RIGHT)
    free = 0
    for tick in axis.ticks(max(room // 10, 2)):
        label, at = f"{tick:,.0f}", round(axis.place(tick) * (room - 1))
        start = min(max(at - len(label) // 2, 0), len(cells) - len(label))
        if tick == int(tick) and start >= free and start >= 0:
            cells[start : start + len(label)] = label
            free = start + len(label) + 1
    return line(Span(f"{'round':>{LEFT - 1}} {''.join(cells)}", "label"))


def _told(frame: View, width: int) -> Line:
    """The losses at the cursor."""
    if frame.notice:
        return line(Span(frame.notice[:width], "warning"))
    spans = [Span(f"round {frame.cursor:,} ", "title")]
    for place, row in enumerate(frame.rows):
        loss = frame.at_cursor(place)
        if loss is not None:
            text = f" {row.letter} {significant(loss, _DIGITS)} "
            if sum(len(span.text) for span in spans) + len(text) > width:
                break
            spans.append(Span(text, CURVES[place % len(CURVES)], str(place)))
    waiting = len(frame.trainings) - len(frame.curves)
    return line(*spans, Span(f" training {waiting} …" if waiting else "", "dim"))
