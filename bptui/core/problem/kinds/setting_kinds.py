"""The kinds of settings: what each accepts, reads from typed text, and shows.

A kind checks a value as a lesson file gives it (a TOML value) and returns it in the form that ``Spec`` keeps. For a
refused value it raises ``ValueError``; the text says what is allowed and continues the words "must be". Flags and forms
turn typed text into such a value with ``read``, so one check serves files, flags and forms.
"""

import re
from collections.abc import Mapping
from math import isfinite
from typing import Any, Protocol

from bptui.core.problem.kinds.suggestions import describe_names, list_meanings, suggest_point
from bptui.record import record

_THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+")
ALL, ONE_AT_A_TIME = "all", "one at a time"


class Kind(Protocol):
    """A kind of setting: its valid values, and how they are read and shown."""

    def check(self, value: object) -> Any:
        """Return the value in the form that ``Spec`` keeps; raise ``ValueError`` if it is not allowed."""

    def read(self, text: str) -> object:
        """Return the value of typed text, not yet checked."""

    def show(self, value: Any) -> str:
        """Return the text that the user would type for a value."""


class Described(Protocol):
    """A table row with a one-line description for the user."""

    @property
    def about(self) -> str:
        """The description."""


def find_need(kind: Kind) -> str:
    """Return what to enter where nothing is typed, such as "enter 1 to 8 numbers"; empty where nothing is needed."""
    try:
        kind.check(kind.read(""))
    except ValueError as fault:
        return f"enter {describe_need(fault)}"
    return ""


def describe_need(fault: ValueError) -> str:
    """Return what has to be entered, from why nothing was refused."""
    return str(fault).partition(", not ")[0].removeprefix("a list of ")


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        point = suggest_point(value) if isinstance(value, str) else ""
        raise ValueError(f"a number; {point}" if point else "a number")
    try:
        number = float(value)
    except OverflowError:
        number = float("inf")
    if not isfinite(number):
        raise ValueError("a finite number")
    return number


def _read_number(text: str) -> object:
    text = text.strip().replace("−", "-").replace("–", "-")
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _show_number(value: float) -> str:
    return repr(value)


@record
class FiniteNumber:
    """A finite number, above, at least or below a bound if one is set."""

    above: float | None = None
    at_least: float | None = None
    below: float | None = None

    def check(self, value: object) -> float:  # noqa: D102 - see Kind
        number = _number(value)
        if self.above is not None and number <= self.above:
            raise ValueError(f"a number above {self.above:g}")
        if self.at_least is not None and number < self.at_least:
            raise ValueError(f"at least {self.at_least:g}")
        if self.below is not None and number >= self.below:
            raise ValueError(f"a number below {self.below:g}")
        return number

    read = staticmethod(_read_number)
    show = staticmethod(_show_number)


@record
class WholeNumber:
    """A whole number between two bounds."""

    low: int
    high: int

    def check(self, value: object) -> int:  # noqa: D102
        if isinstance(value, bool) or not isinstance(value, int) or not self.low <= value <= self.high:
            either = list_meanings(value) if isinstance(value, str) else ""
            raise ValueError(f"a whole number from {self.low:,} to {self.high:,}{either}")
        return value

    @staticmethod
    def read(text: str) -> object:  # noqa: D102
        if list_meanings(text.strip()):
            return text.strip()
        number = _read_number(text.replace(",", "") if _THOUSANDS.fullmatch(text.strip()) else text)
        return int(number) if isinstance(number, float) and number.is_integer() else number

    show = staticmethod(str)


@record
class LayerSizes:
    """The number of neurons of each hidden layer: 1 to ``most`` in up to ``layers``; 0 or none for no hidden layer."""

    most: int
    layers: int

    def check(self, value: object) -> tuple[int, ...]:  # noqa: D102
        sizes = value if isinstance(value, list | tuple) else [value]
        if list(sizes) == [0] and sizes[0] is not False:
            return ()
        if len(sizes) > self.layers:
            raise ValueError(f"sizes of at most {self.layers} hidden layers, not of {len(sizes)}")
        if not all(type(size) is int and 1 <= size <= self.most for size in sizes):
            each = f"from 1 to {self.most} for each hidden layer"
            one = f"from 0 to {self.most}, or one from 1 to {self.most} for each hidden layer, as in 3, 2"
            raise ValueError(f"a whole number {each if len(sizes) > 1 else one}")
        return tuple(sizes)

    @staticmethod
    def read(text: str) -> object:  # noqa: D102
        sizes = [WholeNumber.read(part) for part in text.strip(" []()").replace(",", " ").split()]
        return sizes if text.strip() else text

    @staticmethod
    def show(value: tuple[int, ...]) -> str:  # noqa: D102
        return ", ".join(map(str, value)) or "0"


@record
class NumberList:
    """A list of finite numbers, ``low`` to ``high`` of them, typed with commas or spaces in between."""

    low: int
    high: int

    def check(self, value: object) -> tuple[float, ...]:  # noqa: D102
        if not isinstance(value, list | tuple):
            raise ValueError("a list of numbers")
        if not self.low <= len(value) <= self.high:
            raise ValueError(f"a list of {self.low} to {self.high} numbers, not {len(value)}")
        numbers = []
        for place, item in enumerate(value, 1):
            try:
                numbers.append(_number(item))
            except ValueError as fault:
                raise ValueError(f"a list of numbers; entry {place} is not a finite number") from fault
        return tuple(numbers)

    @staticmethod
    def read(text: str) -> object:  # noqa: D102
        return [_read_number(part) for part in text.replace(",", " ").split()]

    @staticmethod
    def show(value: tuple[float, ...]) -> str:  # noqa: D102
        return ", ".join(map(_show_number, value))


@record
class BatchSize:
    """How many samples a round uses: "all", "one at a time" or a number."""

    most: int

    def check(self, value: object) -> str | int:  # noqa: D102
        if value in (ALL, ONE_AT_A_TIME):
            return str(value)
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= self.most:
            raise ValueError(f'"{ALL}", "{ONE_AT_A_TIME}" or a whole number from 1 to {self.most}')
        return ONE_AT_A_TIME if value == 1 else value

    @staticmethod
    def read(text: str) -> object:  # noqa: D102
        number = _read_number(text)
        return number if isinstance(number, int) else text.strip()

    show = staticmethod(str)


@record
class Choice:
    """One of a fixed set of names, each with an optional one-line description for the user."""

    names: tuple[str, ...]
    about: tuple[str, ...] = ()

    @classmethod
    def of(cls, rows: Mapping[str, "Described"]) -> "Choice":
        """Make a choice among table rows that have descriptions."""
        return cls(tuple(rows), tuple(row.about for row in rows.values()))

    def about_name(self, name: str) -> str:
        """Return the description of a name, or an empty text."""
        return dict(zip(self.names, self.about, strict=False)).get(name, "")

    def check(self, value: object) -> str:  # noqa: D102
        if value in self.names:
            return str(value)
        raise ValueError(f"one of {describe_names(self.names, value)}")

    read = staticmethod(str.strip)
    show = staticmethod(str)


@record
class ChoiceByName:
    """A choice per neuron, such as ``o2=relu``; kept as pairs in alphabetical order."""

    choice: Choice

    def check(self, value: object) -> tuple[tuple[str, str], ...]:  # noqa: D102
        if not isinstance(value, dict):
            raise ValueError("pairs of a neuron and its activation, such as o2=relu, each neuron once")
        return tuple(sorted((str(key), self.choice.check(item)) for key, item in value.items()))

    @staticmethod
    def read(text: str) -> object:  # noqa: D102
        pairs = [part.partition("=") for part in text.split(",") if part.strip()]
        found = {key.strip(): item.strip() for key, _, item in pairs}
        return found if len(found) == len(pairs) and all(sign for _, sign, _ in pairs) else text

    @staticmethod
    def show(value: tuple[tuple[str, str], ...]) -> str:  # noqa: D102
        return ", ".join(f"{key}={item}" for key, item in value)
