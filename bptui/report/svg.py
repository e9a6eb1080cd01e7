"""Draw the losses of several runs as an SVG plot, with its own colours, as GitHub shows it.

Axes and bins are those of the plot on the screen. Curves differ in colour and dashes, and end with their letter; a
small cross at the lower edge marks where a loss cannot be drawn.
"""

import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import chain
from math import isfinite

import numpy as np

from bptui.compare.curves import Axis, Bin, Losses, make_bins
from bptui.record import record
from bptui.text.numbers import format_significant, write_minus
from bptui.text.words import format_count, make_printable

_WIDTH, _HEIGHT = 820, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 76, 24, 34, 46  # around the curves
_LINE = 18  # between two lines of the legend
_COUNT = 400  # bins of a curve
_COLORS = ("#0a5fb4", "#b35900", "#1a7f37", "#b5179e", "#6e40c9", "#7a5c00")
_DASHES = ("", "7 4", "2 3", "10 3 2 3", "12 5", "4 2")


@record(eq=False)
class PlotCurve:
    """A curve of a plot: its letter and name, and its losses from round 1, one per round."""

    letter: str
    name: str
    losses: Losses


def draw_svg(curves: Sequence[PlotCurve], measure: str, floor: float | None = None) -> str:
    """Draw curves over rounds on a logarithmic axis; losses have one too if all are above 0.

    Args:
        curves: One or more curves, each of one round or more.
        measure: The name of the losses, for the axis.
        floor: A loss that none of them falls below, if there is one.
    """
    log = all(bool((curve.losses[np.isfinite(curve.losses)] > 0).all()) for curve in curves)
    rounds = Axis(1.0, float(max(2, *(len(curve.losses) for curve in curves))), True)
    found = [make_bins(curve.losses, rounds, _COUNT, log) for curve in curves]
    floors = [floor] if floor is not None and isfinite(floor) and (floor > 0 or not log) else []
    losses = Axis.around([*floors, *(end for one in chain(*found) for end in (one.low, one.high))], log)
    height = _HEIGHT + _LINE * len(curves)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" '
        'font-family="sans-serif" font-size="13" role="img">',
        f"<title>{_escape(measure)} by round, {format_count(len(curves), 'run')}</title>",
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
        *_draw_grid(rounds, losses),
        *(line for place, one in enumerate(found) for line in _draw_curve(one, losses, place)),
        *(line for low in floors for line in _draw_floor(low, losses)),
        *_draw_letters(curves, found, losses),
        *_draw_axis_names(measure, log, all(one.whole for one in chain(*found))),
        *(line for place, curve in enumerate(curves) for line in _draw_legend(curve, place)),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _x(place: float) -> float:
    return _LEFT + place * (_WIDTH - _LEFT - _RIGHT)


def _y(place: float) -> float:
    return _TOP + (1.0 - place) * (_HEIGHT - _TOP - _BOTTOM)


def _draw_grid(rounds: Axis, losses: Axis) -> Iterator[str]:
    bottom, right = _y(0.0), _x(1.0)
    for tick in losses.ticks(6):
        y = _y(losses.place(tick))
        yield f'<path d="M{_LEFT} {y:.1f}H{right:.1f}" stroke="#d8dee4"/>'
        yield _draw_text(_LEFT - 8, y + 4, write_minus(f"{tick:.6g}"), "end")
    for tick in rounds.ticks(8):
        x = _x(rounds.place(tick))
        yield f'<path d="M{x:.1f} {_TOP}V{bottom:.1f}" stroke="#d8dee4"/>'
        yield _draw_text(x, bottom + 18, f"{tick:,.0f}", "middle")
    yield f'<path d="M{_LEFT} {_TOP}V{bottom:.1f}H{right:.1f}" fill="none" stroke="#57606a"/>'


def _draw_floor(floor: float, losses: Axis) -> Iterator[str]:
    y = _y(losses.place(floor))
    yield f'<path d="M{_LEFT} {y:.1f}H{_x(1.0):.1f}" stroke="#57606a" stroke-dasharray="1 4"/>'
    yield _draw_text(_LEFT + 6, y - 5, f"floor {write_minus(format_significant(floor, 4))}", "start", "#57606a")


def _draw_curve(found: Sequence[Bin], losses: Axis, place: int) -> Iterator[str]:
    path, at = "", None
    for stretch in found:
        if not isfinite(stretch.low):
            at = None
            continue
        ends = [stretch.low, stretch.high][: 1 + (stretch.low < stretch.high)]
        if at is not None and abs(stretch.high - at) < abs(stretch.low - at):
            ends.reverse()  # to continue from the nearer end
        for end in ends:
            point = f"{_x(stretch.x):.1f} {_y(losses.place(end)):.1f}"
            path += f"M{point}h0" if at is None else f"L{point}"  # h0 makes a single point visible
            at = end
    yield f'<path d="{path}" fill="none" {_format_stroke(place)}/>'
    for whole, stretch in zip([True, *(one.whole for one in found)], found, strict=False):
        if whole and not stretch.whole:
            yield _draw_text(_x(stretch.x), _y(0.0) - 2, "×", "middle", _COLORS[place % len(_COLORS)])


def _format_stroke(place: int) -> str:
    dash = _DASHES[(place + place // len(_COLORS)) % len(_DASHES)]  # repeated colours get other dashes
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'stroke="{_COLORS[place % len(_COLORS)]}" stroke-width="2" stroke-linecap="round"{dashed}'


def _draw_letters(curves: Sequence[PlotCurve], found: Sequence[Sequence[Bin]], losses: Axis) -> Iterator[str]:
    """Yield each curve's letter to the right of its end, spread vertically so that none overlap."""
    known = {p: stretch for p, one in enumerate(found) for stretch in one if isfinite(stretch.low)}
    ends = {place: (_x(stretch.x), _y(losses.place(stretch.low)) + 4) for place, stretch in known.items()}
    gap = min(13.0, (_y(0.0) - _y(1.0)) / len(curves))
    at, free = {}, _y(0.0)
    for place in sorted(ends, key=lambda one: (-ends[one][1], -one)):
        at[place] = min(ends[place][1], free)
        free = at[place] - gap
    free = _y(1.0) + 4
    for place in reversed(at):  # from the top, move back those that left the plot
        at[place] = max(at[place], free)
        free = at[place] + gap
        yield _draw_text(ends[place][0] + 8, at[place], curves[place].letter, "start", _COLORS[place % len(_COLORS)])


def _draw_axis_names(measure: str, log: bool, whole: bool) -> Iterator[str]:
    yield _draw_text(_LEFT - 60, 18, f"{measure}{', logarithmic' if log else ''}", "start")
    yield _draw_text(_x(1.0), _HEIGHT - 10, "round, logarithmic", "end")
    if not whole:
        yield _draw_text(_LEFT, _HEIGHT - 10, "× from here on, the losses are not finite", "start")


def _draw_legend(curve: PlotCurve, place: int) -> Iterator[str]:
    y = _HEIGHT + _LINE * place + 4
    yield f'<path d="M{_LEFT} {y - 4}h40" fill="none" {_format_stroke(place)}/>'
    yield _draw_text(_LEFT + 50, y, f"{curve.letter}  {curve.name}", "start")


def _draw_text(x: float, y: float, text: str, anchor: str, color: str = "#1f2328") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{color}">{_escape(text)}</text>'


def _escape(text: str) -> str:
    """Escape markup, and replace characters that XML does not allow."""
    return escape(re.sub("[\ufffe\uffff]", "\N{REPLACEMENT CHARACTER}", make_printable(text)))
