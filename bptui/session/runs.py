"""The runs of a session: which is shown, what they are called, and the way back to earlier sessions.

Runs are shared by sessions and never edited, so an earlier session is kept as it was, and undoing is showing it again.
What the user is about, such as torch and the number of digits, stays as it is.
"""

from dataclasses import replace
from typing import Self

from bptui.check.marks import find_figures
from bptui.lessons.training import LessonRun, name_apart, rename_run
from bptui.record import record
from bptui.session.looking import Looking
from bptui.session.notices import describe_run
from bptui.session.state import Past

MOST_UNDONE = 20  # changes that can be undone


@record(eq=False)
class Runs(Looking):
    """A session's state, and what can be done with its runs as they are."""

    def show_training(self, at: int) -> Self:
        """Show round 1 of one of the session's runs, by index."""
        spec, untouched = self.trainings[at].run.spec, self.untouched
        torch, figures = self.torch.about_other(spec), find_figures(self.trainings[at].lesson, spec)
        shown = self.after(current=at, torch=torch, figures=figures, round=1, before=None, goal=None)
        shown = replace(shown, untouched=untouched)
        return shown if shown.has_part(self.selected) else replace(shown, selected="w1")

    def show_new(self, new: LessonRun, what: str = "") -> Self:
        """Show round 1 of a new run; the others are kept, but for an untouched one that the program opened on."""
        kept = () if self.untouched else self.trainings
        new = name_apart(new, kept)
        grown = replace(self, trainings=(*kept, new), untouched=False).show_training(len(kept))
        return self.record(grown, what or f"new run {new.name}")

    def rename(self, name: str) -> Self:
        """Call the run shown something else; without a name it gets its default name back."""
        before = self.trainings[self.current]
        runs = rename_run(self.trainings, self.current, name)
        if runs == self.trainings:
            return self.after(notice=f"the name is still {before.name}")
        notice = f"renamed to {runs[self.current].name}"
        return self.record(self.after(trainings=runs, untouched=False, notice=notice), f"renaming {before.name}")

    def remove(self) -> Self:
        """Remove the run shown, and show its neighbour; the last run stays."""
        if len(self.trainings) == 1:
            return self.after(notice="the last run cannot be removed; open another lesson first")
        gone, at = self.trainings[self.current], max(self.current - 1, 0)
        left = tuple(one for one in self.trainings if one is not gone)
        shown = replace(self, trainings=left).show_training(at)
        return self.record(
            replace(shown, notice=f"removed {gone.name}; press u to bring it back"), f"removing {gone.name}"
        )

    def touch(self) -> Self:
        """Note that more was done with the run shown than to look at it."""
        return replace(self, untouched=False) if self.untouched else self

    def other_run(self) -> Self:
        """Go back to the run begun before this one, from the first to the last, at the same round if it has it."""
        if len(self.trainings) == 1:
            return self.after(notice="there are no other runs yet")
        other = self.show_training((self.current - 1) % len(self.trainings))
        round_ = min(self.round, max(other.run.rounds - 1, 1))
        return replace(other, round=round_, notice=describe_run(other.current, other.trainings))

    # Back to earlier sessions

    def record(self, to: Self, what: str, of_file: bool = False) -> Self:
        """Return a changed session from which undoing comes back to this one.

        Args:
            to: The session after the change.
            what: What was done, as the notice says it when it is undone.
            of_file: Whether another file was opened in place of this session.
        """
        past = Past(replace(self, past=(), goal=None), what, of_file)
        return replace(to, past=(*self.past, past)[-MOST_UNDONE:])

    def undo(self) -> Self:
        """Go back to the session before the last change of its runs."""
        if not self.past:
            return self.after(notice="nothing to undo")
        *past, (earlier, what, of_file) = self.past
        file = earlier if of_file else self
        return replace(
            self,
            **{name: getattr(earlier, name) for name in _OF_PLACE},
            torch=self.torch.about_other(earlier.spec),
            goal=None,
            file=file.file,
            saved=file.saved,
            past=tuple(past),
            notice=f"undone: {what}",
        )


_OF_PLACE = (
    "trainings", "current", "figures", "round", "before", "formulas_done", "selected", "chosen_sample", "untouched"
)  # fmt: skip
