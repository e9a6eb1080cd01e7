"""The fixed vocabulary: which names a network has, in which order, and what the numbering does to them."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.core.formulas.network import NUMBERINGS, Network
from tests.strategies import network_of

sizes = st.tuples(*[st.integers(1, 8)] * 3)


def network(d: int = 2, q: int = 2, l: int = 2, **more: Any) -> Network:  # noqa: E741
    return network_of(d, q, l, **more)


def ends(n: Network) -> list[tuple[str, str, str]]:
    return [(w.name, w.source, w.target) for w in n.weights]


def test_weights_are_numbered_by_source() -> None:
    assert ends(network()) == [
        ("w1", "x1", "h1"),
        ("w2", "x1", "h2"),
        ("w3", "x2", "h1"),
        ("w4", "x2", "h2"),
        ("w5", "h1", "o1"),
        ("w6", "h1", "o2"),
        ("w7", "h2", "o1"),
        ("w8", "h2", "o2"),
    ]


def test_by_destination_a_book_numbers_the_second_weight_from_the_second_input() -> None:
    assert ends(network(3, 2, 1, numbering="by destination")) == [
        ("w1", "x1", "h1"),
        ("w2", "x2", "h1"),
        ("w3", "x3", "h1"),
        ("w4", "x1", "h2"),
        ("w5", "x2", "h2"),
        ("w6", "x3", "h2"),
        ("w7", "h1", "o1"),
        ("w8", "h2", "o1"),
    ]


@given(sizes, st.sampled_from(NUMBERINGS))
def test_every_connection_has_one_weight_and_every_weight_one_number(size: tuple[int, int, int], way: str) -> None:
    d, q, l = size  # noqa: E741
    n = network(d, q, l, numbering=way)
    assert [w.name for w in n.weights] == [f"w{i + 1}" for i in range(d * q + q * l)]
    joined = {(x, h) for x in n.inputs for h in n.layers[0].neurons} | {
        (h, o) for h in n.layers[0].neurons for o in n.outputs
    }
    assert {(w.source, w.target) for w in n.weights} == joined
    assert all(n.weight(w.source, w.target) == w.name for w in n.weights)


@pytest.mark.parametrize(
    ("hidden", "output", "biases"),
    [
        (False, False, ()),
        (True, False, ("b_h1", "b_h2", "b_h3")),
        (False, True, ("b_o1",)),
        (True, True, ("b_h1", "b_h2", "b_h3", "b_o1")),
    ],
)
def test_parameters_are_the_weights_then_the_biases_there_are(
    hidden: bool, output: bool, biases: tuple[str, ...]
) -> None:
    without = network(1, 3, 1)
    layers = zip(without.layers, (hidden, output), strict=True)
    n = replace(without, layers=tuple(replace(layer, has_biases=there) for layer, there in layers))
    assert n.biases == biases
    assert n.parameters == ("w1", "w2", "w3", "w4", "w5", "w6", *biases)


def test_names_count_from_one_and_hidden_neurons_come_before_outputs() -> None:
    n = network(3, 1, 2)
    assert (n.inputs, n.targets) == (("x1", "x2", "x3"), ("y1", "y2"))
    assert n.neurons == ("h1", "o1", "o2")


def test_every_neuron_has_its_own_activation() -> None:
    n = network_of(1, 2, 1, activations=("relu", "tanh", "identity"))
    assert [n.activation(neuron) for neuron in n.neurons] == ["relu", "tanh", "identity"]
