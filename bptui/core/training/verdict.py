"""How a training went, in one word, told from its loss: the same rule for one run and for many at once.

Everything here works on scalars and on arrays over runs alike (runs on the last axis), so that a run out of a sweep of
many gets the verdict that it gets alone. Losses are those at the start of a round, before its update.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

DIVERGED, CONVERGED, OSCILLATING, RISING, FALLING, STUCK = range(6)
VERDICTS = ("diverged", "converged", "oscillating", "rising", "still falling", "stuck")
"""The words, in the order in which they are tried: the first that holds is the verdict."""

NEAR = 0.01  # of the floor: so near to it a training has converged
NEAR_ZERO = 1e-6  # of the first loss, where the floor is too small for that to mean anything
MOVES = 0.01  # of what is above the floor: what a loss must gain or lose in the second half to be moving
OFTEN = 0.1  # of the last rounds: so many must rise, and so many fall, for the loss to oscillate
JITTER = 1e-5  # of the loss: a smaller rise or fall is rounding
FAR = 1e3  # times the first loss: from there on a loss has run away, finite or not
WINDOW = 100  # rounds at the end that are looked at for oscillation


@dataclass(frozen=True, eq=False)
class Course:
    """What the verdict on a training is told from, for one run or for many.

    Attributes:
        first: E of round 1.
        middle: E of the round ``find_halfway``.
        last: E of the last round.
        rises: How often E rose from one of the last rounds to the next, by more than ``JITTER``.
        falls: How often it fell.
        steps: How many such steps were looked at, ``size_window(rounds)``.
        lost: The first round with a loss, or a parameter before or after its update, that is not finite; 0 if none.
    """

    first: Any
    middle: Any
    last: Any
    rises: Any
    falls: Any
    steps: int
    lost: Any


def find_halfway(rounds: int) -> int:
    """The round whose loss the last one is compared with."""
    return (rounds + 1) // 2


def size_window(rounds: int) -> int:
    """How many steps from one round to the next, at the end, are looked at for rises and falls."""
    return min(WINDOW, rounds // 2)


def is_rising(before: Any, after: Any) -> Any:
    """Whether the loss rose from one round to the next by more than rounding."""
    return after - before > JITTER * np.abs(before)


def is_falling(before: Any, after: Any) -> Any:
    """Whether it fell by more than rounding."""
    return before - after > JITTER * np.abs(before)


def compute_near(floor: float, part: Any, first: Any) -> Any:
    """The loss up to which a training is within a part of its floor.

    Args:
        floor: The loss floor; minus infinity where there is none.
        part: Such as 0.01, for within 1 %.
        first: E of round 1: where the floor is 0, or as good as 0 beside it, the part is one of this.

    Returns:
        The loss; minus infinity where there is no floor.
    """
    if not np.isfinite(floor):
        return np.full(np.shape(first), floor)
    return floor + part * np.where(has_size(floor, first), abs(floor), first - floor)


def has_size(floor: float, first: Any) -> Any:
    """Whether a floor is large enough, beside the first loss, for a part of it to mean anything."""
    return abs(floor) > NEAR_ZERO * np.abs(first)


def judge(course: Course, floor: float) -> NDArray[np.int8]:
    """The verdict of each run, as a place in ``VERDICTS``.

    Args:
        course: The runs; each of its numbers has the shape of the result.
        floor: The loss floor of the problem; minus infinity where there is none.
    """
    first, middle, last = (np.asarray(value, np.float64) for value in (course.first, course.middle, course.last))
    with np.errstate(all="ignore"):
        above = middle - floor if np.isfinite(floor) else np.abs(middle)
        share = np.where(has_size(floor, first), NEAR, NEAR_ZERO)
        needed = max(OFTEN * course.steps, 2.0)
        holds = [
            (np.asarray(course.lost) > 0) | ~np.isfinite(last) | (last > FAR * np.abs(first)) & (last > floor),
            last <= compute_near(floor, share, first),
            (np.asarray(course.rises) >= needed) & (np.asarray(course.falls) >= needed),
            last - middle > MOVES * above,
            middle - last > MOVES * above,
        ]
    found: NDArray[np.int8] = np.select(holds, range(5), STUCK).astype(np.int8)
    return found
