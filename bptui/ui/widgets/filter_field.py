"""A field that filters the list below it: ``/`` opens it, what is typed leaves the rows that have all its words.

The list keeps its keys while the field has the focus: arrows move in it, ``enter`` chooses. ``escape`` clears the
field.
"""

from textual.binding import Binding
from textual.widgets import Input

from bptui.ui.bindings import bind_key
from bptui.ui.widgets.choices import Choices

FILTER_BINDING = bind_key(
    "slash", "filter", "filter", "Filter", "type words that the rows must have", show=True, display="/"
)


class FilterField(Input):
    """The field; it is hidden until it is opened, and the screen refills its list whenever the text changes."""

    DEFAULT_CSS = """
    FilterField, FilterField:focus { display: none; height: 1; border: none; padding: 0 1; background: $primary-muted; }
    FilterField.-open, FilterField.-open:focus { display: block; }
    """
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        Binding(
            "escape", "clear", "All", show=True, key_display="esc", tooltip="show all rows again", id="filter-clear"
        ),
        Binding("down", "move(1)", show=False),
        Binding("up", "move(-1)", show=False),
    ]

    def __init__(self, choices: Choices) -> None:
        super().__init__(placeholder="words that the rows must have", select_on_focus=False)
        self._choices = choices

    @property
    def words(self) -> tuple[str, ...]:
        """The words, in small letters."""
        return tuple(self.value.lower().split())

    def open(self) -> None:
        """Take the focus."""
        self.add_class("-open")
        self.focus()

    def action_clear(self) -> None:
        """Show all rows again, and give the focus back to the list."""
        self.value = ""
        self.remove_class("-open")
        self._choices.focus()

    def action_move(self, down: int) -> None:
        """Move in the list."""
        if down > 0:
            self._choices.action_cursor_down()
        else:
            self._choices.action_cursor_up()

    async def action_submit(self) -> None:
        """Choose in the list."""
        self._choices.action_select()


def has_words(text: str, words: tuple[str, ...]) -> bool:
    """Whether a text has all of some words, in any case."""
    text = text.lower()
    return all(word in text for word in words)
