"""Bounds on rounding: always above the true error, and not far above it where nothing but rounding is lost."""

from dataclasses import replace
from decimal import Decimal
from itertools import cycle
from math import inf, isnan

import numpy as np
import pytest

from bptui.core.engines.engine import make_engine
from bptui.core.engines.error_bounds import bound_expression, compute_bounds
from bptui.core.engines.program import compile_expression
from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.expr import Call, Function, Name, Number
from bptui.core.formulas.rounding import ROUNDINGS
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.initialisation import make_initial_parameters
from bptui.core.problem.settings import PRECISIONS
from bptui.core.problem.spec import Spec
from tests.effort import ALL
from tests.exact import find_errors, find_largest_errors, given_and_values, is_undecided
from tests.states import ORDINARY, make_states

MOST = 1000  # times the true error that a bound may be


def bounds_of(spec: Spec, precision: str = "float64") -> dict[str, float]:
    return compute_bounds(spec.network, given_and_values(spec, make_initial_parameters(spec), precision), precision)


@pytest.mark.parametrize("precision", PRECISIONS)
def test_no_error_is_above_its_bound(precision: str) -> None:
    """In any state, by any rule: also with weights of 1e8, saturated neurons and weighted inputs that are nearly 0."""
    rules, tried = cycle(RULES), 0
    for spec, rule in zip(make_states(3000 if ALL else 150), rules, strict=False):
        wrong = replace(spec, gradient=rule)
        values = given_and_values(wrong, make_initial_parameters(spec), precision)
        bounds = compute_bounds(wrong.network, values, precision)
        for name, error in find_errors(wrong, values).items():
            tried += 1
            assert error <= Decimal(bounds[name]), (spec, name)
    assert tried > 4000


@pytest.mark.parametrize("precision", PRECISIONS)
def test_in_ordinary_states_a_bound_is_at_most_1000_times_the_error(precision: str) -> None:
    """The error is the largest of nine states that differ in the last places, but at least a unit in the last place.

    A single error may be nought by luck. Left out are kinks, where the error is a whole jump, numbers that are smaller
    than their bound, of which no digit is known, and a softmax of one output, which is 1 whatever the rounding.
    """
    kind, rules, largest = np.finfo(precision), cycle(RULES), 0.0
    for spec, rule in zip(make_states(1000 if ALL else 60, ORDINARY), rules, strict=False):
        wrong, start = replace(spec, gradient=rule), make_initial_parameters(spec).astype(precision)
        values = given_and_values(wrong, start, precision)
        bounds = compute_bounds(wrong.network, values, precision)
        if is_undecided(spec, values, bounds):
            continue
        for name, error in find_largest_errors(wrong, start).items():
            if bounds[name] <= abs(values[name]):
                least = max(float(error), float(np.spacing(abs(values[name]))), float(kind.tiny))
                largest = max(largest, bounds[name] / least)
    assert 1 < largest <= MOST


@pytest.mark.with_torch
@pytest.mark.parametrize("precision", PRECISIONS)
def test_numpy_and_autograd_differ_by_no_more_than_both_bounds(precision: str) -> None:
    for state in make_states(3000 if ALL else 100, seed=2):
        spec, start = replace(state, precision=precision), make_initial_parameters(state)
        values = given_and_values(spec, start, precision)
        theirs = make_engine("torch", spec).evaluate(start.astype(precision), 1)
        bounds = compute_bounds(spec.network, values, precision)
        for name, more in compute_bounds(spec.network, values, precision, by_autograd=True).items():
            mine, other = float(values[name]), float(theirs[name])
            if not (isnan(mine) or isnan(other)) and mine != other:
                assert abs(mine - other) <= bounds[name] + more, (spec, name)


def test_the_bounds_of_a_few_operations_are_those_worked_out_by_hand() -> None:
    half = 0.5625 * 2.0**-52  # a rounding
    values = {"a": 3.0, "b": 0.5, "c": 0.25}
    errors = {"a": 1e-9, "b": 1e-10}
    a, b, c = map(Name, values)
    product_bound = 3.0 * 1e-10 + 0.5 * 1e-9 + 1.5 * half
    for expr, bound in [
        (a, 1e-9),
        (c, 0.0),
        (a * b, product_bound),
        (a - b, 1.1e-9 + 2.5 * half),
        (a + b + c, 1.1e-9 + 2 * half * 3.25 + half * 0.25),
        (-(a * b), product_bound),
        (a / b, (1e-9 + 6.0 * 1e-10) / 0.5 + 6.0 * half),
        (c / (a - Number(3.0)), inf),
    ]:
        assert bound_expression(expr, values, errors, "float64") == pytest.approx(bound, rel=1e-6), expr


def test_a_step_has_an_error_only_where_its_argument_may_reach_it(default: Spec) -> None:
    slope = ACTIVATIONS["relu"].derivative(Name("z"), Name("h"))
    for z, bound, jump in [
        (1.0, 1e-9, 0.0),
        (1e-9, 1e-9, 1.0),
        (-1.5e-9, 1e-9, 1.0),
        (-3e-9, 1e-9, 0.0),
        (0.0, 0.0, 0.0),
    ]:
        assert bound_expression(slope, {"z": z}, {"z": bound}, "float64") == jump
    assert max(bounds_of(replace(default, activation_hidden="relu")).values()) < 1e-15


def test_a_function_that_nobody_listed_is_bounded_by_its_own_values() -> None:
    cube = Call(Function("cube({0})", "({0})**3", ""), (Name("z"),))
    found = bound_expression(cube, {"z": 2.0}, {"z": 1e-6}, "float64")
    assert 12e-6 < found < 25e-6  # the slope is 12, and two correct arguments may both be off


def test_what_is_divided_by_an_overflow_is_nearly_0() -> None:
    sigmoid = ACTIVATIONS["sigmoid"].value(Name("z"))
    assert compile_expression(sigmoid)({"z": np.float64(-1000.0)}) == 0.0
    assert 0.0 < bound_expression(sigmoid, {"z": -1000.0}, {"z": 1e-10}, "float64") < 1e-300


def test_a_difference_that_cancels_keeps_the_error_of_its_terms(default: Spec) -> None:
    values = given_and_values(default, make_initial_parameters(default))
    met = replace(default, targets=((float(values["o1"]), float(values["o2"])),))
    values = given_and_values(met, make_initial_parameters(default))
    assert values["dE_dw5"] == 0.0 and bounds_of(met)["dE_dw5"] > 1e-17


def test_numbers_without_a_bound_have_an_infinite_one(default: Spec) -> None:
    exploded = replace(default, weights=tuple(1e308 * w for w in default.weights), activation_hidden="identity")
    assert bounds_of(exploded)["in_o1"] == inf


def test_given_numbers_that_are_off_by_a_unit_count_in_every_bound_they_reach(default: Spec) -> None:
    values = given_and_values(default, make_initial_parameters(default))
    exact, off = (compute_bounds(default.network, values, "float64", given_units=units) for units in (0.0, 1.0))
    assert all(off[name] > exact[name] for name in exact)
    assert off["new_w1"] - exact["new_w1"] > 2.0**-52 * 0.2


@pytest.mark.parametrize(("z", "jump"), [(0.12345, 0.0001), (0.12344, 0.0), (0.1234499, 0.0001)])
def test_a_result_rounded_by_hand_may_jump_only_near_a_half(z: float, jump: float) -> None:
    rounded = Call(ROUNDINGS["4 digits"], (Name("z"),))
    assert bound_expression(rounded, {"z": z}, {"z": 1e-7}, "float64") == pytest.approx(jump, abs=1e-15)
