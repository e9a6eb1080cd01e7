"""A sitting: all its state, frozen; each intention of the user is a method that returns the next ``Session``.

The runs inside are shared between sessions and only ever grow, by rounds that their problem decides, so a session
stays true after a later one has trained on. Nothing here knows the screen or torch: ``question`` says what torch's
process should be asked next, and ``answered`` takes in what it said.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import inf

import numpy as np

from bptui.core.engine import NumpyEngine
from bptui.core.network import Network
from bptui.core.run import History, Run
from bptui.core.spec import Spec
from bptui.lessons import Lesson
from bptui.second_opinion import Answer, Question, Values

SPEEDS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 1000.0, 10000.0, inf)
_AT_ONCE = 0.02  # seconds of computing that a key may cost
_TORCH_CHUNK = 64  # rounds a question: some 15 ms, so that a key's own question never waits long
_TORCH_AHEAD = 4  # rounds torch keeps ahead of the one shown
_KEPT_ANSWERS = 32


@dataclass(frozen=True, eq=False)
class Opinion:
    """What torch has said so far about the current run.

    Attributes:
        state: "loading", "ready" or "unavailable".
        detail: Its version when ready, the reason when unavailable.
        history: Its own training from the same start.
        own: All quantities of its own training, by round, for the rounds lately asked about.
        check: All quantities at NumPy's parameters, by round: the gradient check.
    """

    history: History
    state: str = "loading"
    detail: str = ""
    own: Mapping[int, Values] = field(default_factory=dict)
    check: Mapping[int, Values] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Session:
    """All state of a sitting.

    Attributes:
        lesson: The lesson that was opened.
        run: The training that is shown; its ``spec`` is the problem.
        opinion: Torch's side of it.
        round: The round that is shown.
        goal: The round that running stops at, or None when it does not run.
        going: Whether it runs only to get to the goal, as fast as it goes.
        speed: Rounds a second while running; infinite for as fast as it goes.
        owed: Part of a round that running has earned but not yet shown.
        selected: The part that is selected: a node, a weight, a bias or E.
        log_scale: Whether the loss is drawn on a logarithmic scale.
        kept: Earlier trainings of this sitting, oldest first.
        notice: One line for the user about the last intention.
    """

    lesson: Lesson
    run: Run
    opinion: Opinion
    round: int = 1
    goal: int | None = None
    going: bool = False
    speed: float = 10.0
    owed: float = 0.0
    selected: str = "w1"
    log_scale: bool = False
    kept: tuple[Run, ...] = ()
    notice: str = ""

    @classmethod
    def open(cls, lesson: Lesson) -> "Session":
        """A sitting that starts on round 1 of a lesson."""
        run = _run(lesson.spec)
        return cls(lesson, run, _opinion(lesson.spec))

    @property
    def spec(self) -> Spec:
        """The problem that is shown."""
        return self.run.spec

    @property
    def network(self) -> Network:
        """The network that is shown."""
        return self.run.spec.network

    @property
    def pace(self) -> float:
        """Rounds a second at which it runs now."""
        return inf if self.going else self.speed

    # Moving through the rounds

    def next(self) -> "Session":
        """One round on; running stops."""
        self.run.reach(self.round + 2)  # and one more, for torch to be asked about before it is shown
        return replace(self, round=self.round + 1, goal=None, notice="")

    def back(self) -> "Session":
        """One round back; running stops."""
        notice = "this is the first round" if self.round == 1 else ""
        return replace(self, round=max(self.round - 1, 1), goal=None, notice=notice)

    def go_to(self, round_: int) -> "Session":
        """Show a round: at once where that is quick, else by running there flat out."""
        if self.run.reach(round_ + 1, _AT_ONCE):
            return replace(self, round=round_, goal=None, notice="")
        return replace(self, goal=round_, going=True, notice=f"going to round {round_:,}")

    def first(self) -> "Session":
        """Back to round 1."""
        return self.go_to(1)

    def last(self) -> "Session":
        """On to the lesson's last round."""
        return self.go_to(self.spec.rounds)

    def run_or_pause(self) -> "Session":
        """Start running to the lesson's last round, or stop."""
        if self.goal is not None:
            return replace(self, goal=None, notice="")
        if self.round >= self.spec.rounds:
            return replace(self, notice=f"round {self.spec.rounds:,} is the last; space still goes on")
        return replace(self, goal=self.spec.rounds, going=False, owed=0.0, notice="")

    def faster(self) -> "Session":
        """The next higher speed."""
        return self._at(min((s for s in SPEEDS if s > self.speed), default=inf))

    def slower(self) -> "Session":
        """The next lower speed."""
        return self._at(max((s for s in SPEEDS if s < self.speed), default=SPEEDS[0]))

    def _at(self, speed: float) -> "Session":
        words = f"{speed:,.0f} round{'s' if speed > 1 else ''} a second" if speed < inf else "as fast as it goes"
        return replace(self, speed=speed, notice=f"running speed: {words}")

    def tick(self, elapsed: float) -> "Session":
        """What running has earned in some seconds.

        Flat out, that is every round computed so far; the computing itself is done with ``Run.reach`` in between.
        """
        if self.goal is None:
            return self
        shown, owed = self.goal, 0.0
        if self.pace < inf:
            earned = self.owed + elapsed * self.pace
            shown, owed = min(self.round + int(earned), self.goal), earned % 1.0
            self.run.reach(shown + 1, _AT_ONCE)
        shown = max(min(shown, self.run.rounds - 1), self.round)
        goal = None if shown == self.goal else self.goal
        return replace(self, round=shown, goal=goal, owed=owed, notice="" if goal is None else self.notice)

    # Selecting and looking

    def select(self, part: str) -> "Session":
        """Select a node, weight, bias or E."""
        return replace(self, selected=part)

    def move(self, across: int, down: int) -> "Session":
        """Move the selection through the network as it is drawn, column by column."""
        columns = selection_columns(self.network)
        at = next(i for i, column in enumerate(columns) if self.selected in column)
        place = columns[at].index(self.selected)
        if across:
            to = columns[min(max(at + across, 0), len(columns) - 1)]
            scaled = round(place * (len(to) - 1) / max(len(columns[at]) - 1, 1))
            return self.select(to[scaled])
        return self.select(columns[at][min(max(place + down, 0), len(columns[at]) - 1)])

    def switch_scale(self) -> "Session":
        """Linear or logarithmic loss."""
        return replace(self, log_scale=not self.log_scale)

    # Another problem

    def change(self, spec: Spec) -> "Session":
        """A new training from round 1 with other settings; the old one is kept."""
        if spec == self.spec:
            return replace(self, notice="nothing was changed")
        return replace(self._start(spec), kept=(*self.kept, self.run), notice="a new run from round 1; the old is kept")

    def open_lesson(self, lesson: Lesson) -> "Session":
        """A new training on another lesson; the old one is kept."""
        return replace(self._start(lesson.spec), lesson=lesson, kept=(*self.kept, self.run), notice="")

    def _start(self, spec: Spec) -> "Session":
        opinion = replace(_opinion(spec), state=self.opinion.state, detail=self.opinion.detail)
        known = {part for column in selection_columns(spec.network) for part in column}
        selected = self.selected if self.selected in known else "w1"
        return replace(self, run=_run(spec), opinion=opinion, round=1, goal=None, owed=0.0, selected=selected)

    # Torch

    def torch_ready(self, version: str) -> "Session":
        """Torch has loaded."""
        return replace(self, opinion=replace(self.opinion, state="ready", detail=version))

    def torch_unavailable(self, reason: str) -> "Session":
        """Torch is not to be had (any more)."""
        return replace(self, opinion=replace(self.opinion, state="unavailable", detail=reason))

    def question(self) -> tuple[int, Question] | None:
        """What to ask torch next, with the round it is about, or None if it has said all that is needed."""
        torch = self.opinion
        if torch.state != "ready":
            return None
        for round_ in (self.round, self.round + 1):
            at = self._unanswered(round_)
            if at:
                return round_, Question(self.spec.to_table(), [], 0, at)
            if torch.history.rounds < round_ + _TORCH_AHEAD:
                behind = self.round + _TORCH_AHEAD - torch.history.rounds
                rounds = min(max(behind, _TORCH_AHEAD), _TORCH_CHUNK)
                start = torch.history.next_parameters.tolist()
                return round_, Question(self.spec.to_table(), start, rounds, [])
        return None

    def _unanswered(self, round_: int) -> list[list[float]]:
        """The parameters torch has not yet evaluated for a round: NumPy's, and its own once it is there."""
        torch, at = self.opinion, []
        if self.run.rounds >= round_ and round_ not in torch.check:
            at.append(self.run.parameters(round_).tolist())
        if torch.history.rounds >= round_ and round_ not in torch.own:
            at.append(torch.history.parameters(round_).tolist())
        return at

    def answered(self, run: Run, round_: int, question: Question, answer: Answer) -> "Session":
        """Take in an answer; one about a run that is no longer shown is dropped.

        Args:
            run: The run that was shown when the question was put.
            round_: The round it was about.
            question: What was asked.
            answer: What was said.
        """
        if run is not self.run:
            return self
        torch = self.opinion
        if question.rounds:
            dtype = torch.history.next_parameters.dtype
            torch.history.append(np.array(answer.rows, dtype), np.array(answer.after, dtype))
            return replace(self)
        own, check, values = dict(torch.own), dict(torch.check), list(answer.values)
        if round_ not in check:
            check[round_] = values.pop(0)
        if values:
            own[round_] = values.pop(0)
        return replace(self, opinion=replace(torch, own=_latest(own), check=_latest(check)))


def _latest(answers: dict[int, Values]) -> dict[int, Values]:
    return dict(list(answers.items())[-_KEPT_ANSWERS:])


def _run(spec: Spec) -> Run:
    run = Run(NumpyEngine(spec))
    run.reach(2)
    return run


def _opinion(spec: Spec) -> Opinion:
    return Opinion(History(spec, np.dtype(spec.precision_of("torch"))))


def selection_columns(network: Network) -> list[list[str]]:
    """What can be selected, in columns from left to right as the network is drawn."""
    into_hidden = [w.name for w in network.weights if w.target in network.hidden]
    into_output = [w.name for w in network.weights if w.target in network.outputs]
    into_hidden += [b for b in network.biases if b[2:] in network.hidden]
    into_output += [b for b in network.biases if b[2:] in network.outputs]
    return [list(network.inputs), into_hidden, list(network.hidden), into_output, list(network.outputs), ["E"]]
