"""Gradients and update, a line a parameter: NumPy by hand beside torch's autograd, with the gradient check.

``|Δ|`` is the difference of two trainings' gradients, and those may have parted rounds ago; the mark behind it is the
gradient check, both ways of computing at NumPy's weights of this round, and says whether the formula is right. Where
torch is unavailable, or is still loading, finite differences at NumPy's weights stand in its column. A mark right
behind a number is that of a printed figure; the lower edge counts all of the round's.
"""

from textual.content import Content

from bptui.core.network import gradient, updated
from bptui.forms import label
from bptui.frame import Frame
from bptui.marks import Mark, count
from bptui.text import counted, fit, listed
from bptui.ui.lines import Line, Span, line, mark_cell, number_cell
from bptui.ui.panel import Panel

_MOST_ROUNDS = 5  # that are named on the lower edge
_MOST_NAMES = 3


class GradientsPanel(Panel[Frame]):
    """All gradients, and the parameters before and after the update."""

    def heading(self, frame: Frame) -> str:
        """See ``Panel.heading``."""
        return f"gradients · η = {frame.spec.step:g} · {_torch_in_words(frame)}"

    def draw(self, frame: Frame, width: int, height: int) -> list[Line]:
        """See ``Panel.draw``."""
        cell = min(11 + max(width - 76, 0) // 8, 13)
        theirs = "torch ∂E/∂w" if frame.second_by == "torch" else "differences"
        heads = (
            f"{'':5}{'numpy ∂E/∂w':>{cell}}  {theirs:>{cell}}  {'|Δ|':>8} ✓ "
            f"{'w before':>{cell - 1}} → {'w after':<{cell - 2}}  {'torch after':>{cell - 1}}"
        )
        return [line(Span(heads, "label")), *(_row(frame, p, cell) for p in frame.network.parameters)]

    def footing(self, frame: Frame) -> Content:
        """See ``Panel.footing``."""
        return _figures_in_words(frame)

    def focus_line(self, frame: Frame) -> int | None:
        """See ``Panel.focus_line``."""
        parameters = frame.network.parameters
        return 1 + parameters.index(frame.selected) if frame.selected in parameters else None


def _figures_in_words(frame: Frame) -> Content:
    """What there is to say about printed figures; nothing where there are none."""
    if not frame.figure_rounds:
        return Content()
    if not frame.marks:
        rounds = [f"{round_:,}" for round_ in frame.figure_rounds]
        named = rounds if len(rounds) <= _MOST_ROUNDS else [*rounds[: _MOST_ROUNDS - 1], "others"]
        return Content(f"printed figures in round{'s' if len(rounds) > 1 else ''} {listed(named)} · c checks them")
    right, wrong, open_ = count(frame.marks)
    names = list(dict.fromkeys(label(mark.quantity) for mark in frame.marks.values() if mark.agrees is False))
    named_wrong = f"{wrong} ✗ {', '.join(names[:_MOST_NAMES])}{', …' if len(names) > _MOST_NAMES else ''}"
    counts = [Content.styled(f"{right} ✓", "$text-success")] if right else []
    counts += [Content(f"{open_} ·")] if open_ else []
    counts += [Content.styled(named_wrong, "bold $text-warning") + Content(" · c says why")] if wrong else []
    return Content(f"{counted(right + wrong + open_, 'printed figure')}: ") + Content("  ").join(counts)


def _torch_in_words(frame: Frame) -> str:
    wrong = [p for p, agrees in frame.agrees.items() if not agrees]
    if wrong:
        by = "finite differences" if frame.second_by != "torch" else f"torch {frame.torch_detail}"
        return f"✗ {', '.join(wrong[:8])}{' …' if len(wrong) > 8 else ''} differ from {by}"
    if frame.torch_state == "unavailable":
        return "no torch, ✓ by finite differences · help says why"
    if frame.torch_state == "loading":
        return "torch is loading (✓ by finite differences)"
    if frame.torch_rounds < frame.round:
        behind = "follows" if frame.running else f"is at round {frame.torch_rounds:,}"
        return f"torch {frame.torch_detail} {behind}"
    if frame.torch_left_finite is not None and frame.torch_left_finite <= frame.round:
        return f"torch left the finite numbers in round {frame.torch_left_finite:,}"
    return f"torch {frame.torch_detail}"


def _row(frame: Frame, parameter: str, cell: int) -> Line:
    name, new = gradient(parameter), updated(parameter)
    mine, theirs, after = frame.values.get(name), frame.second.get(name), frame.values.get(new)
    return line(
        Span(f"{parameter:<5}", "selected" if parameter == frame.selected else "title", parameter),
        number_cell(mine, cell - 1, parameter, frame.lit(name)),
        mark_cell(frame.mark(name, "numpy"), parameter),
        number_cell(theirs, cell - 1, parameter, before="  "),  # so that both have as many digits
        mark_cell(frame.mark(name, "torch"), parameter),
        Span(f" {_difference(mine, theirs):>8}", "dim", parameter),
        _check(frame, parameter),
        Span(f" {fit(frame.given[parameter], cell - 1)} → ", "", parameter),
        *_after(after, cell - 2, parameter, frame.lit(new), frame.mark(new, "numpy")),
        number_cell(frame.second.get(new), cell - 1, parameter),
        mark_cell(frame.mark(new, "torch"), parameter),
    )


def _after(value: float | None, width: int, parameter: str, role: str, mark: Mark | None) -> list[Span]:
    """The parameter after the update, to the left in its column, the mark of a figure right behind it."""
    text = "·" if value is None else fit(value, width)
    return [Span(text, role, parameter), mark_cell(mark, parameter), Span(" " * (width - len(text)), role, parameter)]


def _difference(mine: float | None, theirs: float | None) -> str:
    if mine is None or theirs is None:
        return "·"
    difference = abs(float(mine) - theirs)
    return "0" if difference == 0 else f"{difference:.1e}"


def _check(frame: Frame, parameter: str) -> Span:
    """The gradient check of a parameter: a tick, a cross, or a dot where it is not done or cannot tell."""
    if parameter not in frame.agrees:
        return Span(" ·", "dim", parameter)
    return Span(" ✓", "good", parameter) if frame.agrees[parameter] else Span(" ✗", "warning", parameter)
