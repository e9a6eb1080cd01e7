"""The formulas of the selected part: in letters, with this round's numbers in them, and the value in full."""

from textwrap import wrap

from bptui.forms import label
from bptui.frame import Frame
from bptui.text import full
from bptui.ui.lines import Line, Span, line
from bptui.ui.panel import Panel


class DerivationPanel(Panel):
    """What the selected part is computed from."""

    def draw(self, frame: Frame, width: int, height: int) -> list[Line]:
        """See ``Panel.draw``."""
        lines = [_heading(frame), line()]
        for step in frame.derivation:
            lines += [line(Span(text, "accent")) for text in _wrapped(step.letters, width, 2)]
            lines += [line(Span(text, "label")) for text in _wrapped(f"  = {step.numbers}", width, 4)]
            lines.append(line(Span(f"  = {step.result}", "title")))
            if step.name in frame.second:
                lines.append(line(Span(f"    {frame.second_by} {full(frame.second[step.name])}", "dim")))
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


def _wrapped(text: str, width: int, indent: int) -> list[str]:
    """Lines of a formula, broken between its terms and not inside parentheses, where that is possible."""
    depth, signs = 0, []
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        signs.append("\N{NO-BREAK SPACE}" if sign == " " and depth else sign)
    lines = wrap("".join(signs), max(width, 20), subsequent_indent=" " * indent, break_long_words=True)
    return [text.replace("\N{NO-BREAK SPACE}", " ") for text in lines] or [""]
