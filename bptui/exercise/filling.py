"""Put pasted arrays into cells: a list from a cell on, a matrix where it fits, named arrays where their names say.

A matrix of weights may have a row per source or a row per neuron. Where its size says which, each weight gets its own
number either way; a square one is read as others beside it, else as the numbering says, or as torch's where its name
ends in ``weight``.
"""

from dataclasses import replace
from itertools import chain
from typing import NamedTuple

from bptui.core.formulas.network import NUMBERINGS
from bptui.core.problem.kinds.array_kinds import describe_orientation
from bptui.core.problem.kinds.suggestions import describe_taken_apart
from bptui.core.problem.settings import MOST_SAMPLES
from bptui.exercise.cells import BIASES, INPUTS, TARGETS, WEIGHTS, Group, Shape, name_cells
from bptui.exercise.places import Places
from bptui.exercise.reading import Pasted, read_pasted
from bptui.text.words import format_count

_PER_SAMPLE = "a column per sample"
_DATA = (INPUTS, TARGETS)


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
    are_pairs = set(filter(str.isalnum, text)) <= {"0", "1"}  # as XOR's samples
    commas = "" if are_pairs else describe_taken_apart(text)
    try:
        filling = _fill(shape, at, read_pasted(text))
    except ValueError as fault:
        if not commas or str(fault).startswith("use "):
            raise
        raise ValueError(f"{fault}; {commas}") from fault
    return filling._replace(notice=f"{filling.notice}; {commas}") if commas else filling


def _fill(shape: Shape, at: str, parts: list[Pasted]) -> Filling:
    """Return where arrays go; a cell or a group of its own has each with a name.

    Raises:
        ValueError: If one does not fit.
    """
    is_there = shape.find_group(at) is not None
    if len(parts) == 1 and not parts[0].name:
        return _fill_single(shape, at if is_there else shape.cells[0].key, parts[0], is_there)
    texts, by, samples = dict[str, str](), set[str](), dict[str, int]()
    places = Places(shape, parts)
    found_places = [(part, *places.find(part)) for part in parts]
    matrices = [(group, part) for part, group, _ in found_places if part.depth == 2 and group.kind == WEIGHTS]
    turned = {_is_turned(group, part) for group, part in matrices} == {True, None}
    for part, group, cell in found_places:
        rows = None if cell else _fill_rows(shape, group, part)
        if rows:
            found, samples[group.kind] = rows.texts, rows.samples
        else:
            found, how = _put_list(shape, cell.key, part) if cell else _put_into(group, part, shape, turned)
            by.add(how)
        _require_once(shape, texts, found)
        texts |= found
    how = by.pop() if len(by := by - {""}) == 1 else ""
    return _fill_grown(shape, texts, samples, how)


def _require_once(shape: Shape, texts: dict[str, str], found: dict[str, str]) -> None:
    """Refuse a cell that has two numbers.

    Raises:
        ValueError: If there is one.
    """
    for key in texts.keys() & found.keys():
        if texts[key] != found[key]:
            raise ValueError(
                f"{shape.names.get(key, 'a cell')} is given twice, as {texts[key]} and {found[key]}: nothing was filled"
            )


def _fill_grown(shape: Shape, texts: dict[str, str], samples: dict[str, int], how: str) -> Filling:
    """Return a filling by which the number of samples may change.

    Raises:
        ValueError: If inputs and targets have different ones.
    """
    if len(counts := set(samples.values())) > 1:
        said = " and ".join(f"{format_count(count, 'row')} of {kind}" for kind, count in samples.items())
        raise ValueError(f"{said}: nothing was filled")
    count = counts.pop() if counts else shape.samples
    grown = replace(shape, samples=count)
    new = f"; there {'is' if count == 1 else 'are'} now {format_count(count, 'sample')}" * (count != shape.samples)
    return Filling(texts, count, f"{_describe(grown, texts, how)}{new}")


def _describe(shape: Shape, texts: dict[str, str], how: str) -> str:
    return f"filled {name_cells(shape, set(texts))}{f', {how}' if how else ''}"


def _fill_single(shape: Shape, at: str, part: Pasted, is_there: bool) -> Filling:
    """Return where a list or a matrix without a name goes; the cursor decides between data if it ``is_there``."""
    if part.depth < 2:
        texts, _ = _put_list(shape, at, part)
        return Filling(texts, shape.samples, _describe(shape, texts, ""))
    here = shape.find_group(at) or shape.groups[0]
    is_data = is_there and here.kind in _DATA and (here.columns == 1 or here.rows > 1)
    if is_data and (grown := _fill_samples(shape, here, part)):
        return grown
    others = [group for group in shape.groups if group is not here and group.kind != BIASES]
    for fitting in ([here], others):
        fits = [group for group in fitting if _find_fault(group, part) == ""]
        fits = [group for group in fits if group is here or not _is_data_turned(group, part)]
        if len(fits) == 1:
            texts, how = _put_into(fits[0], part, shape)
            return Filling(texts, shape.samples, _describe(shape, texts, how))
    if here.kind in _DATA and (grown := _fill_samples(shape, here, part)):
        return grown
    raise ValueError(_find_fault(here, part))


def _fill_rows(shape: Shape, here: Group, part: Pasted) -> Filling | None:
    """Return how an array with a name fills inputs or targets, a row per sample; None if it is none.

    Where a sample has one number, a list is as good as a column.
    """
    if here.kind not in _DATA or part.depth == 0:
        return None
    if part.depth == 1 and here.columns == 1:
        part = part._replace(rows=tuple((number,) for number in part.rows[0]))
    elif part.depth == 1 or len(part.rows[0]) != here.columns:
        return None
    return _fill_samples(shape, here, part)


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
    return _fill_grown(shape, texts, {here.kind: rows}, "")


def _put_list(shape: Shape, at: str, part: Pasted) -> tuple[dict[str, str], str]:
    """Return the texts of a list from a cell on."""
    keys = [cell.key for cell in shape.cells]
    numbers = list(chain.from_iterable(part.rows))
    free = keys[keys.index(at) :]
    if len(numbers) > len(free):
        there = (
            f"{shape.names[at]} is the last cell"
            if len(free) == 1
            else f"there are only {len(free)} cells from {shape.names[at]} on"
        )
        raise ValueError(f"{len(numbers)} numbers, but {there}: nothing was filled")
    return dict(zip(free, numbers, strict=False)), ""


def _put_into(group: Group, part: Pasted, shape: Shape, as_others: bool = False) -> tuple[dict[str, str], str]:
    """Return the texts of an array that fits a group, and what its rows stand for where that could be otherwise.

    Args:
        group: The group.
        part: The array.
        shape: The sizes.
        as_others: Whether the other matrices, whose sizes say it, have columns where groups have rows.
    """
    if fault := _find_fault(group, part):
        raise ValueError(fault)
    rows, turned = [list(row) for row in part.rows], _is_turned(group, part)
    if turned is None:  # a square
        turned = as_others or (part.name.endswith("weight") and shape.numbering == NUMBERINGS[0])
    if turned:
        rows = [list(column) for column in zip(*rows, strict=True)]
    texts = dict(zip((cell.key for cell in group.cells), chain.from_iterable(rows), strict=True))
    if group.kind in _DATA:
        return texts, _PER_SAMPLE if turned and group.rows > 1 else ""
    if group.kind != WEIGHTS or part.depth < 2 or 1 in (group.rows, group.columns):
        return texts, ""
    other = NUMBERINGS[1 - NUMBERINGS.index(shape.numbering)] if turned else shape.numbering
    return texts, f"{describe_orientation(other)}{f', the order of numbering {other}' if turned else ''}"


def _is_turned(group: Group, part: Pasted) -> bool | None:
    """Whether a matrix has columns where the group has rows; None of a square of weights, whose size does not say."""
    size = len(part.rows), len(part.rows[0])
    if part.depth == 2 and group.kind == WEIGHTS and size == (group.rows, group.columns) == size[::-1]:
        return None
    return part.depth == 2 and size != (group.rows, group.columns)


def _is_data_turned(group: Group, part: Pasted) -> bool:
    """Whether an array has another form than the data of a group, whose rows are samples."""
    return group.kind in _DATA and (len(part.rows), len(part.rows[0])) != (group.rows, group.columns)


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
        return f"{size}, but the {group.kind} are {group.rows} by {group.columns}: nothing was filled"
    title = group.title.partition(",")[0]
    if group.kind == BIASES:
        layer, biases = title.partition(" of ")[2], "1 bias" if group.columns == 1 else f"{group.columns} biases"
        return f"{size}, but {layer} has {biases}: nothing was filled"
    return f"{size}, but the {title} are {group.rows} by {group.columns}: nothing was filled"
