"""The lowest possible loss ("floor"): what no weights can get below, given the ranges of the output activations.

A floor is the infimum over all outputs in their activations' ranges, so a value that is only approached (a sigmoid's 0)
counts as reached. Minus infinity means that there is no floor: the loss can fall without bound. Outputs that are parts
of 1 have floors of their own: see ``loss_floor_of_parts``.
"""

from collections.abc import Callable, Sequence
from itertools import product
from math import exp, fsum, inf, isinf, log

Range = tuple[float, float]
Floor = Callable[[Sequence[float], Sequence[Range]], float]

FAR = 1e6  # replaces an infinite end of a range where the loss only approaches its floor
ROUNDING = 1e-15  # per target of size 1: a sum of targets nearer to zero than this is zero but for rounding


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
    ends = [(max(low, -FAR), min(high, FAR)) for low, high in ranges]
    if whole <= ROUNDING * len(targets):
        return size * min(measure_cross_entropy(scaled, corner) for corner in product(*ends))
    return size * measure_cross_entropy(scaled, _lowest_point(scaled, whole, ends))


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

    if abs(log_sum_exp(outputs(0.0))) < ROUNDING * len(targets):
        return outputs(0.0)  # 0 is already consistent; where no range ends, any log-sum-exp is
    low, high = -2.0 * FAR, 2.0 * FAR
    for _ in range(100):
        middle = (low + high) / 2.0
        low, high = (middle, high) if log_sum_exp(outputs(middle)) > middle else (low, middle)
    return outputs(high)


def measure_cross_entropy(targets: Sequence[float], outputs: Sequence[float]) -> float:
    """Return sum(y)·log(sum(exp(o))) - sum(y·o)."""
    top = log_sum_exp(outputs)
    return fsum(y * (top - o) for y, o in zip(targets, outputs, strict=True))


def log_sum_exp(outputs: Sequence[float]) -> float:
    """Return log(sum(exp(o))), which does not overflow before its result does."""
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
    return fsum(y for k, y in enumerate(targets) if k not in up) < -ROUNDING * len(targets)
