"""Rounding as people do it: a half goes away from zero, whatever the double beside it, in every form it is written."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from math import copysign, inf, isnan, nan
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.core.engines.engine import NumpyEngine
from bptui.core.engines.program import compile_expression
from bptui.core.formulas.expr import Call, Name
from bptui.core.formulas.rounding import ROUNDINGS, to_decimals, to_digits
from bptui.core.problem.initialisation import make_initial_parameters
from bptui.text.numbers import format_significant
from tests.strategies import problem
from tests.tables import over

Kind = type[np.floating[Any]]
KINDS: tuple[Kind, ...] = (np.float64, np.float32)
ROWS = [  # a number, digits or decimals, and what it is rounded to
    ("0.145", to_decimals, 2, "0.15"),
    ("0.285", to_decimals, 2, "0.29"),
    ("1.005", to_decimals, 2, "1.01"),
    ("2.5", to_decimals, 0, "3"),
    ("-2.5", to_decimals, 0, "-3"),
    ("-0.145", to_decimals, 2, "-0.15"),
    ("0.1449", to_decimals, 2, "0.14"),
    ("0.9996", to_decimals, 3, "1"),
    ("1234.5678", to_decimals, 2, "1234.57"),
    ("0.0004", to_decimals, 3, "0"),
    ("0.0005", to_decimals, 3, "0.001"),
    ("0.56217650", to_digits, 3, "0.562"),
    ("0.01235", to_digits, 3, "0.0124"),
    ("-0.01235", to_digits, 3, "-0.0124"),
    ("0.00099995", to_digits, 4, "0.001"),
    ("123450", to_digits, 4, "123500"),
    ("1.5e-30", to_digits, 1, "2e-30"),
    ("0", to_digits, 3, "0"),
    ("0", to_decimals, 3, "0"),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("text", "to", "count", "expected"), ROWS)
def test_a_number_is_rounded_as_on_paper(
    text: str, to: Callable[[Any, int], Any], count: int, expected: str, kind: Kind
) -> None:
    """Also where its double, or its float32, lies a little below the half."""
    found = to(kind(text), count)
    assert type(found) is kind and found == kind(expected)


@given(st.integers(-(10**9), 10**9), st.integers(0, 12), st.integers(0, 8))
def test_any_number_that_somebody_writes_down_is_rounded_as_a_decimal_number_is(
    digits: int, shift: int, places: int
) -> None:
    written = Decimal(digits).scaleb(-shift)
    assert to_decimals(float(written), places) == float(written.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))
    if digits:
        last = Decimal(1).scaleb(written.adjusted() - places)
        assert to_digits(float(written), places + 1) == float(written.quantize(last, ROUND_HALF_UP))


@pytest.mark.parametrize("kind", KINDS)
@given(st.data(), st.integers(2, 8))
def test_a_number_is_moved_by_half_a_unit_at_the_most_and_only_once(
    kind: Kind, data: st.DataObject, count: int
) -> None:
    """Also where it has no such digits any more."""
    value = kind(data.draw(st.floats(-(2.0**50), 2.0**50, width=32 if kind is np.float32 else 64)))
    eps, step = float(np.finfo(kind).eps), float(np.finfo(kind).smallest_subnormal)
    size = 10.0 ** Decimal(float(value)).adjusted() if value else 1.0
    for to, unit in ((to_decimals, 10.0**-count), (to_digits, 10.0 ** (1 - count) * size)):
        found = to(value, count)
        assert abs(float(found) - float(value)) <= unit / 2 + 5 * eps * abs(float(value)) + step
        assert to(found, count) == found
        assert copysign(1, found) == copysign(1, value)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", [inf, -inf, nan])
def test_what_is_not_finite_stays_what_it_is(value: float, kind: Kind) -> None:
    for to in (to_digits, to_decimals):
        found = to(kind(value), 3)
        assert type(found) is kind and (found == value or (isnan(value) and isnan(found)))


@pytest.mark.parametrize("kind", KINDS)
def test_an_array_is_rounded_number_by_number_in_its_own_precision(kind: Kind) -> None:
    values = np.array([0.145, -0.145, 0.0, -0.0, 1e-9, 12345.678, inf, -inf, nan], kind)
    for to in (to_digits, to_decimals):
        found = to(values, 2)
        assert found.dtype == values.dtype
        assert found.tobytes() == np.array([to(one, 2) for one in values], kind).tobytes()
        np.testing.assert_array_equal(to(values.reshape(3, 3), 2), found.reshape(3, 3))


@over(name=ROUNDINGS, kind=KINDS)
def test_a_rounding_is_the_same_wherever_it_is_written(name: str, kind: Kind) -> None:
    """In the engine, in a program that defines it, in a derivation's words and in LaTeX."""
    count, to = int(name.split()[0]), {"digits": to_digits, "decimals": to_decimals}[name.split()[1]]
    row, expr = ROUNDINGS[name], Call(ROUNDINGS[name], (Name("z"),))
    program: dict[str, Any] = {"np": np}
    exec(row.define, program)
    words = {"signif": to_digits, "round": to_decimals}
    for value in map(kind, (0.56217655, -12.3456785, 0.145, 123.5, 0.0, 1e-12, inf)):
        expected = to(value, count)
        assert compile_expression(expr)({"z": value}) == expected
        in_program = eval(row.code.format("z"), {**program, "z": value})
        assert in_program == expected and type(in_program) is kind
        assert eval(row.text.format("z"), {**words, "z": value}) == expected
    word = next(word for word, function in words.items() if function is to)
    assert row.latex.format("z") == rf"\mathrm{{{word}}}_{{{count}}}\left(z\right)"


def test_the_roundings_are_two_to_eight_digits_and_as_many_decimals() -> None:
    assert list(ROUNDINGS) == [f"{n} {kind}" for kind in ("digits", "decimals") for n in range(2, 9)]


@pytest.mark.parametrize("name", ["3 digits", "2 decimals"])
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_every_number_of_a_rounded_round_has_so_many_digits(name: str, precision: str) -> None:
    """But for those that it starts from."""
    spec = problem((3, 2, 2), "tanh", "cross entropy", "per neuron", rounding=name, precision=precision)
    for value in NumpyEngine(spec).evaluate(make_initial_parameters(spec), 1).values():
        if name.endswith("digits"):
            assert str(value) == str(type(value)(format_significant(value, 3)))
        else:
            assert value == type(value)(f"{value:.2f}")
