"""The difference of two engines' numbers, in ulp, and whether rounding explains it.

A unit is one in the last place of the coarser of the two precisions. What rounding explains follows from the sizes of
``core.engines.error_bounds`` and holds for one round: two runs from the same start may in time differ by more, and both
be right.
"""

from math import frexp, isfinite, isnan
from typing import Any, NamedTuple

import numpy as np

from bptui.core.engines.error_bounds import UNITS

_FEW = 99  # units in the last place; beyond, the number itself says more


class EngineDifference(NamedTuple):
    """A difference between two engines.

    Attributes:
        text: "0", a number of "ulp", or a number.
        beyond: Whether it is larger than rounding explains.
    """

    text: str
    beyond: bool


def measure_difference(mine: Any, theirs: Any, precision: str, size: float) -> EngineDifference:
    """Measure the difference of two numbers that would be equal without rounding.

    Args:
        mine: One engine's number.
        theirs: The other's.
        precision: The coarser precision of the two, "float64" or "float32".
        size: The number's size, as in ``core.engines.error_bounds``.
    """
    a, b = float(mine), float(theirs)
    if a == b or (isnan(a) and isnan(b)):
        return EngineDifference("0", False)
    off = abs(a - b)
    if not isfinite(off):
        return EngineDifference("nan" if isnan(off) else "inf", True)
    kind = np.finfo(precision)
    least, step = float(kind.smallest_subnormal), float(kind.eps)
    units = off / max(step * 2.0 ** (frexp(max(abs(a), abs(b)))[1] - 1), least)
    text = "<1 ulp" if units < 1 else f"{units:.0f} ulp" if units <= _FEW else f"{off:.1e}"
    return EngineDifference(text, off > UNITS * step * size + least)
