"""The command ``program``: each engine's program in each style, and what it refuses."""

import pytest

from bptui.cli.main import main
from bptui.derive.notebook.notebook import format_notebook
from bptui.derive.programs import PROGRAMS, join_source
from bptui.lessons.lesson import load_lesson
from tests.cli.refusals import Output, refused


@pytest.mark.parametrize("engine", PROGRAMS)
def test_program_prints_the_program_of_an_engine(capsys: Output, engine: str) -> None:
    lesson = load_lesson("mse-loss")
    expected = join_source(PROGRAMS[engine](lesson.spec, lesson.title))
    words = ["--style", "matrix"] if engine == "matrix" else ["--engine", engine]
    assert main(["program", "mse-loss", *words]) == 0
    assert capsys.readouterr().out == expected


def test_program_prints_a_notebook_of_both_engines(capsys: Output) -> None:
    assert main(["program", "mse-loss", "--format", "ipynb"]) == 0
    assert capsys.readouterr().out == format_notebook(load_lesson("mse-loss"))
    for flag in ("--engine torch", "--style matrix"):
        fault = f"bptui: {flag.split()[0]} needs --format py: a notebook always has both engines, in letters"
        assert refused(capsys, "program", "mse-loss", "--format", "ipynb", *flag.split()) == [fault]


def test_a_notebook_says_which_settings_were_changed(capsys: Output) -> None:
    assert main(["program", "mse-loss", "--format", "ipynb", "--rounds", "7"]) == 0
    printed = capsys.readouterr().out
    assert "mse-loss, 7 rounds" in printed and "rounds = 7" in printed


def test_the_torch_program_is_in_matrices_by_itself(capsys: Output) -> None:
    assert main(["program", "relu", "--engine", "torch", "--style", "matrix"]) == 0
    lesson = load_lesson("relu")
    assert capsys.readouterr().out == join_source(PROGRAMS["torch"](lesson.spec, lesson.title))


def test_a_setting_that_cannot_be_is_refused_in_one_line(capsys: Output) -> None:
    fault = "two-by-two: --step: 0 must be a number above 0"
    assert refused(capsys, "program", "two-by-two", "--step", "0") == [f"bptui: {fault}"]
