"""Answers: what is typed is read with the precision it claims, and no wrong number is ever right."""

import random
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from math import exp, inf, isfinite, log, nan, sqrt, tanh
from time import process_time

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bptui.core.engines.engine import NumpyEngine
from bptui.core.problem.initialisation import make_initial_parameters
from bptui.practice.answers import IMPRECISE, MAX_CHARACTERS, RIGHT, WRONG, read_answer
from bptui.practice.expressions import AnswerError, AnswerScope, find_exact_numbers
from tests.effort import examples
from tests.loops import take_at_most
from tests.strategies import BIASES, SIZES, finite_numbers, problem
from tests.tables import over

H1 = 0.5621765008857981  # a sigmoid of 0.25
WORTH = [
    ("0.5622", H1, RIGHT, "rounded to four decimals"),
    ("0.5623", H1, WRONG, "a unit too many"),
    ("0.5621", H1, WRONG, "cut off instead of rounded"),
    ("0.562", H1, RIGHT, "three digits"),
    ("0.56", H1, IMPRECISE, "two digits"),
    ("1", H1, IMPRECISE, "rounded to a whole number"),
    ("0.5621765008857981", H1, RIGHT, "every digit there is"),
    ("  0.5622 ", H1, RIGHT, "blanks around it"),
    (".5622", H1, RIGHT, "no digit before the point"),
    ("+5.622e-1", H1, RIGHT, "a sign and an exponent"),
    ("56.22E-2", H1, RIGHT, "another exponent"),
    ("−0.5622", -H1, RIGHT, "a minus sign as typeset"),
    ("- 0.5622", -H1, RIGHT, "a blank after the sign"),
    ("-0.5622", H1, WRONG, "the wrong sign"),
    ("0.25", 0.25, RIGHT, "a number that has no third digit"),
    ("0.250", 0.25, RIGHT, "a zero that is no more than said"),
    ("0.3", 0.25, IMPRECISE, "a half rounded up, with one digit"),
    ("0.251", 0.25, WRONG, "a third digit that is not there"),
    ("0", 0.0, RIGHT, "nothing"),
    ("-0.0", 0.0, RIGHT, "nothing below nothing"),
    ("0", 0.3, IMPRECISE, "nothing, for a little"),
    ("0", 1e-9, IMPRECISE, "nothing, for very little"),
    ("0.001", 0.0, WRONG, "a little, for nothing"),
    ("0.100", 0.0999996, RIGHT, "three digits that rounding made"),
    ("0.100", 0.0996, IMPRECISE, "two digits, for rounding to three gives more"),
    ("123", 123.4, RIGHT, "a whole number of three digits"),
    ("12", 12.3, IMPRECISE, "a whole number of two digits"),
    ("nan", nan, RIGHT, "no number"),
    ("inf", inf, RIGHT, "infinity"),
    ("-inf", -inf, RIGHT, "minus infinity"),
    ("inf", -inf, WRONG, "the other infinity"),
    ("inf", H1, WRONG, "infinity for a number"),
    ("nan", H1, WRONG, "no number for a number"),
    ("1e300", inf, WRONG, "a number for infinity"),
    ("1/4", 0.25, RIGHT, "a fraction"),
    ("1/3", 1 / 3, RIGHT, "a fraction without an end"),
    ("0.5*0.2+0.3*0.5", 0.25, RIGHT, "an expression that comes to a short number"),
    ("(9/16)", H1, WRONG, "a fraction that is near"),
    ("1/(1+exp(-1/4))", H1, RIGHT, "a function of whole numbers"),
    ("1 ÷ (1 + exp(−1/4))", H1, RIGHT, "signs as typeset"),
    ("sigmoid(1/4)", H1, RIGHT, "a function by its name"),
    ("1/(1+exp(-0.25))", H1, IMPRECISE, "an expression of a number with two digits"),
    ("1/(1+exp(-0.2500))", H1, RIGHT, "the same with enough of them"),
    ("0.75²", H1, IMPRECISE, "a square of two digits"),
    ("½·1.1244", H1, RIGHT, "a half as typeset, and a dot"),
    ("½×1.1244", H1, RIGHT, "a cross"),
    ("2^-2", 0.25, RIGHT, "a power as many write it"),
    ("max(0, -3, 1/4)", 0.25, RIGHT, "the largest of some"),
    ("1/4 if 2 > 1 else 0", 0.25, RIGHT, "a case, as derivations print it"),
    ("ln(2)", 0.6931471805599453, RIGHT, "a logarithm by its other name"),
    ("sqrt(2) - tanh(1/2) + log(3)", sqrt(2) - tanh(0.5) + log(3), RIGHT, "functions"),
    ("1/(1+exp(800))", 0.0, RIGHT, "an overflow that ends in nothing"),
]


@pytest.mark.parametrize(("text", "true", "verdict"), [row[:3] for row in WORTH], ids=[row[3] for row in WORTH])
def test_an_answer_counts_to_the_digits_that_are_typed(text: str, true: float, verdict: str) -> None:
    assert read_answer(text).verdict(true) == verdict


NO_NUMBERS = """
9**9**9  1e999999  1e999999+1  1e400*2  1e99999999999999999999  0/0  1/0  0**-1  sqrt(-1)  (-8)**(1/3)  exp(1000)
((((  (a:=1)  a.b  (1).real  x.__class__  __import__('os')  [1]  {1}  'a'  f'{1}'  b'1'  1j  1_000  0x1f  0b1  log(0)
True  None  ...  1;2  1<2  1<2<3  ~1  1//2  5%2  1@2  1&2  2(3)  exp  exp()  exp(1,2)  exp(x=1)  max(1)  max(*[1,2])
print(1)  exp(exp)  nan+1  inf*0  yield  *1  **1  1if  0x  1e  1e+  2½  1ee5  exp(1)(2)  max  ()  1,  ,1  _  exp(,)  \\
三  3³  √2  π  😀  0.5€  5=  #  0.5#1  1++  1*/2  0.5.5  --  ) )(  1!  $1  1:2  `1`  ?1  "1"  5e  .  -
"""
HOSTILE = [
    *NO_NUMBERS.split(),
    *("", " ", "\t", "1 2", "1\n+", "1 # 2", "1 if 1", "not 1", "1 and 2", "await 1", "lambda: 1", "1 if 2>=1 else 3"),
    *("1 if 2 > 1 > 0 else 3", "\ud800", "1\x002", "\x1b[31m", "1\u202e2", "9" * MAX_CHARACTERS + "1", "9" * 199 + "+"),
    *("(" * 200, "(" * 100 + "1" + ")" * 98, "a" * 300, "2**" * 66, "[" * 90 + "]" * 90),
]  # fmt: skip


@over(text=HOSTILE)
def test_what_is_no_number_is_refused_in_words_at_once(text: str) -> None:
    start = process_time()
    with pytest.raises(AnswerError) as fault:
        read_answer(text)
    assert 5 < len(str(fault.value)) < 400
    assert str(fault.value).isprintable()
    assert take_at_most(process_time() - start, 5)


@pytest.mark.parametrize("text", ["-" * 199 + "1", "1" + "+1" * 99, "2*" * 99 + "2", "(" * 50 + "1" + ")" * 50])
def test_what_is_only_long_is_read(text: str) -> None:
    assert isfinite(read_answer(text).value)


@given(st.text(max_size=40) | st.text(st.sampled_from("0123456789.,+-*/()e h1wx^²−·"), max_size=25))
@examples(500)
def test_any_text_is_a_finite_number_or_refused_in_words(text: str) -> None:
    try:
        answer = read_answer(text, AnswerScope({"h1": H1, "w1": 0.2}, {"x1"}, "x1"))
    except AnswerError as fault:
        assert str(fault)
    else:
        assert answer.plain or isfinite(answer.value)
        assert answer.uncertainty >= 0
        assert answer.verdict(H1) in (RIGHT, IMPRECISE, WRONG)


@pytest.mark.parametrize(
    "text", ["0,5622", "0.56218·10^0", "5,622·10⁻¹", "h1 = 0,5622", "5.622 × 10**-1", "+0.562177", "٠.٥٦٢٢"]
)
def test_a_plain_number_is_read_as_people_print_it(text: str) -> None:
    assert read_answer(text).plain and read_answer(text).verdict(H1) == RIGHT


@pytest.mark.parametrize("text", ["0,5*0,2", "-0,5+1", "exp(0,5)", "exp(0,05)", "1,234"])
def test_a_decimal_comma_is_refused_with_a_hint_where_it_may_mean_something_else(text: str) -> None:
    with pytest.raises(AnswerError, match="use a decimal point, not a comma"):
        read_answer(text)


def test_names_of_known_quantities_may_stand_in_an_expression_and_no_others() -> None:
    scope = AnswerScope(
        {"x1": 0.5, "w1": np.float32(0.2), "delta_o1": 0.25, "eta": 2.0, "dE_dw5": 3.0}, {"h1", "h2"}, "h1"
    )
    assert read_answer("w1*x1", scope).verdict(float(np.float32(0.1))) == RIGHT
    assert read_answer("δ_o1·η + ∂E/∂w5", scope).value == 3.5
    for text, said in [
        ("h1", "h1 is the number asked for"),
        ("1+h2", "h2 is not known yet"),
        ("h3", '"h3" is not a quantity'),
    ]:
        with pytest.raises(AnswerError, match=said):
            read_answer(text, scope)


def test_a_known_number_counts_as_it_is_and_any_other_by_its_digits() -> None:
    scope = AnswerScope(exact=find_exact_numbers([0.25, -0.5, np.float32(0.2), nan]))
    assert read_answer("1/(1+exp(-0.25))").verdict(H1) == IMPRECISE
    assert read_answer("1/(1+exp(-0.25))", scope).verdict(H1) == RIGHT
    assert read_answer("1/(1+exp(-.250))", scope).verdict(H1) == RIGHT
    assert read_answer("0.5*-0.5", scope).uncertainty < 1e-15
    assert 0 < read_answer("0.2*3", scope).uncertainty < 1e-7
    assert read_answer("0.26*1", scope).uncertainty == pytest.approx(0.005)


def test_uncertainties_of_all_numbers_add_up() -> None:
    assert read_answer("0.10+0.20").uncertainty == pytest.approx(0.01)
    assert read_answer("0.10*0.2000").uncertainty == pytest.approx(0.005 * 0.2 + 0.00005 * 0.1)
    assert read_answer("exp(1.5)").uncertainty == pytest.approx(exp(1.55) - exp(1.5))
    assert read_answer("0.5+0.000*1.0+2").uncertainty == pytest.approx(0.05)  # a whole number is not rounded to
    assert read_answer("3*4-5").uncertainty < 1e-14
    assert read_answer("1.55e1+1").uncertainty == pytest.approx(0.05)


@given(finite_numbers, st.integers(2, 16))
def test_a_number_rounded_to_three_digits_or_more_is_right(true: float, digits: int) -> None:
    assert read_answer(f"{true:.{digits}e}").verdict(true) == RIGHT


@given(st.floats(allow_nan=False, allow_infinity=False, width=32), st.integers(2, 16))
def test_a_number_in_float32_rounded_or_in_full_is_right(true: float, digits: int) -> None:
    assert read_answer(f"{true:.{digits}e}").verdict(np.float32(true)) == RIGHT
    assert read_answer(str(np.float32(true))).verdict(np.float32(true)) == RIGHT


@given(finite_numbers, st.integers(0, 16))
def test_a_plain_number_is_right_only_if_it_is_the_rounding_to_three_digits_or_more(true: float, digits: int) -> None:
    typed = f"{true:.{digits}e}"
    if read_answer(typed).verdict(true) == RIGHT and digits < 2:
        assert Decimal(typed) == Decimal(repr(true))


def off(true: float) -> Iterator[str]:
    """Wrong numbers that look like the true one, at 3 to 10 digits."""
    for digits in range(2, 10):
        figure = f"{true:.{digits}e}"
        exponent = Decimal(figure).as_tuple().exponent
        assert isinstance(exponent, int)
        for units in (-11, -10, -9, -3, -2, -1, 1, 2, 3, 9, 10, 11):
            yield str(Decimal(figure) + Decimal(units).scaleb(exponent))
        yield str(Decimal(repr(true)).quantize(Decimal(1).scaleb(exponent), "ROUND_DOWN"))
        yield str(-Decimal(figure))
        yield from (str(Decimal(figure).scaleb(places)) for places in (-2, -1, 1, 2))
        head, _, power = figure.partition("e")
        for at in range(len(head) - 1):
            if head[at : at + 2].isdigit():
                yield f"{head[:at]}{head[at + 1]}{head[at]}{head[at + 2 :]}e{power}"


def is_wrong(typed: str, true: float) -> bool:
    """Whether a printed number is further from the true one than half a unit of its last digit, in exact numbers."""
    figure = Decimal(typed)
    exponent = figure.as_tuple().exponent
    assert isinstance(exponent, int)
    return abs(Decimal(true) - figure) * 2 > Decimal(1).scaleb(exponent) and figure != Decimal(repr(true))


def test_thousands_of_wrong_numbers_near_the_right_one_are_never_accepted() -> None:
    tried = 0
    for sizes in SIZES:
        for biases in BIASES:
            spec = problem(sizes, "tanh" if biases == "shared" else "sigmoid", biases=biases)
            for true in map(float, NumpyEngine(spec).evaluate(make_initial_parameters(spec), 1).values()):
                for typed in off(true):
                    if is_wrong(typed, true):
                        tried += 1
                        assert read_answer(typed).verdict(true) == WRONG, (typed, true)
    assert tried > 50_000


@st.composite
def expressions(draw: st.DrawFn) -> str:
    """Sums, products and functions of decimal numbers and whole ones."""
    number = st.decimals(-9, 9, places=draw(st.integers(0, 5))).map(lambda d: f"({d})")
    grown = st.recursive(
        number,
        lambda of: st.one_of(
            st.tuples(of, st.sampled_from("+-*/"), of).map(lambda three: f"({''.join(three)})"),
            st.tuples(st.sampled_from(["exp", "tanh", "sigmoid"]), of).map(lambda two: f"{two[0]}({two[1]})"),
            of.map(lambda one: f"{one}**2"),
        ),
        max_leaves=5,
    )
    return draw(grown)


@given(expressions(), st.floats(1.001, 50), st.sampled_from((-1, 1)))
@examples(400)
def test_an_expression_off_by_more_than_its_uncertainty_is_never_right(text: str, factor: float, sign: int) -> None:
    assume(len(text) <= MAX_CHARACTERS)
    try:
        answer = read_answer(text)
    except AnswerError:
        assume(False)
    slack = 1e-12 * max(1.0, abs(answer.value))
    true = answer.value + sign * factor * (answer.uncertainty + 2 * slack)
    assume(isfinite(true))
    assert answer.verdict(true, slack) == WRONG
    inside = answer.value + sign * 0.999 / factor * answer.uncertainty
    if isfinite(inside):
        assert answer.verdict(inside, slack) != WRONG


@given(expressions(), st.floats(-1, 1))
@examples(400)
def test_an_expression_is_right_only_if_it_settles_three_digits(text: str, part: float) -> None:
    assume(len(text) <= MAX_CHARACTERS)
    try:
        answer = read_answer(text)
    except AnswerError:
        assume(False)
    true = answer.value + part * answer.uncertainty
    assume(isfinite(true))
    if answer.verdict(true) == RIGHT and f"{true:.1e}" != f"{true:.17e}" and float(f"{true:.1e}") != true:
        assert abs(answer.value - true) <= 0.5 * 10.0 ** (Decimal(f"{true:.2e}").adjusted() - 2) * (1 + 1e-9)


def test_random_signs_are_read_quickly() -> None:
    rng, start = random.Random(1), process_time()
    for _ in range(300):
        text = "".join(rng.choices("0123456789.+-*/()", k=MAX_CHARACTERS))
        with suppress(AnswerError):
            read_answer(text)
    read_answer("+".join(["0.1"] * 50))
    assert take_at_most(process_time() - start, 50)
