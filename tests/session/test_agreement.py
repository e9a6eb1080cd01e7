"""How far two numbers are apart: as units in the last place where they are few, and marked only beyond rounding."""

from dataclasses import replace
from itertools import product as every
from math import inf, isfinite, nan
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.core.engines.engine import make_engine
from bptui.core.problem.initialisation import make_initial_parameters
from bptui.core.problem.settings import PRECISIONS
from bptui.session.agreement import bound_differences, measure_difference
from tests.exact import given_and_values
from tests.states import make_states
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
    assert measure_difference(mine, theirs, precision, 1e-8) == (text, beyond)


@given(sizable, st.sampled_from([np.float64, np.float32]), st.integers(1, 99))
def test_so_many_neighbours_further_on_is_so_many_units_and_beyond_only_what_is_above_the_bound(
    value: float, kind: Any, steps: int
) -> None:
    start = kind(value)
    other = kind(float(start) + steps * float(np.spacing(start)))
    if np.spacing(other) == np.spacing(start):  # beyond a power of two the units are others
        bound = 50 * float(np.spacing(abs(start)))
        assert measure_difference(start, other, kind.__name__, bound) == (f"{steps} ulp", steps > 50)


@given(finite_numbers, finite_numbers, st.sampled_from(["float64", "float32"]))
def test_the_order_of_the_two_is_no_matter_and_only_equal_numbers_are_0_apart(
    one: float, other: float, precision: str
) -> None:
    assert measure_difference(one, other, precision, 1.0) == measure_difference(other, one, precision, 1.0)
    assert (measure_difference(one, other, precision, 1.0).text == "0") == (one == other)


def test_where_no_bound_is_known_no_difference_is_beyond_it() -> None:
    assert measure_difference(1.0, 2.0, "float64", inf) == ("1.0e+00", False)


@pytest.mark.with_torch
@pytest.mark.parametrize(("precision", "torch_precision"), [*every(PRECISIONS, PRECISIONS)])
def test_only_another_formula_is_beyond_what_rounding_explains(precision: str, torch_precision: str) -> None:
    """In whatever precision each computes; a weight that is off in its last place, as a run's is, explains as much."""
    for spec in make_states(12, seed=6):
        for rule in ("chain rule", "sign wrong"):
            wrong = replace(spec, gradient=rule, precision=precision, torch_precision=torch_precision)
            start = make_initial_parameters(wrong)
            mine = given_and_values(wrong, start, precision)
            theirs = make_engine("torch", wrong).evaluate(start * (1 + 2.0**-54), 1)
            bounds = bound_differences(wrong, 1, mine, {**mine, **theirs}, torch_precision)
            for p in wrong.network.parameters:
                a, b = float(mine[f"dE_d{p}"]), float(theirs[f"dE_d{p}"])
                if isfinite(a) and isfinite(b):
                    beyond = measure_difference(a, b, min(precision, torch_precision), bounds[f"dE_d{p}"]).beyond
                    assert not beyond if rule == "chain rule" else beyond or bounds[f"dE_d{p}"] >= abs(a - b), (
                        wrong,
                        p,
                    )
