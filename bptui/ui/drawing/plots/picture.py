"""A small picture as lines: its curves with axes and points, and its sentences below.

A straight line is drawn as far as the curves reach, so that a steep one does not flatten them.
"""

from itertools import chain, pairwise
from math import isfinite
from textwrap import wrap

from bptui.compare.curves import Axis, Bin
from bptui.part_pictures.picture import Picture, PlottedCurve, StraightLine
from bptui.ui.drawing.canvas import Canvas
from bptui.ui.drawing.lines import CURVE_ROLES, Line, Span, make_line
from bptui.ui.drawing.plots.plot import (
    LEFT_COLUMNS,
    RIGHT_COLUMNS,
    draw_curve,
    format_tick,
    make_loss_labels,
    make_round_axis,
)
from bptui.ui.drawing.strokes import Strokes

_LEAST_ROWS = 6  # of a plot; sentences are cut below it
_TICK = 12  # columns that a label of the lower axis has
_PADDING = 0.04  # of the height, above and below all curves


def draw_picture(picture: Picture, width: int, height: int, strokes: Strokes) -> list[Line]:
    """Draw a picture.

    Args:
        picture: The picture.
        width: Columns.
        height: Rows.
        strokes: What curves are drawn with.
    """
    said = [line for sentence in picture.sentences for line in wrap(sentence, max(width - 2, 10))]
    texts = [make_line(Span(f" {line}")) for line in said]
    if not picture.curves:
        return texts[:height]
    rows = max(height - 1 - len(texts), min(_LEAST_ROWS, height - 1))
    return [*_draw_plot(picture, width, rows, strokes), *texts][:height]


def _draw_plot(picture: Picture, width: int, rows: int, strokes: Strokes) -> list[Line]:
    room = max(width - LEFT_COLUMNS - RIGHT_COLUMNS, 4)
    canvas = Canvas(room + RIGHT_COLUMNS, rows, strokes)
    across, up = _make_axes(picture)
    if picture.line is not None:
        _draw_line(canvas, picture.line, across, up, room)
    for place, curve in enumerate(picture.curves):
        found = _make_bins(curve, across, room)
        draw_curve(canvas, found, up, room, CURVE_ROLES[place], thick=2 if place == 0 else 1)
        end = next((one.high for one in reversed(found) if isfinite(one.high)), None)
        if end is not None and curve.name:
            wanted = round((1.0 - up.place(end)) * (4 * rows - 1)) // 4
            free = [row for row in range(rows) if canvas.is_free(room + 1, row, len(curve.name))]
            at = min(free, key=lambda row: abs(row - wanted), default=wanted)
            canvas.text(room + 1, at, curve.name, CURVE_ROLES[place])
    for sign, x, y in picture.marks:
        if isfinite(x) and isfinite(y) and 0.0 <= across.place(x) <= 1.0 and 0.0 <= up.place(y) <= 1.0:
            dots = across.place(x) * (2 * room - 1), (1.0 - up.place(y)) * (4 * rows - 1)
            canvas.text(round(dots[0]) // 2, round(dots[1]) // 4, sign, "accent")
    labels = make_loss_labels(up, rows)
    body = [make_line(Span(label, "label"), *spans) for label, spans in zip(labels, canvas.lines(), strict=True)]
    axis = make_round_axis(across, room) if picture.is_over_rounds else _make_axis(across, room, picture.across)
    return [*body, axis]


def _make_axes(picture: Picture) -> tuple[Axis, Axis]:
    """Return the axes: one that all curves lie on, and one as high as they are."""
    low, high = float(picture.curves[0].x[0]), float(picture.curves[0].x[-1])
    across = Axis(low, max(high, 2.0), log=True) if picture.is_over_rounds else Axis(low, high)
    known = [float(y) for y in chain.from_iterable(curve.y for curve in picture.curves) if isfinite(y)]
    bottom, top = min(known, default=0.0), max(known, default=1.0)
    pad = _PADDING * (top - bottom) or 0.5 * abs(top) or 0.5
    ends = (bottom - pad, top + pad) if isfinite(pad) else (bottom, top)
    return across, Axis(*ends) if ends[1] > ends[0] else Axis(bottom - 0.5, bottom + 0.5)


def _make_bins(curve: PlottedCurve, across: Axis, room: int) -> list[Bin]:
    """Return a curve reduced to half columns: the lowest and the highest number in each."""
    bins: dict[int, list[float]] = {}
    for x, y in zip(curve.x.tolist(), curve.y.tolist(), strict=True):
        bins.setdefault(int(across.place(x) * (2 * room - 1) + 0.5), []).append(y)
    found = []
    for place, values in sorted(bins.items()):
        known = [value for value in values if isfinite(value)]
        low, high = (min(known), max(known)) if known else (float("nan"), float("nan"))
        found.append(Bin(place / (2 * room - 1), low, high, len(known) == len(values)))
    return found


def _draw_line(canvas: Canvas, line: StraightLine, across: Axis, up: Axis, room: int) -> None:
    """Draw a straight line where it is inside the axes."""
    if not isfinite(line.slope) or not isfinite(line.y):
        return
    wide, high = 2 * room - 1, 4 * canvas.height - 1
    dots = []
    for step in range(wide + 1):
        x = across.value(step / wide)
        place = up.place(line.y + line.slope * (x - line.x))
        if 0.0 <= place <= 1.0:
            dots.append((float(step), (1.0 - place) * high))
    for start, end in pairwise(dots):
        canvas.stroke(start, end, "accent")
    if len(dots) == 1:
        canvas.stroke(dots[0], dots[0], "accent")


def _make_axis(across: Axis, room: int, name: str) -> Line:
    """Return the lower axis with its name and labels where they fit."""
    cells, free = [" "] * (room + RIGHT_COLUMNS), 0
    for tick in across.ticks(max(room // _TICK, 2)):
        label, at = format_tick(0.0 if abs(tick) < 1e-12 * (across.high - across.low) else tick), across.place(tick)
        start = min(max(round(at * (room - 1)) - len(label) // 2, 0), len(cells) - len(label))
        if start >= free:
            cells[start : start + len(label)] = label
            free = start + len(label) + 1
    return make_line(Span(f"{name[: LEFT_COLUMNS - 1]:>{LEFT_COLUMNS - 1}} {''.join(cells)}", "label"))
