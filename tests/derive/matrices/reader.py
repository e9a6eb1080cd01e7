"""An independent reader of printed formulas of matrices: plain Python, whose matrices are lists of rows.

It reads the plain text of a formula with Python's own parser and knows nothing of the package; every function and sign
is written out here.
"""

import ast
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

Matrix = list[list[float]]
_SLOPES: Mapping[str, Callable[..., float]] = {
    "sigmoid": lambda z, a: a * (1 - a),
    "tanh": lambda z, a: 1 - a**2,
    "identity": lambda z, a: 1.0,
}


def _sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


_VALUES: Mapping[str, Callable[[float], float]] = {"sigmoid": _sigmoid, "tanh": math.tanh, "identity": lambda z: z}


def _each(function: Callable[..., float], *of: Any) -> Any:
    """Apply a function entry by entry; a single row or column, or a number, counts for every one."""
    if not any(isinstance(one, list) for one in of):
        return function(*of)
    sizes = [(len(one), len(one[0])) for one in of if isinstance(one, list)]
    rows, columns = max(size[0] for size in sizes), max(size[1] for size in sizes)
    assert all(size[0] in (1, rows) and size[1] in (1, columns) for size in sizes)

    def entry(one: Any, i: int, j: int) -> float:
        return one[i % len(one)][j % len(one[0])] if isinstance(one, list) else float(one)

    return [[function(*(entry(one, i, j) for one in of)) for j in range(columns)] for i in range(rows)]


def _matrix_product(a: Matrix, b: Matrix) -> Matrix:
    assert len(a[0]) == len(b)
    return [[sum(row[k] * b[k][j] for k in range(len(b))) for j in range(len(b[0]))] for row in a]


_SIGNS: Mapping[type, Callable[..., Any]] = {
    ast.Add: lambda a, b: _each(lambda x, y: x + y, a, b),
    ast.Sub: lambda a, b: _each(lambda x, y: x - y, a, b),
    ast.Mult: lambda a, b: _each(lambda x, y: x * y, a, b),
    ast.Div: lambda a, b: _each(lambda x, y: x / y, a, b),
    ast.Pow: lambda a, b: _each(lambda x, y: x**y, a, b),
    ast.MatMult: _matrix_product,
}


class Reader:
    """Calculates printed formulas.

    Args:
        by_column: Whether the samples are columns.
        activations: The activations of the layer that f is of.
    """

    def __init__(self, by_column: bool, activations: tuple[str, ...]) -> None:
        self._by_column, self._activations = by_column, activations

    def calculate(self, text: str, names: Mapping[str, Any]) -> Any:
        """The value of a formula, a number or rows of numbers, from the values of names."""
        return self._visit(ast.parse(re.sub(r"\bf'\(", "slope(", text), mode="eval").body, names)

    def _visit(self, node: ast.expr, names: Mapping[str, Any]) -> Any:
        match node:
            case ast.Constant(value):
                return float(value)  # type: ignore[arg-type]
            case ast.Name(name):
                return names[name]
            case ast.UnaryOp(ast.USub(), of):
                return _each(lambda x: -x, self._visit(of, names))
            case ast.BinOp(left, sign, right):
                return _SIGNS[type(sign)](self._visit(left, names), self._visit(right, names))
            case ast.Attribute(of, "T"):
                return [list(row) for row in zip(*self._visit(of, names), strict=True)]
            case ast.IfExp(ast.Compare(of, [ast.Gt()], [_]), then, other):
                values = (self._visit(one, names) for one in (of, then, other))
                return _each(lambda x, a, b: a if x > 0 else b, *values)
            case ast.Call(ast.Name(function), arguments):
                return self._call(function, [self._visit(one, names) for one in arguments])
        raise ValueError(ast.dump(node))

    def _call(self, function: str, of: list[Any]) -> Any:
        known: dict[str, Callable[..., float]] = {
            "exp": math.exp, "log": math.log, "tanh": math.tanh, "sqrt": math.sqrt, "max": max, "sigmoid": _sigmoid,
            "signif": lambda x, digits: float(f"{x:.{int(digits) - 1}e}"),
        }  # fmt: skip
        if function in known:
            return _each(known[function], *of)
        if function in ("f", "slope"):
            return self._apply_own(_VALUES if function == "f" else _SLOPES, *of)
        if function == "sum":
            return sum(map(sum, of[0]))
        if (function == "sum_s") != self._by_column:
            return [[sum(column) for column in zip(*of[0], strict=True)]]
        return [[sum(row)] for row in of[0]]

    def _apply_own(self, table: Mapping[str, Callable[..., float]], *of: Matrix) -> Matrix:
        own = [table[name] for name in self._activations]
        rows = zip(*of, strict=True)
        return [
            [own[i if self._by_column else j](*entries) for j, entries in enumerate(zip(*row, strict=True))]
            for i, row in enumerate(rows)
        ]
