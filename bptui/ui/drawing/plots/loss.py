"""The plot of the loss panel: the curve over logarithmic rounds, the lowest possible loss, and the round shown.

The modules that it draws with are loaded at the first plot: a start at 80 columns needs none.
"""

from math import isfinite, isnan
from typing import TYPE_CHECKING, NamedTuple

from bptui.session.frame import Frame
from bptui.ui.drawing.lines import CURVE_ROLES, Line, Span, make_line
from bptui.ui.drawing.strokes import Strokes

if TYPE_CHECKING:
    from bptui.ui.drawing.canvas import Canvas

_LEFT, _NARROW_LEFT = 9, 8  # columns of the axis of losses
_NARROW = 40  # columns below which it has the fewer
_NEAR = 1000.0  # times the lowest possible loss: where losses come as near, a logarithmic axis goes down to it
_POINT = "●"


class RoundAxis(NamedTuple):
    """Which columns and rows of a panel stand for which rounds.

    Attributes:
        left: The first column.
        top: The first row.
        columns: The number of columns.
        rows: The number of rows.
        last: The last round.
        starts: The first round of each column; empty where the columns are a logarithmic axis.
    """

    left: int
    top: int
    columns: int
    rows: int
    last: int
    starts: tuple[int, ...] = ()

    def find_round(self, column: int, row: int) -> int | None:
        """Return the round at a cell; None beside the plot."""
        place = column - self.left
        if not (self.top <= row < self.top + self.rows and 0 <= place < self.columns):
            return None
        if place == self.columns - 1:  # the end stands for the last round
            return self.last
        return self.starts[place] if self.starts else round(float(self.last) ** ((place + 0.5) / self.columns))


def draw_loss_plot(
    frame: Frame, width: int, height: int, log_scale: bool, top: int, strokes: Strokes
) -> tuple[list[Line], RoundAxis]:
    """Draw the curve with its axes, a line at the round shown, and one at the lowest possible loss.

    Args:
        frame: What is shown.
        width: Columns.
        height: Rows, the axis of rounds included.
        log_scale: Whether the axis of losses is logarithmic.
        top: Rows above it in the panel.
        strokes: What is drawn with.

    Returns:
        The lines, and where rounds are in the panel.
    """
    from bptui.compare.curves import Axis, Bin
    from bptui.ui.drawing.canvas import Canvas
    from bptui.ui.drawing.plots.plot import draw_curve, make_loss_axis, make_loss_labels, make_round_axis

    left = _LEFT if width >= _NARROW else _NARROW_LEFT
    room, rows, history, last = width - left, height - 1, frame.history, frame.furthest
    edges, highest = history.bins(last, 2 * room)
    axis = Axis(1.0, max(float(last), 2.0), log=True)
    starts = [axis.place(float(at)) for at in edges[:-1]]
    found = [Bin(x, e, e, not isnan(e)) for x, e in zip(starts, highest, strict=True)]
    if edges[-2] < last and isfinite(end := history.loss(last)):
        found.append(Bin(1.0, end, end, True))
    floor = [Bin(0.0, frame.floor, frame.floor, True)] if _shows_floor(frame, highest, log_scale) else []
    losses = make_loss_axis([*found, *floor], log_scale)
    canvas, high = Canvas(room, rows, strokes), 4 * rows - 1
    x = round(axis.place(float(frame.round)) * (2 * room - 1))
    canvas.stroke((x, 0), (x, high), "dim", dash=(1, 1))
    for line in floor:
        y = round((1.0 - losses.place(line.low)) * high)
        canvas.stroke((0, y), (2 * room - 1, y), "accent", dash=(1, 3))
    if frame.spec.period > 1:
        draw_curve(canvas, found, losses, room, "label")
        known = [(at, e) for at, e in zip(starts, history.bin_means(edges), strict=True) if e is not None]
        found = [Bin(at, e, e, not isnan(e)) for at, e in known]
    draw_curve(canvas, found, losses, room, CURVE_ROLES[0], thick=2 if rows > 4 else 1)
    for line in floor:
        _label_floor(canvas, frame, round((1.0 - losses.place(line.low)) * high) // 4, highest)
    now = history.loss(frame.round)
    if isfinite(now) and frame.spec.period == 1 and 0.0 <= losses.place(now) <= 1.0:
        canvas.text(min(x // 2, room - 1), round((1.0 - losses.place(now)) * high) // 4, _POINT, "accent")
    labels = make_loss_labels(losses, rows, left)
    body = [make_line(Span(label, "label"), *spans) for label, spans in zip(labels, canvas.lines(), strict=True)]
    return [*body, make_round_axis(axis, room, left, 0, last)], RoundAxis(left, top, room, rows, last)


def _shows_floor(frame: Frame, losses: list[float], log_scale: bool) -> bool:
    """Whether the lowest possible loss of a round is known, and near enough to be on the axis."""
    floor = frame.floor
    known = [loss for loss in losses if isfinite(loss)]
    if not isfinite(floor) or frame.spec.period > 1 or not known:
        return False
    return floor > 0.0 and min(known) <= _NEAR * floor if log_scale else True


def _label_floor(canvas: "Canvas", frame: Frame, row: int, losses: list[float]) -> None:
    """Say what the line is, at the end where the curve is further from it."""
    word = "no loss is lower" if frame.spec.floor_is_bound else "lowest possible"
    word = word if canvas.width > 2 * len(word) else "floor"
    known = [loss for loss in losses if isfinite(loss)]
    x = 1 if known[0] >= known[-1] else canvas.width - len(word) - 1
    canvas.text(x, row, word, "label")
