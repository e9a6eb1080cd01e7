"""The verbs that explain: they print what the screen shows, take every setting, and refuse in the user's words."""

import pytest

from bptui.cli.main import main
from bptui.derive.page import derive
from bptui.derive.programs import PROGRAMS, source
from bptui.lessons.lesson import load_lesson

Output = pytest.CaptureFixture[str]
REFUSED = {
    "derive two-by-two --round 0": "--round: 0 must be a whole number from 1 to 10,000,000",
    "derive two-by-two --round x": "--round: x must be a whole number from 1 to 10,000,000",
    "derive two-by-two --precision-shown 18": "--precision-shown: 18 must be a whole number from 1 to 17",
    "derive two-by-two --quantity dE_dw0": '--quantity: this network has no dE_dw0; did you mean "dE_dw',
    "derive two-by-twos": 'two-by-twos: there is no such bundled lesson or file; did you mean "two-by-two"?',
    "program two-by-two --step 0": "two-by-two: [training] step: 0 must be a number above 0",
    "practice two-by-two": "the program needs a terminal; `bptui derive LESSON` prints the whole calculation",
}


def printed(capsys: Output, *words: str) -> str:
    assert main(words) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("kind", ["text", "markdown", "latex"])
def test_derive_prints_the_page_of_a_round_in_the_form_that_is_asked_for(capsys: Output, kind: str) -> None:
    words = ("derive", "two-by-two", "--round", "3", "--format", kind, "--precision-shown", "4")
    expected = "\n".join(derive(load_lesson("two-by-two"), 3, kind, 4))
    assert printed(capsys, *words) == expected + "\n"


def test_derive_starts_with_round_1_in_plain_text_with_six_digits(capsys: Output) -> None:
    assert printed(capsys, "derive", "relu") == "\n".join(derive(load_lesson("relu"), 1, "text", 6)) + "\n"


def test_a_changed_setting_is_in_the_calculation(capsys: Output) -> None:
    text = printed(capsys, "derive", "two-by-two", "--quantity", "new_w5", "--step", "5", "--activation", "relu")
    assert "eta = 5" not in text and "- 5*" in text
    assert "if" in printed(capsys, "derive", "two-by-two", "--activation", "o2=relu", "--quantity", "delta_o2")


@pytest.mark.parametrize("spelling", ["dE_dw1", "dE/dw1", "∂E/∂w1"])
def test_a_quantity_may_be_spelt_as_on_paper(capsys: Output, spelling: str) -> None:
    assert "dE_dw1 = delta_h1*x1" in printed(capsys, "derive", "two-by-two", "--quantity", spelling)


@pytest.mark.parametrize("engine", PROGRAMS)
def test_program_prints_the_program_of_an_engine(capsys: Output, engine: str) -> None:
    lesson = load_lesson("mse-loss")
    expected = source(PROGRAMS[engine](lesson.spec, lesson.title))
    assert printed(capsys, "program", "mse-loss", "--engine", engine) == expected


def test_a_part_that_is_none_is_refused_before_the_screen_opens(capsys: Output, in_a_terminal: None) -> None:
    assert main(["practice", "two-by-two", "--part", "forwards"]) == 2
    assert capsys.readouterr().err.startswith('bptui: --part: "forwards" must be one of whole round, forward')


@pytest.mark.parametrize("words", REFUSED)
def test_what_cannot_be_is_refused_in_one_line(capsys: Output, words: str) -> None:
    assert main(words.split()) == 2
    output = capsys.readouterr()
    assert output.out == "" and output.err.startswith(f"bptui: {REFUSED[words]}") and output.err.count("\n") == 1
