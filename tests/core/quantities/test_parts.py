"""Parts: every quantity belongs to one, and each has its words."""

from dataclasses import replace

import pytest

from bptui.core.formulas.backprop import list_formulas
from bptui.core.formulas.network import Network
from bptui.core.quantities.chain_rule import find_derivations
from bptui.core.quantities.parts import describe, find_part, group_printable, group_quantities, list_selection_columns
from bptui.core.quantities.printable import list_printable
from bptui.lessons.lesson import load_lesson

LESSONS = ("two-by-two", "random-weights", "cross-entropy")


def network_of(name: str) -> Network:
    return load_lesson(name).spec.network


@pytest.mark.parametrize("name", LESSONS)
def test_every_part_has_its_quantities_and_every_quantity_a_part(name: str) -> None:
    network = network_of(name)
    by_part = group_quantities(network)
    assert [part for column in list_selection_columns(network) for part in column] == list(by_part)
    quantities = [f.name for f in list_formulas(network)]
    assert sorted(q for names in by_part.values() for q in names) == sorted(quantities)
    assert all(q in by_part[find_part(network, q)] for q in quantities)


def test_a_weight_has_gradient_and_update_and_a_neuron_input_output_and_delta() -> None:
    by_part = group_quantities(network_of("two-by-two"))
    assert (by_part["w1"], by_part["h1"]) == (("dE_dw1", "new_w1"), ("in_h1", "h1", "delta_h1"))
    assert (by_part["x1"], by_part["E"]) == ((), ("E",))


def test_the_parts_of_the_loss_belong_to_it() -> None:
    assert group_quantities(network_of("cross-entropy"))["E"] == ("log_sum_exp", "softmax_o1", "softmax_o2", "E")


@pytest.mark.parametrize("name", LESSONS)
def test_every_name_on_a_page_has_its_words(name: str) -> None:
    network = network_of(name)
    names = {*find_derivations(network), *network.inputs, *network.targets, *network.parameters, "eta"}
    words = {name: describe(network, name) for name in names}
    assert words["w1"] == "weight from x1 to h1" and words["dE_dw5"].startswith("gradient of w5")
    assert words["din_o1_dh1"] == "derivative of in_o1 with respect to h1"
    assert words["in_h2"] == "weighted input of hidden neuron h2"


@pytest.mark.parametrize("name", LESSONS)
def test_everything_that_may_be_printed_has_its_words(name: str) -> None:
    network = network_of(name)
    assert all(describe(network, name) for name in list_printable(network))


def test_what_books_print_between_the_quantities_is_said_in_words() -> None:
    network = network_of("mazur-2015")
    assert describe(network, "E_o1") == "o1's share of the loss"
    assert describe(network, "dE_dh1") == "derivative of E with respect to h1"
    assert describe(network, "change_w1") == "how much the update changes w1"
    assert describe(network, "change_b_h1") == "how much the update changes b_h1 (0: biases are frozen)"


@pytest.mark.parametrize(
    ("rule", "deltas"),
    [
        ("chain rule", []),
        ("updated weights", ["delta_h1", "delta_h2"]),
        ("first derivative for all", ["delta_h2"]),
        ("output derivative forgotten", ["delta_o1", "delta_o2"]),
        ("sign wrong", ["delta_o1", "delta_o2"]),
        ("as published", ["delta_h1", "delta_h2"]),
    ],
)
def test_a_delta_is_said_to_be_by_another_rule_exactly_where_its_formula_is_another(
    rule: str, deltas: list[str]
) -> None:
    network = replace(network_of("two-by-two"), rule=rule)
    named = [f.name for f in list_formulas(network) if f'(rule "{rule}")' in describe(network, f.name)]
    assert named == deltas


@pytest.mark.parametrize("name", [*LESSONS, "mazur-2015"])
def test_all_that_may_be_printed_belongs_to_a_part(name: str) -> None:
    network = network_of(name)
    by_part = group_printable(network)
    assert sorted(n for names in by_part.values() for n in names) == sorted(list_printable(network))
    owners = {n: find_part(network, n) for n in ("E_o1", "dE_dh1", "change_w1", "do1_din_o1", "din_h1_dw1", "dE_do2")}
    assert list(owners.values()) == ["o1", "h1", "w1", "o1", "w1", "o2"]
    assert find_part(network, "din_o1_dh1") == network.weight("h1", "o1")
