"""The verdict on a run: one word, decided by its loss, with the same rule for one run and for many at once.

Everything here works on scalars and on arrays over runs (runs on the last axis), so a run in a sweep gets the verdict
that it gets alone. Losses are those at the start of a round, before its update.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptui.record import record

DIVERGED, CONVERGED, OSCILLATING, RISING, FALLING, STUCK, ONE_ROUND = range(7)
VERDICTS = ("diverged", "converged", "oscillating", "rising", "still falling", "stuck", "one round")
"""The verdicts in the order in which they are tried: the first that holds is the verdict.

A run of one round has no other loss to compare its own with, so it is none of the four in the middle.
"""

NEAR = 0.01  # of the floor: a run within this distance has converged
NEAR_ZERO = 1e-6  # of the first loss: replaces NEAR where the floor is too small for a fraction of it to mean anything
MOVES = 0.01  # of the loss above the floor: a loss that changes more than this in the second half is moving
OFTEN = 0.1  # of the last steps: a loss that rises in this fraction of them and falls in as many oscillates
JITTER = 1e-5  # of the loss: a smaller rise or fall is rounding
FAR = 1e3  # times the first loss: a larger loss has diverged, finite or not
WINDOW = 100  # rounds at the end that are examined for oscillation


@record(eq=False)
class Course:
    """The data for the verdict on one run or many; fields but ``steps`` and ``rounds`` are scalars or of shape (runs,).

    Attributes:
        first: The loss over all samples in round 1.
        middle: The same in the round ``find_halfway``.
        last: The same in the last round.
        rises: The number of steps between the last rounds in which it rose by more than ``JITTER``.
        falls: The number of these steps in which it fell by more than ``JITTER``.
        steps: The number of these steps, see ``size_window``; 0 if the run is too short for one.
        rounds: The number of rounds.
        lost: The first round with a loss, or a parameter before or after its update, that is not finite; 0 if none.
    """

    first: Any
    middle: Any
    last: Any
    rises: Any
    falls: Any
    steps: int
    lost: Any
    rounds: int


def find_halfway(rounds: int) -> int:
    """Return the round whose loss the last one is compared with."""
    return (rounds + 1) // 2


def size_window(rounds: int, period: int = 1) -> int:
    """Return the number of steps, at the end, that are examined for rises and falls.

    Args:
        rounds: The number of rounds.
        period: The number of rounds after which the same samples come again: a step leads so far.
    """
    return min(WINDOW, rounds // 2) // period


def list_window(rounds: int, period: int = 1) -> range:
    """Return the rounds between which these steps lead, the last one last."""
    return range(rounds - size_window(rounds, period) * period, rounds + 1, period)


def is_rising(before: Any, after: Any) -> Any:
    """Whether the loss rose from one round to the next by more than rounding.

    Args:
        before: The loss of a round: a scalar or an array.
        after: The loss of the next round, of the same shape.

    Returns:
        A bool or an array of bools of that shape.
    """
    return after - before > JITTER * np.abs(before)


def is_falling(before: Any, after: Any) -> Any:
    """Whether the loss fell from one round to the next by more than rounding; see ``is_rising``."""
    return before - after > JITTER * np.abs(before)


def compute_near(floor: float, part: Any, first: Any) -> Any:
    """Return the loss up to which a run is within a tolerance of its floor.

    Args:
        floor: The lowest possible loss; minus infinity if there is none.
        part: The tolerance as a fraction, such as 0.01 for within 1 %: a scalar or of shape (runs,).
        first: E of round 1, a scalar or of shape (runs,). The tolerance is relative to the floor; where the floor is
            0, or negligible beside ``first``, it is relative to the distance of ``first`` from the floor.

    Returns:
        The loss, a scalar or of shape (runs,); minus infinity if there is no floor.
    """
    if not np.isfinite(floor):
        return np.full(np.shape(first), floor)
    return floor + part * np.where(has_size(floor, first), abs(floor), first - floor)


def has_size(floor: float, first: Any) -> Any:
    """Whether a floor is large enough, beside the first loss, for a fraction of it to mean anything.

    Args:
        floor: The lowest possible loss.
        first: E of round 1, a scalar or of shape (runs,).

    Returns:
        A bool or an array of bools of shape (runs,).
    """
    return abs(floor) > NEAR_ZERO * np.abs(first)


def judge(course: Course, floor: float) -> NDArray[np.int8]:
    """Return the verdict on each run.

    Args:
        course: The runs; each of its fields but ``steps`` and ``rounds`` has the shape of the result.
        floor: The lowest possible loss of the problem; minus infinity if there is none.

    Returns:
        Indices into ``VERDICTS``, of shape () for one run or (runs,) for many.
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
    found: NDArray[np.int8] = np.select(holds, range(5), STUCK if course.rounds > 1 else ONE_ROUND).astype(np.int8)
    return found
