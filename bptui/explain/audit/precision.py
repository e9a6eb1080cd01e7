"""How precisely a sheet is printed, and whether a printed value is a number, to its digits.

A sheet has as many decimals in all its values, or as many significant digits.
"""

from collections import Counter
from collections.abc import Iterable
from math import floor, isfinite, log10

from bptui.explain.calculation.figure import Figure
from bptui.text.printed import PrintedNumber

_TIES = 2.0**-50  # relative: a tie on paper need not be one in doubles


class SheetPrecision:
    """The precision of a sheet: as many decimals, or else as many significant digits, as most of its values have."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        digits = [figure.digits for figure in figures]
        places = Counter(e for one in digits if isinstance(e := one.value.as_tuple().exponent, int) and one.half)
        counts = Counter(one.count for one in digits if one.half)
        (self._place, decimals), (self._count, significant) = (
            found.most_common(1)[0] if found else (0, 0) for found in (places, counts)
        )
        self._by_decimals = decimals >= significant

    def scale_for(self, digits: PrintedNumber) -> float:
        """Return the factor of errors on the way to a value printed with more decimals than the sheet's others."""
        exponent = digits.value.as_tuple().exponent
        finer = self._by_decimals and isinstance(exponent, int) and exponent < self._place
        return float(10.0 ** (exponent - self._place)) if finer else 1.0  # type: ignore[operator]

    def error_of(self, value: float, reach: float) -> float:
        """Return by how much a value is off where it is rounded as the sheet's values are.

        Args:
            value: The value.
            reach: By how much it may itself be off; with that it may round the other way.
        """
        if not isfinite(value) or not value:
            return 0.0
        place = self._place if self._by_decimals else floor(log10(abs(value))) - self._count + 1
        half, off = 0.5 * 10.0**place, round(value, -place) - value
        return off if reach < half - abs(off) else half


def agrees(digits: PrintedNumber, value: float, cut: bool, slack: float = 0.0) -> bool:
    """Whether a number has the digits of a printed value, a tie in either direction, to within ``slack``."""
    return digits.agree(value, _TIES, cut) or (slack > 0.0 and digits.is_within(value, slack))


def is_within(digits: PrintedNumber, value: float, reach: float) -> bool:
    """Whether a printed value is one of the numbers that a value may have had, off by at most ``reach``."""
    return isfinite(value) and abs(value - float(digits.value)) <= digits.half + reach * (1.0 + 1e-9)


def round_like(value: float, digits: PrintedNumber) -> float:
    """Return a number rounded to as many decimals as a printed one."""
    exponent = digits.value.as_tuple().exponent
    return round(value, -exponent) if isinstance(exponent, int) and digits.half and isfinite(value) else value
