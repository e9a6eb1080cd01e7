"""The state of the comparison of runs, frozen, and what follows from it.

A run is compared up to its lesson's last round, but at most ``MAX_ROUNDS`` rounds unless it has been trained further;
its curve appears once the run has come that far.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, Self

import numpy as np

from bptui.compare.curves import Axis, Bin, Losses, make_bins, read_curves
from bptui.compare.summary import Summary
from bptui.compare.table import RunRow, make_letter
from bptui.compare.worker import SummaryQuestion, align_questions
from bptui.core.training.run import Run
from bptui.lessons.training import LessonRun
from bptui.record import record

MAX_ROUNDS = 100_000


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


Summaries = Mapping[SummaryQuestion, Summary]


@record(eq=False)
class Curve:
    """The losses of a run from round 1: its own, and the half squared errors."""

    own: Losses
    common: Losses

    @classmethod
    def read(cls, run: Run, rounds: int) -> "Iterator[Curve | None]":
        """Yield None while the curve of a run's first rounds is read, which must be computed; at last the curve."""
        own, common, done = np.empty(rounds), np.empty(rounds), 0
        for part in read_curves(run, rounds):
            after = done + len(part[0])
            own[done:after], common[done:after] = part
            done = after
            yield None
        yield cls(own, common)


@record(eq=False)
class ViewState:
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
    past: "tuple[ViewState, ...]" = ()

    @classmethod
    def of(cls, trainings: tuple[LessonRun, ...], at: int, known: Summaries) -> Self:
        """Return a first view of runs with the cursor on one; known summaries are shown at once."""
        asked = align_questions(map(make_question, trainings))
        summaries = {place: known[one] for place, one in enumerate(asked) if one in known}
        view = cls(trainings, asked, {}, summaries, at=at, common=not have_one_loss(trainings))
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

    def after(self, **changes: Any) -> Self:
        """Return the view after an intention: its changes, and a notice or none."""
        return replace(self, **{"notice": "", **changes})

    # What comes in

    def read_curve(self, place: int) -> Iterator[Curve | None]:
        """Read the curve of a run that has come as far as it is compared; see ``Curve.read``."""
        return Curve.read(self.trainings[place].run, self.questions[place].rounds)

    def with_curve(self, place: int, curve: Curve) -> Self:
        """Add the curve of a run."""
        return replace(self, curves={**self.curves, place: curve})

    def with_summary(self, place: int, summary: Summary) -> Self:
        """Add the summary of a run."""
        return replace(self, summaries={**self.summaries, place: summary})


def have_one_loss(trainings: Sequence[LessonRun]) -> bool:
    """Whether all were trained on the same loss, over samples too."""
    specs = [one.run.spec for one in trainings]
    return len({(spec.loss, spec.over_samples, len(spec.inputs)) for spec in specs}) == 1
