"""Explanations: what is claimed of whole lessons, and the data and sentences that it is told in."""

import json
from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

import pytest

from bptui.core.formulas.gradient_rules import RULES
from bptui.explain.limits import MAX_CHANGES
from bptui.explain.result import ExplanationData, GroupData, as_data, list_figures
from bptui.explain.search.search import Search, SearchProgress
from bptui.explain.sentences import describe_progress, format_as_printed, make_sentences, wrap_lines
from bptui.lessons.lesson import Figures, Lesson, load_bundled_lessons, load_lesson
from tests.explain.books import of_lesson
from tests.tables import over
from tests.torches import NO_TORCH, needs_torch

BOOKS = ("mazur-2015", "era-sheet", "rgu-chapter-3", "nnwj")
RECONSTRUCTED = "random-weights"  # its start is known to four digits only, so not all of its figures can come out
BOOK = load_lesson("mazur-2015")
PROBLEM = replace(BOOK, name="mine", figures=())  # to which figures are given
RIGHT, UPDATED, FEW, NOTHING = "0.000438567734", "0.000364722878", "0.00036", "0.000123456789"
NEARLY = "0.000364755555"  # what a rule gives, but for its last digits
THREE_WAYS = "0.002268350454"  # two rules and a loss give it


def with_numbers(**printed: str) -> Lesson:
    return replace(PROBLEM, figures=(Figures(1, "numpy", {}, printed),))


def asked(most: int = MAX_CHANGES, **printed: str) -> ExplanationData:
    """The explanation of some numbers of round 1."""
    search = Search(list_figures(with_numbers(**printed)), most)
    for _ in search.run():
        pass
    return as_data("mine", search.explanation)


def names(group: GroupData) -> set[str]:
    return {change["name"] for change in group["changes"]}


def places(group: GroupData) -> list[tuple[int, str]]:
    return [(figure["round"], figure["quantity"]) for figure in group["figures"]]


def text(told: ExplanationData) -> str:
    return "\n".join(line.text for line in make_sentences(told))


# --- lessons ---


@pytest.mark.parametrize(
    "lesson",
    [lesson.name for lesson in load_bundled_lessons() if lesson.figures and lesson.name not in (*BOOKS, RECONSTRUCTED)],
)
def test_of_lessons_whose_figures_come_out_nothing_is_claimed(lesson: str) -> None:
    if find_spec("torch") is None and lesson != "numpy-by-hand":
        pytest.skip(NO_TORCH)
    explanation = of_lesson(lesson)
    assert explanation["right"] == explanation["figures"] > 0
    assert (explanation["groups"], explanation["left"], explanation["first_wrong"]) == ([], [], None)


@pytest.mark.exhaustive
def test_the_published_slip_and_both_its_steps_are_found_from_the_printed_figures_alone() -> None:
    explanation = of_lesson("numpy-by-hand", ("step", "gradient"), gradient="chain rule", step=1.0)
    slip = 'gradient rule "as published"'
    found = {
        (frozenset(names(group)), frozenset(round_ for round_, _ in places(group))) for group in explanation["groups"]
    }
    assert found == {
        (frozenset({slip, "step 10"}), frozenset({10})),
        (frozenset({slip, "step 5"}), frozenset({100, 1000})),
    }
    assert explanation["left"] == []
    assert all(group["sure"] for group in explanation["groups"])


@needs_torch
@pytest.mark.parametrize(
    ("lesson", "settings", "name"),
    [
        (
            "relu",
            {
                "activation_hidden": "torch.sigmoid",
                "activation_output": "torch.sigmoid",
                "activation_neurons": (),
            },
            "o2: relu",
        ),
        pytest.param("mse-loss", {"loss": "half squared error"}, "squared error", marks=pytest.mark.exhaustive),
        pytest.param(
            "torch-autograd",
            {"activation_hidden": "sigmoid", "activation_output": "sigmoid"},
            "the library's sigmoid",
            marks=pytest.mark.exhaustive,
        ),
    ],
    ids=["relu", "mse-loss", "torch-autograd"],
)
def test_what_a_lesson_is_about_is_found_from_its_figures(lesson: str, settings: dict[str, Any], name: str) -> None:
    explanation = of_lesson(lesson, **settings)
    (group,) = explanation["groups"]
    assert names(group) == {name} and group["sure"]
    assert group["explains"] == explanation["figures"] > explanation["right"]


def test_of_the_widely_read_example_two_slips_are_found() -> None:
    updated, earlier = of_lesson("mazur-2015")["groups"]
    assert (names(updated), places(updated)) == (
        {'gradient rule "updated weights"'},
        [(2, "E"), (10001, "o1"), (10001, "o2")],
    )
    assert (names(earlier), places(earlier)) == ({"round N for N − 1"}, [(10001, "E")])
    assert updated["sure"] and earlier["sure"] and not of_lesson("mazur-2015")["left"]


def test_of_the_class_spreadsheet_one_slip_explains_all() -> None:
    (group,) = of_lesson("era-sheet")["groups"]
    assert names(group) == {'gradient rule "first derivative for all"'}
    assert (group["explains"], len(group["figures"]), group["sure"]) == (44, 11, True)


@pytest.mark.exhaustive
def test_of_the_lecture_notes_three_habits_are_found_and_the_cut_digit_is_not_claimed() -> None:
    main, last = of_lesson("rgu-chapter-3")["groups"]
    assert names(main) == {
        'gradient rule "updated weights"',
        "goes on with the printed figures",
        "slopes counted the other way",
    }
    assert main["sure"] and len(main["figures"]) == 7
    assert places(last) == [(1, "new_w4")] and not last["sure"]
    sets = [last, *last["others"]]
    assert any("digits cut off" in {change["name"] for change in one["changes"]} for one in sets)


@pytest.mark.exhaustive
def test_of_the_tutorial_page_three_habits_explain_all() -> None:
    (group,) = of_lesson("nnwj")["groups"]
    assert names(group) == {
        'gradient rule "raw error, no weights"',
        "digits cut off",
        "goes on with the printed figures",
    }
    assert (group["explains"], group["sure"]) == (10, True)


# --- figures ---


def test_figures_are_taken_in_the_order_of_their_calculation_with_the_problem_they_were_printed_for() -> None:
    changes = {"step": 0.25, "torch_precision": "float32", "gradient": "raw error"}
    lesson = replace(
        PROBLEM,
        figures=(
            Figures(3, "numpy", {"step": 0.25}, {"E": "0.1"}),
            Figures(1, "torch", changes, {"new_w1": "0.2", "h1": "0.3"}),
        ),
    )
    figures = list_figures(lesson)
    assert [(f.round, f.name, f.engine) for f in figures] == [
        (1, "h1", "torch"),
        (1, "new_w1", "torch"),
        (3, "E", "numpy"),
    ]
    assert [(f.spec.step, f.spec.precision, f.spec.gradient) for f in figures] == [
        *[(0.25, "float32", "chain rule")] * 2,
        (0.25, "float64", "chain rule"),
    ]


# --- data ---


@pytest.mark.parametrize(
    "printed",
    [
        {"dE_dw1": RIGHT},
        {"dE_dw1": UPDATED},
        {"dE_dw1": FEW},
        {"dE_dw1": NOTHING, "E": "0.298371109"},
        {"dE_dw1": "nan", "o1": "-inf", "o2": "1e400"},
    ],
    ids=["right", "found", "unsure", "left", "no numbers"],
)
def test_what_is_told_can_be_sent_as_json_and_has_every_figure_in_one_place(printed: dict[str, str]) -> None:
    explanation = asked(1, **printed)
    assert json.loads(json.dumps(explanation, allow_nan=False)) == explanation
    assert set(explanation) == set(ExplanationData.__annotations__)
    placed = sum(len(group["figures"]) for group in explanation["groups"])
    assert explanation["figures"] == len(printed) == explanation["right"] + placed + len(explanation["left"])
    assert (explanation["first_wrong"] is None) == (explanation["right"] == len(printed))
    for group in explanation["groups"]:
        assert set(group) == set(GroupData.__annotations__)


def test_of_each_figure_it_is_told_what_was_printed_what_is_right_and_what_the_change_gives() -> None:
    explanation = asked(dE_dw1=UPDATED)
    (group,) = explanation["groups"]
    (figure,) = group["figures"]
    assert (figure["round"], figure["quantity"], figure["printed"]) == (1, "dE_dw1", UPDATED)
    assert figure["recomputed"] == pytest.approx(0.000438567734, abs=1e-12)
    assert figure["otherwise"] == pytest.approx(0.000364722878, abs=1e-12)
    assert explanation["first_wrong"] == {key: value for key, value in figure.items() if key != "otherwise"}


# --- sentences ---


def test_of_right_figures_it_is_said_that_they_come_out() -> None:
    assert text(asked(dE_dw1=RIGHT)) == "mine: the figure comes out, digit by digit"
    assert text(asked(dE_dw1=RIGHT, E="0.298371109")) == "mine: all 2 figures come out, digit by digit"


def test_of_a_single_number_it_is_said_what_it_is_and_what_was_done() -> None:
    first, *rest = list(make_sentences(asked(dE_dw1=UPDATED)))
    assert first.text == "mine: ∂E/∂w1 of round 1 is printed 0.000364722878, and comes to 0.000438567734474"
    kinds = [line.kind for line in rest]
    assert kinds.count("change") == kinds.count("row") == 1
    (change,) = [line.text for line in rest if line.kind == "change"]
    assert change.strip().startswith("the hidden step uses the weights into the outputs after their update")
    assert change.endswith('[gradient rule "updated weights"]')
    (row,) = [line.text.split() for line in rest if line.kind == "row"]
    assert row == ["1", "∂E/∂w1", UPDATED, "0.000438567734474", "0.000364722877594"]
    assert "cannot tell" not in text(asked(dE_dw1=UPDATED))


def test_what_cannot_be_told_apart_is_said_to_be_so() -> None:
    said = text(asked(dE_dw1=THREE_WAYS))
    best, _, others = said.partition("The figure cannot tell it from:")
    assert [line[:5] for line in others.strip("\n").splitlines()] == ["   · "] * 2
    assert "if this was done instead" in best
    for about in (RULES["output derivative forgotten"].about, RULES["raw error"].about, "the loss was binary cross"):
        assert about in said


def test_of_few_digits_it_is_said_that_they_prove_nothing() -> None:
    said = text(asked(dE_dw1=FEW))
    assert "1 figure would come out, but that proves little:" in said
    assert "if this was done instead" not in said


def test_several_groups_are_numbered_and_say_how_much_each_explains() -> None:
    said = text(of_lesson("mazur-2015"))
    assert said.startswith(
        "mazur-2015: 21 of 25 figures come out, 4 do not\n"
        "The first that does not: E of round 2 is printed 0.291027924, and comes to 0.291027773694.\n"
    )
    assert "\n1. 3 figures come out, digit by digit, if this was done instead:\n" in said
    assert "\n2. 1 figure comes out, digit by digit, if this was done instead:\n" in said
    assert "With it 18 of the 25 figures come out." in said
    assert "10,001" in said


def test_where_one_group_explains_all_that_is_said_and_it_has_no_number() -> None:
    said = text(of_lesson("era-sheet"))
    assert "\n11 figures come out, digit by digit, if this was done instead:\n" in said
    assert "With it all 44 figures come out." in said


def test_what_nothing_explains_is_said_with_how_far_it_was_looked_and_what_comes_nearest() -> None:
    said = text(asked(1, dE_dw1=NEARLY))
    assert "Nothing in the catalogue puts it right; every single change was tried." in said
    assert "What comes nearest: " in said
    assert "Nothing in the catalogue puts 2 figures right" in text(asked(1, dE_dw1=NOTHING, E="0.98765"))


def test_of_a_search_that_was_stopped_it_is_said_how_far_it_came() -> None:
    search = Search(list_figures(with_numbers(dE_dw1=NOTHING)))
    steps = search.run()
    next(steps)
    started = as_data("mine", search.explanation, stopped=True)
    while next(steps).changes == 1:
        pass
    later = as_data("mine", search.explanation, stopped=True)
    assert (started["stopped"], started["looked"], later["looked"]) == (True, 0, 1)
    assert "topped before" in text(started) and "not even every single change was tried" in text(started)
    assert "topped before" in text(later) and "; every single change was tried" in text(later)


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (SearchProgress(1, 3, 110), "trying single changes: 3 of 110"),
        (SearchProgress(2, 1234, 4321), "trying 2 changes at once: 1,234 of 4,321"),
    ],
)
def test_how_far_a_search_is_is_said_in_words(progress: SearchProgress, words: str) -> None:
    assert describe_progress(progress) == words


@pytest.mark.parametrize(
    ("value", "printed", "shown"),
    [
        (0.041094, "0.041", "0.041094"),
        (0.5, "0.50", "0.50000"),
        (12.0, "12.", "12.000"),
        (1.23456789e34, "1.23e+34", "1.23457e+34"),
        (120.0, "1e2", "1.200e+02"),
        (0.1, "0.1000000000000000055", "0.10000000000000001"),
        ("inf", "0.5", "inf"),
        (float("inf"), "0.5", "inf"),
        (None, "0.5", "no such number"),
        (0.25, "nan", "0.25"),
    ],
)
def test_a_number_is_shown_as_the_figure_is_with_three_digits_more(
    value: float | str | None, printed: str, shown: str
) -> None:
    assert format_as_printed(value, printed) == shown


def explanations() -> Sequence[ExplanationData]:
    return [of_lesson("mazur-2015"), of_lesson("era-sheet"), asked(1, dE_dw1=NOTHING), asked(dE_dw1=THREE_WAYS)]


@over(width=[40, 76, 100])
def test_lines_keep_within_the_width_and_lose_no_word(width: int) -> None:
    for explanation in explanations():
        said = list(make_sentences(explanation))
        lines = list(wrap_lines(said, width))
        assert all(len(line.text) <= width for line in lines if line.kind != "row")
        assert " ".join(line.text for line in lines).split() == " ".join(line.text for line in said).split()


def test_a_table_is_never_broken_and_what_goes_on_in_the_next_line_is_indented_as_it_began() -> None:
    said = list(make_sentences(asked(dE_dw1=THREE_WAYS)))
    lines = list(wrap_lines(said, 50))
    assert [line for line in lines if line.kind == "row"] == [line for line in said if line.kind == "row"]
    changes = [line.text for line in lines if line.kind == "change"]
    assert len(changes) > 1 and all(line.startswith("   ") for line in changes)
