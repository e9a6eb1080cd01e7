"""The state of a session, frozen, and what follows from it.

Sessions share their runs, which only ever grow by rounds that their problem determines, so a session stays true after a
later one has trained further. Runs are kept one round ahead of the round shown, so that torch can be asked about it
before it appears.
"""

from dataclasses import replace
from math import inf
from typing import Any, NamedTuple, Self

from bptui.core.formulas.names import split_sample
from bptui.core.formulas.network import Network
from bptui.core.problem.spec import Spec
from bptui.core.quantities.parts import find_part, group_quantities
from bptui.core.quantities.steps import find_latest
from bptui.core.training.run import Run
from bptui.lessons.lesson import Figures, Lesson
from bptui.lessons.training import LessonRun
from bptui.record import record
from bptui.session.samples import choose_sample
from bptui.session.torch_side.process import TorchQuestion
from bptui.session.torch_side.side import TorchSide

SPEEDS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 1000.0, 10000.0, inf)
DIGITS = (3, 17)  # significant digits: the fewest on offer, and all that a double has
FORMS = {
    "letters": "one formula for each number",
    "matrices": "in matrices",
    "graph": "as a computation graph",
}
"""The forms of derivations, with their words."""


def find_next_form(form: str) -> str:
    """Return the form of derivations after another, the first after the last."""
    forms = (*FORMS, *FORMS)
    return forms[forms.index(form) + 1]


@record
class Goal:
    """The target of running: the round, whether to hurry there, and how many formulas to show as done."""

    round: int
    hurry: bool = False
    formulas_done: int | None = None


class Past(NamedTuple):
    """An earlier session to come back to.

    Attributes:
        session: The session.
        what: What was done to it, as it is said when that is undone.
        of_file: Whether another file was opened in its place.
    """

    session: "SessionState"
    what: str
    of_file: bool = False


@record(eq=False)
class SessionState:
    """All state of a session, without what can be done with it.

    Attributes:
        trainings: All runs of the session, in the order they were begun.
        current: The index of the run shown.
        torch: Torch's side of it.
        figures: The values printed for it.
        round: The round shown.
        before: The round of the same run that was shown before it; None if there was none.
        formulas_done: How many of its formulas have been calculated; None for all, unless stepping inside the round.
        fine_steps: Whether a step inside a round is a single quantity, not a phase.
        goal: Where running stops, or None if it is not running.
        speed: Rounds per second while running; infinite for as fast as possible.
        pending_rounds: The fraction of a round that running has earned but not yet shown.
        selected: The selected part: a node, a weight, a bias or E.
        chosen_sample: The sample that was chosen to be shown; 0 for all.
        own_run: Whether torch's numbers are shown as in its own run, not at NumPy's weights.
        log_scale: Whether the loss is drawn on a logarithmic scale.
        form: The form of derivations: one of ``FORMS``.
        digits: Significant digits of the numbers shown, 3 to 17.
        notice: One line for the user about the last intention.
        file: The file it was read from or last written to; empty if there is none.
        saved: The runs in that file, or those that were there from the start.
        untouched: Whether the one run is what the program opened on, only looked at: then it is no part of the session.
        past: Earlier sessions to come back to, the latest last.
    """

    trainings: tuple[LessonRun, ...]
    torch: TorchSide
    current: int = 0
    figures: tuple[Figures, ...] = ()
    round: int = 1
    before: int | None = None
    formulas_done: int | None = None
    fine_steps: bool = False
    goal: Goal | None = None
    speed: float = 10.0
    pending_rounds: float = 0.0
    selected: str = "w1"
    chosen_sample: int = 1
    own_run: bool = False
    log_scale: bool = False
    form: str = "letters"
    digits: int = 6
    notice: str = ""
    file: str = ""
    saved: tuple[LessonRun, ...] = ()
    untouched: bool = False
    past: tuple[Past, ...] = ()

    @property
    def lesson(self) -> Lesson:
        """The lesson shown."""
        return self.trainings[self.current].lesson

    @property
    def run(self) -> Run:
        """The run shown."""
        return self.trainings[self.current].run

    @property
    def spec(self) -> Spec:
        """The problem shown."""
        return self.run.spec

    @property
    def network(self) -> Network:
        """The network shown."""
        return self.run.spec.network_of(self.round)

    @property
    def sample(self) -> int:
        """The sample shown; 0 for all, or where there is only one. Inside a round it is the one being calculated."""
        latest = find_latest(self.network, self.formulas_done, self.fine_steps) if self.formulas_done else ()
        return choose_sample(self.network, self.chosen_sample, (formula.name for formula in latest))

    @property
    def pace(self) -> float:
        """The current running speed in rounds per second."""
        return inf if self.goal and self.goal.hurry else self.speed

    @property
    def unsaved(self) -> bool:
        """Whether the runs, with their names, are others than those in a file."""
        return self.trainings != self.saved

    def has_part(self, part: str) -> bool:
        """Whether the network shown has a part."""
        return part in group_quantities(self.network)

    def find_selection(self, part: str) -> dict[str, Any]:
        """Return what changes when a part, or a sample of the round such as ``E_s2``, is selected."""
        if (sample := split_sample(part)[1]) in self.network.samples:
            return {"chosen_sample": sample}
        return {"selected": part} if self.has_part(part) else {}

    def find_next_sample(self) -> dict[str, Any]:
        """Return what changes when the next sample is to be shown: after the last come all, after all the first."""
        order = (0, *self.network.samples)
        if len(order) == 1:
            return {"notice": "there is only one sample"}
        return {"chosen_sample": order[(order.index(self.sample) + 1) % len(order)]}

    def find_part_at_work(self, done: int | None) -> str:
        """Return the part to select after a step to a place: one that it calculated, the selected one if possible."""
        latest = () if done is None else find_latest(self.network, done, self.fine_steps)
        at_work = [find_part(self.network, formula.name) for formula in latest]
        return self.selected if self.selected in at_work or not at_work else at_work[0]

    def earn_rounds(self, elapsed: float, goal: Goal) -> tuple[int, float]:
        """Return the round that running to a goal may show after some seconds, and the fraction of a round left over.

        At full speed this is the goal itself.
        """
        if self.pace == inf:
            return goal.round, 0.0
        earned = self.pending_rounds + elapsed * self.pace
        return min(self.round + int(earned), goal.round), earned % 1.0

    def next_question(self) -> TorchQuestion | None:
        """Return the next question for torch; None if it has answered all that is needed."""
        return self.torch.next_question(self.run, self.round)

    def without_memory(self) -> Self:
        """Return the session after memory ran out: running stops, and all rounds that are computed stay."""
        return self.after(goal=None, notice=f"not enough memory: stopped at round {self.round:,}")

    def after(self, **changes: Any) -> Self:
        """Return the session after an intention: its changes, a notice or none; another round is complete."""
        if "round" in changes or changes.get("goal"):
            changes |= {"formulas_done": changes.get("formulas_done"), "untouched": False}
        if changes.get("round", self.round) != self.round:
            changes.setdefault("before", self.round)
        return replace(self, **{"notice": "", **changes})
