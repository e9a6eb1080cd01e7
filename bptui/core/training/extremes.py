"""Highest and lowest losses of stretches of rounds, so that drawing a curve of a million rounds need not read them all.

A loss that is not finite is left out. Where a stretch has no other, its highest is minus infinity, its lowest infinity.
"""

from math import inf

import numpy as np
from numpy.typing import NDArray

from bptui.core.engines.engine import Floats

UNIT = 64  # rounds that share a stored highest and lowest loss
_LEAST_UNITS = 8  # units in a bin made of them, so that one unit more or less is invisible
_ROUNDING = 1e-12  # relative: a power that misses a whole round by less means that round


def find_highest(losses: Floats) -> Floats:
    """Return the highest finite loss of each ``UNIT`` of some rounds, an array of shape (units,)."""
    return np.asarray(np.maximum.reduceat(replace_non_finite(losses, -inf), np.arange(0, len(losses), UNIT)))


def find_lowest(losses: Floats) -> Floats:
    """Return the lowest finite loss of each ``UNIT`` of some rounds, an array of shape (units,)."""
    return np.asarray(np.minimum.reduceat(replace_non_finite(losses, inf), np.arange(0, len(losses), UNIT)))


def replace_non_finite(losses: Floats, number: float) -> Floats:
    """Return losses with a number in place of those that are not finite."""
    return np.where(np.isfinite(losses), losses, number)


def make_log_starts(last: int, most: int) -> tuple[NDArray[np.int64], int]:
    """Return where bins of equal length on a logarithmic axis of rounds start.

    Args:
        last: The last round; the first is round 1.
        most: The number of bins that the axis is divided into; those without a round are left out.

    Returns:
        The first rounds of the bins, counted from 0; and the round, counted from 0, from which on bins are so long that
        they are made of whole units: ``last`` if none are.
    """
    powers = np.power(float(last), np.arange(max(most, 1)) / max(most, 1))
    starts = np.unique(np.ceil(powers - _ROUNDING * powers).astype(np.int64)) - 1
    wide = np.append(np.diff(starts) >= _LEAST_UNITS * UNIT, False)
    whole = starts // UNIT * UNIT
    wide[1:] &= whole[1:] > starts[:-1]
    if not wide.any():
        return starts, last
    first = int(wide.argmax())
    starts[first:] = whole[first:]
    return starts, int(starts[first])
