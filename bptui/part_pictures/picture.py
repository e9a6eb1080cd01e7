"""What a small picture is: curves over one axis, points on them, a straight line, and sentences in numbers.

Everything is computed in float64 and stands for itself: a sentence only says what its own numbers show.
"""

from functools import partial
from math import isfinite
from typing import NamedTuple

from bptui.core.engines.engine import Floats
from bptui.record import record
from bptui.text.numbers import format_significant, write_minus


class PlottedCurve(NamedTuple):
    """A curve: a short name for its end, and its coordinates, of shape (points,), x rising; y may be nan or inf."""

    name: str
    x: Floats
    y: Floats


class Mark(NamedTuple):
    """A point with the sign that marks it."""

    sign: str
    x: float
    y: float


class StraightLine(NamedTuple):
    """A straight line through a point."""

    x: float
    y: float
    slope: float


@record(eq=False)
class Picture:
    """A small picture.

    Attributes:
        title: What is drawn.
        across: What the horizontal axis is.
        curves: The curves; empty if there is nothing to draw.
        marks: The points, the most important last.
        line: A tangent, or what a rule takes for one.
        sentences: What is seen, in numbers.
        is_over_rounds: Whether the horizontal axis is one of rounds, and logarithmic.
    """

    title: str
    across: str
    curves: tuple[PlottedCurve, ...] = ()
    marks: tuple[Mark, ...] = ()
    line: StraightLine | None = None
    sentences: tuple[str, ...] = ()
    is_over_rounds: bool = False


def write_number(value: float, digits: int) -> str:
    """Return a number as a sentence has it; zero has no sign."""
    return write_minus(format_significant(float(value) + 0.0, digits))


def write_factor(value: float, digits: int) -> str:
    """Return a number as a factor in a product: in brackets if it is negative."""
    text = write_number(value, digits)
    return f"({text})" if text.startswith("−") else text


def describe_change(name: str, before: float, after: float, digits: int) -> str:
    """Return how a number changes: that it falls, rises or stays, or is no longer finite, and by how much."""
    write = partial(write_number, digits=digits)
    if not isfinite(before) or not isfinite(after):
        return f"{name} goes from {write(before)} to {write(after)}"
    if before == after:
        return f"{name} stays at {write(before)}"
    verb = "falls" if after < before else "rises"
    return f"{name} {verb} from {write(before)} to {write(after)}, by {write(abs(after - before))}"
