"""Compare printed values with recomputed ones to the precision that the printed digits state.

A printed value is a string, because "0.50" and "0.5" claim different things. A value agrees with it if rounding to its
last digit gives the same number; a half in the last place may have been rounded either way. "-0.0" says that the number
is negative or zero. ``PrintedNumber`` treats a bare "0" as exactly zero.

A point with no digits after it, "1.", is how PyTorch prints an exact whole number, but NumPy prints any rest of zeros
like that: 1.00 rounded to two decimals is "1.". Where the values around it have decimals, it claims the fewest of them.
"""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from math import isfinite, isnan, ulp

from bptui.record import record
from bptui.text.number_styles import to_plain
from bptui.text.words import clip, make_one_line

SLACK = {"float64": 0.0, "float32": 2.0**-20}  # relative: what another order of the same operations may change
_SWAPPED, _READ = 3, 4  # digits needed to recognise a number with two swapped, or one wrong
_MOST_SIGNS = 1200  # characters of a number: the smallest double takes 1,077 with all its digits
_LARGEST_EXPONENT = 1000  # a double's is 308


def parse_printed(printed: str) -> Decimal:
    """Return the exact number that a printed value states, with its digits.

    Raises:
        ValueError: If it cannot be read; the message says why, or what to write.
    """
    return _parse_plain(_find_plain(printed))


def find_decimals(printed: Iterable[str]) -> int | None:
    """Return how many decimals a bare point claims among other printed values; None if none of them has decimals.

    It is the fewest that a value without an exponent has: NumPy drops zeros at the end, so each of the others may have
    been rounded to more, but none to less.
    """
    decimals = (len(plain.partition(".")[2]) for plain in map(to_plain, printed) if "e" not in plain)
    return min(filter(None, decimals), default=None)


def agrees(printed: str, value: float) -> bool:
    """Whether a value, rounded to the digits shown, is the printed value; a bare "0" is rounded here, too.

    Args:
        printed: The digits as printed, such as ``"0.11082295328378677"``, ``"-0.0"`` or ``"1.2854e+34"``.
        value: The recomputed value.
    """
    number = PrintedNumber.of(printed)
    if not number.half and not number.plain.endswith("."):
        number = replace(number, half=float(half_unit(number.value)))
    return number.agree(float(value))


def half_unit(figure: Decimal) -> Decimal:
    """Return half a unit of a figure's last digit; zero for one that is not finite."""
    exponent = figure.as_tuple().exponent
    return half_unit_of(exponent) if isinstance(exponent, int) else Decimal(0)


def half_unit_of(place: int) -> Decimal:
    """Return half a unit of the digit that stands for 10**place."""
    return Decimal((0, (5,), place - 1))


@record(slots=True)
class PrintedNumber:
    """A printed number, prepared for comparison with many values.

    Attributes:
        printed: The digits as printed.
        plain: The same in the signs of a program, as ``to_plain`` returns them; a bare point has its decimals.
        value: The number they state.
        half: Half a unit of the last digit; 0 if every digit is there.
        count: The number of significant digits; 0 for a zero.
    """

    printed: str
    plain: str
    value: Decimal
    half: float
    count: int

    @classmethod
    def of(cls, printed: str, decimals: int | None = None) -> "PrintedNumber":
        """Read a printed number.

        Args:
            printed: The digits as printed.
            decimals: How many a bare point claims; with None the number is exact. See ``find_decimals``.

        Raises:
            ValueError: If it is no number; see ``parse_printed``.
        """
        plain = _find_plain(printed)
        if plain.endswith("."):
            plain += "0" * (decimals or 0)
        return cls._of_plain(printed, plain)

    @classmethod
    def _of_plain(cls, printed: str, plain: str) -> "PrintedNumber":
        value = _parse_plain(plain)
        exponent = value.as_tuple().exponent
        if not isinstance(exponent, int):
            return cls(printed, plain, value, 0.0, 1)
        every = plain.endswith(".") or (not value and exponent >= 0)
        half = 0.0 if every else float(half_unit(value)) or ulp(0.0)  # 0 says that every digit is there
        return cls(printed, plain, value, half, len(value.as_tuple().digits) if value else 0)

    def agree(self, value: float, slack: float = 0.0, cut: bool = False) -> bool:
        """Whether a value has these digits.

        Args:
            value: The value.
            slack: How far rounding may have moved the value, relative to it.
            cut: Whether the digits were truncated, not rounded.
        """
        reach = slack * abs(value) if slack else 0.0
        return self._is_cut(value, reach) if cut else self.is_within(value, reach)

    def is_within(self, value: float, reach: float) -> bool:
        """Whether a value has these digits, or a number that differs from it by at most ``reach``."""
        if not self.half or not self._is_near(value, reach):
            return self._is_near(value, reach)
        if self.value.is_signed() and value > reach:
            return False
        off = abs(value - float(self.value))  # inf if the number is larger than a double
        if reach > 0.0 and isfinite(off) and off <= self.half + reach:
            return True
        # the shortest repr need not be the nearest number of its length
        return abs(Decimal(value) - self.value) <= half_unit(self.value) or self.value == Decimal(repr(value))

    def _is_near(self, value: float, reach: float) -> bool:
        """Whether a value is no further off than a whole unit of the last digit, if there is one."""
        if not isfinite(value) or not self.value.is_finite():
            return (self.value.is_nan() and isnan(value)) or (self.value.is_infinite() and float(self.value) == value)
        off = abs(value - float(self.value))
        return off <= 2.0 * self.half + reach or (self.half > 0.0 and not isfinite(off))

    def _is_cut(self, value: float, reach: float) -> bool:
        if not self.half or not self._is_near(value, reach):
            return self._is_near(value, reach)
        alike = value * float(self.value) >= 0 and (value <= 0 or not self.value.is_signed())
        off = (abs(Decimal(repr(value))) - abs(self.value)) / 2
        return alike and -Decimal(reach) <= off < Decimal(repr(self.half)) + Decimal(reach)

    def is_misprint_of(self, value: float, how: str) -> bool:
        """Whether the digits are those of a value except for one transcription error.

        Args:
            value: The value.
            how: "swapped" for two neighbouring digits, "digit" for one wrong digit.
        """
        if self.count < (_SWAPPED if how == "swapped" else _READ) or not isfinite(float(self.value)):
            return False  # too few digits would be left to recognise the number
        places = [place for place, sign in enumerate(self.plain.partition("e")[0]) if sign.isdigit()]
        texts = list[str]()
        if how == "swapped":
            for one, other in pairwise(places):
                signs = list(self.plain)
                signs[one], signs[other] = signs[other], signs[one]
                texts.append("".join(signs))
        else:
            for place in places:
                texts += [f"{self.plain[:place]}{digit}{self.plain[place + 1 :]}" for digit in "0123456789"]
        return any(PrintedNumber._of_plain(text, text).agree(value) for text in texts if text != self.plain)


def _find_plain(printed: str) -> str:
    if len(printed) > _MOST_SIGNS:
        raise ValueError(f'"{make_one_line(printed, 20)}" has more digits than any number in a program')
    return to_plain(printed)


def _parse_plain(plain: str) -> Decimal:
    try:
        figure = Decimal(plain)
    except InvalidOperation:  # an exponent that is too large even for this
        figure = None
    if figure is not None and figure.is_zero():
        return figure if abs(figure.adjusted()) <= _LARGEST_EXPONENT else Decimal(0)
    if figure is None or (figure.is_finite() and abs(figure.adjusted()) > _LARGEST_EXPONENT):
        raise ValueError(f'"{clip(plain, 20)}" is outside the range of numbers in a program')
    return figure
