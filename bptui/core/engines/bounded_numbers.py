"""Arithmetic on bounded numbers: a number as one correct computation has it, and a bound on the error of any of them.

A bound is how far a correct computation may be from the exact value. The number is itself off by up to its bound, so a
bound counts with it wherever it is multiplied; and the numbers of two correct computations may be two bounds apart.
"""

from collections.abc import Callable
from functools import lru_cache
from math import exp, expm1, inf, nan
from typing import Any

import numpy as np

from bptui.core.formulas.expr import Function
from bptui.core.formulas.functions import MAX, STEP

Bounded = tuple[float, float]
"""A number and its bound. Where every correct computation overflows both are inf; where one may, the number is nan."""
_OF_A_FUNCTION = 4  # units in the last place that a library's function may be off
_EXACT = frozenset({MAX, STEP})  # functions whose results are never rounded
_LARGEST_EXPONENT = 709.0  # whose exp is finite
_STEPS = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])


def is_exact(function: Function) -> bool:
    """Whether a function returns one of its arguments or a whole number, without any rounding."""
    return function in _EXACT


class Arithmetic:
    """The arithmetic of one precision.

    A rounding counts as an eighth more than the half unit in the last place that it can be: that covers what a bound
    leaves out, the products of several relative errors and its own rounding.

    Args:
        precision: "float64" or "float32".
    """

    OPERATIONS = ("given", "add", "subtract", "multiply", "divide", "negate", "round", "call", "share", "part")

    def __init__(self, precision: str) -> None:
        kind = np.finfo(precision)
        self._convert = np.dtype(precision).type
        self._unit, self._half = float(kind.eps), 0.5625 * float(kind.eps)
        self._normal, self._largest = float(kind.tiny), float(kind.max)
        self._least = float(kind.smallest_subnormal)

    def given(self, value: float, units: float = 0.0) -> Bounded:
        """Return a given number, which may be off by so many units in its last place."""
        return value, abs(value - float(self._convert(value))) + units * self._unit * abs(value)

    def add(self, *terms: Bounded) -> Bounded:
        """Return a sum, in any order of addition."""
        value = bound = size = 0.0
        for v, b in terms:
            value += v
            bound += b
            size += abs(v)
        if not size <= self._largest:
            return inf if value == inf else nan, inf
        rounding = (len(terms) - 1) * self._half * (size + bound)
        if len(terms) == 2:  # 1 + 1e-30 is rounded to 1, and not by a whole unit
            rounding = min(rounding, *(abs(v) + b for v, b in terms))
        return value, bound + rounding

    def subtract(self, left: Bounded, right: Bounded) -> Bounded:
        """Return a difference."""
        value, bound = left[0] - right[0], left[1] + right[1]
        return (value, bound + self._half * (abs(value) + bound)) if abs(value) <= self._largest else (nan, inf)

    def multiply(self, left: Bounded, right: Bounded) -> Bounded:
        """Return a product."""
        (f, x), (g, y) = left, right
        value = f * g
        size = abs(value)
        bound = abs(f) * y + abs(g) * x + 3.0 * x * y + self._half * size
        return (value, bound) if self._normal <= size <= self._largest else self._settle(left, right, value, bound)

    def divide(self, over: Bounded, under: Bounded) -> Bounded:
        """Return a quotient; its bound is inf if the divisor may be 0."""
        (a, x), (d, y) = over, under
        if abs(d) == inf:
            return 0.0, 2.0 * (abs(a) + x) / self._largest + self._least
        low = abs(d) - 2.0 * y
        if not low > 0.0:
            return nan, inf
        value = a / d
        size = abs(value)
        rounding = self._half * (size + x / low)
        if abs(d - 1.0) < self._unit:  # a quotient by nearly 1 is hardly rounded, as a sum of 1 and little
            rounding = min(rounding, (abs(a) + x) * (abs(d - 1.0) + y) / low)
        bound = (x + (abs(a) + x) / low * y) / low + rounding
        return (value, bound) if self._normal <= size <= self._largest else self._settle(over, under, value, bound)

    def _settle(self, f: Bounded, g: Bounded, value: float, bound: float) -> Bounded:
        """Return a product or quotient that is too small or too large for full precision."""
        if not abs(value) <= self._largest:
            return nan, inf
        return value, bound + self._least if (f[0] or f[1]) and (g[0] or g[1]) else bound

    def negate(self, of: Bounded) -> Bounded:
        """Return the negative."""
        return -of[0], of[1]

    def round(self, of: Bounded, times: int) -> Bounded:
        """Return the same number after so many roundings."""
        return of[0], of[1] + times * self._half * (abs(of[0]) + of[1])

    def call(self, function: Callable[..., Any], exact: bool, *arguments: Bounded) -> Bounded:
        """Return the value of a function that grows with each of its arguments.

        Two correct arguments are a bound apart at most, both within two of the known one. A result below the normal
        numbers may be 0 instead, where a library takes another way on which it overflows.
        """
        moves = (0.0 if exact and not b else max(b, self._unit * abs(v)) for v, b in arguments)
        found = function(*(v + move * _STEPS for (v, _), move in zip(arguments, moves, strict=True)))
        low, before, value, after, high = found.tolist()
        if low > self._largest:
            return inf, inf
        bound = max(value - low, after - before, high - value)
        if not exact:
            bound += _OF_A_FUNCTION * self._unit * max(abs(low), abs(high))
            bound += self._normal if abs(low) < self._normal else 0.0
        return (value, bound) if abs(value) <= self._largest else (nan, inf)

    def share(self, one: Bounded, sum_: Bounded, *others: Bounded) -> Bounded:
        """Return one - log(exp(one) + exp(others) + ...); the logarithm is ``sum_``.

        What all arguments are off by together does not matter, and where one is far above the rest, nothing does.
        """
        value, plain = self.subtract(one, sum_)
        reach = 4.0 * (one[1] + max(b for _, b in others))
        if not reach < 1.0:
            return value, plain
        parts = [exp(min(v - sum_[0] + reach, 0.0)) for v, _ in others]
        bound = sum(part * (b + one[1]) for part, (_, b) in zip(parts, others, strict=True)) * exp(reach)
        largest = max(abs(v) for v, _ in (one, *others))
        rounding = 2.0 * _OF_A_FUNCTION * self._unit * len(others) * (1.0 + largest)
        if one[0] == max(v for v, _ in (one, *others)):  # the logarithm is this and little more, and rounded by no more
            rounding = min(rounding, 2.0 * sum(parts) * exp(reach))
        return value, min(plain, bound + rounding + self._half * (abs(value) + bound + rounding))

    def part(self, one: Bounded, *others: Bounded) -> Bounded:
        """Return exp(one) / (exp(one) + exp(others) + ...): 1 over 1 and the ratios of the others to it.

        A ratio is off by what the two arguments are, by the rounding of what is left of each without the largest, and
        by exp; where one is far above the rest, that hardly matters.
        """
        if not others:
            return 1.0, 0.0
        largest = max(v for v, _ in (one, *others))
        if not largest - min(v for v, _ in (one, *others)) <= self._largest:
            return nan, inf
        ratios, off, least, most, furthest = 0.0, 0.0, 0.0, 0.0, 0.0
        for v, b in others:
            ratio = exp(min(v - one[0], _LARGEST_EXPONENT))
            sizes = abs(v - largest) + abs(one[0] - largest)
            apart = b + one[1] + self._half * sizes + 2.0 * _OF_A_FUNCTION * self._unit
            ratios, furthest = ratios + ratio, max(furthest, apart)
            off += ratio * expm1(min(apart, 1.0))
            least += exp(min(v - one[0] - apart, _LARGEST_EXPONENT))
            most += exp(min(v - one[0] + apart, _LARGEST_EXPONENT))
        value = 1.0 / (1.0 + ratios)
        part = off * value
        bound = value * part / (1.0 - part) if furthest < 1.0 else 1.0 / (1.0 + least) - 1.0 / (1.0 + most)
        bound += (len(others) + 1) * self._half * value
        return value, bound + 2.0 * (self._least if value < self._normal else 0.0)


make_arithmetic = lru_cache(maxsize=4)(Arithmetic)
"""Make the arithmetic of a precision, or return the one made before."""
