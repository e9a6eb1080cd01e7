"""The layout of an exercise's form: which fields stand in a row, and how wide each is.

It depends on the exercise's sizes and the room, never on what is typed, so nothing moves while a number is typed.
Weights stand row by row as their matrix is printed, where that fits.
"""

from collections.abc import Iterator
from typing import NamedTuple

from bptui.exercise.cells import Cell, Group
from bptui.exercise.draft import Draft
from bptui.exercise.heading import FIELDS

_NARROWEST, _WIDEST = 7, 14  # columns of a cell
_BETWEEN = 2  # columns between fields
_PARAGRAPHS = (
    ("title",),
    ("inputs", "hidden", "outputs", "samples"),
    ("numbering", "biases", "bias_update"),
    ("activation_hidden", "activation_hidden2", "activation_hidden3", "activation_hidden4", "activation_output"),
    ("loss", "step", "rounds"),
    ("batch", "over_samples"),
)
"""The fields above the cells: those of a paragraph share rows, as many as fit."""
_WIDTHS = {"title": 40, "inputs": 4, "outputs": 4, "samples": 4, "hidden": 10, "step": 7, "rounds": 8, "batch": 16}


class Slot(NamedTuple):
    """The place of a field in its row.

    Attributes:
        key: The field's key.
        x: The column where its label begins.
        name: What it is called.
        ends: The nodes that a weight connects; empty for any other.
        label: Columns of the label.
        width: Columns for what is typed.
    """

    key: str
    x: int
    name: str
    ends: str
    label: int
    width: int

    @property
    def start(self) -> int:
        """The column where what is typed begins."""
        return self.x + self.label + 1


class FormRow(NamedTuple):
    """A row of the form: fields, or the heading of those below."""

    slots: tuple[Slot, ...] = ()
    heading: str = ""


def lay_out(draft: Draft, width: int) -> list[FormRow]:
    """Return the rows of the form in some columns."""
    rows = [row for names in _PARAGRAPHS for row in _flow(draft, names, width)]
    inputs, targets, *others = draft.shape.groups
    rows += _set_beside(inputs, targets, width) or [*_head(inputs, width), *_head(targets, width)]
    return rows + [row for group in others for row in _head(group, width)]


def _head(group: Group, width: int) -> Iterator[FormRow]:
    """Yield the rows of a group below its heading."""
    yield FormRow(heading=group.title)
    yield from _arrange(group, width)


def _set_beside(inputs: Group, targets: Group, width: int) -> list[FormRow]:
    """Return the inputs and targets of a single sample in one row, if they fit; otherwise nothing."""
    half = (width - _BETWEEN) // 2
    rows = [*_arrange(inputs, half), *_arrange(targets, half)]
    if inputs.rows > 1 or len(rows) > 2:
        return []
    left, right = rows
    start = half + _BETWEEN
    slots = (*left.slots, *(slot._replace(x=slot.x + start) for slot in right.slots))
    return [FormRow(heading=f"{inputs.title:<{start}}{targets.title}"), FormRow(slots)]


def _flow(draft: Draft, names: tuple[str, ...], width: int) -> Iterator[FormRow]:
    """Yield the rows of fields that stand one after the other."""
    slots, x = list[Slot](), 0
    for name in (name for name in names if name in draft.fields):
        field = FIELDS[name]
        room = _WIDTHS.get(name) or max(map(len, field.options)) + 2
        slot = Slot(name, x, field.label, "", len(field.label), room)
        if slots and slot.start + room > width:
            yield FormRow(tuple(slots))
            slots, slot = [], slot._replace(x=0)
        slots.append(slot)
        x = slot.start + room + _BETWEEN
    if slots:
        yield FormRow(tuple(slots))


def _arrange(group: Group, width: int) -> Iterator[FormRow]:
    """Yield the rows of a group's cells."""
    columns = len(group.cells) if 1 in (group.rows, group.columns) else group.columns
    label = max(len(_label(cell)) for cell in group.cells)
    fit = max((width + _BETWEEN) // (label + 1 + _NARROWEST + _BETWEEN), 1)
    per = columns if columns <= fit else next((n for n in range(fit, fit // 2, -1) if columns % n == 0), fit)
    room = min((width + _BETWEEN) // per - _BETWEEN - label - 1, _WIDEST)
    named = max(len(cell.name) for cell in group.cells)
    for start in range(0, len(group.cells), columns):
        row = group.cells[start : start + columns]
        for first in range(0, columns, per):
            slots = (
                Slot(cell.key, place * (label + 1 + room + _BETWEEN), cell.name.ljust(named), cell.ends, label, room)
                for place, cell in enumerate(row[first : first + per])
            )
            yield FormRow(tuple(slots))


def _label(cell: Cell) -> str:
    return f"{cell.name} {cell.ends}".rstrip()
