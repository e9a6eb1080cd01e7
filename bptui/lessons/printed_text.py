"""Read printed values as people type and programs print them: names with numbers or arrays, any number a line.

``dE_dw1 = 0.0004``, ``w5 0.3589``, ``E: 0.298, δ_o1: 0.138`` and ``dW1 = [[0.1 0.2] [0.3 0.4]]`` are read; numbers keep
their digits. A line without a number is a heading, and ``#`` begins a comment. A parameter's own name means its value
after the update, unless it has the value that the round starts from: then it is given, and nothing to check.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bptui.core.formulas.names import updated
from bptui.core.formulas.network import Network
from bptui.core.problem.kinds.array_text import find_numbers
from bptui.core.quantities.printable import list_printable
from bptui.lessons.printed_values import (
    describe_given,
    describe_other_sample,
    expand_rows,
    remove_brackets,
    suggest_printable,
)
from bptui.lessons.quantity_names import Meaning, find_meaning, has_two_meanings
from bptui.lessons.text_items import TextItem, read_number, split_items
from bptui.text.printed import PrintedNumber, find_decimals, parse_printed
from bptui.text.words import clip, make_one_line

_LONGEST = 100_000  # characters of a text
_MOST_FAULTS = 50
_OF_ROUNDS = ("round", "epoch", "iteration", "step", "update", "layer", "sample")  # whose number is no value
_SHOWN = 30  # characters of a name in a fault


class LineOf(NamedTuple):
    """Something about a line of the text, which counts from 1."""

    line: int
    text: str


class TypedValue(NamedTuple):
    """One number of the text.

    Attributes:
        line: Its line, from 1.
        name: The quantity that it is a value of.
        digits: The number as it stands there.
    """

    line: int
    name: str
    digits: str


@dataclass
class PrintedText:
    """The values of a text, and what is wrong in it.

    Attributes:
        values: Its numbers, of which no two are of one quantity.
        faults: What cannot be read, with the reason.
        remarks: What is left out for a reason that is no fault: a heading, a number that is given.
    """

    values: list[TypedValue] = field(default_factory=list)
    faults: list[LineOf] = field(default_factory=list)
    remarks: list[LineOf] = field(default_factory=list)

    @property
    def printed(self) -> dict[str, str]:
        """The digits by quantity."""
        return {value.name: value.digits for value in self.values}


def read_printed_text(network: Network, text: str, given: Mapping[str, Any]) -> PrintedText:
    """Read the printed values of a round; no text raises anything.

    Args:
        network: The network of the round.
        text: The text.
        given: The values that the round starts from, by name.
    """
    found = PrintedText()
    if len(text) > _LONGEST:
        found.faults.append(LineOf(1, f"the text is longer than {_LONGEST:,} characters, more than any round needs"))
        return found
    lines = dict[str, TypedValue]()
    for item in split_items(text):
        if len(found.faults) >= _MOST_FAULTS:
            found.faults.append(LineOf(item.line, "too many errors: the rest is not read"))
            break
        try:
            for value in _read_item(network, item, given, found):
                before = lines.setdefault(value.name, value)
                if before.digits != value.digits:
                    raise ValueError(f"{value.name} is {before.digits} in line {before.line}, but {value.digits} here")
        except ValueError as fault:
            found.faults.append(LineOf(item.line, str(fault)))
    found.values = list(lines.values())
    return found


def format_printed_text(printed: Mapping[str, str]) -> str:
    """Return printed values as a text that reads back as the same, one a line."""
    return "".join(f"{name} = {_quote(digits)}\n" for name, digits in printed.items())


def _quote(digits: str) -> str:
    """Return digits as they may stand in a text: in quotes where they would be taken to end earlier."""
    return digits if read_number(digits) == digits else f'"{digits}"'


def _read_item(network: Network, item: TextItem, given: Mapping[str, Any], found: PrintedText) -> Iterator[TypedValue]:
    """Yield the values of an item; add a remark where it has none.

    Raises:
        ValueError: With what is wrong in it.
    """
    shown = clip(make_one_line(item.name), _SHOWN)
    if item.value and item.name.lower() in _OF_ROUNDS:
        found.remarks.append(LineOf(item.line, "skipped"))
        return
    if not item.value:
        if not item.name:
            raise ValueError("a name is missing before the sign, and a number after it")
        meaning = find_meaning(network, item.name)
        if item.has_sign or (meaning and meaning.name not in network.given):
            raise ValueError(f"{shown} has no number yet")
        found.remarks.append(LineOf(item.line, "skipped: no number here"))
        return
    if not item.name:
        nameless = clip(make_one_line(item.value), _SHOWN)
        raise ValueError(f'"{nameless}" needs a name before it, as in dE_dw1 = 0.000439')
    meaning = find_meaning(network, item.name, single=not item.is_array or len(find_numbers(item.value)) < 2)
    if meaning is None:
        raise ValueError(f"{shown} {_describe_unknown(network, item.name)}")
    try:
        values = list(_expand(network, meaning, item))
        for value in values:
            parse_printed(value.digits)
    except ValueError as fault:
        raise ValueError(f"{shown}: {fault}") from fault
    yield from _keep_calculated(network, meaning, values, given, found)


def _expand(network: Network, meaning: Meaning, item: TextItem) -> Iterator[TypedValue]:
    """Yield the numbers of an item with their quantities, each with its own line.

    Raises:
        ValueError: If it has another size, or is no array.
    """
    (name, rows), places = meaning, find_numbers(item.value)
    if len(rows) == len(rows[0]) == 1:
        yield TypedValue(item.line, rows[0][0], remove_brackets(item.value))
        return
    entries = expand_rows(network, name, rows, item.value)
    # The same array with the numbers' places in their stead: it is taken to pieces alike, turned on its side or not
    marked, end = "", 0
    for number, (start, stop) in enumerate(places):
        marked, end = f"{marked}{item.value[end:start]}{number}", stop
    order = expand_rows(network, name, rows, marked + item.value[end:])
    for entry, digits in entries.items():
        line = item.line + item.value.count("\n", 0, places[int(order[entry])][0])
        yield TypedValue(line, entry, digits)


def _keep_calculated(
    network: Network, meaning: Meaning, values: list[TypedValue], given: Mapping[str, Any], found: PrintedText
) -> Iterator[TypedValue]:
    """Yield the values that are calculated; parameters are taken for those after the update, unless they are given.

    Raises:
        ValueError: If they are of inputs or targets, which no round calculates.
    """
    known = list_printable(network)
    if all(value.name in known for value in values):
        yield from values
        return
    if not all(updated(value.name) in known for value in values):
        raise ValueError(f"{meaning.name} {describe_given(network, meaning.name)}")
    decimals = find_decimals(value.digits for value in values)
    if all(PrintedNumber.of(value.digits, decimals).agree(float(given[value.name])) for value in values):
        found.remarks.append(
            LineOf(values[0].line, f"{meaning.name} is the value that the round starts with: nothing to check")
        )
        return
    yield from (value._replace(name=updated(value.name)) for value in values)


def _describe_unknown(network: Network, written: str) -> str:
    """Return why a name means nothing, as the rest of a sentence."""
    if has_two_meanings(written):
        return "has two possible meanings: write w and the number of the weight, such as w4"
    if other := describe_other_sample(network, written):
        return other
    return f"is not a quantity of this network{suggest_printable(network, written)}"
