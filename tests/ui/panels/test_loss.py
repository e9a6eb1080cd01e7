"""The loss panel of runs whose rounds use other samples."""

from dataclasses import replace

import numpy as np
import pytest

from bptui.lessons.lesson import load_lesson
from bptui.session.frame import Frame, make_frame
from bptui.session.session import Session
from bptui.ui.panels.loss import LossPanel


def frame_of(round_: int, batch: str | int = "one at a time") -> Frame:
    lesson = load_lesson("online-or-batch")
    session = Session.open(replace(lesson, spec=replace(lesson.spec, batch=batch, step=0.01)))
    return make_frame(session.go_to(round_))


def text_of(frame: Frame, width: int, height: int) -> list[str]:
    return ["".join(span.text for span in line).rstrip() for line in LossPanel().draw(frame, width, height)]


@pytest.mark.parametrize(("width", "height"), [(78, 1), (30, 9), (70, 16)])
def test_the_mean_of_the_epoch_stands_beside_the_loss_of_the_round(width: int, height: int) -> None:
    frame = frame_of(8)
    mean = np.mean([frame.history.loss(round_) for round_ in (5, 6, 7, 8)])
    drawn = "\n".join(text_of(frame, width, height))
    assert f"mean of epoch 2 {mean:.6g}" in drawn


def test_where_there_is_little_room_the_mean_is_whole_or_not_there() -> None:
    frame = frame_of(8)
    mean = f"mean {np.mean([frame.history.loss(round_) for round_ in (5, 6, 7, 8)]):.6g}"
    heads = [text_of(frame, width, 16)[0] for width in range(50, 80)]
    assert all(head.endswith((mean, mean[5:])) for head in heads if "mean" in head) and heads[0].endswith(mean)


def test_the_means_have_columns_of_their_own_from_the_end_of_the_first_epoch() -> None:
    lines = text_of(frame_of(7), 30, 9)
    label = next(number for number, line in enumerate(lines) if line.startswith("mean of epoch 1"))
    assert all(line[:3] == "   " for line in lines[label + 1 : -1] if line)
    assert lines[label + 1][3:7].strip() or lines[label + 2][3:7].strip()
    assert not any("mean" in line for line in text_of(frame_of(3), 30, 9))


def test_where_a_pass_is_no_epoch_its_rounds_are_named() -> None:
    assert "mean of rounds 1–4" in "\n".join(text_of(frame_of(4, 3), 40, 9))


def test_rounds_that_use_all_samples_have_no_mean() -> None:
    assert "mean" not in "\n".join(text_of(frame_of(9, "all"), 40, 9))
