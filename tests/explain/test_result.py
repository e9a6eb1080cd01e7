"""Explanations of whole lessons, and the plain data that they are."""

import json
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

import pytest

from bptui.explain.audit.finding import WRONG
from bptui.explain.audit_data import FindingData, SlipData
from bptui.explain.result import ExplanationData, GroupData, as_data
from bptui.explain.search.search import Search
from bptui.explain.sheets import list_figures
from bptui.lessons.lesson import Figures, load_bundled_lessons, load_lesson
from tests.explain.books import of_lesson, search_lesson
from tests.torches import NO_TORCH, needs_torch

BOOKS = ("mazur-2015", "era-sheet", "rgu-chapter-3", "nnwj")
RECONSTRUCTED = "random-weights"  # its start is not known to the last digit, so that not all of its values match
PROBLEM = replace(load_lesson("mazur-2015"), name="mine", figures=())
RIGHT, UPDATED, FEW, NOTHING = "0.000438567734", "0.000364722878", "0.00036", "0.000123456789"


def ask(most: int = 1, /, **printed: str) -> ExplanationData:
    """Return the explanation of some values of round 1 by at most so many changes at once."""
    search = Search(list_figures(replace(PROBLEM, figures=(Figures(1, "numpy", {}, printed),))), most)
    for _ in search.run():
        pass
    return as_data("mine", search.explanation)


def names(group: GroupData) -> set[str]:
    return {change["name"] for change in group["changes"]}


def places(group: GroupData) -> list[tuple[int, str]]:
    return [(figure["round"], figure["quantity"]) for figure in group["figures"]]


# --- lessons ---


@pytest.mark.parametrize(
    "lesson",
    [lesson.name for lesson in load_bundled_lessons() if lesson.figures and lesson.name not in (*BOOKS, RECONSTRUCTED)],
)
def test_nothing_is_claimed_of_lessons_whose_values_match(lesson: str) -> None:
    if find_spec("torch") is None and lesson != "numpy-by-hand":
        pytest.skip(NO_TORCH)
    explanation = of_lesson(lesson)
    assert explanation["right"] == explanation["figures"] > 0
    assert (explanation["audit"], explanation["groups"], explanation["left"]) == ([], [], [])
    assert explanation["first_wrong"] is None


@pytest.mark.exhaustive
def test_the_published_mistake_is_found_from_the_printed_values_alone() -> None:
    explanation = of_lesson("numpy-by-hand", ("step", "gradient"), gradient="chain rule", step=1.0)
    assert [{round_ for round_, _ in places(group)} for group in explanation["groups"]] == [{10}, {100, 1000}]
    assert [names(group) for group in explanation["groups"]] == [
        {'gradient rule "as published"', f"step {step}"} for step in (10, 5)
    ]
    assert all(group["contradicts"] and not group["sure"] for group in explanation["groups"])  # by each other
    assert explanation["left"] == []


@needs_torch
@pytest.mark.parametrize(
    ("lesson", "settings", "name"),
    [
        pytest.param(
            "relu",
            {
                "activation_hidden": "torch.sigmoid",
                "activation_output": "torch.sigmoid",
                "activation_neurons": (),
            },
            "o2: relu",
            marks=pytest.mark.exhaustive,
        ),
        ("mse-loss", {"loss": "half squared error"}, "squared error"),
    ],
    ids=["relu", "mse-loss"],
)
def test_what_a_lesson_is_about_is_found_from_its_values(lesson: str, settings: dict[str, Any], name: str) -> None:
    explanation = of_lesson(lesson, **settings)
    (group,) = explanation["groups"]
    assert names(group) == {name} and group["sure"]
    assert group["explains"] == explanation["figures"] > explanation["right"]


@needs_torch
@pytest.mark.exhaustive
def test_another_way_to_write_the_sigmoid_is_seen_in_the_last_digits_only() -> None:
    told = of_lesson("torch-autograd", activation_hidden="sigmoid", activation_output="sigmoid")
    assert told["right"] == told["figures"] > told["last_digits"] > 0 and not told["audit"]


def test_one_mistake_accounts_for_the_class_spreadsheet() -> None:
    explanation = of_lesson("era-sheet")
    (group,) = explanation["groups"]
    assert names(group) == {'gradient rule "first derivative for all"'} and group["sure"]
    assert (len(group["figures"]), explanation["left"]) == (10, [])
    assert [(slip["round"], slip["quantity"]) for slip in explanation["audit"]] == [
        (1, "dE_dw3"),
        (1, "dE_dw4"),
        (2, "dE_dw3"),
        (2, "dE_dw4"),
        (68, "E"),
    ]


@pytest.mark.exhaustive
def test_a_mistake_and_a_convention_are_found_in_the_lecture_notes() -> None:
    main, last = of_lesson("rgu-chapter-3")["groups"]
    assert names(main) == {'gradient rule "updated weights"', "slopes counted the other way"}
    assert main["sure"] and len(main["figures"]) == 7
    assert places(last) == [(1, "new_w4")] and not last["sure"]


def test_the_rule_of_the_tutorial_page_is_found_and_its_cut_digits_are_not_claimed() -> None:
    rule, digits = of_lesson("nnwj")["groups"]
    assert (names(rule), rule["sure"]) == ({'gradient rule "raw error, no weights"'}, True)
    assert (names(digits), digits["sure"]) == ({"digits cut off"}, False)


def test_a_formula_that_would_need_its_own_result_is_not_tried() -> None:
    """By this rule the hidden gradients are made of the new weights, which cannot be made of these gradients."""
    lesson = replace(PROBLEM, spec=replace(PROBLEM.spec, gradient="updated weights"))
    lesson = replace(lesson, figures=(Figures(2, "numpy", {}, {"new_w5": "nan"}),))
    (slip,) = search_lesson(lesson, limit=1.0)["audit"]
    assert slip["quantity"] == "new_w5"


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
def test_an_explanation_is_plain_json_and_every_slip_has_one_place(printed: dict[str, str]) -> None:
    explanation = ask(**printed)
    assert json.loads(json.dumps(explanation, allow_nan=False)) == explanation
    assert set(explanation) == set(ExplanationData.__annotations__)
    assert (explanation["first_wrong"] is None) == (explanation["right"] == len(printed))
    assert explanation["figures"] == len(printed)
    slips = [(slip["round"], slip["quantity"]) for slip in explanation["audit"]]
    left = [(figure["round"], figure["quantity"]) for figure in explanation["left"]]
    placed = [place for group in explanation["groups"] for place in places(group)]
    assert sorted(set(slips)) == sorted({*placed, *left} & set(slips)) and len(slips) == len(set(slips))
    assert all(set(group) == set(GroupData.__annotations__) for group in explanation["groups"])
    assert all(set(slip) == set(SlipData.__annotations__) for slip in explanation["audit"])
    assert all(set(finding) == set(FindingData.__annotations__) for finding in explanation["findings"])


def test_a_value_has_what_was_printed_what_is_right_and_what_the_change_gives() -> None:
    explanation = ask(dE_dw1=UPDATED)
    (group,) = explanation["groups"]
    (figure,) = group["figures"]
    assert (figure["round"], figure["quantity"], figure["printed"]) == (1, "dE_dw1", UPDATED)
    assert figure["recomputed"] == pytest.approx(0.000438567734, abs=1e-12)
    assert figure["otherwise"] == pytest.approx(0.000364722878, abs=1e-12)
    assert explanation["first_wrong"] == {key: value for key, value in figure.items() if key != "otherwise"}


def test_a_slip_has_the_number_that_the_printed_values_before_it_give() -> None:
    explanation = ask(h1="0.700000", delta_o1="0.200000", dE_dw5="0.130000")
    assert [slip["quantity"] for slip in explanation["audit"]] == ["h1", "delta_o1", "dE_dw5"]
    should_be = [slip["should_be"] for slip in explanation["audit"]]
    assert should_be == pytest.approx([0.5932699921, 0.1369540116, 0.14])  # δ_o1 from the printed h1
    slip = explanation["findings"][-1]
    assert (slip["status"], slip["formula"], slip["numbers"]) == (WRONG, "∂E/∂w5 = δ_o1·h1", "0.2·0.7")
    assert slip["between"] == [] and explanation["findings"][0]["between"] == ["in_h1"]


def test_weights_of_rounds_that_are_not_printed_may_hold_the_slip() -> None:
    search = Search(list_figures(replace(PROBLEM, figures=(Figures(3, "numpy", {}, {"in_h1": "0.5"}),))), 1)
    next(search.run())
    (finding,) = as_data("mine", search.explanation)["findings"]
    assert finding["between"] == ["w1", "w2"]  # the lesson's biases are not trained
