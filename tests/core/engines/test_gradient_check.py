"""The gradient check: what it says is true, of any rule in any state; and it says nothing only where it cannot know."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from math import inf, nan

import numpy as np
import pytest
from hypothesis import assume, given

from bptui.core.engines.engine import Floats, NumpyEngine, collect_given, make_engine
from bptui.core.engines.error_bounds import compute_bounds
from bptui.core.engines.finite_differences import estimate_gradients
from bptui.core.engines.gradient_check import Verdicts, check_by_autograd, check_by_differences, compare
from bptui.core.formulas.names import gradient
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.initialisation import make_initial_parameters
from bptui.core.problem.spec import Spec
from bptui.core.training.run import Run
from bptui.lessons.lesson import load_lesson
from tests.effort import ALL, examples
from tests.exact import compute_exactly, find_largest_errors, given_and_values, is_undecided
from tests.states import ORDINARY, make_states
from tests.strategies import is_smooth, problems

BY_AUTOGRAD, BY_DIFFERENCES = 2e-6, 2e-4  # how far two gradients that agree may be apart, as they say
LEAST = Decimal("1e-40")  # 60 digits do not tell a smaller one from 0 where an output is nearly 1


def by_autograd(spec: Spec, parameters: Floats) -> Verdicts:
    theirs = make_engine("torch", replace(spec, torch_precision="float64")).evaluate(parameters.astype(np.float64), 1)
    return check_by_autograd(spec, parameters, 1, theirs)


def by_differences(spec: Spec, parameters: Floats) -> Verdicts:
    return check_by_differences(spec, parameters, 1, estimate_gradients(spec, parameters, 1))


def those(checked: Verdicts, verdict: bool | None) -> set[str]:
    return {parameter for parameter, agrees in checked.items() if agrees is verdict}


def exact_gradients(spec: Spec, rule: str, state: Floats) -> dict[str, Decimal]:
    network = replace(spec, gradient=rule).network
    exact = compute_exactly(network, collect_given(spec, state, 1))
    return {p: exact[gradient(p)] for p in network.parameters if gradient(p) in exact}


def find_falsehoods(
    found: Verdicts, mine: Mapping[str, Decimal], right: Mapping[str, Decimal], near: float
) -> set[str]:
    """The parameters of whose two exact gradients something false is said."""
    false = set()
    for p in mine.keys() & right.keys():
        apart, size = abs(mine[p] - right[p]), max(abs(mine[p]), abs(right[p]))
        equal = apart == 0 and size > LEAST
        if (found[p] and apart > Decimal(near) * size) or (found[p] is False and equal):
            false.add(p)
    return false


def test_nothing_false_is_said_of_any_rule_by_differences_or_by_formulas_in_another_order() -> None:
    """In float64 the chain rule stands in for autograd here; both exact gradients are known to 60 digits."""
    verdicts = list[bool | None]()
    for spec in make_states(2000 if ALL else 40, seed=3):
        start = make_initial_parameters(spec)
        theirs, estimates = NumpyEngine(spec).evaluate(start, 1), estimate_gradients(spec, start, 1)
        right = exact_gradients(spec, "chain rule", start)
        for rule in RULES:
            wrong, mine = replace(spec, gradient=rule), exact_gradients(spec, rule, start)
            checked = check_by_autograd(wrong, start, 1, theirs)
            assert not find_falsehoods(checked, mine, right, BY_AUTOGRAD), (spec, rule)
            found = check_by_differences(wrong, start, 1, estimates)
            assert not find_falsehoods(found, mine, right, BY_DIFFERENCES), (spec, rule)
            verdicts += checked.values()
    assert all(verdicts.count(verdict) > len(verdicts) / 10 for verdict in (True, False, None))


@pytest.mark.with_torch
def test_nothing_false_is_said_of_any_rule_by_autograd() -> None:
    for spec in make_states(2000 if ALL else 40, seed=4):
        start = make_initial_parameters(spec)
        theirs = make_engine("torch", spec).evaluate(start, 1)
        right = exact_gradients(spec, "chain rule", start)
        for rule in RULES:
            checked = check_by_autograd(replace(spec, gradient=rule), start, 1, theirs)
            assert not find_falsehoods(checked, exact_gradients(spec, rule, start), right, BY_AUTOGRAD), (spec, rule)


def test_it_leaves_open_only_what_rounding_moves() -> None:
    """In ordinary states, by a thousandth of 1e-6 of the larger of both gradients at least."""
    for spec in make_states(300 if ALL else 12, ORDINARY, seed=5):
        start = make_initial_parameters(spec)
        right, right_errors = NumpyEngine(spec).evaluate(start, 1), find_largest_errors(spec, start)
        values = given_and_values(spec, start)
        if is_undecided(spec, values, compute_bounds(spec.network, values, "float64")):
            continue
        for rule in RULES:
            wrong = replace(spec, gradient=rule)
            mine, errors = NumpyEngine(wrong).evaluate(start, 1), find_largest_errors(wrong, start)
            for p in those(check_by_autograd(wrong, start, 1, right), None):
                name = gradient(p)
                error, size = max(errors[name], right_errors[name]), max(abs(mine[name]), abs(right[name]))
                assert float(error) >= 5e-10 * size, (spec, rule, p)


@pytest.mark.with_torch
@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("round_", [1, 1500, 10_000])
def test_the_published_slip_lights_up_at_the_hidden_weights_in_every_round(
    default: Spec, precision: str, round_: int
) -> None:
    spec = replace(default, gradient="as published", step=10.0, precision=precision)
    run = Run(make_engine("numpy", spec))
    run.train_to(round_)
    at = run.parameters(round_)
    assert those(by_autograd(spec, at), False) == those(by_differences(spec, at), False) == {"w1", "w2", "w3", "w4"}


@pytest.mark.with_torch
def test_it_lights_up_for_tiny_inputs_too(default: Spec) -> None:
    spec = replace(default, inputs=((1e-5, 2e-5),), gradient="as published", precision="float32")
    assert those(by_autograd(spec, make_initial_parameters(spec)), False) == {"w1", "w2", "w3", "w4"}


@pytest.mark.with_torch
@pytest.mark.parametrize("round_", [5, 31, 32, 60])
def test_updated_weights_light_up_however_many_rounds_relus_have_had(round_: int) -> None:
    spec = replace(load_lesson("random-weights").spec, gradient="updated weights")
    run = Run(make_engine("numpy", spec))
    run.train_to(round_)
    at = run.parameters(round_)
    assert {"w1", "w3"} <= those(by_autograd(spec, at), False)
    assert not those(by_autograd(spec, at), True) & {"w1", "w2", "w3", "w4"}
    assert {"w1", "w3"} <= those(by_differences(spec, at), False)


def test_the_wrong_sign_is_never_taken_for_the_right_one() -> None:
    spec = replace(load_lesson("relu").spec, gradient="sign wrong")
    run = Run(make_engine("numpy", spec))
    run.train_to(20)
    assert not those(by_differences(spec, run.parameters(20)), True)
    assert those(by_differences(spec, run.parameters(20)), False)


@pytest.mark.with_torch
@examples(100)
@given(problems(gradient="chain rule"))
def test_the_chain_rule_never_lights_up(spec: Spec) -> None:
    at = make_initial_parameters(spec)
    assume(is_smooth(spec, make_engine("numpy", replace(spec, precision="float64")).evaluate(at, 1)))
    assert not those(by_autograd(spec, at), False)
    assert not those(by_differences(spec, at), False)


@pytest.mark.with_torch
def test_after_long_training_the_chain_rule_does_not_light_up(default: Spec) -> None:
    run = Run(make_engine("numpy", default))
    run.train_to(50_000)
    assert not those(by_autograd(default, run.parameters(50_000)), False)
    assert not those(by_differences(default, run.parameters(50_000)), False)


@pytest.mark.with_torch
def test_at_a_kink_differences_decide_nothing_and_autograd_all(default: Spec) -> None:
    """The weights behind the dead neurons have gradients of exactly 0, which no difference can tell from nearly 0."""
    spec = replace(default, activation_hidden="relu", weights=(0.0, 0.0, 0.0, 0.0, *default.weights[4:]))
    assert len(those(by_differences(spec, make_initial_parameters(spec)), None)) == 8
    assert len(those(by_autograd(spec, make_initial_parameters(spec)), True)) == 8


def test_a_kink_that_a_narrow_difference_does_not_reach_is_no_obstacle() -> None:
    """The neuron's weighted input is 0.003, which 1e-5 of the weight's own size would take below 0."""
    network = {"inputs": [1000.0], "targets": [0.5], "hidden": 1, "weights": [3e-6, 1.0]}
    spec = Spec.from_table({"network": {**network, "activation": {"hidden": "relu", "output": "identity"}}})
    assert by_differences(spec, make_initial_parameters(spec)) == {"w1": True, "w2": True}


def test_a_kink_concerns_only_the_weights_that_lead_to_it(default: Spec) -> None:
    spec = replace(default, activation_hidden="leaky relu", weights=(0.0, 0.2, 0.0, 0.4, *default.weights[4:]))
    assert those(by_differences(spec, make_initial_parameters(spec)), True) >= {"w2", "w4", "w7", "w8"}
    assert those(by_differences(spec, make_initial_parameters(spec)), None) >= {"w1", "w3"}


def test_near_a_minimum_differences_tell_nothing(default: Spec) -> None:
    spec = replace(
        default,
        targets=(tuple(NumpyEngine(default).evaluate(make_initial_parameters(default), 1)[o] for o in ("o1", "o2")),),
    )
    assert len(those(by_differences(spec, make_initial_parameters(spec)), None)) == 8


@pytest.mark.with_torch
def test_where_one_side_is_no_number_nothing_is_decided(default: Spec) -> None:
    """The written-out sigmoid's derivative by autograd is nan once its exponential overflows; by hand it is 0.

    Its output is 0 too, but only as it is too small for a double, so that of w5 and w6 nothing is known either.
    """
    spec = replace(default, inputs=((1.0, 1.0),), weights=(-800.0, *default.weights[1:]))
    assert those(by_autograd(spec, make_initial_parameters(spec)), None) == {"w1", "w3", "w5", "w6"}


def test_large_losses_do_not_make_differences_light_up(default: Spec) -> None:
    spec = replace(default, activation_output="identity", targets=((250_000.0, 300_000.0),))
    assert len(those(by_differences(spec, make_initial_parameters(spec)), True)) == 8


@pytest.mark.parametrize(
    ("mine", "theirs", "bound", "verdict"),
    [
        (1.0, 1.0, 1e-9, True),
        (1.0, 1.0 + 1e-9, 2e-9, True),
        (1.0, 1.1, 2e-9, False),
        (1.0, 1.1, 0.2, None),
        (1.0, 1.0, 1e-3, None),
        (0.0, 0.0, 0.0, True),
        (0.0, -0.0, 0.0, True),
        (0.0, 0.0, 1e-300, None),
        (0.0, 1e-10, 1e-300, False),
        (nan, 1.0, 1e-9, None),
        (inf, inf, 1e-9, None),
        (1.0, 2.0, inf, None),
        (1.0, 2.0, nan, None),
    ],
)
def test_two_numbers_agree_if_their_bounds_are_small_and_they_are_no_further_apart(
    mine: float, theirs: float, bound: float, verdict: bool | None
) -> None:
    assert compare(mine, theirs, bound, 1e-6) is verdict
