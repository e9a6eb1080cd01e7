"""A picture of values over a plane: coloured half blocks, or one shade a cell where there are no colours.

Values come in rows from the top, two a cell in half blocks and one a cell in shades. A value has one of ``LEVELS``
levels; the middle one is kept for values exactly on the boundary, so that a colour always says on which side a value
is. What is no finite number is written out in its place.
"""

from itertools import groupby
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from bptui.core.quantities.input_plane import TargetPair
from bptui.record import record
from bptui.text.numbers import format_non_finite
from bptui.ui.drawing.canvas import Canvas
from bptui.ui.drawing.lines import Line, Span
from bptui.ui.drawing.strokes import ASCII, BRAILLE, Strokes

STEPS = 8  # levels on each side of the boundary
LEVELS = 2 * STEPS + 1
HALF_ROLE = "half"
"""The roles of half blocks begin with this; behind it stand the levels of the upper and the lower half."""
_SHADES = " " * 4 + "░" * 4 + "▒" + "▓" * 4 + "█" * 4
_ASCII_SHADES = " " * 3 + "." * 3 + ":" * 2 + "~" + "%" * 2 + "#" * 3 + "@" * 3
_SLOPES = (0.5, 3.0)  # rows a column, between which a boundary is drawn as a slash

_FIRST, _LAST = slice(None, -1), slice(1, None)
_CORNERS = (
    (_FIRST, _FIRST),
    (_FIRST, _LAST),
    (_LAST, _LAST),
    (_LAST, _FIRST),
)  # of neighbouring values, by rows, columns

Values = NDArray[np.floating]
Cell = tuple[str, str, str]
Point = tuple[float, float]


@record
class HeatScale:
    """The values that levels stand for: evenly from ``low`` to ``high``, which all beyond them share.

    Attributes:
        low: The lowest value with a level of its own.
        high: The highest.
        boundary: The value between the sides, half way; None if there are none, and then levels go up from the middle.
    """

    low: float
    high: float
    boundary: float | None

    @classmethod
    def of(cls, values: Values, pair: TargetPair | None) -> "HeatScale":
        """Return the scale between two targets, or between the lowest and the highest of the values."""
        if pair is not None:
            return cls(pair.low, pair.high, pair.boundary)
        known = values[np.isfinite(values)]
        return cls(float(known.min()), float(known.max()), None) if known.size else cls(0.0, 0.0, None)

    def find_levels(self, values: Values) -> NDArray[np.intp]:
        """Return the level of each value; one that is no finite number has any."""
        numbers = np.nan_to_num(values.astype(np.float64)) / 2.0  # as a difference may overflow
        room = self.high / 2.0 - self.low / 2.0
        share = np.clip((numbers - self.low / 2.0) / room, 0.0, 1.0) if room else np.zeros(values.shape)
        if self.boundary is None:
            return STEPS + np.rint(share * STEPS).astype(np.intp)
        below = np.minimum((share * 2 * STEPS).astype(np.intp), STEPS - 1)
        above = np.maximum((share * 2 * STEPS).astype(np.intp), STEPS) + 1
        sides = np.sign(values.astype(np.float64) - self.boundary)
        return np.where(sides < 0, below, np.where(sides > 0, np.minimum(above, LEVELS - 1), STEPS))


def count_halves(strokes: Strokes, colored: bool) -> int:
    """Return how many values, one below the other, a cell shows."""
    return 2 if colored and strokes is not ASCII else 1


def draw_heat(values: Values, scale: HeatScale, canvas: Canvas, halves: int) -> list[Line]:
    """Return the lines of a picture, with what a canvas holds drawn over it.

    Args:
        values: An array of shape (halves·rows, columns), the highest row first.
        scale: The values that levels stand for.
        canvas: What is drawn over it, of rows and columns.
        halves: See ``count_halves``.
    """
    levels, shades, lines = scale.find_levels(values), _choose_shades(scale, canvas.strokes), []
    for y, above in enumerate(canvas.lines()):
        over = [(sign, role, part) for text, role, part in above for sign in text]
        first, last = levels[halves * y], levels[halves * (y + 1) - 1]
        lost, begun = _name_lost(values[halves * y : halves * (y + 1)]), 0
        cells: list[Cell] = []
        for x, cell in enumerate(over):
            if cell[0] != " ":
                cells.append(cell)
            elif lost[x]:
                begun = begun if x and lost[x] == lost[x - 1] else x
                cells.append((lost[x][(x - begun) % len(lost[x])], "warning", ""))
            elif halves == 2:
                cells.append(("▀", f"{HALF_ROLE}{first[x]}-{last[x]}", ""))
            else:
                cells.append((shades[first[x]], "", ""))
        lines.append(_join_cells(cells))
    return lines


def _name_lost(values: Values) -> list[str]:
    """Return the word for each column with a value that is no finite number, and a space; empty for the others."""
    columns = zip(*values.tolist(), strict=True)
    lost = (next((value for value in column if not isfinite(value)), None) for column in columns)
    return ["" if value is None else f"{format_non_finite(value)} " for value in lost]


def draw_boundary(canvas: Canvas, values: Values, boundary: float, role: str) -> None:
    """Draw the line where values cross the boundary, between the centres of neighbouring values; texts hide it.

    Args:
        canvas: What to draw on; its rows hold one or two rows of values each.
        values: An array of shape (rows of values, columns).
        boundary: The value to draw the line at.
        role: What the line is.
    """
    tall = 4 * canvas.height / len(values)
    # In float64, or the boundary would be rounded to float32; with one more on each side, so that it reaches the edges
    values = np.pad(values.astype(np.float64), 1, mode="edge")
    high = values > boundary
    corners = [one[rows, columns] for one in (high, np.isfinite(values)) for rows, columns in _CORNERS]
    mixed = np.logical_or.reduce(corners[:4]) & ~np.logical_and.reduce(corners[:4]) & np.logical_and.reduce(corners[4:])
    for y, x in zip(*(place.tolist() for place in np.nonzero(mixed)), strict=True):
        for start, end in _cross_cell(values[y : y + 2, x : x + 2], boundary):
            ends = [(2 * (x + across) - 1.5, tall * (y + down - 0.5) - 0.5) for across, down in (start, end)]
            if canvas.strokes is BRAILLE:
                canvas.stroke(ends[0], ends[1], role, thick=2)
            else:
                _write_slope(canvas, ends[0], ends[1], role)


def _cross_cell(square: Values, boundary: float) -> list[tuple[Point, Point]]:
    """Return the pieces of the line between four neighbouring values: one piece, or two where it crosses all sides."""
    (a, b), (d, c) = square.tolist()
    above_a, above_b, above_c, above_d = (value > boundary for value in (a, b, c, d))
    crossed: dict[str, Point] = {}
    if above_a != above_b:
        crossed["top"] = (_find_crossing(a, b, boundary), 0.0)
    if above_b != above_c:
        crossed["right"] = (1.0, _find_crossing(b, c, boundary))
    if above_d != above_c:
        crossed["bottom"] = (_find_crossing(d, c, boundary), 1.0)
    if above_a != above_d:
        crossed["left"] = (0.0, _find_crossing(a, d, boundary))
    if len(crossed) == 2:
        start, end = crossed.values()
        return [(start, end)]
    joins_a = above_a == (a / 4.0 + b / 4.0 + c / 4.0 + d / 4.0 > boundary)  # whether the middle is on the side of a
    pairs = (("top", "right"), ("bottom", "left")) if joins_a else (("top", "left"), ("bottom", "right"))
    return [(crossed[start], crossed[end]) for start, end in pairs]


def _find_crossing(start: float, end: float, boundary: float) -> float:
    """Return how far from one value to another the boundary is; halved, as a difference may overflow."""
    room = end / 2.0 - start / 2.0
    return (boundary / 2.0 - start / 2.0) / room if room else 0.5  # of numbers that cannot be halved


def _write_slope(canvas: Canvas, start: Point, end: Point, role: str) -> None:
    """Write the sign of a short piece of a line in the cell that its middle lies in."""
    across, down = (end[0] - start[0]) / 2.0, (end[1] - start[1]) / 4.0
    edges, steep = canvas.strokes.edges, abs(down) / abs(across) if across else _SLOPES[1]
    slash = "\\" if across * down > 0 else "/"
    sign = edges.level if steep < _SLOPES[0] else edges.upright if steep >= _SLOPES[1] else slash
    x, y = round((start[0] + end[0]) / 2.0) // 2, round((start[1] + end[1]) / 2.0) // 4
    if canvas.is_free(x, y, 1):
        canvas.text(x, y, sign, role)


def draw_ramp(scale: HeatScale, levels: range, strokes: Strokes, halves: int) -> list[Span]:
    """Return some levels of a scale side by side, as the picture shows them."""
    if halves == 2:
        return list(_join_cells([("▀", f"{HALF_ROLE}{level}-{level}", "") for level in levels]))
    return [Span("".join(_choose_shades(scale, strokes)[level] for level in levels))]


def _choose_shades(scale: HeatScale, strokes: Strokes) -> str:
    """Return the shade of each level; without a boundary, those above the middle have all shades there are."""
    shades = _ASCII_SHADES if strokes is ASCII else _SHADES
    return shades if scale.boundary is not None else shades[:STEPS] + shades[::2]


def _join_cells(cells: list[Cell]) -> Line:
    """Return cells as spans, neighbours of one role and part as one."""
    return tuple(
        Span("".join(sign for sign, _, _ in same), role, part)
        for (role, part), same in groupby(cells, key=lambda cell: cell[1:])
    )
