"""The runs of a session: their names, which of them stay, and the way back."""

from dataclasses import replace

import pytest

from bptui.lessons.lesson import load_lesson
from bptui.session.runs import MOST_UNDONE
from bptui.session.session import Session

TWO, RELU = load_lesson("two-by-two"), load_lesson("relu")
OWN = replace(TWO.spec, inputs=((1.0, 0.0),), targets=((1.0,),), hidden=(3,), weights=(0.1,) * 9)


@pytest.fixture
def session() -> Session:
    """Two runs, the second of them shown."""
    return Session.open(TWO).open_lesson(RELU)


def names(session: Session) -> list[str]:
    return [one.name for one in session.trainings]


def test_the_start_run_leaves_as_soon_as_another_problem_is_opened_unless_it_was_touched() -> None:
    start = Session.start(TWO)
    assert names(start.open_lesson(RELU)) == ["relu"] and names(start.change(OWN)) == ["my-exercise-2-3-1"]
    looked = start.select("w3").switch_form().more_digits().switch_scale().move(1, 0)
    assert names(looked.open_lesson(RELU)) == ["relu"]
    for touched in (start.next(), start.step_on(), start.run_or_pause(), start.touch(), start.rename("mine")):
        assert len(touched.open_lesson(RELU).trainings) == 2
    assert len(Session.open(TWO).open_lesson(RELU).trainings) == 2  # opened on purpose


def test_what_replaces_the_start_run_is_unsaved_and_can_be_undone() -> None:
    start = Session.start(TWO)
    opened = start.open_lesson(RELU)
    assert opened.unsaved and not start.unsaved
    back = opened.undo()
    assert names(back) == ["two-by-two"] and back.notice == "undone: new run relu"
    assert back.untouched and not back.unsaved


def test_an_own_exercise_has_a_title_of_its_own_and_other_settings_are_named(session: Session) -> None:
    own = session.change(OWN)
    assert (own.trainings[-1].name, own.trainings[-1].title) == ("my-exercise-2-3-1", "My exercise 2-3-1")
    assert not own.lesson.note and own.lesson.spec == OWN
    relu = own.change(replace(OWN, activation_hidden="relu"))
    assert (relu.lesson, relu.trainings[-1].title) == (own.lesson, "my-exercise-2-3-1, relu hidden")
    named = own.rename("homework").change(replace(OWN, activation_hidden="relu"))
    assert (
        names(named)[-1] == "homework, relu hidden"
        and names(named.change(replace(OWN, step=2.0)))[-1] == "homework, η 2"
    )


def test_no_two_runs_have_one_name(session: Session) -> None:
    again = session.open_lesson(RELU).open_lesson(RELU)
    assert names(again) == ["two-by-two", "relu", "relu (2)", "relu (3)"]
    assert names(again.rename("two-by-two")) == ["two-by-two", "relu", "relu (2)", "two-by-two (2)"]


def test_a_run_is_renamed_and_an_empty_name_gives_back_the_default(session: Session) -> None:
    named = session.rename("  mine \n too ")
    assert names(named) == ["two-by-two", "mine too"] and named.round == session.round and named.run is session.run
    assert names(named.rename("")) == ["two-by-two", "relu"]
    assert named.rename("mine too").notice == "the name is still mine too" and named.unsaved


def test_a_removed_run_shows_its_neighbour_and_comes_back_at_its_round(session: Session) -> None:
    gone = session.go_to(7).remove()
    assert names(gone) == ["two-by-two"] and gone.current == 0 and gone.notice.startswith("removed relu")
    assert gone.remove().trainings == gone.trainings and "last run cannot be removed" in gone.remove().notice
    back = gone.undo()
    assert names(back) == ["two-by-two", "relu"] and (back.current, back.round) == (1, 7)
    assert back.run is session.run and back.notice == "undone: removing relu"


def test_undo_goes_back_change_by_change_and_says_when_there_is_nothing_left(session: Session) -> None:
    there = session.next().change(replace(RELU.spec, step=3.0)).rename("x").remove()
    texts = []
    while there.past:
        there = there.undo()
        texts.append(there.notice.removeprefix("undone: "))
    assert texts == ["removing x", "renaming relu, η 3", "new run relu, η 3", "new run relu"]
    assert names(there) == ["two-by-two"] and there.undo().notice == "nothing to undo"


def test_undo_leaves_how_numbers_are_shown_and_the_file_as_they_are(session: Session) -> None:
    there = session.change(replace(RELU.spec, step=3.0)).more_digits()
    there = there.saved_in("mine.toml", there).undo()
    assert (there.digits, there.file, there.unsaved) == (7, "mine.toml", True)


def test_a_file_opened_in_place_of_the_session_can_be_undone_but_not_what_no_file_holds(session: Session) -> None:
    other = replace(Session.open(load_lesson("xor")), file="other.toml")
    back = session.replaced_by(other).undo()
    assert back.trainings == session.trainings and back.file == "" and back.notice == "undone: opening other.toml"
    assert session.replaced_by(replace(other, file="")).undo().notice == "nothing to undo"


def test_only_so_many_changes_can_be_undone_and_each_is_kept_once(session: Session) -> None:
    for number in range(MOST_UNDONE + 5):
        session = session.rename(f"name {number}")
    assert len(session.past) == MOST_UNDONE and not any(past.session.past for past in session.past)


def test_a_comparison_that_changed_runs_can_be_undone(session: Session) -> None:
    after = session.next().after_comparison(session.trainings[:1], None)
    assert (after.current, after.run) == (0, session.trainings[0].run)
    back = after.undo()
    assert (back.trainings, back.current, back.round) == (session.trainings, 1, 2)
    assert session.next().after_comparison(session.trainings, None).round == 2
