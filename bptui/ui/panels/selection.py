"""One line with the numbers of what is selected in full, at every size: whatever else is rounded, these are not.

Each number has the room of the longest that there is, so that nothing moves from round to round; how many of them are
there depends on the width alone.
"""

import numpy as np

from bptui.core.network import delta, gradient, updated, weighted_input
from bptui.forms import label
from bptui.frame import Frame
from bptui.text import full, own
from bptui.ui.lines import Line, Span, line
from bptui.ui.panel import Panel

_LONGEST = 24  # signs that a number has in full
_LONGEST_OF_SINGLE = 16  # likewise in float32


class SelectionPanel(Panel[Frame]):
    """The selected part's numbers, those that matter most first; a second opinion where there is room for it."""

    def draw(self, frame: Frame, width: int, height: int) -> list[Line]:
        """See ``Panel.draw``."""
        spans, part = [Span(" ")], frame.selected
        for name, second in wanted(frame):
            lead = f"{_second_by(frame)} {label(name)} " if second else f"{label(name)} "
            room = _LONGEST_OF_SINGLE if second and _is_single(frame) else _LONGEST
            if sum(len(span.text) for span in spans) + len(lead) + room > width and len(spans) > 1:
                break
            value = frame.second.get(name) if second else frame.values.get(name, frame.given.get(name))
            text = "·" if value is None else own(np.float32(value)) if room < _LONGEST else full(value)
            role = "dim" if second or value is None else frame.lit(name) or "title"
            spans += [Span(lead, "label", part), Span(text, role, part), Span(" " * (room - len(text) + 2), "", part)]
        return [line(*spans)]


def wanted(frame: Frame) -> list[tuple[str, bool]]:
    """The selected part's numbers, each NumPy's or the second opinion."""
    part, network = frame.selected, frame.network
    if part in network.parameters:
        slope, new = gradient(part), updated(part)
        return [(slope, False), (new, False), (slope, True), (part, False), (new, True)]
    if part in network.neurons:
        z = weighted_input(part)
        return [(part, False), (z, False), (part, True), (delta(part), False)]
    return [("E", False), ("E", True)] if part == "E" else [(part, False)]


def _is_single(frame: Frame) -> bool:
    return frame.second_by == "torch" and frame.spec.precision_of("torch") == "float32"


def _second_by(frame: Frame) -> str:
    return "torch" if frame.second_by == "torch" else "differences"
