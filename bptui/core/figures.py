"""Printed figures against recomputed values: how many digits to compare is what the print says.

A figure is a string, because "0.50" and "0.5" claim different things. It agrees with a value that, rounded to the
figure's last digit, gives the same number; a half in the last place may have been rounded either way.
"""

from decimal import Decimal, InvalidOperation
from math import isfinite, isnan

_LARGEST_EXPONENT = 1000  # that of a double is 308


def parse(printed: str) -> Decimal:
    """The number a figure states, exactly, with its digits.

    Raises:
        ValueError: If it is no number as a program or a person would print one.
    """
    try:
        figure = Decimal(printed.strip().replace("−", "-"))
    except InvalidOperation as fault:
        raise ValueError(f'"{printed}" is no printed number') from fault
    if figure.is_finite() and abs(figure.adjusted()) > _LARGEST_EXPONENT:
        raise ValueError(f'"{printed}" is larger or smaller than any number a program has')
    return figure


def agrees(printed: str, value: float) -> bool:
    """Whether a value, rounded to the digits a figure shows, is the figure.

    Args:
        printed: The digits as printed, such as ``"0.11082295328378677"``, ``"-0.0"`` or ``"1.2854e+34"``.
        value: The recomputed value.
    """
    figure, value = parse(printed), float(value)
    if not figure.is_finite() or not isfinite(value):
        return (figure.is_nan() and isnan(value)) or (figure.is_infinite() and float(figure) == value)
    exponent = figure.as_tuple().exponent
    assert isinstance(exponent, int)
    if figure == Decimal(repr(value)):  # the shortest print of all digits need not be the nearest of its length
        return True
    return abs(Decimal(value) - figure) <= Decimal((0, (5,), exponent - 1))
