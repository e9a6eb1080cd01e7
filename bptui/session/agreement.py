"""How far two engines' numbers are apart: as people say it, and whether by more than rounding explains.

A unit is one in the last place of the coarser of the two precisions. What rounding explains is told by the sizes of
``core.rounding``, for one round: two trainings that started alike may in time be further apart, and both be right.
"""

from math import frexp, isfinite, isnan
from typing import Any, NamedTuple

import numpy as np

from bptui.core.engines.error_bounds import UNITS

_FEW = 99  # units in the last place; more of them say less than the number itself


class EngineDifference(NamedTuple):
    """A difference.

    Attributes:
        text: "0", so many "ulp", or a number.
        beyond: Whether it is more than rounding explains.
    """

    text: str
    beyond: bool


def measure_difference(mine: Any, theirs: Any, precision: str, size: float) -> EngineDifference:
    """How far two numbers are apart that would be the same if nothing were rounded.

    Args:
        mine: One engine's number.
        theirs: The other's.
        precision: The coarser precision of the two, "float64" or "float32".
        size: The number's size, as ``core.rounding`` has it.
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
