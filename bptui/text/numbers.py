"""Numbers as text: rounded for people, or with every digit.

A number that is not finite is a word everywhere, and zero is "0", so that it can be told from what is only small.
"""

import re
from collections.abc import Iterator
from math import isfinite, isnan
from typing import Any

_CLOSE = 0.05  # of a number, that may be lost where there are very few columns for it
_ROOMY, _WIDE = 5, 7  # columns from which a number below 1 has the zero before its point, and a negative one too
LONGEST = 24  # signs that a number has in full
_OF_SINGLE = 9  # digits that tell a float32 from every other


def full(value: Any) -> str:
    """A number with every digit: the shortest text that gives it back as a double."""
    number = float(value)
    return repr(number) if isfinite(number) else word(number)


def json_number(value: Any) -> float | str:
    """A number as JSON has it, in full; one that is not finite as its word."""
    return float(value) if isfinite(value) else full(value)


def word(number: float) -> str:
    """The word for a number that is not finite."""
    return "nan" if isnan(number) else "inf" if number > 0 else "-inf"


def number(value: Any) -> str:
    """A number for people: six decimals where they hold at least three digits of it, else an exponent.

    Zero is "0", so that a value that is exactly nothing can be told from one that is only small.
    """
    n = float(value)
    if not isfinite(n) or n == 0:
        return "0" if n == 0 else word(n)
    return f"{n:.6f}" if 1e-4 <= abs(n) < 1e5 else f"{n:.4e}"


def significant(value: Any, digits: int) -> str:
    """A number with so many significant digits; fewer where it has no more, as 0.5 has not.

    Args:
        value: The number; one in float32 has its own digits, and beyond those the ones of the same double.
        digits: How many, from 1.
    """
    if digits > _OF_SINGLE:
        value = float(value)
    if not isfinite(value):
        return word(float(value))
    mantissa, _, exponent = str(value).partition("e")
    if len(mantissa.lstrip("-").replace(".", "").strip("0")) > digits:
        mantissa, _, exponent = f"{float(value):#.{digits}g}".partition("e")
        mantissa = mantissa.removesuffix(".")
    else:
        mantissa = mantissa.removesuffix(".0")
    return f"{mantissa}e{exponent}" if exponent else mantissa


def own(value: Any) -> str:
    """A number with every digit of its own precision: 0.3 where that is the nearest float32 there is."""
    return significant(value, _OF_SINGLE if getattr(value, "itemsize", 8) == 4 else 17)


def compact(value: Any, width: int, decimals: int = 17) -> str:
    """A number in very few columns; without the zero before its point, where that saves a digit.

    Args:
        value: The number.
        width: Columns there are; a number never loses its size to them, and takes more where it has to.
        decimals: How many at the most.
    """
    n = float(value)
    if not isfinite(n) or n == 0:
        return "0" if n == 0 else word(n)
    off, nearest = 0.5, ""
    for text in _forms(n, width, decimals):
        if len(text) <= width and (by := abs(float(text) / n - 1.0)) < off:
            off, nearest = by, text
            if by <= _CLOSE:
                break
    return nearest or _power(n, 0)


def _forms(n: float, width: int, decimals: int) -> Iterator[str]:
    """What a number may look like in so many columns, the plainest first."""
    first = width - 1 - (width >= _ROOMY) - (width >= _WIDE)
    for places in (*range(min(first, decimals), -1, -1), min(width - 1, decimals)):
        yield _pointed(f"{n:.{places}f}", width)
    for places in range(max(width - 5, 0), -1, -1):
        yield _power(n, places)


def _pointed(text: str, width: int) -> str:
    """A number without the zero before its point, where it has one and there is no room for it."""
    return text if len(text) <= width else re.sub(r"^(-?)0\.", r"\1.", text)


def _power(n: float, decimals: int) -> str:
    """A number with a power of ten in as few signs as it takes: 1.2e-5."""
    mantissa, exponent = f"{n:.{decimals}e}".split("e")
    return f"{mantissa}e{int(exponent)}"


def signed(value: Any, width: int = 5) -> str:
    """A short number that always shows its sign, for the labels of weights.

    Args:
        value: The number.
        width: Columns there are, 5 or more; what is too small to be told from zero in them is told as +0.00, and only
            a number from 1e100 on takes one more.
    """
    n = float(value)
    if not isfinite(n) or n == 0:
        return "0" if n == 0 else word(n)
    for decimals in range(width - 3, -1, -1):
        text = f"{n:+.{decimals}f}"
        if len(text) <= width and abs(float(text) / n - 1.0) < 0.5:
            return text
    text = ("+" if n > 0 else "") + _power(n, 0)
    return text if len(text) <= width or abs(n) > 1 else f"{n:+.{width - 3}f}"


def percent(part: float) -> str:
    """A part of something in per cent, to two digits or more: 0.3 is 30 %, 0.058 is 5.8 %, 41.87 is 4,187 %."""
    hundredths = 100.0 * part
    return f"{hundredths:,.0f} %" if abs(hundredths) >= 9.95 else f"{hundredths:.2g} %"
