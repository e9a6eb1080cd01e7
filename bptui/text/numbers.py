"""Format numbers as text, rounded for people or with every digit.

A number that is not finite is always a word, and zero is "0", so that it can be told from a value that is only small.
"""

import re
from collections.abc import Iterator
from math import inf, isfinite, isnan
from typing import Any

_CLOSE = 0.05  # relative error allowed where there are very few columns
_FAR = 0.5  # relative error from which on a number's size is misstated
_ROOMY, _WIDE = 5, 7  # columns from which a number below 1 keeps its leading zero, and a negative one too
LONGEST = 24  # characters of a number with all its digits
_OF_SINGLE = 9  # digits that identify a float32


def repr_float(value: Any) -> str:
    """Return a number with every digit: the shortest text that reads back as the same double."""
    number = float(value)
    return repr(number) if isfinite(number) else format_non_finite(number)


def read_out(value: Any) -> str:
    """Return a number with every digit for a reader, to whom a zero has no sign: −0.0 as 0.0."""
    return repr_float(float(value) + 0.0)


def write_minus(text: str) -> str:
    """Return a number's text with the minus sign that sentences have, also in its exponent: −2.5e−07."""
    return text.replace("-", "−")


def to_json_number(value: Any) -> float | str:
    """Return a number for JSON with every digit; a number that is not finite as its word."""
    return float(value) if isfinite(value) else repr_float(value)


def format_non_finite(number: float) -> str:
    """Return the word for a number that is not finite."""
    return "nan" if isnan(number) else "inf" if number > 0 else "-inf"


def format_number(value: Any) -> str:
    """Format a number for people: six decimals if they hold at least three of its digits, else an exponent.

    Zero is "0", so that an exact zero can be told from a value that is only small.
    """
    n = float(value)
    if not isfinite(n) or n == 0:
        return "0" if n == 0 else format_non_finite(n)
    return f"{n:.6f}" if 1e-4 <= abs(n) < 1e5 else f"{n:.4e}"


def format_significant(value: Any, digits: int) -> str:
    """Format a number with the given significant digits, or fewer if it has no more (0.5).

    Args:
        value: The number; a float32 has its own digits, and beyond those the digits of the same double.
        digits: The number of digits, from 1.
    """
    if digits > _OF_SINGLE:
        value = float(value)
    if not isfinite(value):
        return format_non_finite(float(value))
    mantissa, _, exponent = str(value).partition("e")
    if len(mantissa.lstrip("-").replace(".", "").strip("0")) > digits:
        mantissa, _, exponent = f"{float(value):#.{digits}g}".partition("e")
        mantissa = mantissa.removesuffix(".")
    else:
        mantissa = mantissa.removesuffix(".0")
    return f"{mantissa}e{exponent}" if exponent else mantissa


def format_all_digits(value: Any) -> str:
    """Return a number with every digit of its own precision: 0.3 for the float32 nearest to it."""
    return format_significant(value, _OF_SINGLE if getattr(value, "itemsize", 8) == 4 else 17)


def format_compact(value: Any, width: int, decimals: int = 17) -> str:
    """Format a number for a few columns, without the zero before its point if that saves a digit.

    Args:
        value: The number.
        width: The available columns; the text never misstates the number's size, and takes more columns if it must.
        decimals: The largest number of decimals.
    """
    n = float(value)
    if not isfinite(n) or n == 0:
        return "0" if n == 0 else format_non_finite(n)
    off, nearest = 0.5, ""
    for text in _make_forms(n, width, decimals):
        if len(text) <= width and (by := abs(float(text) / n - 1.0)) < off:
            off, nearest = by, text
            if by <= _CLOSE:
                break
    return nearest or _format_power(n, 0)


def _make_forms(n: float, width: int, decimals: int) -> Iterator[str]:
    """Yield possible texts of a number for a width, the plainest first."""
    first = width - 1 - (width >= _ROOMY) - (width >= _WIDE)
    for places in (*range(min(first, decimals), -1, -1), max(min(width - 1, decimals), 0)):
        yield _drop_zero(f"{n:.{places}f}", width)
    for places in range(max(width - 5, 0), -1, -1):
        yield _format_power(n, places)


def _drop_zero(text: str, width: int) -> str:
    """Drop the zero before the point if the text is too wide."""
    return text if len(text) <= width else re.sub(r"^(-?)0\.", r"\1.", text)


def _format_power(n: float, decimals: int) -> str:
    """Format a number with a power of ten in as few characters as possible: 1.2e-5."""
    mantissa, exponent = f"{n:.{decimals}e}".split("e")
    return f"{mantissa}e{int(exponent)}"


def format_beside_sign(value: Any, width: int, decimals: int = 17, *, leading_zero: bool = True) -> str:
    """Format a number for a box: a column for its sign, then its digits, so that numbers below each other are aligned.

    Below 1 all numbers have equally many decimals; one that these would make 0 or far too inexact has a power of ten.

    Args:
        value: The number.
        width: The available columns with that of the sign, 5 or more; a number that needs more takes them.
        decimals: The largest number of decimals.
        leading_zero: Whether a number below 1 has a zero before its point.
    """
    n = float(value)
    sign, size, room = "−" if n < 0 else " ", abs(n), width - 1
    if not isfinite(n) or n == 0:
        return sign + ("0" if n == 0 else format_non_finite(size))
    forms = (f"{size:.{places}f}" for places in range(min(room - 1 - leading_zero, decimals), -1, -1))
    plain = next(
        (text for text in (f if leading_zero else re.sub(r"^0\.", ".", f) for f in forms) if len(text) <= room), ""
    )
    off = abs(float(plain) / size - 1.0) if plain else inf
    if off <= _CLOSE:
        return sign + plain
    power = next((t for p in range(max(room - 5, 0), -1, -1) if len(t := _format_power(size, p)) <= room), "")
    if power and abs(float(power) / size - 1.0) < off:
        return sign + power.replace("-", "−")
    return sign + (plain if off < _FAR else _format_power(size, 0).replace("-", "−"))


def format_signed(value: Any, width: int = 5) -> str:
    """Format a short number that always shows its sign, for the labels of weights.

    Args:
        value: The number.
        width: The available columns, 5 or more; what they cannot tell from zero is +0.00, and only a number from 1e100
            on takes one column more.
    """
    n = float(value)
    if not isfinite(n) or n == 0:
        return "0" if n == 0 else format_non_finite(n)
    for decimals in range(width - 3, -1, -1):
        text = f"{n:+.{decimals}f}"
        if len(text) <= width and abs(float(text) / n - 1.0) < 0.5:
            return text
    text = ("+" if n > 0 else "") + _format_power(n, 0)
    return text if len(text) <= width or abs(n) > 1 else f"{n:+.{width - 3}f}"


def format_percent(part: float) -> str:
    """Format a share in per cent with two digits or more: 0.3 is 30 %, 0.058 is 5.8 %, 41.87 is 4,187 %."""
    hundredths = 100.0 * part
    return f"{hundredths:,.0f} %" if abs(hundredths) >= 9.95 else f"{hundredths:.2g} %"
