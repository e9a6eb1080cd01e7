"""The form of an exercise: one widget that draws every field and the cursor.

A widget for each of 150 cells would take seconds to open, and keys typed ahead would go to the wrong one.
"""

from collections.abc import Iterator

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from bptui.exercise.editor import Editor, Rows
from bptui.exercise.heading import FIELDS
from bptui.ui.drawing.lines import Line, Span, make_line
from bptui.ui.forms.layout import FormRow, Slot, lay_out
from bptui.ui.widgets.panel import Panel

_UNFINISHED = {"", "-", "+", "−", ".", "-.", "−."}  # how a number may begin
_MISSING = "?"
_MOST_OF_A_CELL = 8  # characters of a column, as of a family of faces
_SPARE = 2  # rows kept for what is wrong, where lines are blank


class FormPanel(Panel[Editor]):
    """The fields of an exercise, under headings, with what is wrong below their row."""

    def footing(self, frame: Editor) -> Content:
        """See ``Panel.footing``."""
        if count := len(frame.draft.missing):
            return Content.styled(f"{count} of {len(frame.draft.shape.cells)} to fill in", "$text-warning")
        return Content("" if frame.draft.faults else "all cells are filled in")

    def draw(self, frame: Editor, width: int, height: int) -> list[Line]:
        """See ``Panel.draw``."""
        return [line for _, line in _draw_form(frame, width, height)]

    def focus_line(self, frame: Editor) -> int | None:
        """See ``Panel.focus_line``."""
        rows = _draw_form(frame, *self.content_size)
        return next((y for y, (row, _) in enumerate(rows) if any(slot.key == frame.at for slot in row.slots)), None)

    def list_rows(self, editor: Editor) -> Rows:
        """Return the fields of each row, for arrows that go up and down."""
        rows = lay_out(editor.draft, self.content_size.width)
        return [[(slot.key, slot.x) for slot in row.slots] for row in rows if row.slots]


def _draw_form(editor: Editor, width: int, height: int) -> list[tuple[FormRow, Line]]:
    """Return the lines of the form, each with its row; an empty row stands for what is none, as a fault."""
    found, rows = list[tuple[FormRow, Line]](), lay_out(editor.draft, width)
    roomy = len(rows) + sum(bool(row.heading) for row in rows) <= height - _SPARE
    for row in rows:
        if row.heading:
            found += [(FormRow(), make_line())] * roomy
            found.append((row, make_line(Span(row.heading, "accent"))))
            continue
        found.append((row, _draw_row(editor, row)))
        faults = (f"{editor.draft.name_of(key)}: {fault}" for key, fault in _list_faults(editor, row))
        found += [(FormRow(), make_line("  ", Span(fault, "negative"))) for fault in faults]
    return found


def _list_faults(editor: Editor, row: FormRow) -> Iterator[tuple[str, str]]:
    """Yield the fields of a row that have faults, each with its fault; not while a number is begun."""
    for key in (slot.key for slot in row.slots if slot.key in editor.draft.faults):
        begun = key == editor.at and key not in FIELDS and _is_begun(editor.text)
        if not begun:
            yield key, editor.draft.faults[key]


def _is_begun(text: str) -> bool:
    """Whether a text is the beginning of a number, or of its exponent."""
    return text in _UNFINISHED or text.lower().rstrip("+-−").endswith("e")


def _draw_row(editor: Editor, row: FormRow) -> Line:
    spans, x = list[Span](), 0
    for slot in row.slots:
        here = slot.key == editor.at
        gap = " " * (slot.x - x)
        name = f"{slot.name} {slot.ends}".rstrip().ljust(slot.label)
        ends = name[len(slot.name) :]
        spans += [
            Span(gap),
            Span(slot.name[: len(name)], "title" if here else "label" if slot.key in FIELDS else "", slot.key),
            Span(f"{ends} ", "accent" if here else "dim", slot.key),
            *(_draw_active(editor, slot) if here else [_draw_other(editor, slot)]),
        ]
        x = slot.start + slot.width
    return make_line(*spans)


def _draw_other(editor: Editor, slot: Slot) -> Span:
    """Draw a field without the cursor."""
    text = editor.draft.text_of(slot.key)
    role = "wrong-field" if slot.key in editor.draft.faults else "field"
    if slot.key not in FIELDS and not text.strip():
        text, role = _MISSING, "missing-field"
    return Span(_fit(text, slot.width), role, slot.key)


def _draw_active(editor: Editor, slot: Slot) -> list[Span]:
    """Draw the field with the cursor, so that the cursor is in sight."""
    text, width, key = editor.text, slot.width, slot.key
    if editor.options:
        return [Span(f"‹{_fit(text, width - 2)}›", "cursor", key)]
    if editor.place is None:
        shown = _fit(text, width).rstrip() or " "
        return [Span(shown, "cursor", key), Span(" " * (width - cell_len(shown)), "active-field", key)]
    before, under, role = text[: editor.place], text[editor.place : editor.place + 1] or " ", "active-field"
    while before and cell_len(before + under) > width:
        before = before[1:]
    after = set_cell_size(text[editor.place + 1 :], max(width - cell_len(before + under), 0))
    return [Span(before, role, key), Span(under, "cursor", key), Span(after, role, key)]


def _fit(text: str, width: int) -> str:
    """Return a text padded to a width in columns, or cut with an ellipsis."""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text[: width * _MOST_OF_A_CELL], width - 1) + "…"
