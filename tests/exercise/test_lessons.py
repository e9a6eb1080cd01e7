"""From a lesson to a draft and back: own titles, and printed values that still fit."""

from dataclasses import replace

import pytest
from hypothesis import given

from bptui.core.problem.spec import Spec
from bptui.exercise.lessons import begin_draft, edit_lesson, make_empty, make_lesson, number_title
from bptui.lessons.lesson import Figures, Lesson, format_lesson, load_bundled_lessons, load_lesson, parse_lesson
from tests.effort import examples
from tests.strategies import tables


@given(tables().map(Spec.from_table))
@examples(50)
def test_a_draft_of_a_problem_is_that_problem(spec: Spec) -> None:
    lesson = Lesson("mine", "Mine", spec)
    assert make_lesson(edit_lesson(lesson, spec)) == lesson


@pytest.mark.parametrize("lesson", load_bundled_lessons(), ids=lambda lesson: lesson.name)
def test_a_draft_of_a_lesson_keeps_its_values_and_variants(lesson: Lesson) -> None:
    made = make_lesson(edit_lesson(lesson, lesson.spec))
    assert made == (lesson if lesson.spec.init == "given weights" else replace(lesson, spec=made.spec))


def test_a_new_exercise_has_a_title_that_no_other_has() -> None:
    assert number_title([]) == "My exercise"
    assert number_title(["My exercise", "My exercise 3"]) == "My exercise 2"
    assert make_empty(["My exercise"]).title == "My exercise 2"


def test_the_screen_begins_with_the_exercise_that_is_open_if_it_is_the_users_own() -> None:
    bundled = load_lesson("two-by-two")
    assert begin_draft(bundled, bundled.spec, [bundled.title]).texts == {}
    stepped = replace(bundled.spec, step=0.1)
    assert begin_draft(bundled, stepped, [bundled.title]).texts == {}
    typed = begin_draft(bundled, replace(bundled.spec, inputs=((0.1, 0.2),)), [bundled.title])
    assert (typed.title, typed.texts["x 1 2"]) == ("My exercise", "0.2")
    own = replace(bundled, name="mine", title="Mine")
    again = begin_draft(own, replace(own.spec, step=0.25), ["Mine"])
    assert (again.title, again.heading["step"]) == ("Mine", "0.25")
    assert make_lesson(again).spec == replace(own.spec, step=0.25)


def test_printed_values_stay_as_far_as_they_fit() -> None:
    lesson = load_lesson("mazur-2015")
    draft = edit_lesson(replace(lesson, name="mine"), lesson.spec)
    assert make_lesson(draft.with_text("step", "0.25")).figures
    smaller = make_lesson(draft.with_text("outputs", "1"))
    assert not any("o2" in name for figures in smaller.figures for name in figures.printed)
    assert make_lesson(draft.with_text("title", "Other")).name == "other"


def test_printed_values_stay_with_their_weights_where_sizes_give_these_other_names() -> None:
    """By source w6 is h1→o2 where there are two outputs, and h2→o1 where there is one."""
    lesson = load_lesson("two-by-two")
    printed = {"E": "0.2", "new_w1": "0.1", "dE_dw5": "0.5", "dE_dw6": "0.6", "new_w7": "0.7"}
    figures = (Figures(1, "numpy", {}, printed), Figures(2, "numpy", {}, {"dE_dw6": "0.6"}))
    draft = edit_lesson(replace(lesson, name="mine", figures=figures), lesson.spec)
    (one_output,) = make_lesson(draft.with_text("outputs", "1")).figures
    assert one_output.printed == {"E": "0.2", "new_w1": "0.1", "dE_dw5": "0.5", "new_w6": "0.7"}
    wider = draft.with_text("hidden", "3").with_random_weights()
    assert make_lesson(wider).figures[0].printed.keys() == {"E", "new_w1", "dE_dw7", "dE_dw8", "new_w9"}
    other = make_lesson(draft.with_text("numbering", "by destination"))
    assert other.figures == figures


def test_an_exercise_kept_as_a_file_is_the_same() -> None:
    draft = edit_lesson(load_lesson("xor"), load_lesson("xor").spec).with_text("title", "Sheet 3")
    lesson = make_lesson(draft)
    read = parse_lesson(format_lesson(lesson), lesson.name)
    assert read == replace(lesson, variants=read.variants)


def test_an_unfinished_exercise_is_no_lesson() -> None:
    with pytest.raises(ValueError, match="not finished"):
        make_lesson(make_empty())
