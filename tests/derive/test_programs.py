"""The programs run alone, and every number they print is the engine's."""

import ast
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from bptui.core.engines.engine import make_engine
from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.rounding import ROUNDINGS
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.spec import Spec
from bptui.core.training.run import Run
from bptui.derive.code_lines import MAX_COLUMNS
from bptui.derive.numpy_program import make_numpy_program
from bptui.derive.program_parts import PART_NAMES, ProgramPart
from bptui.derive.programs import PROGRAMS, count_code_lines, join_source
from bptui.lessons.lesson import DEFAULT_LESSON, Lesson, load_bundled_lessons, load_lesson
from tests.derive.running import ENGINES, ROUNDS, TOLERANCE, agree, execute, printed, text
from tests.effort import ALL, examples
from tests.strategies import BIASES, problem, problems, rounded_or_not
from tests.tables import over

LESSONS = [
    lesson
    for bundled in load_bundled_lessons()
    for lesson in (bundled, *(bundled.make_variant(variant) for variant in bundled.variants))
]
pytestmark = pytest.mark.usefixtures("torch_is_loaded")

TITLES = [
    '"""\nimport os',
    "'''\r\nimport os\r#",
    "ends in a backslash \\",
    "a\u2028import os\x0cimport os\x85import os\x0bimport os",
    "\x00 \x1b[31m \u202e \ud800",
    "-*- coding: rot13 -*-",
    "coding=utf-7",
    "{title} {0} %s",
    "a" * 500,
    "ein Wort ist länger " * 50,
    "",
]


@over(engine=PROGRAMS, lesson=LESSONS)
def test_every_number_of_every_bundled_lesson_is_the_engines(engine: str, lesson: Lesson) -> None:
    agree(engine, lesson.spec)


@over(activation=ACTIVATIONS, loss=LOSSES, engine=PROGRAMS)
def test_every_number_is_the_engines_for_every_activation_loss_and_bias_rule(
    activation: str, loss: str, engine: str
) -> None:
    for biases, numbering in zip(BIASES, ("by source", "by destination") * 2, strict=True):
        spec = replace(problem((3, 2, 2), activation, loss, biases, step=0.3), numbering=numbering)
        agree(engine, replace(spec, activation_neurons=(("h2", "tanh"),)) if biases == "shared" else spec)


@examples(60)
@given(rounded_or_not)
def test_every_number_of_random_problems_is_the_numpy_engines(spec: Spec) -> None:
    agree("numpy", spec)


@examples(60)
@given(rounded_or_not)
def test_every_number_of_random_problems_in_matrices_is_the_numpy_engines(spec: Spec) -> None:
    agree("matrix", spec)


@examples(60)
@given(problems())
def test_every_number_of_random_problems_is_the_torch_engines(spec: Spec) -> None:
    agree("torch", spec, smooth=True)


@over(rounding=ROUNDINGS, precision=TOLERANCE)
def test_the_numpy_program_rounds_as_the_engine_does_to_the_last_bit(rounding: str, precision: str) -> None:
    """By a function that it defines, once; autograd rounds nothing."""
    spec = problem((2, 3, 2), "tanh", "cross entropy", "frozen", rounding=rounding, precision=precision, rounds=ROUNDS)
    program, run = text("numpy", spec), Run(make_engine("numpy", spec))
    assert run.train_to(ROUNDS) and program.count("def ") == 1
    for number, found in enumerate(printed(execute(program), spec), 1):
        kind = type(run.values(number)["E"])
        assert {name: kind(value) for name, value in found.items()} == {n: run.values(number)[n] for n in found}
    assert text("torch", spec) == text("torch", replace(spec, rounding="none"))


@over(rule=RULES)
def test_the_numpy_programs_follow_the_gradient_rule_and_say_so_where_it_is_not_the_chain_rule(rule: str) -> None:
    spec = problem((2, 3, 2), "softmax" if "softmax" in RULES[rule].about else "sigmoid", gradient=rule)
    for name in ("numpy", "matrix"):
        agree(name, spec)
        agree(name, problem((3, 2, 3), "tanh", "cross entropy", "shared", gradient=rule, precision="float32"))
        comments = " ".join(line.strip(" #") for line in text(name, spec).splitlines() if line.strip()[:1] == "#")
        assert (RULES[rule].about in comments) == (rule != "chain rule")
    assert text("torch", spec) == text("torch", replace(spec, gradient="chain rule"))


@pytest.mark.parametrize("engine", PROGRAMS)
def test_a_start_and_a_training_beyond_all_numbers_are_printed_as_they_are(engine: str) -> None:
    """Infinite first weights, and a loss that overflows in mid-run."""
    endless = replace(problem(activation="identity"), init="normal", mean=1.5e308, std=1e308, weights=())
    assert 'float("inf")' in text(engine, endless)
    agree(engine, endless)
    agree(engine, replace(problem(activation="identity"), step=1e200))


@pytest.mark.parametrize("engine", PROGRAMS)
def test_a_program_runs_alone_with_its_one_library(engine: str, tmp_path: Path) -> None:
    """The other library and bptui are barred; so is NumPy where torch would load it by itself."""
    spec = replace(load_lesson("two-by-two").spec, rounds=2, optimiser="adam")
    path = tmp_path / "program.py"
    path.write_text(text(engine, spec), encoding="utf-8")
    barred = {"bptui": None, "textual": None, "numpy": None, "torch": None}
    del barred[ENGINES[engine]]
    code = f"import runpy, sys\nsys.modules.update({barred})\nrunpy.run_path({str(path)!r})"
    command = [sys.executable, "-I", "-W", "ignore", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout == execute(text(engine, spec)) and len(done.stdout.splitlines()) == 8


@pytest.mark.parametrize("engine", PROGRAMS)
def test_a_saved_program_is_run_as_a_file(engine: str, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(text(engine, problem(rounds=1), "-*- coding: utf-7 -*- ½ 数"), encoding="utf-8")
    done = subprocess.run([sys.executable, "-I", str(path)], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.startswith("round 1  E 0.")


@pytest.mark.parametrize("engine", PROGRAMS)
def test_a_program_imports_one_library_and_nothing_else(engine: str) -> None:
    tree = ast.parse(text(engine, problem()))
    imported = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert [ast.unparse(node) for node in imported] == [
        {"numpy": "import numpy as np", "torch": "import torch"}[ENGINES[engine]]
    ]


@over(engine=PROGRAMS, title=TITLES)
def test_no_title_becomes_code_or_changes_how_a_file_is_read(engine: str, title: str) -> None:
    program = text(engine, problem(), title)
    expected = ast.dump(ast.parse(text(engine, problem())))
    assert ast.dump(ast.parse(program)) == expected
    assert ast.dump(ast.parse(program.encode())) == expected
    lines = program.split("\n")
    assert lines[2].startswith("# Lesson:") and all(line.isprintable() for line in lines)
    assert count_code_lines(PROGRAMS[engine](problem(), title)) == count_code_lines(PROGRAMS[engine](problem(), ""))


@pytest.mark.parametrize("engine", PROGRAMS)
def test_the_parts_are_the_program_and_bear_the_same_names_in_both(engine: str) -> None:
    parts = PROGRAMS[engine](problem(), "a lesson")
    assert tuple(part.name for part in parts) == PART_NAMES
    assert "".join(part.source for part in parts) == join_source(parts)
    assert join_source(parts).endswith(")\n")
    assert all(part.source.strip() for part in parts)


@over(loss=LOSSES, biases=BIASES)
def test_the_largest_network_keeps_to_a_hundred_columns(loss: str, biases: str) -> None:
    turn = list(LOSSES).index(loss) + list(BIASES).index(biases)
    activations = list(ACTIVATIONS) if ALL else [list(ACTIVATIONS)[turn % len(ACTIVATIONS)]]
    for activation in activations:
        rounding = {"relu": "8 digits", "identity": "3 decimals"}.get(activation, "none")
        spec = problem((8, 8, 8), activation, loss, biases, precision="float32", rounding=rounding)
        for engine in PROGRAMS:
            program = text(engine, spec, "a lesson " * 50)
            compile(program, "<program>", "exec")
            assert max(map(len, program.splitlines())) <= 100


def test_the_network_the_program_opens_on_is_short_and_fits_half_a_wide_screen() -> None:
    spec = load_lesson(DEFAULT_LESSON).spec
    programs = {name: program(spec, "a lesson") for name, program in PROGRAMS.items()}
    assert {name: count_code_lines(program) // 10 for name, program in programs.items()} == (
        {"numpy": 4, "torch": 2, "matrix": 2}
    )
    assert max(len(line) for p in programs.values() for line in join_source(p).splitlines()) <= MAX_COLUMNS


def test_code_lines_are_neither_empty_nor_comments() -> None:
    part = ProgramPart("loop", "# a\n\nfor n in x:\n    # b\n    print(n)  # c\n\n")
    assert count_code_lines([part, part]) == 4


def test_comments_call_each_of_several_hidden_layers_by_its_number_and_the_only_one_by_none() -> None:
    deep = "".join(part.source for part in make_numpy_program(load_lesson("deep").spec, ""))
    one = "".join(part.source for part in make_numpy_program(load_lesson(DEFAULT_LESSON).spec, ""))
    for words in (
        "forward pass, {}hidden layer",
        "deltas of {}hidden layer",
        "gradients of the weights into {}hidden layer",
    ):
        assert f"# {words.format('the ')}\n".replace(", the", ",") in one
        for number in (1, 2, 3):
            assert f"# {words.format('')} {number}\n" in deep


def test_a_rule_that_updates_in_mid_round_keeps_its_order() -> None:
    """What is updated before the last gradient stands among the gradients, in the list's own order."""
    spec = problem(biases="per neuron", gradient="updated weights")
    parts = {part.name: part.source for part in make_numpy_program(spec, "a lesson")}
    for p in (*(f"w{n}" for n in range(5, 9)), "b_o1", "b_o2"):
        assert parts["gradient"].index(f"new_{p} = ") < parts["gradient"].index("delta_h1 = ")
        assert f"new_{p} = " not in parts["update"]
    for p in (*(f"w{n}" for n in range(1, 5)), "b_h1", "b_h2"):
        assert f"new_{p} = " in parts["update"] and f"new_{p}" not in parts["gradient"]
