"""One line with all digits of the selected part's numbers, at every size: these are never rounded.

Each number has room for the longest possible one, so that nothing moves from round to round; how many numbers are shown
depends on the width alone.
"""

from bptui.core.formulas.names import delta, gradient, updated, weighted_input
from bptui.derive.notations import format_label
from bptui.session.frame import Frame
from bptui.text.numbers import LONGEST, read_out
from bptui.ui.drawing.lines import Line, Span, make_line
from bptui.ui.widgets.panel import Panel

_BETWEEN = 2


class SelectionPanel(Panel[Frame]):
    """The selected part's numbers, as many as fit; after NumPy's the other engine's."""

    def draw(self, frame: Frame, width: int, height: int) -> list[Line]:
        """See ``Panel.draw``."""
        by, part = "torch" if frame.second_by == "torch" else "differences", frame.selected
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
            role = "dim" if second or value is None else frame.role_of(name) or "title"
            gap = Span(" " * (LONGEST - len(text) + _BETWEEN), "", part)
            spans += [Span(leads[place], "label", part), Span(text, role, part), gap]
        return [make_line(*spans)]


def list_numbers(frame: Frame) -> list[tuple[int, str, bool]]:
    """Return the selected part's numbers in order: priority, name, and whether it is the other engine's."""
    part, network = frame.selected, frame.network
    if part in network.parameters:
        slope, new = gradient(part), updated(part)
        return [(1, slope, False), (3, slope, True), (2, new, False), (5, new, True), (4, part, False)]
    if part in network.neurons:
        return [(1, part, False), (3, part, True), (2, weighted_input(part), False), (4, delta(part), False)]
    return [(1, "E", False), (2, "E", True)] if part == "E" else [(1, part, False)]
