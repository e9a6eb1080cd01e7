"""Rounding of intermediate results as on paper: to significant digits or to decimals, halves away from zero.

A 0.145 on paper rounds up to 0.15, although its double is a little less: a number only a few units in its last place
below a half counts as a half. Python's own formatting rounds one scalar at a time, so scalars and arrays agree.
"""

from functools import cache
from typing import Any

import numpy as np

from bptui.core.formulas.expr import Function

NONE = "none"


def to_digits(value: Any, digits: int) -> Any:
    """Round to significant digits, in the value's own precision.

    Args:
        value: A float64 or float32 scalar, or an array such as one of shape (runs,).
        digits: The number of significant digits, 1 or more.

    Returns:
        The rounded value, of the same shape and precision.
    """
    return _round(value, f".{digits - 1}e")


def to_decimals(value: Any, places: int) -> Any:
    """Round to decimals, in the value's own precision.

    Args:
        value: A float64 or float32 scalar, or an array such as one of shape (runs,).
        places: The number of decimals, 0 or more.

    Returns:
        The rounded value, of the same shape and precision.
    """
    return _round(value, f".{places}f")


def _round(value: Any, form: str) -> Any:
    if isinstance(value, np.ndarray) and value.ndim:  # equal bits are rounded once: many runs have equal numbers
        bits, places = np.unique(np.ascontiguousarray(value).view(f"i{value.itemsize}"), return_inverse=True)
        return np.array([_round(one, form) for one in bits.view(value.dtype)], value.dtype)[places]
    kind, v = type(value), float(value)
    text, other = format(v, form), format(v * _find_up(kind.__name__), form)
    if text == other:  # v is not about halfway, as most are
        return kind(float(text))
    plain, lifted = float(text), float(other)
    near = abs(lifted - v) < 2 * abs(v - plain)  # v lies about halfway; otherwise `up` has moved it too far
    return kind(lifted if near else plain)


@cache
def _find_up(kind: str) -> float:
    """Return the factor that lifts a number of a kind by a few units in its last place."""
    return 1 + 4 * float(np.finfo(kind).eps)


_DEFINE = """def {0}(z):
    v, up = float(z), 1 + 4 * float(np.finfo(type(z)).eps)
    plain, lifted = float(f"{{v:{1}}}"), float(f"{{v * up:{1}}}")
    near = abs(lifted - v) < 2 * abs(v - plain)
    return type(z)(lifted if near else plain)"""


def _row(kind: str, count: int) -> Function:
    word, form = ("signif", f".{count - 1}e") if kind == "digits" else ("round", f".{count}f")
    return Function(
        f"{word}({{0}}, {count})",
        f"to_{kind}({{0}}, {count})",
        rf"\mathrm{{{{{word}}}}}_{{{{{count}}}}}\left({{0}}\right)",
        code=f"to_{kind}({{0}})",
        define=_DEFINE.format(f"to_{kind}", form),
    )


ROUNDINGS = {f"{count} {kind}": _row(kind, count) for kind in ("digits", "decimals") for count in range(2, 9)}
"""The roundings of every result of a round before its use, by the setting's name."""
