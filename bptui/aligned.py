"""Numbers in columns: so many significant digits, and every point below the others.

How wide a column is depends on the digits and on the room alone, never on a number in it: what does not fit with all
its digits has fewer, and what is too small or too large for them has an exponent, its point below the others too.
"""

from math import isfinite
from typing import Any, NamedTuple

from bptui.text import word

_SMALLEST = -4  # the exponent from which on a number is written out: 0.000438568


class Places(NamedTuple):
    """A column of numbers.

    Attributes:
        whole: Columns before the point, that of the sign among them.
        decimals: Columns behind it, 4 or more, so that there is room for every exponent.
    """

    whole: int
    decimals: int

    @property
    def width(self) -> int:
        """All columns."""
        return self.whole + 1 + self.decimals

    @classmethod
    def holding(cls, digits: int, whole: int = 2) -> "Places":
        """The column for so many digits: of a number from 0.0001 on, or of one with an exponent down to e-99."""
        return cls(whole, digits - 1 - _SMALLEST)


def aligned(value: Any, places: Places, digits: int) -> str:
    """A number in a column, with so many significant digits or as many as there are decimals for.

    Zero is "0", so that a value that is exactly nothing can be told from one that is only small.

    Args:
        value: The number.
        places: The column.
        digits: Significant digits.
    """
    number = float(value)
    text = "0" if number == 0 else _shown(number, places, digits) if isfinite(number) else word(number)
    whole = text.partition(".")[0].partition("e")[0]
    return (" " * max(places.whole - len(whole), 0) + text).ljust(places.width)


def _shown(number: float, places: Places, digits: int) -> str:
    power = int(f"{number:.{digits - 1}e}".partition("e")[2])
    decimals = min(digits - 1 - power, places.decimals)
    if power >= _SMALLEST and power + decimals >= 0 <= decimals:
        text = f"{number:.{decimals}f}"
        if len(text.partition(".")[0]) <= places.whole:
            return text
    exponent = len(f"{number:e}".partition("e")[2]) + 1
    return f"{number:.{max(min(digits - 1, places.decimals - exponent), 0)}e}"
