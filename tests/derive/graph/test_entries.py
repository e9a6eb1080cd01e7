"""The tree of a computation graph: every printed line is true, and no number is the round's where a rule departs."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.core.formulas.network import CHAIN_RULE, Network
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.spec import Spec
from bptui.core.quantities.computation_graph import list_graph
from bptui.derive.graph.entries import GraphEntry, describe_departures, list_entries
from bptui.derive.notations import ASCII
from bptui.derive.worked import Working
from tests.core.quantities.test_computation_graph import SHAPES, networks, round_of
from tests.derive.test_worked import SOFT, is_true
from tests.derive.test_worked import round_of as round_of_spec
from tests.effort import examples
from tests.strategies import network_of, problem, rounded_or_not


def entries_of(network: Network, to: str = "", digits: int = 6) -> tuple[GraphEntry, ...]:
    return list_entries(Working(network, round_of(network), form=ASCII, digits=digits), 0, to)


def check_lines(entries: tuple[GraphEntry, ...], digits: int, single: bool = False) -> None:
    """Whether each line's printed numbers give its printed result, or the line says that they do not."""
    for entry in entries:
        for _, line in entry.lines:
            assert "nan" in line.numbers or is_true(line, digits) == line.holds, line
            assert line.holds or single or SOFT.match(line.numbers), line


@examples(60)
@given(networks(), st.sampled_from((3, 6, 17)))
def test_printed_numbers_give_the_printed_result_at_any_depth(network: Network, digits: int) -> None:
    check_lines(entries_of(network, digits=digits), digits)


def test_a_number_that_arrives_as_it_is_holds_in_float32_too() -> None:
    """Its line is the number alone, whatever digits the formula behind it would need."""
    network = {"inputs": [0, 1, 0], "targets": [0.625, 1], "hidden": 0, "weights": [0, 0, 0, 1, 0, 0]}
    training = {"loss": "cross entropy", "precision": "float32", "step": 1.0, "rounds": 3}
    spec = Spec.from_table({"network": {**network, "activation": {"output": "softmax"}}, "training": training})
    check_lines(list_entries(Working(spec.network, round_of_spec(spec), form=ASCII), 0), 6, single=True)


@examples(60)
@given(rounded_or_not)
def test_printed_numbers_give_the_printed_result_for_any_problem(spec: Spec) -> None:
    working = Working(spec.network, round_of_spec(spec), form=ASCII)
    check_lines(list_entries(working, 0), 6, spec.precision == "float32")


@pytest.mark.parametrize("sizes", SHAPES)
def test_each_node_is_worked_out_once_where_it_first_stands(sizes: tuple[int, ...]) -> None:
    network = network_of(*sizes, biases=True)
    entries = entries_of(network)
    first = [entry.name for entry in entries if not entry.again]
    assert sorted(first) == sorted(node.name for node in list_graph(network))
    assert all(bool(entry.arrives) != entry.again for entry in entries[1:])
    assert len(entries) == 1 + sum(len(node.edges) for node in list_graph(network))
    seen: set[str] = set()
    for entry in entries:
        assert entry.again == (entry.name in seen)
        seen.add(entry.name)


def test_the_way_to_a_weight_ends_at_it() -> None:
    entries = entries_of(network_of(2, 2, 2), "w1")
    assert [(entry.level, entry.name) for entry in entries] == [
        *enumerate(["E", "o1", "in_o1", "h1", "in_h1", "w1"]),
        *enumerate(["o2", "in_o2", "h1"], 1),
    ]
    arrives = entries[3].arrives
    assert arrives and arrives.letters == "dE_din_o1*din_o1_dh1 + dE_din_o2*din_o2_dh1"


@pytest.mark.parametrize("rule", RULES)
def test_where_a_rule_departs_the_rounds_own_number_stands_beside_the_chain_rules(rule: str) -> None:
    outputs = ["softmax" if "softmax" in RULES[rule].about else "sigmoid"] * 2
    network = network_of(2, 2, 2, activations=["sigmoid"] * 2 + outputs, rule=rule)
    right, entries = entries_of(replace(network, rule=CHAIN_RULE)), entries_of(network)
    assert [entry.arrives for entry in entries] == [entry.arrives for entry in right]
    working = Working(network, round_of(network), form=ASCII)
    own = {entry.own[0]: entry.own[1] for entry in entries if entry.own}
    assert all(value == working.value(name) for name, value in own.items())
    differing = {
        node.quantity
        for node, entry in ((node, entry) for entry in right for node in list_graph(network) if node.name == entry.name)
        if node.quantity and entry.arrives and entry.arrives.result != working.value(node.quantity)
    }
    assert differing <= set(own) and bool(own) == (rule != CHAIN_RULE)
    assert (rule in describe_departures(network, entries)) == (rule != CHAIN_RULE)


def test_rounding_in_the_round_is_said() -> None:
    spec = problem(rounding="3 digits")
    entries = list_entries(Working(spec.network, round_of_spec(spec), form=ASCII), 0)
    assert "rounds nothing" in describe_departures(spec.network, entries)
    assert {entry.own[0] for entry in entries if entry.own} >= {"delta_o1", "dE_dw1"}


def test_what_is_not_calculated_yet_has_no_numbers() -> None:
    network = network_of(2, 2, 2)
    given_ = {name: value for name, value in round_of(network).items() if name in network.given}
    entries = list_entries(Working(network, given_), 0)
    assert {entry.name for entry in entries if entry.value} == set(network.parameters)
    assert not any(entry.arrives and entry.arrives.result for entry in entries)
