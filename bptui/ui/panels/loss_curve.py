"""The loss of all rounds so far as a curve with axes, for a loss panel with room for it.

Like the columns of the smaller panel, a place of the curve is the highest finite loss of a stretch of rounds.
"""

from math import isnan

from bptui.compare.curves import Axis, Stretch
from bptui.session.frame import Frame
from bptui.ui.canvas import Canvas
from bptui.ui.lines import CURVES, Line, Span, line
from bptui.ui.panels.loss import head, is_log
from bptui.ui.plot import LEFT, RIGHT, draw_curve, loss_axis, loss_labels, rounds
from bptui.ui.strokes import Strokes


def picture(frame: Frame, width: int, height: int, strokes: Strokes) -> list[Line]:
    """The curve with its axes, a line at the round shown, and one at the floor."""
    room, rows = width - LEFT - RIGHT, height - 2
    edges, highest = frame.history.stretches(frame.furthest, room)
    log_scale = is_log(frame, highest)
    axis = Axis(1.0, max(float(frame.furthest), 2.0))
    found = [Stretch(axis.place(at), e, e, not isnan(e)) for at, e in zip(edges[:-1], highest, strict=True)]
    losses = loss_axis(found, log_scale)
    canvas, high = Canvas(room + RIGHT, rows, strokes), 4 * rows - 1
    x = round(axis.place(frame.round) * (2 * room - 1))
    canvas.stroke((x, 0), (x, high), "dim", dash=(1, 1))
    if losses.low <= frame.floor <= losses.high and frame.floor > 0:
        y = round((1.0 - losses.place(frame.floor)) * high)
        canvas.stroke((0, y), (2 * room - 1, y), "accent", dash=(4, 4))
        canvas.text(room - 5, max(y // 4 - 1, 0), "floor", "label")
    draw_curve(canvas, found, losses, room, CURVES[0], thick=2)
    labels = loss_labels(losses, rows)
    body = [line(Span(label, "label"), *spans) for label, spans in zip(labels, canvas.lines(), strict=True)]
    return [*head(frame, log_scale, width), *body, rounds(axis, room)]
