"""What is said of runs whose rounds use other samples: it is about all samples, and says so."""

import re
from dataclasses import replace
from itertools import pairwise
from math import isfinite

import pytest

from bptui.compare.summary import Summary, summarise_run
from bptui.compare.table import has_common_loss
from bptui.core.engines.engine import NumpyEngine
from bptui.core.problem.spec import Spec
from bptui.core.training.all_samples import evaluate_all_samples
from bptui.core.training.run import Run
from bptui.core.training.run_facts import summarise_course

ONLINE = Spec.from_table(
    {
        "network": {
            "inputs": [[1, 0.5], [0.5, 1], [-1, 0.3], [0.2, -0.8]],
            "targets": [[0.3], [0.7], [0.9], [0.1]],
            "weights": [-0.5, 0.2, -0.5, 0.4, 0.5, -0.6],
            "activation": {"hidden": "relu", "output": "identity"},
        },
        "training": {"batch": "one at a time", "step": 1.3},
    }
)


def told(spec: Spec, rounds: int) -> Summary:
    return summarise_run(spec, rounds)


@pytest.mark.parametrize("rounds", [2, 3, 5, 40])
def test_the_loss_of_a_sentence_and_of_a_table_is_that_of_all_samples(rounds: int) -> None:
    spec = replace(ONLINE, step=0.01)
    run = Run(NumpyEngine(spec))
    run.train_to(rounds)
    whole = float(evaluate_all_samples(spec, run.state(rounds), rounds)["E"])
    summary = told(spec, rounds)
    assert summary["at"][-1]["loss"] == pytest.approx(whole) and run.loss(rounds) != pytest.approx(whole)
    assert "E over all samples" in summary["said"] and f"{whole:.4g}" in summary["said"]
    assert not summary["said"].startswith("One round")


def test_rises_and_falls_are_counted_from_one_pass_over_the_samples_to_the_next() -> None:
    said = told(ONLINE, 400)["said"]
    found = re.search(r"from round (\d+) to round 400, compared every 4 rounds, E over all samples rose (\d+)", said)
    assert found and found[1] == "300"
    run = Run(NumpyEngine(ONLINE))
    run.train_to(400)
    course = summarise_course(run, 400)
    whole = [float(evaluate_all_samples(ONLINE, run.state(r), r)["E"]) for r in range(300, 401, 4)]
    assert course.steps == 25 and all(map(isfinite, whole))
    assert int(found[2]) == course.rises == sum(b - a > 1e-5 * abs(a) for a, b in pairwise(whole))


def test_a_mean_over_samples_is_not_the_common_measure() -> None:
    assert has_common_loss(ONLINE) and not has_common_loss(replace(ONLINE, over_samples="mean"))
    one = replace(ONLINE, inputs=((1.0, 0.5),), targets=((0.3,),), over_samples="mean")
    assert has_common_loss(one)
