"""Several samples, optimisers and their other ways to be written, as a lesson file has them."""

from dataclasses import replace
from typing import Any

import pytest

from bptui.core.problem.flags import format_command
from bptui.core.problem.setting_names import describe_settings
from bptui.core.problem.spec import Spec, SpecError, list_settings
from bptui.core.problem.tables import Table, merge_tables

XOR: Table = {"inputs": [[0, 0], [0, 1], [1, 0], [1, 1]], "targets": [[0], [1], [1], [0]], "weights": [0.5] * 6}


def read(training: Table | None = None, **network: Any) -> Spec:
    return Spec.from_table({"network": {**XOR, **network}, "training": training or {}})


def faults(training: Table | None = None, **network: Any) -> list[str]:
    with pytest.raises(SpecError) as error:
        read(training, **network)
    return [str(fault) for fault in error.value.faults]


def test_a_flat_list_and_a_single_row_are_one_sample() -> None:
    flat, row = (read(inputs=inputs, targets=targets) for inputs, targets in (([0, 1], [1]), ([[0, 1]], [[1]])))
    assert flat == row and flat.inputs == ((0.0, 1.0),) and flat.network.samples == ()
    assert flat.to_table()["network"]["inputs"] == [0.0, 1.0]


def test_a_row_for_each_sample_is_read_and_written() -> None:
    spec = read({"batch": 2, "over_samples": "mean", "optimiser": {"kind": "adam", "beta1": 0.5}, "weight_decay": 0.1})
    assert spec.inputs[1] == (0.0, 1.0) and spec.network.samples == (1, 2) and spec.network_of(2).samples == (3, 4)
    assert Spec.from_table(spec.to_table()) == spec
    assert spec.to_table()["training"]["optimiser"] == {"kind": "adam", "beta1": 0.5, "beta2": 0.999, "epsilon": 1e-8}


@pytest.mark.parametrize(
    ("training", "same"),
    [
        ({"learning_rate": 0.25}, {"step": 0.25}),
        ({"epochs": 10}, {"rounds": 10}),
        ({"epochs": 10, "batch": "one at a time"}, {"rounds": 40, "batch": "one at a time"}),
        ({"epochs": 10, "batch": 3}, {"rounds": 14, "batch": 3}),
        ({"optimiser": "momentum"}, {"optimiser": {"kind": "momentum", "momentum": 0.9}}),
        ({"batch": 1}, {"batch": "one at a time"}),
    ],
)
def test_a_setting_may_be_given_in_other_words(training: Table, same: Table) -> None:
    assert read(training) == read(same)


def test_other_words_in_a_change_replace_the_setting_they_stand_for() -> None:
    table = merge_tables(read({"step": 2.0, "rounds": 7}).to_table(), {"training": {"learning_rate": 0.5, "epochs": 3}})
    assert (Spec.from_table(table).step, Spec.from_table(table).rounds) == (0.5, 3)


@pytest.mark.parametrize(
    ("training", "network", "said"),
    [
        ({}, {"targets": [[0], [1]]}, "[network] targets: 2 rows, but inputs has 4: both need a row for each sample"),
        ({}, {"inputs": [[0, 0], [1]]}, "rows of equal length; row 1 has length 2, row 2 has length 1"),
        ({}, {"inputs": [[0, 0], 1]}, "a list of numbers (row 2)"),
        ({}, {"inputs": [[0, 0]] * 17}, "at most 16 rows, one per sample, not 17"),
        ({"batch": 5}, {}, "[training] batch: 5 is too large: inputs has 4 rows"),
        ({"batch": 0}, {}, 'must be "all", "one at a time" or a whole number from 1 to 16'),
        ({"batch": "two"}, {}, 'must be "all", "one at a time" or a whole number from 1 to 16'),
        ({"epochs": 0}, {}, "[training] epochs: 0 must be a whole number from 1 to"),
        ({"learning_rate": 0}, {}, "[training] learning_rate: 0 must be a number above 0"),
        ({"epochs": 5_000_000, "batch": 1}, {}, "[training] rounds: 20000000 must be a whole number from 1 to"),
        ({"step": 1, "learning_rate": 1}, {}, "[training] learning_rate: means the same as step"),
        ({"optimiser": "adm"}, {}, 'did you mean "adam"?'),
        ({"optimiser": {"kind": "adam", "momentum": 0.5}}, {}, 'momentum: does not belong to optimiser "adam"'),
        ({"optimiser": {"kind": "momentum", "momentum": 1}}, {}, "1 must be a number below 1"),
        ({"weight_decay": -1}, {}, "-1 must be at least 0"),
    ],
)
def test_what_does_not_fit_is_refused_in_the_words_of_the_file(training: Table, network: Table, said: str) -> None:
    assert any(said in fault for fault in faults(training, **network)), faults(training, **network)


def test_a_round_of_too_many_formulas_is_refused_before_they_are_made() -> None:
    size: Table = {"inputs": [[0.1] * 8] * 16, "targets": [[0.1] * 8] * 16, "hidden": 8, "weights": [0.1] * 128}
    (fault,) = faults(**size)
    assert "formulas, but at most 1,500 are possible: use fewer neurons, or a batch of fewer than 16 samples" in fault
    assert read({"batch": 4}, **size).network.samples == (1, 2, 3, 4)


def test_the_floor_of_several_samples_is_the_sum_or_the_mean_of_their_own() -> None:
    far = {"targets": [[2], [1], [1], [-1]]}
    floors = [read({"over_samples": over}, **far).floor for over in ("sum", "mean")]
    assert floors == [0.5 + 0.5, (0.5 + 0.5) / 4]


def test_nested_settings_are_said_as_settings() -> None:
    said = describe_settings({"step": 5.0, "optimiser": {"kind": "momentum", "momentum": 0.5}})
    assert said == "η 5, optimiser momentum, momentum 0.5"


def test_settings_of_samples_mean_nothing_where_there_is_one() -> None:
    one = read({"batch": 1, "over_samples": "mean"}, inputs=[0, 1], targets=[1])
    assert one == read(inputs=[0, 1], targets=[1]) and {"batch", "over_samples", "momentum", "alpha"} <= one.unused


def test_rows_are_read_back_from_what_is_shown_of_them_and_from_rows_typed_one_by_one() -> None:
    kind = next(item.metadata["kind"] for item in list_settings() if item.name == "inputs")
    for rows in (((0.0, 1.0), (2.5, 3.0)), ((1.0,), (2.0,)), ((1.0, 2.0),)):
        assert kind.check(kind.read(kind.show(rows))) == rows
    assert kind.check(kind.read("[0, 1], [2.5, 3]")) == kind.check(kind.read("[[0 1.]\n [2.5 3.]]")) != ()
    assert format_command("x", read(), replace(read(), batch=2)).endswith("--batch 2")
    moved = replace(read(), inputs=((0.5, 0.0),) * 2, targets=((1.0,), (0.0,)))
    assert "--inputs '[[0.5,0],[0.5,0]]' --targets '[[1],[0]]'" in format_command("x", read(), moved)
