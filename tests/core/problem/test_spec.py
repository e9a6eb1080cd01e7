"""The whole problem as validated data: every fault at once and by name, and tables that read back as they were."""

from copy import deepcopy
from dataclasses import fields, replace
from math import inf
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.core.problem.layer_keys import list_keys
from bptui.core.problem.setting_names import name_setting
from bptui.core.problem.spec import Spec, SpecError, list_settings
from bptui.core.problem.starts import INITS
from bptui.core.problem.tables import Table, merge_tables, put_value
from tests.effort import examples
from tests.strategies import starts, tables

SMALLEST: Table = {"network": {"inputs": [1], "targets": [0.5], "hidden": 1, "weights": [1, 2]}}


def faults(table: Table) -> list[str]:
    with pytest.raises(SpecError) as error:
        Spec.from_table(table)
    assert str(error.value) == "\n".join(map(str, error.value.faults))
    return [str(fault) for fault in error.value.faults]


def changed(path: str, value: Any) -> Table:
    table = deepcopy(SMALLEST)
    put_value(table, tuple(path.split(".")), value)
    return table


@examples(150)
@given(tables(), starts(), st.booleans())
def test_a_problem_reads_back_as_itself(table: Table, init: Table, random: bool) -> None:
    """Tables to problem to tables to problem, for given weights and for every kind of start."""
    spec = Spec.from_table(merge_tables(table, {"network": {"init": init}}) if random else table)
    written = spec.to_table()
    assert Spec.from_table(written) == spec
    assert Spec.from_table(written).to_table() == written


@examples(60)
@given(tables())
def test_a_problem_is_what_its_table_says(table: Table) -> None:
    """Every number and name of the table is found in the problem, under the place its setting names."""
    spec = Spec.from_table(table)
    own = list_keys(4)
    assert dict(spec.activation_neurons) == {k: v for k, v in table["network"]["activation"].items() if k not in own}
    for item in list_settings():
        here: Any = table
        for key in item.metadata["path"]:
            here = here.get(key, {})
        if here != {}:
            value = getattr(spec, item.name)
            if item.name in ("inputs", "targets"):
                (value,) = value
            if value == "same" and item.name.startswith(
                "activation"
            ):  # an activation as that of the first hidden layer is not kept apart
                value = spec.activation_hidden
            assert (list(value) if isinstance(value, tuple) else value) == here


def test_what_is_left_out_has_its_default() -> None:
    spec = Spec.from_table(SMALLEST)
    assert (spec.inputs, spec.targets, spec.weights) == (((1.0,),), ((0.5,),), (1.0, 2.0))
    for item in fields(Spec):
        if item.name not in ("inputs", "targets", "hidden", "weights"):
            assert getattr(spec, item.name) == item.default


def test_without_a_hidden_layer_its_activation_means_nothing_and_is_not_kept() -> None:
    network: Table = {"inputs": [1, 1], "targets": [1], "weights": [0.3, -0.2]}
    plain = Spec.from_table({"network": {**network, "hidden": 0}})
    for hidden in (0, [], [0]):
        spec = Spec.from_table({"network": {**network, "hidden": hidden, "activation": {"hidden": "relu"}}})
        assert spec == plain and spec.network.hidden_layers == ()
    assert {"activation_hidden", "biases_hidden"} <= plain.unused
    assert "hidden" not in plain.to_table()["network"]["activation"]


def test_a_list_of_one_says_how_many_hidden_neurons_there_are() -> None:
    network: Table = {"inputs": [1], "targets": [1], "hidden": [2], "init": {"kind": "zeros"}}
    assert Spec.from_table({"network": network}).hidden == (2,)


def test_every_fault_is_reported_at_once_and_names_its_setting() -> None:
    table = {
        "network": {
            "inptus": [1.0],
            "inputs": [],
            "targets": [0.5, "x"],
            "hidden": 9,
            "numbering": "by sorce",
            "activation": {"hidden": "sigmiod", "output": "tanh", "o1": "rleu"},
            "init": {"kind": "xavier", "seed": -1},
            "biases": {"updat": "shared"},
        },
        "training": {"step": 0, "loss": "cross entrop", "precision": "float16", "epochs": 5, "rounds": 0},
    }
    numbering = 'must be one of by source, by destination; did you mean "by source"?'
    expected = {
        "[network] inptus": 'unknown setting; did you mean "inputs"?',
        "[network] biases.updat": 'unknown setting; did you mean "update"?',
        "[training] epochs": "means the same as rounds; give only one of them",
        "[network] inputs": "is empty; enter 1 to 8 numbers",
        "[network] targets": "entry 2 is not a finite number",
        "[network] hidden": "9 must be a whole number from 0 to 8, or one from 1 to 8 for each hidden layer, ",
        "[network] numbering": f'"by sorce" {numbering}',
        "[network] activation.hidden": '; did you mean "sigmoid"?',
        "[network] activation": '; did you mean "relu"?',
        "[network] init.kind": '; did you mean "xavier uniform"?',
        "[network] init.seed": "-1 must be a whole number from 0 to 4,294,967,295",
        "[training] loss": '; did you mean "cross entropy"?',
        "[training] step": "0 must be a number above 0",
        "[training] rounds": "0 must be a whole number from 1 to 10,000,000",
        "[training] precision": '"float16" must be one of float64, float32',
    }
    found = dict(line.split(": ", 1) for line in faults(table))
    assert set(found) == set(expected)
    for place, message in expected.items():
        assert found[place].endswith(message) or message in found[place]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ({}, ["[network] inputs: is missing", "[network] targets: is missing"]),
        (
            changed("network.weights", [1]),
            ["[network] weights: a 1-1-1 network has 2 weights (1·1 + 1·1), not 1"],
        ),
        (
            {"network": {"inputs": [1, 2], "targets": [1], "hidden": 0, "weights": [1, 2, 3]}},
            ["[network] weights: a 2-1 network has 2 weights (2·1), not 3"],
        ),
        (
            {"network": {"inputs": [1], "targets": [1], "hidden": 0, "weights": [1], "biases": {"hidden": [1, 2]}}},
            ["[network] biases.hidden: 2 numbers, but there is no hidden layer"],
        ),
        (
            {"network": {"inputs": [1], "targets": [1], "hidden": 0, "weights": [1], "activation": {"h1": "relu"}}},
            ["[network] activation.h1: must be output or a neuron of this network (o1)"],
        ),
        (
            {"network": {"inputs": [1, 2, 3], "targets": [1, 2]}},
            ["[network] weights: are missing: a 3-2-2 network has 10 weights (3·2 + 2·2)"],
        ),
        (changed("network.init.kind", "zeros"), ["[network] init: give weights or init, not both"]),
        (changed("network.init.seed", 3), ['[network] init.seed: does not belong to init kind "given weights"']),
        (changed("network.biases.output", [1, 2]), ["[network] biases.output: 2 numbers, but the layer has 1 neuron"]),
        (
            changed("network.activation.o2", "relu"),
            ["[network] activation.o2: must be hidden, output or a neuron of this network (h1, o1)"],
        ),
        (changed("network", 5), ["network: 5 must be a table"]),
        (changed("training", "fast"), ['training: "fast" must be a table']),
        (changed("network.activation", "relu"), ['[network] activation: "relu" must be a table']),
        (
            {"network": {"inputs": [1], "targets": [1], "hidden": 1, "init": "zeros"}},
            ['[network] init: "zeros" must be a table'],
        ),
    ],
    ids=lambda case: case[0][:60] if isinstance(case, list) else "",
)
def test_each_fault_is_told_once_and_in_full(table: Table, expected: list[str]) -> None:
    found = faults(table)
    assert len(found) == len(expected)
    for line, start in zip(found, expected, strict=True):
        assert line.startswith(start)


def test_settings_at_odds_with_each_other_are_faults() -> None:
    table = {
        "network": {
            "inputs": [1, 2],
            "targets": [1],
            "hidden": 2,
            "init": {"kind": "uniform", "low": 2, "high": 1, "std": 3},
            "biases": {"hidden": [1, 2], "output": [1], "update": "shared"},
        }
    }
    assert faults(table) == [
        '[network] init.std: does not belong to init kind "uniform"',
        "[network] init.low: must not be above high",
        '[network] biases.hidden: with update "shared" a layer has one bias: all its numbers must be equal',
    ]


@pytest.mark.parametrize("kind", INITS)
def test_equal_problems_are_equal_whatever_start_they_were_changed_from(kind: str) -> None:
    """Settings that belong to another start keep no trace."""
    start: Table = {"weights": [1.0, 2.0]} if kind == "given weights" else {"init": {"kind": kind}}
    plain = Spec.from_table(
        merge_tables({"network": {"inputs": [1], "targets": [0.5], "hidden": 1}}, {"network": start})
    )
    for other in (SMALLEST["network"], {"init": {"kind": "normal", "mean": 3.0, "seed": 9}}):
        before = merge_tables(SMALLEST, {"network": other})
        after = Spec.from_table(merge_tables(Spec.from_table(before).to_table(), {"network": start}))
        assert after == plain


def test_the_network_follows_from_the_problem(default: Spec) -> None:
    spec = replace(
        default,
        targets=((1.0,),),
        activation_output="relu",
        activation_neurons=(("h2", "tanh"),),
        biases_hidden=(0.0, 0.0),
        gradient="raw error",
        rounding="4 digits",
    )
    n = spec.network
    assert (len(n.inputs), *(len(layer.neurons) for layer in n.layers)) == (2, 2, 1)
    assert (n.rule, n.rounding) == ("raw error", "4 digits")
    assert n.activations == ("sigmoid", "tanh", "relu")
    assert n.biases == ("b_h1", "b_h2")


def test_numbers_that_decide_no_formula_leave_the_network_alone(default: Spec) -> None:
    other = replace(default, inputs=((7.0, 8.0),), weights=(0.0,) * 8, step=3.0, rounds=5, precision="float32")
    assert other.network == default.network


@pytest.mark.parametrize(
    ("precision", "torch_precision", "expected"),
    [
        ("float64", "same", ("float64", "float64")),
        ("float32", "same", ("float32", "float32")),
        ("float64", "float32", ("float64", "float32")),
    ],
)
def test_each_engine_has_its_precision(
    default: Spec, precision: str, torch_precision: str, expected: tuple[str, str]
) -> None:
    spec = replace(default, precision=precision, torch_precision=torch_precision)
    assert (spec.precision_of("numpy"), spec.precision_of("torch")) == expected


def test_the_floor_is_that_of_the_outputs_and_not_of_the_hidden_neurons(default: Spec) -> None:
    assert default.floor == pytest.approx(0.00245, rel=1e-12)
    assert replace(default, activation_hidden="identity").floor == default.floor
    assert replace(default, loss="cross entropy", activation_output="relu").floor == -inf


def test_every_setting_can_be_explained() -> None:
    """Each has a place in the file, a kind, and a line for people; no two stand in the same place."""
    items = list_settings()
    assert all(item.metadata["about"] for item in items)
    assert all(hasattr(item.metadata["kind"], part) for item in items for part in ("check", "read", "show"))
    assert len({item.metadata["path"] for item in items}) == len(items)


def test_a_setting_has_one_name_on_screen_which_may_be_explained_where_it_is_edited() -> None:
    names = {item.name: (name_setting(item.name), name_setting(item.name, explained=True)) for item in list_settings()}
    assert {name: pair for name, pair in names.items() if pair[0] != pair[1]} == {
        "rounds": ("rounds", "rounds (epochs)"),
        "step": ("η", "learning rate η (step)"),
    }
    assert names["init"][0] == "initialisation"
    assert names["torch_precision"][0] == "torch precision"
    assert len(set(names.values())) == len(names)


@pytest.mark.parametrize(
    ("activation", "where", "words"),
    [
        ({"hidden": "softmax"}, "hidden", 'cannot be softmax, which is only for the outputs: write output = "softmax"'),
        (
            {"h1": "softmax"},
            "h1",
            'cannot be softmax, which applies to the whole output layer: write output = "softmax"',
        ),
        (
            {"o2": "softmax"},
            "o2",
            'cannot be softmax, which applies to the whole output layer: write output = "softmax"',
        ),
        ({"output": "softmax", "o2": "relu"}, "o2", "must be left out: softmax applies to the whole output layer"),
    ],
)
def test_softmax_is_for_the_whole_output_layer_alone(activation: dict[str, str], where: str, words: str) -> None:
    table: Table = {"inputs": [1, 1], "targets": [1, 0], "hidden": 1, "weights": [0.1] * 4, "activation": activation}
    with pytest.raises(SpecError) as error:
        Spec.from_table({"network": table})
    assert str(error.value) == f"[network] activation.{where}: {words}"


def test_without_a_hidden_layer_softmax_may_be_what_is_said_of_it() -> None:
    table: Table = {"inputs": [1, 1], "targets": [1, 0], "hidden": 0, "weights": [0.1] * 4}
    for activation in ({"output": "softmax"}, {"output": "softmax", "hidden": "softmax"}):
        spec = Spec.from_table({"network": {**table, "activation": activation}})
        assert set(spec.network.activations) == {"softmax"}
