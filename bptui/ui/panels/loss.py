"""The loss of all rounds so far as a plot over logarithmic rounds, or where there is one line as columns of blocks.

Each column is a range of rounds and shows the highest finite loss in it, so a spike is never lost; a range without one
is marked ×. Where each round uses other samples, the mean of each pass over the samples is drawn over it. Textual's own
sparkline crashes on nan, refuses arrays and takes 84 ms for a million rounds.
"""

from collections.abc import Sequence
from math import isfinite, isnan, log10

from textual import events
from textual.message import Message

from bptui.session.frame import Frame
from bptui.text.aligned import ColumnLayout
from bptui.text.numbers import format_significant
from bptui.ui.drawing.lines import Line, Span, make_line, make_number_cell
from bptui.ui.drawing.plots.loss import RoundAxis, draw_loss_plot
from bptui.ui.drawing.strokes import BRAILLE, Strokes
from bptui.ui.widgets.panel import Panel

_LEAST_BARS = 12  # columns of blocks; what stands at their ends is dropped first
_PLOT = (20, 5)  # least columns and rows for axes
_TALL = 9  # rows from which on the plot leaves room for more than one line of text


class LossPanel(Panel[Frame]):
    """E of this round, of the first and the least so far, above the curve, with a mark at the round shown."""

    class Pointed(Message):
        """The user clicked a round."""

        def __init__(self, round_: int) -> None:
            super().__init__()
            self.round = round_

    def __init__(self, title: str = "", strokes: Strokes = BRAILLE) -> None:
        super().__init__(title)
        self._strokes = strokes
        self._axis: RoundAxis | None = None

    def draw(self, frame: Frame, width: int, height: int) -> list[Line]:
        """See ``Panel.draw``."""
        log_scale = is_logarithmic(frame)
        if width < _PLOT[0] or height < _PLOT[1]:
            lines, self._axis = _draw_bars_line(frame, width, height, log_scale, self._strokes)
            return lines
        head = make_loss_head(frame, log_scale, width, max(height // 3, 1) if height >= _TALL else 1)
        body, self._axis = draw_loss_plot(frame, width, height - len(head), log_scale, len(head), self._strokes)
        return [*head, *body]

    def on_click(self, event: events.Click) -> None:
        """Go to the round that was clicked; elsewhere select the loss."""
        at = event.get_content_offset(self)
        round_ = None if at is None or self._axis is None else self._axis.find_round(at.x, at.y + self._top)
        if round_ is not None:
            event.prevent_default()
            self.post_message(self.Pointed(round_))


def is_logarithmic(frame: Frame) -> bool:
    """Whether losses are drawn on a logarithmic scale: if that is chosen and all are above 0."""
    if not frame.log_scale:
        return False
    least = frame.history.least(frame.furthest)
    return least is None or least[1] > 0


def make_loss_head(frame: Frame, log_scale: bool, width: int, rows: int = 1) -> list[Line]:
    """Return E of the round, of round 1 and the least, or means of passes over the samples, where there is room.

    Args:
        frame: What is shown.
        log_scale: Whether the scale is logarithmic.
        width: The columns there are.
        rows: The most rows.
    """
    places = ColumnLayout.for_digits(frame.digits)
    e = make_number_cell(frame.values.get("E"), places, frame.digits, "E")
    scale = "log" if log_scale else "linear: not all are above 0" if frame.log_scale else ""
    lines, used = [[Span(f"E {e.text}"[:width], "title", "E")]], 2 + places.width
    for texts in (_describe_first(frame), _describe_least(frame), (scale,)):
        beside = next((text for text in texts if used + 2 + len(text) <= width), "")
        below = next((text for text in texts if len(text) <= width), "") if len(lines) < rows else ""
        if len(below) > len(beside):
            lines.append([Span(below, "label")])
            used = len(below)
        elif beside:
            lines[-1].append(Span(f"  {beside}", "label"))
            used += 2 + len(beside)
    return [make_line(*spans) for spans in lines]


def _describe_first(frame: Frame) -> tuple[str, ...]:
    """Return where the loss began, or the mean over the last pass through the samples, in longer and shorter words."""
    if frame.spec.period > 1:
        return describe_mean(frame)
    if frame.round == 1 and "E" not in frame.values:
        return ()  # which is not calculated yet
    return (f"round 1 {format_significant(frame.history.loss(1), frame.digits)}",)


def describe_mean(frame: Frame) -> tuple[str, ...]:
    """Return the mean over the last pass through the samples in longer and shorter words; at first nothing."""
    found = frame.history.pass_mean(frame.round, frame.furthest)
    if found is None:
        return ()
    number, mean = found
    period, size = frame.spec.period, len(frame.spec.inputs)
    rounds = f"rounds {(number - 1) * period + 1:,}–{number * period:,}"
    when = f"epoch {number:,}" if period * frame.spec.batch_size == size else rounds
    value = format_significant(mean, frame.digits)
    return f"mean of {when} {value}", f"mean {value}"


def _describe_least(frame: Frame) -> tuple[str, ...]:
    """Return the least loss so far and its round in longer and shorter words."""
    history, last, of_means = frame.history, frame.furthest, frame.spec.period > 1
    least = history.least_mean(last) if of_means else history.least(last)
    if least is None or last == 1:
        return ()
    value = format_significant(least[1], frame.digits)
    if of_means:
        return f"lowest mean {value} in pass {least[0]:,}", f"lowest mean {value}"
    return f"lowest {value} in round {least[0]:,}", f"lowest {value} in {least[0]:,}", f"lowest {value}"


def _draw_bars_line(
    frame: Frame, width: int, height: int, log_scale: bool, strokes: Strokes
) -> tuple[list[Line], RoundAxis]:
    """Draw blocks between the losses at both ends; in more than one row below them."""
    if height == 1:
        places, last = ColumnLayout.for_digits(frame.digits), frame.history.loss(frame.furthest)
        now = Span(f"E {make_number_cell(frame.values.get('E'), places, frame.digits, 'E').text}", "title", "E")
        start = "  ".join(("", *_describe_first(frame)[:1], ""))
        reserved = frame.digits + 3  # columns of most numbers, so that the blocks seldom move
        end = (
            f" {format_significant(last, frame.digits):<{reserved}} round {frame.furthest:,}"
            if frame.furthest > 1
            else ""
        )
        for left, right in ((start, end), (start, f" {frame.furthest:,}"), ("  ", f" {frame.furthest:,}"), (" ", "")):
            room = width - len(now.text) - len(left) - len(right)
            if room >= _LEAST_BARS:
                break
        room, head, rows = max(room, 1), [], 1
    else:
        head, rows, room = make_loss_head(frame, log_scale, width), height - 1, width
        now, left, right = Span(""), "", ""
    edges, losses = frame.history.bins(frame.furthest, room)
    cursor = max(i for i, edge in enumerate(edges[:-1]) if edge <= frame.round)
    bars = _draw_bars(losses, rows, log_scale, strokes.bars)
    before = len(now.text) + len(left)
    lines = [make_line(now, Span(left, "label"), *_color_bars(row, cursor), Span(right, "label")) for row in bars]
    return [*head, *lines], RoundAxis(before, len(head), len(losses), rows, frame.furthest, tuple(edges))


def _draw_bars(losses: Sequence[float], rows: int, log_scale: bool, signs: str) -> list[str]:
    """Return the columns as rows of characters, nine from nothing to a full cell, top row first."""
    # halved, because the difference of two doubles may overflow
    scaled = [loss / 2.0 if isnan(loss) or not log_scale else log10(loss) for loss in losses]
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


def _color_bars(bars: str, cursor: int) -> tuple[Span, ...]:
    return Span(bars[:cursor], "positive"), Span(bars[cursor], "accent"), Span(bars[cursor + 1 :], "positive")
