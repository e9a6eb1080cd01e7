"""Checking: every printed figure is recomputed as it claims to have been, and told apart digit for digit."""

import json
from collections.abc import Callable
from math import ulp
from pathlib import Path
from typing import Any

import pytest

from bptui.check.recompute import as_text, check_figures, summarise_matches
from bptui.cli.main import main
from bptui.core.engines.engine import ENGINES, Floats, NumpyEngine
from bptui.lessons.lesson import Lesson, load_lesson, parse_lesson
from tests.torches import needs_torch

Output = pytest.CaptureFixture[str]
PROBLEM = """
title = "Mine"
[network]
inputs = [0.5, 0.3]
targets = [0.23, -0.07]
weights = [0.2, -0.4, 0.5, 0.6, 0.1, -0.5, -0.3, 0.8]
[training]
"""
FIGURES = """
[[figures]]
round = 1
printed = { h1 = "0.5622", E = "0.20972" }
[[figures]]
round = 10
step = 5
printed = { E = "0.02169" }
"""


def lesson_of(text: str) -> Lesson:
    return parse_lesson(PROBLEM + text, "mine")


def objects(capsys: Output, status: int, *words: str) -> list[dict[str, Any]]:
    assert main(["check", *words, "--json"]) == status
    return [json.loads(line, parse_constant=pytest.fail) for line in capsys.readouterr().out.splitlines()]


@pytest.fixture
def mine(tmp_path: Path) -> Callable[[str], str]:
    def write(text: str) -> str:
        path = tmp_path / "mine.toml"
        path.write_text(PROBLEM + text)
        return str(path)

    return write


# --- the function ---


def test_each_figure_comes_with_where_it_stands_what_it_comes_to_and_whether_that_is_it() -> None:
    found = list(check_figures(lesson_of(FIGURES)))
    assert [(f.round, f.quantity, f.printed, f.agrees, dict(f.changes)) for f in found] == [
        (1, "h1", "0.5622", True, {}),
        (1, "E", "0.20972", False, {}),
        (10, "E", "0.02169", True, {"step": 5}),
    ]
    assert [round(f.recomputed, 6) for f in found] == [0.562177, 0.20971, 0.021694]
    assert {(f.engine, f.precision) for f in found} == {("numpy", "float64")}


@pytest.mark.parametrize(("numbering", "row"), [("by source", "source"), ("by destination", "neuron")])
def test_it_is_said_what_a_printed_matrix_has_a_row_for(numbering: str, row: str) -> None:
    printed = 'dE_dW1 = "[[1 2] [3 4]]", H1 = "[1 2]", new_W2 = "[[1 2] [3 4]]"'
    text = PROBLEM.replace("[network]", f'[network]\nnumbering = "{numbering}"')
    lesson = parse_lesson(f"{text}[[figures]]\nround = 1\nprinted = {{ {printed} }}", "mine")
    lines = list(as_text(lesson, check_figures(lesson)))
    assert lines[1] == f"  dE_dW1, new_W2: a row per {row}"
    assert len(lines) == 3 + 4 + 2 + 4


def test_matrices_of_a_layer_say_whether_they_have_a_row_or_a_column_per_sample() -> None:
    lesson = load_lesson(str(Path(__file__).parents[1] / "lessons/exams/batch-as-columns.toml"))
    lines = list(as_text(lesson, check_figures(lesson)))
    assert lines[1:3] == ["  Z1, H1, Delta1: a column per sample", "  dE_dW1, new_W1: a row per neuron"]


def test_what_is_no_quantity_of_a_round_is_recomputed_as_well() -> None:
    names = ("E_o1", "dE_dh1", "change_w1", "dE_do1", "din_o1_dh1")
    printed = ", ".join(f'{name} = "1"' for name in names)
    found = {
        f.quantity: f.recomputed for f in check_figures(lesson_of(f"[[figures]]\nround = 1\nprinted = {{ {printed} }}"))
    }
    assert tuple(found) == names
    assert found["din_o1_dh1"] == 0.1 and found["change_w1"] == pytest.approx(0.00842148, rel=1e-5)
    assert found["E_o1"] == pytest.approx(found["dE_do1"] ** 2 / 2, rel=1e-15)


def test_equal_trainings_are_done_once_and_no_further_than_their_last_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    trained: list[int] = []
    advance = NumpyEngine.advance

    def counting(self: NumpyEngine, state: Floats, rounds: int, first: int) -> tuple[Floats, Floats]:
        trained.append(rounds)
        return advance(self, state, rounds, first)

    monkeypatch.setattr(NumpyEngine, "advance", counting)
    entry = "[[figures]]\nround = {}\nstep = {}\nprinted = {{ E = '1' }}\n"
    list(check_figures(lesson_of("".join(entry.format(*one) for one in [(30, 1), (20, 2), (10, 1), (40, 1), (20, 2)]))))
    assert sum(trained) == 40 + 20


def test_a_figure_is_known_before_the_next_one_is_looked_at() -> None:
    """Ten million rounds would take minutes."""
    found = check_figures(
        lesson_of("[[figures]]\nround = 1\nprinted = { E = '0.20971' }\n" + FIGURES.replace("10", "10000000"))
    )
    assert next(found).agrees


@needs_torch
def test_a_figure_of_torchs_is_recomputed_by_torch_in_its_own_precision_by_the_chain_rule_and_unrounded() -> None:
    settings = 'torch_precision = "float32"\ngradient = "as published"\nrounding = "2 digits"\n'
    printed = "[[figures]]\nround = 1\nengine = 'torch'\nprinted = { dE_dw1 = '-0.0084215', dE_dh1 = '-0.034222' }"
    found = list(check_figures(lesson_of(settings + printed)))
    assert [(f.engine, f.precision) for f in found] == [("torch", "float32")] * 2
    assert found[0].agrees
    (by_numpy,) = check_figures(lesson_of("[[figures]]\nround = 1\nprinted = { dE_dh1 = '1' }"))
    assert found[1].recomputed == pytest.approx(by_numpy.recomputed, rel=1e-5)


def test_without_torch_numpy_does_the_same_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, "torch", "no_such_torch:Engine")
    said: list[str] = []
    settings = 'precision = "float32"\ngradient = "as published"\n'
    printed = "[[figures]]\nround = 1\nengine = 'torch'\nprinted = { dE_dw1 = '-0.0084215' }"
    (found,) = check_figures(lesson_of(settings + printed), said.append)
    assert (found.engine, found.precision, found.agrees) == ("numpy", "float32", True)
    assert said == [
        "no_such_torch is not installed: NumPy recomputes torch's figures, and the last digits of float32 may differ"
    ]


def test_a_bare_point_is_read_by_the_decimals_of_its_figures() -> None:
    entry = "[[figures]]\nround = 1\nprinted = {{ {} change_w1 = '0.' }}"
    beside, alone = (list(check_figures(lesson_of(entry.format(other))))[-1] for other in ("E = '0.21',", ""))
    assert beside.recomputed == alone.recomputed == pytest.approx(0.00842148, rel=1e-5)
    assert [beside.agrees, alone.agrees] == [False, False]
    wider = list(check_figures(lesson_of(entry.format("E = '0.2',"))))[-1]
    assert wider.agrees and not wider.last_digits


def test_a_figure_with_all_digits_in_another_order_matches_to_the_last_digit_or_two() -> None:
    (exact,) = check_figures(lesson_of("[[figures]]\nround = 1\nprinted = { dE_dw1 = '1' }"))
    entry = "[[figures]]\nround = 1\nprinted = {{ dE_dw1 = '{!r}' }}"
    values = (exact.recomputed + ulps * ulp(exact.recomputed) for ulps in (0, 2, 200))
    found = [one for value in values for one in check_figures(lesson_of(entry.format(value)))]
    assert [(one.agrees, one.last_digits) for one in found] == [(True, False), (True, True), (False, False)]


def test_figures_in_every_style_are_compared_as_they_are_printed() -> None:
    printed = "E = '0,20971', h1 = '5.62177 × 10⁻¹', dE_dw1 = '−8,4215·10^-3', dE_dw5 = '−2.2E-02'"
    found = list(check_figures(lesson_of(f"[[figures]]\nround = 1\nprinted = {{ {printed} }}")))
    assert [one.printed for one in found if one.agrees] == ["0,20971", "5.62177 × 10⁻¹", "−8,4215·10^-3"]
    assert found[-1].printed == "−2.2E-02" and not found[-1].agrees


# --- the verb: text ---


def test_the_text_has_a_heading_a_line_a_figure_and_a_line_that_counts(
    capsys: Output, mine: Callable[[str], str]
) -> None:
    path = mine(FIGURES)
    assert main(["check", path]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "mine: Mine",
        "  round  quantity  printed  recomputed",
        "      1        h1   0.5622  0.5621765    ✓",
        "      1         E  0.20972  0.20970979   ✗",
        "     10         E  0.02169  0.02169360   ✓  η 5",
        f"2 of 3 figures agree; `bptui explain {path}` says what was done instead",
    ]


def test_the_text_says_which_figures_match_only_to_the_last_digit_or_two(
    capsys: Output, mine: Callable[[str], str]
) -> None:
    (exact,) = check_figures(lesson_of("[[figures]]\nround = 1\nprinted = { E = '1' }"))
    near = repr(exact.recomputed + 2 * ulp(exact.recomputed))
    assert main(["check", mine(f"[[figures]]\nround = 1\nprinted = {{ h1 = '0.5622', E = '{near}' }}")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[2].endswith("✓") and lines[3].endswith("  ✓ but for the last digits")
    assert lines[4] == "2 of 2 figures agree, 1 of them but for the last digits"


def test_where_all_figures_agree_the_status_is_0_and_nothing_is_left_to_explain(capsys: Output) -> None:
    assert main(["check", "numpy-by-hand"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "9 of 9 figures agree"


def test_a_lesson_without_figures_says_so_and_counts_as_agreeing(capsys: Output) -> None:
    assert main(["check", "two-by-two", "--json"]) == 0
    assert capsys.readouterr().out == ""
    assert main(["check", "two-by-two"]) == 0
    title = load_lesson("two-by-two").title
    assert capsys.readouterr().out.splitlines() == [
        f"two-by-two: {title}",
        "  it has no printed figures, so there is nothing to compare",
    ]


def test_several_lessons_are_checked_one_after_the_other_and_counted_together(capsys: Output) -> None:
    assert main(["check", "nnwj", "two-by-two", "numpy-by-hand", "rgu-chapter-3"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines if line[0] != " "][:-1] == [
        "nnwj",
        "two-by-two",
        "numpy-by-hand",
        "rgu-chapter-3",
    ]
    assert lines[-1] == (
        "16 of 30 figures agree; `bptui explain nnwj` and `bptui explain rgu-chapter-3` say what was done instead"
    )


def test_a_single_figure_is_counted_as_one_and_a_path_is_quoted_for_the_shell() -> None:
    one = list(check_figures(lesson_of("[[figures]]\nround = 1\nprinted = { E = '1' }")))
    assert summarise_matches({"my lesson.toml": one}) == (
        "0 of 1 figure agree; `bptui explain 'my lesson.toml'` says what was done instead"
    )


# --- the verb: JSON ---


def test_json_is_an_object_a_figure_with_the_settings_it_was_printed_under(
    capsys: Output, mine: Callable[[str], str]
) -> None:
    first, _, last = objects(capsys, 1, mine(FIGURES))
    assert list(first) == [
        *("lesson", "round", "engine", "precision", "quantity", "printed", "recomputed", "agrees", "last_digits"),
    ]
    assert {**first, "recomputed": 0} == {
        "lesson": "mine",
        "round": 1,
        "engine": "numpy",
        "precision": "float64",
        "quantity": "h1",
        "printed": "0.5622",
        "recomputed": 0,
        "agrees": True,
        "last_digits": False,
    }
    assert first["recomputed"] == next(check_figures(lesson_of(FIGURES))).recomputed
    assert last["training"] == {"step": 5}


def test_in_json_what_is_not_finite_is_a_string(capsys: Output, mine: Callable[[str], str]) -> None:
    figures = "[[figures]]\nround = 9\nprinted = { E = 'nan', o1 = '1' }"
    found = objects(capsys, 1, mine(figures), "--activation", "identity", "--step", "50")
    assert {f["recomputed"] for f in found} <= {"nan", "inf", "-inf"}


# --- the verb: settings, and what cannot be ---


def test_a_setting_on_the_command_line_is_that_of_every_figure_too(capsys: Output) -> None:
    found = objects(capsys, 1, "numpy-by-hand", "--step", "1")
    assert not any("training" in f for f in found)
    assert [f["agrees"] for f in found] == [*[False] * 8, True]
    assert main(["rounds", "numpy-by-hand", "--step", "1", "--at", "100", "--json"]) == 0
    by_rounds = json.loads(capsys.readouterr().out)["quantities"]
    assert {f["quantity"]: f["recomputed"] for f in found if f["round"] == 100} == {
        name: by_rounds[name] for name in ("o1", "o2", "E")
    }


def test_other_settings_leave_a_figures_own_alone(capsys: Output) -> None:
    found = objects(capsys, 1, "numpy-by-hand", "--gradient", "chain rule")
    assert [f.get("training") for f in found] == [*[None] * 3, *[{"step": 5.0}] * 6]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nnwj", "no-such-lesson"], "bptui: no-such-lesson: no bundled lesson or file has this name"),
        (["nnwj", "numpy-by-hand", "--step", "0"], "bptui: nnwj: --step: 0 must be a number above 0"),
        (
            ["mazur-2015", "--hidden=1", "--weights=1,2,3,4", "--biases-hidden=1"],
            "bptui: mazur-2015: [figures 1] printed.h2: is not a quantity of this network",
        ),
    ],
)
def test_bad_input_ends_with_status_2_before_anything_is_printed(capsys: Output, words: list[str], said: str) -> None:
    assert main(["check", *words]) == 2
    output = capsys.readouterr()
    assert output.out == "" and output.err.startswith(said)


def test_without_a_lesson_there_is_nothing_to_check(capsys: Output) -> None:
    with pytest.raises(SystemExit) as end:
        main(["check"])
    assert end.value.code == 2 and "LESSON" in capsys.readouterr().err


def test_without_torch_one_line_on_standard_error_says_so_for_all_lessons(
    capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ENGINES, "torch", "no_such_torch:Engine")
    main(["check", "torch-autograd", "relu", "--json"])
    output = capsys.readouterr()
    assert output.err == (
        "bptui: no_such_torch is not installed: NumPy recomputes torch's figures, "
        "and the last digits of float32 may differ\n"
    )
    found = [json.loads(line) for line in output.out.splitlines()]
    assert {(f["engine"], f["precision"]) for f in found} == {("numpy", "float32")}
    assert sum(f["agrees"] for f in found) > 0.9 * len(found)
