"""What may be drawn: the frame holds the run's numbers and says truly whether they agree."""

import ast
import re
from dataclasses import replace
from math import inf

import pytest
from hypothesis import assume, given, settings

from bptui import lessons
from bptui.core.differences import gradients
from bptui.core.engine import load
from bptui.core.spec import Spec
from bptui.frame import Frame, make_frame, quantities_of
from bptui.second_opinion import Answer, Question
from bptui.session import Session, selection_columns
from tests.strategies import is_smooth, problems


def frame_of(name: str = "two-by-two", round_: int = 1, **settings: object) -> Frame:
    lesson = lessons.load(name)
    lesson = replace(lesson, spec=replace(lesson.spec, **settings))  # type: ignore[arg-type]
    return make_frame(Session.open(lesson).torch_unavailable("not asked").go_to(round_))


def checked_by_torch(spec: Spec) -> Frame:
    """The frame of round 1 with the gradient check done by torch, in float64 as its process does it."""
    session = Session.open(replace(lessons.load("two-by-two"), spec=spec)).torch_ready("2")
    engine = load("torch", replace(spec, torch_precision="float64"))
    check = {name: float(value) for name, value in engine.evaluate(session.run.parameters(1)).items()}
    return make_frame(session.answered(session.run, Question(spec.to_table(), 1), Answer(check=check)))


def test_the_values_of_a_round_are_those_of_the_engine() -> None:
    frame = frame_of(round_=10)
    engine = load("numpy", frame.spec)
    rows, _ = engine.advance(frame.history.parameters(1), 10)
    assert dict(frame.values) == dict(engine.evaluate(rows[9][1:]))
    assert frame.given["w1"] == rows[9][1] and frame.given["x1"] == 0.5


def test_finite_differences_check_the_gradient_where_there_is_no_torch() -> None:
    frame = frame_of()
    assert frame.second_by == "finite differences"
    assert frame.second == gradients(frame.spec, frame.history.parameters(1))
    assert all(frame.agrees.values()) and set(frame.agrees) == set(frame.network.parameters)


@pytest.mark.parametrize("round_", [1, 10, 1000, 3000, 10_000])
def test_the_published_slip_lights_up_at_the_hidden_weights_and_only_there(round_: int) -> None:
    frame = frame_of("numpy-by-hand", round_)
    wrong = {p for p, agrees in frame.agrees.items() if not agrees}
    assert wrong == {"w1", "w2", "w3", "w4"}


@settings(max_examples=60, deadline=None)
@given(problems(gradient="chain rule"))
def test_the_right_rule_never_lights_up_beside_autograd(spec: Spec) -> None:
    frame = checked_by_torch(spec)
    assume(is_smooth(spec, {**frame.given, **frame.values}))
    assert frame.second_by == "torch"
    assert all(frame.agrees.values()), {p for p, agrees in frame.agrees.items() if not agrees}


def test_nothing_is_checked_while_torch_loads() -> None:
    frame = make_frame(Session.open(lessons.load("two-by-two")))
    assert (frame.second, frame.agrees) == ({}, {})


def test_the_floor_and_the_end_of_the_finite_numbers_are_in_the_frame() -> None:
    assert frame_of().floor == pytest.approx(0.00245)
    diverging = frame_of("random-weights", 700)
    assert diverging.floor == -inf
    assert diverging.left_finite is not None and 500 < diverging.left_finite <= 700


def test_every_part_has_its_quantities_and_every_quantity_a_part() -> None:
    network = frame_of("random-weights").network
    parts = [part for column in selection_columns(network) for part in column]
    found = [name for part in parts for name in quantities_of(network, part)]
    assert sorted(found) == sorted(frame_of("random-weights").values)


@pytest.mark.parametrize("name", ["two-by-two", "numpy-by-hand", "relu", "mse-loss"])
def test_a_derivation_with_numbers_gives_its_result(name: str) -> None:
    lesson = lessons.load(name)
    session = Session.open(lesson)
    for column in selection_columns(session.network):
        for part in column:
            for step in make_frame(session.select(part)).derivation:
                shown = step.numbers.replace("−", "-").replace("·", "*").replace("½", "0.5").replace("²", "**2")
                value = evaluate(shown)
                assert value == pytest.approx(float(step.result), abs=2e-5), step


def evaluate(text: str) -> float:
    """An arithmetic text's value, by Python's own parser over numbers and a few functions."""
    from math import exp

    assert re.fullmatch(r"[-+*/().,\d\se]*(exp|sigmoid|max|if|else|>|[-+*/().,\d\se])*", text), text
    names = {"exp": exp, "sigmoid": lambda z: 1 / (1 + exp(-z)), "max": max}
    return float(eval(compile(ast.parse(text, mode="eval"), "", "eval"), {"__builtins__": {}}, names))


def test_finite_differences_do_not_know_the_rule() -> None:
    frame = frame_of("numpy-by-hand")
    right = gradients(replace(frame.spec, gradient="chain rule"), frame.history.parameters(1))
    assert gradients(frame.spec, frame.history.parameters(1)) == right
