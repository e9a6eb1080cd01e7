"""A session, frozen; each intention of the user is a method that returns the next ``Session``.

Nothing here knows the screen or torch's process.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import inf
from typing import Any

from bptui.check.marks import find_figures, with_new_defaults, with_training
from bptui.core.problem.setting_names import describe_settings
from bptui.core.problem.spec import Spec
from bptui.core.quantities.parts import find_part
from bptui.core.quantities.steps import Place, find_phase_end, step_back, step_on
from bptui.core.training.run import Run
from bptui.lessons.lesson import Lesson
from bptui.lessons.training import (
    LessonRun,
    begin_run,
    find_own_name,
    is_other_exercise,
    make_own_lesson,
    name_apart,
    name_run,
)
from bptui.record import record
from bptui.session.notices import describe_printed, describe_printed_settings, describe_speed
from bptui.session.runs import Runs
from bptui.session.state import SPEEDS, Goal
from bptui.session.torch_side.process import TorchAnswer, TorchQuestion
from bptui.session.torch_side.side import TorchSide
from bptui.text.words import make_printable

_AT_ONCE = 0.02  # seconds of computation that a key may cost


@record(eq=False)
class Session(Runs):
    """A session's state, and what the user can do with it."""

    @classmethod
    def open(cls, lesson: Lesson) -> "Session":
        """Start a session on round 1 of a lesson."""
        return cls.of([(lesson, lesson.spec)])

    @classmethod
    def start(cls, lesson: Lesson) -> "Session":
        """Start a session on what the program opens on by itself; untouched, that run is no part of it."""
        return replace(cls.open(lesson), untouched=True)

    @classmethod
    def of(cls, problems: Sequence[tuple[Lesson, Spec]], at: int = 0, names: Sequence[str] = ()) -> "Session":
        """Start a session with some runs, each a lesson and its problem, on round 1 of one of them.

        Args:
            problems: The problems.
            at: The index of the run to show.
            names: The name of each run; an empty one, or none at all, for the default.
        """
        trainings: tuple[LessonRun, ...] = ()
        for (lesson, spec), name in zip(problems, names or [""] * len(problems), strict=True):
            trainings += (name_apart(LessonRun(lesson, begin_run(spec)).called(name), trainings),)
        lesson, spec = problems[at]
        return cls(trainings, TorchSide.about(spec), at, find_figures(lesson, spec), saved=trainings)

    def with_notice(self, notice: str) -> "Session":
        """Return the same session with a notice for the user."""
        return self.after(notice=notice)

    # Moving through the rounds

    def next(self) -> "Session":
        """Go one round forward; running stops."""
        self.run.train_to(self.round + 2)
        return self.after(round=self.round + 1, goal=None)

    def back(self) -> "Session":
        """Go one round back; running stops."""
        to = {"round": self.round - 1} if self.round > 1 else {"notice": "this is the first round"}
        return self.after(goal=None, **to)

    def go_to(self, round_: int, done: int | None = None) -> "Session":
        """Show a round or a place inside it: at once if that is quick, else by running there at full speed."""
        if self.run.train_to(round_ + 1, _AT_ONCE):
            return self.after(round=round_, formulas_done=done, goal=None)
        return self.after(goal=Goal(round_, True, done), notice=f"going to round {round_:,}")

    def first(self) -> "Session":
        """Go back to round 1."""
        return self.go_to(1)

    def last(self) -> "Session":
        """Go to the lesson's last round."""
        return self.go_to(self.spec.rounds)

    def run_or_pause(self) -> "Session":
        """Start running to the lesson's last round, or stop."""
        if self.goal is not None:
            return self.after(goal=None)
        if self.round >= self.spec.rounds:
            return self.after(notice=f"round {self.spec.rounds:,} is the lesson's last; press space to go further")
        return self.after(goal=Goal(self.spec.rounds), pending_rounds=0.0)

    def stop(self) -> "Session":
        """Stop running, or going to a round; the round reached by now stays."""
        return self if self.goal is None else self.after(goal=None, notice=f"stopped at round {self.round:,}")

    def faster(self) -> "Session":
        """Choose the next higher speed."""
        return self.run_at(min((s for s in SPEEDS if s > self.speed), default=inf))

    def slower(self) -> "Session":
        """Choose the next lower speed."""
        return self.run_at(max((s for s in SPEEDS if s < self.speed), default=SPEEDS[0]))

    def run_at(self, speed: float) -> "Session":
        """Set the speed in rounds per second."""
        return self.after(speed=speed, notice=describe_speed(speed))

    def tick(self, elapsed: float) -> "Session":
        """Show the rounds earned in the seconds since the last move; return self if that is less than one.

        At full speed these are all rounds computed so far; ``Run.train_to`` computes them in between.
        """
        if self.goal is None:
            return self
        shown, owed = self.earn_rounds(elapsed, self.goal)
        if self.pace < inf:
            self.run.train_to(shown + 1, _AT_ONCE)
        shown = max(min(shown, self.run.rounds - 1), self.round)
        if shown == self.round < self.goal.round:
            return self
        if shown >= self.goal.round:
            return self.after(round=shown, formulas_done=self.goal.formulas_done, goal=None)
        return replace(self, round=shown, pending_rounds=owed, before=self.round)

    # Steps inside a round

    def step_on(self) -> "Session":
        """Go one step forward inside the round; running stops."""
        return self._go_to_place(step_on(self.network, (self.round, self.formulas_done), self.fine_steps))

    def step_back(self) -> "Session":
        """Go one step back inside the round; running stops."""
        if (self.round, self.formulas_done) == (1, 0):
            return self.after(notice="this is the start of round 1")
        return self._go_to_place(step_back(self.network, (self.round, self.formulas_done), self.fine_steps))

    def to_start(self) -> "Session":
        """Go to the start of the round: none of it is calculated yet."""
        return self._go_to_place((self.round, 0))

    def to_end(self) -> "Session":
        """Go to the end of the round: all of it is calculated."""
        return self._go_to_place((self.round, None))

    def _go_to_place(self, place: Place) -> "Session":
        """Go to a place inside a round, and select the part at work unless one is selected already."""
        round_, done = place
        self.run.train_to(round_ + 1)
        return self.after(round=round_, formulas_done=done, goal=None, selected=self.find_part_at_work(done))

    def switch_single(self) -> "Session":
        """Switch between steps of whole phases and of single quantities."""
        if not self.fine_steps:
            return self.after(fine_steps=True, notice="steps: single quantities")
        done = find_phase_end(self.network, self.formulas_done)  # so that what is lit is what the step did
        return self.after(fine_steps=False, formulas_done=done, notice="steps: whole phases")

    # Printed values

    def show_figure(self, round_: int, quantity: str, changes: Mapping[str, Any]) -> "Session":
        """Show a printed value's round, under the settings it was printed for, with its part selected."""
        spec, shown, notice = with_training(self.spec, changes), self, ""
        if spec != self.spec:
            notice = describe_printed_settings(changes)
            new = LessonRun(with_new_defaults(self.lesson, changes), begin_run(spec))
            shown = self.show_new(new.called(f"{self.lesson.name}, {describe_settings(changes)}"))
        shown = shown.go_to(round_).select(find_part(self.network, quantity))
        return replace(shown, notice=notice or shown.notice)

    def with_printed(self, lesson: Lesson) -> "Session":
        """Put a lesson in place of that of the run shown: the same problem, with other printed values."""
        trainings = list(self.trainings)
        trainings[self.current] = trainings[self.current]._replace(lesson=lesson)
        figures, notice = find_figures(lesson, self.spec), describe_printed(lesson)
        changed = self.touch().after(trainings=tuple(trainings), figures=figures, notice=notice)
        return self.record(changed, "the change of printed values")

    # Another problem, another session

    def change(self, spec: Spec) -> "Session":
        """Begin a run from round 1 with other settings; the old one is kept."""
        if spec == self.spec:
            return self.after(notice="nothing changed")
        lesson = make_own_lesson(spec) if is_other_exercise(self.lesson, spec) else self.lesson
        new, base = LessonRun(lesson, begin_run(spec)), find_own_name(lesson, self.trainings)
        shown = self.show_new(new.called(name_run(lesson, spec, base)))
        before = "; press o for earlier runs" if len(shown.trainings) > 1 else ""
        return replace(shown, notice=f"new run: {shown.trainings[-1].name}{before}")

    def open_lesson(self, lesson: Lesson) -> "Session":
        """Begin a run of another lesson; the old one is kept."""
        return replace(self.show_new(LessonRun.of(lesson)), notice="")

    def after_comparison(self, trainings: tuple[LessonRun, ...], show: int | None) -> "Session":
        """Return the session after a comparison: with the runs there are now, and perhaps another one shown."""
        run, at = self.trainings[self.current].run, 0 if show is None else show
        kept = [place for place, one in enumerate(trainings) if one.run is run]
        if show is None:
            at = kept[0] if kept else min(self.current, len(trainings) - 1)
        changed = self
        if trainings != self.trainings:
            changed = self.record(replace(self, trainings=trainings, untouched=False), "the changes made in compare")
        return replace(changed, current=at, notice="") if kept == [at] else changed.show_training(at)

    def saved_in(self, file: str, kept: "Session") -> "Session":
        """Return this session after ``kept``, an earlier state of it, was written to a file."""
        return self.touch().after(file=file, saved=kept.trainings, notice=make_printable(f"saved in {file}"))

    def replaced_by(self, to: "Session") -> "Session":
        """Return another session in place of this one; torch's state and the number of digits stay.

        Only what came from a file of the user's can be undone: nothing else holds what was left unsaved.
        """
        opened = make_printable(f"opening {to.file}")
        notice = to.notice or make_printable(f"opened {to.file}")
        other = replace(to, torch=self.torch.about_other(to.spec), digits=self.digits, notice=notice)
        return self.record(other, opened, of_file=True) if to.file else other

    # Torch

    def torch_loading(self) -> "Session":
        """Note that torch is being loaded (again)."""
        return self.after(torch=TorchSide.about(self.spec))

    def torch_ready(self, version: str) -> "Session":
        """Note that torch has loaded."""
        return replace(self, torch=self.torch.ready(version))

    def torch_unavailable(self, reason: str) -> "Session":
        """Note that torch is not available, or no longer; this does not replace another notice."""
        return self.after(torch=self.torch.unavailable(reason), notice=self.notice or f"torch is unavailable: {reason}")

    def with_answer(self, run: Run, question: TorchQuestion, answer: TorchAnswer) -> "Session":
        """Take in torch's answer to a question asked while ``run`` was shown; drop it if another is now."""
        return replace(self, torch=self.torch.with_answer(question, answer)) if run is self.run else self
