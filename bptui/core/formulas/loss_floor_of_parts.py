"""The lowest possible loss of outputs that are parts of 1, as those of softmax: from 0 to 1 each, they sum to 1.

As in ``loss_floor``, a value that is only approached counts as reached, and minus infinity means that there is none.
"""

from collections.abc import Callable, Sequence
from math import exp, fsum, inf, log

from bptui.core.formulas import loss_floor
from bptui.core.formulas.loss_floor import FAR, ROUNDING, log_sum_exp, measure_cross_entropy

Floor = Callable[[Sequence[float]], float]


def squared(scale: float, mean: bool = False) -> Floor:
    """Make the floor of ``scale`` times the sum (or mean) of the squared errors of outputs that are parts of 1.

    The nearest such outputs are the targets less a number that is the same for all, but never below 0.
    Source: Held, Wolfe and Crowder, "Validation of subgradient optimization", Mathematical Programming 6 (1974).
    """

    def floor(targets: Sequence[float]) -> float:
        if min(targets) >= 0.0 and abs(sum(targets) - 1.0) <= ROUNDING * len(targets):
            return 0.0
        top = max(targets)
        shifted = sorted((y - top for y in targets), reverse=True)
        less = max((sum(shifted[:count]) - 1.0) / count for count in range(1, 1 + len(targets)))
        errors = [y - max(y - top - less, 0.0) for y in targets]
        return scale * sum(e * e for e in errors) / (len(errors) if mean else 1)

    return floor


def categorical_cross_entropy(targets: Sequence[float]) -> float:
    """Return the floor of -y·log(o) for outputs that are parts of 1: there each is its target's part of their sum."""
    if len(targets) > 1 and min(targets) < 0.0:
        return -inf  # as its output goes to 0
    size = max(targets)
    if len(targets) == 1 or size == 0.0:
        return 0.0
    whole = fsum(y / size for y in targets)
    return size * sum(y / size * (log(whole) - log(y) + log(size)) for y in targets if y > 0.0)


def binary_cross_entropy(targets: Sequence[float]) -> float:
    """Return the floor of -y·log(o) - (1-y)·log(1-o) for outputs that are parts of 1.

    For targets from 0 to 1 the loss is convex, and at its lowest point all outputs have the same derivative, or are 0.
    With a target above 1 it is 0 if anything: a bound, as every negative term is then outweighed by others.
    """
    if len(targets) == 1 or all(0.0 <= y <= 1.0 for y in targets):
        outputs = [1.0] if len(targets) == 1 else _meet_slopes(targets)
        return loss_floor.binary_cross_entropy(targets, [(o, o) for o in outputs]) if max(targets) <= 1.0 else -inf
    whole = sum(targets)
    falls = min(targets) < 0.0 or any(y - 1.0 > whole - y for y in targets)
    return -inf if falls else 0.0


def _meet_slopes(targets: Sequence[float]) -> list[float]:
    """Return the parts of 1 at which (o - y)/(o·(1 - o)) is the same for all; it grows with each output."""

    def outputs(slope: float) -> list[float]:
        return [_solve(y, slope) for y in targets]

    low, high = -1.0, 1.0
    while sum(outputs(low)) > 1.0 and low > -(FAR**3):
        low *= 2.0
    while sum(outputs(high)) < 1.0 and high < FAR**3:
        high *= 2.0
    return _bisect(outputs, low, high)


def _solve(target: float, slope: float) -> float:
    """Return the output from 0 to 1 of a slope: the root of slope·o² + (1 - slope)·o = target."""
    half = (1.0 - slope) / 2.0
    root = (half * half + slope * target) ** 0.5 if half * half + slope * target > 0.0 else 0.0
    found = target / (half + root) if half > 0.0 else (root - half) / slope
    return min(max(found, 0.0), 1.0)


def _bisect(outputs: Callable[[float], list[float]], low: float, high: float) -> list[float]:
    """Return the outputs that sum to 1, from two numbers between which their sum passes 1."""
    for _ in range(200):
        middle = (low + high) / 2.0
        low, high = (middle, high) if sum(outputs(middle)) < 1.0 else (low, middle)
    return outputs(high)


def cross_entropy(targets: Sequence[float]) -> float:
    """Return the floor of sum(y)·log(sum(exp(o))) - sum(y·o) for outputs that are parts of 1: softmax, applied twice.

    If the targets sum to more than 0, the loss is convex; else it is concave, and one output of 1 is lowest.
    """
    size = max(map(abs, targets))
    if len(targets) == 1 or size == 0.0:
        return 0.0
    scaled = [y / size for y in targets]
    if fsum(scaled) <= ROUNDING * len(targets):
        corners = ([float(k == one) for k in range(len(scaled))] for one in range(len(scaled)))
        return size * min(measure_cross_entropy(scaled, corner) for corner in corners)
    return size * measure_cross_entropy(scaled, _lowest_parts(scaled))


def _lowest_parts(targets: Sequence[float]) -> list[float]:
    """Return the parts of 1 with the lowest cross entropy, for targets that sum to more than 0.

    There sum(y)·softmax(o) - y is the same for all outputs above 0. Given the log-sum-exp of all outputs, that
    determines each, and bisection finds the log-sum-exp that its own outputs have.
    """
    whole = fsum(targets)

    def outputs(top: float) -> list[float]:
        def raised(more: float) -> list[float]:
            return [max(log((y + more) / whole) + top, 0.0) if y + more > 0.0 else 0.0 for y in targets]

        return _bisect(raised, -max(targets), whole * exp(1.0 - top) - min(targets))

    low, high = 0.0, 2.0 + log(len(targets))
    for _ in range(100):
        middle = (low + high) / 2.0
        low, high = (middle, high) if log_sum_exp(outputs(middle)) > middle else (low, middle)
    return outputs(high)
