"""A summary: everything about a training as plain data that survives a journey as JSON."""

import json
from dataclasses import replace

import pytest
from hypothesis import given

from bptui.compare.summary import summarise_run
from bptui.core.engines.engine import NumpyEngine
from bptui.core.problem.spec import Spec
from bptui.core.training.run import Run
from bptui.core.training.run_facts import compute_half_squares
from bptui.lessons.lesson import load_lesson
from tests.effort import examples
from tests.strategies import problem, problems


@examples(40)
@given(problems())
def test_it_is_the_same_after_a_journey_as_json(spec: Spec) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bptui.core.training.convergence._MOST", 64)
        found = summarise_run(spec, 15, at=(3, 99))
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert [at["round"] for at in found["at"]] == [1, 3, 10, 15]


def test_numbers_that_are_not_finite_are_words() -> None:
    spec = replace(problem(activation="identity"), step=1e200)
    found = summarise_run(spec, 5)
    assert found["verdict"] == "diverged" and found["lost"] and found["at"][-1]["loss"] in ("nan", "inf")


def test_its_numbers_are_those_of_the_run() -> None:
    spec = load_lesson("step-size").spec
    run = Run(NumpyEngine(spec))
    found = summarise_run(spec, 100, run=run)
    assert [at["loss"] for at in found["at"]] == [run.loss(round_) for round_ in (1, 10, 100)]
    assert found["at"][2]["half_squared_error"] == float(compute_half_squares(spec, run.values(100)))
    assert [within["round"] for within in found["within"]] == [2942, 26407] and found["of_floor"]
    assert found["floor"] == spec.floor and found["said"].startswith("Still falling: E fell from")
