"""Rounding between the steps, as people do it on paper: to significant digits or to decimals, a half away from zero.

A number is moved up by a few units in its last place first, so that what is 0.675 on paper goes up, although its
double is a little less. One scalar at a time through Python's own printing, the same for scalars and arrays.
"""

from typing import Any

import numpy as np

from bptui.core.expr import Function

NONE = "none"
_UP = 1 + 2**-50


def to_digits(value: Any, digits: int) -> Any:
    """A scalar or an array rounded to significant digits, in its own precision."""
    return _rounded(value, f".{digits - 1}e")


def to_decimals(value: Any, places: int) -> Any:
    """A scalar or an array rounded to decimals, in its own precision."""
    return _rounded(value, f".{places}f")


def _rounded(value: Any, form: str) -> Any:
    if np.ndim(value):
        return np.array([_rounded(one, form) for one in value], value.dtype)
    return type(value)(format(float(value) * _UP, form))


def _row(kind: str, count: int) -> Function:
    word, form = ("signif", f".{count - 1}e") if kind == "digits" else ("round", f".{count}f")
    return Function(
        f"{word}({{0}}, {count})",
        f"to_{kind}({{0}}, {count})",
        rf"\mathrm{{{{{word}}}}}_{{{{{count}}}}}\left({{0}}\right)",
        code=f"to_{kind}({{0}})",
        define=f"def to_{kind}(z):\n    return type(z)(format(float(z) * (1 + 2**-50), {form!r}))",
    )


ROUNDINGS = {f"{count} {kind}": _row(kind, count) for kind in ("digits", "decimals") for count in range(2, 9)}
"""What every result of a round is rounded to before it is used, by the setting's name."""
