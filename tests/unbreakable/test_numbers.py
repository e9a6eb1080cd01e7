"""Whatever the numbers are, every verb says what became of them: no traceback, no warning, nothing but words."""

import csv
import json
import random
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from bptui.cli.main import main
from bptui.compare.summary import summarise_run
from bptui.core.problem.initialisation import make_initial_state
from bptui.core.problem.spec import Spec
from bptui.core.problem.tables import merge_tables
from bptui.lessons.lesson import Lesson, format_lesson
from bptui.session.torch_side.process import TorchQuestion
from bptui.session.worker import answer_question
from bptui.sweep.worker import train_part
from tests.unbreakable.catastrophes import CATASTROPHES, LARGEST, catastrophe
from tests.unbreakable.in_process import in_process

__all__ = ["in_process"]

AT = ["--at", "1,2,10"]
QUICK: Sequence[list[str]] = (
    ["rounds", "@", *AT],
    ["rounds", "@", *AT, "--json"],
    ["rounds", "@", *AT, "--csv"],
    ["rounds", "@", *AT, "--json", "--engine", "both"],
    ["check", "@"],
    ["check", "@", "--json"],
    ["derive", "@", "--round", "2"],
    ["derive", "@", "--format", "markdown", "--precision-shown", "17"],
    ["derive", "@", "--format", "latex", "--round", "10"],
    ["derive", "@", "--quantity", "dE_dw1", "--round", "3"],
    ["derive", "@", "--form", "matrix", "--round", "2"],
    ["derive", "@", "--form", "graph", "--format", "markdown", "--round", "3"],
    ["program", "@"],
    ["program", "@", "--style", "matrix"],
    ["program", "@", "--format", "ipynb"],
    ["program", "@", "--engine", "torch"],
)
every = pytest.mark.parametrize("name", CATASTROPHES)


def written(path: Path, lesson: Lesson) -> str:
    path.write_text(format_lesson(lesson), encoding="utf-8")
    return str(path)


def told(path: str, words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What a verb prints; it must end well, and say nothing on standard error."""
    status = main([path if word == "@" else word for word in words])
    out, err = capsys.readouterr()
    assert status == 0 or (status, words[0]) == (1, "check"), (status, err)
    assert err == "" and out
    if "--json" in words:
        for line in out.splitlines():
            json.loads(line, parse_constant=not_json)
    if "--csv" in words:
        head, *rows = csv.reader(out.splitlines())
        assert all(len(row) == len(head) and all(map(is_number, row[4:])) for row in rows)
    return out


def not_json(word: str) -> None:
    raise AssertionError(f"{word} is no JSON")


def is_number(cell: str) -> bool:
    return cell == "" or isinstance(float(cell), float)  # empty where the round does not use the sample


@pytest.mark.usefixtures("torch_is_loaded")
@pytest.mark.long(seconds=4)
def test_every_verb_takes_any_numbers(tmp_path: Path, until: float, capsys: pytest.CaptureFixture[str]) -> None:
    seed = 0
    while monotonic() < until or not seed:
        seed += 1
        path = written(tmp_path / "mine.toml", catastrophe(random.Random(seed)))
        for words in QUICK:
            try:
                told(path, words, capsys)
            except (Exception, SystemExit) as fault:
                raise AssertionError(f"seed {seed}: {words}") from fault


@pytest.mark.usefixtures("torch_is_loaded")
@pytest.mark.long(seconds=2)
def test_the_processes_that_are_asked_answer_about_any_numbers(until: float) -> None:
    seed = 0
    while monotonic() < until or not seed:
        seed += 1
        spec = catastrophe(random.Random(seed)).spec
        start = make_initial_state(spec).tolist()
        asked = asdict(TorchQuestion(spec.to_table(), 1, 3, start, own=start, check=start))
        try:
            json.dumps(
                [list(answer_question(asked)), summarise_run(spec, spec.rounds, [1]), swept(spec, random.Random(seed))]
            )
        except Exception as fault:
            raise AssertionError(f"seed {seed}") from fault


def swept(spec: Spec, rng: random.Random) -> list[Any]:
    """A sweep over twenty random starts that may be of any size."""
    table = spec.to_table()
    table["training"]["rounds"] = 5
    init = rng.choice(
        [
            {"kind": "normal", "std": rng.choice((1e-300, 1.0, 1e300, LARGEST))},
            {"kind": "uniform", "low": -LARGEST, "high": LARGEST},
            {"kind": "xavier uniform"},
        ]
    )
    table = merge_tables(table, {"network": {"init": init}})
    return list(train_part({"table": table, "seeds": [1, 21]}))


@pytest.mark.long(seconds=3)
def test_the_search_for_what_was_done_instead_takes_any_numbers(
    tmp_path: Path, until: float, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = 0
    while monotonic() < until or not seed:
        seed += 1
        rng = random.Random(seed)
        lesson = catastrophe(rng)
        spec = lesson.spec
        small = merge_tables(spec.to_table(), {"training": {"rounding": "none", "batch": "all"}})
        small["network"] = {
            "inputs": [spec.inputs[0][0]],
            "targets": [spec.targets[0][0]],
            "hidden": 1,
            "weights": [spec.weights[0], spec.weights[-1]],
            "activation": {"hidden": spec.activation_hidden, "output": spec.activation_output},
        }
        path = written(tmp_path / "mine.toml", Lesson("mine", "mine", Spec.from_table(small)))
        number = f"{rng.choice(('E', 'dE_dw1', 'new_w2'))}={rng.choice(('nan', '-inf', '1e308', '0', '1e-320', '0.5'))}"
        try:
            told(path, ["explain", "@", "--number", number, "--round", "2", *rng.choice(([], ["--json"]))], capsys)
            path = written(tmp_path / "mine.toml", lesson)
            told(path, ["explain", "@", "--limit", "1", *rng.choice(([], ["--json"]))], capsys)
        except (Exception, SystemExit) as fault:
            raise AssertionError(f"seed {seed}") from fault


def test_a_step_that_is_solved_for_is_looked_for_without_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["explain", "two-by-two", "--weights", "-1e308,0,0,0,0,0,0,0", "--number", "new_w1=1.7e308"]
    assert "new w1 in round 1 is printed as 1.7e308 but should be −1.000e+308" in told("", words, capsys)


@every
def test_a_report_says_in_words_what_became_of_it(
    name: str, tmp_path: Path, in_process: None, capsys: pytest.CaptureFixture[str]
) -> None:
    spec, word = CATASTROPHES[name]
    path = written(tmp_path / "mine.toml", Lesson("mine", name, spec))
    told(path, ["report", "@", "--out", str(tmp_path / "out")], capsys)
    page = (tmp_path / "out" / "report.md").read_text()
    assert re.search(rf"\b{word}\b", page), page
    json.loads((tmp_path / "out" / "runs.json").read_text(), parse_constant=not_json)


@every
def test_the_printed_numbers_are_those_of_the_program_that_is_printed(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path / "mine.toml", Lesson("mine", name, CATASTROPHES[name].spec))
    program = told(path, ["program", "@", "--rounds", "3"], capsys)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    rows = list(csv.DictReader(told(path, ["rounds", "@", "--at", "1-3", "--csv"], capsys).splitlines()))
    printed = re.findall(r"^round \d+  E (\S+)$", done.stdout, re.MULTILINE)
    assert [f"{float(loss):.6g}" for loss in printed] == [f"{float(row['E']):.6g}" for row in rows]


def test_a_training_that_left_the_finite_numbers_says_in_which_round(capsys: pytest.CaptureFixture[str]) -> None:
    flags = ["--step", "1e300", "--activation", "identity"]
    assert re.search(
        r"\n dE_dw1 .* (nan|inf|-inf)|dE_dw1 +\S+ +(nan|-?inf)",
        told("", ["rounds", "two-by-two", *flags, "--at", "2,5"], capsys),
    )
    assert "the numbers of this run are no longer all finite" in told(
        "", ["derive", "two-by-two", *flags, "--round", "5"], capsys
    )
    sweep = told("", ["sweep", "two-by-two", *flags, "--seeds", "20", "--rounds", "20", "--json"], capsys)
    assert json.loads(sweep)["verdicts"]["diverged"] == 20
