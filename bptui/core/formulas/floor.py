"""The loss floor: the lowest loss the outputs can reach at all, given what their activations can put out.

A floor is the infimum over every output in its activation's range, so a value that is only approached (a sigmoid's 0)
counts as reached. Minus infinity means that there is no floor: the loss can fall for ever.
"""

from collections.abc import Callable, Sequence
from itertools import product
from math import exp, fsum, inf, isinf, log

Range = tuple[float, float]
Floor = Callable[[Sequence[float], Sequence[Range]], float]

_FAR = 1e6  # stands for an infinite end where the loss only approaches its floor
_ROUNDING = 1e-15  # sums of targets of size 1 that are nearer to zero than this are zero but for rounding


def squared(scale: float, mean: bool = False) -> Floor:
    """The floor of ``scale`` times the sum (or mean) of the squared errors: each output as near as it gets."""

    def floor(targets: Sequence[float], ranges: Sequence[Range]) -> float:
        errors = [y - min(max(y, low), high) for y, (low, high) in zip(targets, ranges, strict=True)]
        return scale * sum(e * e for e in errors) / (len(errors) if mean else 1)

    return floor


def binary_cross_entropy(targets: Sequence[float], ranges: Sequence[Range]) -> float:
    """The floor of -y·log(o) - (1-y)·log(1-o), summed; an output outside 0..1 has no loss at all."""
    total = 0.0
    for y, (low, high) in zip(targets, ranges, strict=True):
        if y < 0.0 or y > 1.0:
            return -inf  # towards o = 0 (or 1) one of the logarithms falls for ever
        nearest = min(max(y, low, 0.0), high, 1.0)
        total += _times_log(-y, nearest) + _times_log(y - 1.0, 1.0 - nearest)
    return total


def _times_log(factor: float, value: float) -> float:
    return 0.0 if factor == 0.0 else factor * (log(value) if value > 0.0 else -inf)


def cross_entropy(targets: Sequence[float], ranges: Sequence[Range]) -> float:
    """The floor of sum(y)·log(sum(exp(o))) - sum(y·o), where the targets need not be probabilities.

    With a sum of targets above 0 the loss is convex in the outputs and has one lowest point; else it is concave and
    its floor lies on a corner of the ranges.
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
    """The outputs where each derivative is 0, softmax = y / sum(y), or the output at the end of its range.

    Given the log-sum-exp of all outputs, that decides each of them; the right log-sum-exp is the one that the outputs
    it decides have themselves, and it is found by bisection because they never grow faster than it does.
    """

    def outputs(top: float) -> list[float]:
        return [
            min(max(log(y) - log(whole) + top if y > 0.0 else low, low), high)
            for y, (low, high) in zip(targets, ends, strict=True)
        ]

    if abs(_log_sum_exp(outputs(0.0))) < _ROUNDING * len(targets):
        return outputs(0.0)  # where no range ends, any log-sum-exp will do
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
    """Whether some direction that the ranges leave open lowers the loss without end.

    Far out along a direction r the loss grows like sum(y)·max(r) - sum(y·r). That is negative for an output of
    negative target that may fall without end; and for outputs that rise together if the other targets sum to less
    than 0.
    """
    if any(y < 0.0 and isinf(low) for y, (low, _) in zip(targets, ranges, strict=True)):
        return True
    rising = [k for k, (_, high) in enumerate(ranges) if isinf(high)]
    if not rising:
        return False
    up = {k for k in rising if targets[k] > 0.0} or {max(rising, key=lambda k: targets[k])}
    return fsum(y for k, y in enumerate(targets) if k not in up) < -_ROUNDING * len(targets)
