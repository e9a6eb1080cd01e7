"""How far two numbers are apart: as units in the last place where they are few, and marked only beyond rounding."""

from math import inf, nan
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.core.engines.error_bounds import UNITS
from bptui.session.agreement import measure_difference
from tests.strategies import finite_numbers

sizable = st.floats(1e-30, 1e30) | st.floats(-1e30, -1e-30)


@pytest.mark.parametrize(
    ("mine", "theirs", "precision", "text", "beyond"),
    [
        (0.5, 0.5, "float64", "0", False),
        (0.0, -0.0, "float64", "0", False),
        (nan, nan, "float64", "0", False),
        (inf, inf, "float32", "0", False),
        (inf, 1.0, "float32", "inf", True),
        (nan, 1.0, "float32", "nan", True),
        (0.1, float(np.float32(0.1)), "float32", "<1 ulp", False),
        (0.5, 0.518, "float64", "1.8e-02", True),
        (1e308, -1e308, "float64", "inf", True),
    ],
)
def test_a_difference_is_nothing_units_or_a_number(
    mine: float, theirs: float, precision: str, text: str, beyond: bool
) -> None:
    assert measure_difference(mine, theirs, precision, abs(mine)) == (text, beyond)


@given(sizable, st.sampled_from([np.float64, np.float32]), st.integers(1, 99))
def test_so_many_neighbours_further_on_is_so_many_units_and_a_few_of_them_are_rounding(
    value: float, kind: Any, steps: int
) -> None:
    start = kind(value)
    other = kind(float(start) + steps * float(np.spacing(start)))
    if np.spacing(other) == np.spacing(start):  # beyond a power of two the units are others
        found = measure_difference(start, other, kind.__name__, float(abs(start)))
        assert found.text == f"{steps} ulp"
        assert found.beyond == (
            abs(float(other) - float(start)) > UNITS * float(np.finfo(kind).eps) * abs(float(start))
        )


@given(finite_numbers, finite_numbers, st.sampled_from(["float64", "float32"]))
def test_the_order_of_the_two_is_no_matter_and_only_equal_numbers_are_0_apart(
    one: float, other: float, precision: str
) -> None:
    assert measure_difference(one, other, precision, 1.0) == measure_difference(other, one, precision, 1.0)
    assert (measure_difference(one, other, precision, 1.0).text == "0") == (one == other)


def test_where_larger_numbers_cancelled_a_difference_is_measured_by_them() -> None:
    assert measure_difference(1e-9, 2e-9, "float64", 1e-9).beyond
    assert not measure_difference(1e-9, 2e-9, "float64", 1e6).beyond
