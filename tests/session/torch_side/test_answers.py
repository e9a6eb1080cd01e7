"""Answers of torch's process: the shape that its question asks for, or a reason why it is none."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.core.engines.engine import make_engine
from bptui.core.problem.initialisation import make_initial_state
from bptui.core.problem.spec import Spec
from bptui.lessons.lesson import load_lesson
from bptui.session import worker
from bptui.session.torch_side.answers import read_answer
from bptui.session.torch_side.process import TorchQuestion
from bptui.system.process import Unavailable
from tests.effort import examples
from tests.strategies import problems
from tests.torches import needs_torch

SPEC = load_lesson("two-by-two").spec
START = list(SPEC.weights)
QUESTION = TorchQuestion(SPEC.to_table(), 1, 2, START, own=START, check=START)


@pytest.fixture
def right(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A right answer, computed without torch."""
    monkeypatch.setattr(worker, "_load_engine", lambda *_: make_engine("numpy", SPEC))
    (found,) = worker.answer_question(vars(QUESTION))
    answer: dict[str, Any] = json.loads(json.dumps(found))
    return answer


def test_a_right_answer_is_taken_as_it_is(right: dict[str, Any]) -> None:
    answer = read_answer(vars(QUESTION), right)
    assert answer == right
    assert read_answer(vars(QUESTION), {**right, "own": {**right["own"], "E": float("nan")}})["own"]


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("own", [1, 2, 3], r'"own" must be a number for each quantity, not \[1, 2, 3\]'),
        ("own", None, "not nothing"),
        ("check", {}, '"check" has no in_h1'),
        ("check", {"dE_dw1": "y"}, "a number for each quantity"),
        ("check", {"E": True}, "a number for each quantity"),
        ("check", {"E": 10**400}, "a number for each quantity"),
        ("rows", None, "a row for 2 rounds, not nothing"),
        ("rows", [[0.0] * 9], "a row for 2 rounds"),
        ("rows", [[0.0] * 9, [0.0] * 8], '"rows" must be 9 numbers'),
        ("rows", [[0.0] * 9, [None] * 9], '"rows" must be 9 numbers'),
        ("rows", {"0": 1}, "a row for 2 rounds"),
        ("after", [], "8 numbers"),
        ("after", ["x" * 10_000] * 8, "8 numbers, not .{1,60}$"),
        ("state", 7, "8 numbers, not 7"),
    ],
)
def test_what_is_wrong_with_an_answer_is_said(right: dict[str, Any], key: str, value: object, reason: str) -> None:
    for answer in ({**right, key: value}, {**({} if value is None else {key: value})}):
        with pytest.raises(Unavailable, match="its process sent an invalid answer: "):
            read_answer(vars(QUESTION), answer)
    with pytest.raises(Unavailable, match=reason):
        read_answer(vars(QUESTION), {**right, key: value})


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=9) | st.dictionaries(st.sampled_from(["E", "h1", "x"]), inner),
    max_leaves=20,
)


@examples(100)
@given(st.dictionaries(st.sampled_from(["rows", "after", "own", "check", "state", "other"]), JSON))
def test_any_json_is_an_answer_or_refused(found: dict[str, Any]) -> None:
    with pytest.raises(Unavailable):
        read_answer(vars(QUESTION), found)


@needs_torch
@examples(25)
@given(problems())
def test_all_that_torch_answers_is_an_answer(spec: Spec) -> None:
    """Whatever the network, rule, optimiser and samples; also far behind, from a state that was kept."""
    engine = make_engine("torch", spec)
    start = [float(number) for number in make_initial_state(spec)]
    question = TorchQuestion(spec.to_table(), 3, 2, start, own=start, check=start, lead=2)
    (found,) = worker.answer_question(vars(question))
    answer = read_answer(vars(question), json.loads(json.dumps(found)))
    state = engine.advance(np.array(start), 2, 1)[1]
    np.testing.assert_array_equal(answer["state"], state)
    for name, value in engine.evaluate(state, 3).items():
        np.testing.assert_equal(answer["own"][name], float(value))
