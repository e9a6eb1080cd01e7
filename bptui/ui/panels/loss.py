"""The loss of all rounds so far as a sparkline of block characters.

Each column is a stretch of rounds and shows the highest finite loss in it, so a spike is never lost; a stretch without
one is marked ×. Textual's own sparkline dies on nan, refuses arrays and takes 84 ms for a million rounds.
"""

from math import isfinite, isnan, log10

from bptui.frame import Frame
from bptui.text import number
from bptui.ui.lines import Line, Span, line
from bptui.ui.panel import Panel
from bptui.ui.strokes import BRAILLE, Strokes


class LossPanel(Panel[Frame]):
    """E of this round and of the first, the curve, and below it, where there is room, an arrow at the round shown."""

    def __init__(self, title: str = "", strokes: Strokes = BRAILLE) -> None:
        super().__init__(title)
        self._strokes = strokes

    def draw(self, frame: Frame, width: int, height: int) -> list[Line]:
        """See ``Panel.draw``."""
        edges, losses = frame.history.stretches(frame.furthest, width)
        finite = [loss for loss in losses if not isnan(loss)]
        log_scale = frame.log_scale and all(loss > 0 for loss in finite)
        cursor = max(i for i, edge in enumerate(edges[:-1]) if edge <= frame.round)
        rows = max(height - (2 if height > 2 else 1), 1)
        bars = _bars(losses, rows, log_scale, self._strokes.bars)
        lines = [_head(frame, log_scale, width), *(_bar_line(row, cursor) for row in bars)]
        return [*lines, _axis(frame, cursor, width)] if height > 2 else lines


def _axis(frame: Frame, cursor: int, width: int) -> Line:
    """The rounds below the curve: an arrow at the one shown, and how many there are, where there is room."""
    count = f"of {frame.furthest:,} round{'s' if frame.furthest > 1 else ''}"
    if cursor + 2 + len(count) <= width:
        return line(Span(" " * cursor + "▲", "accent"), Span(f" {count}", "label"))
    before = max(cursor - 1, 0)
    return line(Span(f"{count[:before]:>{before}}{' ' * (cursor > 0)}", "label"), Span("▲", "accent"))


def _head(frame: Frame, log_scale: bool, width: int) -> Line:
    now = f"E {number(frame.values['E'])}" if "E" in frame.values else "E ·"
    scale = "  log" if log_scale else "  linear, for not all are above 0" if frame.log_scale else ""
    known = frame.round > 1 or "E" in frame.values
    first = f"  round 1 {number(frame.history.loss(1))}" if known else ""
    fits = len(now + first + scale) <= width
    return line(Span(now, "title", "E"), Span((first if fits else "") + scale, "label"))


def _bars(losses: list[float], rows: int, log_scale: bool, signs: str) -> list[str]:
    """The columns as so many rows of signs, nine from nothing to a full cell, top row first."""
    # halves, because the span of two doubles may be no double
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


def _bar_line(bars: str, cursor: int) -> Line:
    return line(Span(bars[:cursor], "positive"), Span(bars[cursor], "accent"), Span(bars[cursor + 1 :], "positive"))
