"""The formulas of the selected part: in letters, with this round's numbers in them, and the value in full."""

from bptui.forms import label
from bptui.frame import Frame
from bptui.text import full, wrapped
from bptui.ui.lines import Line, Span, line
from bptui.ui.panel import Panel
from bptui.worked import Worked


class DerivationPanel(Panel):
    """What the selected part is computed from."""

    def focus_line(self, frame: Frame) -> int | None:
        """See ``Panel.focus_line``: what the last step inside the round calculated."""
        above = 2
        for worked in frame.derivation:
            if frame.lit(worked.line.name):
                return above + len(_lines(frame, worked, self.content_size.width)) - 1
            above += len(_lines(frame, worked, self.content_size.width))
        return None

    def draw(self, frame: Frame, width: int, height: int) -> list[Line]:
        """See ``Panel.draw``."""
        lines = [_heading(frame), line()]
        for worked in frame.derivation:
            lines += _lines(frame, worked, width)
        return lines


def _lines(frame: Frame, worked: Worked, width: int) -> list[Line]:
    formula = worked.line
    general = " = ".join(worked.general or ())
    lines = [line(Span(text, "dim")) for text in wrapped(general, width, 2)]
    lines += [line(Span(text, "accent")) for text in wrapped(f"{formula.label} = {formula.letters}", width, 2)]
    if not formula.result:
        return [*lines, line(Span("  = · not calculated yet", "dim"))]
    lines += [line(Span(text, "label")) for text in wrapped(f"  = {formula.numbers}", width, 4)]
    lines.append(line(Span(f"  = {full(frame.values[formula.name])}", "title")))
    if formula.name in frame.second:
        lines.append(line(Span(f"    {frame.second_by} {full(frame.second[formula.name])}", "dim")))
    return lines


def _heading(frame: Frame) -> Line:
    selected, network = frame.selected, frame.network
    for weight in network.weights:
        if weight.name == selected:
            return line(Span(f"{selected}, from {weight.source} to {weight.target}", "title"))
    if selected in network.neurons:
        return line(Span(f"{selected}, {network.activation(selected)}", "title"))
    if selected in network.inputs:
        return line(Span(f"{selected} = {full(frame.given[selected])}, an input", "title"))
    return line(Span(f"E, {frame.spec.loss}" if selected == "E" else label(selected), "title"))
