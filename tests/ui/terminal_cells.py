"""What a terminal shows of what it was sent: the cells of a screen, as far as the program's own codes go.

Of a blank cell only the background can be seen, unless it is underlined, crossed out or reversed.
"""

import re
from typing import NamedTuple

from rich.cells import cell_len

_PIECE = re.compile(r"\x1b\[(?P<values>[\d;]*)(?P<code>[Hm])|\x1b\[[?=>]?[\d;]*[a-zA-Z]|(?P<text>[^\x1b])")
_COLORS = {**dict.fromkeys((*range(30, 38), *range(90, 98)), "color"), 39: "color", 38: "color"}
_COLORS |= {**dict.fromkeys((*range(40, 48), *range(100, 108)), "background"), 49: "background", 48: "background"}
_SEEN_WHEN_BLANK = {4, 7, 9}  # underlined, reversed, crossed out


class Cell(NamedTuple):
    """A cell: its character, empty behind a wide one, its colours as codes, and its other attributes."""

    character: str = " "
    color: tuple[int, ...] = ()
    background: tuple[int, ...] = ()
    attributes: frozenset[int] = frozenset()


class TerminalCells:
    """The cells of a terminal of some columns and rows."""

    def __init__(self, width: int, height: int) -> None:
        self.rows = [[Cell()] * width for _ in range(height)]
        self._x = self._y = 0
        self._pen = Cell()

    def feed(self, sent: str) -> None:
        """Take in what is sent."""
        for piece in _PIECE.finditer(sent):
            values = [int(value or 0) for value in (piece["values"] or "").split(";")]
            if piece["code"] == "H":
                self._y, self._x = (max(value, 1) - 1 for value in (*values, 1)[:2])
            elif piece["code"] == "m":
                self._choose(values)
            elif piece["text"] == "\n":
                self._y += 1
            elif piece["text"]:
                self._write(piece["text"])

    def _choose(self, values: list[int]) -> None:
        while values:
            value = values.pop(0)
            if value == 0:
                self._pen = Cell()
            elif field := _COLORS.get(value):
                size = {2: 4, 5: 2}[values[0]] if value in (38, 48) else 0
                color = () if value in (39, 49) else (value, *values[:size])
                del values[:size]
                self._pen = Cell(**{**self._pen._asdict(), field: color})
            else:
                self._pen = self._pen._replace(attributes=self._pen.attributes | {value})

    def _write(self, character: str) -> None:
        cell = self._pen._replace(character=character)
        if character == " " and not cell.attributes & _SEEN_WHEN_BLANK:
            cell = Cell(background=cell.background)
        for shown in (cell, *[cell._replace(character="")] * (cell_len(character) - 1)):
            if self._y < len(self.rows) and self._x < len(self.rows[0]):
                self.rows[self._y][self._x] = shown
            self._x += 1
