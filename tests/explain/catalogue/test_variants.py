"""Variants: wrong ways to write a formula, each of them another formula, with what was done in words."""

from dataclasses import replace

import pytest

from bptui.core.formulas.expr import Expr, Name, find_names
from bptui.core.problem.spec import Spec
from bptui.explain.calculation.steps import Step, list_steps
from bptui.explain.catalogue.variants import (
    list_added_updates,
    list_derivatives,
    list_left_updates,
    list_missing_paths,
    list_variants,
)
from tests.strategies import BIASES, SIZES, problem
from tests.tables import over

SPEC = problem(biases="per neuron")
STEPS = {step.name: step for step in list_steps(SPEC.network)}


def variants(name: str) -> dict[str, Expr]:
    found = {}
    for change in list_variants(SPEC.network, STEPS[name]):
        ((step, expr),) = change.edits
        assert step == name
        found[change.name.partition(": ")[2]] = expr
    return found


@over(size=SIZES, biases=BIASES)
def test_no_variant_of_a_step_is_the_step_itself_or_another_one(size: tuple[int, int, int], biases: str) -> None:
    network = problem(size, biases=biases).network
    known = {*network.inputs, *network.targets, "eta", *network.state, *(s.name for s in list_steps(network))}
    for step in list_steps(network):
        exprs = [dict(change.edits)[step.name] for change in list_variants(network, step)]
        assert step.expr not in exprs
        assert len(set(exprs)) == len(exprs)
        assert {name for expr in exprs for name in find_names(expr)} <= known


@pytest.mark.parametrize(
    ("step", "what"),
    [
        ("in_h1", "with x2 in place of x1"),
        ("in_h1", "with w3 in place of w1"),
        ("in_h1", "without b_h1"),
        ("in_o1", "with h2 in place of h1"),
        ("in_o1", "with the sign of b_o1 reversed"),
        ("dE_do1", "with o1 in place of y1"),
        ("dE_do1", "with y2 in place of y1"),
        ("delta_h1", "with the sign reversed"),
        ("delta_o1", "twice as large"),
        ("dE_dw5", "half as large"),
    ],
)
def test_what_is_usually_mistaken_in_a_step_is_among_its_variants(step: str, what: str) -> None:
    assert any(name.startswith(what) for name in variants(step)), list(variants(step))


def test_a_term_that_is_left_out_comes_before_a_number_that_may_be_0_in_its_place() -> None:
    names = list(variants("in_h1"))
    without = [place for place, name in enumerate(names) if name.startswith("without")]
    taken = [place for place, name in enumerate(names) if "in place of" in name]
    assert max(without) < min(taken)


def test_a_factor_is_left_out_or_taken_twice() -> None:
    exprs = [expr for name, expr in variants("dE_dw5").items() if "factor" in name]
    found = [Step("dE_dw5", expr).compute({"delta_o1": 3.0, "h1": 5.0}) for expr in exprs]
    assert sorted(found) == [3.0, 5.0, 45.0, 75.0]


def test_derivatives_are_taken_at_the_output_or_reflected_in_all_layers_or_in_one() -> None:
    names = [change.name for change in list_derivatives(SPEC)]
    for where in ("all neurons", "the hidden neurons", "the outputs"):
        assert {f"derivative at the output: {where}", f"derivative σ(z)·σ(1 − z): {where}"} <= set(names)
    relu = [change.name for change in list_derivatives(problem(activation="relu"))]
    assert not any("σ" in name for name in relu)
    assert not any("σ" in change.name for change in list_derivatives(problem(activation="identity")))


def test_an_update_is_added_for_all_parameters_that_move_into_a_layer() -> None:
    options = {change.name: dict(change.edits) for change in list_added_updates(SPEC)}
    hidden = {f"change_w{n}" for n in range(1, 5)} | {"change_b_h1", "change_b_h2"}
    outputs = {f"change_w{n}" for n in range(5, 9)} | {"change_b_o1", "change_b_o2"}
    assert set(options["update added: the hidden neurons"]) == hidden
    assert set(options["update added: the outputs"]) == outputs
    assert set(options["update added: all neurons"]) == hidden | outputs
    frozen = {change.name: dict(change.edits) for change in list_added_updates(problem(biases="frozen"))}
    assert not any("_b_" in name for name in frozen["update added: all neurons"])


def test_an_update_is_left_out_of_the_weights_or_the_biases_of_one_layer_if_another_layer_has_some() -> None:
    options = {change.name: set(dict(change.edits)) for change in list_left_updates(SPEC)}
    assert options == {
        "the weights into the hidden layer not updated": {f"new_w{n}" for n in range(1, 5)},
        "the weights into the output layer not updated": {f"new_w{n}" for n in range(5, 9)},
        "the biases of the hidden layer not updated": {"new_b_h1", "new_b_h2"},
        "the biases of the output layer not updated": {"new_b_o1", "new_b_o2"},
    }
    assert not list(list_left_updates(problem((2, 0, 2), biases="per neuron")))
    assert len(list(list_left_updates(problem(biases="frozen")))) == 2


def test_a_path_back_from_one_output_is_left_out_for_the_whole_layer() -> None:
    options = {change.name: dict(change.edits) for change in list_missing_paths(SPEC)}
    assert set(options) == {"path through o1 left out", "path through o2 left out"}
    for edits in options.values():
        assert set(edits) == {"dE_dh1", "dE_dh2"}
    left = options["path through o1 left out"]["dE_dh1"]
    assert set(find_names(left)) == {"w6", "delta_o2"}
    assert not list(list_missing_paths(problem((2, 2, 1))))


@pytest.mark.parametrize("rows", [list_derivatives, list_added_updates, list_left_updates, list_missing_paths])
def test_with_results_rounded_on_the_way_there_are_no_steps_to_edit(rows: object) -> None:
    rounded: Spec = replace(SPEC, rounding="3 digits")
    assert callable(rows) and not list(rows(rounded))


def test_a_step_that_only_renames_another_has_its_sign_turned_or_another_taken_for_it() -> None:
    step = Step("o1", Name("in_o1"))
    names = [change.name for change in list_variants(problem(activation="identity").network, step)]
    assert "o1: with the sign reversed" in names and "o1: with in_o2 in place of in_o1" in names
