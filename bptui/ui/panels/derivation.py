"""Derivations on screen: the selected part's in short, or one of them in full.

The short form is the general term, the formula in letters, the same with this round's numbers, and the value with all
its digits; ≠ stands behind a value that is not the chain rule's. The full form adds the chain rule, multiplied out.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from bptui.check.side import LAST_DIGITS
from bptui.core.formulas.names import gradient, split_sample, updated
from bptui.core.formulas.notation import write
from bptui.core.formulas.rounding import NONE
from bptui.core.quantities.parts import describe, find_part, group_printable, group_quantities
from bptui.core.quantities.printable import compute_values, list_printable
from bptui.derive.notations import UNICODE, format_label
from bptui.derive.worked import WorkedDerivation, WorkedLine
from bptui.session.frame import Frame
from bptui.text.numbers import LONGEST, format_all_digits, read_out, write_minus
from bptui.text.words import wrap_formula
from bptui.ui.drawing.graph import draw_graph
from bptui.ui.drawing.lines import MARK_ROLES, Line, Span, make_line
from bptui.ui.drawing.matrices import draw_matrices, find_lit_line, list_entries
from bptui.ui.widgets.panel import Panel

_ROOMY = 10  # least rows for an empty one below the heading
_IN_FULL = (60, 20)  # least columns and rows for the chain rule multiplied out
_BESIDE = 4 + LONGEST + 4  # the column where the other engine's value and the general term begin, if there is room


class DerivationPanel(Panel[Frame]):
    """What the selected part is computed from: in short, or where there is room, in full."""

    def focus_line(self, frame: Frame) -> int | None:
        """Return the line of what the last step inside the round calculated; see ``Panel.focus_line``."""
        if frame.last_step is None:
            return None
        width, height = self.content_size
        if frame.form == "graph":
            return None
        if frame.form == "matrices":
            above = len(_heading(frame, frame.selected, width))
            return find_lit_line(frame, list_entries(frame), width, above)
        above = len(_heading(frame, frame.selected, width)) - (height < _ROOMY)
        for name, lines in _derivations(frame, width, height):
            if frame.role_of(name):
                return above + len(_short_lines(frame, name, width)) - 1
            above += len(lines)
        return None

    def draw(self, frame: Frame, width: int, height: int) -> list[Line]:
        """See ``Panel.draw``."""
        if frame.form == "graph":
            return [*_heading(frame, frame.selected, width), *draw_graph(frame, frame.selected, width)]
        if frame.form == "matrices":
            return [*_heading(frame, frame.selected, width), *draw_matrices(frame, list_entries(frame), width)]
        lines = _heading(frame, frame.selected, width)[: None if height >= _ROOMY else -1]
        for _, derivation in _derivations(frame, width, height):
            lines += derivation
        return lines + _other_printed_lines(frame, width)


def _derivations(frame: Frame, width: int, height: int) -> Iterator[tuple[str, list[Line]]]:
    """Yield the derivations of the selected part's quantities, by name."""
    for name in list_shown(frame):
        if width >= _IN_FULL[0] and height >= _IN_FULL[1]:
            worked = frame.working.derivation(name)
            yield name, [*_short_lines(frame, name, width, worked), *_chain_lines(worked, width), make_line()]
        else:
            yield name, _short_lines(frame, name, width)


class DerivationPage(Panel[Frame]):
    """Derivations in full: those of a part, or of one quantity or factor; or the computation graph down to it."""

    trail: tuple[str, ...] = ()  # the selected part, then what was entered; set before the frame is

    def draw(self, frame: Frame, width: int, height: int) -> list[Line]:
        """See ``Panel.draw``."""
        entered = self.trail[1:]
        lines = _heading(frame, entered[-1] if entered else frame.selected, width)
        if frame.form == "graph":
            return lines + draw_graph(frame, (frame.selected, *entered)[-1], width)
        if frame.form == "matrices" and (found := draw_matrices(frame, entered[-1:] or list_entries(frame), width)):
            return lines + found
        for worked in list_derivations(frame, entered):
            lines += [*_short_lines(frame, worked.line.name, width, worked), *_chain_lines(worked, width)]
            lines += [*_simpler_lines(worked, width), make_line()]
        return lines if entered else lines + _other_printed_lines(frame, width)

    def heading(self, frame: Frame) -> str:
        """See ``Panel.heading``."""
        form = "computation graph, " if frame.form == "graph" else ""
        return f"{form}round {frame.round:,}: {' › '.join(map(format_label, self.trail))}"

    def show(self, trail: tuple[str, ...], frame: Frame) -> None:
        """Show the last entry of a trail in the form of a frame, from its first line."""
        self.trail = trail
        self.scroll_lines(-self.line_count)
        if frame is not self.frame:
            self.frame = frame
        else:
            self.watch_frame()


def list_derivations(frame: Frame, entered: tuple[str, ...]) -> tuple[WorkedDerivation, ...]:
    """Return the derivations of the selected part, or of the last entered quantity or factor; none for given values."""
    if not entered:
        return tuple(map(frame.working.derivation, list_shown(frame)))
    return () if entered[-1] in frame.given else (frame.working.derivation(entered[-1]),)


def list_shown(frame: Frame) -> list[str]:
    """Return the quantities of the selected part that belong to the round or to the sample shown."""
    names = group_quantities(frame.network)[frame.selected]
    return [name for name in names if split_sample(name)[1] in (0, frame.sample)]


def describe_part(frame: Frame, part: str) -> str:
    """Return what a part, quantity or factor is, in words."""
    words = describe(frame.network, part)
    if part not in frame.given:
        return f"{format_label(part)}, {words}"
    trained = frame.round > 1 and part in frame.network.parameters
    since = f", {format_label(updated(part))} of round {frame.round - 1:,}" if trained else ""
    return f"{format_label(part)} = {write_minus(format_all_digits(frame.given[part]))}, {words}{since}"


def _all_digits(value: Any) -> str:
    """Return a number with every digit, and the minus sign of formulas."""
    return write_minus(read_out(value))


def _heading(frame: Frame, part: str, width: int) -> list[Line]:
    return [*_wrapped_lines([describe_part(frame, part)], "title", width, 0), make_line()]


def _short_lines(frame: Frame, name: str, width: int, worked: WorkedDerivation | None = None) -> list[Line]:
    """Return a quantity's formula and value; ``worked`` is its whole derivation, where that is shown below."""
    formula, general = frame.working.line(name), " = ".join(frame.working.general(name) or ())
    letters = f"{formula.label} = {formula.letters}"
    if general and width >= _BESIDE + len(general) and len(letters) < _BESIDE:
        lines = [make_line(Span(f"{letters:<{_BESIDE}}", "accent"), Span(general, "dim"))]
    else:
        lines = _wrapped_lines([general] if general else [], "dim", width, 2) + _wrapped_lines(
            [letters], "accent", width, 2
        )
    if not formula.result:
        return [*lines, make_line(Span("  = · not calculated yet", "dim"))]
    value = frame.values[name] if name in frame.values else frame.working.values[name]
    by = frame.second_name
    second = f"{by} {_all_digits(frame.second[name])}" if name in frame.second else ""
    sign = "  ≠" if _is_contradicted(frame, name, worked) else ""
    result = f"  {'=' if formula.holds else '≈'} {_all_digits(value)}"
    numbers = _wrapped_lines([f"  = {formula.numbers}"], "label", width, 4)
    if width >= _BESIDE + len(by) + 1 + LONGEST and not frame.mark(name, "torch"):
        lines += numbers[:-1]
        printed = _printed_lines(frame, name, "numpy", width - _BESIDE)
        if printed and len(numbers[-1][0].text) < _BESIDE:
            lines.append(make_line(Span(f"{numbers[-1][0].text:<{_BESIDE}}", "label"), *printed[0][1:]))
            printed = []
        else:
            lines.append(numbers[-1])
        marked = Span(f"{sign:<{_BESIDE - len(result)}}", "warning")
        return [*lines, make_line(Span(result, "title"), marked, Span(second, "second")), *printed]
    lines += [*numbers, make_line(Span(result, "title"), Span(sign, "warning"))]
    lines += _printed_lines(frame, name, "numpy", width)
    lines += [make_line(Span(f"    {second}", "second"))] if second else []
    return lines + _printed_of_torch_lines(frame, name, width)


def _is_contradicted(frame: Frame, name: str, worked: WorkedDerivation | None) -> bool:
    """Whether a quantity is known not to be what the chain rule gives: by its product, or by the gradient check."""
    if worked is not None and worked.agrees is not None and frame.spec.rounding == NONE:
        return not worked.agrees
    part = find_part(frame.network, name)
    return name == gradient(part) and frame.agrees.get(part) is False


def _printed_of_torch_lines(frame: Frame, name: str, room: int) -> list[Line]:
    """Return the printed value of torch's own run, below the number of that run."""
    printed, own = _printed_lines(frame, name, "torch", room), frame.own.get(name)
    is_shown = frame.own_run or not printed or own is None
    return printed if is_shown else [make_line(Span(f"    torch's own run {_all_digits(own)}", "second")), *printed]


def _printed_lines(frame: Frame, name: str, beside: str, room: int) -> list[Line]:
    """Return the printed value of the number on the line above, with its mark, in words too if there is room."""
    mark = frame.mark(name, beside)
    if mark is None:
        return []
    digits = write_minus(mark.printed)
    line = make_line("    ", Span(f"printed {digits} ", "dim"), Span(mark.sign, MARK_ROLES[mark.agrees]))
    words = Span(f" {LAST_DIGITS}", "dim")
    return [(*line, words) if mark.last_digits and sum(len(s.text) for s in (*line, words)) <= room else line]


def _other_printed_lines(frame: Frame, width: int) -> list[Line]:
    """Return printed values of the selected part that are no quantities of a round, such as an output's share of E."""
    lines: list[Line] = []
    quantities = list_shown(frame)
    for name in group_printable(frame.network)[frame.selected]:
        if name not in quantities and frame.mark(name):
            formula = write(list_printable(frame.network)[name], UNICODE.letters)
            value = compute_values(frame.network, [name], frame.working.values)[name]
            lines += _wrapped_lines([f"{format_label(name)} = {formula}"], "accent", width, 2)
            lines.append(make_line(Span(f"  = {_all_digits(value)}", "title")))
            for beside in ("numpy", "torch"):
                lines += _printed_lines(frame, name, beside, width)
    return lines


def _chain_lines(worked: WorkedDerivation, width: int) -> list[Line]:
    if not worked.chain:
        return []
    chain = worked.chain
    lines = [make_line(), make_line(Span("The chain rule multiplied out:", "title"))]
    lines += _wrapped_lines([f"{chain.label} = {chain.letters}"], "accent", width, 2)
    lines += _result_lines(chain, width)
    return lines + _wrapped_lines([worked.verdict] if chain.result and worked.verdict else [], "dim", width, 0)


def _simpler_lines(worked: WorkedDerivation, width: int) -> list[Line]:
    """Return what a delta comes to, step by step."""
    lines = [make_line(), make_line(Span("Simplified:", "title"))] if worked.simpler else []
    for words, line in worked.simpler:
        lines += _wrapped_lines([f"{line.label} = {line.letters}"], "accent", width, 2)
        lines += _wrapped_lines([f"  {words}"], "dim", width, 4)
    for _, line in worked.simpler[-1:]:
        lines += _result_lines(line, width)
    return lines + _wrapped_lines([worked.remark] if worked.remark else [], "dim", width, 0)


def _result_lines(line: WorkedLine, width: int) -> list[Line]:
    if not line.result:
        return []
    result = make_line(Span(f"  {'=' if line.holds else '≈'} {line.result}", "title"))
    return [*_wrapped_lines([f"  = {line.numbers}"], "label", width, 4), result]


def _wrapped_lines(texts: Iterable[str], role: str, width: int, indent: int) -> list[Line]:
    return [make_line(Span(part, role)) for text in texts for part in wrap_formula(text, max(width, 20), indent)]
