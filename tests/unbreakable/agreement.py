"""Where the numbers that a stepper shows are not those of another run of the same problem."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from math import isfinite
from typing import Any

from textual.widgets import HelpPanel

from bptui.core.formulas.names import delta, gradient, updated, weighted_input
from bptui.core.problem.spec import Spec
from bptui.core.quantities.sample_names import show_sample
from bptui.core.training.run import Run
from bptui.ui.panels.forward import ForwardPanel
from bptui.ui.panels.gradients import GradientsPanel
from bptui.ui.screens.stepper import StepperScreen
from bptui.ui.widgets.panel import Panel


def disagreements(stepper: StepperScreen, run_of: Callable[[Spec], Run]) -> Iterator[str]:
    """Where the numbers of a stepper are not those of its session's round in another run of the same problem."""
    session, frame = stepper.session, stepper.frame
    if (frame.round, frame.spec) != (session.round, session.spec):
        yield f"round {frame.round} is drawn, {session.round} is meant"
        return
    run = run_of(session.spec)
    run.train_to(session.round)
    right = show_sample(frame.network, frame.sample, run.values(session.round))
    if session.formulas_done is None and set(frame.values) != set(right):
        yield f"not drawn: {set(right) - set(frame.values)}"
    for name, value in frame.values.items():
        if not _same(value, right[name]):
            yield f"round {frame.round}: {name} is {value!r}, and comes to {right[name]!r}"
    if stepper.query(HelpPanel):  # Textual's own, which takes a third of the panels' room
        return
    for name, text, panel in _drawn(stepper):
        value = right.get(name, frame.given.get(name))
        if (text == "·" and name in frame.values) or (text != "·" and not shows(text, float(value))):
            yield f"round {frame.round}: {panel} shows {text} for {name}, which is {value!r}"


def _same(one: Any, other: Any) -> bool:
    return bool(one == other or (one != one and other != other))


def _drawn(stepper: StepperScreen) -> Iterator[tuple[str, str, str]]:
    """The quantities in sight in two panels: name, text, and where it stands."""
    network = stepper.frame.network
    gradients = stepper.query_one(GradientsPanel)
    text_of_heads = next(iter(gradients.to_text().splitlines()[1:]), "")
    for text in _without_signs(gradients):
        left, _, right = text.partition("→")
        name = left.split()[0] if left.split() else ""
        if name in network.parameters and "→" not in text and "w after" in text_of_heads:
            first, *_, last = text.split()[1:]  # without room for what was before
            yield from ((gradient(name), first, "gradients"), (updated(name), last, "gradients"))
        elif name in network.parameters:
            whole = len(left.split()) > 2 and right.split()  # which it is not before it is drawn in a new size
            numbers = (left.split()[1], left.split()[-1], right.split()[0]) if whole else 3 * ("",)
            yield from (
                (q, n, "gradients") for q, n in zip((gradient(name), name, updated(name)), numbers, strict=True)
            )
    forward = stepper.query_one(ForwardPanel)
    heads = [*forward.to_text().splitlines(), "", ""][1].split()
    for text in _without_signs(forward):
        if text.strip() == "printed":
            break
        name, *numbers_of = text.split() or [""]
        columns = {"input": weighted_input(name), "numpy": name, "δ": delta(name)} if name in network.neurons else {}
        names = [columns[head] for head in heads if head in columns] if name != "E" else ["E"]
        yield from ((quantity, number, "forward") for quantity, number in zip(names, numbers_of, strict=False))


def _without_signs(panel: Panel[Any]) -> list[str]:
    """What the terminal shows of a panel, without marks of figures and what says that a number changed."""
    return [text.translate(str.maketrans("✓✗↑↓•", 5 * " ")) for text in lines_of(panel)]


def lines_of(panel: Panel[Any]) -> list[str]:
    """What the terminal shows of a panel."""
    return [panel.render_line(y).text for y in range(panel.content_size.height)]


def shows(text: str, value: float) -> bool:
    """Whether a number's text is this value, rounded to the digits there are."""
    if not isfinite(value) or not text:
        return bool(text) and _same(float(text), value)
    number = Decimal(text)
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    return abs(Decimal(value) - number) <= Decimal(1).scaleb(exponent) * Decimal("0.5000001")
