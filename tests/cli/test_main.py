"""The command line: what it prints, in each form, and what it says when something cannot be."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bptui import __version__
from bptui.cli.main import main, with_verb
from bptui.core.engines.engine import ENGINES, load
from bptui.core.problem.initialisation import initial_parameters
from bptui.core.problem.spec import Spec, setting_fields
from bptui.core.problem.tables import Table, merged, put
from bptui.core.training.run import Run
from bptui.explain.search import Progress, Search
from bptui.lessons.lesson import bundled_lessons, load_lesson
from bptui.system.folders import BUNDLED_LESSONS

Output = pytest.CaptureFixture[str]
UNIFORM = {"low": -2, "high": -1, "seed": 5}
WEIGHTS = [-0.1, 0.2, -0.3, 0.4, 0.5, -0.6, 0.7, 0.8]


def rounds(capsys: Output, *words: str) -> list[dict[str, Any]]:
    """What ``bptui rounds two-by-two --json`` prints with some more words."""
    assert main(["rounds", "two-by-two", "--json", *words]) == 0
    return [json.loads(line, parse_constant=pytest.fail) for line in capsys.readouterr().out.splitlines()]


def refused(capsys: Output, *words: str) -> list[str]:
    """The lines on standard error of words that end with status 2 and print nothing else."""
    try:
        status: Any = main(words)
    except SystemExit as end:
        status = end.code
    output = capsys.readouterr()
    assert (status, output.out) == (2, "")
    assert "Traceback" not in output.err
    return output.err.splitlines()


def expected(changes: Table) -> Spec:
    """The lesson's problem with some settings changed, by their paths in a lesson file."""
    tables: Table = {}
    for path, value in changes.items():
        put(tables, tuple(path.split(".")), value)
    return Spec.from_table(merged(load_lesson("two-by-two").spec.to_table(), tables))


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
    ("--biases-output 1,1 --bias-update shared", {"network.biases": {"output": [1, 1], "update": "shared"}}),
    ("--loss|cross entropy", {"training.loss": "cross entropy"}),
    ("--step 1e-3", {"training.step": 0.001}),
    ("--rounds 5", {"training.rounds": 5}),
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
    values = load("numpy", spec).evaluate(initial_parameters(spec), 1)
    assert printed["precision"] == spec.precision
    assert printed["quantities"] == {name: float(value) for name, value in values.items()}


def test_every_setting_has_a_flag_that_help_explains(capsys: Output) -> None:
    with pytest.raises(SystemExit) as end:
        main(["rounds", "--help"])
    helped = " ".join(capsys.readouterr().out.split())
    assert end.value.code == 0
    tried = " ".join(flags for flags, _ in FLAGS)
    for item in setting_fields():
        flag = "--activation" if item.name.startswith("activation") else f"--{item.name.replace('_', '-')}"
        assert flag in helped
        assert flag in tried


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
    run = Run(load("numpy", expected({})))
    run.reach(max(numbers))
    assert [line["round"] for line in printed] == numbers
    for line in printed:
        assert line["quantities"] == {name: float(v) for name, v in run.values(line["round"]).items()}


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
    assert [line.split()[0] for line in lines[2:]] == list(load("numpy", spec).evaluate(initial_parameters(spec), 1))
    assert {len(line.split()) for line in lines[2:]} == {4}


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("--at|0", ["--at: 0 must lie between 1 and 10,000,000"]),
        ("--at|2-1", ["--at: 2-1 is no range: it ends before it starts"]),
        ("--at|1-10000001", ["--at: 1-10000001 must lie between 1 and 10,000,000"]),
        ("--at|-3", ['--at: "-3" must be a round or a range such as 1-5']),
        ("--at|5-", ['--at: "5-" must be a round or a range such as 1-5']),
        ("--at|1,,2", ['--at: "" must be a round or a range such as 1-5']),
        ("--step|0", ["two-by-two: [training] step: 0 must be a number above 0"]),
        ("--step|fast", ['two-by-two: [training] step: "fast" must be a number']),
        ("--seed|5", ['two-by-two: [network] init.seed: does not belong to init kind "given weights"']),
        (
            "--weights|1,2|--precision|float16",
            [
                'two-by-two: [training] precision: "float16" must be one of float64, float32; did you mean "float64"?',
                "two-by-two: [network] weights: a 2-2-2 network has 8 weights (2·2 + 2·2), not 2",
            ],
        ),
        (
            "--activation|o3=relu",
            [
                "two-by-two: [network] activation.o3: must be hidden, output or a neuron of this network "
                '(h1, h2, o1, o2); did you mean "o2"?'
            ],
        ),
    ],
)
def test_faults_are_told_one_a_line_in_the_users_words(capsys: Output, words: str, lines: list[str]) -> None:
    assert refused(capsys, "rounds", "two-by-two", *words.split("|")) == [f"bptui: {line}" for line in lines]


@pytest.mark.parametrize("verb", ["rounds", "check", "lessons"])
@pytest.mark.parametrize("name", ["two-bye-two", "no/such/file.toml", "x" * 300, "a\0b"], ids=lambda name: name[:20])
def test_a_lesson_that_is_not_there_is_one_line(capsys: Output, verb: str, name: str) -> None:
    (line,) = refused(capsys, verb, name)
    assert line.startswith("bptui: ")
    assert ('did you mean "two-by-two"?' in line) == (name == "two-bye-two")


@pytest.mark.parametrize("words", [("--engine", "tensorflow"), ("--json", "--csv"), ("--steps", "1"), ("--step",)])
def test_words_that_mean_nothing_are_refused_with_the_usage(capsys: Output, words: tuple[str, ...]) -> None:
    lines = refused(capsys, "rounds", "two-by-two", *words)
    assert lines[0].startswith("usage: bptui")
    assert lines[-1].startswith("bptui")


def test_a_missing_engine_is_told_in_words(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, "torch", "no_such_torch:Engine")
    assert refused(capsys, "rounds", "two-by-two", "--engine", "torch") == [
        "bptui: --engine torch: no_such_torch is not installed"
    ]


@pytest.mark.parametrize("words", [(), ("two-by-two",), ("open", "two-by-two"), ("--step", "2")], ids=" ".join)
def test_without_a_terminal_the_program_says_so_in_one_line(capsys: Output, words: tuple[str, ...]) -> None:
    assert refused(capsys, *words) == [
        "bptui: the program needs a terminal; `bptui rounds LESSON` prints the same numbers"
    ]


def test_lessons_are_listed_in_order_and_printed_as_their_files(capsys: Output) -> None:
    assert main(["lessons"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in listed] == [lesson.name for lesson in bundled_lessons()]
    assert main(["lessons", "two-by-two"]) == 0
    assert capsys.readouterr().out == (BUNDLED_LESSONS / "two-by-two.toml").read_text(encoding="utf-8")


def test_the_version_is_the_packages(capsys: Output) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert (end.value.code, capsys.readouterr().out) == (0, f"bptui {__version__}\n")


def test_a_reader_that_had_enough_is_no_fault() -> None:
    """As in ``bptui rounds two-by-two --at 1-3000 | head -1``."""
    code = "import sys; from bptui.cli.main import main; sys.exit(main())"
    words = [sys.executable, "-c", code, "rounds", "two-by-two", "--json", "--at", "1-3000"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b"{")
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


# --- explain ---

MINE = """
[network]
inputs = [0.5, 0.3]
targets = [0.23, -0.07]
weights = [0.2, -0.4, 0.5, 0.6, 0.1, -0.5, -0.3, 0.8]
[[figures]]
round = 1
step = 5
printed = { E = "0.2097098", new_w5 = "-0.0731649" }
"""


@pytest.fixture
def mine(tmp_path: Path) -> str:
    """A lesson whose figures come out with the step that stands beside them."""
    path = tmp_path / "mine.toml"
    path.write_text(MINE, encoding="utf-8")
    return str(path)


def explained(capsys: Output, *words: str, status: int = 0) -> dict[str, Any]:
    assert main(["explain", *words, "--json"]) == status
    (line,) = capsys.readouterr().out.splitlines()
    told: dict[str, Any] = json.loads(line, parse_constant=pytest.fail)
    return told


def changes(told: dict[str, Any]) -> list[list[str]]:
    return [[change["name"] for change in group["changes"]] for group in told["groups"]]


def test_explain_tells_in_words_and_as_json_what_was_done(capsys: Output) -> None:
    assert main(["explain", "era-sheet"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "era-sheet: 33 of 44 figures come out, 11 do not"
    assert lines[-1].strip() == "With it all 44 figures come out."
    told = explained(capsys, "era-sheet")
    assert changes(told) == [['gradient rule "first derivative for all"']]
    assert (told["lesson"], told["figures"], told["right"], told["stopped"]) == ("era-sheet", 44, 33, False)


def test_explain_says_nothing_is_wrong_where_nothing_is(capsys: Output, mine: str) -> None:
    assert main(["explain", mine]) == 0
    assert capsys.readouterr().out == "mine: all 2 figures come out, digit by digit\n"


def test_a_flag_of_explain_stands_above_the_settings_of_single_figures(capsys: Output, mine: str) -> None:
    told = explained(capsys, mine, "--step", "2")
    assert (told["right"], changes(told)) == (1, [["step 5"]])


@pytest.mark.parametrize("number", ["dE_dw1=0.000364722878", " dE_dw1 = 0.000364722878 "])
def test_explain_asks_about_numbers_of_your_own_in_place_of_the_lessons(capsys: Output, number: str) -> None:
    told = explained(capsys, "mazur-2015", "--number", number)
    assert (told["figures"], changes(told)) == (1, [['gradient rule "updated weights"']])
    several = explained(capsys, "mazur-2015", "--number", number, "--number", "E=0.298371109")
    assert (several["figures"], several["right"]) == (2, 1)


def test_a_number_of_your_own_is_of_the_round_that_is_named(capsys: Output) -> None:
    told = explained(capsys, "mazur-2015", "--number", "E=0.291027773694", "--round", "2")
    assert (told["figures"], told["right"]) == (1, 1)
    told = explained(capsys, "mazur-2015", "--number", "E=0.291027923905", "--round", "2")
    assert changes(told) == [['gradient rule "updated weights"']]
    assert told["first_wrong"]["round"] == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--number|0.000365", '--number: "0.000365" must be a name and the digits, such as dE_dw1=0.000365'),
        ("--number|dE_dw1=0,000365", "--number: dE_dw1: write a decimal point as a point"),
        ("--number|dE_dw1=", "--number: dE_dw1: type the number as it stands on your paper"),
        ("--number|dE_dw9=0.1", '--number: this network has no dE_dw9; did you mean "dE_dw'),
        ("--number|=0.1", "--number: this network has no "),
        ("--number|w1=0.1", "--number: w1 is given, not calculated"),
        ("--number|E=0.1|--number|E=0.2", "--number: E is there twice"),
        ("--round|2", "--round goes with --number"),
        ("--number|E=0.1|--round|0", "--round: 0 must be"),
        ("--number|E=0.1|--round|first", "--round: first must be"),
    ],
)
def test_a_number_that_cannot_be_asked_about_is_told_in_one_line(capsys: Output, words: str, said: str) -> None:
    (line,) = refused(capsys, "explain", "mazur-2015", *words.split("|"))
    assert line.startswith("bptui: ") and said in line


def test_a_lesson_without_figures_is_asked_about_with_a_number(capsys: Output) -> None:
    (line,) = refused(capsys, "explain", "two-by-two")
    assert line == (
        "bptui: two-by-two has no printed figures; --number dE_dw1=0.000365 asks about a number of your own"
    )


def test_figures_without_a_place_in_the_changed_problem_are_refused(capsys: Output, mine: str) -> None:
    lines = refused(capsys, "explain", mine, "--hidden", "1", "--weights", "1,2,3,4")
    assert lines and all("new_w5" in line for line in lines)


@pytest.mark.parametrize("form", [[], ["--json"]], ids=["text", "json"])
def test_ctrl_c_ends_explain_with_what_was_found_until_then(
    capsys: Output, monkeypatch: pytest.MonkeyPatch, form: list[str]
) -> None:
    run = Search.run

    def until_then(self: Search) -> Iterator[Progress]:
        for progress in run(self):
            yield progress
            if progress.changes == 2:
                raise KeyboardInterrupt

    clock = iter(range(10**6))
    monkeypatch.setattr(Search, "run", until_then)
    monkeypatch.setattr("bptui.explain.worker.monotonic", lambda: next(clock))
    words = ["explain", "mazur-2015", "--number", "dE_dw1=0.000123456789", *form]
    assert main(words) == 130
    output = capsys.readouterr()
    assert output.err == ""
    if form:
        told = json.loads(output.out)
        assert (told["stopped"], told["looked"], len(told["left"])) == (True, 1, 1)
    else:
        assert "Stopped before anything was found" in output.out and "every single change was tried" in output.out


def test_explain_shows_how_far_it_is_on_a_terminal_only(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(10**6))
    monkeypatch.setattr("bptui.explain.worker.monotonic", lambda: next(clock))
    words = ["explain", "mazur-2015", "--number", "dE_dw1=0.000364722878"]
    assert main(words) == 0
    plain = capsys.readouterr()
    assert plain.err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert main(words) == 0
    shown = capsys.readouterr()
    assert shown.out == plain.out
    assert "trying single changes: " in shown.err
    assert shown.err.endswith("\x1b[K")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", "open"),
        ("relu --step 5", "open relu --step 5"),
        ("--step 5 rounds", "open --step 5 rounds"),  # of a flag with a value, the next word may be it
        ("--ascii practice relu", "practice --ascii relu"),
        ("--ascii --presenter relu", "open --ascii --presenter relu"),
        ("--presenter serve --port 0", "serve --presenter --port 0"),
        ("--ascii --help", "--help --ascii"),
        ("rounds relu", "rounds relu"),
    ],
)
def test_a_verb_may_be_left_out_and_may_follow_a_switch(typed: str, meant: str) -> None:
    assert with_verb(typed.split()) == meant.split()
