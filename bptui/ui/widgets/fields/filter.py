"""A field that filters what is below it: ``/`` opens it, what is typed leaves the rows that have all its words.

A list keeps its keys while the field has the focus: arrows move in it, ``enter`` chooses. ``escape`` clears the
field.
"""

from typing import Protocol

from textual.binding import Binding

from bptui.ui.bindings import bind_key
from bptui.ui.widgets.fields.bounded import BoundedInput

FILTER_BINDING = bind_key(
    "slash", "filter", "filter", "Filter", "show only the rows with the words you type", show=True, display="/"
)


class Filtered(Protocol):
    """What is filtered: a list, or rows of a form."""

    def focus(self) -> object:
        """Take the focus."""

    def action_cursor_down(self) -> None:
        """Move down."""

    def action_cursor_up(self) -> None:
        """Move up."""

    def action_select(self) -> None:
        """Choose what the cursor is on."""


def bind_chosen(description: str, tooltip: str) -> Binding:
    """Return the binding of enter in a field whose list does something with the row that is chosen.

    It has no id, as no preference may give a letter to it: letters are typed here.
    """
    return Binding("enter", "submit", description, show=True, key_display="⏎", tooltip=tooltip)


class FilterField(BoundedInput):
    """The field; it is hidden until it is opened, and the screen refills its list whenever the text changes."""

    DEFAULT_CSS = """
    FilterField, FilterField:focus { display: none; height: 1; border: none; padding: 0 1; background: $primary-muted; }
    FilterField.-open, FilterField.-open:focus { display: block; }
    """
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        Binding("escape", "clear", "All", show=True, key_display="esc", tooltip="show all rows", id="filter-clear"),
        Binding("down", "move(1)", show=False),
        Binding("up", "move(-1)", show=False),
    ]

    def __init__(self, filtered: Filtered) -> None:
        super().__init__(placeholder="words to look for", select_on_focus=False)
        self._filtered = filtered

    @property
    def words(self) -> tuple[str, ...]:
        """The words, in small letters."""
        return tuple(self.value.lower().split())

    def open(self) -> None:
        """Take the focus."""
        self.add_class("-open")
        self.focus()

    def action_clear(self) -> None:
        """Show all rows again, and give the focus back."""
        self.value = ""
        self.remove_class("-open")
        self._filtered.focus()

    def action_move(self, down: int) -> None:
        """Move among the rows."""
        if down > 0:
            self._filtered.action_cursor_down()
        else:
            self._filtered.action_cursor_up()

    async def action_submit(self) -> None:
        """Choose the row with the cursor."""
        self._filtered.action_select()


def has_words(text: str, words: tuple[str, ...]) -> bool:
    """Whether a text has all of some words, in any case."""
    text = text.lower()
    return all(word in text for word in words)
