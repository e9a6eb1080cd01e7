"""Names of runs: the lesson's or the variant's, and what differs from it in a few words."""

from dataclasses import replace
from typing import Any

import pytest

from bptui.core.problem.spec import Spec
from bptui.lessons.lesson import load_lesson
from bptui.lessons.training import (
    LONGEST_NAME,
    LessonRun,
    is_other_exercise,
    make_own_lesson,
    make_own_name,
    name_apart,
    name_run,
)

LESSON = load_lesson("two-by-two")


def changed(**settings: Any) -> Spec:
    return replace(LESSON.spec, **settings)


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({}, "two-by-two"),
        ({"activation_hidden": "relu"}, "two-by-two, relu hidden"),
        ({"step": 0.25}, "two-by-two, η 0.25"),
        ({"weights": (1.0,) * 8}, "two-by-two, other weights"),
        ({"inputs": ((1.0, 0.5),)}, "two-by-two, other inputs"),
        ({"loss": "squared error", "rounds": 50}, "two-by-two, squared error, 50 rounds"),
        ({"init": "uniform", "seed": 5}, "two-by-two, initialisation uniform, seed 5"),
        ({"biases_hidden": (0.1, 0.2)}, "two-by-two, other biases hidden"),
        ({"activation_hidden": "tanh", "loss": "squared error", "step": 2.0, "rounds": 5},
         "two-by-two, tanh hidden, squared error, 2 more"),
    ],
)  # fmt: skip
def test_a_name_says_in_a_few_words_what_differs(settings: dict[str, Any], name: str) -> None:
    assert name_run(LESSON, changed(**settings)) == name


def test_every_other_setting_has_a_short_name_too() -> None:
    for item, value in (("weight_decay", 0.1), ("gradient", "updated weights"), ("precision", "float32")):
        name = name_run(LESSON, changed(**{item: value}))
        assert name.startswith("two-by-two, ") and len(name) < LONGEST_NAME and "changed" not in name


def test_other_data_makes_another_exercise_and_one_number_of_it_does_not() -> None:
    assert is_other_exercise(LESSON, changed(inputs=((1.0, 2.0),), targets=((0.0, 1.0),)))
    assert is_other_exercise(LESSON, changed(targets=((0.5,),)))
    assert not is_other_exercise(LESSON, changed(inputs=((0.55, 0.3),)))
    assert not is_other_exercise(LESSON, changed(hidden=(3,), weights=(0.1,) * 12))


def test_a_long_name_is_cut_and_its_lines_become_one() -> None:
    one = LessonRun.of(LESSON).called("a\nb" + "c" * 100)
    assert one.name.startswith("a bc") and len(one.name) == LONGEST_NAME
    assert one.called("two-by-two").own_name == ""


def test_a_name_is_made_of_the_title() -> None:
    assert make_own_name("Sheet 3: the 2-3-1 network!") == "sheet-3-the-2-3-1-network"
    assert make_own_name("练习 3") == "练习-3"
    assert make_own_name("…") == "my-exercise"
    assert make_own_name("XOR") == "my-xor", "the lesson of the program has the other name"
    assert len(make_own_name("word " * 20)) <= 40


def test_long_names_are_kept_apart_too() -> None:
    named = [LessonRun.of(LESSON).called("x" * LONGEST_NAME)]
    for _ in range(12):
        named.append(name_apart(named[0], named))
    names = [one.name for one in named]
    assert len(set(names)) == len(names) and max(map(len, names)) == LONGEST_NAME
    assert names[-1].endswith("… (13)")


def test_an_own_exercise_without_a_title_is_called_after_its_sizes() -> None:
    own = make_own_lesson(changed(hidden=(3,), weights=(0.1,) * 12))
    assert (own.title, own.name) == ("My exercise 2-3-2", "my-exercise-2-3-2")
    assert make_own_lesson(own.spec, "Sheet 3").title == "Sheet 3"
