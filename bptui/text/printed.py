"""Printed figures against recomputed values: how many digits to compare is what the print says.

A figure is a string, because "0.50" and "0.5" claim different things. It agrees with a value that, rounded to the
figure's last digit, gives the same number; a half in the last place may have been rounded either way. A figure with a
point and nothing behind it, "0.", is how PyTorch prints a whole number exactly, and "-0.0" says that the number is
negative. To ``Digits`` a bare "0", too, is nothing at all.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from math import isfinite, isnan

SLACK = {"float64": 0.0, "float32": 2.0**-20}  # of a value: what another order of the same operations may do to it
_SWAPPED, _READ = 3, 4  # digits a number must have to be known with two of them swapped, or one of them wrong
_MOST_SIGNS = 1200  # of a number: the smallest double has 1,077 with all its digits
_LARGEST_EXPONENT = 1000  # that of a double is 308


def parse(printed: str) -> Decimal:
    """The number a figure states, exactly, with its digits.

    Raises:
        ValueError: If it is no number as a program or a person would print one.
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
    """Whether a value, rounded to the digits a figure shows, is the figure.

    Args:
        printed: The digits as printed, such as ``"0.11082295328378677"``, ``"-0.0"`` or ``"1.2854e+34"``.
        value: The recomputed value.
    """
    figure, value = parse(printed), float(value)
    if printed.strip().endswith("."):
        return float(figure) == value
    if printed.strip()[:1] in "-−" and value > 0:
        return False
    if not figure.is_finite() or not isfinite(value):
        return (figure.is_nan() and isnan(value)) or (figure.is_infinite() and float(figure) == value)
    if figure == Decimal(repr(value)):  # the shortest print of all digits need not be the nearest of its length
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
class Digits:
    """A printed number, ready to be compared with many values.

    Attributes:
        printed: The digits as printed.
        value: The number they state.
        half: Half a unit of the last digit; nothing where every digit is there.
        count: How many significant digits there are; none for a zero.
    """

    printed: str
    value: Decimal
    half: float
    count: int

    @classmethod
    def of(cls, printed: str) -> "Digits":
        """Read a figure.

        Raises:
            ValueError: If it is no number; see ``parse``.
        """
        value = parse(printed)
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
            slack: By how much rounding may have moved it, as a part of it.
            cut: Whether the digits were cut off, not rounded.
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

    def misread(self, value: float, how: str) -> bool:
        """Whether the digits are those of a value but for a slip of the pen.

        Args:
            value: The value.
            how: "swapped" for two neighbouring digits, "digit" for one that is another.
        """
        if self.count < (_SWAPPED if how == "swapped" else _READ) or not isfinite(float(self.value)):
            return False  # of so few digits, too little is left to know the number by
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
        return any(Digits.of(text).agree(value) for text in texts if text != self.printed)
