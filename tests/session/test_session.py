"""A sitting: every intention returns the next session, and nothing but the session changes."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.core.engines.engine import make_engine
from bptui.core.problem.spec import Spec
from bptui.core.quantities.parts import list_selection_columns
from bptui.core.training.run import Run
from bptui.lessons.lesson import Figures, Lesson, load_lesson
from bptui.session.session import Session
from bptui.session.state import SPEEDS, Goal
from bptui.session.torch_side.process import TorchAnswer, TorchQuestion, Values
from tests.effort import examples


@pytest.fixture
def session() -> Session:
    return Session.open(load_lesson("two-by-two"))


def changed(lesson: Lesson, **settings: object) -> Spec:
    return replace(lesson.spec, **settings)  # type: ignore[arg-type]


def answer(question: TorchQuestion) -> TorchAnswer:
    """What torch's process would say, computed here by the NumPy engine."""
    engine = make_engine("numpy", Spec.from_table(question.table))

    def values(at: list[float] | None) -> Values | None:
        return {name: float(value) for name, value in engine.evaluate(np.array(at), 1).items()} if at else None

    rows, after = None, None
    if question.train:
        rows, after = (a.tolist() for a in engine.advance(np.array(question.start), question.train, 1))
    return TorchAnswer(rows, after, values(question.own), values(question.check), question.own)


def caught_up(session: Session) -> Session:
    """The session after torch has answered all there is to ask."""
    for _ in range(200):
        asked = session.next_question()
        if asked is None:
            return session
        session = session.with_answer(session.run, asked, answer(asked))
    raise AssertionError("torch is asked for ever")


def test_it_opens_on_round_1_with_the_numbers_of_a_fresh_run(session: Session) -> None:
    fresh = Run(make_engine("numpy", session.spec))
    fresh.train_to(1)
    assert session.round == 1
    assert dict(session.run.values(1)) == dict(fresh.values(1))


def test_next_and_back_move_by_one_round_and_round_1_is_the_first(session: Session) -> None:
    assert session.next().next().back().round == 2
    assert session.back().round == 1
    assert "first" in session.back().notice


def test_an_intention_leaves_the_session_it_was_made_from_as_it_was(session: Session) -> None:
    session.next().next().select("h1").switch_scale().switch_form()
    assert (session.round, session.selected, session.log_scale) == (1, "w1", False)


def test_going_to_a_near_round_shows_it_at_once(session: Session) -> None:
    there = session.go_to(1000)
    assert (there.round, there.goal) == (1000, None)
    assert there.first().round == 1
    assert there.first().last().round == session.spec.rounds


def test_going_to_a_far_round_runs_there_and_keeps_the_running_speed(session: Session) -> None:
    going = session.go_to(300_000)
    assert going.goal == Goal(300_000, hurry=True) and going.pace == float("inf") and going.speed == session.speed
    for _ in range(1000):
        if going.goal is None:
            break
        going.run.train_to(300_001, 0.05)
        going = going.tick(1 / 30)
    assert (going.round, going.goal) == (300_000, None)


def test_running_at_a_speed_shows_as_many_rounds_as_the_time_has_earned(session: Session) -> None:
    running, moved = session.run_or_pause(), 0.0
    for now in [n / 30 for n in range(1, 31)]:
        ticked = running.tick(now - moved)
        if ticked is not running:
            running, moved = ticked, now
    assert running.round in (10, 11)  # 10 rounds a second for a second, from round 1


def test_less_than_a_round_earned_changes_nothing(session: Session) -> None:
    running = session.run_or_pause()
    assert running.tick(0.05) is running and running.tick(0.15).round == 2


def test_running_stops_at_the_lessons_last_round(session: Session) -> None:
    near = session.go_to(session.spec.rounds - 1).run_or_pause().tick(60.0)
    assert (near.round, near.goal) == (session.spec.rounds, None)
    assert "last" in near.run_or_pause().notice


def test_any_step_stops_running(session: Session) -> None:
    running = session.run_or_pause()
    assert running.goal is not None
    assert running.next().goal is None and running.back().goal is None and running.run_or_pause().goal is None


def test_speeds_go_up_and_down_between_their_ends(session: Session) -> None:
    for _ in SPEEDS:
        session = session.faster()
    assert session.speed == SPEEDS[-1]
    for _ in SPEEDS:
        session = session.slower()
    assert session.speed == SPEEDS[0]


def test_other_settings_start_a_new_run_at_round_1_and_keep_the_old_one(session: Session) -> None:
    before = session.go_to(100)
    after = before.change(changed(session.lesson, step=5.0))
    assert (after.round, after.spec.step) == (1, 5.0)
    assert after.trainings[:-1] == before.trainings and before.run.rounds >= 100
    assert before.change(before.spec).run is before.run


def test_the_other_runs_of_a_sitting_come_back_in_turn_with_their_lessons(session: Session) -> None:
    second = session.open_lesson(load_lesson("relu"))
    third = second.change(changed(second.lesson, step=3.0))
    assert session.other_run().notice.startswith("there are no other runs")
    shown, runs = third, [third.run]
    for _ in range(3):
        shown = shown.other_run()
        runs.append(shown.run)
    assert runs == [third.run, second.run, session.run, third.run]  # the one that was left comes first
    assert (shown.lesson.name, shown.spec.step, shown.round, len(shown.trainings)) == ("relu", 3.0, 1, 3)


def test_a_selection_that_the_new_network_lacks_falls_back_to_w1(session: Session) -> None:
    chosen = session.select("w8")
    small = changed(session.lesson, hidden=(1,), weights=(0.1, 0.2, 0.3, 0.4))
    assert chosen.change(small).selected == "w1"
    assert chosen.change(changed(session.lesson, step=2.0)).selected == "w8"


@examples(50)
@given(st.lists(st.sampled_from([(-1, 0), (1, 0), (0, -1), (0, 1)]), max_size=30))
def test_the_selection_always_moves_to_something_there_is(moves: list[tuple[int, int]]) -> None:
    session = Session.open(load_lesson("two-by-two"))
    known = {part for column in list_selection_columns(session.network) for part in column}
    for across, down in moves:
        session = session.move(across, down)
        assert session.selected in known


def test_the_selection_reaches_every_part_of_the_network(session: Session) -> None:
    seen = {session.selected}
    for across, down in [(-1, 0), (0, 1), *[(1, 0), (0, -1), (0, -1), (0, -1), (0, 1), (0, 1), (0, 1)] * 6]:
        session = session.move(across, down)
        seen.add(session.selected)
    assert seen == {part for column in list_selection_columns(session.network) for part in column}


def test_torch_is_asked_nothing_until_it_has_loaded(session: Session) -> None:
    assert session.next_question() is None
    assert session.torch_unavailable("not installed").next_question() is None


def test_torch_is_asked_until_its_round_and_the_check_are_there_and_one_round_ahead(session: Session) -> None:
    known = caught_up(session.torch_ready("2.0"))
    assert set(known.torch.own) == set(known.torch.check) == {1, 2}
    mine = {**known.run.given(2), **known.run.values(2)}
    assert known.next().torch.own[2] == pytest.approx(mine)


def test_torch_catches_up_with_a_far_round_in_small_questions(session: Session) -> None:
    far = session.torch_ready("2.0").go_to(1000)
    asked = far.next_question()
    assert asked is not None
    known = caught_up(far)
    assert 1000 in known.torch.own and known.torch.history.rounds >= 1000
    assert known.torch.history.loss(1000) == far.run.loss(1000)


def test_an_answer_about_a_run_that_is_gone_is_dropped(session: Session) -> None:
    ready = session.torch_ready("2.0")
    asked = ready.next_question()
    assert asked is not None
    other = ready.change(changed(session.lesson, step=3.0))
    after = other.with_answer(ready.run, asked, answer(asked))
    assert after is other


def test_a_part_that_the_network_lacks_is_not_selected(session: Session) -> None:
    assert session.select("w9") is session


def test_what_torch_said_is_put_away_when_it_is_gone(session: Session) -> None:
    known = caught_up(session.torch_ready("2.0")).torch_unavailable("died")
    assert not known.torch.own and not known.torch.check and "died" in known.notice
    assert known.next().notice == "" and known.torch_loading().torch.state == "loading"


def test_opening_a_lesson_keeps_torch_ready(session: Session) -> None:
    opened = session.torch_ready("2.0").open_lesson(load_lesson("numpy-by-hand"))
    assert opened.torch.state == "ready" and opened.next_question() is not None
    assert opened.lesson.name == "numpy-by-hand" and opened.round == 1


def test_a_round_is_stepped_through_from_a_blank_start_to_the_whole(session: Session) -> None:
    session = session.to_start()
    assert (session.round, session.formulas_done) == (1, 0)
    for _ in range(8):
        session = session.step_on()
    assert (session.round, session.formulas_done) == (1, 29)
    assert session.step_back().formulas_done == 21 and session.step_back().to_end().formulas_done is None
    assert session.to_end().step_back().formulas_done == 21 and session.to_end().step_on().round == 2


def test_steps_go_on_into_the_next_round_and_back_into_the_one_before(session: Session) -> None:
    on = session.step_on()
    assert (on.round, on.formulas_done) == (2, 4)
    assert (on.step_back().round, on.step_back().formulas_done) == (1, 29)
    assert "start of round 1" in session.to_start().step_back().notice


def test_the_selection_goes_to_the_part_at_work_unless_it_is_on_one(session: Session) -> None:
    at = session.select("x1").to_start().step_on()
    assert at.selected == "h1"
    assert at.select("o2").step_on().selected == "o2"
    assert session.to_start().selected == session.selected


def test_single_quantities_are_stepped_one_by_one_after_the_switch(session: Session) -> None:
    fine = session.switch_single().to_start()
    selected = []
    for count in range(1, 6):
        fine = fine.step_on()
        selected.append(fine.selected)
        assert fine.formulas_done == count
    assert selected == ["h1", "h1", "h2", "h2", "o1"]
    assert "single quantities" in session.switch_single().notice


def test_a_phase_that_was_begun_in_single_steps_is_finished_when_steps_are_phases_again(session: Session) -> None:
    fine = session.switch_single().to_start().step_on()
    assert (fine.formulas_done, fine.switch_single().formulas_done) == (1, 4)
    assert session.switch_single().switch_single().formulas_done is None


def test_moving_by_whole_rounds_running_and_other_problems_show_whole_rounds(session: Session) -> None:
    inside = session.next().step_on()
    assert inside.formulas_done is not None
    others = [inside.next(), inside.back(), inside.go_to(7), inside.run_or_pause(), inside.first()]
    others += [inside.open_lesson(load_lesson("relu")), inside.change(changed(inside.lesson, step=0.5))]
    assert [other.formulas_done for other in others] == [None] * len(others)
    assert inside.next().round == inside.round + 1
    assert (
        inside.select("w3").formulas_done
        == inside.move(1, 0).formulas_done
        == inside.switch_scale().formulas_done
        == inside.formulas_done
    )


def test_a_printed_figure_is_shown_in_its_round_with_its_part_and_under_its_own_settings() -> None:
    session = Session.open(load_lesson("mazur-2015"))
    there = session.show_figure(2, "E_o1", {})
    assert (there.round, there.selected, there.run) == (2, "o1", session.run)
    sheet = Session.open(load_lesson("era-sheet"))
    other = sheet.show_figure(68, "E", {"step": 0.2})
    assert (other.round, other.spec.step, other.selected, other.lesson.name) == (68, 0.2, "E", "era-sheet")
    assert "η 0.2, as printed; press o for earlier runs" in other.notice and other.trainings[:-1] == sheet.trainings
    assert [figures.printed for figures in other.figures] == [{"E": "0.006369969"}]


def test_the_figures_of_a_session_are_those_that_hold_for_the_problem_shown() -> None:
    session = Session.open(load_lesson("numpy-by-hand"))
    assert {figures.round for figures in session.figures} == {10}
    changed = session.change(replace(session.spec, step=5.0))
    assert {figures.round for figures in changed.figures} == {10, 100, 1000}
    assert {figures.round for figures in changed.other_run().figures} == {10}
    assert session.open_lesson(load_lesson("two-by-two")).figures == ()


def test_the_digits_shown_go_from_3_to_17_and_stay_with_another_lesson_or_sitting() -> None:
    session = Session.open(load_lesson("two-by-two"))
    more = session.more_digits()
    assert (session.digits, more.digits, more.notice) == (6, 7, "7 significant digits")
    assert more.fewer_digits().digits == 6
    for _ in range(20):
        more, session = more.more_digits(), session.fewer_digits()
    assert (more.digits, more.notice) == (17, "at most 17 significant digits: no number needs more")
    assert (session.digits, session.notice) == (3, "at least 3 significant digits")
    assert more.open_lesson(load_lesson("relu")).digits == more.replaced_by(session).digits == 17


def test_the_round_shown_before_is_remembered_as_long_as_it_is_of_the_same_training() -> None:
    session = Session.open(load_lesson("two-by-two"))
    assert session.before is None and session.next().before == 1
    assert session.next().go_to(9).back().before == 9
    assert session.next().go_to(2).before == 1 and session.next().switch_scale().before == 1
    assert session.next().open_lesson(load_lesson("relu")).before is None
    assert session.next().run_or_pause().tick(0.5).before == 2


def test_another_run_is_shown_at_the_same_round_as_far_as_it_was_trained(session: Session) -> None:
    changed = session.go_to(10).change(replace(session.spec, step=0.5)).go_to(5)
    assert changed.other_run().round == 5 and changed.other_run().notice.startswith("run 1 of 2: ")
    assert changed.go_to(40).other_run().round == 10
    assert changed.other_run().other_run().notice == "run 2 of 2: two-by-two, η 0.5"


def test_other_printed_values_are_of_the_run_shown_alone_and_not_saved_yet() -> None:
    session = Session.open(load_lesson("mazur-2015")).open_lesson(load_lesson("mazur-2015"))
    saved = session.saved_in("it.toml", session)
    entry = Figures(1, "numpy", {}, {"E": "0.5"})
    changed = saved.with_printed(replace(saved.lesson, figures=(entry,)))
    assert not saved.unsaved and changed.unsaved and changed.figures == (entry,)
    assert changed.trainings[0] is saved.trainings[0] and changed.run is saved.run
    assert changed.notice == "1 printed value; press c to check it"
