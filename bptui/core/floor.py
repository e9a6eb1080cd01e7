"""The loss floor: the lowest loss the outputs can reach at all, given what their activations can put out.

A floor is the infimum over every output in its activation's range, so a value that is only approached (a sigmoid's 0)
counts as reached. Minus infinity means that there is no floor: the loss can fall for ever.
"""

from collections.abc import Callable, Sequence
from itertools import product
from math import exp, inf, isinf, log

Range = tuple[float, float]
Floor = Callable[[Sequence[float], Sequence[Range]], float]

_FAR = 1e6  # stands for an infinite end where the loss only approaches its floor


def squared(scale: float, mean: bool = False) -> Floor:
    """The floor of ``scale`` times the sum (or mean) of the squared errors: each output as near as it gets."""

    def floor(targets: Sequence[float], ranges: Sequence[Range]) -> float:
        errors = [(y - min(max(y, low), high)) ** 2 for y, (low, high) in zip(targets, ranges, strict=True)]
        return scale * sum(errors) / (len(errors) if mean else 1)

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

    With a sum of targets of 0 or more the loss is convex in the outputs and is minimised one output at a time; below
    0 it is concave and its floor lies on a corner of the ranges.
    """
    whole = sum(targets)
    if _falls_for_ever(targets, ranges, whole):
        return -inf
    ends = [(max(low, -_FAR), min(high, _FAR)) for low, high in ranges]
    if whole < 0.0:
        return min(_cross_entropy(targets, corner) for corner in product(*ends))
    outputs = [min(max(0.0, low), high) for low, high in ends]
    lowest = _cross_entropy(targets, outputs)
    for _ in range(10_000):
        for k, (y, (low, high)) in enumerate(zip(targets, ends, strict=True)):
            outputs[k] = min(max(_best_output(y, whole, outputs[:k] + outputs[k + 1 :]), low), high)
        before, lowest = lowest, _cross_entropy(targets, outputs)
        if before - lowest <= 1e-16 * abs(lowest):
            break
    return lowest


def _best_output(y: float, whole: float, others: Sequence[float]) -> float:
    """Where softmax = y / sum(y), the zero of the loss's derivative by one output."""
    if y <= 0.0 or not others:
        return -inf if others else 0.0
    return inf if y >= whole else log(y / (whole - y)) + _log_sum_exp(others)


def _cross_entropy(targets: Sequence[float], outputs: Sequence[float]) -> float:
    top = _log_sum_exp(outputs)
    return sum(y * (top - o) for y, o in zip(targets, outputs, strict=True))


def _log_sum_exp(outputs: Sequence[float]) -> float:
    top = max(outputs)
    return top + log(sum(exp(o - top) for o in outputs))


def _falls_for_ever(targets: Sequence[float], ranges: Sequence[Range], whole: float) -> bool:
    """Whether some direction that the ranges leave open lowers the loss without end.

    Far out along a direction r the loss grows like sum(y)·max(r) - sum(y·r); it is enough to try r of 0 and 1 (an
    output of negative target that may fall for ever lowers the loss by itself).
    """
    rising = [k for k, (_, high) in enumerate(ranges) if isinf(high)]
    if len(targets) > 1 and any(y < 0.0 and isinf(low) for y, (low, _) in zip(targets, ranges, strict=True)):
        return True
    if not rising or len(targets) == 1:
        return False
    up = [k for k in rising if targets[k] > 0.0] or [max(rising, key=lambda k: targets[k])]
    return whole - sum(targets[k] for k in up) < 0.0
