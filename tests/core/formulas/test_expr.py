"""The expression tree: what arithmetic on expressions makes, what a tree is made of, and how it is made over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.core.formulas import functions
from bptui.core.formulas.expr import (
    Call,
    Difference,
    Expr,
    Name,
    Negative,
    Number,
    Product,
    Quotient,
    Square,
    Sum,
    SumOver,
    as_expr,
    find_names,
    find_parts,
    product,
    rebuild,
    total,
)

OF_ONE = (functions.EXP, functions.LOG, functions.TANH, functions.SIGMOID)
a, b, c = Name("a"), Name("b"), Name("c")
x_i, v_ij = Name("x_i"), Name("v_ij")


def _number(value: float) -> Number:
    return Number(value)


def _compound(of: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    several = st.lists(of, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Sum, several),
        st.builds(Product, several),
        st.builds(Difference, of, of),
        st.builds(Quotient, of, of),
        st.builds(Negative, of),
        st.builds(Square, of),
        st.builds(Call, st.sampled_from(OF_ONE), st.tuples(of)),
    )


def _general(of: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    return _compound(of) | st.builds(SumOver, st.sampled_from("ijk"), st.integers(1, 8), of)


_leaves: st.SearchStrategy[Expr] = st.one_of(
    st.sampled_from("abc").map(Name), st.floats(-1e3, 1e3).map(_number), st.just(Number(1.0))
)
trees = st.recursive(_leaves, _compound, max_leaves=12)
general_trees = st.recursive(_leaves, _general, max_leaves=12)


@pytest.mark.parametrize(
    ("tree", "made"),
    [
        (a + b, Sum((a, b))),
        (a + 2.0, Sum((a, Number(2.0)))),
        (2.0 + a, Sum((Number(2.0), a))),
        (a - 2.0, Difference(a, Number(2.0))),
        (2.0 - a, Difference(Number(2.0), a)),
        (a * 2.0, Product((a, Number(2.0)))),
        (2.0 * a, Product((Number(2.0), a))),
        (a / 2.0, Quotient(a, Number(2.0))),
        (2.0 / a, Quotient(Number(2.0), a)),
        (-a, Negative(a)),
        (as_expr(2.0), Number(2.0)),
        (as_expr(a), a),
    ],
)
def test_arithmetic_on_expressions_and_numbers_makes_expressions(tree: Expr, made: Expr) -> None:
    assert tree == made


def test_terms_and_factors_stay_in_the_order_they_are_given() -> None:
    assert a + b != b + a
    assert a * b != b * a
    assert a + b + c == Sum((Sum((a, b)), c)) != a + (b + c)


def test_a_product_lays_products_open_and_leaves_ones_out() -> None:
    assert (a * b) * (c * a) == Product((a, b, c, a))
    assert 1.0 * a * 1.0 == product(a) == a
    assert product() == product(Number(1.0), Number(1.0)) == Number(1.0)


def test_a_product_keeps_the_ones_that_are_inside_its_factors() -> None:
    assert product(1.0 - a, 1.0 / b) == Product((Difference(Number(1.0), a), Quotient(Number(1.0), b)))


def test_a_total_of_one_term_is_the_term() -> None:
    assert total([a]) == a
    assert total([a, b + c]) == Sum((a, Sum((b, c))))


@pytest.mark.parametrize(
    ("tree", "made_of"),
    [
        (Number(2.0), ()),
        (a, ()),
        (Sum((a, b, c)), (a, b, c)),
        (Product((c, b, a)), (c, b, a)),
        (a - b, (a, b)),
        (a / b, (a, b)),
        (-a, (a,)),
        (Square(a - b), (a - b,)),
        (Call(functions.MAX, (a, b)), (a, b)),
        (SumOver("i", 3, v_ij * x_i), (v_ij * x_i,)),
    ],
)
def test_parts_are_what_an_expression_is_directly_made_of(tree: Expr, made_of: tuple[Expr, ...]) -> None:
    assert find_parts(tree) == made_of


def test_names_are_each_once_in_the_order_they_appear() -> None:
    tree = Square(b - a) / (-c + b * 2.0) + Call(functions.LOG_SUM_EXP, (Name("z"), a))
    assert find_names(tree) == ("b", "a", "c", "z")
    assert find_names(SumOver("i", 3, v_ij * x_i) + b) == ("v_ij", "x_i", "b")


@given(general_trees)
def test_rebuilt_without_a_change_is_the_same(tree: Expr) -> None:
    assert rebuild(tree, lambda part: part) == tree


@given(general_trees)
def test_rebuilt_changes_every_part_and_nothing_else(tree: Expr) -> None:
    changed = rebuild(tree, Negative)
    assert find_parts(changed) == tuple(Negative(part) for part in find_parts(tree))
    assert rebuild(changed, lambda part: find_parts(part)[0]) == tree


def test_a_sum_over_keeps_its_index_and_its_count_when_rebuilt() -> None:
    assert rebuild(SumOver("k", 3, a), Negative) == SumOver("k", 3, -a)
