"""Printed figures: the digits that are there count, and only those."""

from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from math import inf, nan

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bptui.text.printed import PrintedNumber, agrees, parse_printed
from tests.strategies import finite_numbers

YES = [
    ("0.4109", 0.410892, "a rounded value"),
    ("0.4109", 0.4109499, "the upper end of a rounding"),
    ("0.11082295328378677", 0.11082295328378677, "every digit there is"),
    (repr(2.0**-44), 2.0**-44, "the shortest print of every digit, which is not the nearest"),
    ("1.2854e+34", 1.28543e34, "an exponent"),
    ("1.2854E34", 1.28536e34, "a capital exponent without a sign"),
    ("6998288.5000", 6998288.5, "trailing zeros"),
    ("123", 123.4, "no decimals"),
    ("0.", 0.0, "a bare point"),
    ("2.", 2.0, "a bare point after a number that is whole"),
    ("-0.0", 0.0, "a printed minus zero and a zero"),
    ("0.0", -0.0, "a printed zero and a minus zero"),
    ("-0.0", -0.02, "a small negative number that rounds to zero"),
    ("0.2", 0.25, "a half rounded down"),
    ("0.3", 0.25, "a half rounded up"),
    ("-0.2", -0.25, "a negative half rounded up"),
    ("-0.3", -0.25, "a negative half rounded down"),
    ("−0.3603", -0.36028, "a minus sign as typeset"),
    ("  0.41 ", 0.4108, "spaces around it"),
    ("+0.41", 0.4108, "a plus sign"),
    ("nan", nan, "no number and no number"),
    ("inf", inf, "infinity"),
    ("-inf", -inf, "minus infinity"),
]
NO = [
    ("0.4109", 0.41083, "a value that rounds to the digit below"),
    ("0.4109", 0.41096, "a value that rounds to the digit above"),
    ("0.50", 0.506, "a value off by a digit that a trailing zero claims"),
    ("6998288.5000", 6998288.5001, "a value off by the last trailing zero"),
    ("1.2854e+34", 1.2856e34, "a value off in the last digit before an exponent"),
    ("1.2854e+34", 1.2854, "another exponent"),
    ("0.41", -0.41, "another sign"),
    ("0.4", 0.25, "a half rounded by two digits"),
    ("0.", 0.51, "a value that rounds to one"),
    ("0.", 1e-9, "a value that rounds to the whole number and is none"),
    ("-0.0", 0.02, "a small positive number against a printed minus zero"),
    ("−0.00", 1e-300, "a tiny positive number against a minus zero as typeset"),
    ("0.0", nan, "no number against a number"),
    ("nan", 0.0, "a number against no number"),
    ("inf", -inf, "the other infinity"),
    ("inf", 1e308, "a large number against infinity"),
    ("1.0", inf, "infinity against a number"),
]


@pytest.mark.parametrize(("printed", "value"), [row[:2] for row in YES], ids=[row[2] for row in YES])
def test_a_figure_agrees_with(printed: str, value: float) -> None:
    assert agrees(printed, value)


@pytest.mark.parametrize(("printed", "value"), [row[:2] for row in NO], ids=[row[2] for row in NO])
def test_a_figure_does_not_agree_with(printed: str, value: float) -> None:
    assert not agrees(printed, value)


def test_parsing_keeps_the_digits_that_a_float_would_lose() -> None:
    assert str(parse_printed("0.50")) == "0.50"
    assert parse_printed("0.1") == Decimal(1) / Decimal(10)


def moved(printed: str, ulps: int) -> str:
    """A figure with its last digit moved."""
    sign, digits, exponent = Decimal(printed).as_tuple()
    assert isinstance(exponent, int)
    whole = int("".join(map(str, digits))) * (-1 if sign else 1) + ulps
    return f"{whole}e{exponent}"


def is_half(printed: str, value: float) -> bool:
    """Whether a value lies exactly between a figure and one of its neighbours."""
    exponent = Decimal(printed).as_tuple().exponent
    assert isinstance(exponent, int)
    return abs(Fraction(value) - Fraction(printed)) * 2 == Fraction(10) ** exponent


@given(finite_numbers, st.integers(0, 17))
def test_any_number_rounded_to_some_digits_agrees(value: float, digits: int) -> None:
    assert agrees(f"{value:.{digits}e}", value)


@given(st.floats(-1e6, 1e6), st.integers(0, 17))
def test_any_number_rounded_to_some_decimals_agrees(value: float, decimals: int) -> None:
    assume(decimals or abs(value) > 0.5)  # a plain "0" is no rounded number
    assert agrees(f"{value:.{decimals}f}", value)


@given(st.floats(allow_nan=False, allow_infinity=False, width=32), st.integers(0, 9))
def test_the_sign_as_typeset_and_the_sign_as_typed_mean_the_same(value: float, digits: int) -> None:
    assert agrees(f"{value:.{digits}e}".replace("-", "−"), value)


@given(finite_numbers, st.integers(0, 17), st.sampled_from((-1, 1)))
def test_moving_the_last_digit_by_one_does_not_agree(value: float, digits: int, by: int) -> None:
    printed = f"{value:.{digits}e}"
    assume(not is_half(printed, value) and Decimal(moved(printed, by)) != Decimal(repr(value)))
    assert not agrees(moved(printed, by), value)


@given(st.integers(1, 10**9) | st.integers(-(10**9), -2))
def test_an_exact_half_agrees_with_both_its_neighbours_and_no_other(below: int) -> None:
    value = below + 0.5
    assert [agrees(str(below + step), value) for step in (-1, 0, 1, 2)] == [False, True, True, False]


# --- figures that are compared with many values ---

NEAR, EXACT = 2.0**-20, 0.0


@given(st.one_of(st.floats(-1e300, 1e300), st.sampled_from((inf, nan))), st.floats(-1e300, 1e300), st.integers(0, 17))
def test_a_figure_made_ready_agrees_with_the_same_values(value: float, other: float, digits: int) -> None:
    """All but a bare zero, which is nothing at all to it."""
    for one in (value, other):
        for two in (value, other) if one or digits else ():
            assert PrintedNumber.of(f"{one:.{digits}e}").agree(two) == agrees(f"{one:.{digits}e}", two)


@pytest.mark.parametrize(("printed", "value"), [row[:2] for row in YES + NO], ids=[row[2] for row in YES + NO])
def test_a_figure_made_ready_agrees_where_the_figure_does(printed: str, value: float) -> None:
    assert PrintedNumber.of(printed).agree(value) == agrees(printed, value)


@pytest.mark.parametrize(
    ("printed", "value", "slack", "cut", "whether"),
    [
        ("0.592605124", 0.5926051248, EXACT, True, True),
        ("0.592605124", 0.592605124, EXACT, True, True),
        ("0.592605124", 0.5926051239, EXACT, True, False),
        ("0.592605124", 0.592605125, EXACT, True, False),
        ("-0.0234", -0.02349, EXACT, True, True),
        ("-0.0234", -0.02339, EXACT, True, False),
        ("-0.0234", 0.02349, EXACT, True, False),
        ("0.0", 0.09, EXACT, True, True),
        ("-0.0", -0.09, EXACT, True, True),
        ("-0.0", 0.09, EXACT, True, False),
        ("12e2", 1299.0, EXACT, True, True),
        ("2.", 2.0, EXACT, True, True),
        ("2.", 2.4, EXACT, True, False),
        ("0.018752072", 0.01875207249, NEAR, False, True),
        ("0.018752072", 0.01875207249, EXACT, False, True),
        ("0.018752072", 0.0187520820, NEAR, False, True),
        ("0.018752072", 0.0187520820, EXACT, False, False),
        ("0.018752072", 0.0187521200, NEAR, False, False),
        ("2.", 2.000001, NEAR, False, True),
        ("2.", 2.01, NEAR, False, False),
        ("0.", 0.3, NEAR, False, False),
        ("0", 0.3, NEAR, False, False),
        ("0", 0.3, EXACT, True, False),
        ("0", 0.0, NEAR, True, True),
        ("-0.0", 1e-9, NEAR, False, False),
        ("nan", nan, NEAR, True, True),
        ("inf", inf, NEAR, True, True),
        ("inf", 1e308, NEAR, True, False),
        ("1.0", nan, NEAR, True, False),
        ("1e400", inf, NEAR, True, False),
        ("1e400", 1e308, NEAR, True, False),
    ],
)
def test_digits_may_be_cut_off_and_a_value_may_be_a_little_off(
    printed: str, value: float, slack: float, cut: bool, whether: bool
) -> None:
    assert PrintedNumber.of(printed).agree(value, slack, cut) is whether


@given(st.floats(-1e6, 1e6), st.integers(0, 9))
def test_any_number_cut_off_after_some_decimals_agrees_as_cut_off(value: float, decimals: int) -> None:
    assume(decimals or abs(value) >= 1)  # a plain "0" is no cut number
    cut = Decimal(repr(value)).quantize(Decimal((0, (1,), -decimals)), ROUND_DOWN)
    assert PrintedNumber.of(f"{cut:f}").agree(value, cut=True)


@pytest.mark.parametrize(
    ("printed", "count", "half"),
    [
        ("0.0406", 3, 0.00005),
        ("0.50", 2, 0.005),
        ("0.0", 0, 0.05),
        ("0.", 0, 0.0),
        ("0", 0, 0.0),
        ("12.", 2, 0.0),
        ("1.2854e+34", 5, 5e29),
        ("100", 3, 0.5),
        ("nan", 1, 0.0),
        ("1e400", 1, inf),
    ],
)
def test_a_figure_knows_how_many_digits_it_has_and_how_far_they_reach(printed: str, count: int, half: float) -> None:
    digits = PrintedNumber.of(printed)
    assert (digits.count, digits.half, digits.printed) == (count, half, printed)


@pytest.mark.parametrize(
    ("printed", "value", "how"),
    [
        ("0.04109", 0.04019, "swapped"),
        ("1.2854e-05", 2.1854e-05, "swapped"),
        ("0.04109", 0.04139, "digit"),
        ("-0.5125", -0.7125, "digit"),
        ("1234", 3234.3, "digit"),
    ],
)
def test_a_figure_may_be_misread_by_a_digit_or_two(printed: str, value: float, how: str) -> None:
    digits = PrintedNumber.of(printed)
    assert not digits.agree(value)
    assert digits.is_misprint_of(value, how)
    assert not digits.is_misprint_of(value * 13, how)


def test_a_figure_in_another_style_is_misread_by_the_same_digits() -> None:
    assert PrintedNumber.of("1,2854 × 10⁻⁵").is_misprint_of(2.1854e-05, "swapped")
    assert PrintedNumber.of("−0,5125").is_misprint_of(-0.7125, "digit")
    assert not PrintedNumber.of("1,2854 × 10⁻⁵").is_misprint_of(1.2854e-06, "digit")


@pytest.mark.parametrize(
    ("printed", "value", "reach", "whether"),
    [
        ("-0.0005024133021189231", -0.000502413302118923, 4e-19, True),
        ("-0.0005024133021189231", -0.000502413302118923, 0.0, False),
        ("0.41", 0.4051, 0.0, True),
        ("0.41", 0.4049, 0.0002, True),
        ("0.41", 0.4049, 0.00005, False),
        ("-0.00", 1e-18, 1e-17, True),
        ("-0.00", 1e-16, 1e-17, False),
        ("2.", 2.0001, 0.001, True),
        ("nan", nan, 0.0, True),
        ("2e308", 1.6e308, 0.0, True),
        ("1e999", 0.4, 0.1, False),
        ("-1e999", -0.4, 0.1, False),
        ("1e-999", 0.4, 0.1, False),
    ],
)
def test_a_value_within_some_reach_of_the_digits_is_near_enough(
    printed: str, value: float, reach: float, whether: bool
) -> None:
    assert PrintedNumber.of(printed).is_within(value, reach) is whether


@pytest.mark.parametrize("how", ["swapped", "digit"])
def test_a_right_figure_and_one_that_is_no_number_are_not_misread(how: str) -> None:
    assert not PrintedNumber.of("0.0415").is_misprint_of(0.0415, how)
    assert not PrintedNumber.of("nan").is_misprint_of(0.0415, how)
