"""Worked formulas of matrices: in letters, with shapes, with their numbers, and the result, in any notation.

The numbers are those of the round, put where the matrix form has them. As in ``bptui.derive.worked`` they get as many
digits as the printed formula needs to give the printed result, in every entry.
"""

import re
from collections.abc import Container, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from bptui.core.engines.program import compile_expression
from bptui.core.formulas.expr import Expr, Name, Transposed, find_names, rebuild
from bptui.core.formulas.network import Network
from bptui.core.formulas.notation import Notation, write
from bptui.core.quantities.matrix_formulas import MatrixLine, collect_values, find_matrix_form
from bptui.derive.notations import LATEX, UNICODE, WrittenForm, write_flat
from bptui.derive.worked import DEFAULT_DIGITS, MAX_DIGITS
from bptui.record import record
from bptui.text.matrices import Grid, Pieces
from bptui.text.numbers import format_significant

_TURNED = ".T"  # behind the name of a matrix on its side, inside this module
_FIRST = 0xE000  # the first of the characters that stand for matrices while a formula is written


@record
class WorkedMatrix:
    """A worked line of the matrix form; without numbers and result while they are not known.

    Attributes:
        name: The name of the matrix, or E.
        label: What people call it.
        letters: Its formula; empty where it has none.
        shaped: The same, with the shape of every matrix.
        numbers: The same with numbers; empty where it would only repeat the result.
        result: The result.
        holds: Whether the printed numbers, put into the printed formula, give the printed result.
    """

    name: str
    label: str
    letters: str
    shaped: str
    numbers: Pieces = ()
    result: Pieces = ()
    holds: bool = True

    @property
    def sides(self) -> tuple[Pieces, ...]:
        """The right sides: letters, numbers, result, as far as there are any."""
        return tuple(side for side in ((self.letters,) if self.letters else (), self.numbers, self.result) if side)


class MatrixWorking:
    """The numbers of one round, ready to be put into the formulas of matrices.

    Args:
        network: The network of the values.
        values: All inputs of the round, and its quantities.
        form: How formulas are written.
        digits: Significant digits shown.
        known: The names that may be shown; all if left out.
    """

    def __init__(
        self,
        network: Network,
        values: Mapping[str, Any],
        form: WrittenForm,
        digits: int = DEFAULT_DIGITS,
        known: Container[str] | None = None,
    ) -> None:
        self.form, self.digits = form, digits
        self.matrices = find_matrix_form(network)
        self._values = {name: value for name, value in values.items() if known is None or name in known}

    @cached_property
    def letters(self) -> Notation:
        """The notation of formulas in letters."""
        return write_flat(self.form.letters)

    def show(self, name: str, digits: int | None = None) -> Pieces:
        """Return a matrix or a scalar with its numbers, and as many significant digits as given."""
        return self._split(chr(_FIRST), [name], digits or self.digits)

    def knows(self, *names: str) -> bool:
        """Whether all numbers of some matrices and scalars may be shown."""
        entries = self.matrices.entries
        return all(one in self._values for name in names for row in entries.get(name, ((name,),)) for one in row)

    def give_shape(self, name: str) -> str:
        """Return the label of a matrix with its shape."""
        return write(_name_turned(Name(name)), replace(self.letters, name=self._shape_name))

    def work_out(self, line: MatrixLine) -> WorkedMatrix:
        """Return a line of the matrix form worked out."""
        label = self.form.letters.name(line.name)
        result = self.show(line.name) if self.knows(line.name) else ()
        if line.expr is None:
            return WorkedMatrix(line.name, label, "", "", (), result)
        turned = _name_turned(line.expr)
        shaped = write(turned, replace(self.letters, name=self._shape_name))
        if line.name.startswith("Z"):
            shaped = self._tell_repeating(shaped, line.name.replace("Z", "b"))
        worked = WorkedMatrix(line.name, label, write(line.expr, self.letters), shaped)
        names = find_names(line.expr)
        if not self.knows(line.name, *names):
            return worked
        digits, holds = self._find_digits(line, names)
        numbers = self._put_numbers(turned, digits)
        return replace(worked, numbers=numbers if numbers != result else (), result=result, holds=holds)

    def _put_numbers(self, expr: Expr, digits: int) -> Pieces:
        names = list(find_names(expr))
        marks = {name: chr(_FIRST + at) for at, name in enumerate(names)}
        scalars = {name for name in names if name.removesuffix(_TURNED) not in self.matrices.entries}

        def name(one: str) -> str:
            return self.form.value(self._values[one], digits) if one in scalars else marks[one]

        return self._split(write(expr, replace(self.letters, name=name)), names, digits)

    def _split(self, text: str, names: list[str], digits: int) -> Pieces:
        """Return a text as pieces, with matrices in place of the characters that stand for them."""
        parts = re.split(f"([{chr(_FIRST)}-{chr(_FIRST + len(names))}])", text)
        return tuple(self._fill(names[ord(p) - _FIRST], digits) if at % 2 else p for at, p in enumerate(parts) if p)

    def _fill(self, name: str, digits: int) -> Grid | str:
        plain = name.removesuffix(_TURNED)
        if plain not in self.matrices.entries:
            return self.form.value(self._values[plain], digits)
        label, entries = self.form.letters.name(plain), self.matrices.entries[plain]
        if name != plain:
            label, entries = self.letters.transposed.format(label), tuple(zip(*entries, strict=True))
        rows = tuple(tuple(self.form.value(self._values[entry], digits) for entry in row) for row in entries)
        return Grid(label, rows, entries)

    def _shape_name(self, name: str) -> str:
        plain = name.removesuffix(_TURNED)
        label, shape = self.form.letters.name(plain), self.matrices.shape(plain)
        if name != plain:
            label = self.letters.transposed.format(label)
        if shape is None:
            return label
        rows, columns = shape if name == plain else reversed(shape)
        if self.form is LATEX:
            return rf"\underset{{{rows} \times {columns}}}{{{label}}}"
        return f"{label} ({rows}{'×' if self.form is UNICODE else 'x'}{columns})"

    def _tell_repeating(self, shaped: str, bias: str) -> str:
        """Return a formula of Z where the shape of its bias says how it is added to several samples."""
        shape, repeated = self.matrices.shape, self.matrices.shape(bias)
        if self.form is LATEX or not repeated or repeated == shape(bias.replace("b", "Z")):
            return shaped
        return f"{shaped.removesuffix(')')}, added to each {'column' if self.matrices.by_column else 'row'})"

    def _find_digits(self, line: MatrixLine, names: tuple[str, ...]) -> tuple[int, bool]:
        """Return how many digits the matrices need for the printed line to be true, and whether any number suffices."""
        assert line.expr
        values = collect_values(self.matrices, self._values, (line.name, *names))
        wanted, compute = _round_all(values[line.name], self.digits), compile_expression(line.expr)
        for digits in range(self.digits, MAX_DIGITS + 1):
            found = compute({name: _round_all(values[name], digits) for name in names})
            if np.array_equal(_round_all(found, self.digits), wanted, equal_nan=True):
                return digits, True
        return max(self.digits, np.finfo(np.asarray(values[line.name]).dtype).precision + 3), False


def _name_turned(expr: Expr) -> Expr:
    """Return an expression where a matrix on its side has a name of its own."""
    if isinstance(expr, Transposed) and isinstance(expr.of, Name):
        return Name(f"{expr.of.name}{_TURNED}")
    return rebuild(expr, _name_turned)


def _round_all(values: Any, digits: int) -> Any:
    """Return numbers as they are printed with some significant digits, in double precision and their own shape."""
    array = np.asarray(values)
    return np.array([float(format_significant(v, digits)) for v in array.flat], np.float64).reshape(array.shape)[()]
