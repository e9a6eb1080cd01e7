"""What may be drawn: one frozen value, made from a ``Session`` by one pure function.

Panels read a ``Frame`` and nothing else. Names that start with ``torch`` speak of torch's own training; the gradient
check compares NumPy's gradients with a second computation at NumPy's parameters, by torch where it is there and by
finite differences where it is not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bptui.core.differences import gradients
from bptui.core.engine import Values
from bptui.core.expr import write
from bptui.core.formulas import formulas
from bptui.core.gradient_check import ROUNDING, agreement
from bptui.core.network import Network, delta, gradient, updated, weighted_input
from bptui.core.run import History
from bptui.core.spec import Spec
from bptui.session import Session
from bptui.text import LETTERS, full, label, numbers


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
        title: The lesson's title.
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
        torch_values: All quantities of torch's round, or None while they are not there.
        torch_rounds: How many rounds torch has trained.
        differences: Gradients by finite differences, the second opinion where torch is unavailable; else empty.
        agrees: The gradient check by parameter; empty while it is not done.
        floor: The loss floor, minus infinity if there is none.
        left_finite: The first round with a number that is not finite, as far as trained.
        history: NumPy's losses.
        log_scale: Whether to draw them on a logarithmic scale.
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
    torch_values: Mapping[str, float] | None
    torch_rounds: int
    differences: Mapping[str, float]
    agrees: Mapping[str, bool]
    floor: float
    left_finite: int | None
    history: History
    log_scale: bool
    derivation: tuple[Step, ...]


def make_frame(session: Session) -> Frame:
    """Draw up everything that a session shows."""
    spec, network, torch = session.spec, session.network, session.opinion
    values = session.run.values(session.round)
    parameters = session.run.parameters(session.round)
    given: dict[str, Any] = dict(zip(network.inputs + network.targets, spec.inputs + spec.targets, strict=True))
    given |= {"eta": spec.step, **dict(zip(network.parameters, parameters, strict=True))}
    differences = gradients(spec, parameters) if torch.state == "unavailable" else {}
    return Frame(
        title=session.lesson.title,
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
        torch_values=torch.own.get(session.round),
        torch_rounds=torch.history.rounds,
        differences=differences,
        agrees=_gradient_check(session, differences, {**given, **values}),
        floor=spec.floor,
        left_finite=session.run.left_finite,
        history=session.run,
        log_scale=session.log_scale,
        derivation=_derivation(network, session.selected, {**given, **values}),
    )


def _gradient_check(session: Session, differences: Mapping[str, float], values: Values) -> Mapping[str, bool]:
    """NumPy's gradients against torch's at the same parameters, or against finite differences where there is none."""
    spec, by_torch = session.spec, session.opinion.check.get(session.round)
    rounding = max(ROUNDING[spec.precision_of(engine)] for engine in ("numpy", "torch"))
    if by_torch is not None:
        return agreement(session.network, values, by_torch, rounding)
    if differences:
        return agreement(session.network, values, differences, max(ROUNDING["finite differences"], rounding))
    return {}


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
    names = quantities_of(network, part)
    with_numbers = numbers(values)
    return tuple(
        Step(f.name, f"{label(f.name)} = {write(f.expr, LETTERS)}", write(f.expr, with_numbers), full(values[f.name]))
        for f in formulas(network)
        if f.name in names
    )
