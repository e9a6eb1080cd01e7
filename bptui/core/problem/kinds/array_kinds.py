"""The kinds of settings that also take arrays: weights as matrices, biases as a row or a column, a row per sample.

Both keep a flat tuple, so equal problems compare equal however they were written. The shapes of matrices are read
again from what was given, where the sizes of the network are known: see ``find_matrix_sizes``. A text is read as it
would be typed, in files too.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from bptui.core.formulas.network import NUMBERINGS
from bptui.core.problem.kinds.array_text import PrintedArray, convert, has_brackets, read_arrays, require_rows
from bptui.core.problem.kinds.setting_kinds import FiniteNumber, Kind, NumberList
from bptui.core.problem.kinds.suggestions import describe_taken_apart
from bptui.record import record

_NUMBERED = re.compile(r"\D*([0-9]{1,9})\D*")


@record
class WeightList(NumberList):
    """Weights in the order of their numbers, or a list of matrices, one for each layer of neurons.

    A matrix has a row per source where weights are numbered by source, and a row per neuron where they are numbered by
    destination; so row by row gives the order of the numbers either way.
    """

    def check(self, value: object) -> tuple[float, ...]:  # noqa: D102
        value = read_numbers(value) if isinstance(value, str) else value
        matrices = _split_matrices(value)
        return super().check([number for matrix in matrices for row in matrix for number in row] if matrices else value)

    @staticmethod
    def read(text: str) -> object:  # noqa: D102
        return _read_or_keep(text)


@record
class BiasList(NumberList):
    """Biases of a layer as a list, or as a matrix of one row or one column; one bias also as a number."""

    def check(self, value: object) -> tuple[float, ...]:  # noqa: D102
        value = read_numbers(value) if isinstance(value, str) else value
        value = [value] if isinstance(value, int | float) and not isinstance(value, bool) else value
        require_rows(value)
        if isinstance(value, list) and any(isinstance(row, list) for row in value):
            rows, columns = len(value), len(value[0])
            if 1 not in (rows, columns) or any(isinstance(item, list) for row in value for item in row):
                raise ValueError("a list of numbers, one row or one column")
            value = [item for row in value for item in row]
        return super().check(value)

    @staticmethod
    def read(text: str) -> object:  # noqa: D102
        return _read_or_keep(text)


@record
class NumberRows:
    """A row of ``low`` to ``high`` finite numbers for each of up to ``most`` samples; a flat list is one sample."""

    low: int
    high: int
    most: int

    def check(self, value: object) -> tuple[tuple[float, ...], ...]:  # noqa: D102
        value = read_numbers(value) if isinstance(value, str) else value
        if isinstance(value, list) and all(isinstance(item, list) and len(item) == 1 for item in value):
            value = [item[0] if isinstance(item[0], list) else item for item in value]  # rows typed one by one
        row = NumberList(self.low, self.high)
        if not isinstance(value, list | tuple) or not any(isinstance(item, list | tuple) for item in value):
            return (row.check(value),)
        if len(value) > self.most:
            raise ValueError(f"at most {self.most} rows, one per sample, not {len(value)}")
        rows = []
        for place, item in enumerate(value, 1):
            try:
                rows.append(row.check(item))
            except ValueError as fault:
                raise ValueError(f"{fault} (row {place})") from fault
            if len(rows[-1]) != len(rows[0]):
                raise ValueError(
                    f"rows of equal length; row 1 has length {len(rows[0])}, row {place} has length {len(rows[-1])}"
                )
        return tuple(rows)

    @staticmethod
    def read(text: str) -> object:  # noqa: D102
        return _read_or_keep(text)

    @staticmethod
    def show(value: tuple[tuple[float, ...], ...]) -> str:  # noqa: D102
        rows = [NumberList.show(row) for row in value]
        return f"[{', '.join(f'[{row}]' for row in rows)}]" if len(rows) > 1 else rows[0]


def describe_commas(kind: Kind, text: str) -> str:
    """Return what became of a number typed with a comma for the point where a kind takes a list; empty elsewhere."""
    return describe_taken_apart(text) if isinstance(kind, NumberList | NumberRows) else ""


def find_matrix_sizes(value: object) -> list[tuple[int, int]]:
    """Return the numbers of rows and columns of each matrix of valid weights; nothing for a flat list."""
    value = read_numbers(value) if isinstance(value, str) else value
    return [(len(matrix), len(matrix[0])) for matrix in _split_matrices(value)]


def arrange(gap: tuple[int, int], numbering: str) -> tuple[int, int]:
    """Return the numbers of rows and columns of a matrix of weights, from those of its sources and its neurons."""
    sources, neurons = gap
    return (sources, neurons) if numbering == NUMBERINGS[0] else (neurons, sources)


def describe_orientation(numbering: str) -> str:
    """Return what a matrix of weights has a row for, so that its rows give the order of the weights' numbers."""
    return "a row per source" if numbering == NUMBERINGS[0] else "a row per neuron"


def fits_size(found: tuple[int, int], needed: tuple[int, int]) -> bool:
    """Whether a matrix has the rows and columns that it needs; a row may stand for a column, in the same order."""
    return found == needed or (1 in needed and found == needed[::-1])


def describe_size_fault(found: tuple[int, int], needed: tuple[int, int], numbering: str, those: str) -> str:
    """Return what is wrong with a matrix's size; empty if nothing is.

    Args:
        found: The numbers of its rows and columns.
        needed: What they have to be.
        numbering: How the weights are numbered.
        those: What the matrix has to fit, with its verb.
    """
    if fits_size(found, needed):
        return ""
    fault = "{} by {}, but {} {} by {}".format(*found, those, *needed)
    other = NUMBERINGS[1 - NUMBERINGS.index(numbering)]
    if found == needed[::-1]:
        return f'{fault}; if it has {describe_orientation(other)}, set numbering to "{other}"'
    return fault if 1 in needed else f"{fault}, with {describe_orientation(numbering)}"


def read_numbers(text: str) -> Any:
    """Return the numbers of a typed text: a flat list, or the nested lists of one array or of several.

    Raises:
        ValueError: If brackets are there and no array can be read; see ``read_arrays``.
    """
    if not has_brackets(text):
        return NumberList.read(text)
    arrays = read_arrays(text)
    if len(arrays) == 1:
        items = arrays[0].items
        return convert(items if isinstance(items, list) else [items], FiniteNumber.read)
    for array in arrays:
        if not isinstance(array.items, list):
            raise ValueError(f"numbers in brackets; {array.items} is outside them")
    _require_order(arrays)
    return [_as_matrix(convert(array.items, FiniteNumber.read)) for array in arrays]


def _read_or_keep(text: str) -> object:
    """Return the value of typed text, or the text itself if it is refused: the check says why."""
    try:
        return read_numbers(text)
    except ValueError:
        return text


def _require_order(arrays: Sequence[PrintedArray]) -> None:
    """Refuse biases among matrices, and matrices whose names count in another order."""
    for array in arrays:
        if array.name.startswith("b") or array.name.endswith("bias"):
            raise ValueError(f"weights only; leave out {array.name}")
    for one, other in pairwise(arrays):
        before, after = (_NUMBERED.fullmatch(array.name) for array in (one, other))
        if before and after and int(before[1]) >= int(after[1]):
            raise ValueError(f"matrices in the order of the layers; {other.name} follows {one.name}")


def _split_matrices(value: object) -> list[list[list[Any]]]:
    """Return the matrices of a setting's value, each as its rows; none for what is a flat list or no list.

    Raises:
        ValueError: If it is nested and holds no matrices.
    """
    if not isinstance(value, list) or not any(isinstance(item, list) for item in value):
        return []
    require_rows(value)
    deeper = any(isinstance(item, list) for row in value for item in row)
    return [_as_matrix(item) for item in value] if deeper else [value]


def _as_matrix(items: list[Any]) -> list[list[Any]]:
    return items if any(isinstance(item, list) for item in items) else [items]
