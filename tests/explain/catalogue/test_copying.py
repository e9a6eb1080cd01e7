"""Copying: given numbers taken for each other, or read in another order, and never lost or changed."""

from dataclasses import replace
from itertools import chain

import pytest

from bptui.core.problem.spec import Spec
from bptui.explain.calculation.changes import apply_changes
from bptui.explain.catalogue.copying import flatten_setting, list_orders, list_swaps
from tests.strategies import problem

SPEC = replace(problem((3, 2, 2), biases="per neuron"), biases_hidden=(0.1, 0.2), biases_output=(0.3, 0.4))


def given_numbers(spec: Spec) -> list[float]:
    return sorted(chain(*spec.inputs, *spec.targets, spec.weights, *spec.biases))


def test_two_numbers_are_swapped_with_those_of_their_kind_and_gap_only() -> None:
    options = list(list_swaps(SPEC))
    assert len(options) == 3 + 1 + 15 + 6
    for change in options:
        after = apply_changes(SPEC, [change])
        assert given_numbers(after) == given_numbers(SPEC)
        ((setting, _),) = change.settings
        before, now = flatten_setting(SPEC, setting), flatten_setting(after, setting)
        assert sum(a != b for a, b in zip(now, before, strict=True)) == 2
    names = {change.name for change in options}
    assert {"x1 and x3 swapped", "y1 and y2 swapped", "w1 and w6 swapped", "w7 and w10 swapped"} <= names
    assert "w6 and w7 swapped" not in names


def test_equal_numbers_are_not_swapped_nor_numbers_that_nobody_gave() -> None:
    assert "x1 and x2 swapped" not in {c.name for c in list_swaps(replace(SPEC, inputs=((0.5, 0.5, 0.2),)))}
    drawn = Spec.from_table({"network": {"inputs": [0.1, 0.2], "targets": [0.3, 0.4], "init": {"kind": "normal"}}})
    assert {change.name for change in list_swaps(drawn)} == {"x1 and x2 swapped", "y1 and y2 swapped"}
    assert not list(list_orders(drawn))


@pytest.mark.parametrize("neuron", ["h1", "h2", "o1", "o2"])
def test_the_numbers_of_a_neuron_are_read_in_another_order(neuron: str) -> None:
    first, last = [change for change in list_orders(SPEC) if change.name.startswith(f"{neuron}:")]
    network = SPEC.network
    names = [*(network.weight(source, neuron) for source in network.sources(neuron)), f"b_{neuron}"]

    def numbers(spec: Spec) -> list[float]:
        every = (*spec.weights, *chain(*spec.biases))
        values = dict(zip(network.parameters, every, strict=True))
        return [values[name] for name in names]

    *weights, bias = numbers(SPEC)
    assert numbers(apply_changes(SPEC, [first])) in ([bias, *weights], [*weights[1:], bias, weights[0]])
    assert sorted(map(tuple, (numbers(apply_changes(SPEC, [one])) for one in (first, last)))) == sorted(
        [(bias, *weights), (*weights[1:], bias, weights[0])]
    )


def test_all_neurons_may_be_read_so_and_only_where_there_are_biases() -> None:
    assert [change.name for change in list_orders(SPEC)][-2:] == [
        "all neurons: the bias is read first, then the weights",
        "all neurons: the first weight is read as the bias",
    ]
    assert all(given_numbers(apply_changes(SPEC, [c])) == given_numbers(SPEC) for c in list_orders(SPEC))
    assert not list(list_orders(problem()))
