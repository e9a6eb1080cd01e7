"""Torch's side of a run: its answers so far, and the next question.

Torch evaluates rounds at NumPy's state, in float64: the second opinion on every number. It also trains by itself from
the same start, with its own gradients and in its own precision. Answers are kept for the rounds viewed last and one
round ahead, so that a step shows both engines at once.
"""

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Any

import numpy as np

from bptui.core.engines.engine import collect_given
from bptui.core.problem.spec import Spec
from bptui.core.training.history import History
from bptui.core.training.run import Run
from bptui.record import record
from bptui.session.torch_side.process import TorchAnswer, TorchQuestion, Values

_CHUNK, _LONG_CHUNK = 64, 256  # rounds per question, some 15 and 60 ms: a key's own question waits for at most one
_FAR = 2000  # rounds behind from which on chunks are long
_AHEAD = 4  # rounds torch keeps ahead of the one shown
_KEPT = 32  # answers


@record(eq=False)
class TorchSide:
    """Torch's answers so far about the current run.

    Attributes:
        history: Its own run from the same start.
        state: "loading", "ready" or "unavailable".
        detail: Its version when ready, the reason when unavailable.
        own: All quantities of its own run and their inputs, by round, for the rounds asked about last.
        check: All quantities at NumPy's state in float64, by round.
    """

    history: History
    state: str = "loading"
    detail: str = ""
    own: Mapping[int, Values] = field(default_factory=dict)
    check: Mapping[int, Values] = field(default_factory=dict)

    @classmethod
    def about(cls, spec: Spec, state: str = "loading", detail: str = "") -> "TorchSide":
        """Return torch's side of a new problem, without answers."""
        return cls(History(spec, np.dtype(spec.precision_of("torch"))), state, detail)

    def about_other(self, spec: Spec) -> "TorchSide":
        """Return torch's side of another problem, without answers; torch is as ready as before."""
        return TorchSide.about(spec, self.state, self.detail)

    def next_question(self, run: Run, round_: int) -> TorchQuestion | None:
        """Return the next question when a round of a run is shown, or None if all needed is answered."""
        if self.state != "ready":
            return None
        table, history = run.spec.to_table(), self.history
        for wanted in (round_, round_ + 1):
            check = run.state(wanted).tolist() if wanted not in self.check else None
            kept = history.find_kept(wanted) if wanted <= history.rounds and wanted not in self.own else 0
            own = history.state(kept).tolist() if kept else None
            if check or own:
                return TorchQuestion(table, wanted, own=own, check=check, lead=wanted - kept if kept else 0)
        if (behind := round_ + 1 + _AHEAD - history.rounds) > 0:
            most = _LONG_CHUNK if behind > _FAR else _CHUNK
            return TorchQuestion(table, round_, min(behind, most), history.next_state.tolist(), history.rounds + 1)
        return None

    def with_answer(self, question: TorchQuestion, answer: TorchAnswer) -> "TorchSide":
        """Take in the answer to a question about this very run."""
        own, check = dict(self.own), dict(self.check)
        if answer.rows and answer.after:
            dtype = self.history.next_state.dtype
            self.history.append(np.array(answer.rows, dtype), np.array(answer.after, dtype))
        if answer.own and answer.state:
            state = np.array(answer.state, self.history.next_state.dtype)
            own[question.round] = {**collect_given(self.history.spec, state, question.round), **answer.own}
        if answer.check:
            check[question.round] = answer.check
        return replace(self, own=_keep_latest(own), check=_keep_latest(check))

    def given(self, round_: int) -> Mapping[str, Any]:
        """Return all quantities of a round of its own run and their inputs; empty if it has not answered."""
        return self.own.get(round_, {})

    def ready(self, version: str) -> "TorchSide":
        """Note that torch has loaded."""
        return replace(self, state="ready", detail=version)

    def unavailable(self, reason: str) -> "TorchSide":
        """Note that torch is not available, or no longer, and drop its answers."""
        return replace(self, state="unavailable", detail=reason, own={}, check={})


def _keep_latest(answers: dict[int, Values]) -> dict[int, Values]:
    return dict(list(answers.items())[-_KEPT:])
