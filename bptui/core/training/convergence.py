"""How many rounds a training takes to come near to its loss floor, looked for beyond the rounds of its lesson.

Where the floor is 0, or as good as 0 beside the first loss, "within 10 %" is 10 % of the first loss; see
``verdict.near``. Nothing that is trained on the way is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bptui.core.engines.engine import NumpyEngine
from bptui.core.formulas.rounding import NONE
from bptui.core.problem.spec import Spec
from bptui.core.training.run import History
from bptui.core.training.verdict import compute_near, has_size

TOLERANCES = (0.1, 0.01)
_CHUNK = 4096  # parameters trained at once
_MOST = 8_000_000  # parameters updated before the search is given up: a million rounds at 2-2-2, some 4 seconds
_DEARER = 50  # times as much that a training costs whose results are rounded by hand


@dataclass(frozen=True)
class Convergence:
    """How near a training comes to its floor, and when.

    Attributes:
        rounds: The first round within each of ``TOLERANCES``; None where it was not reached.
        looked: How many rounds were looked at; 0 where there is no floor, or no first loss to tell near from far by.
        still: Whether the search ended because training changes nothing any more.
        lost: Whether it ended because a parameter is inf or nan.
        of_floor: Whether the parts are of the floor, not of the first loss.
    """

    rounds: tuple[int | None, ...]
    looked: int
    still: bool
    lost: bool
    of_floor: bool


def measure_convergence(spec: Spec, rounds: int, parts: Sequence[float] = TOLERANCES) -> Convergence:
    """Train until the loss is within all parts of its floor, or until it is no use.

    Args:
        spec: The problem.
        rounds: How many rounds to train at the least.
        parts: Such as 0.1, for within 10 %, in falling order.
    """
    nowhere = Convergence((None,) * len(parts), 0, False, False, False)
    if not np.isfinite(spec.floor):
        return nowhere
    engine, found = NumpyEngine(spec), [0] * len(parts)
    now = History(spec, engine.dtype).next_state
    most = max(_MOST // len(now) // (1 if spec.rounding == NONE else _DEARER), rounds)
    looked, still, lost, bounds = 0, False, False, np.zeros(len(parts))
    first = 0.0
    while looked < most and not all(found) and not (still or lost):
        rows, after = engine.advance(now, min(max(_CHUNK // len(now), 1), most - looked), looked + 1)
        if not looked:
            first = float(rows[0, 0])
            if not np.isfinite(first):
                return nowhere
            bounds = np.array([compute_near(spec.floor, part, first) for part in parts])
        for place, bound in enumerate(bounds):
            if not found[place] and (there := rows[:, 0] <= bound).any():
                found[place] = looked + int(there.argmax()) + 1
        looked += len(rows)
        still, lost = bool((after == rows[-1, 1:]).all()), not np.isfinite(after).all()
        now = after
    return Convergence(
        tuple(round_ or None for round_ in found), looked, still, lost, bool(has_size(spec.floor, first))
    )
