"""What a comparison of trainings shows, and how each key changes it."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from bptui.compare.summary import summarise_run
from bptui.compare.table import make_columns
from bptui.compare.view import View
from bptui.compare.view_state import MAX_ROUNDS, count_rounds, make_question
from bptui.lessons.lesson import load_lesson
from bptui.lessons.training import LessonRun, begin_variants
from bptui.session.session import Session


def trainings(name: str) -> tuple[LessonRun, ...]:
    lesson = load_lesson(name)
    return (*Session.open(lesson).trainings, *begin_variants(lesson))


@pytest.fixture
def view() -> View:
    view = View.of(trainings("step-size"), 1, {})
    for place, training in enumerate(view.trainings):
        training.run.train_to(count_rounds(training.run))
        view = with_curve(view, place)
    return view


def with_curve(view: View, place: int) -> View:
    (curve,) = filter(None, view.read_curve(place))
    return view.with_curve(place, curve)


def test_a_run_is_compared_as_far_as_its_lesson_goes_or_as_it_was_trained() -> None:
    spec = replace(load_lesson("two-by-two").spec, rounds=10)
    (training,) = Session.open(replace(load_lesson("two-by-two"), spec=spec)).trainings
    assert count_rounds(training.run) == 10
    training.run.train_to(31)
    assert count_rounds(training.run) == 30 and make_question(training).rounds == 30
    far = Session.open(replace(load_lesson("two-by-two"), spec=replace(spec, rounds=10 * MAX_ROUNDS)))
    assert count_rounds(far.run) == MAX_ROUNDS


def test_a_run_that_goes_on_behind_the_comparison_changes_nothing_of_what_is_known() -> None:
    view = View.of(trainings("two-by-two")[:1], 0, {})
    run, asked = view.trainings[0].run, view.questions[0]
    found = summarise_run(asked.spec, asked.rounds)
    run.train_to(2001)
    view = with_curve(view.with_summary(0, found), 0)
    assert view.longest == 1000 and dict(view.known_summaries) == {asked: found}
    drawn = view.losses(0)
    assert drawn is not None and len(drawn) == 1000
    again = View.of(view.trainings, 0, view.known_summaries)
    assert again.longest == 2000 and not again.summaries  # it has come further since


def test_the_curves_are_the_losses_of_the_runs_round_by_round(view: View) -> None:
    for place, training in enumerate(view.trainings):
        drawn = view.losses(place)
        assert drawn is not None and len(drawn) == 1000
        assert [drawn[0], drawn[9], drawn[999]] == [training.run.loss(r) for r in (1, 10, 1000)]
    assert view.loss_at_cursor(0) == view.trainings[0].run.loss(1000)


def test_runs_trained_on_different_losses_are_drawn_in_one_measure() -> None:
    both = (*trainings("cross-entropy")[:1], *trainings("torch-autograd")[:1])
    view = View.of(both, 0, {})
    assert view.common and not View.of(both[:1], 0, {}).common
    both[0].run.train_to(count_rounds(both[0].run))
    values, own = with_curve(view, 0).losses(0), with_curve(view, 0).switch_measure().losses(0)
    assert values is not None and own is not None
    last = both[0].run.values(1000)
    expected = sum(0.5 * (float(last[o]) - y) ** 2 for o, y in zip(("o1", "o2"), (0.23, -0.07), strict=True))
    assert values[-1] == pytest.approx(expected, rel=1e-12) and own[-1] == both[0].run.loss(1000)


def test_a_run_left_out_is_not_drawn_until_it_is_taken_in_again(view: View) -> None:
    hidden = view.hide_or_show()
    assert hidden.losses(1) is None and set(hidden.bin_curves(40)) == {0, 2, 3} | set(range(4, len(view.trainings)))
    assert hidden.hide_or_show().losses(1) is not None


def test_zooming_keeps_the_round_in_its_place_and_out_again_shows_all(view: View) -> None:
    before = view.axis.place(100)
    near = view.zoom(True, 100).zoom(True, 100)
    assert near.axis.place(100) == pytest.approx(before)
    assert near.axis.high < 1000 and near.axis.low > 1
    assert near.axis.low <= near.cursor <= near.axis.high
    out = near.zoom(False).zoom(False).zoom(False)
    assert (out.axis.low, out.axis.high) == (1, 1000) == (near.whole().axis.low, near.whole().axis.high)


def test_no_zoom_ends_on_less_than_a_round(view: View) -> None:
    for _ in range(40):
        view = view.zoom(True)
    assert view.axis.high - view.axis.low >= 1.0 and "cannot zoom in further" in view.notice
    assert view.bin_curves(100)


def test_the_cursor_moves_by_a_round_at_least_and_takes_the_picture_with_it(view: View) -> None:
    assert view.cursor == 1000 and view.step(1).cursor == 1000
    assert view.point(1).step(1).cursor >= 2 and view.point(1).step(-1).cursor == 1
    near = view.point(500).zoom(True).zoom(True).zoom(True).zoom(True)
    far = near.point(1)
    assert far.axis.low == 1.0 and far.axis.high < 1000
    assert [one for one in (view.step(-1), near.step(-1)) if one.cursor < 1000]


@pytest.mark.parametrize("log_rounds", [True, False])
def test_every_zoom_and_step_leaves_a_cursor_among_the_rounds(view: View, log_rounds: bool) -> None:
    rng = np.random.default_rng(3)
    view = replace(view, log_rounds=log_rounds)
    moves: list[tuple[str, Any]] = [
        ("step", -1), ("step", 1), ("zoom", True), ("zoom", False), ("point", 1), ("point", 1e9), ("move", 1)
    ]  # fmt: skip
    for choice in rng.integers(len(moves), size=300):
        name, word = moves[choice]
        view = getattr(view, name)(word)
        assert 1 <= view.cursor <= 1000 and 1 <= view.axis.low < view.axis.high <= 1000
        assert all(view.bin_curves(60).values())


def test_what_is_known_of_a_training_is_shown_again_the_next_time(view: View) -> None:
    asked = make_question(view.trainings[3])
    found = summarise_run(asked.spec, 20)
    known = view.with_summary(3, found).known_summaries
    again = View.of(view.trainings, 0, known)
    assert again.rows[3].summary == found and again.rows[0].summary is None


def test_gaps_are_told_where_a_loss_has_no_place(view: View) -> None:
    assert not view.has_gaps
    negative = View.of(trainings("random-weights")[:1], 0, {})
    negative.trainings[0].run.train_to(500)
    assert with_curve(negative, 0).has_gaps and not with_curve(negative, 0).switch_loss_axis().has_gaps


def test_every_run_tells_its_loss_in_the_last_rounds_of_the_others_too() -> None:
    lesson = load_lesson("two-by-two")
    short = replace(lesson, spec=replace(lesson.spec, rounds=30))
    view = View.of(Session.open(lesson).trainings, 0, {})
    asked = view.questions[0]
    view = view.with_summary(0, summarise_run(*asked)).with_trainings(Session.open(short).trainings, "")
    assert [one.at for one in view.questions] == [(30,), ()]
    assert view.questions[0].rounds == 1000 and not view.summaries  # it is asked again, with one round more
    for place, one in enumerate(view.questions):
        view = view.with_summary(place, summarise_run(*one))
    cells = {column.head: column.cells for column in make_columns(view.rows)}
    assert cells["round 30"][0] == cells["round 30"][1] != "·" and cells["round 100"][1] == "·"


def test_variants_that_come_leave_the_cursor_where_it_is_unless_it_follows_the_end(view: View) -> None:
    lesson = load_lesson("two-by-two")
    long = Session.open(replace(lesson, spec=replace(lesson.spec, rounds=2000))).trainings
    assert view.point(7).with_trainings(long, "").cursor == 7 == view.point(7).with_trainings((), "").cursor
    assert view.with_trainings(long, "").cursor == 2000


def test_a_removed_run_takes_its_curve_along_and_the_others_keep_theirs(view: View) -> None:
    names = [one.name for one in view.trainings]
    left = view.hide_or_show().move(1).remove()
    assert [one.name for one in left.trainings] == names[:2] + names[3:] and left.at == 1 and left.hidden == {1}
    assert [left.curves[place].own[99] for place in range(4)] == [one.run.loss(100) for one in left.trainings]
    assert left.notice == f"removed {names[2]}; press u to undo"
    back = left.undo()
    assert [one.name for one in back.trainings] == names and back.at == 2 and set(back.curves) == set(view.curves)
    assert back.undo().notice == "nothing to undo"


def test_the_last_run_is_not_removed(view: View) -> None:
    for _ in range(10):
        view = view.remove()
    assert len(view.trainings) == 1 and view.notice == "the last run cannot be removed"


def test_the_cursor_stays_on_a_round_that_the_runs_left_have() -> None:
    lesson = load_lesson("two-by-two")
    short = replace(lesson, spec=replace(lesson.spec, rounds=30))
    view = View.of((*Session.open(lesson).trainings, *Session.open(short).trainings), 0, {}).point(900)
    left = view.remove()
    assert (left.cursor, left.longest, left.axis.high) == (30, 30, 30) and left.undo().cursor == 900


def test_a_run_is_renamed_and_what_is_known_of_it_stays(view: View) -> None:
    named = view.rename("mine")
    assert named.rows[1].name == "mine" and named.curves is view.curves and named.notice == "b is now called mine"
    assert named.undo().rows[1].name == view.rows[1].name


def test_what_came_in_after_a_removal_is_known_when_it_is_undone() -> None:
    view = View.of(trainings("step-size"), 1, {})
    left = view.remove()
    left.trainings[1].run.train_to(1000)
    left = with_curve(left, 1).with_summary(1, summarise_run(*left.questions[1][:1], 20))
    back = left.undo()
    assert set(back.curves) == {2} and set(back.summaries) == {2}


def test_variants_that_were_added_can_be_undone_too(view: View) -> None:
    grown = view.with_trainings(trainings("two-by-two"), "")
    assert grown.undo().trainings == view.trainings and not view.with_trainings((), "").past
