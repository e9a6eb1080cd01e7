"""Compare printed values with recomputed ones to the precision that the printed digits state.

A printed value is a string, because "0.50" and "0.5" claim different things. A value agrees with it if rounding to its
last digit gives the same number; a half in the last place may have been rounded either way. A point with no digits
after it, "0.", is how PyTorch prints an exact whole number, and "-0.0" says that the number is negative.
``PrintedNumber`` treats a bare "0" as exactly zero, too.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from math import isfinite, isnan

SLACK = {"float64": 0.0, "float32": 2.0**-20}  # relative: what another order of the same operations may change
_SWAPPED, _READ = 3, 4  # digits needed to recognise a number with two swapped, or one wrong
_MOST_SIGNS = 1200  # characters of a number: the smallest double takes 1,077 with all its digits
_LARGEST_EXPONENT = 1000  # a double's is 308


def parse_printed(printed: str) -> Decimal:
    """Return the exact number that a printed value states, with its digits.

    Raises:
        ValueError: If no program or person would print a number like that.
    """
    if len(printed) > _MOST_SIGNS:
        raise ValueError(f'"{printed[:20]}…" has more digits than any number a program has')
    try:
        figure = Decimal(printed.strip().replace("−", "-"))
    except InvalidOperation as fault:
        raise ValueError(f'"{printed}" is no printed number') from fault
    if figure.is_snan():
        raise ValueError(f'"{printed}" is no printed number')
    if figure.is_finite() and abs(figure.adjusted()) > _LARGEST_EXPONENT:
        raise ValueError(f'"{printed}" is larger or smaller than any number a program has')
    return figure


def agrees(printed: str, value: float) -> bool:
    """Whether a value, rounded to the digits shown, is the printed value.

    Args:
        printed: The digits as printed, such as ``"0.11082295328378677"``, ``"-0.0"`` or ``"1.2854e+34"``.
        value: The recomputed value.
    """
    figure, value = parse_printed(printed), float(value)
    if printed.strip().endswith("."):
        return float(figure) == value
    if printed.strip()[:1] in "-−" and value > 0:
        return False
    if not figure.is_finite() or not isfinite(value):
        return (figure.is_nan() and isnan(value)) or (figure.is_infinite() and float(figure) == value)
    if figure == Decimal(repr(value)):  # the shortest repr need not be the nearest number of its length
        return True
    return abs(Decimal(value) - figure) <= half_unit(figure)


def half_unit(figure: Decimal) -> Decimal:
    """Return half a unit of a figure's last digit; zero for one that is not finite."""
    exponent = figure.as_tuple().exponent
    return half_unit_of(exponent) if isinstance(exponent, int) else Decimal(0)


def half_unit_of(place: int) -> Decimal:
    """Return half a unit of the digit that stands for 10**place."""
    return Decimal((0, (5,), place - 1))


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A printed number, prepared for comparison with many values.

    Attributes:
        printed: The digits as printed.
        value: The number they state.
        half: Half a unit of the last digit; 0 if every digit is there.
        count: The number of significant digits; 0 for a zero.
    """

    printed: str
    value: Decimal
    half: float
    count: int

    @classmethod
    def of(cls, printed: str) -> "PrintedNumber":
        """Parse a printed number.

        Raises:
            ValueError: If it is no number; see ``parse_printed``.
        """
        value = parse_printed(printed)
        exponent = value.as_tuple().exponent
        if not isinstance(exponent, int):
            return cls(printed, value, 0.0, 1)
        every = printed.strip().endswith(".") or (not value and exponent >= 0)
        half = 0.0 if every else float(half_unit(value))
        return cls(printed, value, half, len(value.as_tuple().digits) if value else 0)

    def agree(self, value: float, slack: float = 0.0, cut: bool = False) -> bool:
        """Whether a value has these digits.

        Args:
            value: The value.
            slack: How far rounding may have moved the value, relative to it.
            cut: Whether the digits were truncated, not rounded.
        """
        if not isfinite(value) or not isfinite(float(self.value)):
            return agrees(self.printed, value)
        off, reach = abs(value - float(self.value)), slack * abs(value)
        if not self.half:
            return off <= reach
        if off > 2.0 * self.half + reach:
            return False
        if cut:
            lost = (abs(Decimal(repr(value))) - abs(self.value)) / 2
            alike = value * float(self.value) >= 0 and self._has_sign_of(value)
            return alike and 0 <= lost < Decimal(repr(self.half))
        return agrees(self.printed, value) or (off <= self.half + reach and reach > 0.0 and self._has_sign_of(value))

    def _has_sign_of(self, value: float) -> bool:
        return value <= 0 or not self.value.is_signed()

    def is_misprint_of(self, value: float, how: str) -> bool:
        """Whether the digits are those of a value except for one transcription error.

        Args:
            value: The value.
            how: "swapped" for two neighbouring digits, "digit" for one wrong digit.
        """
        if self.count < (_SWAPPED if how == "swapped" else _READ) or not isfinite(float(self.value)):
            return False  # too few digits would be left to recognise the number
        places = [place for place, sign in enumerate(self.printed.lower().partition("e")[0]) if sign.isdigit()]
        texts = list[str]()
        if how == "swapped":
            for one, other in pairwise(places):
                signs = list(self.printed)
                signs[one], signs[other] = signs[other], signs[one]
                texts.append("".join(signs))
        else:
            for place in places:
                texts += [f"{self.printed[:place]}{digit}{self.printed[place + 1 :]}" for digit in "0123456789"]
        return any(PrintedNumber.of(text).agree(value) for text in texts if text != self.printed)
