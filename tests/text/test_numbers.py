"""Numbers for people: nothing a number says may get lost on the way to the screen."""

from decimal import Context, Decimal
from math import inf, isclose, nan
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.text.numbers import (
    format_beside_sign,
    format_compact,
    format_non_finite,
    format_number,
    format_signed,
    format_significant,
    repr_float,
)
from tests.effort import examples
from tests.strategies import finite_numbers

printable_numbers = finite_numbers.filter(lambda v: abs(v) <= 1e308)  # above it, rounding may leave what is finite


@given(finite_numbers, st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_full_gives_every_digit_there_is_in_either_precision(double: float, single: float) -> None:
    assert float(repr_float(np.float64(double))) == double
    assert np.float32(repr_float(np.float32(single))) == np.float32(single)


@pytest.mark.parametrize(("value", "shown"), [(inf, "inf"), (-inf, "-inf"), (nan, "nan")])
def test_what_is_no_finite_number_is_a_word_everywhere(value: float, shown: str) -> None:
    assert format_non_finite(value) == shown
    for each in (value, np.float64(value), np.float32(value)):
        assert repr_float(each) == format_number(each) == format_signed(each) == format_significant(each, 3) == shown


@examples(300)
@given(printable_numbers, st.integers(4, 12))
def test_a_compact_number_keeps_its_sign_and_size_in_the_columns_there_are(value: float, width: int) -> None:
    shown = format_compact(value, width)
    assert abs(float(shown) - value) <= 0.5 * abs(value)
    assert len(shown) <= width or (len(shown) <= 7 and "e" in shown)


@pytest.mark.parametrize(
    ("value", "width", "expected"),
    [
        (0.0, 5, "0"), (0.5622, 5, "0.562"), (-0.5622, 5, "-.562"), (0.0168, 4, ".017"), (0.06, 4, ".060"),
        (0.001, 5, "0.001"), (0.0011, 5, ".0011"), (0.0123456, 8, "0.01235"), (-0.418489, 8, "-0.41849"),
        (1.23456, 5, "1.235"), (-12.3, 5, "-12.3"), (-12345.6, 5, "-1e4"), (123456.0, 6, "123456"),
        (1.2e-7, 6, "1.2e-7"), (-1e-300, 5, "-1e-300"), (nan, 5, "nan"), (-inf, 4, "-inf"),
    ],
)  # fmt: skip
def test_a_compact_number_has_the_digits_there_is_room_for(value: float, width: int, expected: str) -> None:
    assert format_compact(value, width) == expected


@examples(300)
@given(printable_numbers, st.integers(5, 12), st.booleans())
def test_a_number_in_a_box_has_a_column_for_its_sign_and_keeps_its_size(value: float, width: int, zero: bool) -> None:
    shown = format_beside_sign(value, width, leading_zero=zero)
    assert shown[0] == ("−" if value < 0 else " ")
    assert format_beside_sign(-value, width, leading_zero=zero)[1:] == shown[1:]
    assert abs(float(shown.replace("−", "-")) - value) <= 0.5 * abs(value)
    assert len(shown) <= width or (len(shown) <= 7 and "e" in shown)


@pytest.mark.parametrize(
    ("value", "width", "zero", "expected"),
    [
        (0.0, 7, True, " 0"), (0.5622, 7, True, " 0.5622"), (-0.5622, 6, True, "−0.562"), (-0.5622, 5, False, "−.562"),
        (0.1, 7, True, " 0.1000"), (0.0011, 6, True, " 0.001"), (6e-7, 6, True, " 6e−7"),
        (-2.44e-5, 7, True, "−2.4e−5"),
        (0.9999, 5, False, " 1.00"), (12.345, 7, True, " 12.345"), (-12345.6, 5, False, "−1e4"), (nan, 5, True, " nan"),
        (-inf, 5, True, "−inf"), (-1e-300, 5, False, "−1e−300"),
    ],
)  # fmt: skip
def test_numbers_in_boxes_have_equally_many_decimals_or_a_power_of_ten(
    value: float, width: int, zero: bool, expected: str
) -> None:
    assert format_beside_sign(value, width, leading_zero=zero) == expected


@examples(300)
@given(printable_numbers, st.integers(5, 7))
def test_a_weights_number_always_says_its_sign_in_the_columns_there_are(value: float, width: int) -> None:
    shown = format_signed(value, width)
    assert shown == "0" if value == 0 else shown[0] == ("+" if value > 0 else "-")
    assert len(shown) <= width + (abs(value) >= 9.5e99)
    assert abs(float(shown) - value) <= 0.5 * abs(value) or abs(value) < 1e-9 * 1.5


@pytest.mark.parametrize(
    ("value", "width", "expected"),
    [(0.2, 5, "+0.20"), (-0.032555, 7, "-0.0326"), (12.34, 5, "+12.3"), (0.003, 5, "+3e-3"), (-1e-30, 5, "-0.00")],
)
def test_a_weights_number_is_as_exact_as_there_is_room_for(value: float, width: int, expected: str) -> None:
    assert format_signed(value, width) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (0.5, "0.500000"),
        (-0.000123, "-0.000123"),
        (0.0000999, "9.9900e-05"),
        (5e-324, "4.9407e-324"),
        (99999.0, "99999.000000"),
        (100000.0, "1.0000e+05"),
    ],
)
def test_a_number_for_people_has_at_least_three_digits_or_an_exponent(value: float, expected: str) -> None:
    assert format_number(value) == expected


@given(printable_numbers.filter(bool))
def test_a_number_for_people_is_near_the_number_and_only_zero_is_0(value: float) -> None:
    shown = format_number(value)
    assert shown != "0"
    assert isclose(float(shown), value, rel_tol=0.006, abs_tol=1e-323)


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (0.5, 6, "0.5"),
        (2, 3, "2"),
        (0.0, 6, "0"),
        (-0.0, 6, "-0"),
        (0.1 + 0.2, 6, "0.300000"),
        (0.1 + 0.2, 17, "0.30000000000000004"),
        (np.float32(0.1), 9, "0.1"),
        (np.float32(0.1), 17, "0.10000000149011612"),
        (np.float64(np.float32(0.1)), 17, "0.10000000149011612"),
        (123.456, 3, "123"),
        (9.9999, 3, "10.0"),
        (-0.04379636, 4, "-0.04380"),
        (100000.0, 1, "100000"),
        (123456.0, 6, "123456"),
        (1234567.0, 6, "1.23457e+06"),
        (0.00001, 3, "1e-05"),
        (0.0000123456, 3, "1.23e-05"),
        (np.float32(1e22), 6, "1e+22"),
        (5e-324, 17, "5e-324"),
    ],
)
def test_a_number_with_so_many_digits_shows_by_its_zeros_whether_it_is_rounded(
    value: Any, digits: int, expected: str
) -> None:
    assert format_significant(value, digits) == expected


@given(finite_numbers, st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_with_17_significant_digits_a_number_is_given_back_in_either_precision(double: float, single: float) -> None:
    for value in (double, np.float64(double), np.float32(single)):
        shown = type(value)(format_significant(value, 17))
        assert shown == value and np.signbit(shown) == np.signbit(value)


@examples(300)
@given(finite_numbers, st.floats(width=32, allow_nan=False, allow_infinity=False), st.integers(1, 17))
def test_a_number_has_never_more_digits_than_asked_for_and_is_rounded_to_them(
    double: float, single: float, digits: int
) -> None:
    for value in (np.float64(double), np.float32(single)):
        shown = format_significant(value, digits)
        assert significant_digits(shown) <= digits
        if significant_digits(str(value)) <= digits:
            assert type(value)(shown) == value
        else:
            assert Decimal(shown) == Context(digits).create_decimal_from_float(float(value))


def significant_digits(shown: str) -> int:
    """How many digits of a printed number say something: not the zeros at its start, nor those that make it large."""
    mantissa = shown.partition("e")[0].lstrip("-").removesuffix(".0")
    return len((mantissa if "." in mantissa else mantissa.rstrip("0")).replace(".", "").lstrip("0"))


@given(finite_numbers)
def test_a_signed_number_starts_with_its_sign_and_zero_has_none(value: float) -> None:
    assert format_signed(value)[0] == ("0" if value == 0 else "-" if value < 0 else "+")


@pytest.mark.parametrize("width", [1, 0, -1, -3])
def test_a_number_takes_the_columns_it_must_where_there_are_none(width: int) -> None:
    shown = [format_compact(n, width) for n in (3.0, -25.0, 0.125, 0.0)]
    assert shown == ["3" if width == 1 else "3e0", "-2e1", "1e-1", "0"]
