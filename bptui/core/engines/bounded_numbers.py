"""Arithmetic on bounded numbers: a number as one correct computation has it, and a bound on the error of any of them.

A bound is how far a correct computation may be from the exact value. The number is itself off by up to its bound, so a
bound counts with it wherever it is multiplied; and the numbers of two correct computations may be two bounds apart.
"""

from collections.abc import Callable
from functools import lru_cache
from math import exp, inf, nan
from typing import Any, NamedTuple

import numpy as np

from bptui.core.formulas.expr import Function
from bptui.core.formulas.functions import MAX, STEP

Bounded = tuple[float, float]
"""A number and its bound. Where every correct computation overflows both are inf; where one may, the number is nan."""
_OF_A_FUNCTION = 4  # units in the last place that a library's function may be off
_EXACT = frozenset({MAX, STEP})  # functions whose results are never rounded
_STEPS = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])


class Arithmetic(NamedTuple):
    """The arithmetic of one precision; every operation takes and returns a ``Bounded``.

    Attributes:
        given: ``(value, units)`` -> a given number, which may be off by so many units in its last place.
        add: ``(terms...)`` -> their sum, in any order of addition.
        subtract: ``(left, right)`` -> the difference.
        multiply: ``(left, right)`` -> the product.
        divide: ``(over, under)`` -> the quotient; its bound is inf if the divisor may be 0.
        negate: ``(of)`` -> the negative.
        round: ``(of, times)`` -> the same number after so many roundings.
        call: ``(function, exact, arguments...)`` -> the value of a function that grows with each of its arguments.
        share: ``(one, sum, others...)`` -> one - log(exp(one) + exp(others) + ...), the sum being that logarithm.
    """

    given: Callable[..., Bounded]
    add: Callable[..., Bounded]
    subtract: Callable[..., Bounded]
    multiply: Callable[..., Bounded]
    divide: Callable[..., Bounded]
    negate: Callable[..., Bounded]
    round: Callable[..., Bounded]
    call: Callable[..., Bounded]
    share: Callable[..., Bounded]


def is_exact(function: Function) -> bool:
    """Whether a function returns one of its arguments or a whole number, without any rounding."""
    return function in _EXACT


@lru_cache(maxsize=4)
def make_arithmetic(precision: str) -> Arithmetic:
    """Make the arithmetic of a precision, "float64" or "float32".

    A rounding counts as an eighth more than the half unit in the last place that it can be: that covers what a bound
    leaves out, the products of several relative errors and its own rounding.
    """
    kind, convert = np.finfo(precision), np.dtype(precision).type
    unit, largest = float(kind.eps), float(kind.max)
    half = 0.5625 * unit
    normal, least = float(kind.tiny), float(kind.smallest_subnormal)

    def given(value: float, units: float = 0.0) -> Bounded:
        return value, abs(value - float(convert(value))) + units * unit * abs(value)

    def settle(f: Bounded, g: Bounded, value: float, bound: float) -> Bounded:
        """Return a product or quotient that is too small or too large for full precision."""
        if not abs(value) <= largest:
            return nan, inf
        return value, bound + least if (f[0] or f[1]) and (g[0] or g[1]) else bound

    def add(*terms: Bounded) -> Bounded:
        value = bound = size = 0.0
        for v, b in terms:
            value += v
            bound += b
            size += abs(v)
        if not size <= largest:
            return inf if value == inf else nan, inf
        rounding = (len(terms) - 1) * half * (size + bound)
        if len(terms) == 2:  # 1 + 1e-30 is rounded to 1, and not by a whole unit
            rounding = min(rounding, *(abs(v) + b for v, b in terms))
        return value, bound + rounding

    def subtract(left: Bounded, right: Bounded) -> Bounded:
        value, bound = left[0] - right[0], left[1] + right[1]
        return (value, bound + half * (abs(value) + bound)) if abs(value) <= largest else (nan, inf)

    def multiply(left: Bounded, right: Bounded) -> Bounded:
        (f, x), (g, y) = left, right
        value = f * g
        size = abs(value)
        bound = abs(f) * y + abs(g) * x + 3.0 * x * y + half * size
        return (value, bound) if normal <= size <= largest else settle(left, right, value, bound)

    def divide(over: Bounded, under: Bounded) -> Bounded:
        (a, x), (d, y) = over, under
        if abs(d) == inf:
            return 0.0, 2.0 * (abs(a) + x) / largest + least
        low = abs(d) - 2.0 * y
        if not low > 0.0:
            return nan, inf
        value = a / d
        size = abs(value)
        rounding = half * (size + x / low)
        if abs(d - 1.0) < unit:  # likewise
            rounding = min(rounding, (abs(a) + x) * (abs(d - 1.0) + y) / low)
        bound = (x + (abs(a) + x) / low * y) / low + rounding
        return (value, bound) if normal <= size <= largest else settle(over, under, value, bound)

    def negate(of: Bounded) -> Bounded:
        return -of[0], of[1]

    def round_(of: Bounded, times: int) -> Bounded:
        return of[0], of[1] + times * half * (abs(of[0]) + of[1])

    def call(function: Callable[..., Any], exact: bool, *arguments: Bounded) -> Bounded:
        """Two correct arguments are a bound apart at most, both within two of the known one; libraries err by a unit.

        A result below the normal numbers may be 0 instead where a library takes another way on which it overflows.
        """
        moves = (0.0 if exact and not b else max(b, unit * abs(v)) for v, b in arguments)
        found = function(*(v + move * _STEPS for (v, _), move in zip(arguments, moves, strict=True)))
        low, before, value, after, high = found.tolist()
        if low > largest:
            return inf, inf
        bound = max(value - low, after - before, high - value)
        if not exact:
            bound += _OF_A_FUNCTION * unit * max(abs(low), abs(high))
            bound += normal if abs(low) < normal else 0.0
        return (value, bound) if abs(value) <= largest else (nan, inf)

    def share(one: Bounded, sum_: Bounded, *others: Bounded) -> Bounded:
        """What all arguments are off by together does not matter, and where one is far above the rest, nothing does."""
        value, plain = subtract(one, sum_)
        reach = 4.0 * (one[1] + max((b for _, b in others), default=0.0))
        if not reach < 1.0:
            return value, plain
        parts = [exp(min(v - sum_[0] + reach, 0.0)) for v, _ in others]
        bound = sum(part * (b + one[1]) for part, (_, b) in zip(parts, others, strict=True)) * exp(reach)
        most = max(one[0], *(v for v, _ in others)) if others else one[0]
        rounding = 2.0 * _OF_A_FUNCTION * unit * len(others) * (1.0 + max(abs(v) for v, _ in (one, *others)))
        if most == one[0]:  # the logarithm is this argument and little more, and not rounded by more than that
            rounding = min(rounding, 2.0 * sum(parts) * exp(reach))
        return value, min(plain, bound + rounding + half * (abs(value) + bound + rounding))

    return Arithmetic(given, add, subtract, multiply, divide, negate, round_, call, share)
