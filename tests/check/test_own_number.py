"""A number from paper: compared as precisely as it is typed, and a question where it is another."""

import re
from dataclasses import replace
from math import ulp

import pytest

from bptui.check.marks import ValueMark
from bptui.check.own_number import NumberComparison, parse_typed, with_numbers
from bptui.core.problem.spec import Spec
from bptui.explain.search.search import Search
from bptui.explain.sheets import list_figures
from bptui.lessons.lesson import Lesson, format_lesson, load_lesson, parse_lesson
from bptui.session.frame import make_frame
from bptui.session.session import Session


def about(name: str = "mazur-2015", part: str = "w1", round_: int = 1) -> NumberComparison:
    session = Session.open(load_lesson(name)).torch_unavailable("not asked").go_to(round_).select(part)
    return NumberComparison.about(
        session.run, session.round, session.selected, make_frame(session).marks, session.torch.given(session.round)
    )


@pytest.mark.parametrize(
    ("part", "first", "offered"),
    [
        ("w1", "dE_dw1", {"dE_dw1", "new_w1", "change_w1"}),
        ("h1", "h1", {"in_h1", "h1", "delta_h1", "dE_dh1"}),
        ("o1", "o1", {"in_o1", "o1", "delta_o1", "E_o1", "dE_do1"}),
        ("b_o1", "dE_db_o1", {"dE_db_o1", "new_b_o1"}),
        ("E", "E", {"E"}),
    ],
)
def test_a_part_offers_its_quantities_and_the_one_meant_most_likely_first(
    part: str, first: str, offered: set[str]
) -> None:
    comparison = about(part=part)
    assert comparison.first == first and offered <= set(comparison.names)


def test_an_input_offers_every_quantity() -> None:
    assert {"h1", "dE_dw1", "E", "E_o1"} <= set(about(part="x1").names)


def test_a_printed_figure_that_is_wrong_is_offered_as_typed_already() -> None:
    comparison = about(part="E", round_=2)
    assert (comparison.first, comparison.find_preset("E")) == ("E", "0.291027924")
    assert about(part="w1").find_preset("dE_dw1") == ""


@pytest.mark.parametrize(
    "text", ["0.000439", "4.39e-4", " .00043857 ", "0.00044", "+0.000439", "0,000439", "4,39·10⁻⁴"]
)
def test_as_many_digits_as_are_typed_are_compared(text: str) -> None:
    verdict = about().judge("dE_dw1", text)
    assert (
        verdict.agrees
        and verdict.lesson is None
        and "∂E/∂w1 in round 1 is 0.000438" in verdict.text
        and verdict.text.endswith(" match")
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0.000365", "the first digit already differs"),
        ("0.000431", "the first 2 of its 3 digits match"),
        ("0.00047", "the first of its 2 digits matches"),
        ("-0.000439", "only the sign differs"),
        ("-0.00044", "only the sign differs"),
        ("-0.00012", "the sign and the digits differ"),
        ("0.0005", "its only digit differs"),
        ("439", "only the decimal point differs"),
        ("0.00439", "only the decimal point differs"),
        ("0.0044", "only the decimal point differs"),
        ("4.1", "the order of magnitude differs"),
        ("12345", "the first digit already differs"),
        ("nan", "is 0.000438568, not nan"),
        ("0", "is 0.000438568, not 0"),
    ],
)
def test_a_wrong_number_is_told_how_far_it_agrees(text: str, said: str) -> None:
    verdict = about().judge("dE_dw1", text)
    assert not verdict.agrees and verdict.text.endswith(said), verdict.text
    assert re.search(rf"∂E/∂w1 in round 1 is 0\.000438\d+, not {re.escape(text)}(;|$)", verdict.text)


def test_so_few_digits_that_they_say_little_are_told_so() -> None:
    verdict = about().judge("dE_dw1", "0.0004")
    assert verdict.agrees and verdict.text.endswith("is 0.000438568; 0.0004 matches, but more digits would say more")


def test_a_number_with_all_its_digits_may_be_another_in_the_last_of_them() -> None:
    comparison = about()
    value = comparison.mine.value_of("dE_dw1")
    assert value is not None
    exact, near, off = (comparison.judge("dE_dw1", repr(value + ulps * ulp(value))) for ulps in (0, 3, 200))
    assert exact.agrees and " digits of " in exact.text
    assert near.agrees and near.text.endswith(" matches but for the last digits")
    assert not off.agrees


def test_a_bare_point_has_the_decimals_of_the_rounds_printed_figures() -> None:
    alone = replace(about(part="w5"), marks={})
    beside = replace(alone, marks={("E", "numpy"): ValueMark("E", "0.3", "numpy", "numpy", True)})
    assert beside.judge("change_w5", "-0.").agrees and not beside.judge("change_w5", "0.1").agrees
    assert not alone.judge("change_w5", "-0.").agrees  # it comes to -0.041


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "type the number"),
        ("1,234", "may mean 1234 or 1.234"),
        ("3/4", '"3/4" is a fraction: write it as a decimal'),
        ("0.5x", '"0.5x" is not a number'),
        ("1_0", '"1_0" is not a number'),
        ("9" * 200, "that has more than 60 characters"),
        ("1e9999", "outside the range of numbers in a program"),
    ],
)
def test_what_is_no_number_is_refused_with_the_reason(text: str, said: str) -> None:
    with pytest.raises(ValueError) as refused:
        parse_typed(text)
    assert said in str(refused.value)


def test_the_question_about_a_wrong_number_is_a_lesson_that_can_be_sent_and_explained() -> None:
    lesson = about().judge("dE_dw1", "0.000364722878").lesson
    assert lesson is not None
    sent = parse_lesson(format_lesson(lesson), lesson.name)
    assert sent.spec == lesson.spec and sent.figures == lesson.figures
    search = Search(list_figures(sent))
    assert len(list(search.run())) and search.explanation.groups


def test_a_figure_of_torchs_is_asked_about_as_torchs() -> None:
    comparison = about("random-weights", "E", 10)
    marks = {place: replace(mark, printed="0.98765", agrees=False) for place, mark in comparison.marks.items()}
    asked = replace(comparison, marks=marks)
    lesson = asked.judge("E", asked.find_preset("E")).lesson
    assert lesson is not None and lesson.figures[0].engine == "torch"


def test_a_number_that_only_torch_has_is_told_as_torchs() -> None:
    comparison = about()
    theirs = {**comparison.theirs.values, **comparison.mine.values, "dE_dw1": 0.000439999}
    other = replace(comparison, theirs=replace(comparison.theirs, values=theirs))
    verdict = other.judge("dE_dw1", "0.00043999900")
    assert verdict.agrees and verdict.text == (
        "torch's ∂E/∂w1 in round 1 is 0.000439999, NumPy's is 0.00043856773447; 0.00043999900 matches torch's"
    )


def test_an_array_of_ones_own_is_the_numbers_of_its_entries() -> None:
    lesson = with_numbers(load_lesson("mazur-2015"), ["dE_dW1 = [[0.1 0.2]\n [-0.  4.]]", "E=0.3"], 2)
    (figures,) = lesson.figures
    assert figures.printed == {"dE_dw1": "0.1", "dE_dw2": "0.2", "dE_dw3": "-0.", "dE_dw4": "4.", "E": "0.3"}


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        (["dE_dW1=[[1 2 3]]"], "dE_dW1: 1 by 3, but dE_dW1 is 2 by 2, with a row per neuron"),
        (["dE_dW1=[[1 2]"], 'dE_dW1: must be a list with matching brackets; 1 "]" is missing at the end'),
        (["W1=[[1 2]]"], "W1 is given, not calculated"),
        (["dE_dw1=1", "dE_dW1=[[1 2] [3 4]]"], "dE_dw1 is given twice"),
        (["dE_dW3=[1]"], 'this network has no dE_dW3; did you mean "dE_dw3"?'),
        (["E\nw=1"], "this network has no E w"),
    ],
)
def test_an_array_that_is_none_of_the_network_is_refused(numbers: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        with_numbers(load_lesson("mazur-2015"), numbers, 1)


def test_a_name_of_a_sample_that_the_round_does_not_use_is_not_called_unknown() -> None:
    spec = Spec.from_table(
        {
            "network": {"inputs": [[1, 2], [3, 4]], "targets": [[0], [1]], "hidden": 0, "weights": [0.1, 0.2]},
            "training": {"batch": "one at a time"},
        }
    )
    with pytest.raises(ValueError, match=r"^o1_s1 belongs to sample 1, but this round uses sample 2$"):
        with_numbers(Lesson("l", "L", spec), ["o1_s1=0.4"], 2)
    assert with_numbers(Lesson("l", "L", spec), ["o1_s1=0.4"], 1).figures[0].printed == {"o1_s1": "0.4"}
