"""The computation graph: what arrives at its nodes is the chain rule's, at any depth and by any gradient rule."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.core.engines.engine import NumpyEngine
from bptui.core.engines.engine import collect_given as given_numbers
from bptui.core.engines.program import compile_program
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.network import CHAIN_RULE, Network
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.initialisation import make_initial_state
from bptui.core.quantities.chain_rule import add_factors, find_factors
from bptui.core.quantities.computation_graph import compute_arriving, find_above, find_node, list_graph
from bptui.lessons.lesson import load_lesson
from tests.effort import examples
from tests.strategies import NEURON_ACTIVATIONS, OF_PROBABILITIES, network_of

SHAPES = ((2, 1), (3, 2), (2, 2, 2), (2, 3, 2, 1), (1, 2, 1, 2, 2), (2, 1, 2, 1, 2, 2))


def round_of(network: Network, seed: int = 7) -> dict[str, Any]:
    """Everything in a round of a network, from random weights, and biases that are equal within a layer."""
    draw = np.random.default_rng(seed)
    n = draw.uniform(0.1, 0.6, len(network.parameters))
    n[len(network.weights) :] = 0.3
    data = draw.uniform(0.2, 0.8, len(network.inputs) + len(network.targets))
    numbers = dict(zip(network.given, (*data, 0.5, *n), strict=True))
    program = compile_program(network)
    return numbers | dict(zip(program.quantities, program.round(*numbers.values()), strict=True))


@st.composite
def networks(draw: st.DrawFn, rule: str = CHAIN_RULE) -> Network:
    """Networks with 0 to 4 hidden layers, of any loss, activations and biases."""
    sizes = draw(st.sampled_from(SHAPES))
    loss = draw(st.sampled_from(tuple(LOSSES)))
    names = ("sigmoid",) if loss in OF_PROBABILITIES else NEURON_ACTIVATIONS
    activations = [draw(st.sampled_from(names)) for _ in range(sum(sizes[1:]))]
    if sizes[-1] > 1 and draw(st.booleans()):
        activations[-sizes[-1] :] = ["softmax"] * sizes[-1]
    update = draw(st.sampled_from(("per neuron", "shared", "frozen")))
    return network_of(*sizes, activations=activations, loss=loss, biases=True, bias_update=update, rule=rule)


@examples(100)
@given(networks(), st.integers(0, 99))
def test_what_arrives_is_the_rounds_delta_or_gradient_by_the_chain_rule(network: Network, seed: int) -> None:
    values = round_of(network, seed)
    arriving = compute_arriving(network, 0, values)
    scale = max(1.0, *(abs(float(value)) for value in arriving.values()))
    for node in list_graph(network):
        if node.quantity:
            assert arriving[node.arriving] == pytest.approx(values[node.quantity], rel=1e-9, abs=1e-14 * scale), node


@examples(50)
@given(networks(), st.integers(0, 99))
def test_what_arrives_is_the_sum_over_the_nodes_above_of_what_arrives_there_times_the_local_derivative(
    network: Network, seed: int
) -> None:
    values = add_factors(network, round_of(network, seed))
    arriving = {"": 1.0, **compute_arriving(network, 0, values)}
    by_name = {node.name: node for node in list_graph(network)}
    for node in list(by_name.values())[1:]:
        whole = sum(arriving[by_name[edge.above].arriving] * values[edge.local] for edge in node.edges)
        assert arriving[node.arriving] == pytest.approx(whole, rel=1e-12, abs=1e-300)


@pytest.mark.parametrize("rule", RULES)
def test_the_graph_is_the_chain_rules_whatever_the_gradient_rule(rule: str) -> None:
    for sizes in SHAPES:
        right = network_of(*sizes, biases=True)
        other = replace(right, rule=rule)
        assert list_graph(other) == list_graph(right)
        assert compute_arriving(other, 0, round_of(other)) == compute_arriving(right, 0, round_of(right))


@pytest.mark.parametrize("sizes", SHAPES)
def test_each_node_stands_once_and_after_the_nodes_above_it(sizes: tuple[int, ...]) -> None:
    network = network_of(*sizes, biases=True, bias_update="shared")
    graph = list_graph(network)
    names = [node.name for node in graph]
    neurons = {name for neuron in network.neurons for name in (neuron, f"in_{neuron}")}
    assert len(names) == len(set(names)) and {*names} == {"E", *network.parameters, *neurons}
    for place, node in enumerate(graph):
        assert bool(node.edges) == (node.name != "E") and {edge.above for edge in node.edges} <= {*names[:place]}
        assert {edge.local for edge in node.edges} <= set(find_factors(network))


def test_the_way_to_a_weight_passes_every_node_that_it_acts_on_and_no_other() -> None:
    graph = list_graph(network_of(2, 2, 2))
    assert [node.name for node in find_above(graph, "w1")] == ["E", "o1", "o2", "in_o1", "in_o2", "h1", "in_h1", "w1"]
    assert [node.name for node in find_above(graph, "w6")] == ["E", "o2", "in_o2", "w6"]
    assert [node.name for node in find_above(graph, "E")] == ["E"]


def test_a_shared_bias_acts_on_every_neuron_of_its_layer() -> None:
    nodes = {node.name: node for node in list_graph(network_of(2, 2, 2, biases=True, bias_update="shared"))}
    assert [edge.above for edge in nodes["b_h2"].edges] == ["in_h1", "in_h2"]


def test_each_sample_has_a_graph_of_its_own_loss() -> None:
    spec = load_lesson("xor").spec
    state = make_initial_state(spec)
    values = {**given_numbers(spec, state, 1), **NumpyEngine(spec).evaluate(state, 1)}
    for sample in spec.network.samples:
        graph = list_graph(spec.network, sample)
        arriving = compute_arriving(spec.network, sample, values)
        assert graph[0].name == f"E_s{sample}" and {"w1", f"h1_s{sample}"} <= {node.name for node in graph}
        for node in graph:
            if node.quantity:
                assert arriving[node.arriving] == pytest.approx(values[node.quantity], rel=1e-12, abs=1e-16)


@pytest.mark.parametrize(
    ("name", "node"),
    [
        ("E", ("E_s1", 1)),
        ("dE_dw1", ("w1", 1)),
        ("w1", ("w1", 1)),
        ("dE_dw1_s3", ("w1", 3)),
        ("delta_h1_s2", ("in_h1_s2", 2)),
        ("dE_dh1_s2", ("h1_s2", 2)),
        ("do1_din_o1_s4", ("in_o1_s4", 4)),
        ("new_w1", ("", 1)),
        ("x1_s2", ("", 2)),
        ("h1_s9", ("", 9)),
    ],
)
def test_a_name_belongs_to_the_node_it_is_the_derivative_by(name: str, node: tuple[str, int]) -> None:
    assert find_node(load_lesson("xor").spec.network, name) == node


def test_what_cannot_be_computed_yet_is_left_out() -> None:
    network = network_of(2, 2, 2)
    values = {name: value for name, value in round_of(network).items() if name not in ("o2", "in_o2")}
    assert {*compute_arriving(network, 0, values)} == {"dE_do1", "dE_din_o1", "dE_dw5", "dE_dw7"}
