"""Numbers, signs and aligned columns as text, for the command line and the panels alike.

A quantity's name (``dE_dw1``) is what programs read; its label (∂E/∂w1) is what people read. Numbers for people are
rounded; ``full`` gives every digit there is.
"""

from collections.abc import Sequence
from math import isfinite, isnan
from typing import Any

_PREFIXES = (
    ("in_", "in_"),
    ("delta_", "δ_"),
    ("dE_d", "∂E/∂"),
    ("new_", "new "),
    ("log_sum_exp", "log Σ exp"),
)
_SIGNS = {"eta": "η"}


def label(quantity: str) -> str:
    """How a quantity is written for people: ``dE_dw1`` as ∂E/∂w1, ``delta_o1`` as δ_o1."""
    for prefix, sign in _PREFIXES:
        if quantity.startswith(prefix):
            return sign + quantity.removeprefix(prefix)
    return _SIGNS.get(quantity, quantity)


def full(value: Any) -> str:
    """A number with every digit it has, in its own precision's shortest form."""
    number = float(value)
    return repr(number) if isfinite(number) else word(number)


def word(number: float) -> str:
    """The word for a number that is not finite."""
    return "nan" if isnan(number) else "inf" if number > 0 else "-inf"


def number(value: Any, decimals: int = 6) -> str:
    """A number for people: fixed decimals where they hold at least three digits of it, else an exponent.

    Zero is "0", so that a value that is exactly nothing can be told from one that is only small.
    """
    n = float(value)
    if not isfinite(n):
        return word(n)
    if n == 0:
        return "0"
    if 10.0 ** (2 - decimals) <= abs(n) < 1e5:
        return f"{n:.{decimals}f}"
    return f"{n:.{max(decimals - 2, 1)}e}"


def aligned(value: Any, whole: int, decimals: int) -> str:
    """A number whose decimal point stands in column ``whole``, padded to ``whole + 1 + decimals`` columns.

    A number with an exponent, or a word, may use the places before the point as well.
    """
    text, width = number(value, decimals), whole + 1 + decimals
    head, point, tail = text.partition(".")
    if "e" in text or not point:
        return text.rjust(whole) + " " * (width - max(whole, len(text))) if not point else text.rjust(width)
    return f"{head.rjust(whole)}.{tail}".ljust(width)


def columns(rows: Sequence[Sequence[str]], left: int = 1) -> list[str]:
    """Rows of cells as lines, the first ``left`` columns to the left, the others to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [c.ljust(w) if i < left else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))]
        lines.append("  ".join(cells).rstrip())
    return lines
