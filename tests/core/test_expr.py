"""The expression tree: its Python print evaluates to the tree's value, and no print has parentheses to spare."""

import ast
import math
from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bptui.core import functions
from bptui.core.expr import (
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
    names,
    product,
    total,
)
from bptui.core.notation import PYTHON, Notation, write
from bptui.core.program import logsumexp

PAPER = Notation(name=str, number=lambda value: f"{value:g}", times="·", minus="−", square="{0}²")
EASY: dict[Function, Callable[..., Any]] = {
    functions.EXP: np.exp,
    functions.LOG: np.log,
    functions.TANH: np.tanh,
    functions.SIGMOID: lambda v: 1.0 / (1.0 + np.exp(-v)) if v >= 0 else np.exp(v) / (1.0 + np.exp(v)),
}


def _number(value: float) -> Number:
    return Number(value)


def _compound(parts: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    several = st.lists(parts, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Sum, several),
        st.builds(Product, several),
        st.builds(Difference, parts, parts),
        st.builds(Quotient, parts, parts),
        st.builds(Negative, parts),
        st.builds(Square, parts),
        st.builds(Call, st.sampled_from(list(EASY)), st.tuples(parts)),
    )


_leaves: st.SearchStrategy[Expr] = st.one_of(
    st.sampled_from("abc").map(Name), st.floats(-1e3, 1e3).map(_number), st.just(Number(1.0))
)
trees = st.recursive(_leaves, _compound, max_leaves=12)


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


@settings(max_examples=500, deadline=None)
@given(trees, st.tuples(*[st.floats(-1e3, 1e3)] * 3))
def test_the_python_print_is_worth_what_the_tree_is_to_the_last_bit(tree: Expr, numbers: tuple[float, ...]) -> None:
    values = {name: np.float64(number) for name, number in zip("abc", numbers, strict=True)}
    with np.errstate(all="ignore"):
        expected = value_of(tree, values)
    found = np.float64(evaluated(write(tree, PYTHON), values))
    assert found == expected or (np.isnan(found) and np.isnan(expected))


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
@pytest.mark.parametrize("a", [-3.0, 0.4])
def test_a_call_is_one_piece_whatever_its_argument_and_wherever_it_stands(function: Function, a: float) -> None:
    """``c / f(a + b²)`` divides by all of the call, and the call takes all of its argument."""
    more = (Number(0.0),) if function == functions.MAX else ()
    tree = Quotient(Name("c"), Call(function, (Name("a") + Square(Name("b")), *more)))
    found = evaluated(write(tree, PYTHON), {"a": np.float64(a), "b": np.float64(1.25), "c": np.float64(0.7)})
    known = _KNOWN[function](a + 1.25**2)
    assert found == pytest.approx(0.7 / known if known else math.inf, rel=1e-14, nan_ok=True)


a, b, c = Name("a"), Name("b"), Name("c")


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
        (0.5 * Square(a - b), "0.5·(a − b)²"),
        (a * Call(functions.EXP, (-(a + b),)), "a·exp(−(a + b))"),
        (Call(functions.LOG_SUM_EXP, (a, b)), "log(exp(a) + exp(b))"),
        (1.0 - a, "1 − a"),
        (2.0 / a, "2/a"),
        (1.0 * a * 1.0, "a"),
        (product(), "1"),
        (total([a]), "a"),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_no_more_parentheses_than_needed_and_no_two_signs_in_a_row(tree: Expr, text: str) -> None:
    assert write(tree, PAPER) == text


@pytest.mark.parametrize("minus", ["-", "−"])
def test_a_negative_number_put_in_for_a_name_gets_its_parentheses(minus: str) -> None:
    notation = Notation(
        name=lambda name: {"a": f"{minus}0.4"}.get(name, "0.2"), number=repr, times="·", minus="−", square="{0}²"
    )
    negative = f"{minus}0.4"
    assert write(a + b, notation) == f"{negative} + 0.2"
    assert write(b + a, notation) == f"0.2 + ({negative})"
    assert write(b - a, notation) == f"0.2 − ({negative})"
    assert write(b * a, notation) == f"0.2·({negative})"
    assert write(Square(a), notation) == f"({negative})²"
    assert write(Call(functions.EXP, (a,)), notation) == f"exp({negative})"


def test_names_are_each_once_in_the_order_they_appear() -> None:
    tree = Square(b - a) / (-c + b * 2.0) + Call(functions.LOG_SUM_EXP, (Name("z"), a))
    assert names(tree) == ("b", "a", "c", "z")
