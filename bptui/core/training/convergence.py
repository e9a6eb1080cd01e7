"""The number of rounds that a run takes to come near to its lowest possible loss, even beyond the lesson's rounds.

Where that floor is 0, or negligible beside the first loss, "within 10 %" means 10 % of the first loss; see
``verdict.compute_near``. No round of the search is stored.
"""

from collections.abc import Sequence

import numpy as np

from bptui.core.engines.engine import Floats, NumpyEngine
from bptui.core.formulas.rounding import NONE
from bptui.core.problem.spec import Spec
from bptui.core.training.all_samples import evaluate_all_samples
from bptui.core.training.history import History
from bptui.core.training.verdict import compute_near, has_size
from bptui.record import record

TOLERANCES = (0.1, 0.01)
_CHUNK = 4096  # parameters trained at once
_MOST = 8_000_000  # parameter updates before the search gives up: a million rounds at 2-2-2, about 4 seconds
_DEARER = 50  # factor by which rounding by hand makes a run slower


@record
class Convergence:
    """How near a run comes to its lowest possible loss ("floor"), and when.

    Attributes:
        rounds: The first round within each tolerance; None where it was not reached.
        looked: The number of rounds examined; 0 without a floor or without a finite first loss to measure against.
        still: Whether the search ended because training no longer changes anything.
        lost: Whether it ended because a parameter is inf or nan.
        of_floor: Whether the tolerances are relative to the floor, not to the first loss.
    """

    rounds: tuple[int | None, ...]
    looked: int
    still: bool
    lost: bool
    of_floor: bool


def measure_convergence(spec: Spec, rounds: int, parts: Sequence[float] = TOLERANCES) -> Convergence:
    """Train until the loss is within all tolerances of its floor, or until further training is pointless.

    Args:
        spec: The problem, trained by NumPy in its own precision.
        rounds: The number of rounds that the search may always use, 1 or more.
        parts: The tolerances as fractions, such as 0.1 for within 10 %, in descending order.

    Returns:
        The result, with one entry in ``rounds`` per tolerance.
    """
    nowhere = Convergence((None,) * len(parts), 0, False, False, False)
    if not np.isfinite(spec.floor):
        return nowhere
    engine, found = NumpyEngine(spec), [0] * len(parts)
    now = History(spec, engine.dtype).next_state
    most = count_rounds_searched(spec, rounds)
    looked, still, lost, bounds = 0, False, False, np.zeros(len(parts))
    first = 0.0
    while looked < most and not all(found) and not (still or lost):
        rows, after = engine.advance(now, min(max(_CHUNK // len(now), spec.period), most - looked), looked + 1)
        losses = _find_losses(spec, rows, looked + 1)
        if not looked:
            first = float(losses[0])
            if not np.isfinite(first):
                return nowhere
            bounds = np.array([compute_near(spec.floor, part, first) for part in parts])
        for place, bound in enumerate(bounds):
            if not found[place] and (there := losses <= bound).any():
                found[place] = looked + int(there.argmax()) + 1
        looked += len(rows)
        still, lost = _is_still(spec, rows[:, 1:], after), not np.isfinite(after).all()
        now = after
    return Convergence(
        tuple(round_ or None for round_ in found), looked, still, lost, bool(has_size(spec.floor, first))
    )


def count_rounds_searched(spec: Spec, rounds: int) -> int:
    """Return how many rounds ``measure_convergence`` examines at most."""
    return max(_MOST // len(spec.network.state) // (1 if spec.rounding == NONE else _DEARER), rounds)


def _find_losses(spec: Spec, rows: Floats, first: int) -> Floats:
    """Return the loss over all samples in some rounds, from their rows and the number of the first."""
    if spec.period == 1:
        return rows[:, 0]
    numbers = np.arange(first, first + len(rows))
    return np.broadcast_to(evaluate_all_samples(spec, rows[:, 1:].T, numbers)["E"], len(rows))


def _is_still(spec: Spec, states: Floats, after: Floats) -> bool:
    """Whether training changes nothing any more: no round of the last period did, and none to come can.

    Where an optimiser counts its rounds, the same state gives another update later, unless its state is 0.
    """
    moved = len(states) < spec.period or not (states[-spec.period :] == after).all()
    counts = "t" in spec.network.data and after[len(spec.network.parameters) :].any()
    return not moved and not counts
