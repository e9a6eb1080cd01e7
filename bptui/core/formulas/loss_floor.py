"""The lowest possible loss ("floor"): what no weights can get below, given the ranges of the output activations.

A floor is the infimum over all outputs in their activations' ranges, so a value that is only approached (a sigmoid's 0)
counts as reached. Minus infinity means that there is no floor: the loss can fall without bound. Outputs that are parts
of 1, as those of softmax, have floors of their own: from 0 to 1 each, they also sum to 1.
"""

from collections.abc import Callable, Sequence
from itertools import product
from math import exp, fsum, inf, isinf, log

Range = tuple[float, float]
Floor = Callable[[Sequence[float], Sequence[Range]], float]
FloorOfParts = Callable[[Sequence[float]], float]

_FAR = 1e6  # replaces an infinite end of a range where the loss only approaches its floor
_ROUNDING = 1e-15  # per target of size 1: a sum of targets nearer to zero than this is zero but for rounding


def squared(scale: float, mean: bool = False) -> Floor:
    """Make the floor of ``scale`` times the sum (or mean) of the squared errors.

    At the floor each output is as near to its target as its range allows.

    Args:
        scale: The factor before the sum, such as 0.5.
        mean: Whether the loss is the mean over the outputs, not the sum.

    Returns:
        A function of the targets and of the outputs' ranges, both of length (outputs,), that returns the floor.
    """

    def floor(targets: Sequence[float], ranges: Sequence[Range]) -> float:
        errors = [y - min(max(y, low), high) for y, (low, high) in zip(targets, ranges, strict=True)]
        return scale * sum(e * e for e in errors) / (len(errors) if mean else 1)

    return floor


def binary_cross_entropy(targets: Sequence[float], ranges: Sequence[Range]) -> float:
    """Return the floor of -y·log(o) - (1-y)·log(1-o), summed over the outputs.

    The loss is undefined for an output outside 0..1.

    Args:
        targets: The targets, of length (outputs,).
        ranges: Infimum and supremum of each output, of length (outputs,).

    Returns:
        The floor in double precision; minus infinity if a target lies outside 0..1.
    """
    total = 0.0
    for y, (low, high) in zip(targets, ranges, strict=True):
        if y < 0.0 or y > 1.0:
            return -inf  # towards o = 0 (or 1) the term of one logarithm falls without bound
        nearest = min(max(y, low, 0.0), high, 1.0)
        total += _times_log(-y, nearest) + _times_log(y - 1.0, 1.0 - nearest)
    return total


def categorical_cross_entropy(targets: Sequence[float], ranges: Sequence[Range]) -> float:
    """Return the floor of -y·log(o), summed over the outputs; the loss is undefined for an output below 0.

    Args:
        targets: The targets, of length (outputs,).
        ranges: Infimum and supremum of each output, of length (outputs,).

    Returns:
        The floor in double precision; minus infinity if the loss can fall without bound.
    """
    ends = (high if y > 0.0 else max(low, 0.0) for y, (low, high) in zip(targets, ranges, strict=True))
    return 0.0 + sum(_times_log(-y, end) for y, end in zip(targets, ends, strict=True))


def _times_log(factor: float, value: float) -> float:
    return 0.0 if factor == 0.0 else factor * (log(value) if value > 0.0 else -inf)


def cross_entropy(targets: Sequence[float], ranges: Sequence[Range]) -> float:
    """Return the floor of sum(y)·log(sum(exp(o))) - sum(y·o); the targets need not be probabilities.

    If the targets sum to more than 0, the loss is convex in the outputs and has one lowest point. Otherwise it is
    concave and its floor lies at a corner of the ranges.

    Args:
        targets: The targets, of length (outputs,).
        ranges: Infimum and supremum of each output, of length (outputs,).

    Returns:
        The floor in double precision; minus infinity if the loss can fall without bound.
    """
    size = max(map(abs, targets))
    if len(targets) == 1 or size == 0.0:
        return 0.0
    scaled = [y / size for y in targets]  # the loss is proportional to its targets, which may be huge
    whole = fsum(scaled)
    if _falls_for_ever(scaled, ranges):
        return -inf
    ends = [(max(low, -_FAR), min(high, _FAR)) for low, high in ranges]
    if whole <= _ROUNDING * len(targets):
        return size * min(_cross_entropy(scaled, corner) for corner in product(*ends))
    return size * _cross_entropy(scaled, _lowest_point(scaled, whole, ends))


def _lowest_point(targets: Sequence[float], whole: float, ends: Sequence[Range]) -> list[float]:
    """Return the outputs at the lowest point of a convex loss.

    There each derivative is 0 (softmax = y / sum(y)) or the output is at the end of its range. Given the log-sum-exp of
    all outputs, that determines each output. The right log-sum-exp is the one that its own outputs have. Bisection
    finds it, because the log-sum-exp of those outputs never grows faster than the given one.
    """

    def outputs(top: float) -> list[float]:
        return [
            min(max(log(y) - log(whole) + top if y > 0.0 else low, low), high)
            for y, (low, high) in zip(targets, ends, strict=True)
        ]

    if abs(_log_sum_exp(outputs(0.0))) < _ROUNDING * len(targets):
        return outputs(0.0)  # 0 is already consistent; where no range ends, any log-sum-exp is
    low, high = -2.0 * _FAR, 2.0 * _FAR
    for _ in range(100):
        middle = (low + high) / 2.0
        low, high = (middle, high) if _log_sum_exp(outputs(middle)) > middle else (low, middle)
    return outputs(high)


def _cross_entropy(targets: Sequence[float], outputs: Sequence[float]) -> float:
    top = _log_sum_exp(outputs)
    return fsum(y * (top - o) for y, o in zip(targets, outputs, strict=True))


def _log_sum_exp(outputs: Sequence[float]) -> float:
    top = max(outputs)
    return top + log(sum(exp(o - top) for o in outputs))


def _falls_for_ever(targets: Sequence[float], ranges: Sequence[Range]) -> bool:
    """Whether the loss falls without bound in some direction that the ranges leave open.

    Far out along a direction r the loss grows like sum(y)·max(r) - sum(y·r). That is negative in two cases: an output
    with a negative target that may fall without bound, and outputs that rise together if the other targets sum to
    less than 0.
    """
    if any(y < 0.0 and isinf(low) for y, (low, _) in zip(targets, ranges, strict=True)):
        return True
    rising = [k for k, (_, high) in enumerate(ranges) if isinf(high)]
    if not rising:
        return False
    up = {k for k in rising if targets[k] > 0.0} or {max(rising, key=lambda k: targets[k])}
    return fsum(y for k, y in enumerate(targets) if k not in up) < -_ROUNDING * len(targets)


# Outputs that are parts of 1


def squared_of_parts(scale: float, mean: bool = False) -> FloorOfParts:
    """Make the floor of ``scale`` times the sum (or mean) of the squared errors of outputs that are parts of 1.

    The nearest such outputs are the targets less a number that is the same for all, but never below 0.
    Source: Held, Wolfe and Crowder, "Validation of subgradient optimization", Mathematical Programming 6 (1974).
    """

    def floor(targets: Sequence[float]) -> float:
        if min(targets) >= 0.0 and abs(sum(targets) - 1.0) <= _ROUNDING * len(targets):
            return 0.0
        top = max(targets)
        shifted = sorted((y - top for y in targets), reverse=True)
        less = max((sum(shifted[:count]) - 1.0) / count for count in range(1, 1 + len(targets)))
        errors = [y - max(y - top - less, 0.0) for y in targets]
        return scale * sum(e * e for e in errors) / (len(errors) if mean else 1)

    return floor


def categorical_cross_entropy_of_parts(targets: Sequence[float]) -> float:
    """Return the floor of -y·log(o) for outputs that are parts of 1: there each is its target's part of their sum."""
    if len(targets) > 1 and min(targets) < 0.0:
        return -inf  # as its output goes to 0
    size = max(targets)
    if len(targets) == 1 or size == 0.0:
        return 0.0
    whole = fsum(y / size for y in targets)
    return size * sum(y / size * (log(whole) - log(y) + log(size)) for y in targets if y > 0.0)


def binary_cross_entropy_of_parts(targets: Sequence[float]) -> float:
    """Return the floor of -y·log(o) - (1-y)·log(1-o) for outputs that are parts of 1.

    For targets from 0 to 1 the loss is convex, and at its lowest point all outputs have the same derivative, or are 0.
    With a target above 1 it is 0 if anything: a bound, as every negative term is then outweighed by others.
    """
    if len(targets) == 1 or all(0.0 <= y <= 1.0 for y in targets):
        outputs = [1.0] if len(targets) == 1 else _meet_slopes(targets)
        return binary_cross_entropy(targets, [(o, o) for o in outputs]) if max(targets) <= 1.0 else -inf
    whole = sum(targets)
    falls = min(targets) < 0.0 or any(y - 1.0 > whole - y for y in targets)
    return -inf if falls else 0.0


def _meet_slopes(targets: Sequence[float]) -> list[float]:
    """Return the parts of 1 at which (o - y)/(o·(1 - o)) is the same for all; it grows with each output."""

    def outputs(slope: float) -> list[float]:
        return [_solve(y, slope) for y in targets]

    low, high = -1.0, 1.0
    while sum(outputs(low)) > 1.0 and low > -(_FAR**3):
        low *= 2.0
    while sum(outputs(high)) < 1.0 and high < _FAR**3:
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


def cross_entropy_of_parts(targets: Sequence[float]) -> float:
    """Return the floor of sum(y)·log(sum(exp(o))) - sum(y·o) for outputs that are parts of 1: softmax, applied twice.

    If the targets sum to more than 0, the loss is convex; else it is concave, and one output of 1 is lowest.
    """
    size = max(map(abs, targets))
    if len(targets) == 1 or size == 0.0:
        return 0.0
    scaled = [y / size for y in targets]
    if fsum(scaled) <= _ROUNDING * len(targets):
        corners = ([float(k == one) for k in range(len(scaled))] for one in range(len(scaled)))
        return size * min(_cross_entropy(scaled, corner) for corner in corners)
    return size * _cross_entropy(scaled, _lowest_parts(scaled))


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
        low, high = (middle, high) if _log_sum_exp(outputs(middle)) > middle else (low, middle)
    return outputs(high)
