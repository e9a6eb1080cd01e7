"""The gradients panel: numbers that look different never stand beside a word that says they are equal."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.core.problem.spec import Spec
from bptui.lessons.lesson import load_lesson
from bptui.session.frame import Frame, make_frame
from bptui.session.session import Session
from bptui.ui.drawing.lines import Line
from bptui.ui.panels.forward import ForwardPanel
from bptui.ui.panels.gradients import AGREES, DISAGREES, NEARLY, GradientsPanel
from tests.answering import answer_all
from tests.effort import examples
from tests.strategies import problems

NUMBER = re.compile(r"(?<![\w.])-?(?:\d[\d.]*(?:e[+-]\d+)?|inf|nan)(?![\w.])")


def text_of(line: Line) -> str:
    return "".join(span.text for span in line)


def says_equal(row: str) -> bool:
    return AGREES in row.replace(NEARLY, "").replace(DISAGREES, "") or "=" in row


def assert_what_says_equal_looks_equal(frame: Frame, width: int) -> None:
    heads, *rows = map(text_of, GradientsPanel().draw(frame, width, 40))
    for row in rows:
        numbers = NUMBER.findall(row[row.index(" ") :])
        if says_equal(row) and ("torch ∂E/∂w" in heads or "differences" in heads):
            assert numbers[0] == numbers[1], (row, frame.spec)


@examples(60)
@given(problems(), st.integers(78, 160), st.integers(3, 17), st.integers(1, 40))
def test_numbers_that_look_different_never_stand_beside_a_word_that_says_equal(
    spec: Spec, width: int, digits: int, round_: int
) -> None:
    """By whatever rule, in whatever precision, with torch's numbers, its own run's, or finite differences."""
    session = Session.open(replace(load_lesson("two-by-two"), spec=spec)).show_digits(digits).go_to(round_)
    without = make_frame(session.torch_unavailable(""))
    assert_what_says_equal_looks_equal(without, width)
    answered = answer_all(session)
    assert_what_says_equal_looks_equal(make_frame(answered), width)
    own = make_frame(answered.switch_torch())
    drawn = "\n".join(map(text_of, GradientsPanel().draw(own, width, 40)))
    assert AGREES not in drawn and "check" not in drawn
    for frame in (without, make_frame(answered), own):
        assert not [line for line in ForwardPanel().draw(frame, width // 2, 40) if says_equal(text_of(line))]


def test_where_only_the_shown_digits_differ_it_says_that_they_nearly_agree() -> None:
    session = answer_all(Session.open(load_lesson("two-by-two")).next().next())
    few, many = (
        [text_of(line) for line in GradientsPanel().draw(make_frame(session.show_digits(digits)), 98, 9)[1:]]
        for digits in (6, 17)
    )
    assert all(f" {AGREES} " in row and NEARLY not in row for row in few)
    assert any(NEARLY in row for row in many)


def test_the_heading_names_few_wrong_gradients_and_counts_many() -> None:
    for lesson, said in (("numpy-by-hand", "w1, w2, w3, w4 disagree with"), ("sign", "8 of 8 gradients disagree with")):
        spec = load_lesson("two-by-two" if lesson == "sign" else lesson).spec
        spec = replace(spec, gradient="sign wrong") if lesson == "sign" else spec
        session = Session.open(replace(load_lesson("two-by-two"), spec=spec)).torch_unavailable("").next()
        assert f" · {said} finite differences" in GradientsPanel().heading(make_frame(session))


@pytest.mark.with_torch
def test_torchs_column_is_at_numpys_weights_and_its_own_run_has_a_heading_of_its_own() -> None:
    session = answer_all(Session.open(load_lesson("numpy-by-hand")).go_to(10))
    panel, frame = GradientsPanel(), make_frame(session)
    assert panel.heading(frame).endswith("w1, w2, w3, w4 disagree with torch")
    heads, *rows = [text_of(line) for line in panel.draw(frame, 78, 9)]
    assert heads.split()[:5] == ["numpy", "∂E/∂w", "torch", "∂E/∂w", "check"]
    assert [NUMBER.findall(row)[0] == NUMBER.findall(row)[1] for row in rows] == [False] * 4 + [True] * 4
    own = make_frame(session.switch_torch())
    assert panel.heading(own).endswith("torch's own run: |Δ| may grow")
    heads, *rows = [text_of(line) for line in panel.draw(own, 78, 9)]
    assert "torch's own" in heads and "|Δ|" in heads and all("≠" in row for row in rows)


@pytest.mark.with_torch
def test_a_value_that_torch_printed_is_marked_beside_torchs_own_run_alone() -> None:
    session = answer_all(Session.open(load_lesson("relu")).go_to(10))
    for shown, marked in ((session, False), (session.switch_torch(), True)):
        rows = [text_of(line) for line in ForwardPanel().draw(make_frame(shown), 48, 7)]
        assert any("✓" in row for row in rows) == marked
    assert GradientsPanel().footing(make_frame(session)).plain == "21 printed values of torch's own run: 21 ✓"


def test_torchs_numbers_and_the_weights_before_and_after_stand_out_less_than_numpys() -> None:
    frame = make_frame(answer_all(Session.open(load_lesson("two-by-two"))))
    row = GradientsPanel().draw(frame, 140, 9)[2]
    roles = [span.role for span in row if NUMBER.fullmatch(span.text.replace("→", "").strip())]
    assert roles == ["", "second", "second", "second", "second"]
    selected = GradientsPanel().draw(frame, 140, 9)[1]
    assert selected[1].role == "title" and "second" in {span.role for span in selected}
