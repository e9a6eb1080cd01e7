"""One engine's side of a round, and how a printed value compares with its numbers.

A printed value matches digit by digit, or but for the last digits: a program that does the same operations in another
order gets a number that differs in its last places, which shows where all digits are printed.
"""

from collections.abc import Mapping
from functools import cached_property
from math import isfinite
from typing import Any, NamedTuple

import numpy as np

from bptui.core.engines.error_bounds import bound_expression, compute_bounds
from bptui.core.engines.program import compile_expression
from bptui.core.formulas.backprop import list_formulas
from bptui.core.formulas.expr import find_names
from bptui.core.formulas.network import Network
from bptui.core.quantities.printable import list_printable
from bptui.record import record
from bptui.text.printed import PrintedNumber
from bptui.text.words import format_count

LAST_DIGITS = "but for the last digits"
"""How a printed value matches whose last digits another order of the operations explains."""
FULL_DIGITS = {"float64": 15, "float32": 7}
"""The significant digits of a number that is printed with all its digits."""
_VALUE = "printed value"
_LIKELY = 0.01  # part of a bound that rounding may well reach where a sum cancels, and last digits are many
_LEFT_OVER = 64.0  # units of rounding of the largest number of a round, that a sum of 0 may be off
_AS_WRITTEN = 0.5  # units that a decimal number may be off as the nearest binary one
_FEW, _MOST = 4, 99  # units in the last place: what may tip a tie, and what are no longer the last digits


class Match(NamedTuple):
    """How a printed value compares with a number.

    Attributes:
        agrees: Whether it matches; None until that is known.
        last_digits: Whether it matches but for the last digits.
    """

    agrees: bool | None
    last_digits: bool = False


def say_how_many_match(right: int, count: int) -> str:
    """Return how many of some printed values match."""
    return f"{right:,} of {format_count(count, _VALUE)} {'matches' if 1 in (right, count) else 'match'}"


def name_all(count: int) -> str:
    """Name some printed values that are all there are."""
    return f"the {_VALUE}" if count == 1 else f"{'both' if count == 2 else f'all {count:,}'} {_VALUE}s"


def say_all_match(count: int) -> str:
    """Return that all of some printed values match."""
    return f"{name_all(count)} match{'es' if count == 1 else ''}"


def say_how_they_match(near: int) -> str:
    """Return how printed values match, from the number of those that do but for the last digits."""
    return f"{near:,} of them {LAST_DIGITS}" if near else "digit by digit"


@record(eq=False)
class Side:
    """One engine's side of a round.

    Attributes:
        engine: "numpy" or "torch".
        network: The network as this engine computes it.
        values: The inputs of the round and its quantities, as far as they are known; empty if the engine has not
            answered.
        precision: The precision of its numbers, "float64" or "float32".
    """

    engine: str
    network: Network
    values: Mapping[str, Any]
    precision: str

    @classmethod
    def of_torch(cls, network: Network, values: Mapping[str, Any], precision: str) -> "Side":
        """Return torch's side; quantities that torch has no name for are computed from its numbers."""
        its, found = network.as_torch_computes(), dict(values)
        for formula in list_formulas(its) if values else ():
            if formula.name not in found:
                found[formula.name] = compile_expression(formula.expr)(found)
        return cls("torch", its, found, precision)

    def value_of(self, name: str) -> float | None:
        """Return the value of a name from ``list_printable``; None until it is known."""
        if name in self.values:
            return float(self.values[name])
        expr = list_printable(self.network)[name]
        is_quantity = any(name == formula.name for formula in list_formulas(self.network))
        if is_quantity or not self.values or not all(part in self.values for part in find_names(expr)):
            return None
        return float(compile_expression(expr)(self.values))

    @cached_property
    def _bounds(self) -> Mapping[str, float]:
        return compute_bounds(self.network, self.values, self.precision)

    @cached_property
    def _bounds_as_written(self) -> Mapping[str, float]:
        return compute_bounds(self.network, self.values, self.precision, given_units=_AS_WRITTEN)

    def bound(self, name: str, as_written: bool = False) -> float:
        """Return the bound on the rounding error of a number; inf where there is none.

        Args:
            name: Its name in ``list_printable``.
            as_written: Whether given numbers count as decimal, which the nearest binary ones are off by.
        """
        bounds = self._bounds_as_written if as_written else self._bounds
        if name in bounds:
            return bounds[name]
        return bound_expression(list_printable(self.network)[name], self.values, bounds, self.precision)

    @cached_property
    def noise(self) -> float:
        """The largest number that rounding alone may leave of a sum that is 0; a kink's bound is larger."""
        sizes = [abs(float(value)) for value in self.values.values() if isfinite(value)]
        return _LEFT_OVER * float(np.finfo(self.precision).eps) * max(1.0, *sizes)

    def compare(self, name: str, number: PrintedNumber, slack: float = 0.0) -> Match:
        """Compare a printed value with the number of its name.

        Args:
            name: A name from ``list_printable``.
            number: The printed value.
            slack: How far the number may be off besides, relative to it.
        """
        value = self.value_of(name)
        if value is None or number.agree(value):
            return Match(None if value is None else True)
        near = number.is_within(value, max(find_slack(self, name, number), slack * abs(value)))
        return Match(near, last_digits=near)


def find_slack(side: Side, name: str, number: PrintedNumber) -> float:
    """Return by how much two correct ways to compute a number may differ in the last places.

    With all digits printed it is what another order of the same operations may change in one round, but never more
    than some last digits, or a hundredth of that change where a sum cancels; else a few units, which may tip a tie. Of
    a number that is 0 but for rounding, as the sum of all deltas of softmax is, no digit is certain, however many are
    printed. A sum that is exactly 0 on paper is not 0 in binary numbers, where 0.1 is none: an exact 0 has no last
    digits, and what was rounded is all that is allowed.

    Args:
        side: The side that has the number.
        name: Its name in ``list_printable``.
        number: The printed value.

    Returns:
        The difference in the unit of the number; 0 for a number that is not finite or not known.
    """
    value = side.value_of(name)
    if value is None or not isfinite(value):
        return 0.0
    largest = np.nextafter(np.finfo(side.precision).max, np.zeros((), side.precision))  # with a number above it
    unit = float(np.spacing(np.minimum(np.abs(np.array(value, side.precision)), largest)))
    zero = not (number.value or number.half)
    bound = side.bound(name, as_written=zero)
    if zero or abs(value) <= bound <= side.noise:
        return 2.0 * bound if bound <= side.noise else 0.0
    if number.count < FULL_DIGITS[side.precision]:
        return _FEW * unit
    reach = 2.0 * bound if isfinite(bound) else 0.0
    return min(max(reach, _FEW * unit), max(_MOST * unit, _LIKELY * reach))
