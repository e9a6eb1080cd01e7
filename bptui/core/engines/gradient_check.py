"""The gradient check: whether two computations of the gradients at the same parameters agree up to rounding.

Both sides compute in float64 and without rounding by hand, whatever the run does: the question is whether the formula
is right at these parameters. A verdict needs a bound on the error of either side. Within these bounds two numbers agree
only if the bounds are small beside the numbers; else it cannot be told, as near a minimum, or where a weighted input is
at the kink of its activation up to rounding.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from bptui.core.engines.engine import Floats, NumpyEngine, collect_given
from bptui.core.engines.error_bounds import compute_bounds
from bptui.core.engines.finite_differences import Estimate
from bptui.core.formulas.names import gradient
from bptui.core.formulas.network import CHAIN_RULE
from bptui.core.formulas.rounding import NONE
from bptui.core.problem.spec import Spec

Verdicts = Mapping[str, bool | None]
"""The gradient check by parameter: whether both sides agree; None if it cannot be told."""
_BY_AUTOGRAD = 1e-6  # the largest bound, beside the number, with which two numbers agree
_BY_DIFFERENCES = 1e-4  # the same for finite differences, whose error is an estimate


def check_by_autograd(spec: Spec, state: Floats, round_: int, theirs: Mapping[str, Any]) -> Verdicts:
    """Compare NumPy's gradients with autograd's.

    Args:
        spec: The problem, with the gradient rule to check.
        state: The state at which both sides compute, of shape (state,).
        round_: The number of the round.
        theirs: Autograd's gradients by name, computed in float64.

    Returns:
        ``{"w1": True, ...}`` for every parameter; those that agree differ by 2e-6 of themselves at most.
    """
    spec = _without_rounding(spec)
    mine = _evaluate(spec, state, round_)
    right = spec if spec.gradient == CHAIN_RULE else replace(spec, gradient=CHAIN_RULE)
    right_values = mine if right is spec else _evaluate(right, state, round_)
    bounds = compute_bounds(spec.network_of(round_), mine, "float64")
    autograd_bounds = compute_bounds(right.network_of(round_), right_values, "float64", by_autograd=True)
    return {
        p: compare(
            mine[gradient(p)], theirs[gradient(p)], bounds[gradient(p)] + autograd_bounds[gradient(p)], _BY_AUTOGRAD
        )
        for p in spec.network.parameters
    }


def check_by_differences(spec: Spec, state: Floats, round_: int, estimates: Mapping[str, Estimate]) -> Verdicts:
    """Compare NumPy's gradients with finite differences of the loss.

    Args:
        spec: The problem, with the gradient rule to check.
        state: The state at which both sides compute, of shape (state,).
        round_: The number of the round.
        estimates: What ``estimate_gradients`` returns for the same arguments.

    Returns:
        ``{"w1": True, ...}`` for every parameter; those that agree differ by 2e-4 of themselves at most.
    """
    spec = _without_rounding(spec)
    mine = _evaluate(spec, state, round_)
    bounds = compute_bounds(spec.network_of(round_), mine, "float64")
    found: dict[str, bool | None] = {}
    for p in spec.network.parameters:
        slope, error = estimates[gradient(p)]
        found[p] = compare(mine[gradient(p)], slope, bounds[gradient(p)] + error, _BY_DIFFERENCES)
    return found


def compare(mine: Any, theirs: Any, bound: float, tolerance: float) -> bool | None:
    """Return whether two numbers are equal, as far as their errors let it be known.

    Args:
        mine: One number.
        theirs: The other.
        bound: How far their errors may bring them apart.
        tolerance: How large the bound may be beside the numbers if they are to count as equal.

    Returns:
        False if they are further apart than the bound, True if they are not and the bound is small, and else None, also
        if one is no finite number.
    """
    a, b = float(mine), float(theirs)
    off = abs(a - b)
    if not off < np.inf:
        return None
    if off > bound:
        return False
    return True if bound <= tolerance * max(abs(a), abs(b)) else None


def _without_rounding(spec: Spec) -> Spec:
    """Return a problem without rounding by hand."""
    return spec if spec.rounding == NONE else replace(spec, rounding=NONE)


def _evaluate(spec: Spec, state: Floats, round_: int) -> dict[str, Any]:
    """Return the quantities of a round in float64, and all that they are computed from."""
    at = state.astype(np.float64)
    return {**collect_given(spec, at, round_), **NumpyEngine(spec, "float64").evaluate(at, round_)}
