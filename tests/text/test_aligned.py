"""Numbers in columns: points below each other, nothing wider than its column, and every digit there is room for."""

from math import copysign, inf, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.text.aligned import ColumnLayout, format_aligned
from tests.strategies import finite_numbers

digit_counts = st.integers(3, 17)
columns = st.builds(ColumnLayout, st.integers(2, 4), st.integers(4, 21))


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (0.000438567734, 6, " 0.000438568"),
        (0.000438567734, 9, " 0.000438567734"),
        (-0.032554602986, 6, "-0.0325546"),
        (0.5, 6, " 0.500000"),
        (0.0, 6, " 0"),
        (-0.0, 6, " 0"),
        (12.5, 3, "12.5"),
        (-12.5, 3, "-1.25e+01"),
        (123.0, 3, " 1.23e+02"),
        (0.0000123456, 6, " 1.23456e-05"),
        (9.9999, 3, "10.0"),
        (1e-300, 6, " 1.0000e-300"),
        (9.999999e99, 6, " 1.0000e+100"),
        (inf, 6, "inf"),
        (-inf, 6, "-inf"),
        (nan, 6, "nan"),
    ],
)
def test_a_number_has_its_digits_and_its_point_where_the_others_have_theirs(
    value: float, digits: int, expected: str
) -> None:
    places = ColumnLayout.for_digits(digits)
    assert format_aligned(value, places, digits) == expected.ljust(places.width)


@given(finite_numbers, digit_counts)
def test_a_number_is_given_back_to_so_many_digits_where_the_column_is_made_for_them(value: float, digits: int) -> None:
    shown = format_aligned(value, ColumnLayout.for_digits(digits), digits)
    power = int(f"{value:.{digits - 1}e}".partition("e")[2])
    kept = digits - (abs(power) > 99)  # a third digit of an exponent takes the place of one
    assert float(shown) == float(f"{value:.{kept - 1}e}")


@given(finite_numbers, columns, digit_counts)
def test_no_number_is_wider_than_its_column_or_loses_its_size_or_its_sign(
    value: float, places: ColumnLayout, digits: int
) -> None:
    shown = format_aligned(value, places, digits)
    assert len(shown) == places.width
    assert float(shown) == pytest.approx(value, rel=0.5, abs=1e-323) or abs(value) > 1.5e308
    assert (float(shown) == 0) == (value == 0)
    assert value == 0 or copysign(1.0, float(shown)) == copysign(1.0, value)


@given(finite_numbers, columns, digit_counts)
def test_every_point_and_every_unit_is_in_the_same_place(value: float, places: ColumnLayout, digits: int) -> None:
    shown = format_aligned(value, places, digits)
    units = shown.rstrip().partition("e")[0].partition(".")[0]
    assert len(units) == places.whole
    assert shown[places.whole] in ".e "


@given(st.floats(width=32, allow_nan=False, allow_infinity=False), columns, st.integers(3, 7))
def test_equal_numbers_of_two_precisions_have_equal_texts(value: float, places: ColumnLayout, digits: int) -> None:
    assert format_aligned(np.float32(value), places, digits) == format_aligned(float(value), places, digits)


@given(finite_numbers, columns, digit_counts, st.integers(1, 8))
def test_more_room_never_shows_fewer_digits(value: float, places: ColumnLayout, digits: int, more: int) -> None:
    wider = places._replace(decimals=places.decimals + more)
    narrow_off, wide_off = (abs(float(format_aligned(value, p, digits)) - value) for p in (places, wider))
    assert wide_off <= narrow_off or abs(value) > 1.5e308


@given(finite_numbers, st.integers(2, 4), digit_counts)
def test_with_three_decimals_a_number_keeps_its_column_and_a_negative_one_near_0_says_so(
    value: float, whole: int, digits: int
) -> None:
    shown = format_aligned(value, ColumnLayout(whole, 3), digits)
    assert len(shown) == whole + 4
    if shown.strip() == "-~0":
        assert -1e-99 < value < 0
    else:
        assert float(shown) == pytest.approx(value, rel=0.5, abs=1e-323) or abs(value) > 1.5e308
