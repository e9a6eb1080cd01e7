"""Which of several samples a session shows, and what of it a frame holds."""

from dataclasses import replace

import pytest

from bptui.check.marks import count_marks
from bptui.core.problem.spec import Spec
from bptui.lessons.lesson import Figures, Lesson
from bptui.session.frame import make_frame
from bptui.session.samples import describe_samples
from bptui.session.session import Session

XOR = Spec.from_table(
    {
        "network": {
            "inputs": [[0, 0], [0, 1], [1, 0], [1, 1]],
            "targets": [[0], [1], [1], [0]],
            "weights": [0.5, 0.9, 0.4, 1.0, -1.2, 1.1],
            "biases": {"hidden": [0.8, -0.1], "output": [0.3]},
        },
        "training": {"step": 0.5},
    }
)
ONLINE = replace(XOR, batch="one at a time")


def session_of(spec: Spec) -> Session:
    return Session.open(Lesson("xor", "XOR", spec))


def test_a_key_goes_through_the_samples_and_then_to_all() -> None:
    session, shown = session_of(XOR), []
    for _ in range(6):
        shown.append(session.sample)
        session = session.next_sample()
    assert shown == [1, 2, 3, 4, 0, 1]
    assert session.select("E_s3").sample == 3 and session.select("E_s9") is session


def test_one_sample_is_not_gone_through() -> None:
    session = session_of(replace(XOR, inputs=((1.0, 0.0),), targets=((1.0,),)))
    assert session.sample == 0 and session.next_sample().notice == "there is only one sample"
    assert make_frame(session).samples == ()


def test_a_frame_has_the_numbers_of_the_sample_under_plain_names() -> None:
    frame = make_frame(session_of(XOR).next_sample())
    assert frame.sample == 2
    for name in ("in_h1", "h1", "delta_o1"):
        assert frame.values[name] == frame.values[f"{name}_s2"]
    assert (frame.given["x2"], frame.given["y1"]) == (1.0, 1.0)
    own = sum(frame.values[f"dE_dw1_s{sample}"] for sample in (1, 2, 3, 4))
    assert frame.values["dE_dw1"] == pytest.approx(own) and frame.values["E"] > frame.values["E_s2"]


def test_stepping_through_a_round_shows_the_sample_that_is_calculated_even_where_all_are_shown() -> None:
    session = replace(session_of(XOR), chosen_sample=0).to_start()
    assert [(session := session.step_on()).sample for _ in range(9)] == [1, 1, 2, 2, 3, 3, 4, 4, 1]


def test_of_all_samples_only_what_belongs_to_the_round_is_shown() -> None:
    frame = make_frame(replace(session_of(XOR), chosen_sample=0))
    assert "h1" not in frame.values and "x1" not in frame.given and "dE_dw1" in frame.values


def test_inside_a_round_the_sample_is_shown_that_is_calculated() -> None:
    session = session_of(XOR).to_start()
    shown = []
    for _ in range(8):
        session = session.step_on()
        shown.append(session.sample)
    assert shown == [1, 1, 2, 2, 3, 3, 4, 4]
    frame = make_frame(session)
    assert frame.last_step and frame.last_step.phase == "forward output, sample 4" and "o1" in frame.last_step.parts
    assert [row.outputs[0] is not None for row in frame.samples] == [True] * 4 and frame.samples[0].loss is None


def test_online_each_round_has_its_own_sample_and_the_table_has_all() -> None:
    session = session_of(ONLINE).next().next()
    frame = make_frame(session)
    assert (session.sample, frame.network.samples) == (3, (3,))
    assert [row.is_used for row in frame.samples] == [False, False, True, False]
    assert all(row.loss is not None and row.outputs[0] is not None for row in frame.samples)
    assert frame.values["h1"] == frame.values["h1_s3"] and "h1_s1" not in frame.values


def test_rounds_that_take_turns_are_named_by_their_epoch_and_samples() -> None:
    assert [describe_samples(ONLINE, round_) for round_ in (1, 4, 7)] == [
        "epoch 1 · sample 1",
        "epoch 1 · sample 4",
        "epoch 2 · sample 3",
    ]
    three = replace(XOR, batch=3)
    assert describe_samples(XOR, 7) == "" and describe_samples(three, 2) == "epochs 1 and 2 · samples 4, 1, 2"


def test_between_rounds_of_other_samples_only_what_they_share_is_said_to_have_changed() -> None:
    frame = make_frame(session_of(ONLINE).next())
    assert frame.change("new_w5") and not frame.change("E") and not frame.change("dE_dw5") and not frame.change("h1")
    assert make_frame(session_of(XOR).next()).change("E") == "↓"


def test_printed_values_of_samples_are_counted_once_and_found_by_plain_names() -> None:
    figures = Figures(1, "numpy", {}, {"o1_s1": "0.4986", "o1_s2": "0.5399", "E": "0.4963"})
    frame = make_frame(Session.open(Lesson("xor", "XOR", XOR, figures=(figures,))))
    assert count_marks(frame.marks) == (3, 0, 0)
    assert (mark := frame.mark("o1", "numpy")) and mark.quantity == "o1_s1"
    assert (mark := frame.mark("E", "numpy")) and mark.quantity == "E" and frame.mark("h1") is None
