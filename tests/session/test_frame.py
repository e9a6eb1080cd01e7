"""What may be drawn: the frame holds the run's numbers and says truly whether they agree."""

from dataclasses import replace
from math import inf

import pytest
from hypothesis import assume, given

from bptui.core.engines.engine import make_engine
from bptui.core.engines.finite_differences import estimate_gradients
from bptui.core.problem.spec import Spec
from bptui.lessons.lesson import load_lesson
from bptui.session.frame import Frame, make_frame
from bptui.session.last_step import LastStep
from bptui.session.session import Session
from bptui.session.torch_side.process import TorchAnswer, TorchQuestion
from tests.answering import answer_all
from tests.effort import examples
from tests.strategies import is_smooth, problems


def frame_of(name: str = "two-by-two", round_: int = 1, **settings: object) -> Frame:
    lesson = load_lesson(name)
    lesson = replace(lesson, spec=replace(lesson.spec, **settings))  # type: ignore[arg-type]
    return make_frame(Session.open(lesson).torch_unavailable("not asked").go_to(round_))


def checked_by_torch(spec: Spec) -> Frame:
    """The frame of round 1 with the gradient check done by torch, in float64 as its process does it."""
    session = Session.open(replace(load_lesson("two-by-two"), spec=spec)).torch_ready("2")
    engine = make_engine("torch", replace(spec, torch_precision="float64"))
    check = {name: float(value) for name, value in engine.evaluate(session.run.parameters(1), 1).items()}
    return make_frame(session.with_answer(session.run, TorchQuestion(spec.to_table(), 1), TorchAnswer(check=check)))


def test_the_values_of_a_round_are_those_of_the_engine() -> None:
    frame = frame_of(round_=10)
    engine = make_engine("numpy", frame.spec)
    rows, _ = engine.advance(frame.history.parameters(1), 10, 1)
    assert dict(frame.values) == dict(engine.evaluate(rows[9][1:], 1))
    assert frame.given["w1"] == rows[9][1] and frame.given["x1"] == 0.5


def test_finite_differences_check_the_gradient_where_there_is_no_torch() -> None:
    frame = frame_of()
    assert frame.second_by == "finite differences"
    estimates = estimate_gradients(frame.spec, frame.history.parameters(1), 1)
    assert frame.second == {name: one.slope for name, one in estimates.items()}
    assert all(frame.agrees.values()) and set(frame.agrees) == set(frame.network.parameters)


@pytest.mark.parametrize("round_", [1, 10, 1000, 3000, 10_000])
def test_the_published_slip_lights_up_at_the_hidden_weights_and_only_there(round_: int) -> None:
    frame = frame_of("numpy-by-hand", round_)
    wrong = {p for p, agrees in frame.agrees.items() if agrees is False}
    assert wrong == {"w1", "w2", "w3", "w4"}


@examples(60)
@given(problems(gradient="chain rule"))
def test_the_right_rule_never_lights_up_beside_autograd(spec: Spec) -> None:
    frame = checked_by_torch(spec)
    assume(is_smooth(spec, {**frame.given, **frame.values}))
    assert frame.second_by == "torch"
    assert False not in frame.agrees.values(), frame.agrees


def test_finite_differences_give_the_second_opinion_while_torch_loads_and_until_it_has_spoken_there_is_none() -> None:
    session = Session.open(load_lesson("two-by-two"))
    loading, loaded = make_frame(session), make_frame(session.torch_ready("2.0"))
    assert loading.second_by == "finite differences" and loading.second == frame_of().second
    assert loading.agrees == frame_of().agrees
    assert (loaded.second_by, loaded.second, loaded.agrees) == ("torch", {}, {})


@pytest.mark.with_torch
@pytest.mark.parametrize("optimiser", ["gradient descent", "momentum", "adam"])
def test_torch_at_numpys_weights_gives_every_number_of_the_round_again(optimiser: str) -> None:
    """Also the updated weights, as it is given the optimiser's state; its own run shows other numbers for float32."""
    lesson = load_lesson("two-by-two")
    spec = replace(lesson.spec, optimiser=optimiser, torch_precision="float32")
    session = answer_all(Session.open(replace(lesson, spec=spec)).go_to(7))
    frame = make_frame(session)
    assert set(frame.values) <= set(frame.second) and not frame.own_run
    assert {name: frame.second[name] for name in frame.values} == pytest.approx(
        dict(frame.values), rel=1e-12, abs=1e-15
    )
    own = make_frame(session.switch_torch())
    assert own.own_run and own.second == own.own == frame.own != frame.second
    assert own.agrees == frame.agrees == dict.fromkeys(spec.network.parameters, True)


@pytest.mark.with_torch
def test_what_was_rounded_by_hand_is_not_said_to_be_another_number() -> None:
    """The check, in float64 and without that rounding, agrees; and no difference contradicts it."""
    lesson = load_lesson("two-by-two")
    spec = replace(lesson.spec, rounding="4 decimals")
    frame = make_frame(answer_all(Session.open(replace(lesson, spec=spec)).next()))
    assert set(frame.agrees.values()) == {True}
    for name in frame.values:
        difference = frame.difference_of(name)
        assert difference and not difference.beyond
    assert frame.values["dE_dw1"] != frame.second["dE_dw1"]


def test_the_floor_and_the_end_of_the_finite_numbers_are_in_the_frame() -> None:
    assert frame_of().floor == pytest.approx(0.00245)
    diverging = frame_of("random-weights", 700)
    assert diverging.floor == -inf
    assert diverging.left_finite is not None and 500 < diverging.left_finite <= 700


def test_in_the_middle_of_a_round_only_what_is_calculated_is_in_the_frame() -> None:
    """By either engine, and the gradient check of what there is no gradient of yet is left out too."""
    session = Session.open(load_lesson("two-by-two")).torch_unavailable("not installed").to_start()
    assert make_frame(session).values == {} and make_frame(session).second == {}
    assert make_frame(session).last_step == LastStep("", 0, 8, (), frozenset(), frozenset(), "")
    for _ in range(5):
        session = session.step_on()
    frame = make_frame(session)
    assert list(frame.values)[-4:] == ["dE_dw5", "dE_dw6", "dE_dw7", "dE_dw8"] and "delta_h1" not in frame.values
    assert set(frame.second) == {f"dE_dw{n}" for n in range(5, 9)}
    assert set(frame.agrees) == {"w5", "w6", "w7", "w8"}
    assert frame.working.line("dE_dw5").result and not frame.working.line("dE_dw1").result


def test_the_step_at_work_names_its_phase_its_parts_and_the_way_it_goes() -> None:
    session, seen = Session.open(load_lesson("two-by-two")).to_start(), []
    for _ in session.network.phases:
        session = session.step_on()
        seen.append(make_frame(session).last_step)
    assert [at.phase for at in seen if at] == list(session.network.phases)
    assert [at.flow for at in seen if at] == ["forward"] * 3 + ["backward"] * 4 + [""]
    assert make_frame(session.to_end()).last_step is None
    assert seen[0] and seen[0].parts == {"h1", "h2", "w1", "w2", "w3", "w4"}
    assert seen[5] and seen[5].parts == {"h1", "h2", "w5", "w6", "w7", "w8"}
    assert seen[5].quantities == {"delta_h1", "delta_h2"} and (seen[5].step, seen[5].steps) == (6, 8)


def test_an_update_in_mid_round_is_a_step_of_its_own_between_two_that_go_backward() -> None:
    lesson = load_lesson("two-by-two")
    lesson = replace(lesson, spec=replace(lesson.spec, gradient="updated weights"))
    session, seen = Session.open(lesson).to_start(), []
    for _ in range(len(session.network.phases) + 1):
        session = session.step_on()
        seen.append(make_frame(session).last_step)
    assert [at.flow for at in seen if at] == ["forward"] * 3 + ["backward"] * 2 + [""] + ["backward"] * 2 + [""]
    assert seen[5] and seen[5].quantities == {f"new_w{n}" for n in range(5, 9)} and seen[5].steps == 9
    assert seen[8] and seen[8].quantities == {f"new_w{n}" for n in range(1, 5)} and seen[8].step == 9


def test_what_cannot_be_told_is_neither_right_nor_wrong() -> None:
    """Behind a dead neuron a gradient is 0, and no difference tells that from nearly 0."""
    frame = frame_of(activation_hidden="relu", weights=(-0.2, 0.2, -0.5, 0.4, 0.1, -0.5, -0.3, 0.8))
    assert {p for p, agrees in frame.agrees.items() if agrees is None} == {"w1", "w3", "w5", "w6"}
    assert {p for p, agrees in frame.agrees.items() if agrees} == {"w2", "w4", "w7", "w8"}


@pytest.mark.with_torch
def test_torchs_numbers_of_another_formula_are_beyond_rounding_in_every_round() -> None:
    """Of lesson "random-weights" with updated weights, where a ReLU keeps the numbers apart for ever."""
    lesson = load_lesson("random-weights")
    spec = replace(lesson.spec, gradient="updated weights")
    session = Session.open(replace(lesson, spec=spec)).torch_ready("2").go_to(32)
    engine = make_engine("torch", spec)
    rows, after = engine.advance(session.run.state(1), 40, 1)
    question = TorchQuestion(spec.to_table(), 32)
    session = session.with_answer(session.run, question, TorchAnswer(rows.tolist(), after.tolist()))
    own = {name: float(value) for name, value in engine.evaluate(rows[31][1:], 32).items()}
    exact = make_engine("torch", replace(spec, torch_precision="float64")).evaluate(session.run.state(32), 32)
    check = {name: float(value) for name, value in exact.items()}
    session = session.with_answer(session.run, question, TorchAnswer(own=own, check=check, state=rows[31][1:].tolist()))
    for frame, theirs in ((make_frame(session), check), (make_frame(session.switch_torch()), own)):
        assert frame.second == theirs
        assert float(frame.values["dE_dw1"]) == pytest.approx(-0.53121, abs=1e-5)
        difference = frame.difference_of("dE_dw1")
        assert frame.agrees["w1"] is False and difference and difference.beyond


def test_finite_differences_do_not_know_the_rule() -> None:
    frame = frame_of("numpy-by-hand")
    right = estimate_gradients(replace(frame.spec, gradient="chain rule"), frame.history.parameters(1), 1)
    assert estimate_gradients(frame.spec, frame.history.parameters(1), 1) == right


def test_the_frame_holds_the_marks_of_the_rounds_figures_and_the_rounds_that_have_some() -> None:
    frame = frame_of("mazur-2015")
    assert frame.figure_rounds == (1, 2, 10001) and {mark.agrees for mark in frame.marks.values()} == {True}
    wrong = frame_of("mazur-2015", 2).mark("E")
    assert wrong is not None and (wrong.printed, wrong.sign) == ("0.291027924", "✗")
    assert frame_of("mazur-2015", 3).marks == {} and frame_of("two-by-two").figure_rounds == ()


def test_watching_the_right_mistake_turns_the_marks() -> None:
    wrong = frame_of("era-sheet")
    assert {mark.quantity for mark in wrong.marks.values() if not mark.agrees} == {
        "dE_dw3",
        "dE_dw4",
        "new_w3",
        "new_w4",
    }
    assert all(mark.agrees for mark in frame_of("era-sheet", gradient="first derivative for all").marks.values())


def test_inside_a_round_only_what_is_calculated_is_marked() -> None:
    session = Session.open(load_lesson("mazur-2015")).torch_unavailable("").to_start()
    assert make_frame(session).marks == {}
    assert {name for name, _ in make_frame(session.step_on()).marks} == {"in_h1", "h1", "h2"}


def test_a_figure_of_torchs_is_open_until_torch_has_reached_the_round() -> None:
    session = Session.open(load_lesson("relu")).go_to(10)
    assert {mark.sign for mark in make_frame(session).marks.values()} == {"·"}
    assert {beside for _, beside in make_frame(session).marks} == {"torch"}
    missing = make_frame(session.torch_unavailable("not installed"))
    assert {beside for _, beside in missing.marks} == {"numpy"} and "✓" in {m.sign for m in missing.marks.values()}


def test_a_number_that_changed_since_the_round_shown_before_says_which_way() -> None:
    session = Session.open(load_lesson("two-by-two")).torch_unavailable("")
    assert {make_frame(session).change(name) for name in ("E", "dE_dw1", "new_w1", "w1")} == {""}
    on, back = make_frame(session.next()), make_frame(session.next().back())
    for name in ("E", "h1", "dE_dw1", "new_w8", "w1"):
        before, after = ({**f.given, **f.values}[name] for f in (make_frame(session), on))
        assert on.change(name) == ("↑" if after > before else "↓")
        assert {on.change(name), back.change(name)} == {"↑", "↓"}
    assert on.change("x1") == on.change("eta") == ""
    far = make_frame(session.next().go_to(40))
    assert far.change("E") == "↓" and far.before["E"] == on.values["E"]


def test_a_number_whose_shown_digits_are_the_same_did_not_change() -> None:
    lesson = load_lesson("two-by-two")
    slow = replace(lesson, spec=replace(lesson.spec, step=1e-6))
    session = Session.open(slow).torch_unavailable("").next()
    few, many = (make_frame(replace(session, digits=digits)) for digits in (3, 17))
    assert few.change("E") == "" and many.change("E") == "↓"


def test_what_changed_stays_marked_while_the_selection_moves_and_goes_with_another_run_or_while_it_runs() -> None:
    session = Session.open(load_lesson("two-by-two")).torch_unavailable("").next()
    assert make_frame(session.select("w2").more_digits()).change("E") == "↓"
    assert make_frame(session.run_or_pause()).change("E") == ""
    assert make_frame(session.open_lesson(load_lesson("relu"))).change("E") == ""


def test_inside_a_round_what_the_last_step_calculated_is_marked_as_new() -> None:
    session = Session.open(load_lesson("two-by-two")).torch_unavailable("").next().to_start().step_on()
    frame = make_frame(session)
    assert {name for name in (*frame.values, *frame.given) if frame.change(name)} == {"in_h1", "h1", "in_h2", "h2"}
    assert frame.change("h1") == "•"


def test_the_second_opinion_is_as_far_apart_as_it_says_and_only_a_wrong_rule_is_beyond_rounding() -> None:
    frame = frame_of("numpy-by-hand")
    assert [frame.difference_of(f"dE_dw{n}").beyond for n in range(1, 9)] == [True] * 4 + [False] * 4  # type: ignore[union-attr]
    assert frame.difference_of("h1") is None
    session = Session.open(load_lesson("two-by-two")).torch_ready("2")
    mine = {name: float(value) for name, value in session.run.values(1).items()}
    theirs = {**mine, "dE_dw1": mine["dE_dw1"] * (1 + 2**-51), "dE_dw2": 2 * mine["dE_dw2"]}
    rows, after = make_engine("numpy", session.spec).advance(session.run.state(1), 1, 1)
    answer = TorchAnswer(rows.tolist(), after.tolist(), own=theirs, state=rows[0][1:].tolist())
    answered = session.with_answer(session.run, TorchQuestion(session.spec.to_table(), 1), answer)
    assert make_frame(answered).difference_of("E") is None  # torch has not answered at NumPy's weights
    frame = make_frame(answered.switch_torch())
    assert [frame.difference_of(name) for name in ("E", "dE_dw1")] == [("0", False), ("2 ulp", False)]
    apart = frame.difference_of("dE_dw2")
    assert apart and apart.beyond and float(apart.text) == pytest.approx(abs(mine["dE_dw2"]), rel=0.1)
