"""Drawing characters for each kind of terminal: braille where the font has it, otherwise box characters or ASCII.

Coordinates of lines are always those of braille dots, two by four a cell. A pen turns a line into bits, cell by cell;
where lines meet in a cell their bits merge, and a table of characters indexed by these bits says how a cell looks. So a
canvas need not know what it draws with.
"""

from collections.abc import Callable, Mapping
from dataclasses import field
from functools import lru_cache
from itertools import chain
from math import ceil
from typing import NamedTuple

from bptui.record import record

Point = tuple[float, float]
Dash = tuple[int, int]
Cells = Mapping[tuple[int, int], int]
Pen = Callable[[Point, Point, int, Dash | None], Cells]

_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_HIGH, _LEVEL, _LOW, _RISING, _FALLING, _UPRIGHT, _THICK, _THICKEST, _END, _GAP = (1 << bit for bit in range(10))
_SOLID = (1, 0)
_SHALLOW, _STEEP = 0.45, 3.0  # rows a column, between which a line is drawn with slashes


class Edges(NamedTuple):
    """The edges of a box: level, upright, and those that a line joins from the left, the right and below."""

    level: str
    upright: str
    from_left: str
    from_right: str
    from_below: str


@record(eq=False)
class Strokes:
    """A style of drawing.

    Attributes:
        name: What it is drawn with.
        pen: Returns the bits of a line in each cell, for its ends, its thickness in dots, and the dots of a dash and of
            the gap after it (None for a solid line).
        characters: How a cell looks, by its bits.
        corners: Of a box, the upper two and the lower two.
        edges: Of a box.
        arrows: Arrow heads, by direction of flow.
        bars: A column of a bar chart, from nothing to a full cell in eighths.
    """

    name: str
    pen: Pen = field(repr=False)
    characters: tuple[str, ...] = field(repr=False)
    corners: tuple[str, str]
    edges: Edges
    arrows: Mapping[str, str]
    bars: str


def _is_on(step: int, count: int, dash: Dash) -> bool:
    """Whether a step of a line is in a dash; the middle one is, because at a crossing it may be all that shows."""
    on, off = dash
    return (step - count // 2 + on // 2) % (on + off) < on


def _draw_in_dots(start: Point, end: Point, thick: int, dash: Dash | None) -> Cells:
    """Draw a line in dots; a shallow line is thickened vertically, a steep one horizontally."""
    (x0, y0), (x1, y1) = start, end
    across, down = x1 - x0, y1 - y0
    if dash is None and -2.0 < across < 2.0 and -2.0 < down < 2.0:
        # A piece of a curve, of two dots: once rounded, it is often one that was drawn before
        dots = ((round(x0), round(y0)), (round(x0 + across), round(y0 + down)))
        return _draw_dots(dots, abs(down) > abs(across), thick)
    return _draw_long_in_dots(start, end, thick, dash)


@lru_cache(maxsize=2048)
def _draw_long_in_dots(start: Point, end: Point, thick: int, dash: Dash | None) -> Cells:
    (x0, y0), (x1, y1) = start, end
    across, down = x1 - x0, y1 - y0
    count = max(int(max(abs(across), abs(down))), 1)
    steps = [step for step in range(count + 1) if _is_on(step, count, dash or _SOLID)]
    dots = tuple((round(x0 + across * step / count), round(y0 + down * step / count)) for step in steps)
    return _draw_dots.__wrapped__(dots, abs(down) > abs(across), thick)


@lru_cache(maxsize=2048)
def _draw_dots(dots: tuple[tuple[int, int], ...], is_steep: bool, thick: int) -> Cells:
    """Draw dots, and beside each those that make a line of them as thick."""
    cells: dict[tuple[int, int], int] = {}
    back = (thick - 1) // 2
    for x, y in dots:
        for layer in range(-back, thick - back):
            column, row = (x + layer, y) if is_steep else (x, y + layer)
            cell = (column // 2, row // 4)
            cells[cell] = cells.get(cell, 0) | _DOTS[row % 4][column % 2]
    return cells


@lru_cache(maxsize=2048)
def _draw_in_characters(start: Point, end: Point, thick: int, dash: Dash | None) -> Cells:
    """Draw a line in characters: one per column for a shallow line, at one of three heights; else one per row."""
    (x0, y0), (x1, y1) = ((x / 2 + 0.25, y / 4 + 0.125) for x, y in (start, end))
    across, down = x1 - x0, y1 - y0
    shallow = abs(down) < _SHALLOW * abs(across) or max(abs(across), abs(down)) < 1.0
    kind = _UPRIGHT if abs(down) > _STEEP * abs(across) else _FALLING if across * down > 0 else _RISING
    weight = 0 if thick < 2 else _THICK if thick == 2 else _THICKEST
    wide, length = (2, abs(across)) if shallow else (4, abs(down))
    count = max(round(length), 1)
    cells: dict[tuple[int, int], int] = {}
    on, off = dash or _SOLID
    for step in range(count + 1):
        x, y = x0 + across * step / count, y0 + down * step / count
        if not _is_on(step, count, (ceil(on / wide), ceil(off / wide))):
            if off == 1 < on and not shallow:  # a gap of one dot does not break a line
                cell = (int(x // 1), int(y // 1))
                cells[cell] = cells.get(cell, 0) | _GAP
            continue
        bits = weight | ((_HIGH, _LEVEL, _LOW)[int(y % 1.0 * 3)] if shallow else kind)
        column, row = int(x // 1), int(y // 1)
        for beside in range(1 + bool(weight and not shallow)):
            cell = (column + beside, row)
            cells[cell] = cells.get(cell, 0) | bits | (_END if step in (0, count) else 0)
    return cells


def _character_table(levels: str, slants: str, thick: str) -> tuple[str, ...]:
    """Return how cells made by ``_draw_in_characters`` look.

    Args:
        levels: A level line at three heights.
        slants: A rising, a falling and an upright line, and a crossing; lines that end together look level.
        thick: A thick level line, and any thicker line.
    """
    level_signs = {_HIGH: levels[0], _LEVEL: levels[1], _LOW: levels[2]}
    slanted_signs = dict(zip((_RISING, _FALLING, _UPRIGHT), slants, strict=False))

    def sign(bits: int) -> str:
        if bits == _GAP:
            return ":"
        bits &= ~_GAP
        level, slanted = bits & (_HIGH | _LEVEL | _LOW), bits & (_RISING | _FALLING | _UPRIGHT)
        if bits & _THICKEST:
            return thick[1]
        if slanted and not level and slanted in slanted_signs:
            return slanted_signs[slanted]
        if slanted and not bits & _END:
            return slants[3]
        if bits & _THICK:
            return thick[0]
        return level_signs.get(level, levels[1] if bits else " ")

    return tuple(map(sign, range(_GAP << 1)))


BRAILLE = Strokes(
    "braille dots", _draw_in_dots, tuple(map(chr, range(0x2800, 0x2900))),
    ("╭╮", "╰╯"), Edges("─", "│", "┤", "├", "┬"), {"forward": "▶", "backward": "◀"}, " ▁▂▃▄▅▆▇█",
)  # fmt: skip
CONSOLE = Strokes(
    "the signs of the Linux console", _draw_in_characters, _character_table("'─.", "/\\│X", "═█"),
    ("┌┐", "└┘"), Edges("─", "│", "┤", "├", "┬"), {"forward": ">", "backward": "<"}, " ▄▄▄▄▄███",
)  # fmt: skip
ASCII = Strokes(
    "ASCII", _draw_in_characters, _character_table("'-.", "/\\|X", "=#"),
    ("++", "++"), Edges("-", "|", "+", "+", "+"), {"forward": ">", "backward": "<"}, " ...:::##",
)  # fmt: skip


def choose_strokes(shows: Callable[[str], bool]) -> Strokes:
    """Return the best strokes for a terminal.

    Args:
        shows: Whether the terminal shows a character.
    """

    def is_shown(strokes: Strokes) -> bool:
        return all(map(shows, chain(strokes.characters, *strokes.corners, strokes.edges, strokes.bars)))

    return next((strokes for strokes in (BRAILLE, CONSOLE) if is_shown(strokes)), ASCII)
