"""Numbers in columns: so many significant digits, and every point below the others.

How wide a column is depends on the digits and on the room alone, never on a number in it: what does not fit with all
its digits has fewer, and what is too small or too large for them has an exponent, its point below the others too.
"""

from math import isfinite
from typing import Any, NamedTuple

from bptui.text.numbers import word

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
    if number == 0 or not isfinite(number):
        text = "0" if number == 0 else word(number)
        return text.rjust(places.whole).ljust(places.width)
    text, whole = _shown(number, places, digits)
    return (" " * (places.whole - whole) + text).ljust(places.whole + 1 + places.decimals)


def _shown(number: float, places: Places, digits: int) -> tuple[str, int]:
    """A number's text, and how many signs of it stand before the point."""
    scientific = f"{number:.{digits - 1}e}"
    power = int(scientific[scientific.index("e") + 1 :])
    decimals = min(digits - 1 - power, places.decimals)
    if power >= _SMALLEST and power + decimals >= 0 <= decimals:
        text = f"{number:.{decimals}f}"
        whole = len(text) - decimals - (decimals > 0)
        if whole <= places.whole:
            return text, whole
    behind = places.decimals - 4 - (abs(power) > 99)
    text = f"{number:.{max(min(digits - 1, behind), 0)}e}"
    if len(text) > places.decimals + 2 + (number < 0):  # rounded up to an exponent of three digits
        text = f"{number:.{max(behind - 1, 0)}e}"
    return text, 1 + (number < 0)
