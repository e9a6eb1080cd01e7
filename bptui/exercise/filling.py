"""Put pasted arrays into cells: a list from a cell on, a matrix where it fits, named arrays where their names say.

A matrix of weights may have a row per source or a row per neuron. Where its size says which, each weight gets its own
number either way; a square one is read as the numbering says, or as torch's where its name ends in ``weight``.
"""

import re
from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

from bptui.core.formulas.network import NUMBERINGS
from bptui.core.problem.kinds.array_kinds import describe_orientation
from bptui.core.problem.settings import MOST_SAMPLES
from bptui.exercise.cells import BIASES, INPUTS, TARGETS, WEIGHTS, Cell, Group, Shape, name_cells
from bptui.exercise.reading import Pasted, read_pasted
from bptui.text.words import format_count

_DATA = {INPUTS: "there are {} by {} inputs", TARGETS: "there are {} by {} targets"}


class Filling(NamedTuple):
    """What a paste puts where.

    Attributes:
        texts: The new texts, by the keys of cells.
        samples: The number of samples, of which the paste may have brought more or fewer.
        notice: What was filled, in words.
    """

    texts: dict[str, str]
    samples: int
    notice: str


def fill_cells(shape: Shape, at: str, text: str) -> Filling:
    """Return what a pasted text puts where.

    Args:
        shape: The sizes.
        at: The cell with the cursor; the first cell of all if it is none.
        text: What was pasted.

    Raises:
        ValueError: If it does not fit or cannot be read; the message is a sentence.
    """
    parts = read_pasted(text)
    at = at if shape.find_group(at) else shape.cells[0].key
    if len(parts) == 1 and not parts[0].name:
        return _fill_single(shape, at, parts[0])
    texts, by = dict[str, str](), set[str]()
    places = _Places(shape, parts)
    for part in parts:
        group, cell = places.find(part)
        found, how = _put_list(shape, cell.key, part) if cell else _put_into(group, part, shape)
        texts |= found
        by.add(how)
    how = by.pop() if len(by) == 1 else ""
    return Filling(texts, shape.samples, _describe(shape, texts, how))


def _describe(shape: Shape, texts: dict[str, str], how: str) -> str:
    return f"filled {name_cells(shape, set(texts))}{f', {how}' if how else ''}"


def _fill_single(shape: Shape, at: str, part: Pasted) -> Filling:
    """Return where a list or a matrix without a name goes."""
    if part.depth < 2:
        texts, _ = _put_list(shape, at, part)
        return Filling(texts, shape.samples, _describe(shape, texts, ""))
    here = shape.find_group(at)
    assert here is not None
    others = [group for group in shape.groups if group is not here and group.kind != BIASES]
    for fitting in ([here], others):
        fits = [group for group in fitting if _find_fault(group, part) == ""]
        if len(fits) == 1:
            texts, how = _put_into(fits[0], part, shape)
            return Filling(texts, shape.samples, _describe(shape, texts, how))
    if here.kind in _DATA and (grown := _fill_samples(shape, here, part)):
        return grown
    raise ValueError(_find_fault(here, part))


def _fill_samples(shape: Shape, here: Group, part: Pasted) -> Filling | None:
    """Return how a matrix with a row per sample is filled in, whatever their number was; None if it is none."""
    rows, columns = len(part.rows), len(part.rows[0])
    whole = shape.inputs + shape.outputs
    if rows > MOST_SAMPLES or columns not in (here.columns, whole if here.kind == INPUTS else here.columns):
        return None
    inputs = shape.inputs if columns == whole and here.kind == INPUTS else columns if here.kind == INPUTS else 0
    texts = {
        (f"x {row} {place + 1}" if place < inputs else f"y {row} {place - inputs + 1}"): text
        for row, line in enumerate(part.rows, 1)
        for place, text in enumerate(line)
    }
    grown = Shape(shape.inputs, shape.hidden, shape.outputs, rows)
    new = f"; there {'is' if rows == 1 else 'are'} {format_count(rows, 'sample')} now" * (rows != shape.samples)
    return Filling(texts, rows, f"filled {name_cells(grown, set(texts))}{new}")


def _put_list(shape: Shape, at: str, part: Pasted) -> tuple[dict[str, str], str]:
    """Return the texts of a list from a cell on."""
    keys = [cell.key for cell in shape.cells]
    numbers = list(chain.from_iterable(part.rows))
    free = keys[keys.index(at) :]
    if len(numbers) > len(free):
        there = "it is the last" if len(free) == 1 else f"from {shape.names[at]} on there are {len(free)} cells"
        raise ValueError(f"{len(numbers)} numbers, but {there}: nothing was filled")
    return dict(zip(free, numbers, strict=False)), ""


def _put_into(group: Group, part: Pasted, shape: Shape) -> tuple[dict[str, str], str]:
    """Return the texts of an array that fits a group, and what its rows stand for where that could be otherwise."""
    if fault := _find_fault(group, part):
        raise ValueError(fault)
    rows = [list(row) for row in part.rows]
    turned = _is_turned(group, part, shape)
    if turned:
        rows = [list(column) for column in zip(*rows, strict=True)]
    numbers = chain.from_iterable(rows)
    other = NUMBERINGS[1 - NUMBERINGS.index(shape.numbering)] if turned else shape.numbering
    both = group.kind == WEIGHTS and 1 not in (group.rows, group.columns) and part.depth == 2
    order = f", the order of numbering {other}" * turned
    how = f"{describe_orientation(other)}{order}" * both
    return dict(zip((cell.key for cell in group.cells), numbers, strict=True)), how


def _is_turned(group: Group, part: Pasted, shape: Shape) -> bool:
    """Whether a matrix has columns where the group has rows."""
    size = len(part.rows), len(part.rows[0])
    if 1 in (group.rows, group.columns) or part.depth < 2:
        return False
    if group.kind == WEIGHTS and group.rows == group.columns:
        return part.name.endswith("weight") and shape.numbering == NUMBERINGS[0]
    return size != (group.rows, group.columns)


def _find_fault(group: Group, part: Pasted) -> str:
    """Return why an array does not fit a group; empty if it does."""
    rows, columns = len(part.rows), len(part.rows[0])
    needed = group.rows, group.columns
    if (rows, columns) in (needed, needed[::-1]) and (group.kind != BIASES or 1 in (rows, columns)):
        return ""
    if part.depth < 2 and columns == len(group.cells):
        return ""
    size = f"{rows} by {columns}" if part.depth == 2 else format_count(columns, "number")
    if group.kind in _DATA:
        return f"{size}, but {_DATA[group.kind].format(*needed)}: nothing was filled"
    title = group.title.partition(",")[0]
    needs = f"{group.columns}" if group.kind == BIASES else f"{group.rows} by {group.columns}"
    return f"{size}, but the {title} are {needs}: nothing was filled"


class _Places:
    """Where each of several arrays belongs: by its name, or behind the one before it."""

    def __init__(self, shape: Shape, parts: Sequence[Pasted]) -> None:
        self._shape = shape
        self._numbers = sorted({number for part in parts if (number := _find_number(part.name)) is not None})
        self._used = list[Group]()

    def find(self, part: Pasted) -> tuple[Group, Cell | None]:
        """Return the group of an array, and the cell if it is the name of one.

        Raises:
            ValueError: If it belongs nowhere.
        """
        named = next((cell for cell in self._shape.cells if cell.name == part.name), None)
        if named is not None and part.depth < 2:
            group = self._shape.find_group(named.key)
            assert group is not None
            return group, named
        kind = self._find_kind(part)
        groups = [group for group in self._shape.groups if group.kind == kind]
        number = _find_number(part.name) if kind in (WEIGHTS, BIASES) else None
        if number is not None:
            keys, place = self._shape.layer_keys, self._find_layer(number)
            groups = [group for group in groups if keys.index(group.layer) == place]
        found = next((group for group in groups if group not in self._used), None)
        if found is None:
            raise ValueError(f"there is no place for {part.name or 'the last array'} here: nothing was filled")
        self._used.append(found)
        return found, None

    def _find_layer(self, number: int) -> int:
        """Return the place of the layer with a number, counted from 1, from 0, or as in torch's Sequential: 0, 2, 4."""
        if 0 not in self._numbers:
            return number - 1
        return number if self._numbers[-1] < len(self._shape.layer_keys) else self._numbers.index(number)

    def _find_kind(self, part: Pasted) -> str:
        """Return the kind of the cells that an array belongs to."""
        name = part.name.lower()
        if not name:
            return WEIGHTS if part.depth == 2 or not self._shape.biased else BIASES
        if name.endswith(("bias", "biases")) or name[0] == "b":
            return BIASES
        if name.endswith(("weight", "weights")) or name[0] == "w":
            return WEIGHTS
        return INPUTS if name[0] == "x" or name.startswith("input") else TARGETS if name[0] in "yt" else WEIGHTS


def _find_number(name: str) -> int | None:
    """Return the first number in a name; None if there is none."""
    found = re.search(r"[0-9]{1,3}", name)
    return int(found[0]) if found else None
