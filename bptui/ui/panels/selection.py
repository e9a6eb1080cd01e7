"""One line with all digits, at every size: what a step inside the round calculated, or the selected part's numbers.

These are never rounded. Outside of a step each number has room for the longest possible one, so that nothing moves from
round to round; how many numbers are shown depends on the width alone.
"""

from collections.abc import Iterator

from bptui.core.formulas.names import delta, gradient, updated, weighted_input
from bptui.core.quantities.parts import find_part
from bptui.derive.notations import format_label
from bptui.session.frame import Frame
from bptui.text.numbers import LONGEST, read_out, write_minus
from bptui.ui.drawing.lines import Line, Span, make_line
from bptui.ui.widgets.panel import Panel

_BETWEEN = 2


class SelectionPanel(Panel[Frame]):
    """The step in words and with its result, or the selected part's numbers, as many as fit."""

    def draw(self, frame: Frame, width: int, height: int) -> list[Line]:
        """See ``Panel.draw``."""
        names = _find_step(frame)
        return [_step_line(frame, names, width) if names else _numbers_line(frame, width)]


def _find_step(frame: Frame) -> list[str]:
    """Return the selected part's quantities that the last step inside the round calculated; none outside of one."""
    names = frame.last_step.names_of(frame.sample) if frame.last_step else []
    return [name for name in names if find_part(frame.network, name) == frame.selected]


def _step_line(frame: Frame, names: list[str], width: int) -> Line:
    """Return the fullest account of a step that fits; numbers are in all of them, and are cut in none."""
    account: list[Span] = []
    for account in _write_step(frame, names):
        if sum(len(span.text) for span in account) < width:
            break
    return make_line(" ", *account)


def _write_step(frame: Frame, names: list[str]) -> Iterator[list[Span]]:
    """Yield accounts of a step, ever shorter: what it is, its formulas and their results."""
    words = Span(f"{frame.last_step.phase if frame.last_step else ''}: ", "label", frame.selected)
    for letters in (True, False):
        every = [_write_quantity(frame, name, letters) for name in names]
        whole = [*every[0], *(span for one in every[1:] for span in (Span("   "), *one))]
        yield from ([words, *whole], whole)
        yield from ([words, *every[-1]], every[-1])


def _write_quantity(frame: Frame, name: str, letters: bool) -> list[Span]:
    line, part = frame.working.line(name), frame.selected
    formula = f" = {line.letters}" if letters else ""
    value = write_minus(read_out(frame.values[name]))
    return [Span(f"{line.label}{formula} = ", "", part), Span(value, "lit", part)]


def _numbers_line(frame: Frame, width: int) -> Line:
    by, part = frame.second_name, frame.selected
    wanted, room, kept = list_numbers(frame), width - 1, list[int]()
    leads = [f"{by} " if second else f"{format_label(name)} " for _, name, second in wanted]
    for place in sorted(range(len(wanted)), key=lambda place: wanted[place][0]):
        if kept and len(leads[place]) + LONGEST > room:
            break
        room -= len(leads[place]) + LONGEST + _BETWEEN
        kept.append(place)
    spans = [Span(" ")]
    for place in sorted(kept):
        _, name, second = wanted[place]
        value = frame.second.get(name) if second else frame.values.get(name, frame.given.get(name))
        text = "·" if value is None else read_out(value)
        role = "second" if second else "dim" if value is None else frame.role_of(name) or "title"
        gap = Span(" " * (LONGEST - len(text) + _BETWEEN), "", part)
        spans += [Span(leads[place], "label", part), Span(text, role, part), gap]
    return make_line(*spans)


def list_numbers(frame: Frame) -> list[tuple[int, str, bool]]:
    """Return the selected part's numbers in order: priority, name, and whether it is the second number."""
    part, network = frame.selected, frame.network
    if part in network.parameters:
        slope, new = gradient(part), updated(part)
        return [(1, slope, False), (3, slope, True), (2, new, False), (5, new, True), (4, part, False)]
    if part in network.neurons:
        return [(1, part, False), (4, part, True), (3, weighted_input(part), False), (2, delta(part), False)]
    return [(1, "E", False), (2, "E", True)] if part == "E" else [(1, part, False)]
