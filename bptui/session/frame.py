"""All that may be drawn: one frozen value, made from a ``Session`` by one pure function.

Panels read a ``Frame`` and nothing else. Torch's numbers are those at NumPy's parameters, so that they agree or the
rule is wrong; on request they are those of its own run from the same start. The gradient check is always at NumPy's
parameters.
"""

from collections.abc import Mapping
from functools import cached_property, partial
from math import inf

from bptui.check.marks import Marks, ValueMark, make_marks
from bptui.check.side import Side
from bptui.core.engines.engine import Values
from bptui.core.engines.gradient_check import Verdicts
from bptui.core.formulas.backprop import list_formulas
from bptui.core.formulas.names import gradient, updated
from bptui.core.formulas.network import Network
from bptui.core.formulas.rounding import NONE
from bptui.core.problem.spec import Spec
from bptui.core.quantities.parts import find_part
from bptui.core.quantities.sample_names import find_full_name, show_sample
from bptui.core.training.history import History
from bptui.derive.worked import Working
from bptui.record import record
from bptui.session.agreement import EngineDifference, bound_differences, find_second, measure_difference
from bptui.session.last_step import LastStep, find_last_step
from bptui.session.samples import SampleRow, list_samples
from bptui.session.session import Session
from bptui.text.printed import SLACK


@record(eq=False)
class Frame:
    """Everything the screen shows.

    Attributes:
        title: The lesson's title, or the name of a run that has its own or another problem.
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
        own_run: Whether ``second`` is torch's own run, not torch at NumPy's parameters.
        own: All quantities of the round in torch's own run; empty until torch has answered.
        second_by: The source of ``second``: "torch" or "finite differences".
        second: All quantities of the round by torch, empty until it has answered; while it is unavailable or loading,
            NumPy's gradients by finite differences.
        second_given: The same with all that torch computed it from.
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
    own_run: bool
    own: Values
    second_by: str
    second: Mapping[str, float]
    second_given: Values
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

    @property
    def second_name(self) -> str:
        """The source of ``second`` in a word or two."""
        return "own run" if self.own_run else "torch" if self.second_by == "torch" else "differences"

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

        At NumPy's parameters the gradient check decides whether a gradient is another number. Where results are rounded
        by hand, no other difference is known to be more than that.
        """
        if name not in self.values or name not in self.second:
            return None
        mine, theirs, part = self.values[name], self.second[name], find_part(self.network, name)
        is_checked = name == gradient(part) and not self.own_run
        if self.second_by == "torch":
            precision = min(self.spec.precision_of("numpy"), self._torch_precision)
            is_plain = is_checked or self.spec.rounding != NONE or mine == theirs  # most are equal to the last digit
            bound = inf if is_plain else self._bounds[name]
            text, is_beyond = measure_difference(mine, theirs, precision, bound)
        else:
            off = abs(float(mine) - theirs)
            text, is_beyond = f"{off:.1e}" if off else "0", False
        return EngineDifference(text, self.agrees.get(part) is False if is_checked else is_beyond)

    @property
    def _torch_precision(self) -> str:
        return self.spec.precision_of("torch") if self.own_run else "float64"

    @cached_property
    def _bounds(self) -> Mapping[str, float]:
        mine = {**self.given, **self.values}
        found = bound_differences(self.spec, self.round, mine, self.second_given, self._torch_precision)
        return show_sample(self.network, self.sample, found)


def make_frame(session: Session) -> Frame:
    """Build the frame of a session."""
    spec, network, torch = session.spec, session.network, session.torch
    before = _values_before(session)
    values, state = session.run.values(session.round), session.run.state(session.round)
    known = dict.fromkeys(f.name for f in list_formulas(network)[: session.formulas_done])
    given, done = session.run.given(session.round), {name: values[name] for name in known}
    show = partial(show_sample, network, session.sample)
    second = find_second(spec, session.round, state, given, torch, session.own_run)
    return Frame(
        title=session.trainings[session.current].title,
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
        own_run=second.is_own_run,
        own=show({name: value for name, value in torch.own.get(session.round, {}).items() if name in known}),
        second_by=second.by,
        second=show({name: value for name, value in second.values.items() if name in known}),
        second_given=second.values,
        agrees={p: agrees for p, agrees in second.agrees.items() if gradient(p) in known},
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
