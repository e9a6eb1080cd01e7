"""How a printed value compares with a number: digit by digit, but for the last digits, or not at all."""

from dataclasses import replace
from math import inf, ulp

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bptui.check.side import Match, Side, find_slack
from bptui.core.engines.engine import NumpyEngine, collect_given
from bptui.core.problem.initialisation import make_initial_parameters
from bptui.core.problem.spec import Spec
from bptui.core.training.run import Run
from bptui.lessons.lesson import load_lesson
from bptui.text.printed import PrintedNumber
from tests.effort import examples
from tests.strategies import problem

NETWORK = load_lesson("two-by-two").spec.network
MATCHES, LAST_DIGITS, DIFFERS = Match(True), Match(True, last_digits=True), Match(False)


def compare(printed: str, value: float, precision: str = "float64", slack: float = 0.0) -> Match:
    side = Side("numpy", NETWORK, {"E": np.dtype(precision).type(value)}, precision)
    return side.compare("E", PrintedNumber.of(printed), slack)


@given(st.floats(-1e300, 1e300).filter(lambda value: abs(value) > 1e-300), st.integers(1, 2), st.sampled_from((-1, 1)))
@examples(200)
def test_all_digits_of_a_number_match_and_its_neighbours_to_the_last_digit_or_two(
    value: float, ulps: int, way: int
) -> None:
    near, off = (value + way * count * ulp(value) for count in (ulps, 40))
    assume(PrintedNumber.of(repr(near)).count == PrintedNumber.of(repr(off)).count == 17)  # fewer reach further
    assert compare(repr(value), value) == MATCHES
    assert compare(repr(near), value) == LAST_DIGITS
    assert compare(repr(off), value) == DIFFERS


@pytest.mark.parametrize(
    ("printed", "value", "precision", "match"),
    [
        ("1.7976931348623155e308", 1.7976931348623157e308, "float64", LAST_DIGITS),
        ("1.7e308", 1.7976931348623157e308, "float64", DIFFERS),
        ("-3.3e38", -3.4028234663852886e38, "float32", DIFFERS),
        ("-0.0005024133021189231", -0.000502413302118923, "float64", LAST_DIGITS),
        ("0.41089267", 0.4108927, "float32", LAST_DIGITS),
        ("0.41089267", 0.4108927, "float64", DIFFERS),
        ("0.4109", 0.41089267, "float32", MATCHES),
        ("0.4108", 0.41089267, "float32", DIFFERS),
        ("0.12", 0.12499999999999999, "float64", MATCHES),
        ("0.12", 0.12500000000000003, "float64", LAST_DIGITS),
        ("0.12", 0.1250000000001, "float64", DIFFERS),
        ("inf", inf, "float32", MATCHES),
        ("1.0", inf, "float64", DIFFERS),
        ("0", 1e-9, "float64", DIFFERS),
    ],
)
def test_what_another_order_of_the_operations_explains_depends_on_the_precision(
    printed: str, value: float, precision: str, match: Match
) -> None:
    assert compare(printed, value, precision) == match


@pytest.mark.parametrize(
    ("x2", "printed", "match"),
    [(2.0, "0", LAST_DIGITS), (2.0, "0.000", MATCHES), (2.0, "1e-14", DIFFERS), (2.000000000001, "0", DIFFERS)],
)
def test_a_sum_that_cancels_on_paper_matches_the_zero_that_is_printed_there(
    x2: float, printed: str, match: Match
) -> None:
    network = {"inputs": [1, x2], "targets": [0], "hidden": 0, "weights": [0.5, -0.3], "biases": {"output": [0.1]}}
    run = Run(NumpyEngine(Spec.from_table({"network": network})))
    run.train_to(1)
    values = {**run.given(1), **run.values(1)}
    assert 0 != abs(values["in_o1"]) < 1e-12
    assert Side("numpy", run.spec.network, values, "float64").compare("in_o1", PrintedNumber.of(printed)) == match


def test_more_slack_may_be_given_where_one_engine_stands_in_for_another() -> None:
    assert compare("0.41089", 0.4108951, slack=2.0**-20) == LAST_DIGITS
    assert compare("0.41089", 0.4108951) == DIFFERS


def test_a_number_that_is_not_known_yet_is_not_compared() -> None:
    side = Side("torch", NETWORK, {}, "float32")
    assert side.compare("E", PrintedNumber.of("0.5")) == Match(None)
    assert find_slack(side, "E", PrintedNumber.of("0.12345678901234567")) == 0.0


@pytest.mark.parametrize("printed", ["0", "1.39e-16", "-2.8e-17"])
def test_a_number_that_is_0_but_for_rounding_may_be_printed_as_another_such_number(printed: str) -> None:
    """The deltas of softmax sum to 0; what is left of the sum depends on the order, however many digits it has."""
    spec = replace(problem((2, 3), "softmax", "categorical cross entropy", "shared"), targets=((0.2, 0.7, 0.1),))
    start = make_initial_parameters(spec)
    values = {**collect_given(spec, start, 1), **NumpyEngine(spec).evaluate(start, 1)}
    values["dE_db_o1"] = np.float64(5.6e-17)
    side = Side("numpy", spec.network, values, "float64")
    assert side.compare("dE_db_o1", PrintedNumber.of(printed)) == LAST_DIGITS
    assert side.compare("dE_db_o1", PrintedNumber.of("1e-13")) == DIFFERS
    assert side.compare("delta_o1", PrintedNumber.of(printed)) == DIFFERS
