"""Parts: every quantity belongs to one, and each has its words."""

import pytest

from bptui import lessons
from bptui.core.derivation import derivations
from bptui.core.formulas import formulas
from bptui.core.network import Network
from bptui.parts import in_words, part_of, quantities_by_part, selection_columns

LESSONS = ("two-by-two", "random-weights", "cross-entropy")


def network_of(name: str) -> Network:
    return lessons.load(name).spec.network


@pytest.mark.parametrize("name", LESSONS)
def test_every_part_has_its_quantities_and_every_quantity_a_part(name: str) -> None:
    network = network_of(name)
    by_part = quantities_by_part(network)
    assert [part for column in selection_columns(network) for part in column] == list(by_part)
    quantities = [f.name for f in formulas(network)]
    assert sorted(q for names in by_part.values() for q in names) == sorted(quantities)
    assert all(q in by_part[part_of(network, q)] for q in quantities)


def test_a_weight_has_gradient_and_update_and_a_neuron_input_output_and_delta() -> None:
    by_part = quantities_by_part(network_of("two-by-two"))
    assert (by_part["w1"], by_part["h1"]) == (("dE_dw1", "new_w1"), ("in_h1", "h1", "delta_h1"))
    assert (by_part["x1"], by_part["E"]) == ((), ("E",))


def test_the_parts_of_the_loss_belong_to_it() -> None:
    assert quantities_by_part(network_of("cross-entropy"))["E"] == ("log_sum_exp", "softmax_o1", "softmax_o2", "E")


@pytest.mark.parametrize("name", LESSONS)
def test_every_name_on_a_page_has_its_words(name: str) -> None:
    network = network_of(name)
    names = {*derivations(network), *network.inputs, *network.targets, *network.parameters, "eta"}
    words = {name: in_words(network, name) for name in names}
    assert words["w1"] == "the weight from x1 to h1" and words["dE_dw5"].startswith("the gradient of w5")
    assert words["din_o1_dh1"] == "the derivative of in_o1 by h1"
    assert words["in_h2"] == "the weighted input of hidden neuron h2"
