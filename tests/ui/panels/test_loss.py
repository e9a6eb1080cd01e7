"""The loss panel: any losses, over logarithmic rounds, and of runs whose rounds use other samples."""

import re
from dataclasses import replace
from math import inf, isfinite, nan
from typing import Any

import numpy as np
import pytest

from bptui.core.training.run import Run
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
    mean = f"{np.mean([frame.history.loss(round_) for round_ in (5, 6, 7, 8)]):.6g}"
    heads = [text_of(frame, width, 5)[0] for width in range(20, 80)]
    assert all(re.search(rf"mean( of epoch 2)? {mean}(?!\d)", head) for head in heads if "mean" in head)
    assert "mean" not in heads[0] and f"mean of epoch 2 {mean}" in heads[-1]


def test_where_a_pass_is_no_epoch_its_rounds_are_named() -> None:
    assert "mean of rounds 1–4" in "\n".join(text_of(frame_of(4, 3), 40, 9))


def test_rounds_that_use_all_samples_have_no_mean() -> None:
    assert "mean" not in "\n".join(text_of(frame_of(9, "all"), 40, 9))


def frame_with(losses: list[float], round_: int = 1, **changes: Any) -> Frame:
    """A frame of a run that had these losses, and its last round after them."""
    session = Session.open(load_lesson("two-by-two"))
    run = Run(session.run.engine)
    rows = np.zeros((len(losses) + 1, 1 + len(run.next_state)))
    rows[:, 0], rows[:, 1:] = [*losses, losses[-1]], run.next_state
    run.append(rows, run.next_state)
    return replace(make_frame(session), history=run, furthest=len(losses), round=round_, **changes)


@pytest.mark.parametrize(("width", "height"), [(78, 1), (98, 6), (24, 8), (24, 12), (86, 17)])
@pytest.mark.parametrize(
    "losses", [[0.5], [0.5, nan], [nan, inf], [nan], [0.1, 0.2, 0.4, 0.8], [3e300, -3e300], [-1.0, 0.0]]
)
@pytest.mark.parametrize("log_scale", [False, True])
def test_any_losses_can_be_drawn_in_any_size(width: int, height: int, losses: list[float], log_scale: bool) -> None:
    lines = text_of(frame_with(losses, log_scale=log_scale), width, height)
    assert len(lines) == height and max(map(len, lines)) <= width
    if height > 1:
        assert ("×" in lines[-2]) == (not all(map(isfinite, losses)))


def test_the_first_the_present_and_the_least_loss_are_said_with_its_round() -> None:
    losses = [0.5, 0.25, 0.125, 0.375]
    frame = frame_with(losses, 2)
    for width, height in ((98, 6), (40, 12)):
        said = " ".join(text_of(frame, width, height))
        assert "round 1 0.5" in said and "lowest 0.125 in round 3" in said
    assert re.search(r"round 1 0.5 +█[▁-█]+ 0.375 +round 4", text_of(frame, 78, 1)[0])


@pytest.mark.parametrize(("width", "height"), [(98, 6), (24, 12), (86, 17)])
def test_rounds_are_on_a_logarithmic_axis_and_a_click_finds_them(width: int, height: int) -> None:
    frame = frame_with([1.0 / round_ for round_ in range(1, 1001)], 10)
    panel = LossPanel()
    lines = panel.draw(frame, width, height)
    axis = panel._axis
    assert axis is not None
    top, bottom = axis.top, axis.top + axis.rows - 1
    assert axis.find_round(width - 1, top) == 1000 and axis.find_round(axis.left, bottom) in (1, 2)
    assert (
        axis.find_round(axis.left - 1, top)
        is axis.find_round(width, top)
        is axis.find_round(axis.left, top - 1)
        is None
    )
    found = [axis.find_round(x, top) for x in range(axis.left, width)]
    assert found == sorted(filter(None, found))
    middle = next(x for x, round_ in enumerate(found) if round_ and round_ >= 31) / len(found)
    assert 0.4 < middle < 0.6
    assert "".join(span.text for span in lines[-1]).rstrip().endswith("1,000")


def test_the_lowest_possible_loss_is_a_line_where_there_is_one_and_the_losses_come_near() -> None:
    frame = frame_with([0.2, 0.1, 0.004])
    assert frame.floor == pytest.approx(0.00245)
    assert "lowest possible" in "".join(text_of(frame, 98, 6))
    assert "lowest possible" in "".join(text_of(replace(frame, log_scale=True), 98, 6))
    far = frame_with([2e9, 1e9], log_scale=True)
    assert "lowest possible" not in "".join(text_of(far, 98, 6))
    endless = replace(frame, spec=load_lesson("random-weights").spec)
    assert endless.floor == -inf and "lowest possible" not in "".join(text_of(endless, 98, 6))


def test_where_losses_are_equal_or_there_is_one_round_the_point_is_marked() -> None:
    for losses in ([0.5], [0.5, 0.5, 0.5]):
        assert sum(line.count("●") for line in text_of(frame_with(losses), 60, 8)) == 1
