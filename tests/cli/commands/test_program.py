"""The command ``program``: each engine's program, and what it refuses."""

import pytest

from bptui.cli.main import main
from bptui.derive.programs import PROGRAMS, join_source
from bptui.lessons.lesson import load_lesson
from tests.cli.refusals import Output, refused


@pytest.mark.parametrize("engine", PROGRAMS)
def test_program_prints_the_program_of_an_engine(capsys: Output, engine: str) -> None:
    lesson = load_lesson("mse-loss")
    expected = join_source(PROGRAMS[engine](lesson.spec, lesson.title))
    assert main(["program", "mse-loss", "--engine", engine]) == 0
    assert capsys.readouterr().out == expected


def test_a_setting_that_cannot_be_is_refused_in_one_line(capsys: Output) -> None:
    fault = "two-by-two: [training] step: 0 must be a number above 0"
    assert refused(capsys, "program", "two-by-two", "--step", "0") == [f"bptui: {fault}"]
