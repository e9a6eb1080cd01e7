"""Searches of sheets whose rounds use other samples."""

from dataclasses import replace

import numpy as np

from bptui.core.engines.engine import NumpyEngine
from bptui.core.formulas.expr import Name, Negative
from bptui.core.problem.initialisation import make_initial_state
from bptui.core.problem.spec import Spec
from bptui.explain.calculation.calculation import Calculation
from bptui.explain.calculation.changes import Change
from bptui.explain.calculation.figure import Figure
from tests.misprints import explain_figures

ONLINE = Spec.from_table(
    {
        "network": {
            "inputs": [[0.1, 0.9], [0.4, -0.3], [0.7, 0.2]],
            "targets": [[0.3], [0.7], [0.5]],
            "weights": [0.3, -0.2, 0.1, 0.4, 0.5, -0.6],
        },
        "training": {"batch": "one at a time"},
    }
)


def print_values(spec: Spec, wanted: dict[int, list[str]]) -> list[Figure]:
    engine, state, found = NumpyEngine(spec), make_initial_state(spec), []
    for round_ in range(1, max(wanted) + 1):
        values = engine.evaluate(state, round_)
        found += [Figure(ONLINE, round_, name, f"{values[name]:.9g}") for name in wanted.get(round_, ())]
        state = np.array([values[f"new_{part}"] for part in spec.network.state])
    return found


def test_a_sheet_of_rounds_with_other_samples_is_searched_to_the_end() -> None:
    right = print_values(ONLINE, {1: ["o1_s1", "E"], 2: ["o1_s2", "E_s2", "dE_dw1"], 3: ["o1_s3", "new_w5"]})
    assert explain_figures(right).groups == () and explain_figures(right).left == ()
    wrong = {(1, "E"): "-0.0159543", (2, "E_s2"): "0.0223", (3, "o1_s3"): "0.476"}
    sheet = [replace(one, printed=wrong.get((one.round, one.name), one.printed)) for one in right]
    explanation = explain_figures(sheet, 1)
    explained = {place for group in explanation.groups for place in group.best.resolved}
    assert explained | set(explanation.left) == {place for place, one in enumerate(sheet) if one != right[place]}


def test_a_rule_is_found_in_rounds_with_other_samples() -> None:
    other = replace(ONLINE, gradient="updated weights")
    sheet = print_values(other, {1: ["dE_dw1", "new_w1"], 2: ["dE_dw1_s2", "dE_dw3", "new_w3"], 3: ["o1_s3"]})
    (group,) = explain_figures(sheet, 1).groups
    assert [change.name for change in group.best.changes] == ['gradient rule "updated weights"']


def test_an_edit_that_no_round_of_the_period_can_make_is_impossible() -> None:
    cycle = Change("formula", "", "", edits=(("in_o1_s2", Name("o1_s2")),))
    other = Change("formula", "", "", edits=(("E", Negative(Name("E_s1"))),))
    assert not Calculation(ONLINE, (cycle,)).is_possible and not Calculation(ONLINE, (other,)).is_possible
    right = Change("formula", "", "", edits=(("h1_s3", Negative(Name("in_h1_s3"))),))
    assert Calculation(ONLINE, (right,)).is_possible
