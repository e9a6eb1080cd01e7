"""The line of the selection: what a step inside the round did, in words and with all digits."""

from dataclasses import replace

import pytest

from bptui.core.quantities.parts import find_part
from bptui.derive.notations import format_label
from bptui.lessons.lesson import load_lesson
from bptui.session.frame import make_frame
from bptui.session.session import Session
from bptui.text.numbers import read_out, write_minus
from bptui.ui.panels.selection import SelectionPanel
from bptui.ui.panels.status import StatusPanel
from tests.strategies import problem

WIDTHS = (80, 100, 120, 200)


def line_of(session: Session, width: int) -> str:
    (line,) = SelectionPanel().draw(make_frame(session), width, 1)
    return "".join(span.text for span in line)


def test_a_step_says_what_it_did_in_letters_and_with_every_digit() -> None:
    session = Session.open(load_lesson("two-by-two")).torch_unavailable("").to_start()
    for _ in range(4):
        session = session.step_on()
    value = float(make_frame(session).values["delta_o1"])
    assert line_of(session, 80) == f" output deltas: δ_o1 = (o1 − y1)·o1·(1 − o1) = {value!r}"
    assert line_of(session.select("o2"), 80).startswith(" output deltas: δ_o2 = (o2 − y2)·o2·(1 − o2) = 0.1")
    assert line_of(session.select("w1"), 80).startswith(" ∂E/∂w1 ·")  # not of the step
    assert line_of(session.to_end(), 80).startswith(" o1 0.4")


@pytest.mark.parametrize("name", ["two-by-two", "xor", "softmax", "deep", "adam", "4-4-4-4"])
@pytest.mark.parametrize("single", [False, True])
def test_every_step_gives_all_digits_of_a_number_it_calculated_at_every_size(name: str, single: bool) -> None:
    lesson = load_lesson("two-by-two" if name[0] == "4" else name)
    lesson = replace(lesson, spec=problem((4, 4, 4, 4), biases="per neuron")) if name[0] == "4" else lesson
    session = Session.open(lesson).torch_unavailable("").next()
    session = session.switch_single().to_start() if single else session.to_start()
    for _ in range(40):
        session = session.step_on()
        frame = make_frame(session)
        assert frame.last_step is not None
        names = [n for n in frame.last_step.names_of(frame.sample) if find_part(frame.network, n) == frame.selected]
        result = write_minus(read_out(frame.values[names[-1]]))
        for width in WIDTHS:
            line = line_of(session, width)
            assert line.endswith(f"= {result}") and format_label(names[-1]) in line and len(line) <= width


def test_the_status_line_names_all_that_a_step_calculated_as_far_as_there_is_room() -> None:
    session = Session.open(load_lesson("two-by-two")).torch_unavailable("").to_start()
    for _ in range(4):
        session = session.step_on()
    wide, narrow = (
        "".join(span.text for span in StatusPanel().draw(make_frame(shown), width, 1)[0])
        for shown, width in ((session, 120), (session.step_on(), 80))
    )
    assert wide.startswith(" output deltas: δ_o1, δ_o2 ") and narrow.startswith(" ∂E/∂w5 … ∂E/∂w8 ")
    blank = "".join(span.text for span in StatusPanel().draw(make_frame(session.to_start()), 120, 1)[0])
    assert blank.startswith(" A 2-2-2 network")


def test_a_notice_takes_the_place_of_the_engines_where_it_would_be_cut() -> None:
    session = Session.open(load_lesson("two-by-two")).torch_unavailable("").next()
    for notice, whole in (("eight values are kept", True), ("a much longer line of what a key has done here", False)):
        (line,) = StatusPanel().draw(replace(make_frame(session), notice=notice), 80, 1)
        text = "".join(span.text for span in line)
        assert notice in text and ("numpy f64" in text) == whole and "round 2" in text and len(text) <= 80
