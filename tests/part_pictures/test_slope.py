"""The picture of a gradient: its curve, line and sentences by computations of their own."""

import re
from dataclasses import replace
from math import isclose

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.core.engines.engine import NumpyEngine, evaluate_forward
from bptui.core.formulas.names import gradient
from bptui.core.problem.initialisation import make_initial_state
from bptui.core.problem.spec import Spec
from bptui.lessons.lesson import load_lesson
from bptui.part_pictures.picture import Picture, StraightLine
from bptui.part_pictures.slope import compute_losses_over, picture_slope
from tests.effort import examples
from tests.strategies import problem

SIGMOID = load_lesson("two-by-two").spec


def loss_by_hand(w5: float) -> float:
    """E of the default problem in round 1 with another w5."""
    w = [0.2, -0.4, 0.5, 0.6, w5, -0.5, -0.3, 0.8]
    h1, h2 = (1 / (1 + np.exp(-(0.5 * a + 0.3 * b))) for a, b in ((w[0], w[2]), (w[1], w[3])))
    o1, o2 = (1 / (1 + np.exp(-(h1 * a + h2 * b))) for a, b in ((w[4], w[6]), (w[5], w[7])))
    return float(0.5 * ((0.23 - o1) ** 2 + (-0.07 - o2) ** 2))


def draw(spec: Spec, parameter: str, round_: int = 1, zoom: float = 1.0) -> Picture:
    return picture_slope(spec, make_initial_state(spec), round_, parameter, 6, zoom)


def line_of(picture: Picture) -> StraightLine:
    assert picture.line is not None
    return picture.line


def test_the_curve_is_the_loss_with_everything_else_as_it_is() -> None:
    picture = draw(SIGMOID, "w5")
    (curve,) = picture.curves
    np.testing.assert_allclose(curve.y, [loss_by_hand(w5) for w5 in curve.x], rtol=1e-13)
    assert curve.x[len(curve.x) // 2] == 0.1 and curve.x[0] < 0 < curve.x[-1]


def test_the_line_touches_the_curve_and_near_enough_it_is_the_curve() -> None:
    picture = draw(SIGMOID, "w5", zoom=2.0**10)
    (curve,), line = picture.curves, line_of(picture)
    straight = line.y + line.slope * (curve.x - line.x)
    assert np.abs(curve.y - straight).max() < 1e-7 < np.abs(curve.y - line.y).max()
    width = 1e-5
    assert line.slope == pytest.approx((loss_by_hand(0.1 + width) - loss_by_hand(0.1 - width)) / (2 * width), rel=1e-8)


def test_every_number_in_the_sentences_is_right() -> None:
    now, slope = 0.1, line_of(draw(SIGMOID, "w5")).slope
    new = now - slope
    said = draw(SIGMOID, "w5").sentences
    assert said[0] == f"● At w5 = 0.1 the slope of the curve is ∂E/∂w5 = {slope:#.6g} (the straight line)."
    product = f"−η·∂E/∂w5 = −1·{slope:#.6g} = −{slope:#.6g}"
    assert said[1] == f"The update moves w5 from 0.1 to {new:#.6g} (○), by {product}."
    numbers = [float(text.replace("−", "-")) for text in re.findall(r"−?\d+\.\d+(?:e[−+]?\d+)?", said[2])]
    before, after, by, straight, every = numbers
    assert (before, after) == pytest.approx((loss_by_hand(now), loss_by_hand(new)), rel=1e-5)
    assert by == pytest.approx(loss_by_hand(now) - loss_by_hand(new), rel=1e-5)
    assert straight == pytest.approx(-slope * slope, rel=1e-5)
    run = NumpyEngine(SIGMOID).advance(make_initial_state(SIGMOID), 2, 1)[0]
    assert every == pytest.approx(float(run[1, 0]), rel=1e-5)
    assert "falls" in said[2]


def test_a_step_too_large_lets_the_loss_rise_and_that_is_said() -> None:
    spec = load_lesson("online-or-batch").spec
    spec = replace(spec, batch="all", step=10.0)
    said = " ".join(draw(spec, "w1").sentences)
    assert "rises" in said and "the sum over its 4 samples" in said


@pytest.mark.parametrize("optimiser", ["adam", "momentum", "rmsprop"])
def test_of_another_optimiser_the_step_is_its_own_and_minus_eta_times_the_slope_is_told_as_another(
    optimiser: str,
) -> None:
    spec = replace(SIGMOID, optimiser=optimiser)
    state = make_initial_state(spec)
    after = NumpyEngine(spec).advance(state, 3, 1)[1]
    said = picture_slope(spec, after, 4, "w5", 6).sentences
    values = NumpyEngine(spec).evaluate(after, 4)
    now, new = float(after[4]), float(values["new_w5"])
    assert f"to {new:.6g}".replace("-", "−") in said[1] and f" ({optimiser}), not by" in said[1]
    assert "not by −η·" in said[1] and not isclose(new - now, -float(values["dE_dw5"]), rel_tol=1e-3)


def test_the_first_step_of_momentum_is_plain_descent_and_is_not_called_another() -> None:
    assert "not by" not in draw(replace(SIGMOID, optimiser="momentum"), "w5").sentences[1]


def test_a_rule_that_is_not_the_chain_rule_s_has_a_line_that_is_no_tangent_and_that_is_said() -> None:
    spec = replace(SIGMOID, gradient="sign wrong")
    wrong, right = draw(spec, "w5"), draw(SIGMOID, "w5")
    assert line_of(wrong).slope == -line_of(right).slope
    assert (
        'the gradient rule "sign wrong" gives' in wrong.sentences[0]
        and "the slope of the curve is" in wrong.sentences[0]
    )
    np.testing.assert_array_equal(wrong.curves[0].y, right.curves[0].y)


def test_at_a_kink_nothing_is_called_a_slope_without_a_word() -> None:
    spec = replace(SIGMOID, activation_hidden="relu", weights=(0.0,) * 4 + SIGMOID.weights[4:])
    assert any("kink" in sentence for sentence in draw(spec, "w1").sentences)
    assert not any("kink" in sentence for sentence in draw(spec, "w5").sentences)


def test_what_is_not_finite_or_frozen_is_said() -> None:
    state = make_initial_state(SIGMOID)
    state[4] = np.inf
    assert picture_slope(SIGMOID, state, 1, "w5", 6).sentences == ("w5 is inf: there is no curve to draw around it.",)
    huge = replace(SIGMOID, activation_hidden="identity", activation_output="identity", weights=(1e200,) * 8)
    assert "there is no line to draw" in draw(huge, "w5").sentences[0]
    frozen = replace(load_lesson("mazur-2015").spec, bias_update="frozen")
    assert "biases are frozen" in " ".join(draw(frozen, "b_h1").sentences)


@pytest.mark.parametrize("parameter", ["b_h1", "b_o2"])
def test_a_bias_that_a_layer_shares_moves_in_all_its_neurons_so_that_its_gradient_is_the_slope(parameter: str) -> None:
    lesson = load_lesson("mazur-2015").spec
    spec = replace(lesson, bias_update="shared")
    picture = draw(spec, parameter)
    (curve,), line = picture.curves, line_of(picture)
    middle = len(curve.x) // 2
    measured = (curve.y[middle + 1] - curve.y[middle - 1]) / (curve.x[middle + 1] - curve.x[middle - 1])
    assert line.slope == pytest.approx(measured, rel=1e-3)
    assert "the slope of the curve is" in picture.sentences[0]


@examples(60)
@given(st.data())
def test_in_any_problem_the_slope_said_is_that_of_the_curve(data: st.DataObject) -> None:
    sizes = data.draw(st.sampled_from([(2, 2, 2), (3, 2, 1), (2, 3, 2, 1), (1, 2, 2, 2, 2)]))
    activation = data.draw(st.sampled_from(["sigmoid", "tanh", "softplus"]))
    biases = data.draw(st.sampled_from(["none", "per neuron", "shared"]))
    spec = problem(sizes, activation, biases=biases)
    parameter = data.draw(st.sampled_from(spec.network.parameters))
    state, width = make_initial_state(spec), 1e-4
    now = float(state[spec.network.parameters.index(parameter)])
    low, high = compute_losses_over(spec, state, 1, parameter, np.array([now - width, now + width]))
    line = line_of(draw(spec, parameter))
    assert line.slope == pytest.approx((high - low) / (2 * width), rel=1e-4, abs=1e-9)
    assert line.y == float(evaluate_forward(spec, state, 1)["E"])
    assert gradient(parameter) in NumpyEngine(spec).evaluate(state, 1)


def test_a_product_with_a_gradient_of_0_is_0_without_a_sign() -> None:
    dead = replace(SIGMOID, weights=(-1.0,) * 8, activation_hidden="relu", weight_decay=0.1)
    said = " ".join(draw(dead, "w1").sentences)
    assert "not by −η·∂E/∂w1 = −1·0 = 0." in said and not re.search(r"−0(?![.\d])", said)
