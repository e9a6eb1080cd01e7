"""Expressions as typed, read safely: their value, and by how much it may be off.

Python's own parser reads them, but nothing of them is run: the tree is checked against a list of what is allowed, and
evaluated in floating point, so that nothing typed can hang or crash. An integer, and a number that is known exactly,
stand for themselves alone; any other number may be off by half a unit of its last digit.
"""

import ast
import re
import warnings
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import field
from decimal import Decimal
from math import e, inf, isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptui.core.engines.program import make_python_function
from bptui.core.formulas.functions import WORDS
from bptui.core.formulas.rounding import to_decimals, to_digits
from bptui.core.problem.tables import UserError
from bptui.derive.notations import format_label
from bptui.record import record
from bptui.text.printed import half_unit, parse_printed

DECIMAL = re.compile(r"(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", re.IGNORECASE)
NO_COMMA = "use a decimal point, not a comma"
_MOST_DIGITS = 17  # to round to
_ROUNDING = 2 * float(np.finfo(float).eps)  # relative error of every step of an expression
_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: np.float_power,
    ast.USub: np.negative,
    ast.UAdd: np.positive,
    ast.Gt: np.greater,
    ast.Lt: np.less,
}
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{word: make_python_function(function) for word, function in WORDS.items()},
    "ln": np.log,
    "sqrt": np.sqrt,
    "max": lambda *of: np.maximum.reduce(of),
    "signif": lambda z, digits: to_digits(z, _check_digits(digits)),
    "round": lambda z, places: to_decimals(z, _check_digits(places)),
}
_SEVERAL_ARGUMENTS = {
    "max": "more than one number",
    "signif": "a number and a number of digits",
    "round": "a number and a number of decimals",
}


class AnswerError(UserError):
    """What was typed is no answer, right or wrong; the text says why."""


@record
class AnswerScope:
    """The names and exact numbers that an answer may contain.

    Attributes:
        known: The values of the quantities whose names may be used.
        hidden: Names of quantities that may not be used.
        asked: The name that is asked for.
        exact: What ``find_exact_numbers`` returns for the numbers that are known exactly.
    """

    known: Mapping[str, Any] = field(default_factory=dict)
    hidden: Container[str] = ()
    asked: str = ""
    exact: Mapping[Decimal, float] = field(default_factory=dict)


def find_exact_numbers(values: Iterable[Any]) -> dict[Decimal, float]:
    """Return numbers that may be typed as known, without their signs, and how far the known number may be off.

    That is less than a unit in the last place: a number known as 0.2 in float32 is 0.2 only up to that. Where rounding
    has turned -0.02 into -0.020000000000000018, it is known as -0.02.
    """
    found: dict[Decimal, float] = {}
    for value in values:
        if isfinite(value):
            digits = 12 if getattr(value, "itemsize", 8) == 8 else 6
            short = Decimal(f"{value:.{digits - 1}e}")
            if abs(float(short) - float(value)) <= 8 * find_last_place(value):
                found[abs(short)] = 8 * find_last_place(value)
            found[abs(to_decimal(value))] = find_last_place(value)
    return found


def evaluate_expression(text: str, scope: AnswerScope) -> tuple[float, float]:
    """Return the value of an expression, and by how much it may be off.

    Raises:
        AnswerError: If it is none, or comes to no finite number.
    """
    return _Evaluator(text, scope).evaluate()


def parse_figure(text: str) -> Decimal:
    """Return a plain number with its digits.

    Raises:
        AnswerError: If it has too many digits or too large an exponent.
    """
    try:
        return parse_printed(text)
    except ValueError as fault:
        raise AnswerError(str(fault)) from fault


def to_decimal(value: Any) -> Decimal:
    """Return a number with all digits of its own precision."""
    return Decimal(str(value))


def find_last_place(value: Any) -> float:
    """Return a unit in the last place of a finite number, in its own precision."""
    return float(abs(value - np.nextafter(value, 0)))


def _check_digits(cases: NDArray[np.float64]) -> int:
    """Return the number of digits to round to."""
    count = cases[0]
    if not (1 <= count <= _MOST_DIGITS and count == int(count)):
        raise AnswerError(f"the number of digits must be a whole number from 1 to {_MOST_DIGITS}")
    return int(count)


class _Evaluator:
    """Evaluates one expression.

    Every number that may be off, and every result that rounding may have moved, is moved up and down, one at a time.
    All these cases lie on the last axis of one array; the first is the unmoved expression.
    """

    def __init__(self, signs: str, scope: AnswerScope) -> None:
        self._signs, self._scope = signs, scope
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # Python warns of much that is refused below
                self._tree = ast.parse(signs, mode="eval").body
        except (SyntaxError, ValueError, MemoryError, RecursionError) as fault:
            comma = re.search(r"\d,\d", signs)
            no = f'"{signs:.40}" is neither a number nor an expression such as 1 - 0.2*3'
            raise AnswerError(NO_COMMA if comma else no) from fault
        moved = (node for node in ast.walk(self._tree) if isinstance(node, ast.Constant | ast.BinOp | ast.Call))
        self._places: dict[ast.AST, int] = {node: 2 * place + 1 for place, node in enumerate(moved)}

    def evaluate(self) -> tuple[float, float]:
        """Return the value of the expression, and by how much it may be off."""
        with np.errstate(all="ignore"):
            cases = self._evaluate(self._tree)
            moved = np.abs(cases[1:] - cases[0]).reshape(-1, 2).max(axis=1).sum()
        if not isfinite(cases[0]):
            raise AnswerError("the result is not a finite number; if that is your answer, type nan, inf or -inf")
        return float(cases[0]), inf if np.isnan(moved) else float(moved)

    def _text(self, node: ast.expr) -> str:
        return self._signs[node.col_offset : node.end_col_offset]

    def _figure(self, node: ast.expr) -> Decimal:
        text = self._text(node)
        if not DECIMAL.fullmatch(text) or float(text) == inf:
            raise AnswerError(f'"{text:.40}" is not a number here')
        return parse_figure(text)

    def _evaluate(self, node: ast.expr) -> NDArray[np.float64]:
        """Return the value of a part of the expression in each case."""
        cases = np.array(np.broadcast_to(self._evaluate_node(node), 2 * len(self._places) + 1), float)
        if (place := self._places.get(node)) is None:
            return cases
        if isinstance(node, ast.Constant):
            figure = self._figure(node)
            whole = figure == figure.to_integral_value()  # 2, and 0.000 or 1.0, to which nobody rounds
            half = 0.0 if whole else self._scope.exact.get(figure, float(half_unit(figure)))
            cases[place : place + 2] += half, -half
        else:
            cases[place : place + 2] *= 1 + _ROUNDING, 1 - _ROUNDING
        return cases

    def _evaluate_node(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant():
                return float(self._figure(node))
            case ast.Name(id=name):
                return self._value_of(name)
            case ast.UnaryOp(op=sign, operand=of) if type(sign) in _OPERATORS:
                return _OPERATORS[type(sign)](self._evaluate(of))
            case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _OPERATORS:
                return _OPERATORS[type(sign)](self._evaluate(left), self._evaluate(right))
            case ast.IfExp(test=ast.Compare(left=left, ops=[sign], comparators=[right])) if type(sign) in _OPERATORS:
                holds = _OPERATORS[type(sign)](self._evaluate(left), self._evaluate(right))
                return np.where(holds, self._evaluate(node.body), self._evaluate(node.orelse))
            case ast.Call(func=ast.Name(id=name), args=of, keywords=[]):
                return self._call(name, [self._evaluate(one) for one in of])
            case ast.Tuple():
                raise AnswerError(NO_COMMA)
        raise AnswerError(f'"{self._text(node)}" is not allowed in an answer')

    def _value_of(self, name: str) -> float:
        if name == "e":
            return e
        if name == self._scope.asked:
            raise AnswerError(f"{format_label(name)} is the number asked for")
        if name in self._scope.hidden:
            raise AnswerError(f"{format_label(name)} is not known yet")
        if name not in self._scope.known:
            raise AnswerError(f'"{name}" is not a quantity of this round')
        return float(self._scope.known[name])

    def _call(self, name: str, of: list[Any]) -> Any:
        if name not in _FUNCTIONS:
            raise AnswerError(f'"{name}" is not a function here; the functions are {", ".join(_FUNCTIONS)}')
        if (len(of) > 1) != (name in _SEVERAL_ARGUMENTS) or not of or (len(of) > 2 and name != "max"):
            comma = f"; {NO_COMMA}" if name not in _SEVERAL_ARGUMENTS and of else ""
            raise AnswerError(f"{name} takes {_SEVERAL_ARGUMENTS.get(name, 'one number')}{comma}")
        return _FUNCTIONS[name](*of)
