"""Torch's side of a run whose old rounds are thinned: it is asked to train from a kept one."""

import numpy as np
import pytest

from bptui.core.engines.engine import make_engine
from bptui.core.training.kept_rounds import BLOCK
from bptui.lessons.lesson import load_lesson
from bptui.session import worker
from bptui.session.session import Session
from tests.answering import answer_all


def test_torchs_own_run_is_known_in_a_round_that_was_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """To the last bit: torch trains again from the kept round before it."""
    lesson = load_lesson("two-by-two")
    monkeypatch.setattr(worker, "_load_engine", lambda *_: make_engine("numpy", lesson.spec))
    there = answer_all(Session.open(lesson).go_to(BLOCK + 7))
    while (history := there.torch.history).next_stride in (2, 4, 8):
        history.thin(1)
    assert history.find_kept(1000) == 993
    before = answer_all(there.go_to(1000))
    expected = {**before.run.given(1000), **before.run.values(1000)}
    np.testing.assert_equal(dict(before.torch.given(1000)), expected)
    assert before.torch.history.rounds == history.rounds
