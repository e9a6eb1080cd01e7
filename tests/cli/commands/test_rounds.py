"""The command ``rounds``: what it prints in each form, every setting as a flag, and what it refuses."""

import csv
import io
import json
import re
import tracemalloc
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.cli.commands.rounds import _parse_rounds
from bptui.cli.main import main
from bptui.core.engines.engine import ENGINES, make_engine
from bptui.core.problem.initialisation import make_initial_state
from bptui.core.problem.spec import Spec, list_settings
from bptui.core.problem.tables import Table, merge_tables, put_value
from bptui.core.training.run import Run
from bptui.lessons.lesson import load_lesson
from tests.cli.refusals import Output, refused

UNIFORM = {"low": -2, "high": -1, "seed": 5}
WEIGHTS = [-0.1, 0.2, -0.3, 0.4, 0.5, -0.6, 0.7, 0.8]


def rounds(capsys: Output, *words: str) -> list[dict[str, Any]]:
    """What ``bptui rounds two-by-two --json`` prints with some more words."""
    assert main(["rounds", "two-by-two", "--json", *words]) == 0
    return [json.loads(line, parse_constant=pytest.fail) for line in capsys.readouterr().out.splitlines()]


def expected(changes: Table) -> Spec:
    """The lesson's problem with some settings changed, by their paths in a lesson file."""
    tables: Table = {}
    for path, value in changes.items():
        put_value(tables, tuple(path.split(".")), value)
    return Spec.from_table(merge_tables(load_lesson("two-by-two").spec.to_table(), tables))


FLAGS: list[tuple[str, Table]] = [
    ("--inputs=-0.5,0.25", {"network.inputs": [-0.5, 0.25]}),
    ("--targets 0.1,0.9", {"network.targets": [0.1, 0.9]}),
    ("--hidden 1 --weights 1,2,3,4", {"network.hidden": 1, "network.weights": [1, 2, 3, 4]}),
    ("--numbering|by destination", {"network.numbering": "by destination"}),
    ("--weights -0.1,0.2,-0.3,0.4,0.5,-0.6,0.7,0.8", {"network.weights": WEIGHTS}),
    ("--weights|−0.1 0.2 −0.3 0.4 0.5 −0.6 0.7 0.8", {"network.weights": WEIGHTS}),
    ("--init zeros", {"network.init": {"kind": "zeros"}}),
    ("--init constant --value -0.25", {"network.init": {"kind": "constant", "value": -0.25}}),
    ("--init uniform --low -2 --high -1 --seed 5", {"network.init": {"kind": "uniform", **UNIFORM}}),
    ("--init normal --mean -1 --std 0.5", {"network.init": {"kind": "normal", "mean": -1, "std": 0.5}}),
    ("--init|he normal|--seed|7", {"network.init": {"kind": "he normal", "seed": 7}}),
    ("--biases-hidden -1,2", {"network.biases": {"hidden": [-1, 2]}}),
    (
        "--hidden 2,1,1,1 --weights 1,2,3,4,5,6,7,8,9,10 --biases-hidden2 1 --biases-hidden3 2 --biases-hidden4 3",
        {
            "network.hidden": [2, 1, 1, 1],
            "network.weights": [*range(1, 11)],
            "network.biases": {"hidden2": [1], "hidden3": [2], "hidden4": [3]},
        },
    ),
    ("--biases-output 1,1 --bias-update shared", {"network.biases": {"output": [1, 1], "update": "shared"}}),
    ("--loss|cross entropy", {"training.loss": "cross entropy"}),
    ("--step 1e-3", {"training.step": 0.001}),
    ("--learning-rate 1e-3", {"training.step": 0.001}),
    ("--lr 1e-3", {"training.step": 0.001}),
    ("--batch 1", {"training.batch": "one at a time"}),
    ("--over-samples mean", {"training.over_samples": "mean"}),
    ("--optimiser adam --beta1 0.5", {"training.optimiser": {"kind": "adam", "beta1": 0.5}}),
    (
        "--optimiser adam --beta2 0.9 --epsilon 0.1",
        {"training.optimiser": {"kind": "adam", "beta2": 0.9, "epsilon": 0.1}},
    ),
    ("--optimiser nesterov --momentum 0.5", {"training.optimiser": {"kind": "nesterov", "momentum": 0.5}}),
    ("--optimiser rmsprop --alpha 0.5", {"training.optimiser": {"kind": "rmsprop", "alpha": 0.5}}),
    ("--weight-decay 0.25", {"training.weight_decay": 0.25}),
    ("--rounds 5", {"training.rounds": 5}),
    ("--epochs 5", {"training.rounds": 5}),
    ("--precision float32", {"training.precision": "float32"}),
    ("--torch-precision float32", {"training.torch_precision": "float32"}),
    ("--rounding|3 digits", {"training.rounding": "3 digits"}),
    ("--gradient|as published", {"training.gradient": "as published"}),
    ("--activation relu", {"network.activation": {"hidden": "relu", "output": "relu"}}),
    ("--activation o2=relu", {"network.activation": {"o2": "relu"}}),
    ("--activation hidden=tanh --activation o1=identity", {"network.activation": {"hidden": "tanh", "o1": "identity"}}),
]


@pytest.mark.parametrize(("flags", "changes"), FLAGS, ids=[flags for flags, _ in FLAGS])
def test_a_flag_is_the_setting_of_a_lesson_file(capsys: Output, flags: str, changes: Table) -> None:
    words = flags.split("|") if "|" in flags else flags.split()
    (printed,) = rounds(capsys, *words)
    spec = expected(changes)
    values = make_engine("numpy", spec).evaluate(make_initial_state(spec), 1)
    assert printed["precision"] == spec.precision
    assert printed["quantities"] == {name: float(value) for name, value in values.items()}


def test_every_setting_has_a_flag_that_help_explains(capsys: Output) -> None:
    with pytest.raises(SystemExit) as end:
        main(["rounds", "--help"])
    helped = " ".join(capsys.readouterr().out.split())
    assert end.value.code == 0
    tried = " ".join(flags for flags, _ in FLAGS)
    assert 'raw error, "raw error, no weights", weights forgotten' in helped
    for item in list_settings():
        flag = "--activation" if item.name.startswith("activation") else f"--{item.name.replace('_', '-')}"
        assert flag in helped
        assert flag in tried


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--step 1 --lr 2", "--learning-rate and --step cannot be used together"),
        ("--rounds 1 --epochs 2", "--epochs and --rounds cannot be used together"),
    ],
)
@pytest.mark.parametrize("verb", ["rounds", "check", "derive", "sweep", "report"])
def test_two_words_for_one_setting_are_refused_together(capsys: Output, verb: str, words: str, said: str) -> None:
    assert refused(capsys, verb, "two-by-two", *words.split())[0] == f"bptui {verb}: {said}"


def test_epochs_are_counted_over_the_samples_that_flags_leave_to_a_round(capsys: Output) -> None:
    assert main(["program", "xor", "--epochs", "3", "--batch", "one at a time"]) == 0
    assert "\nrounds = 12\n" in capsys.readouterr().out
    assert refused(capsys, "rounds", "xor", "--epochs", "0") == [
        "bptui: xor: --epochs: 0 must be a whole number from 1 to 10,000,000"
    ]


def test_an_activation_of_all_neurons_is_one_of_every_neuron(capsys: Output, tmp_path: Path) -> None:
    """Also of those for which the lesson has an activation of their own."""
    own = tmp_path / "own.toml"
    own.write_text(
        '[network]\ninputs = [0.5]\ntargets = [0.1]\nhidden = 1\nweights = [-1.0, 1.0]\nactivation = { o1 = "relu" }\n'
    )
    assert main(["rounds", str(own), "--json", "--activation", "identity"]) == 0
    quantities = json.loads(capsys.readouterr().out)["quantities"]
    assert (quantities["h1"], quantities["o1"]) == (-0.5, -0.5)


@pytest.mark.parametrize(
    ("at", "numbers"),
    [("1", [1]), ("3-5", [3, 4, 5]), ("10,2-3, 10,3", [10, 2, 3]), ("999-1001,1500", [999, 1000, 1001, 1500])],
)
def test_rounds_are_printed_as_asked_each_once_also_past_the_lessons_own(
    capsys: Output, at: str, numbers: list[int]
) -> None:
    printed = rounds(capsys, "--at", at)
    run = Run(make_engine("numpy", expected({})))
    run.train_to(max(numbers))
    assert [line["round"] for line in printed] == numbers
    for line in printed:
        assert line["quantities"] == {name: float(v) for name, v in run.values(line["round"]).items()}


@pytest.mark.parametrize(("form", "numbers"), [("--csv", ["round", "5", "1"]), ("--json", ["5", "1", "2"])])
def test_the_first_of_ten_million_rounds_is_printed_before_the_second_is_computed(
    monkeypatch: pytest.MonkeyPatch, form: str, numbers: list[str]
) -> None:
    """And what is printed is not kept."""
    printed = list[str]()

    def stop(line: str) -> None:
        printed.append(line)
        if len(printed) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr("builtins.print", stop)
    tracemalloc.start()
    try:
        assert main(["rounds", "two-by-two", "--at", "5,1-10000000", form]) == 130
        assert tracemalloc.get_traced_memory()[1] < 10_000_000  # a list of the rounds alone takes 80 MB
    finally:
        tracemalloc.stop()
    assert [re.split(", ?", line)[3].removeprefix('"round": ') for line in printed] == numbers


def test_a_table_of_more_rounds_than_anyone_reads_is_refused_before_any_is_computed(capsys: Output) -> None:
    said = "bptui: --at: a table has at most 1,000 columns, not {}; --csv and --json print any number of rounds"
    for words, columns in ([], "10,000,000"), (["--engine", "both"], "20,000,000"):
        assert refused(capsys, "rounds", "two-by-two", "--at", "7,1-10000000", *words) == [said.format(columns)]


@given(spans=st.lists(st.tuples(st.integers(1, 30), st.integers(0, 9)), min_size=1, max_size=9))
def test_ranges_that_overlap_name_each_round_once_where_it_comes_first(spans: list[tuple[int, int]]) -> None:
    found = _parse_rounds(",".join(f"{low}-{low + more}" for low, more in spans))
    named = (round_ for low, more in spans for round_ in range(low, low + more + 1))
    assert [round_ for part in found for round_ in part] == list(dict.fromkeys(named))
    assert all(found)


def test_both_engines_print_the_same_quantities(capsys: Output) -> None:
    ours, theirs = rounds(capsys, "--engine", "both", "--torch-precision", "float32", "--at", "2")
    assert (ours["engine"], ours["precision"], ours["round"]) == ("numpy", "float64", 2)
    assert (theirs["engine"], theirs["precision"], theirs["round"]) == ("torch", "float32", 2)
    assert theirs["quantities"] == pytest.approx(ours["quantities"], abs=1e-6)
    assert all(np.float32(value) == value for value in theirs["quantities"].values())


def test_in_json_what_is_not_finite_is_a_string(capsys: Output) -> None:
    """Every line is JSON as its standard has it, without NaN or Infinity."""
    printed = rounds(capsys, "--activation", "identity", "--step", "50", "--at", "1-9")
    values = [value for line in printed for value in line["quantities"].values()]
    assert {value for value in values if isinstance(value, str)} == {"inf", "-inf", "nan"}
    assert all(isfinite(value) for value in values if not isinstance(value, str))


def test_csv_holds_every_digit_under_the_names_of_the_quantities(capsys: Output) -> None:
    words = ["rounds", "two-by-two", "--at", "1,40", "--engine", "both"]
    assert main([*words, "--csv"]) == 0
    table = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert main([*words, "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["engine"] + row["round"] for row in table] == ["numpy1", "numpy40", "torch1", "torch40"]
    for row, line in zip(table, lines, strict=True):
        assert {name: float(row[name]) for name in line["quantities"]} == line["quantities"]


def test_the_table_has_a_line_for_each_quantity_and_a_column_for_each_round(capsys: Output) -> None:
    assert main(["rounds", "two-by-two", "--at", "1-3"]) == 0
    lines = capsys.readouterr().out.splitlines()
    spec = expected({})
    assert lines[0].split() == ["two-by-two", *["numpy", "float64"] * 3]
    assert lines[1].split() == ["round", "1", "round", "2", "round", "3"]
    assert [line.split()[0] for line in lines[2:]] == list(
        make_engine("numpy", spec).evaluate(make_initial_state(spec), 1)
    )
    assert {len(line.split()) for line in lines[2:]} == {4}


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("--at|0", ["--at: 0 must be between 1 and 10,000,000"]),
        ("--at|2-1", ["--at: 2-1 ends before it starts"]),
        ("--at|1-10000001", ["--at: 1-10000001 must be between 1 and 10,000,000"]),
        ("--at|-3", ['--at: "-3" must be a round or a range such as 1-5']),
        ("--at|5-", ['--at: "5-" must be a round or a range such as 1-5']),
        ("--at|1,,2", ['--at: "" must be a round or a range such as 1-5']),
        ("--step|0", ["two-by-two: --step: 0 must be a number above 0"]),
        ("--step|fast", ['two-by-two: --step: "fast" must be a number']),
        ("--seed|5", ['two-by-two: --seed: does not belong to init kind "given weights"']),
        (
            "--weights|1,2|--precision|float16",
            [
                'two-by-two: --precision: "float16" must be one of float64, float32; did you mean "float64"?',
                "two-by-two: --weights: a 2-2-2 network has 8 weights (2·2 + 2·2), not 2",
            ],
        ),
        (
            "--gradient|raw eror",
            ['two-by-two: --gradient: "raw eror" must be one of 13 names; did you mean "raw error"?'],
        ),
        ("--inputs|", ["two-by-two: --inputs: is empty; enter 1 to 8 numbers"]),
        ("--lr|0,5", ['two-by-two: --learning-rate: "0,5" must be a number; use a point: 0.5']),
        ("--lr|nan", ["two-by-two: --learning-rate: nan must be a finite number"]),
        (
            "--activation|o3=relu",
            [
                "two-by-two: --activation o3: must be hidden, output or a neuron of this network "
                '(h1, h2, o1, o2); did you mean "o2"?'
            ],
        ),
    ],
)
def test_faults_are_told_one_a_line_in_the_users_words(capsys: Output, words: str, lines: list[str]) -> None:
    assert refused(capsys, "rounds", "two-by-two", *words.split("|")) == [f"bptui: {line}" for line in lines]


def test_a_missing_engine_is_told_in_words(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, "torch", "no_such_torch:Engine")
    assert refused(capsys, "rounds", "two-by-two", "--engine", "torch") == [
        "bptui: --engine torch: no_such_torch is not installed"
    ]
