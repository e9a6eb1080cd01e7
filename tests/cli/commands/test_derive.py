"""The command ``derive``: it prints what the screen shows, takes every setting, and refuses in the user's words."""

import pytest

from bptui.cli.main import main
from bptui.derive.graph.page import derive_graph
from bptui.derive.matrices.page import derive_in_matrices
from bptui.derive.page import derive_round
from bptui.lessons.lesson import load_lesson
from tests.cli.refusals import Output, refused

REFUSED = {
    "derive two-by-two --round 0": "--round: 0 must be a whole number from 1 to 10,000,000",
    "derive two-by-two --round x": '--round: "x" must be a whole number from 1 to 10,000,000',
    "derive two-by-two --precision-shown 18": "--precision-shown: 18 must be a whole number from 1 to 17",
    "derive two-by-two --quantity dE_dw0": '--quantity: this network has no dE_dw0; did you mean "dE_dw',
    "derive two-by-two --form matrix --quantity W1": "--quantity: W1 is given, not calculated",
    "derive two-by-twos": 'two-by-twos: no bundled lesson or file has this name; did you mean "two-by-two"?',
}


def printed(capsys: Output, *words: str) -> str:
    assert main(words) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("kind", ["text", "markdown", "latex"])
def test_derive_prints_the_page_of_a_round_in_the_form_that_is_asked_for(capsys: Output, kind: str) -> None:
    words = ("derive", "two-by-two", "--round", "3", "--format", kind, "--precision-shown", "4")
    expected = "\n".join(derive_round(load_lesson("two-by-two"), 3, kind, 4))
    assert printed(capsys, *words) == expected + "\n"


@pytest.mark.parametrize("kind", ["text", "markdown", "latex"])
def test_derive_prints_the_page_in_matrices(capsys: Output, kind: str) -> None:
    words = ("derive", "xor", "--form", "matrix", "--format", kind, "--precision-shown", "4")
    assert printed(capsys, *words) == "\n".join(derive_in_matrices(load_lesson("xor"), 1, kind, 4)) + "\n"
    assert "dE_dW1 (2x2) = X.T @ Delta1" in printed(capsys, "derive", "xor", "--form", "matrix", "--quantity", "dE_dw1")


def test_derive_starts_with_round_1_in_plain_text_with_six_digits(capsys: Output) -> None:
    assert printed(capsys, "derive", "relu") == "\n".join(derive_round(load_lesson("relu"), 1, "text", 6)) + "\n"


def test_a_changed_setting_is_in_the_calculation(capsys: Output) -> None:
    text = printed(capsys, "derive", "two-by-two", "--quantity", "new_w5", "--step", "5", "--activation", "relu")
    assert "eta = 5" not in text and "- 5*" in text
    assert "if" in printed(capsys, "derive", "two-by-two", "--activation", "o2=relu", "--quantity", "delta_o2")


def test_derive_prints_the_computation_graph_as_a_form_of_its_own(capsys: Output) -> None:
    words = ("derive", "two-by-two", "--form", "graph", "--quantity", "dE_dw1", "--round", "2", "--format", "markdown")
    expected = "\n".join(derive_graph(load_lesson("two-by-two"), 2, "markdown", 6, "dE_dw1"))
    assert printed(capsys, *words) == expected + "\n"


@pytest.mark.parametrize("spelling", ["dE_dw1", "dE/dw1", "∂E/∂w1"])
def test_a_quantity_may_be_spelt_as_on_paper(capsys: Output, spelling: str) -> None:
    assert "dE_dw1 = delta_h1*x1" in printed(capsys, "derive", "two-by-two", "--quantity", spelling)


@pytest.mark.parametrize("words", REFUSED)
def test_what_cannot_be_is_refused_in_one_line(capsys: Output, words: str) -> None:
    (line,) = refused(capsys, *words.split())
    assert line.startswith(f"bptui: {REFUSED[words]}")
