"""Numbers in digits five rows high, made of solid blocks: a terminal cannot enlarge its letters.

A digit has four columns, or in the wide form five with strokes of two; a column stays free between signs.
"""

from typing import NamedTuple

ROWS = 5
_FONT = {
    "0": "████|█  █|█  █|█  █|████",
    "1": "  ██|   █|   █|   █|   █",
    "2": "████|   █|████|█   |████",
    "3": "████|   █| ███|   █|████",
    "4": "█  █|█  █|████|   █|   █",
    "5": "████|█   |████|   █|████",
    "6": "████|█   |████|█  █|████",
    "7": "████|   █|   █|   █|   █",
    "8": "████|█  █|████|█  █|████",
    "9": "████|█  █|████|   █|████",
    "e": "████|█   |███ |█   |████",
    "-": "   |   |███|   |   ",
    "+": "   | █ |███| █ |   ",
    ".": " | | | |█",
}
_WIDE_STROKES = (0, 0, 1, 3, 3)  # the columns of a digit that the wide form has in each of its columns


class BlockDigits(NamedTuple):
    """A form of digits: the narrow one, or the wide one with strokes of two columns."""

    wide: bool = False

    @classmethod
    def that_fit(cls, digits: int, room: int) -> "BlockDigits":
        """Return the wide form where a number with these digits has room, whatever its sign, else the narrow."""
        wide = cls(wide=True)
        return wide if wide.measure("-0.0" + "8" * digits) <= room else cls()

    def measure(self, text: str) -> int:
        """Return the columns of a text."""
        return sum(len(self._glyph(sign)[0]) + 1 for sign in text) - bool(text)

    def can_write(self, text: str) -> bool:
        """Whether there is a glyph for every sign: words such as inf have none."""
        return all(sign in _FONT for sign in text)

    def write(self, text: str) -> tuple[str, ...]:
        """Return the rows of a text."""
        return tuple(map(" ".join, zip(*map(self._glyph, text), strict=True))) if text else ("",) * ROWS

    def _glyph(self, sign: str) -> list[str]:
        rows = _FONT.get(sign, "|".join([sign] * ROWS)).split("|")
        if not self.wide:
            return rows
        if len(rows[0]) == 1:
            return [2 * row for row in rows]
        return ["".join(row[at] for at in _WIDE_STROKES) for row in rows] if len(rows[0]) == 4 else rows
