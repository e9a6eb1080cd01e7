"""The second number beside each of NumPy's, and their difference: in ulp, and whether rounding explains it.

A unit is one in the last place of the coarser of the two precisions. What rounding explains follows from the bounds of
``core.engines.error_bounds`` and holds for one round: two runs from the same start may in time differ by more, and both
be right.
"""

from collections.abc import Mapping
from math import frexp, inf, isfinite, isnan
from typing import Any, NamedTuple

import numpy as np

from bptui.core.engines.engine import Floats, Values
from bptui.core.engines.error_bounds import compute_bounds
from bptui.core.engines.finite_differences import estimate_gradients
from bptui.core.engines.gradient_check import Verdicts, check_by_autograd, check_by_differences
from bptui.core.problem.spec import Spec
from bptui.record import record
from bptui.session.torch_side.side import TorchSide

_FEW = 99  # units in the last place; beyond, the number itself says more


class EngineDifference(NamedTuple):
    """A difference between two engines.

    Attributes:
        text: "0", a number of "ulp", or a number.
        beyond: Whether it is larger than rounding explains.
    """

    text: str
    beyond: bool


@record(eq=False)
class SecondNumbers:
    """The second numbers of a round.

    Attributes:
        by: Their source: "torch" or "finite differences".
        is_own_run: Whether they are of torch's own run, not at NumPy's parameters.
        values: The numbers by name; if they are torch's, with all they were computed from. Empty until torch answers.
        agrees: The gradient check by parameter, always at NumPy's parameters; empty until it is done.
    """

    by: str
    is_own_run: bool
    values: Mapping[str, Any]
    agrees: Verdicts


def find_second(
    spec: Spec, round_: int, state: Floats, given: Values, torch: TorchSide, own_run: bool
) -> SecondNumbers:
    """Return the second numbers of a round: torch's, or while it is unavailable or loading, finite differences.

    Args:
        spec: The problem.
        round_: The number of the round.
        state: NumPy's state at its start, of shape (state,).
        given: All that NumPy's round was computed from, by name.
        torch: Torch's side.
        own_run: Whether torch's numbers are to be those of its own run from the same start.
    """
    if torch.state != "ready":
        estimates = estimate_gradients(spec, state, round_)
        slopes = {name: one.slope for name, one in estimates.items()}
        agrees = check_by_differences(spec, state, round_, estimates)
        return SecondNumbers("finite differences", False, slopes, agrees)
    at_state = torch.check.get(round_, {})
    agrees = check_by_autograd(spec, state, round_, at_state) if at_state else {}
    if own_run:
        return SecondNumbers("torch", True, torch.given(round_), agrees)
    return SecondNumbers("torch", False, {**given, **at_state} if at_state else {}, agrees)


def measure_difference(mine: Any, theirs: Any, precision: str, bound: float) -> EngineDifference:
    """Measure the difference of two numbers that would be equal without rounding.

    Args:
        mine: One engine's number.
        theirs: The other's.
        precision: The coarser precision of the two, "float64" or "float32".
        bound: How far rounding may bring them apart.
    """
    a, b = float(mine), float(theirs)
    if a == b or (isnan(a) and isnan(b)):
        return EngineDifference("0", False)
    off = abs(a - b)
    if not isfinite(off):
        return EngineDifference("nan" if isnan(off) else "inf", True)
    kind = np.finfo(precision)
    units = off / max(float(kind.eps) * 2.0 ** (frexp(max(abs(a), abs(b)))[1] - 1), float(kind.smallest_subnormal))
    text = "<1 ulp" if units < 1 else f"{units:.0f} ulp" if units <= _FEW else f"{off:.1e}"
    return EngineDifference(text, off > bound)


def bound_differences(
    spec: Spec, round_: int, mine: Values, theirs: Values, torch_precision: str
) -> Mapping[str, float]:
    """Return how far rounding may bring NumPy's and torch's numbers of a round apart, by name; inf if that is unknown.

    A run's weights are results of its updates, so what a round starts from may be off by a unit in the last place.

    Args:
        spec: The problem.
        round_: The number of the round.
        mine: NumPy's numbers of the round, and what it was computed from.
        theirs: Torch's.
        torch_precision: What torch computed them in, "float64" or "float32".
    """
    network = spec.network_of(round_)
    right = network.as_torch_computes()
    by_numpy = compute_bounds(network, mine, spec.precision_of("numpy"), given_units=1.0)
    by_torch = compute_bounds(right, theirs, torch_precision, given_units=1.0, by_autograd=True)
    return {name: bound + by_torch.get(name, inf) for name, bound in by_numpy.items()}
