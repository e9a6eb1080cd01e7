"""Steps: a round as on paper, line by line, in an order in which each line uses only what is there."""

from dataclasses import replace

import pytest

from bptui.core.formulas.backprop import list_formulas
from bptui.core.formulas.expr import Name, Number, find_names, product
from bptui.core.formulas.network import Network
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.spec import Spec
from bptui.explain.calculation.steps import (
    edit_steps,
    list_calculated,
    list_departures,
    list_steps,
    write_out,
)
from tests.effort import each_once
from tests.strategies import BIASES, SIZES, problem

NETWORK = problem(biases="per neuron").network


def is_in_order(network: Network, names: list[str], operands: list[tuple[str, ...]]) -> bool:
    """Whether each line uses only given numbers and lines before it."""
    return not any(used in names[at:] for at, used_here in enumerate(operands) for used in used_here) and len(
        set(names)
    ) == len(names)


@each_once(size=SIZES, biases=BIASES, rule=tuple(RULES), rounding=("none", "3 digits"))
def test_each_step_uses_only_what_is_given_or_calculated_before_it(
    size: tuple[int, int, int], biases: str, rule: str, rounding: str
) -> None:
    network = replace(problem(size, biases=biases), gradient=rule, rounding=rounding).network
    steps = list_steps(network)
    assert is_in_order(network, [s.name for s in steps], [s.operands for s in steps])
    assert {f.name for f in list_formulas(network)} <= {s.name for s in steps}


def test_factors_of_a_delta_shares_of_the_loss_and_what_an_update_adds_are_steps() -> None:
    names = [step.name for step in list_steps(NETWORK)]
    for parts, whole in (
        (("dE_do1", "do1_din_o1"), "delta_o1"),
        (("dE_dh1", "dh1_din_h1"), "delta_h1"),
        (("E_o1", "E_o2"), "E"),
        (("change_w1",), "new_w1"),
        (("change_b_h2",), "new_b_h2"),
    ):
        assert all(names.index(part) < names.index(whole) for part in parts)
        step = next(step for step in list_steps(NETWORK) if step.name == whole)
        assert set(parts) <= set(step.operands)


def test_results_rounded_on_the_way_leave_the_quantities_alone_as_steps() -> None:
    rounded = replace(problem(biases="per neuron"), rounding="3 digits").network
    assert [step.name for step in list_steps(rounded)] == [formula.name for formula in list_formulas(rounded)]


def test_an_edited_step_stands_after_everything_that_it_now_uses() -> None:
    steps = edit_steps(list_steps(NETWORK), {"dE_dh1": product(Name("delta_o1"), Name("new_w5"))})
    assert is_in_order(NETWORK, [s.name for s in steps], [s.operands for s in steps])
    assert {s.name for s in steps} == {s.name for s in list_steps(NETWORK)}
    assert list_steps(NETWORK) == edit_steps(list_steps(NETWORK), {})


def test_a_step_is_written_out_down_to_the_names_that_are_kept_whole() -> None:
    steps = list_steps(NETWORK)
    delta = next(step for step in steps if step.name == "delta_h1")
    assert set(write_out(delta, steps, {"dE_dh1", "dh1_din_h1"}).operands) == {"dE_dh1", "dh1_din_h1"}
    quantities = {f.name for f in list_formulas(NETWORK)}
    assert write_out(delta, steps, quantities).expr == next(
        f.expr for f in list_formulas(NETWORK) if f.name == "delta_h1"
    )
    half = write_out(delta, steps, quantities | {"dh1_din_h1"})
    assert {"delta_o1", "delta_o2", "dh1_din_h1"} <= set(half.operands)
    assert not {"dE_dh1"} & set(half.operands)


def test_values_are_ordered_as_they_are_calculated_names_of_a_step_among_them() -> None:
    for spec in (problem((1, 1, 1)), problem(biases="shared")):
        order = list_calculated(spec.network)
        assert len(set(order)) == len(order)
        steps = {step.name for step in list_steps(spec.network)}
        assert steps <= set(order)
        for first, later in (("in_h1", "h1"), ("h1", "o1"), ("o1", "E"), ("delta_o1", "dE_dh1"), ("dE_dw1", "new_w1")):
            assert order.index(first) < order.index(later)


@pytest.mark.parametrize("name", RULES)
def test_a_rule_departs_from_the_chain_rule_in_the_steps_that_it_calculates_differently(name: str) -> None:
    spec: Spec = replace(problem(activation="softmax" if "softmax" in RULES[name].about else "sigmoid"), gradient=name)
    departures = list_departures(spec.network)
    assert bool(departures) == (name != "chain rule")
    right = {step.name: step for step in list_steps(replace(spec, gradient="chain rule").network)}
    steps = {step.name: step for step in list_steps(spec.network)}
    assert all(steps[one].expr == right[one].expr for one in steps if one not in departures and one in right)


def test_a_step_computes_by_its_own_formula_what_it_computes_from_its_parts() -> None:
    delta = next(step for step in list_steps(NETWORK) if step.name == "delta_o1")
    assert delta.own is not None
    values = dict.fromkeys((*delta.operands, *find_names(delta.own)), 0.3)
    values |= {"dE_do1": 0.5, "do1_din_o1": 0.25}
    assert delta.compute(values) == 0.125
    assert delta.without_own.own is None
    assert delta.without_own.compute_own(values) == 0.125
    plain = next(step for step in list_steps(NETWORK) if step.name == "in_h1")
    assert plain.without_own is plain
    assert Number(1.0) not in (plain.expr,)
