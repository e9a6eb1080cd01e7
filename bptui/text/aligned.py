"""Numbers in columns, with a fixed number of significant digits and their decimal points aligned.

The width of a column depends on the digits and the available room, never on the numbers in it. A number that does not
fit with all its digits gets fewer; one that is too small or too large gets an exponent, its point aligned as well.
"""

from math import isfinite
from typing import Any, NamedTuple

from bptui.text.numbers import format_non_finite

_SMALLEST = -4  # the smallest exponent that is written out: 0.000438568


class ColumnLayout(NamedTuple):
    """The layout of a column of numbers.

    Attributes:
        whole: Columns before the point, including the sign.
        decimals: Columns after the point, at least 3; with 3 a negative number has no room for an exponent like e-232.
    """

    whole: int
    decimals: int

    @property
    def width(self) -> int:
        """The total number of columns."""
        return self.whole + 1 + self.decimals

    @classmethod
    def for_digits(cls, digits: int, whole: int = 2) -> "ColumnLayout":
        """Return the layout for a number of digits: values from 0.0001 on, or with an exponent down to e-99."""
        return cls(whole, digits - 1 - _SMALLEST)


def format_aligned(value: Any, places: ColumnLayout, digits: int) -> str:
    """Format a number for a column, with the given significant digits or as many as the decimals allow.

    Zero is "0", so that an exact zero can be told from a value that is only small; "-~0" is a negative number too small
    for the column.

    Args:
        value: The number.
        places: The column's layout.
        digits: Significant digits.
    """
    number = float(value)
    if number == 0 or not isfinite(number):
        text = "0" if number == 0 else format_non_finite(number)
        return text.rjust(places.whole).ljust(places.width)
    text, whole = _format(number, places, digits)
    return (" " * (places.whole - whole) + text).ljust(places.whole + 1 + places.decimals)


def _format(number: float, places: ColumnLayout, digits: int) -> tuple[str, int]:
    """Return a number's text, and the number of characters before its point."""
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
    if len(text) > places.decimals + 2 + (number < 0):  # rounding made the exponent three digits long
        text = f"{number:.{max(behind - 1, 0)}e}"
    whole = 1 + (number < 0)
    if len(text) > places.width - places.whole + whole:  # an exponent of three digits in a column with three decimals
        whole = places.whole
        text = text if len(text) <= places.width else text.replace("e+", "e") if power > 0 else "-~0"
    return text, whole
