"""A calculation that continues with given numbers in place of its own, such as printed values."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Line = tuple[str, Callable[[Mapping[str, Any]], Any]]
"""A quantity's name, and the function that calculates it from all values before it, by name."""


def carry_on(
    lines: Iterable[Line], start: Mapping[str, Any], taken: Callable[[str, Any], Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Calculate line by line, each line from the numbers taken for the lines before it.

    Args:
        lines: The quantities to calculate, in this order.
        start: The values that the first lines are calculated from, by name.
        taken: Returns the number that the rest continues with, from a quantity's name and its calculated number.

    Returns:
        The calculated numbers by name, and the numbers that the calculation continued with, including the start. A
        number is a scalar or an array of shape (runs,); nothing changes its precision.
    """
    calculated, values = dict[str, Any](), dict(start)
    for name, compute in lines:
        calculated[name] = compute(values)
        values[name] = taken(name, calculated[name])
    return calculated, values
