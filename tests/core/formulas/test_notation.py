"""The writer: its Python print evaluates to the tree's value, and no print has parentheses to spare."""

import ast
import math
from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.core.engines.program import logsumexp
from bptui.core.formulas import functions
from bptui.core.formulas.expr import (
    Call,
    Difference,
    Expr,
    Function,
    Name,
    Negative,
    Number,
    Product,
    Quotient,
    Square,
    Sum,
    SumOver,
)
from bptui.core.formulas.notation import PYTHON, Notation, write
from tests.core.formulas.test_expr import a, b, c, trees, v_ij, x_i
from tests.effort import examples

PAPER = Notation(name=str, number=lambda value: f"{value:g}", times="·", minus="−", square="{0}²")
SET = Notation(
    name=str,
    number=lambda value: f"{value:g}",
    times=r" \cdot ",
    minus="-",
    square="{0}^2",
    call=lambda function: function.latex,
    fraction=r"\frac{{{0}}}{{{1}}}",
    group=r"\left({0}\right)",
    sum_over=r"\sum_{{{0}=1}}^{{{1}}} {2}",
)
EASY: dict[Function, Callable[..., Any]] = {
    functions.EXP: np.exp,
    functions.LOG: np.log,
    functions.TANH: np.tanh,
    functions.SIGMOID: lambda v: 1.0 / (1.0 + np.exp(-v)) if v >= 0 else np.exp(v) / (1.0 + np.exp(v)),
}
exp_a, log_sum = Call(functions.EXP, (a,)), Call(functions.LOG_SUM_EXP, (a, -b))
over_i = SumOver("i", 3, v_ij * x_i)
numbers = st.tuples(*[st.floats(-1e3, 1e3)] * 3)


def value_of(expr: Expr, values: dict[str, Any]) -> Any:
    """What a tree is worth, by walking it; knows nothing of text."""

    def of(part: Expr) -> Any:
        return value_of(part, values)

    match expr:
        case Number(value):
            return np.float64(value)
        case Name(name):
            return values[name]
        case Sum(terms):
            return reduce(lambda done, term: done + of(term), terms[1:], of(terms[0]))
        case Product(factors):
            return reduce(lambda done, factor: done * of(factor), factors[1:], of(factors[0]))
        case Difference(left, right):
            return of(left) - of(right)
        case Quotient(over, under):
            return of(over) / of(under)
        case Negative(part):
            return -of(part)
        case Square(part):
            return of(part) * of(part)
        case Call(function, (argument,)):
            return EASY[function](of(argument))
    raise AssertionError(expr)


class _NumpyConstants(ast.NodeTransformer):
    """Makes the constants NumPy's, whose 1/0 is inf where Python raises; the text and its structure stay."""

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return ast.parse(f"np.float64({node.value!r})", mode="eval").body


def evaluated(text: str, values: dict[str, Any]) -> Any:
    parsed = ast.fix_missing_locations(_NumpyConstants().visit(ast.parse(text, mode="eval")))
    with np.errstate(all="ignore"):
        return eval(compile(parsed, "<print>", "eval"), {"np": np, "logsumexp": logsumexp, **values})


@examples(500)
@given(trees, numbers)
def test_the_python_print_is_worth_what_the_tree_is_to_the_last_bit(tree: Expr, abc: tuple[float, ...]) -> None:
    values = {name: np.float64(number) for name, number in zip("abc", abc, strict=True)}
    with np.errstate(all="ignore"):
        expected = value_of(tree, values)
    put_in = replace(PYTHON, name=lambda name: repr(float(values[name])))
    for text in (write(tree, PYTHON), write(tree, put_in)):
        found = np.float64(evaluated(text, values))
        assert found == expected or (np.isnan(found) and np.isnan(expected)), text


_KNOWN: dict[Function, Callable[[float], float]] = {
    functions.EXP: math.exp,
    functions.LOG: lambda v: math.log(v) if v > 0 else math.nan,
    functions.TANH: math.tanh,
    functions.MAX: lambda v: max(v, 0.0),
    functions.STEP: lambda v: float(v > 0),
    functions.LEAKY_STEP: lambda v: 1.0 if v > 0 else 0.01,
    functions.SOFTPLUS: lambda v: math.log1p(math.exp(v)),
    functions.SIGMOID: lambda v: 1.0 / (1.0 + math.exp(-v)),
    functions.LOG_SUM_EXP: lambda v: v,
}


@pytest.mark.parametrize("function", _KNOWN, ids=lambda function: function.text)
@pytest.mark.parametrize("at", [-3.0, 0.4])
def test_a_call_is_one_piece_whatever_its_argument_and_wherever_it_stands(function: Function, at: float) -> None:
    """``c / f(a + b²)`` divides by all of the call, and the call takes all of its argument."""
    more = (Number(0.0),) if function == functions.MAX else ()
    tree = Quotient(c, Call(function, (a + Square(b), *more)))
    found = evaluated(write(tree, PYTHON), {"a": np.float64(at), "b": np.float64(1.25), "c": np.float64(0.7)})
    known = _KNOWN[function](at + 1.25**2)
    assert found == pytest.approx(0.7 / known if known else math.inf, rel=1e-14, nan_ok=True)


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (a + b + c, "a + b + c"),
        (a + (b + c), "a + (b + c)"),
        (a - b - c, "a − b − c"),
        (a - (b - c), "a − (b − c)"),
        (a * b + c, "a·b + c"),
        (a * (b + c), "a·(b + c)"),
        ((a * b) * (c * a), "a·b·c·a"),
        (a * b / c, "a·b/c"),
        (a / (b * c), "a/(b·c)"),
        (a / (b / c), "a/(b/c)"),
        (a / b / c, "a/b/c"),
        (-(a + b), "−(a + b)"),
        (-(a * b), "−a·b"),
        (Negative(-a), "−(−a)"),
        (-a + b, "−a + b"),
        (a + -b, "a + (−b)"),
        (a - -b, "a − (−b)"),
        (a * -b, "a·(−b)"),
        (a / -b, "a/(−b)"),
        (Square(a), "a²"),
        (Square(a - b), "(a − b)²"),
        (Square(Square(a)), "(a²)²"),
        (Square(a / b), "(a/b)²"),
        (0.5 * Square(a - b), "0.5·(a − b)²"),
        (a * Call(functions.EXP, (-(a + b),)), "a·exp(−(a + b))"),
        (1.0 - a, "1 − a"),
        (2.0 / a, "2/a"),
        (over_i + b, "Σ(i=1..3) v_ij·x_i + b"),
        (b + over_i, "b + (Σ(i=1..3) v_ij·x_i)"),
        (over_i - b, "Σ(i=1..3) v_ij·x_i − b"),
        (b - over_i, "b − (Σ(i=1..3) v_ij·x_i)"),
        (over_i * b, "(Σ(i=1..3) v_ij·x_i)·b"),
        (over_i / 3.0, "(Σ(i=1..3) v_ij·x_i)/3"),
        (-over_i, "−(Σ(i=1..3) v_ij·x_i)"),
        (Square(over_i), "(Σ(i=1..3) v_ij·x_i)²"),
        (Call(functions.LOG, (over_i,)), "log(Σ(i=1..3) v_ij·x_i)"),
        (SumOver("k", 2, a - b), "Σ(k=1..2) (a − b)"),
        (SumOver("k", 2, -a), "Σ(k=1..2) (−a)"),
        (SumOver("j", 2, over_i), "Σ(j=1..2) (Σ(i=1..3) v_ij·x_i)"),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_no_more_parentheses_than_needed_and_no_two_signs_in_a_row(tree: Expr, text: str) -> None:
    assert write(tree, PAPER) == text


@pytest.mark.parametrize("negative", ["-0.4", "−0.4"])
def test_a_negative_number_put_in_for_a_name_gets_its_parentheses(negative: str) -> None:
    notation = replace(PAPER, name=lambda name: {"a": negative}.get(name, "0.2"))
    assert write(a + b, notation) == f"{negative} + 0.2"
    assert write(b + a, notation) == f"0.2 + ({negative})"
    assert write(b - a, notation) == f"0.2 − ({negative})"
    assert write(b * a, notation) == f"0.2·({negative})"
    assert write(Square(a), notation) == f"({negative})²"
    assert write(Call(functions.EXP, (a,)), notation) == f"exp({negative})"


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (a / b, r"\frac{a}{b}"),
        ((a + b) / (a * b), r"\frac{a + b}{a \cdot b}"),
        (a / (b / c), r"\frac{a}{\frac{b}{c}}"),
        (c * (a / b), r"c \cdot \frac{a}{b}"),
        (c / (1.0 + exp_a), r"\frac{c}{1 + e^{a}}"),
        (-(a / b), r"-\frac{a}{b}"),
        (over_i / 3.0, r"\frac{\sum_{i=1}^{3} v_ij \cdot x_i}{3}"),
        (over_i * b, r"\left(\sum_{i=1}^{3} v_ij \cdot x_i\right) \cdot b"),
        (a * (b - c), r"a \cdot \left(b - c\right)"),
        (Square(a - b), r"\left(a - b\right)^2"),
        (Square(Square(a)), r"\left(a^2\right)^2"),
    ],
)
def test_a_fraction_shows_by_itself_what_is_over_and_what_is_under(tree: Expr, text: str) -> None:
    assert write(tree, SET) == text


@pytest.mark.parametrize(
    ("of", "base"),
    [
        (a, "a"),
        (Number(2.0), "2"),
        (a / b, r"\left(\frac{a}{b}\right)"),
        (exp_a, r"\left(e^{a}\right)"),
        (Call(functions.TANH, (a,)), r"\left(\tanh\left(a\right)\right)"),
        (Square(a), r"\left(a^2\right)"),
    ],
)
def test_what_takes_no_exponent_in_latex_is_squared_in_parentheses(of: Expr, base: str) -> None:
    assert write(Square(of), SET) == f"{base}^2"


@pytest.mark.parametrize("put", ["-0.4", r"5 \cdot 10^{-7}", r"-5 \cdot 10^{-7}"])
def test_a_number_that_is_no_single_piece_is_squared_in_parentheses(put: str) -> None:
    assert write(Square(a), replace(SET, name=lambda name: put)) == rf"\left({put}\right)^2"


def test_a_function_without_a_print_of_its_own_is_written_as_what_it_means() -> None:
    assert write(log_sum, PAPER) == "log(exp(a) + exp(−b))"
    assert write(log_sum, SET) == r"\ln\left(e^{a} + e^{-b}\right)"
    assert write(2.0 * log_sum, PAPER) == "2·log(exp(a) + exp(−b))"
    assert write(log_sum, PYTHON) == "logsumexp(a, -b)"
    general = Call(functions.LOG_SUM_EXP, (SumOver("k", 2, Name("o_k")),))
    assert write(general, PAPER) == "log(Σ(k=1..2) exp(o_k))"


def test_what_a_function_means_keeps_the_place_it_stands_in() -> None:
    halved = Function("", "half({0})", "", means=lambda arguments: arguments[0] - 0.5 * arguments[0])
    assert write(b * Call(halved, (a,)), PAPER) == "b·(a − 0.5·a)"


def test_what_is_no_expression_cannot_be_written() -> None:
    with pytest.raises(TypeError, match="not an expression"):
        write(Expr(), PAPER)
