"""How precisely a sheet is printed, and whether a printed value is a number, to its digits.

A sheet has as many decimals in all its values, or as many significant digits. An optimiser that divides by the root of
a mean of squares has numbers far too small for the sheet's decimals: whoever rounds these keeps significant digits.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import copysign, floor, inf, isfinite, log10, trunc

import numpy as np

from bptui.check.side import FULL_DIGITS
from bptui.core.formulas.backprop import list_update
from bptui.core.formulas.names import of_sample, updated
from bptui.core.formulas.network import Network
from bptui.core.formulas.optimisers import OPTIMISERS
from bptui.explain.calculation.figure import Figure
from bptui.text.printed import PrintedNumber

_LEAST_COUNT = 3  # significant digits: nobody calculates with fewer unless most values say so
_LARGEST_PLACE = 308  # of a double
_LEFT_OVER = 64.0  # units of rounding of a sheet's largest number
_TIES = 2.0**-50  # relative: a tie on paper need not be one in doubles


class SheetPrecision:
    """The precision of a sheet: as many decimals, or else as many significant digits, as most of its values have.

    Where as many speak for the one as for the other, a value may be rounded either way.

    Args:
        figures: Its printed values.
        networks: The networks of its rounds.
        cut: Whether digits are cut off instead of rounded.
    """

    def __init__(self, figures: Iterable[Figure], networks: Iterable[Network] = (), cut: bool = False) -> None:
        self._cut = cut
        self._scaled = frozenset[str]().union(*map(_list_scaled, networks))
        given = [figure.digits for figure in figures if figure.digits.half and isfinite(figure.digits.half)]
        digits = [one for one in given if one.count] or given  # a zero has no significant digits
        places = Counter(e for one in digits if isinstance(e := one.value.as_tuple().exponent, int))
        counts = Counter(one.count for one in digits)
        (self._place, decimals), (self._count, significant) = (
            found.most_common(1)[0] if found else (0, 0) for found in (places, counts)
        )
        self._by_decimals = decimals >= significant
        self._by_count = significant > decimals or (significant == decimals and self._count >= _LEAST_COUNT)

    def scale_for(self, digits: PrintedNumber) -> float:
        """Return the factor of errors on the way to a value printed with more decimals than the sheet's others."""
        exponent = digits.value.as_tuple().exponent
        finer = not self._by_count and isinstance(exponent, int) and exponent < self._place
        return float(10.0 ** (exponent - self._place)) if finer else 1.0  # type: ignore[operator]

    def is_lost(self, name: str, digits: PrintedNumber) -> bool:
        """Whether a printed value is a 0 that nobody goes on with, because others are divided by its root."""
        return name in self._scaled and not digits.count

    def error_of(self, name: str, value: float, reach: float) -> float:
        """Return by how much a value is off where it is rounded as the sheet's values are.

        Args:
            name: Its name.
            value: The value.
            reach: By how much it may itself be off; with that it may round the other way.
        """
        if not isfinite(value) or not value:
            return 0.0
        first, by_count = floor(log10(abs(value))), name in self._scaled
        counted = first - max(self._count, _LEAST_COUNT * by_count) + 1
        places = [self._place] * (self._by_decimals and not by_count) + [counted] * (self._by_count or by_count)
        return max((self._error_at(place, value, reach) for place in places), key=abs)

    def _error_at(self, place: int, value: float, reach: float) -> float:
        """Return by how much a value is off where its last digit stands for 10**place."""
        unit, reach = 10.0 ** max(min(place, _LARGEST_PLACE), -_LARGEST_PLACE), reach + _TIES * abs(value)
        try:
            off = (trunc(value / unit) * unit if self._cut else round(value, -place)) - value
        except OverflowError:  # larger than any double
            off = inf
        if self._cut:
            return off if reach < min(unit - abs(off), abs(off)) else copysign(unit, -value)
        return off if reach < 0.5 * unit - abs(off) else 0.5 * unit


def _list_scaled(network: Network) -> frozenset[str]:
    """Return the numbers of an optimiser that divides by the gradient's usual size: its means, and these corrected."""
    if "epsilon" not in OPTIMISERS[network.optimiser].settings:
        return frozenset()
    one = network.one_sample
    names = {name for p in one.parameters if not one.is_frozen(p) for name in list_update(one, p)}
    names -= set(map(updated, one.parameters))
    return frozenset(of_sample(name, sample) for name in names for sample in (0, *network.samples))


def measure_left_over(figures: Sequence[Figure]) -> float:
    """Return the size up to which a printed value may be 0 but for rounding, beside the others of its sheet."""
    if not figures:
        return 0.0
    numbers = [abs(float(figure.digits.value)) for figure in figures]
    return _LEFT_OVER * float(np.finfo(figures[0].spec.precision).eps) * max([1.0, *filter(isfinite, numbers)])


def find_unsure_places(figures: Sequence[Figure]) -> frozenset[int]:
    """Return the places of values on which another order of the operations may show.

    They are printed with all their digits, or may be 0 but for rounding.
    """
    small = measure_left_over(figures)
    return frozenset(
        place
        for place, figure in enumerate(figures)
        if figure.digits.count >= FULL_DIGITS[figure.spec.precision] or abs(float(figure.digits.value)) <= small
    )


def agrees(digits: PrintedNumber, value: float, cut: bool, slack: float = 0.0) -> bool:
    """Whether a number has the digits of a printed value, a tie in either direction, to within ``slack``."""
    return digits.agree(value, _TIES, cut) or (slack > 0.0 and digits.is_within(value, slack))


def is_within(digits: PrintedNumber, value: float, reach: float, cut: bool = False) -> bool:
    """Whether a printed value is one of the numbers that a value may have had, off by at most ``reach``."""
    if cut:  # what was printed lies a whole unit on the side of zero
        value -= copysign(digits.half, float(digits.value) or value)
    off = abs(value - float(digits.value))
    return isfinite(off) and off <= digits.half + reach * (1.0 + 1e-9)


def round_like(value: float, digits: PrintedNumber, cut: bool = False) -> float:
    """Return a number rounded to as many decimals as a printed one, or cut off after them."""
    exponent = digits.value.as_tuple().exponent
    if not isinstance(exponent, int) or not digits.half or not isfinite(value) or exponent < -_LARGEST_PLACE:
        return value
    if exponent > _LARGEST_PLACE:
        return 0.0
    unit = 10.0 ** abs(exponent)
    try:
        if not cut:
            return round(value, -exponent)
        return trunc(value * unit) / unit if exponent < 0 else trunc(value / unit) * unit
    except OverflowError:  # larger than any double: rounded up, or in these units
        return value
