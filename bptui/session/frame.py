"""All that may be drawn: one frozen value, made from a ``Session`` by one pure function.

Panels read a ``Frame`` and nothing else. Torch's numbers are those of its own run from the same start; the gradient
check is different: it compares NumPy's gradients with a second computation at NumPy's parameters.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial

from bptui.check.marks import Marks, ValueMark, make_marks, title_problem
from bptui.check.side import Side
from bptui.core.engines.engine import Values
from bptui.core.engines.finite_differences import estimate_gradients
from bptui.core.engines.gradient_check import Verdicts, check_by_autograd, check_by_differences
from bptui.core.formulas.backprop import list_formulas
from bptui.core.formulas.names import gradient, updated
from bptui.core.formulas.network import Network
from bptui.core.problem.spec import Spec
from bptui.core.quantities.parts import find_part
from bptui.core.quantities.sample_names import find_full_name, show_sample
from bptui.core.training.run import History
from bptui.derive.worked import Working
from bptui.session.agreement import EngineDifference, bound_differences, measure_difference
from bptui.session.last_step import LastStep, find_last_step
from bptui.session.samples import SampleRow, list_samples
from bptui.session.session import Session
from bptui.text.printed import SLACK


@dataclass(frozen=True, eq=False)
class Frame:
    """Everything the screen shows.

    Attributes:
        title: The lesson's title, and whether the problem is still the lesson's.
        spec: The problem.
        round: The round shown.
        running: Whether rounds advance by themselves.
        speed: Rounds per second while they do.
        notice: One line for the user.
        selected: The selected part.
        sample: The sample shown; 0 for all, or where there is only one.
        samples: Every sample at the parameters of the round; empty where there is only one.
        given: Inputs, targets, eta and the state at the start of the round, by name.
        values: The quantities of NumPy's round, as far as they have been calculated.
        before: What was given and calculated in the round shown before; empty if there was none, while running, and
            inside a round.
        last_step: The last step taken inside the round; None while the round is complete.
        torch_state: "loading", "ready" or "unavailable".
        torch_detail: Torch's version, or why it is unavailable.
        torch_rounds: How many rounds torch has trained.
        torch_left_finite: Torch's first round with a number that is not finite, as far as trained.
        torch_values: Everything in torch's own round; empty until torch has answered.
        second_by: The source of ``second``: "torch" or "finite differences".
        second: All quantities of the round in torch's own run, empty until torch has answered; while torch is
            unavailable or loading, NumPy's gradients by finite differences.
        agrees: The gradient check by parameter: None where it cannot be told; empty until it is done.
        left_finite: The first round with a number that is not finite, as far as trained.
        history: NumPy's losses.
        furthest: The furthest round that has been shown.
        log_scale: Whether to draw the losses on a logarithmic scale.
        form: The form of derivations: one of ``FORMS``.
        digits: Significant digits of the numbers shown, 3 to 17.
        working: The round's numbers, ready to be substituted into formulas.
        marks: The round's printed values.
        figure_rounds: The rounds that have printed values.
    """

    title: str
    spec: Spec
    round: int
    running: bool
    speed: float
    notice: str
    selected: str
    sample: int
    samples: tuple[SampleRow, ...]
    given: Values
    values: Values
    before: Values
    last_step: LastStep | None
    torch_state: str
    torch_detail: str
    torch_rounds: int
    torch_left_finite: int | None
    torch_values: Values
    second_by: str
    second: Mapping[str, float]
    agrees: Verdicts
    left_finite: int | None
    history: History
    furthest: int
    log_scale: bool
    form: str
    digits: int
    working: Working
    marks: Marks
    figure_rounds: tuple[int, ...]

    @cached_property
    def network(self) -> Network:
        """The problem's shape and names."""
        return self.spec.network_of(self.round)

    @property
    def floor(self) -> float:
        """The loss floor; minus infinity if there is none, infinity if every loss overflows."""
        return self.spec.floor

    def mark(self, name: str, *beside: str) -> ValueMark | None:
        """Return the mark of a printed value beside NumPy's value or torch's; of two, the one that agrees less."""
        if not self.marks:
            return None
        full = find_full_name(self.network, self.sample, name)
        found = [mark for engine in beside or ("numpy", "torch") if (mark := self.marks.get((full, engine)))]
        return min(found, key=lambda mark: {False: 0, None: 1, True: 2}[mark.agrees], default=None)

    def role_of(self, name: str) -> str:
        """Return the role of a number: "lit" if the last step inside the round calculated it."""
        return "lit" if self.last_step and name in self.last_step.quantities else ""

    def change(self, name: str) -> str:
        """Return the sign of a number that changed in the last step: ↑ or ↓ if it grew or fell, • if it is new.

        After a whole round, a number has changed if its digits, as many as are shown, differ from the round shown
        before.
        """
        now, then = self.values.get(name, self.given.get(name)), self.before.get(name)
        if now is None or then is None or now == then:
            return "•" if self.role_of(name) else ""
        form = f".{self.digits - 1}e"
        if f"{float(now):{form}}" == f"{float(then):{form}}":
            return ""
        return "↑" if now > then else "↓" if now < then else "•"

    def difference_of(self, name: str) -> EngineDifference | None:
        """Return how the second number differs from NumPy's; None if one of them is missing.

        Finite differences are no engine: the gradient check decides how far off they may be.
        """
        if name not in self.values or name not in self.second:
            return None
        mine, theirs = self.values[name], self.second[name]
        if self.second_by == "torch":
            precision = min(map(self.spec.precision_of, ("numpy", "torch")))
            return measure_difference(mine, theirs, precision, self._bounds[name])
        off = abs(float(mine) - theirs)
        return EngineDifference(f"{off:.1e}" if off else "0", self.agrees.get(find_part(self.network, name)) is False)

    @cached_property
    def _bounds(self) -> Mapping[str, float]:
        mine = {**self.given, **self.values}
        return show_sample(self.network, self.sample, bound_differences(self.spec, self.round, mine, self.torch_values))


def make_frame(session: Session) -> Frame:
    """Build the frame of a session."""
    spec, network, torch = session.spec, session.network, session.torch
    before = _values_before(session)
    values, state = session.run.values(session.round), session.run.state(session.round)
    known = dict.fromkeys(f.name for f in list_formulas(network)[: session.formulas_done])
    given, done = session.run.given(session.round), {name: values[name] for name in known}
    show = partial(show_sample, network, session.sample)
    second, check = _compute_second(session)
    without_torch = torch.state != "ready"
    return Frame(
        title=title_problem(session.lesson, spec),
        spec=spec,
        round=session.round,
        running=session.goal is not None,
        speed=session.pace,
        notice=session.notice,
        selected=session.selected,
        sample=session.sample,
        samples=list_samples(spec, session.round, state, done),
        given=show(given),
        values=show(done),
        before=show(before),
        last_step=find_last_step(session),
        torch_state=torch.state,
        torch_detail=torch.detail,
        torch_rounds=torch.history.rounds,
        torch_left_finite=torch.history.left_finite,
        torch_values={} if without_torch else torch.given(session.round),
        second_by="finite differences" if without_torch else "torch",
        second=show({name: value for name, value in second.items() if name in known}),
        agrees={p: agrees for p, agrees in check.items() if gradient(p) in known},
        left_finite=session.run.left_finite,
        history=session.run,
        furthest=session.run.rounds - 1,
        log_scale=session.log_scale,
        form=session.form,
        digits=session.digits,
        working=Working(network, {**given, **values}, known=known | given, digits=session.digits),
        marks=_make_marks(session, {**given, **done}),
        figure_rounds=tuple(sorted({figures.round for figures in session.figures})),
    )


def _compute_second(session: Session) -> tuple[Mapping[str, float], Verdicts]:
    """Return the second number of each quantity that has one, and the gradient check."""
    spec, state, torch = session.spec, session.run.state(session.round), session.torch
    without_torch = torch.state != "ready"
    estimates = estimate_gradients(spec, state, session.round) if without_torch else {}
    second = {name: one.slope for name, one in estimates.items()} or torch.own.get(session.round, {})
    check: Verdicts = check_by_differences(spec, state, session.round, estimates) if without_torch else {}
    if (by_torch := torch.check.get(session.round)) is not None:
        check = check_by_autograd(spec, state, session.round, by_torch)
    return second, check


def _make_marks(session: Session, mine: Values) -> Marks:
    figures = [figures for figures in session.figures if figures.round == session.round]
    if not figures:
        return {}
    network, torch = session.network, session.torch
    there = torch.state != "unavailable"
    precision = session.spec.precision_of("torch")
    theirs = Side.of_torch(network, torch.given(session.round), precision) if there else None
    mine_side = Side("numpy", network, mine, session.spec.precision_of("numpy"))
    return make_marks(figures, mine_side, theirs, SLACK[precision])


def _values_before(session: Session) -> Values:
    """Return what there was in the round shown before; of a round with other samples only the state."""
    if session.before is None or session.formulas_done is not None or session.goal is not None:
        return {}
    found = {**session.run.given(session.before), **session.run.values(session.before)}
    if session.spec.samples_of(session.before) == session.spec.samples_of(session.round):
        return found
    kept = (*session.network.state, *map(updated, session.network.state))
    return {name: found[name] for name in kept}
