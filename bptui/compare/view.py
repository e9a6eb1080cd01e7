"""The state of the comparison of runs: one frozen ``View``, from which each intention of the user makes the next.

A run is compared up to its lesson's last round, but at most ``MAX_ROUNDS`` rounds unless it has been trained further;
its curve appears once the run has come that far.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil, floor, isfinite
from typing import Any, TypeVar

import numpy as np

from bptui.compare.curves import Axis, Bin, Losses, compute_half_squared_errors, make_bins, read_losses
from bptui.compare.summary import Summary
from bptui.compare.table import RunRow, make_letter
from bptui.compare.worker import SummaryQuestion, align_questions
from bptui.core.training.run import Run
from bptui.lessons.training import LessonRun, rename_run

MAX_ROUNDS = 100_000
_ZOOM = 2.0
_ROUNDING = 1e-6  # rounds: a logarithm and back that misses a whole round by less means that round
_MOST_UNDONE = 20
_MOVE = 0.02  # of the plot's width, by which a key moves the cursor


def count_rounds(run: Run) -> int:
    """Return how many rounds of a run are compared."""
    return max(min(run.spec.rounds, MAX_ROUNDS), run.rounds - 1)


def make_question(training: LessonRun) -> SummaryQuestion:
    """Return the question about a run."""
    return SummaryQuestion(training.run.spec, count_rounds(training.run))


def make_rows(trainings: Sequence[LessonRun], summaries: Mapping[int, Summary]) -> tuple[RunRow, ...]:
    """Return runs as rows of a table, with the known summaries by index."""
    return tuple(
        RunRow(make_letter(place), one.name, one.run.spec, summaries.get(place)) for place, one in enumerate(trainings)
    )


Found = TypeVar("Found")
Summaries = Mapping[SummaryQuestion, Summary]


@dataclass(frozen=True, eq=False)
class Curve:
    """The losses of a run from round 1: its own, and the half squared errors."""

    own: Losses
    common: Losses

    @classmethod
    def of(cls, run: Run, rounds: int) -> "Curve":
        """Return the curve of a run's first rounds, which must be computed."""
        return cls(read_losses(run, rounds), compute_half_squared_errors(run, rounds))


@dataclass(frozen=True, eq=False)
class View:
    """What is shown of a session's runs.

    Attributes:
        trainings: All runs.
        questions: The question about each, and so how far it is compared; a run may go on beyond the plot.
        curves: The curves that are ready, by index.
        summaries: The summaries that are ready, by index.
        hidden: The indices of the runs left out of the plot.
        at: The index of the run under the table's cursor.
        first: The first round in the plot.
        last: The last round in the plot; 0 for the end of the longest run.
        cursor: The round whose losses are shown as numbers.
        log_loss: Whether losses are on a logarithmic axis.
        log_rounds: Whether rounds are.
        common: Whether half squared errors are plotted, whatever a run was trained on.
        notice: One line about the last intention.
        past: Earlier views with other runs or names, to come back to, the latest last.
    """

    trainings: tuple[LessonRun, ...]
    questions: tuple[SummaryQuestion, ...]
    curves: Mapping[int, Curve]
    summaries: Mapping[int, Summary]
    hidden: frozenset[int] = frozenset()
    at: int = 0
    first: float = 1.0
    last: float = 0.0
    cursor: int = 1
    log_loss: bool = True
    log_rounds: bool = True
    common: bool = True
    notice: str = ""
    past: "tuple[View, ...]" = ()

    @classmethod
    def of(cls, trainings: tuple[LessonRun, ...], at: int, known: Summaries) -> "View":
        """Return a first view of runs with the cursor on one; known summaries are shown at once."""
        asked = align_questions(map(make_question, trainings))
        summaries = {place: known[one] for place, one in enumerate(asked) if one in known}
        view = cls(trainings, asked, {}, summaries, at=at, common=not _alike(trainings))
        return replace(view, cursor=view.longest)

    @property
    def known_summaries(self) -> Summaries:
        """The summaries that are ready, for the next view."""
        return {self.questions[place]: summary for place, summary in self.summaries.items()}

    @cached_property
    def rows(self) -> tuple[RunRow, ...]:
        """The runs as rows of the table."""
        return make_rows(self.trainings, self.summaries)

    @property
    def longest(self) -> int:
        """The number of rounds of the longest run, at least 2."""
        return max(2, *(asked.rounds for asked in self.questions))

    @property
    def axis(self) -> Axis:
        """The rounds in the plot."""
        return Axis(self.first, self.last or self.longest, self.log_rounds)

    def losses(self, place: int) -> Losses | None:
        """Return what is plotted of a run; None if it is not ready or is hidden."""
        curve = self.curves.get(place)
        if curve is None or place in self.hidden:
            return None
        return curve.common if self.common else curve.own

    def bin_curves(self, count: int) -> dict[int, list[Bin]]:
        """Return the curves in the plot, by index, reduced to a number of bins."""
        shown = {place: self.losses(place) for place in range(len(self.trainings))}
        return {p: make_bins(v, self.axis, count, self.log_loss) for p, v in shown.items() if v is not None}

    @cached_property
    def has_gaps(self) -> bool:
        """Whether any loss of a curve that is plotted would have no place in the plot of all rounds."""
        drawn = [found for place in self.curves if (found := self.losses(place)) is not None]
        return any(not np.isfinite(found).all() or (self.log_loss and bool((found <= 0).any())) for found in drawn)

    def loss_at_cursor(self, place: int) -> float | None:
        """Return a run's loss in the cursor's round, if it is plotted and goes that far."""
        found = self.losses(place)
        return float(found[self.cursor - 1]) if found is not None and self.cursor <= len(found) else None

    def _with(self, **changes: Any) -> "View":
        return replace(self, **{"notice": "", **changes})

    # What comes in

    def with_curve(self, place: int) -> "View":
        """Add the curve of a run that has come as far as it is compared."""
        curve = Curve.of(self.trainings[place].run, self.questions[place].rounds)
        return replace(self, curves={**self.curves, place: curve})

    def with_summary(self, place: int, summary: Summary) -> "View":
        """Add the summary of a run."""
        return replace(self, summaries={**self.summaries, place: summary})

    def with_trainings(self, new: tuple[LessonRun, ...], notice: str) -> "View":
        """Append runs; drop summaries whose question changed."""
        trainings = self.trainings + new
        asked = align_questions((*self.questions, *map(make_question, new)))
        known = {place: found for place, found in self.summaries.items() if asked[place] == self.questions[place]}
        past = self._remember() if new else self.past
        grown = self._with(trainings=trainings, questions=asked, summaries=known, notice=notice, past=past)
        cursor = grown.longest if self.cursor == self.longest else self.cursor
        return replace(grown, common=self.common or not _alike(trainings), cursor=cursor)

    # The runs themselves

    def rename(self, name: str) -> "View":
        """Call the run under the cursor something else; without a name it gets its default name back."""
        runs = rename_run(self.trainings, self.at, name)
        if runs == self.trainings:
            return self._with()
        told = f"{make_letter(self.at)} is called {runs[self.at].name}"
        return self._with(trainings=runs, past=self._remember(), notice=told)

    def remove(self) -> "View":
        """Remove the run under the cursor, which goes to its neighbour; the last run stays."""
        if len(self.trainings) == 1:
            return self._with(notice="the last run stays")
        kept = [place for place in range(len(self.trainings)) if place != self.at]
        left = self._with(
            trainings=tuple(self.trainings[place] for place in kept),
            questions=tuple(self.questions[place] for place in kept),
            curves=_renumber(self.curves, kept),
            summaries=_renumber(self.summaries, kept),
            hidden=frozenset(new for new, old in enumerate(kept) if old in self.hidden),
            at=max(self.at - 1, 0),
            past=self._remember(),
            notice=f"removed {self.trainings[self.at].name}; u brings it back",
        )
        inside = replace(left, first=1.0, last=0.0) if self.axis.high > left.longest else left
        return replace(inside, cursor=min(self.cursor, left.longest))

    def undo(self) -> "View":
        """Go back to the runs and names before the last change of them, with what is known of them by now."""
        if not self.past:
            return self._with(notice="nothing to undo here")
        *past, earlier = self.past
        now = {one.run: place for place, one in enumerate(self.trainings)}
        places = {place: now[one.run] for place, one in enumerate(earlier.trainings) if one.run in now}
        curves = {place: self.curves[there] for place, there in places.items() if there in self.curves}
        summaries = {
            place: self.summaries[there]
            for place, there in places.items()
            if there in self.summaries and earlier.questions[place] == self.questions[there]
        }
        return replace(
            earlier,
            curves={**earlier.curves, **curves},
            summaries={**earlier.summaries, **summaries},
            past=tuple(past),
            notice="undone",
        )

    def _remember(self) -> "tuple[View, ...]":
        return (*self.past, replace(self, past=()))[-_MOST_UNDONE:]

    # What the user means

    def move(self, down: int) -> "View":
        """Move the cursor of the table up or down."""
        return self._with(at=min(max(self.at + down, 0), len(self.trainings) - 1))

    def select(self, place: int) -> "View":
        """Set the cursor of the table to a run."""
        return self._with(at=place)

    def hide_or_show(self) -> "View":
        """Hide the run under the cursor, or show it again."""
        return self._with(hidden=self.hidden ^ {self.at})

    def switch_loss_axis(self) -> "View":
        """Switch between a linear and a logarithmic axis of losses."""
        return self._with(
            log_loss=not self.log_loss, notice=f"loss axis {'linear' if self.log_loss else 'logarithmic'}"
        )

    def switch_round_axis(self) -> "View":
        """Switch between a linear and a logarithmic axis of rounds."""
        notice = f"round axis {'linear' if self.log_rounds else 'logarithmic'}"
        return self._with(log_rounds=not self.log_rounds, notice=notice)

    def switch_measure(self) -> "View":
        """Switch between each run's own loss and the common measure."""
        notice = "each run's own loss" if self.common else "half squared errors, whatever was trained on"
        return self._with(common=not self.common, notice=notice)

    def step(self, right: int) -> "View":
        """Move the cursor of the plot left or right, by one round at least."""
        axis = self.axis
        there = round(axis.value(axis.place(self.cursor) + right * _MOVE))
        return self.point(min(there, self.cursor - 1) if right < 0 else max(there, self.cursor + 1))

    def point(self, round_: float) -> "View":
        """Set the cursor of the plot to a round; scroll the plot if it is outside."""
        cursor = min(max(round(round_), 1), self.longest)
        low, high = self.axis.low, self.axis.high
        if low <= cursor <= high:
            return self._with(cursor=cursor)
        axis = self.axis
        shift = axis.place(cursor) - (0.0 if cursor < low else 1.0)
        first = max(axis.value(shift), 1.0)
        least = first + 1.0  # a width of many rounds is less than one near the start of a logarithmic axis
        return self._with(cursor=cursor)._show_rounds(first, max(axis.value(1.0 + shift), least))

    def zoom(self, inwards: bool, around: float | None = None) -> "View":
        """Show half or twice as many rounds around one that keeps its place, by default the cursor's."""
        whole = Axis(1.0, self.longest, self.log_rounds)
        fixed = min(max(whole.place(self.cursor if around is None else around), 0.0), 1.0)
        ends = whole.place(self.axis.low), whole.place(self.axis.high)
        part = 1.0 / _ZOOM if inwards else _ZOOM
        low, high = (fixed + (end - fixed) * part for end in ends)
        shift = max(-low, 0.0) - max(high - 1.0, 0.0)  # what lies outside on one side is added on the other
        view = self._with()._show_rounds(whole.value(low + shift), whole.value(high + shift))
        return replace(view, cursor=min(max(view.cursor, ceil(view.axis.low)), floor(view.axis.high)))

    def whole(self) -> "View":
        """Show all rounds."""
        return self._with(first=1.0, last=0.0)

    def _show_rounds(self, first: float, last: float) -> "View":
        """Show the rounds of a range, as far as they exist and are more than one."""
        if not (isfinite(first) and isfinite(last)):
            return self
        first, last = (float(round(end)) if abs(end - round(end)) < _ROUNDING else end for end in (first, last))
        first, last = max(first, 1.0), min(last, float(self.longest))
        if last - first < 1.0:
            return replace(self, notice="no nearer than this")
        return replace(self, first=first, last=0.0 if last == self.longest else last)


def _renumber(found: Mapping[int, Found], kept: Sequence[int]) -> dict[int, Found]:
    """Return what is known of the runs that are kept, by their new indices."""
    return {new: found[old] for new, old in enumerate(kept) if old in found}


def _alike(trainings: Sequence[LessonRun]) -> bool:
    """Whether all were trained on the same loss, over samples too."""
    specs = [one.run.spec for one in trainings]
    return len({(spec.loss, spec.over_samples, len(spec.inputs)) for spec in specs}) == 1
