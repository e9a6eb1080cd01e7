"""Gradients and update, a line for each parameter: NumPy by hand beside torch's autograd, with the gradient check.

``|Δ|`` is the difference of two runs' gradients, which may have diverged rounds ago. The mark behind it is the gradient
check: both ways of computing at NumPy's weights of this round, so it says whether they are equal there. While torch is
unavailable or loading, finite differences at NumPy's weights take its column. A mark right behind a number is that of a
printed value; the lower edge counts all of the round's.
"""

from collections.abc import Mapping
from functools import lru_cache

from textual.content import Content

from bptui.check.marks import count_marks
from bptui.core.formulas.names import gradient, updated
from bptui.derive.notations import format_label
from bptui.session.frame import Frame
from bptui.text.aligned import ColumnLayout
from bptui.text.words import format_count, join_words
from bptui.ui.drawing.lines import (
    DIFFERENCE_WIDTH,
    Line,
    Span,
    make_change_cell,
    make_difference_cells,
    make_head_cell,
    make_line,
    make_mark_cell,
    make_number_cell,
)
from bptui.ui.widgets.panel import Panel

_MOST_ROUNDS = 5  # rounds named on the lower edge
_MOST_NAMES = 3
_HEADS = {"mine": "numpy ∂E/∂w", "theirs": "torch ∂E/∂w", "before": "w before", "after": "w after"}
_HEADS |= {"apart": "|Δ|", "check": "✓", "their after": "torch after"}
_ALWAYS = ("mine", "check", "after")
_BY_PRIORITY = (*_ALWAYS, "theirs", "before", "apart", "their after")  # a column is dropped before numbers lose digits


class GradientsPanel(Panel[Frame]):
    """All gradients, and the parameters before and after the update."""

    def heading(self, frame: Frame) -> str:
        """See ``Panel.heading``."""
        count = len(frame.network.samples)
        over = f" · {frame.spec.over_samples} of {count} samples" if count > 1 else ""
        return f"gradients{over} · η = {frame.spec.step:g} · {_torch_in_words(frame)}"

    def draw(self, frame: Frame, width: int, height: int) -> list[Line]:
        """See ``Panel.draw``."""
        parameters = frame.network.parameters
        names, shown = _columns(width, frame.digits, max(map(len, parameters)))
        return [_heads(frame, names, shown), *(_row(frame, p, names, shown) for p in parameters)]

    def rows_wanted(self, frame: Frame) -> int:
        """See ``Panel.rows_wanted``."""
        return 1 + len(frame.network.parameters)

    def footing(self, frame: Frame) -> Content:
        """See ``Panel.footing``."""
        width = self.content_size.width
        _, shown = _columns(width, frame.digits, max(map(len, frame.network.parameters)))
        return _figures_in_words(frame) or (_missing_columns(shown) if width else Content())

    def focus_line(self, frame: Frame) -> int | None:
        """See ``Panel.focus_line``."""
        parameters = frame.network.parameters
        return 1 + parameters.index(frame.selected) if frame.selected in parameters else None


def _figures_in_words(frame: Frame) -> Content:
    """Return a summary of the printed values; empty if there are none."""
    if not frame.figure_rounds:
        return Content()
    if not frame.marks:
        rounds = [f"{round_:,}" for round_ in frame.figure_rounds]
        named = rounds if len(rounds) <= _MOST_ROUNDS else [*rounds[: _MOST_ROUNDS - 1], "others"]
        return Content(f"printed figures in round{'s' if len(rounds) > 1 else ''} {join_words(named)} · c checks them")
    right, wrong, open_ = count_marks(frame.marks)
    names = list(dict.fromkeys(format_label(mark.quantity) for mark in frame.marks.values() if mark.agrees is False))
    named_wrong = f"{wrong} ✗ {', '.join(names[:_MOST_NAMES])}{', …' if len(names) > _MOST_NAMES else ''}"
    counts = [Content.styled(f"{right} ✓", "$text-success")] if right else []
    counts += [Content(f"{open_} ·")] if open_ else []
    counts += [Content.styled(named_wrong, "bold $text-warning") + Content(" · c says why")] if wrong else []
    return Content(f"{format_count(right + wrong + open_, 'printed figure')}: ") + Content("  ").join(counts)


def _torch_in_words(frame: Frame) -> str:
    wrong = [p for p, agrees in frame.agrees.items() if agrees is False]
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


@lru_cache(maxsize=16)
def _columns(width: int, digits: int, longest: int) -> tuple[int, Mapping[str, ColumnLayout]]:
    """Return the width of the names, and the columns that fit; columns without numbers have places too."""
    gradients, weights = ColumnLayout.for_digits(digits), ColumnLayout.for_digits(digits, whole=3)
    everything = dict.fromkeys(("mine", "theirs"), gradients) | dict.fromkeys(("apart", "check"), ColumnLayout(0, 0))
    everything |= dict.fromkeys(("before", "after", "their after"), weights)
    room, kept = width - longest - 1, set()
    for column in _BY_PRIORITY:
        if column in _ALWAYS or _width(column, everything[column]) <= room:
            kept.add(column)
            room -= _width(column, everything[column])
    return longest + 1, {column: places for column, places in everything.items() if column in kept}


def _width(column: str, places: ColumnLayout) -> int:
    """Return the columns that a column takes, with what is before and behind its numbers."""
    if column in ("apart", "check"):
        return DIFFERENCE_WIDTH if column == "apart" else 2
    beside = {"mine": 2, "theirs": 2, "before": 4, "after": 2, "their after": 2}[column]
    return max(places.width, len(_HEADS[column]) + 1) + beside


def _missing_columns(shown: Mapping[str, ColumnLayout]) -> Content:
    missing = [_HEADS[column] for column in _HEADS if column not in shown]
    return Content(f"no room for {join_words(missing)}") if missing else Content()


def _heads(frame: Frame, names: int, shown: Mapping[str, ColumnLayout]) -> Line:
    text = " " * names
    for column, places in shown.items():
        width = _width(column, places)
        if column == "theirs" and frame.second_by != "torch":
            text += make_head_cell(" differences", width)
        elif column in ("apart", "check"):
            text += f"{_HEADS[column]:>{width - 1}} " if column == "apart" else f" {_HEADS[column]}"
        else:
            text += make_head_cell(" " * (column in ("theirs", "before", "their after")) + _HEADS[column], width)
    return make_line(Span(text, "label"))


def _row(frame: Frame, parameter: str, names: int, shown: Mapping[str, ColumnLayout]) -> Line:
    spans = [Span(f"{parameter:<{names}}", "selected" if parameter == frame.selected else "title", parameter)]
    for column, places in shown.items():
        spans += _cells(frame, parameter, column, places)
    return make_line(*spans)


def _cells(frame: Frame, parameter: str, column: str, places: ColumnLayout) -> list[Span]:
    """Return a parameter's cells in a column: a space, the number, whether it changed, and a printed value's mark."""
    name, new = gradient(parameter), updated(parameter)
    match column:
        case "mine":
            return _numpy_cells(frame, parameter, name, column, places)
        case "theirs":
            return _torch_cells(frame, parameter, name, column, places)
        case "apart":
            return make_difference_cells(frame.difference_of(name), parameter)
        case "check":
            return [_check_cell(frame, parameter)]
        case "before":
            cell = make_number_cell(frame.given[parameter], places, frame.digits, parameter)
            return [Span(f" {cell.text} → ", "", parameter)]
        case "after":
            return _numpy_cells(frame, parameter, new, column, places)
        case _:
            return _torch_cells(frame, parameter, new, column, places)


def _numpy_cells(frame: Frame, parameter: str, name: str, column: str, places: ColumnLayout) -> list[Span]:
    cell = make_number_cell(frame.values.get(name), places, frame.digits, parameter, frame.role_of(name))
    cell = cell._replace(text=f"{cell.text:<{len(_HEADS[column]) + 1}}")
    return [cell, make_change_cell(frame.change(name), parameter), make_mark_cell(frame.mark(name, "numpy"), parameter)]


def _torch_cells(frame: Frame, parameter: str, name: str, column: str, places: ColumnLayout) -> list[Span]:
    cell = make_number_cell(frame.second.get(name), places, frame.digits, parameter)
    cell = cell._replace(text=f" {cell.text:<{len(_HEADS[column]) + 1}}")
    return [cell, make_mark_cell(frame.mark(name, "torch"), parameter)]


def _check_cell(frame: Frame, parameter: str) -> Span:
    """Return the gradient check of a parameter: a tick, a cross, or a dot if it is not done or cannot tell."""
    agrees = frame.agrees.get(parameter)
    if agrees is None:
        return Span(" ·", "dim", parameter)
    return Span(" ✓", "good", parameter) if agrees else Span(" ✗", "warning", parameter)
