"""Printed figures beside a round's values: which ones hold for the problem shown, and which come out."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from bptui.check.marks import (
    count_marks,
    find_figures,
    make_marks,
    with_new_defaults,
    with_problem,
    with_training,
)
from bptui.check.recompute import check_figures
from bptui.check.side import Side
from bptui.core.engines.engine import NumpyEngine, make_engine
from bptui.core.quantities.printable import list_printable
from bptui.core.training.run import Run
from bptui.lessons.lesson import Figures, Lesson, format_lesson, load_lesson, parse_lesson

LESSON = load_lesson("two-by-two")
SPEC = LESSON.spec


def lesson_with(*figures: Figures) -> Lesson:
    return replace(LESSON, figures=figures)


def side(engine: str = "numpy", names: tuple[str, ...] | None = None) -> Side:
    run = Run(NumpyEngine(SPEC))
    run.train_to(1)
    values = {**run.given(1), **run.values(1)}
    return Side(engine, SPEC.network, values if names is None else {n: values[n] for n in names}, "float64")


def signs(figures: Figures, mine: Side, theirs: Side | None, slack: float = 0.0) -> Mapping[tuple[str, str], str]:
    return {key: mark.sign for key, mark in make_marks([figures], mine, theirs, slack).items()}


def test_a_figure_comes_out_if_the_value_has_its_digits() -> None:
    figures = Figures(1, "numpy", {}, {"h1": "0.562", "o1": "0.5", "E": "nan"})
    assert signs(figures, side(), None) == {("h1", "numpy"): "✓", ("o1", "numpy"): "✓", ("E", "numpy"): "✗"}


def test_what_is_not_calculated_yet_has_no_mark() -> None:
    figures = Figures(1, "numpy", {}, {"in_h1": "0.25", "h1": "0.562"})
    assert set(signs(figures, side(names=("in_h1",)), None)) == {("in_h1", "numpy")}


def test_a_figure_of_torchs_waits_for_torch_and_stands_beside_its_value() -> None:
    figures = Figures(1, "torch", {}, {"h1": "0.562", "h2": "0.9"})
    assert signs(figures, side(), Side("torch", SPEC.network, {}, "float64")) == {
        ("h1", "torch"): "·",
        ("h2", "torch"): "·",
    }
    assert signs(figures, side(), side("torch")) == {("h1", "torch"): "✓", ("h2", "torch"): "✗"}


def test_without_torch_numpys_value_stands_in_unless_the_rule_is_one_that_torch_does_not_know() -> None:
    figures = Figures(1, "torch", {}, {"h1": "0.562176501"})
    value = float(side().values["h1"])
    off = Figures(1, "torch", {}, {"h1": f"{value * (1 + 2.0**-22):.17g}"})
    assert signs(figures, side(), None) == {("h1", "numpy"): "✓"}
    assert signs(off, side(), None) == {("h1", "numpy"): "✗"}
    assert signs(off, side(), None, slack=2.0**-20) == {("h1", "numpy"): "✓"}
    wrong = replace(side(), network=replace(SPEC.network, rule="as published"))
    assert signs(figures, wrong, None) == {("h1", "numpy"): "·"}


def test_what_books_print_in_between_is_marked_too_and_by_torchs_own_rule() -> None:
    wrong = replace(SPEC.network, rule="as published")
    arrives = side().value_of("dE_dh1")
    assert arrives is not None
    figures = Figures(1, "torch", {}, {"dE_dh1": f"{arrives:.6g}"})
    assert signs(figures, replace(side(), network=wrong), side("torch")) == {("dE_dh1", "torch"): "✓"}
    assert signs(replace(figures, engine="numpy"), replace(side(), network=wrong), None) == {("dE_dh1", "numpy"): "✗"}


def test_figures_printed_under_other_settings_do_not_hold_until_the_problem_has_them() -> None:
    of_the_lesson, at_step_5 = Figures(1, "numpy", {}, {"E": "0.2"}), Figures(1, "numpy", {"step": 5}, {"E": "0.3"})
    lesson = lesson_with(at_step_5, of_the_lesson)
    assert find_figures(lesson, SPEC) == (of_the_lesson,)
    assert find_figures(lesson, replace(SPEC, step=5.0)) == (of_the_lesson, at_step_5)
    assert make_marks(find_figures(lesson, replace(SPEC, step=5.0)), side(), None, 0.0)["E", "numpy"].printed == "0.3"


def test_a_changed_gradient_rule_keeps_the_figures_so_that_a_mistake_can_be_watched() -> None:
    figures = Figures(1, "numpy", {}, {"E": "0.2"})
    assert find_figures(lesson_with(figures), replace(SPEC, gradient="as published", step=3.0)) == (figures,)


def test_names_that_the_network_shown_has_not_are_left_out() -> None:
    lesson = lesson_with(Figures(1, "numpy", {}, {"h2": "0.5", "E": "0.2"}), Figures(2, "numpy", {}, {"h2": "0.5"}))
    smaller = replace(SPEC, hidden=(1,), weights=SPEC.weights[:4])
    assert find_figures(lesson, smaller) == (Figures(1, "numpy", {}, {"E": "0.2"}),)
    assert parse_lesson(format_lesson(with_problem(lesson, smaller)), "x").figures == find_figures(lesson, smaller)


def test_a_lesson_to_be_checked_has_the_problem_shown_and_its_figures_follow_what_was_changed() -> None:
    lesson = lesson_with(Figures(1, "numpy", {"step": 5.0, "loss": "squared error"}, {"E": "0.2"}))
    shown = with_problem(lesson, replace(SPEC, step=3.0))
    assert shown.spec.step == 3.0 and shown.figures[0].changes == {"loss": "squared error"}
    assert with_problem(lesson, SPEC).figures == lesson.figures


def test_a_lesson_with_another_problem_says_so_once_and_has_no_words_about_the_old_one() -> None:
    lesson = replace(lesson_with(), name="book", title="A book", note="It says", order=3, group="books")
    changed = with_problem(lesson, replace(SPEC, step=3.0))
    again = with_problem(changed, replace(SPEC, step=4.0))
    assert (changed.name, changed.title, changed.note, changed.group) == ("book (edited)", "book, η 3", "", "")
    assert (again.name, again.title) == (changed.name, "book (edited), η 4")
    assert with_problem(lesson, SPEC) is lesson


def test_a_lesson_under_other_settings_keeps_what_each_figure_was_printed_under() -> None:
    of_the_lesson, at_step_5 = Figures(1, "numpy", {}, {"E": "0.2"}), Figures(1, "numpy", {"step": 5.0}, {"E": "0.3"})
    there = with_new_defaults(lesson_with(of_the_lesson, at_step_5), {"step": 5.0})
    assert there.spec == with_training(SPEC, {"step": 5.0})
    assert [there.spec_of(figures).step for figures in there.figures] == [SPEC.step, 5.0]
    assert find_figures(there, there.spec) == (at_step_5,)


def test_marks_are_counted() -> None:
    found = make_marks([Figures(1, "numpy", {}, {"h1": "0.562", "h2": "9"})], side(), None, 0.0)
    assert count_marks(found) == (1, 1, 0)


@pytest.mark.parametrize("name", ["cross-entropy", "mazur-2015"])
def test_torch_has_a_number_for_all_that_may_be_printed(name: str) -> None:
    spec = load_lesson(name).spec
    run = Run(make_engine("torch", spec))
    run.train_to(1)
    torch = Side.of_torch(spec.network, {**run.given(1), **run.values(1)}, "float32")
    assert [name for name in list_printable(spec.network) if torch.value_of(name) is None] == []


def test_the_mark_of_torchs_figure_is_whatever_checking_it_says() -> None:
    lesson = load_lesson("relu")
    spec, run = lesson.spec, Run(make_engine("torch", lesson.spec))
    run.train_to(100)
    mine = Run(NumpyEngine(spec))
    mine.train_to(100)
    side_of_torch = Side.of_torch(spec.network, {**run.given(100), **run.values(100)}, "float32")
    figures = [figures for figures in find_figures(lesson, spec) if figures.round == 100]
    numpys = Side("numpy", spec.network, {**mine.given(100), **mine.values(100)}, "float64")
    found = make_marks(figures, numpys, side_of_torch, 0.0)
    right = {one.quantity: one.agrees for one in check_figures(lesson) if one.round == 100}
    assert {mark.quantity: mark.agrees for mark in found.values()} == right


def test_values_printed_for_a_weight_are_not_compared_with_another_that_has_its_name_in_other_sizes() -> None:
    """By source w5 is h1→o1 where there are two hidden neurons, and x2→h2 where there are three."""
    lesson = load_lesson("two-by-two")
    printed = {"E": "0.2", "dE_dw5": "0.5", "new_w2": "0.2"}
    lesson = replace(lesson, figures=(Figures(1, "numpy", {}, printed),))
    wider = replace(lesson.spec, hidden=(3,), weights=(0.1,) * 12)
    (found,) = find_figures(lesson, wider)
    assert found.printed == {"E": "0.2", "dE_dw7": "0.5", "new_w2": "0.2"}
    assert with_problem(lesson, wider).figures[0].printed == found.printed
    narrow = replace(lesson.spec, hidden=(1,), weights=(0.1,) * 4)
    assert find_figures(lesson, narrow)[0].printed == {"E": "0.2", "dE_dw3": "0.5"}
