"""The picture of an activation: its curves by Python's own math, and the neuron's point on them."""

import re
from collections.abc import Callable
from dataclasses import replace
from math import cosh, exp, inf, log1p, tanh

import numpy as np
import pytest

from bptui.core.engines.engine import NumpyEngine
from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.problem.initialisation import make_initial_state
from bptui.core.problem.spec import Spec
from bptui.lessons.lesson import load_lesson
from bptui.part_pictures.activation import make_functions, picture_activation

Scalar = Callable[[float], float]


def sigmoid(z: float) -> float:
    return 1.0 / (1.0 + exp(-z))


BY_HAND: dict[str, tuple[Scalar, Scalar]] = {
    "sigmoid": (sigmoid, lambda z: exp(-z) / (1.0 + exp(-z)) ** 2),
    "torch.sigmoid": (sigmoid, lambda z: exp(-z) / (1.0 + exp(-z)) ** 2),
    "relu": (lambda z: max(z, 0.0), lambda z: float(z > 0)),
    "leaky relu": (lambda z: z if z > 0 else 0.01 * z, lambda z: 1.0 if z > 0 else 0.01),
    "tanh": (tanh, lambda z: 1.0 / cosh(z) ** 2),
    "softplus": (lambda z: log1p(exp(z)), sigmoid),
    "identity": (lambda z: z, lambda z: 1.0),
    "softmax": (lambda z: exp(z) / (exp(z) + exp(0.3) + exp(-2.0)), lambda z: inf),
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_f_and_its_derivative_are_those_of_the_definition_kinks_included(name: str) -> None:
    others = [0.3, -2.0] if ACTIVATIONS[name].of_layer else []
    value, slope = make_functions(name, others)
    z = np.linspace(-9.0, 9.0, 37)
    f, df = BY_HAND[name]
    np.testing.assert_allclose(value(z), [f(float(at)) for at in z], rtol=1e-12, atol=1e-15)
    if others:
        df = lambda z: f(z) * (1.0 - f(z))  # noqa: E731
    np.testing.assert_allclose(slope(z), [df(float(at)) for at in z], rtol=1e-9, atol=1e-15)


def at_start(spec: Spec) -> np.ndarray:
    return make_initial_state(spec)


def test_the_point_is_the_neuron_s_own_and_the_sentence_says_it() -> None:
    spec = load_lesson("two-by-two").spec
    picture = picture_activation(spec, at_start(spec), 1, "h1", 0, 6)
    values = NumpyEngine(spec).evaluate(at_start(spec), 1)
    f, df = picture.marks
    assert (f.x, f.y) == pytest.approx((values["in_h1"], values["h1"])) and df.x == f.x
    assert df.y == pytest.approx(values["h1"] * (1.0 - values["h1"]))
    assert picture.sentences[0] == "● in_h1 = 0.25: f = 0.562177, f′ = 0.246134."
    changes = [float(text) for text in re.findall(r"(?:by|is) (0\.00\d+)", picture.sentences[1])]
    z = float(values["in_h1"])
    assert changes == pytest.approx([sigmoid(z + 0.01) - sigmoid(z), 0.01 * df.y], rel=1e-5)
    assert "δ_h1 is ∂E/∂h1 times f′" in picture.sentences[2]


def test_a_weighted_input_far_out_is_on_the_axis_and_one_at_a_kink_is_said() -> None:
    lesson = load_lesson("two-by-two").spec
    far = replace(lesson, weights=(300.0, *lesson.weights[1:]))
    picture = picture_activation(far, at_start(far), 1, "h1", 0, 6)
    assert picture.curves[0].x[0] < -150 and picture.curves[0].x[-1] > 150 == pytest.approx(
        picture.marks[0].x, rel=0.01
    )
    still = replace(lesson, activation_hidden="relu", weights=(0.0,) * 8)
    said = picture_activation(still, at_start(still), 1, "h2", 0, 6)
    assert said.marks[-1].y == 0.0 and any("relu has a kink" in sentence for sentence in said.sentences)
    assert not any("kink" in s for s in picture.sentences)


def test_of_softmax_the_other_weighted_inputs_are_held_fixed_and_said() -> None:
    spec = load_lesson("softmax").spec
    values = NumpyEngine(spec).evaluate(at_start(spec), 1)
    picture = picture_activation(spec, at_start(spec), 1, "o1", 0, 6)
    assert picture.marks[0].y == pytest.approx(float(values["o1"]))
    said = picture.sentences[-1]
    assert "Held fixed here: " in said
    for other in spec.network.outputs[1:]:
        assert f"in_{other} = " in said


def test_of_several_samples_one_is_told_of_and_all_are_marked() -> None:
    spec = load_lesson("xor").spec
    picture = picture_activation(spec, at_start(spec), 1, "h1", 3, 6)
    values = NumpyEngine(spec).evaluate(at_start(spec), 1)
    assert picture.marks[-1].x == pytest.approx(float(values["in_h1_s3"]))
    assert {round(mark.x, 9) for mark in picture.marks} == {
        round(float(values[f"in_h1_s{s}"]), 9) for s in (1, 2, 3, 4)
    }
    assert "in_h1 of sample 3 = " in picture.sentences[0]


def test_a_weighted_input_that_is_no_number_has_no_curve() -> None:
    spec = load_lesson("two-by-two").spec
    state = at_start(spec)
    state[0] = np.nan
    picture = picture_activation(spec, state, 1, "h1", 0, 6)
    assert not picture.curves and picture.sentences == ("in_h1 is nan: the curve has no such point.",)
