"""Gradients and update, a line for each parameter: NumPy by hand beside torch's autograd, with the gradient check.

Torch's numbers are those at NumPy's weights of this round, and so is the check, which says in words whether the two
agree. Torch's own run from the same start may have diverged rounds ago: where it is shown, there is no check beside it.
While torch is unavailable or loading, finite differences at NumPy's weights take its column. A mark right behind a
number is that of a printed value; the lower edge counts all of the round's.
"""

from collections.abc import Mapping
from functools import lru_cache
from math import isfinite

from textual.content import Content

from bptui.check.marks import count_marks
from bptui.core.formulas.names import gradient, updated
from bptui.derive.notations import format_label
from bptui.session.frame import Frame
from bptui.text.aligned import ColumnLayout, format_aligned
from bptui.text.numbers import write_minus
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

AGREES, NEARLY, DISAGREES = "agrees", "≈ agrees", "disagrees"
"""What the gradient check says of numbers that look the same, that differ by rounding, that differ by their formula."""
_MOST_ROUNDS = 5  # rounds named on the lower edge
_MOST_NAMES = 4  # gradients named on the upper edge
_HEADS = {"mine": "numpy ∂E/∂w", "theirs": "torch ∂E/∂w", "before": "w before", "after": "w after"}
_HEADS |= {"apart": "|Δ|", "check": "check", "their after": "torch after"}
_HEADS_OF_OWN_RUN = {"theirs": "torch's own", "their after": "own w after"}
_BESIDE = {"mine": 2, "theirs": 2, "before": 4, "after": 2, "their after": 2}  # columns before and behind the numbers
_BESIDE |= {"apart": DIFFERENCE_WIDTH, "check": len(DISAGREES) + 1}
# A column is dropped before numbers lose digits, the last of these first; the first few are always there
_BY_PRIORITY = ("mine", "check", "after", "theirs", "before", "apart", "their after")
_OF_OWN_RUN = ("mine", "after", "theirs", "apart", "their after", "before")
_ALWAYS = ("mine", "check", "after")


class GradientsPanel(Panel[Frame]):
    """All gradients, and the parameters before and after the update."""

    def heading(self, frame: Frame) -> str:
        """See ``Panel.heading``."""
        count = len(frame.network.samples)
        over = f" · {frame.spec.over_samples} of {count} samples" if count > 1 else ""
        return f"gradients{over} · η = {frame.spec.step:g} · {_describe_second(frame)}"

    def draw(self, frame: Frame, width: int, height: int) -> list[Line]:
        """See ``Panel.draw``."""
        names, shown = _choose_columns(frame, width)
        return [_heads(frame, names, shown), *(_row(frame, p, names, shown) for p in frame.network.parameters)]

    def rows_wanted(self, frame: Frame) -> int:
        """See ``Panel.rows_wanted``."""
        return 1 + len(frame.network.parameters)

    def footing(self, frame: Frame) -> Content:
        """See ``Panel.footing``."""
        width = self.content_size.width
        _, shown = _choose_columns(frame, width)
        return _printed_in_words(frame) or (_missing_columns(frame, shown) if width else Content())

    def focus_line(self, frame: Frame) -> int | None:
        """See ``Panel.focus_line``."""
        parameters = frame.network.parameters
        return 1 + parameters.index(frame.selected) if frame.selected in parameters else None


def _printed_in_words(frame: Frame) -> Content:
    """Return a summary of the printed values; empty if there are none."""
    if not frame.figure_rounds:
        return Content()
    if not frame.marks:
        rounds = [f"{round_:,}" for round_ in frame.figure_rounds]
        named = rounds if len(rounds) <= _MOST_ROUNDS else [*rounds[: _MOST_ROUNDS - 1], "others"]
        return Content(f"printed values in round{'s' if len(rounds) > 1 else ''} {join_words(named)} · c: check them")
    right, wrong, open_ = count_marks(frame.marks)
    first = next((mark for mark in frame.marks.values() if mark.agrees is False), None)
    named_wrong = f"{format_label(first.quantity)} {write_minus(first.printed)} ✗" if first else ""
    named_wrong += f" and {wrong - 1} more" if wrong > 1 else ""
    counts = [Content.styled(f"{right} ✓", "$text-success")] if right else []
    counts += [Content(f"{open_} ·")] if open_ else []
    counts += [Content.styled(named_wrong, "bold $text-warning") + Content(" · c: see why")] if wrong else []
    of_torch = all(mark.beside == "torch" for mark in frame.marks.values())
    which = " of torch's own run" if of_torch else ""
    return Content(f"{format_count(right + wrong + open_, 'printed value')}{which}: ") + Content("  ").join(counts)


def _describe_second(frame: Frame) -> str:
    """Return what the second numbers are, and which gradients they contradict."""
    if frame.own_run:
        return _describe_own_run(frame)
    wrong = [p for p, agrees in frame.agrees.items() if agrees is False]
    if wrong:
        by = "torch" if frame.second_by == "torch" else frame.second_by
        which = ", ".join(wrong) if len(wrong) <= _MOST_NAMES else f"{len(wrong)} of {len(frame.agrees)} gradients"
        return f"{which} disagree{'s' * (len(wrong) == 1)} with {by}"
    if frame.torch_state == "unavailable":
        return "no torch (see help): checked by finite differences"
    if frame.torch_state == "loading":
        return "torch is loading: checked by finite differences"
    return "torch at NumPy's weights"


def _describe_own_run(frame: Frame) -> str:
    if frame.torch_rounds < frame.round:
        behind = "is catching up" if frame.running else f"is at round {frame.torch_rounds:,}"
        return f"torch's own run {behind}"
    if frame.torch_left_finite is not None and frame.torch_left_finite <= frame.round:
        return f"torch's own run: first non-finite number in round {frame.torch_left_finite:,}"
    return "torch's own run: |Δ| may grow"


def _choose_columns(frame: Frame, width: int) -> tuple[int, Mapping[str, ColumnLayout]]:
    """Return the width of the names, and the columns that fit."""
    return _columns(width, frame.digits, max(map(len, frame.network.parameters)), frame.own_run)


@lru_cache(maxsize=16)
def _columns(width: int, digits: int, longest: int, own_run: bool) -> tuple[int, Mapping[str, ColumnLayout]]:
    """Return the width of the names, and the columns that fit; columns without numbers have places too."""
    gradients, weights = ColumnLayout.for_digits(digits), ColumnLayout.for_digits(digits, whole=3)
    everything = dict.fromkeys(("mine", "theirs"), gradients) | dict.fromkeys(("apart", "check"), ColumnLayout(0, 0))
    everything |= dict.fromkeys(("before", "after", "their after"), weights)
    room, kept = width - longest - 1, set()
    for column in _OF_OWN_RUN if own_run else _BY_PRIORITY:
        if column in _ALWAYS or _width(column, everything[column]) <= room:
            kept.add(column)
            room -= _width(column, everything[column])
    return longest + 1, {column: places for column, places in everything.items() if column in kept}


def _width(column: str, places: ColumnLayout) -> int:
    """Return the columns that a column takes, with what is before and behind its numbers."""
    if column in ("apart", "check"):
        return _BESIDE[column]
    return max(places.width, len(_HEADS[column]) + 1) + _BESIDE[column]


def _head(frame: Frame, column: str) -> str:
    if column == "theirs" and frame.second_by != "torch":
        return frame.second_name
    return (frame.own_run and _HEADS_OF_OWN_RUN.get(column)) or _HEADS[column]


def _missing_columns(frame: Frame, shown: Mapping[str, ColumnLayout]) -> Content:
    wanted = _OF_OWN_RUN if frame.own_run else _BY_PRIORITY
    missing = [_head(frame, column) for column in _HEADS if column in wanted and column not in shown]
    return Content(f"hidden: {join_words(missing)}") if missing else Content()


def _heads(frame: Frame, names: int, shown: Mapping[str, ColumnLayout]) -> Line:
    text = " " * names
    for column, places in shown.items():
        width, head = _width(column, places), _head(frame, column)
        if column == "check":
            text += f" {head:<{width - 1}}"
        elif column == "apart":
            text += f"{head:>{width - 1}} "
        else:
            text += make_head_cell(" " * (column in ("theirs", "before", "their after")) + head, width)
    return make_line(Span(text, "label"))


def _row(frame: Frame, parameter: str, names: int, shown: Mapping[str, ColumnLayout]) -> Line:
    spans = [Span(f"{parameter:<{names}}", "selected" if parameter == frame.selected else "", parameter)]
    looks = dict[str, str]()
    for column, places in shown.items():
        spans += (cells := _cells(frame, parameter, column, places, looks))
        looks[column] = cells[0].text
    return tuple(spans)


def _cells(frame: Frame, parameter: str, column: str, places: ColumnLayout, looks: Mapping[str, str]) -> list[Span]:
    """Return a parameter's cells in a column: the number, whether it changed, and a printed value's mark.

    Args:
        frame: What is shown.
        parameter: The parameter.
        column: The column.
        places: Its layout.
        looks: The numbers of the columns before it, as they are shown.
    """
    name, new = gradient(parameter), updated(parameter)
    match column:
        case "mine":
            return _numpy_cells(frame, parameter, name, column, places)
        case "theirs":
            return _torch_cells(frame, parameter, name, column, places)
        case "apart":
            return make_difference_cells(frame.difference_of(name), parameter)
        case "check":
            return [_check_cell(frame, parameter, looks)]
        case "before":
            cell = make_number_cell(frame.given[parameter], places, frame.digits, parameter)
            return [Span(f" {cell.text} → ", "second", parameter)]
        case "after":
            return _numpy_cells(frame, parameter, new, column, places)
        case _:
            return _torch_cells(frame, parameter, new, column, places)


def _numpy_cells(frame: Frame, parameter: str, name: str, column: str, places: ColumnLayout) -> list[Span]:
    role = frame.role_of(name) or ("title" if parameter == frame.selected else "second" if column == "after" else "")
    text, role, _ = make_number_cell(frame.values.get(name), places, frame.digits, parameter, role)
    cell = Span(text.ljust(len(_HEADS[column]) + 1), role, parameter)
    return [cell, make_change_cell(frame.change(name), parameter), make_mark_cell(frame.mark(name, "numpy"), parameter)]


def _torch_cells(frame: Frame, parameter: str, name: str, column: str, places: ColumnLayout) -> list[Span]:
    """Return a cell of torch's; printed values are compared with its own run, and marked beside that alone."""
    text, role, _ = make_number_cell(frame.second.get(name), places, frame.digits, parameter, "second")
    cell = Span(f" {text.ljust(len(_HEADS[column]) + 1)}", role, parameter)
    return [cell, make_mark_cell(frame.mark(name, "torch") if frame.own_run else None, parameter)]


def _check_cell(frame: Frame, parameter: str, looks: Mapping[str, str]) -> Span:
    """Return the gradient check of a parameter in words: a dot if it is not done or cannot tell."""
    name, agrees = gradient(parameter), frame.agrees.get(parameter)
    if agrees is None or not isfinite(frame.values[name]):
        words, role = "·", "dim"
    elif not agrees:
        words, role = DISAGREES, "warning"
    else:
        places = ColumnLayout.for_digits(frame.digits)
        theirs = looks.get("theirs") or format_aligned(frame.second[name], places, frame.digits)
        words, role = AGREES if looks["mine"].strip() == theirs.strip() else NEARLY, "good"
    return Span(f" {words:<{len(DISAGREES)}}", role, parameter)
