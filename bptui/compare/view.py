"""What the user can do with a comparison of runs: each intention makes the next frozen ``View``."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil, floor, isfinite
from typing import TypeVar

from bptui.compare.curves import Axis
from bptui.compare.table import make_letter
from bptui.compare.view_state import ViewState, have_one_loss, make_question
from bptui.compare.worker import align_questions
from bptui.lessons.training import LessonRun, rename_run
from bptui.record import record

_ZOOM = 2.0
_ROUNDING = 1e-6  # rounds: a logarithm and back that misses a whole round by less means that round
_MOST_UNDONE = 20
_MOVE = 0.02  # of the plot's width, by which a key moves the cursor
Found = TypeVar("Found")


@record(eq=False)
class View(ViewState):
    """What is shown of a session's runs, and what can be done with it."""

    # The runs themselves

    def with_trainings(self, new: tuple[LessonRun, ...], notice: str) -> "View":
        """Append runs; drop summaries whose question changed."""
        trainings = self.trainings + new
        asked = align_questions((*self.questions, *map(make_question, new)))
        known = {place: found for place, found in self.summaries.items() if asked[place] == self.questions[place]}
        past = self._remember() if new else self.past
        grown = self.after(trainings=trainings, questions=asked, summaries=known, notice=notice, past=past)
        cursor = grown.longest if self.cursor == self.longest else self.cursor
        return replace(grown, common=self.common or not have_one_loss(trainings), cursor=cursor)

    def rename(self, name: str) -> "View":
        """Call the run under the cursor something else; without a name it gets its default name back."""
        runs = rename_run(self.trainings, self.at, name)
        if runs == self.trainings:
            return self.after()
        told = f"{make_letter(self.at)} is now called {runs[self.at].name}"
        return self.after(trainings=runs, past=self._remember(), notice=told)

    def remove(self) -> "View":
        """Remove the run under the cursor, which goes to its neighbour; the last run stays."""
        if len(self.trainings) == 1:
            return self.after(notice="the last run cannot be removed")
        kept = [place for place in range(len(self.trainings)) if place != self.at]
        left = self.after(
            trainings=tuple(self.trainings[place] for place in kept),
            questions=tuple(self.questions[place] for place in kept),
            curves=_renumber(self.curves, kept),
            summaries=_renumber(self.summaries, kept),
            hidden=frozenset(new for new, old in enumerate(kept) if old in self.hidden),
            at=max(self.at - 1, 0),
            past=self._remember(),
            notice=f"removed {self.trainings[self.at].name}; press u to undo",
        )
        inside = replace(left, first=1.0, last=0.0) if self.axis.high > left.longest else left
        return replace(inside, cursor=min(self.cursor, left.longest))

    def undo(self) -> "View":
        """Go back to the runs and names before the last change of them, with what is known of them by now."""
        if not self.past:
            return self.after(notice="nothing to undo")
        *past, earlier = self.past
        assert isinstance(earlier, View)
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

    def _remember(self) -> tuple[ViewState, ...]:
        return (*self.past, replace(self, past=()))[-_MOST_UNDONE:]

    # What the user means

    def move(self, down: int) -> "View":
        """Move the cursor of the table up or down."""
        return self.after(at=min(max(self.at + down, 0), len(self.trainings) - 1))

    def select(self, place: int) -> "View":
        """Set the cursor of the table to a run."""
        return self.after(at=place)

    def hide_or_show(self) -> "View":
        """Hide the run under the cursor, or show it again."""
        return self.after(hidden=self.hidden ^ {self.at})

    def switch_loss_axis(self) -> "View":
        """Switch between a linear and a logarithmic axis of losses."""
        return self.after(
            log_loss=not self.log_loss, notice=f"loss axis {'linear' if self.log_loss else 'logarithmic'}"
        )

    def switch_round_axis(self) -> "View":
        """Switch between a linear and a logarithmic axis of rounds."""
        notice = f"round axis {'linear' if self.log_rounds else 'logarithmic'}"
        return self.after(log_rounds=not self.log_rounds, notice=notice)

    def switch_measure(self) -> "View":
        """Switch between each run's own loss and the common measure."""
        notice = "each run's own loss" if self.common else "half squared errors for all runs"
        return self.after(common=not self.common, notice=notice)

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
            return self.after(cursor=cursor)
        axis = self.axis
        shift = axis.place(cursor) - (0.0 if cursor < low else 1.0)
        first = max(axis.value(shift), 1.0)
        least = first + 1.0  # a width of many rounds is less than one near the start of a logarithmic axis
        return self.after(cursor=cursor)._show_rounds(first, max(axis.value(1.0 + shift), least))

    def zoom(self, inwards: bool, around: float | None = None) -> "View":
        """Show half or twice as many rounds around one that keeps its place, by default the cursor's."""
        whole = Axis(1.0, self.longest, self.log_rounds)
        fixed = min(max(whole.place(self.cursor if around is None else around), 0.0), 1.0)
        ends = whole.place(self.axis.low), whole.place(self.axis.high)
        part = 1.0 / _ZOOM if inwards else _ZOOM
        low, high = (fixed + (end - fixed) * part for end in ends)
        shift = max(-low, 0.0) - max(high - 1.0, 0.0)  # what lies outside on one side is added on the other
        view = self.after()._show_rounds(whole.value(low + shift), whole.value(high + shift))
        return replace(view, cursor=min(max(view.cursor, ceil(view.axis.low)), floor(view.axis.high)))

    def whole(self) -> "View":
        """Show all rounds."""
        return self.after(first=1.0, last=0.0)

    def _show_rounds(self, first: float, last: float) -> "View":
        """Show the rounds of a range, as far as they exist and are more than one."""
        if not (isfinite(first) and isfinite(last)):
            return self
        first, last = (float(round(end)) if abs(end - round(end)) < _ROUNDING else end for end in (first, last))
        first, last = max(first, 1.0), min(last, float(self.longest))
        if last - first < 1.0:
            return replace(self, notice="cannot zoom in further")
        return replace(self, first=first, last=0.0 if last == self.longest else last)


def _renumber(found: Mapping[int, Found], kept: Sequence[int]) -> dict[int, Found]:
    """Return what is known of the runs that are kept, by their new indices."""
    return {new: found[old] for new, old in enumerate(kept) if old in found}
