"""Styles of printed numbers: each claims what its digits claim as a program prints them, or is refused with why."""

import re
from collections.abc import Callable
from decimal import Decimal
from math import ulp

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bptui.text.number_styles import to_plain
from bptui.text.printed import PrintedNumber, agrees, find_decimals, half_unit, parse_printed
from bptui.text.words import make_one_line
from tests.effort import examples
from tests.tables import over

Style = Callable[[str], str]
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def group(thousands: str, point: str) -> Style:
    """Return the style that groups digits by thousands."""

    def print_grouped(plain: str) -> str:
        sign, whole, dot, decimals = re.fullmatch(r"([-+]?)(\d+)(\.?)(\d*)", plain).groups()  # type: ignore[union-attr]
        return f"{sign}{int(whole):,}".replace(",", thousands) + (point if dot else "") + decimals

    return print_grouped


def raise_power(times: str, point: str = ".") -> Style:
    """Return the style that writes a power of ten with raised digits."""

    def print_raised(plain: str) -> str:
        digits, _, power = plain.partition("e")
        return f"{digits.replace('.', point)}{times}{str(int(power)).translate(RAISED)}"

    return print_raised


SIGNS: dict[str, Style] = {
    "typed": str,
    "minus sign": lambda plain: plain.replace("-", "−"),
    "en dash": lambda plain: plain.replace("-", "–"),
    "minus sign and space": lambda plain: plain.replace("-", "− ", 1) if plain[0] == "-" else plain,
    "leading plus": lambda plain: plain if plain[0] == "-" else f"+{plain}",
}
DECIMALS: dict[str, Style] = {
    "decimal point": str,
    "decimal comma": lambda plain: plain.replace(".", ","),
    "1,234.5": group(",", "."),
    "1.234,5": group(".", ","),
    "1 234.5": group(" ", "."),
    "1 234,5": group(" ", ","),
    "no-break space": group("\N{NO-BREAK SPACE}", ","),
    "thin space": group("\N{THIN SPACE}", "."),
    "narrow no-break space": group("\N{NARROW NO-BREAK SPACE}", ","),
    "1'234.5": group("'", "."),
    "1’234.5": group("’", "."),
}
POWERS: dict[str, Style] = {
    "1.2e-03": str,
    "1.2E-03": str.upper,
    "1,2e-03": lambda plain: plain.replace(".", ","),
    "1.2 × 10⁻³": raise_power(" × 10"),
    "1,2·10⁻³": raise_power("·10", ","),
    "1.2 ⋅ 10⁻³": raise_power(" \N{DOT OPERATOR} 10"),
    "1.2·10^-3": lambda plain: plain.replace("e", "·10^"),
    "1.2 x 10^-3": lambda plain: plain.replace("e", " x 10^"),
    "1.2*10**-3": lambda plain: plain.replace("e", "*10**"),
    "1.2×10^{-3}": lambda plain: plain.replace("e", "×10^{") + "}",
    "1.2*10^(-3)": lambda plain: plain.replace("e", "*10^(") + ")",
}


def has_one_meaning(printed: str) -> bool:
    """Whether thousands and decimals can be told apart; one point is always a decimal point."""
    return not re.fullmatch(r"\D?\s?[1-9]\d{0,2}[,.]\d{3}", printed)


def check_style(plain: str, printed: str) -> None:
    """Check that a number claims what its plain form claims: the same digits, no more and no fewer."""
    number, figure = PrintedNumber.of(printed), Decimal(plain)
    assert number.printed == printed
    assert number.value.as_tuple() == figure.as_tuple()
    unit = 2 * half_unit(figure)
    assert number.half == (float(unit / 2) if figure or "." in plain else 0.0)
    if figure:
        assert all(number.agree(float(figure + part * unit)) for part in map(Decimal, ("0", "0.49", "-0.49")))
        assert not any(number.agree(float(figure + part * unit)) for part in map(Decimal, ("0.51", "-0.51", "1", "-1")))


@over(sign=SIGNS, style=DECIMALS)
def test_decimals_in_every_style_claim_what_they_claim_in_plain(sign: str, style: str) -> None:
    @given(st.floats(-1e8, 1e8) | st.floats(-2e3, 2e3) | st.floats(-1, 1), st.integers(0, 6))
    @examples(60)
    def check(value: float, decimals: int) -> None:
        plain = f"{value:.{decimals}f}"
        printed = SIGNS[sign](DECIMALS[style](plain))
        assume(printed == plain or has_one_meaning(printed))
        check_style(plain, printed)

    check()


@over(sign=SIGNS, style=POWERS)
def test_powers_in_every_style_claim_what_they_claim_in_plain(sign: str, style: str) -> None:
    @given(st.floats(-1e60, 1e60) | st.floats(-1e-3, 1e-3), st.integers(0, 11))
    @examples(60)
    def check(value: float, digits: int) -> None:
        assume(abs(value) > 1e-60)
        plain = f"{value:.{digits}e}"
        check_style(plain, SIGNS[sign](POWERS[style](plain)))

    check()


@pytest.mark.parametrize(
    ("printed", "value"),
    [("0,12", 0.125), ("0,13", 0.125), ("−0,2", -0.25), ("−0,3", -0.25), ("1.2 × 10⁻¹", 0.125), ("1.3·10^-1", 0.125)],
)
def test_a_tie_may_have_been_rounded_either_way_in_any_style(printed: str, value: float) -> None:
    assert agrees(printed, value)


@pytest.mark.parametrize(
    ("printed", "why"),
    [
        ("1,234", "may mean 1234 or 1.234: write the one you mean"),
        ("-12,345", "may mean -12345 or -12.345: write the one you mean"),
        ("12,345·10⁻³", "may mean 12345·10⁻³ or 12.345·10⁻³"),
        ("1/3", "is a fraction: write it as a decimal, such as 0.3333"),
        ("½", "is a fraction: write it as a decimal"),
        ("-2½", "is a fraction: write it as a decimal"),
        ("12 %", "is a percentage: write it as a decimal"),
        ("12,5%", "is a percentage: write it as a decimal"),
        ("10⁻³", "is only a power of ten: write its digits too"),
        ("1.2·10-3", "has an exponent that is not raised: write e-3 or 10^-3"),
        *(
            (text, "is not a number; a number looks like 0.000439 or 4.39e-4")
            for text in ["", " ", "-", "half", "1e", "0x1f"]
        ),
        *(
            (text, "is not a number; a number looks like")
            for text in ["0.4.1", "0.41 0.36", "1,2,3", "0,123,456", "12 34"]
        ),
        *(
            (text, "is not a number; a number looks like")
            for text in ["1_0", "snan", "nan12", "三", "1,", ",1", "1'234 567"]
        ),
        ("1e9999", "is outside the range of numbers in a program"),
        ("1e99999999999999999999", "is outside the range of numbers in a program"),
        ("1" * 1201, "has more digits than any number in a program"),
    ],
)
def test_what_has_no_meaning_or_two_is_refused_by_name_with_what_to_write(printed: str, why: str) -> None:
    with pytest.raises(ValueError) as fault:
        parse_printed(printed)
    assert f'"{printed[:5]}' in str(fault.value) and why in str(fault.value)


@pytest.mark.parametrize(
    ("printed", "plain"),
    [
        ("1.234", "1.234"),
        ("0,234", "0.234"),
        ("1234,567", "1234.567"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("1,234·10⁻³", "1.234e-3"),
        ("1.e-05", "1.e-05"),
        ("1 234.", "1234."),
        ("−∞", "-inf"),
        ("٠.١٢", "0.12"),
    ],
)
def test_the_rest_of_a_number_decides_what_a_comma_or_a_point_means(printed: str, plain: str) -> None:
    assert to_plain(printed) == plain


@given(st.text(max_size=12) | st.text(st.sampled_from("0123456789.,-−+e·×10^⁻³ '"), max_size=14))
@examples(600)
def test_any_text_is_read_or_refused_in_printable_words(text: str) -> None:
    try:
        plain, number = to_plain(text), PrintedNumber.of(text)
    except ValueError as fault:
        assert make_one_line(str(fault)) == str(fault)
    else:
        assert plain.isascii() and number.printed == text


# --- a point with no digits after it ---


@pytest.mark.parametrize(
    ("block", "decimals"),
    [
        (["-1.", "0.24", "0.702"], 2),
        (["-1.", "0,5"], 1),
        (["-1.", "1.2345e-05", "nan", "12"], None),
        (["-1.", "2."], None),
        ([], None),
    ],
)
def test_a_bare_point_claims_the_fewest_decimals_of_the_values_around_it(block: list[str], decimals: int) -> None:
    assert find_decimals(block) == decimals


@pytest.mark.parametrize(
    ("printed", "decimals", "value", "whether"),
    [
        ("-1.", 2, -1.000635, True),
        ("-1.", 2, -1.0051, False),
        ("-1.", None, -1.000635, False),
        ("-1.", None, -1.0, True),
        ("-0.", 2, -0.0033, True),
        ("-0.", 2, 0.0, True),
        ("-0.", 2, 0.0033, False),
        ("-0.", 2, -0.0051, False),
        ("0.", 2, 0.0033, True),
        ("-1.0", 2, -1.04, True),
        ("-1", 2, -1.4, True),
    ],
)
def test_a_bare_point_is_read_by_the_decimals_around_it_and_exactly_without_any(
    printed: str, decimals: int | None, value: float, whether: bool
) -> None:
    assert PrintedNumber.of(printed, decimals).agree(value) is whether


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=8), st.integers(1, 6))
@examples(300)
def test_what_numpy_prints_of_a_rounded_array_always_matches_the_array(values: list[float], decimals: int) -> None:
    """Beside a value with decimals. NumPy multiplies before it rounds, which makes a tie of 6.949999999999999."""
    printed = str(np.round(np.array([*values, 0.25]), decimals)).strip("[]").split()
    assume("e" not in "".join(printed))  # there NumPy adds zeros that claim more than is known
    numbers = [PrintedNumber.of(text, find_decimals(printed)) for text in printed[:-1]]
    assert all(number.is_within(value, 2 * ulp(value)) for number, value in zip(numbers, values, strict=True))
