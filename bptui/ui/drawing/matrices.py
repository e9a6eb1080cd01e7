"""The matrix form of a round on screen: the formulas with shapes, and their numbers with the selected entries marked.

A part of the network is an entry of some matrices: a weight of W, ∂E/∂W and new W, a neuron of Z, H and Δ. Those of the
selected part have the role ``selected``, and a click on an entry selects its part.
"""

from collections.abc import Container, Iterator, Sequence

from bptui.core.formulas.names import split_sample
from bptui.core.quantities.matrix_formulas import MatrixLine, find_matrix_form
from bptui.core.quantities.parts import find_part, group_quantities
from bptui.derive.matrices.working import MatrixWorking
from bptui.derive.notations import UNICODE
from bptui.session.frame import Frame
from bptui.text.matrices import Pieces, arrange, fit_columns, lay_out
from bptui.text.words import wrap_formula
from bptui.ui.drawing.lines import Line, Span, make_line

_LEAD = "  = "


def list_entries(frame: Frame) -> list[str]:
    """Return the quantities of the selected part, or its given numbers, of the sample shown or of all."""
    network, part = frame.network, frame.selected
    names = group_quantities(network)[part] or [name for name in network.data if find_part(network, name) == part]
    return [name for name in names if not frame.sample or split_sample(name)[1] in (0, frame.sample)]


def draw_matrices(frame: Frame, names: Sequence[str], width: int) -> list[Line]:
    """Return the lines of the matrices that hold some quantities or given numbers.

    Args:
        frame: What is shown.
        names: The quantities, whose entries are marked.
        width: The columns there are.

    Returns:
        The lines; none if no matrix holds any of the quantities.
    """
    return [line for _, lines in _draw_each(frame, names, width) for line in lines]


def find_lit_line(frame: Frame, names: Sequence[str], width: int, above: int) -> int | None:
    """Return the line of the matrix with what the last step inside the round calculated, below some other lines."""
    for holds, lines in _draw_each(frame, names, width):
        if any(frame.role_of(name) for name in holds):
            return above + len(lines) - 2
        above += len(lines)
    return None


def _draw_each(frame: Frame, names: Sequence[str], width: int) -> Iterator[tuple[set[str], list[Line]]]:
    """Yield each matrix's quantities that are marked, and its lines."""
    form = find_matrix_form(frame.network)
    marked = {*names, *_list_given(frame, names)}
    drawing = _Drawing(frame, marked, width)
    lines = {line.name: line for line in form.lines}
    shown = [place[0] if (place := form.find_place(name)) else name for name in names]
    for name in dict.fromkeys(shown):
        own = {entry for row in form.entries.get(name, ((name,),)) for entry in row}
        if name in lines:
            yield own & marked, [*drawing.draw_line(lines[name]), make_line()]
        elif name in form.given:
            yield own & marked, [*drawing.draw_given(name), make_line()]


def _list_given(frame: Frame, names: Sequence[str]) -> set[str]:
    """Return the given numbers of the parts that some quantities belong to: the parameter of a gradient."""
    network = frame.network
    parts = {find_part(network, name) for name in names}
    state = {name for part in parts & {*network.parameters} for name in network.list_state(part)}
    return state | (parts & {*network.parameters})


class _Drawing:
    """The drawing of matrices in some columns, with some entries marked."""

    def __init__(self, frame: Frame, marked: Container[str], width: int) -> None:
        self._network, self._marked, self._width = frame.network, marked, width
        self._working = MatrixWorking(frame.network, {**frame.given, **frame.values}, UNICODE, frame.digits)

    def draw_given(self, name: str) -> list[Line]:
        """Return the lines of a given matrix."""
        lines = self._wrap(self._working.give_shape(name), "accent")
        return lines + self._draw_sides((self._working.show(name),), True) if self._working.knows(name) else lines

    def draw_line(self, line: MatrixLine) -> list[Line]:
        """Return the lines of a calculated matrix: its formula with shapes, its numbers, its result."""
        worked = self._working.work_out(line)
        label = self._working.give_shape(line.name)
        head = self._wrap(f"{label} = {worked.shaped}" if worked.shaped else label, "accent")
        if not worked.result:
            return [*head, make_line(Span(f"{_LEAD}· not calculated yet", "dim"))]
        sides = (worked.numbers, worked.result) if worked.numbers else (worked.result,)
        return head + self._draw_sides(sides, worked.holds)

    def _draw_sides(self, sides: tuple[Pieces, ...], exact: bool) -> list[Line]:
        """Return the right sides below each other; the last is the result."""
        lines = list[Line]()
        room = max(self._width - len(_LEAD), 1)
        result = sides[-1]
        for words, pieces in arrange(sides, lambda grid, before: fit_columns(grid, room - len(before))):
            is_result = bool(words) or pieces == result
            role, lead = ("title" if is_result else "label"), (_LEAD if exact or not is_result else "  ≈ ")
            lines += [make_line(Span(f"{_LEAD[:2]}{words}:", "dim"))] if words else []
            if len(pieces) == 1 and isinstance(pieces[0], str):
                lines += self._wrap(f"{lead}{pieces[0]}", role)
                continue
            laid_out = lay_out(lead, pieces, self._width)
            lines += [
                make_line(*(self._make_span(text, entry, role) for text, entry in line if text)) for line in laid_out
            ]
        return lines

    def _make_span(self, text: str, entry: str, role: str) -> Span:
        part = find_part(self._network, entry) if entry else ""
        return Span(text, "selected" if entry in self._marked and entry else role, part)

    def _wrap(self, text: str, role: str) -> list[Line]:
        return [make_line(Span(part, role)) for part in wrap_formula(text, max(self._width, 20), len(_LEAD))]
