"""The loss of all rounds so far: a line or columns of block characters, or in a large panel a curve with axes.

Each column is a range of rounds and shows the highest finite loss in it, so a spike is never lost; a range without one
is marked ×. Where each round uses other samples, the mean of each pass over the samples is drawn as well. Textual's own
sparkline crashes on nan, refuses arrays and takes 84 ms for a million rounds.
"""

from collections.abc import Sequence
from math import isfinite, isnan, log10

from bptui.session.frame import Frame
from bptui.text.aligned import ColumnLayout, format_aligned
from bptui.ui.drawing.lines import CURVE_ROLES, Line, Span, make_line, make_number_cell
from bptui.ui.drawing.strokes import BRAILLE, Strokes
from bptui.ui.widgets.panel import Panel

_LEAST = 30  # least columns for the curve; the loss of round 1 is dropped first
_TWO_CHARTS = 4  # least rows of columns for the means to have a chart of their own
_TALL = 7  # least rows for E of round 1 on a row of its own
_PICTURE = (50, 12)  # least columns and rows for axes


class LossPanel(Panel[Frame]):
    """E of this round and of the first, the curve, and below it, where there is room, an arrow at the round shown."""

    def __init__(self, title: str = "", strokes: Strokes = BRAILLE) -> None:
        super().__init__(title)
        self._strokes = strokes

    def draw(self, frame: Frame, width: int, height: int) -> list[Line]:
        """See ``Panel.draw``."""
        if width >= _PICTURE[0] and height >= _PICTURE[1]:
            return _draw_curve(frame, width, height, self._strokes)
        if height == 1:
            return [_one_line(frame, width, self._strokes)]
        edges, losses = frame.history.bins(frame.furthest, width)
        log_scale = is_logarithmic(frame, losses)
        cursor = max(i for i, edge in enumerate(edges[:-1]) if edge <= frame.round)
        tall = height >= _TALL
        above = make_loss_head(frame, log_scale, width, 1 + tall, with_mean=height < _TWO_CHARTS + 2)
        rows = max(height - len(above) - (height > 2), 1)
        charts: list[Sequence[float | None]] = [losses]
        if rows >= _TWO_CHARTS and frame.spec.period > 1:
            charts, rows = [losses, frame.history.bin_means(edges)], rows - 1
        lines = list(above)
        for number, drawn in enumerate(charts):
            lines += [make_line(Span(_describe_mean(frame, width), "label"))] if number else []
            high = (rows + len(charts) - 1 - number) // len(charts)
            lines += [_bar_line(bars, cursor) for bars in _draw_bars(drawn, high, log_scale, self._strokes.bars)]
        return [*lines, _axis(frame, cursor, width)] if height > 2 else lines


def _describe_mean(frame: Frame, width: int) -> str:
    """Return the mean over the last pass through the samples in words, as long as there is room; at first nothing."""
    found = frame.history.pass_mean(frame.round, frame.furthest)
    if found is None:
        return ""
    number, mean = found
    period, size = frame.spec.period, len(frame.spec.inputs)
    rounds = f"rounds {(number - 1) * period + 1:,}–{number * period:,}"
    when = f"epoch {number:,}" if period * frame.spec.batch_size == size else rounds
    value = format_aligned(mean, ColumnLayout.for_digits(frame.digits), frame.digits).strip()
    return next((text for text in (f"mean of {when} {value}", f"mean {value}") if len(text) <= width), "")


def is_logarithmic(frame: Frame, losses: list[float]) -> bool:
    """Whether losses are drawn on a logarithmic scale: if that is chosen and all are above 0."""
    return frame.log_scale and all(loss > 0 for loss in losses if not isnan(loss))


def _draw_curve(frame: Frame, width: int, height: int, strokes: Strokes) -> list[Line]:
    """Draw the curve with its axes, a line at the round shown, and one at the lowest possible loss."""
    # deferred past the first paint, unless that needs it
    from bptui.compare.curves import Axis, Bin
    from bptui.ui.drawing.canvas import Canvas
    from bptui.ui.drawing.plot import (
        LEFT_COLUMNS,
        RIGHT_COLUMNS,
        draw_curve,
        make_loss_axis,
        make_loss_labels,
        make_round_axis,
    )

    room, rows = width - LEFT_COLUMNS - RIGHT_COLUMNS, height - 2
    edges, highest = frame.history.bins(frame.furthest, room)
    log_scale = is_logarithmic(frame, highest)
    axis = Axis(1.0, max(float(frame.furthest), 2.0))
    found = [Bin(axis.place(at), e, e, not isnan(e)) for at, e in zip(edges[:-1], highest, strict=True)]
    losses = make_loss_axis(found, log_scale)
    canvas, high = Canvas(room + RIGHT_COLUMNS, rows, strokes), 4 * rows - 1
    x = round(axis.place(frame.round) * (2 * room - 1))
    canvas.stroke((x, 0), (x, high), "dim", dash=(1, 1))
    if losses.low <= frame.floor <= losses.high and frame.floor > 0:
        y = round((1.0 - losses.place(frame.floor)) * high)
        canvas.stroke((0, y), (2 * room - 1, y), "accent", dash=(4, 4))
        canvas.text(room - 5, max(y // 4 - 1, 0), "floor", "label")
    head = make_loss_head(frame, log_scale, width)
    if frame.spec.period > 1:
        draw_curve(canvas, found, losses, room, "label")
        means = frame.history.bin_means(edges)
        known = [(axis.place(at), e) for at, e in zip(edges[:-1], means, strict=True) if e is not None]
        found = [Bin(x, e, e, not isnan(e)) for x, e in known]
        mean = _describe_mean(frame, width - 2 - sum(len(span.text) for span in head[0]))
        head = [make_line(*head[0], Span(f"  {mean}", CURVE_ROLES[0]))] if mean else head
    draw_curve(canvas, found, losses, room, CURVE_ROLES[0], thick=2)
    labels = make_loss_labels(losses, rows)
    body = [make_line(Span(label, "label"), *spans) for label, spans in zip(labels, canvas.lines(), strict=True)]
    return [*head, *body, make_round_axis(axis, room)]


def _one_line(frame: Frame, width: int, strokes: Strokes) -> Line:
    """Return E with the curve beside it."""
    now = make_loss_head(frame, frame.log_scale, width - _LEAST, with_mean=True)[0]
    room = max(width - sum(len(span.text) for span in now) - 2, 1)
    edges, losses = frame.history.bins(frame.furthest, room)
    cursor = max(i for i, edge in enumerate(edges[:-1]) if edge <= frame.round)
    return (*now, Span("  "), *_bar_line(_draw_bars(losses, 1, is_logarithmic(frame, losses), strokes.bars)[0], cursor))


def _axis(frame: Frame, cursor: int, width: int) -> Line:
    """Return the rounds below the curve: an arrow at the one shown, and their number where there is room."""
    count = f"of {frame.furthest:,} round{'s' if frame.furthest > 1 else ''}"
    if cursor + 2 + len(count) <= width:
        return make_line(Span(" " * cursor + "▲", "accent"), Span(f" {count}", "label"))
    before = max(cursor - 1, 0)
    return make_line(Span(f"{count[:before]:>{before}}{' ' * (cursor > 0)}", "label"), Span("▲", "accent"))


def make_loss_head(frame: Frame, log_scale: bool, width: int, rows: int = 1, *, with_mean: bool = False) -> list[Line]:
    """Return E of the round and of round 1, beside it or below it, where there is room.

    Args:
        frame: What is shown.
        log_scale: Whether the scale is logarithmic.
        width: The columns there are.
        rows: The rows there are.
        with_mean: Whether the mean over the last pass through the samples, if there is one, takes round 1's place.
    """
    digits, places = frame.digits, ColumnLayout.for_digits(frame.digits)
    known = frame.round > 1 or "E" in frame.values
    e, first = (
        make_number_cell(frame.values.get("E"), places, digits, "E"),
        format_aligned(frame.history.loss(1), places, digits),
    )
    now, first = f"E {e.text}", f"round 1 {first}" if known else " " * (8 + places.width)
    if with_mean and frame.spec.period > 1:
        first = _describe_mean(frame, width - len(f"E {e.text}") - 4) or first
    scale = "  log" if log_scale else "  linear, for not all are above 0" if frame.log_scale else ""
    if len(now + first + scale) + 2 <= width:
        return [make_line(Span(now, "title", "E"), Span(f"  {first}{scale}", "label"))]
    below = [make_line(Span(first, "label"))] if rows > 1 and len(first) <= width else []
    return [make_line(Span(now, "title", "E"), Span(scale, "label")), *below]


def _draw_bars(losses: Sequence[float | None], rows: int, log_scale: bool, signs: str) -> list[str]:
    """Return the columns as rows of characters, nine from nothing to a full cell, top row first; None is no column."""
    if missing := sum(loss is None for loss in losses):
        return [" " * missing + row for row in _draw_bars(losses[missing:], rows, log_scale, signs)]
    # halved, because the difference of two doubles may overflow
    scaled = [loss / 2.0 if isnan(loss) or not log_scale else log10(loss) for loss in losses if loss is not None]
    known = [s for s in scaled if isfinite(s)]
    low, high = min(known, default=0.0), max(known, default=0.0)
    lowest = min(low, 0.0) if not log_scale else low
    span = high - lowest if isfinite(high - lowest) and high > lowest else 1.0
    steps = 8 * rows - 1
    heights = [None if isnan(s) else 1 + round((s - lowest) / span * steps) for s in scaled]
    return [
        "".join("×" if h is None else signs[min(max(h - 8 * (rows - 1 - row), 0), 8)] for h in heights)
        for row in range(rows)
    ]


def _bar_line(bars: str, cursor: int) -> Line:
    return make_line(
        Span(bars[:cursor], "positive"), Span(bars[cursor], "accent"), Span(bars[cursor + 1 :], "positive")
    )
