"""The gradient check: it lights up at a wrong formula, however small the gradients, and never at rounding."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given

from bptui.core.engines.engine import make_engine
from bptui.core.engines.gradient_check import check_by_autograd, check_by_differences
from bptui.core.problem.initialisation import initial_parameters
from bptui.core.problem.spec import Spec
from bptui.core.training.run import Run
from tests.effort import examples
from tests.strategies import is_smooth, problems


def by_autograd(spec: Spec, parameters: np.ndarray) -> dict[str, bool]:
    theirs = make_engine("torch", replace(spec, torch_precision="float64")).evaluate(parameters.astype(np.float64), 1)
    return check_by_autograd(spec, parameters, 1, theirs)


def wrong(checked: dict[str, bool]) -> set[str]:
    return {parameter for parameter, agrees in checked.items() if not agrees}


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("round_", [1, 1500, 10_000])
def test_the_published_slip_lights_up_at_the_hidden_weights_in_every_round(
    default: Spec, precision: str, round_: int
) -> None:
    spec = replace(default, gradient="as published", step=10.0, precision=precision)
    run = Run(make_engine("numpy", spec))
    run.train_to(round_)
    at = run.parameters(round_)
    assert wrong(by_autograd(spec, at)) == wrong(check_by_differences(spec, at, 1)) == {"w1", "w2", "w3", "w4"}


def test_it_lights_up_for_tiny_inputs_too(default: Spec) -> None:
    spec = replace(default, inputs=(1e-5, 2e-5), gradient="as published", precision="float32")
    assert wrong(by_autograd(spec, initial_parameters(spec))) == {"w1", "w2", "w3", "w4"}


@examples(100)
@given(problems(gradient="chain rule"))
def test_the_chain_rule_never_lights_up(spec: Spec) -> None:
    at = initial_parameters(spec)
    assume(is_smooth(spec, make_engine("numpy", replace(spec, precision="float64")).evaluate(at, 1)))
    assert not wrong(by_autograd(spec, at))
    assert not wrong(check_by_differences(spec, at, 1))


def test_after_long_training_the_chain_rule_does_not_light_up(default: Spec) -> None:
    run = Run(make_engine("numpy", default))
    run.train_to(50_000)
    assert not wrong(by_autograd(default, run.parameters(50_000)))
    assert not wrong(check_by_differences(default, run.parameters(50_000), 1))


def test_at_a_kink_differences_decide_nothing(default: Spec) -> None:
    spec = replace(default, activation_hidden="relu", weights=(0.0, 0.0, 0.0, 0.0, *default.weights[4:]))
    assert check_by_differences(spec, initial_parameters(spec), 1) == {}
    assert len(by_autograd(spec, initial_parameters(spec))) == 8


def test_where_one_side_is_no_number_nothing_is_decided(default: Spec) -> None:
    """The written-out sigmoid's derivative by autograd is nan once its exponential overflows; by hand it is 0."""
    spec = replace(default, inputs=(1.0, 1.0), weights=(-800.0, *default.weights[1:]))
    assert set(by_autograd(spec, initial_parameters(spec))) == {"w2", "w4", "w5", "w6", "w7", "w8"}


def test_large_losses_do_not_make_differences_light_up(default: Spec) -> None:
    spec = replace(default, activation_output="identity", targets=(250_000.0, 300_000.0))
    checked = check_by_differences(spec, initial_parameters(spec), 1)
    assert len(checked) == 8 and not wrong(checked)
