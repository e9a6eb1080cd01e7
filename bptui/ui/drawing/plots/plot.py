"""A plot with axes, drawn in dots: losses over rounds, of one run or several.

The loss axis takes ``LEFT_COLUMNS`` columns; behind the plot are ``RIGHT_COLUMNS`` more, for letters. A curve has a
gap, with a mark at the lower edge, where a loss is not finite, or not above 0 on a logarithmic axis.
"""

from bptui.compare.curves import Axis, Bin, make_strokes
from bptui.ui.drawing.canvas import Canvas
from bptui.ui.drawing.lines import Line, Span, make_line

LEFT_COLUMNS = 9  # columns of the loss axis, its line included
RIGHT_COLUMNS = 3
DASHES = ((1, 0), (6, 4), (2, 3), (10, 3))
"""The dots across that a curve is drawn and left out for, by turns; the first is solid."""


def make_loss_axis(found: list[Bin], log: bool) -> Axis:
    """Return an axis that holds all losses of some curves, as far as possible."""
    return Axis.around([end for stretch in found for end in (stretch.low, stretch.high)], log)


def draw_curve(
    canvas: Canvas,
    found: list[Bin],
    losses: Axis,
    room: int,
    role: str,
    part: str = "",
    *,
    thick: int = 1,
    dashes: int = 0,
) -> None:
    """Draw a curve into the first ``room`` columns of a canvas, solid or as one of ``DASHES``."""
    wide, high = 2 * room - 1, 4 * canvas.height - 1
    on, off = DASHES[dashes]
    for x0, y0, x1, y1 in make_strokes(found, losses):
        if int(x0 * wide) % (on + off) >= on:
            continue
        ends = ((x0 * wide, (1.0 - y0) * high), (x1 * wide, (1.0 - y1) * high))
        canvas.stroke(*ends, role, part, thick=thick)
    for stretch in found:
        if not stretch.whole:
            canvas.text(min(int(stretch.x * room), room - 1), canvas.height - 1, "×", "warning", part)


def make_loss_labels(losses: Axis, rows: int, left: int = LEFT_COLUMNS) -> list[str]:
    """Return the labels of the loss axis, row by row."""
    labels = [f"{'':{left - 1}}│"] * rows
    for tick in losses.ticks(max(rows // 2, 2)):
        place = losses.place(tick)
        if -0.01 <= place <= 1.01:
            row = min(max(round((1.0 - place) * (rows - 1)), 0), rows - 1)
            labels[row] = f"{format_tick(tick):>{left - 1}}┤"
    return labels


def format_tick(tick: float) -> str:
    """Return the label of a place on an axis."""
    return f"{tick:.3g}".replace("e+0", "e").replace("e-0", "e-").replace("e+", "e").replace("-", "−")


def make_round_axis(
    axis: Axis, room: int, left: int = LEFT_COLUMNS, right: int = RIGHT_COLUMNS, last: int | None = None
) -> Line:
    """Return the axis of rounds, with labels where they fit.

    Args:
        axis: The rounds.
        room: The columns of the plot.
        left: Columns before it.
        right: Columns after it.
        last: The last round there is, which then has the label at the end.
    """
    cells = [" "] * (room + right)
    free = 0
    if last is not None and last > 1:
        label = f"{last:,}"[-room:]
        cells[room - len(label) : room] = label
        room_left = room - len(label) - 1
    else:
        room_left = room + right
    for tick in axis.ticks(max(room // 10, 2)):
        label, at = f"{tick:,.0f}", round(axis.place(tick) * (room - 1))
        start = min(max(at - len(label) // 2, 0), len(cells) - len(label))
        if tick == int(tick) and start >= max(free, 0) and start + len(label) <= room_left and tick <= (last or tick):
            cells[start : start + len(label)] = label
            free = start + len(label) + 1
    return make_line(Span(f"{'round':>{left - 1}} {''.join(cells)}", "label"))
