"""What may be drawn: one frozen value, made from a ``Session`` by one pure function.

Panels read a ``Frame`` and nothing else. The second opinion is torch's own training from the same start; the gradient
check is something else: NumPy's gradients against a second computation at NumPy's parameters.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bptui.core.differences import gradients
from bptui.core.engine import Floats, Values
from bptui.core.formulas import formulas
from bptui.core.gradient_check import check_by_autograd, check_by_differences
from bptui.core.network import Network, delta, gradient, updated, weighted_input
from bptui.core.run import History
from bptui.core.spec import Spec
from bptui.session import Session
from bptui.text import full
from bptui.worked import Working


@dataclass(frozen=True)
class Step:
    """One line of a derivation, as text: a quantity, its formula in letters, with numbers, and its value in full."""

    name: str
    letters: str
    numbers: str
    result: str


@dataclass(frozen=True, eq=False)
class Frame:
    """Everything the screen shows.

    Attributes:
        title: The lesson's title, and whether the problem is still the lesson's.
        spec: The problem.
        network: Its shape and names.
        round: The round that is shown.
        running: Whether rounds advance by themselves.
        speed: Rounds a second while they do.
        notice: One line for the user.
        selected: The selected part.
        given: Inputs, targets, eta and the parameters the round started from, by name.
        values: All quantities of NumPy's round.
        torch_state: "loading", "ready" or "unavailable".
        torch_detail: Torch's version, or why it is unavailable.
        torch_rounds: How many rounds torch has trained.
        torch_left_finite: Torch's first round with a number that is not finite, as far as trained.
        second_by: Whose numbers ``second`` are: "torch" or "finite differences".
        second: All quantities of the round of torch's own training; where torch is unavailable, NumPy's gradients by
            finite differences; empty while there is nothing yet.
        agrees: The gradient check by parameter; without those it cannot tell of, empty while it is not done.
        floor: The loss floor; minus infinity if there is none, infinity if every loss overflows.
        left_finite: The first round with a number that is not finite, as far as trained.
        history: NumPy's losses.
        furthest: The furthest round that has been shown.
        log_scale: Whether to draw the losses on a logarithmic scale.
        derivation: The formulas of the selected part.
    """

    title: str
    spec: Spec
    network: Network
    round: int
    running: bool
    speed: float
    notice: str
    selected: str
    given: Values
    values: Values
    torch_state: str
    torch_detail: str
    torch_rounds: int
    torch_left_finite: int | None
    second_by: str
    second: Mapping[str, float]
    agrees: Mapping[str, bool]
    floor: float
    left_finite: int | None
    history: History
    furthest: int
    log_scale: bool
    derivation: tuple[Step, ...]


def make_frame(session: Session) -> Frame:
    """Draw up everything that a session shows."""
    spec, network, torch = session.spec, session.network, session.opinion
    values = session.run.values(session.round)
    parameters = session.run.parameters(session.round)
    given: dict[str, Any] = dict(zip(network.inputs + network.targets, spec.inputs + spec.targets, strict=True))
    given |= {"eta": spec.step, **dict(zip(network.parameters, parameters, strict=True))}
    without_torch = torch.state == "unavailable"
    second = gradients(spec, parameters) if without_torch else torch.own.get(session.round, {})
    return Frame(
        title=("" if spec == session.lesson.spec else "changed · ") + session.lesson.title,
        spec=spec,
        network=network,
        round=session.round,
        running=session.goal is not None,
        speed=session.pace,
        notice=session.notice,
        selected=session.selected,
        given=given,
        values=values,
        torch_state=torch.state,
        torch_detail=torch.detail,
        torch_rounds=torch.history.rounds,
        torch_left_finite=torch.history.left_finite,
        second_by="finite differences" if without_torch else "torch",
        second=second,
        agrees=_gradient_check(session, parameters),
        floor=spec.floor,
        left_finite=session.run.left_finite,
        history=session.run,
        furthest=session.run.rounds - 1,
        log_scale=session.log_scale,
        derivation=_derivation(network, session.selected, {**given, **values}),
    )


def _gradient_check(session: Session, parameters: Floats) -> Mapping[str, bool]:
    """NumPy's gradients against torch's at the same parameters, or against finite differences where there is none."""
    by_torch = session.opinion.check.get(session.round)
    if by_torch is not None:
        return check_by_autograd(session.spec, parameters, by_torch)
    return check_by_differences(session.spec, parameters) if session.opinion.state == "unavailable" else {}


def quantities_of(network: Network, part: str) -> tuple[str, ...]:
    """The quantities that belong to a part of the network, in calculation order."""
    if part in network.parameters:
        names = {gradient(part), updated(part)}
    elif part in network.neurons:
        names = {weighted_input(part), part, delta(part)}
    else:
        names = {f.name for f in formulas(network) if f.phase == "loss"} if part == "E" else set()
    return tuple(f.name for f in formulas(network) if f.name in names)


def _derivation(network: Network, part: str, values: Values) -> tuple[Step, ...]:
    working = Working(network, values)
    return tuple(
        Step(name, f"{line.label} = {line.letters}", line.numbers, full(values[name]))
        for name in quantities_of(network, part)
        for line in [working.line(name)]
    )
