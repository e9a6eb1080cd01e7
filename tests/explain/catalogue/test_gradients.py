"""Gradients that add up, and transposed ones."""

from dataclasses import replace

import pytest

from bptui.explain.calculation.figure import Figure
from bptui.explain.calculation.torch_values import TorchValues
from bptui.explain.catalogue.gradients import list_kept_gradients, list_transposed
from bptui.explain.search.evidence import Evidence
from tests.strategies import problem


def test_kept_gradients_are_those_of_all_rounds_together_at_the_weights_they_lead_to() -> None:
    spec = problem()
    evidence = Evidence([Figure(spec, 1, "E", "0")], TorchValues())
    kept = next(iter(list_kept_gradients(spec)))
    first, second = (evidence.values_in_round(round_, (kept,)) for round_ in (1, 2))
    assert first["dE_dw1"] == evidence.values_in_round(1)["dE_dw1"]
    own = second["delta_h1"] * spec.inputs[0][0]
    assert abs(second["dE_dw1"] - (first["dE_dw1"] + own)) < 1e-15
    assert abs(second["new_w1"] - (first["new_w1"] - spec.step * second["dE_dw1"])) < 1e-15


def test_each_parameter_may_be_the_only_one_whose_gradient_is_kept_or_is_not() -> None:
    names = [change.name for change in list_kept_gradients(problem())]
    assert names[0] == "gradients kept" and "gradients kept of w8" in names and "gradients kept of all but w8" in names
    assert not any("all but" in change.name for change in list_kept_gradients(problem((4, 4, 4))))
    frozen = problem(biases="frozen")
    assert not any("b_" in change.name for change in list_kept_gradients(frozen))


def test_only_a_square_matrix_can_be_transposed() -> None:
    assert list(list_transposed(problem((1, 2, 1)))) == []
    assert {change.name for change in list_transposed(problem((3, 3, 2)))} == {
        "gradients transposed into the hidden layer",
        "gradients transposed into the hidden layer in the update",
        "gradients transposed into the hidden layer where it is printed, and not in the update",
    }


def test_a_matrix_that_is_transposed_has_each_gradient_in_the_place_of_another() -> None:
    spec = replace(problem(), optimiser="momentum")
    evidence = Evidence([Figure(spec, 1, "E", "0")], TorchValues())
    right = evidence.values_in_round(1)
    everywhere, in_update, in_print = (evidence.values_in_round(1, (one,)) for one in list(list_transposed(spec))[:3])
    for values, name in ((everywhere, "dE_d"), (in_print, "dE_d"), (everywhere, "new_v_"), (in_update, "new_v_")):
        assert values[f"{name}w2"] == pytest.approx(right[f"{name}w3"], rel=1e-14)
    assert everywhere["dE_dw1"] == pytest.approx(right["dE_dw1"], rel=1e-14)
    assert in_update["dE_dw2"] == right["dE_dw2"] and in_print["new_w2"] == pytest.approx(right["new_w2"], rel=1e-14)
