"""A calculation that goes on with numbers that somebody gave, in place of its own."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Line = tuple[str, Callable[[Mapping[str, Any]], Any]]
"""A quantity and what calculates it from all that comes before it."""


def carry_on(
    lines: Iterable[Line], start: Mapping[str, Any], taken: Callable[[str, Any], Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Calculate line by line, each from what was taken for the lines before it.

    Args:
        lines: What is calculated, in this order.
        start: What it is calculated from, by name.
        taken: Returns what the rest goes on with, of a quantity and the number that was calculated for it.

    Returns:
        What was calculated, by name, and what the calculation went on with, the start included.
    """
    calculated, values = dict[str, Any](), dict(start)
    for name, compute in lines:
        calculated[name] = compute(values)
        values[name] = taken(name, calculated[name])
    return calculated, values
