"""The ways in which a sheet may have been calculated, side by side on the last axis of all numbers.

First come three: ``OWN`` (no printed number put in), by full digits and by printed digits. Then there are six for every
printed value: by full and by printed digits, with the value moved up, moved down, and not carried on. At last there is
one for every step that is not printed, in which its result was rounded.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Ways = NDArray[np.floating]
OWN, FULL_WAY, PRINTED_WAY, _FIRST = 0, 1, 2, 3
UP, DOWN, KEPT = 0, 1, 2
_EACH = 6


class WayLayout:
    """Where the ways of a sheet are.

    Attributes:
        size: How many there are.
        aside: The place of the first in which a step was rounded.
        by_printed: Whether a way goes on with printed digits, of shape (ways,).
    """

    def __init__(self, values: int, steps: int, dtype: np.dtype[Any]) -> None:
        """Plan the ways.

        Args:
            values: How many printed values there are.
            steps: How many steps may have been rounded aside.
            dtype: The precision of the calculation.
        """
        self._values, self._dtype = values, dtype
        self.aside = _FIRST + _EACH * values
        self.size = self.aside + steps
        number = np.arange(self.size)
        self.by_printed = (number >= self.aside) | ((number - _FIRST) % _EACH >= _EACH // 2)
        self.by_printed[:_FIRST] = [False, False, True]

    def spread(self, value: Any) -> Ways:
        """Return a number as an array over all ways, of shape (ways,), in the precision of the calculation."""
        ways = np.empty(self.size, self._dtype)
        ways[:] = value
        return ways

    def of_value(self, index: int, way: int, printed: bool) -> int:
        """Return the place of one of the six ways of a printed value."""
        return _FIRST + _EACH * index + (_EACH // 2 if printed else 0) + way

    def each(self, ways: Ways) -> Ways:
        """Return the ways of all printed values, of shape (values, 2, 3): by full and printed digits; three moves."""
        return ways[_FIRST : self.aside].reshape(self._values, 2, 3)
