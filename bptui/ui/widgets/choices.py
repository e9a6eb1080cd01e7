"""A list to choose from, with j and k as down and up, that survives page keys before it was drawn.

Textual's own knows the places of its lines only once it is drawn; an earlier page key ends the program.
"""

from contextlib import suppress

from textual.binding import Binding
from textual.widgets import OptionList

MOVE_BINDINGS = (Binding("j", "cursor_down", show=False), Binding("k", "cursor_up", show=False))
"""Of a list whose letters mean nothing else: they move as the arrows do."""


class Choices(OptionList):
    """The options; before they are drawn, page keys do nothing."""

    BINDINGS = [  # noqa: RUF012 - Textual's own form; without an id, as help names no arrows of lists either
        Binding("j", "cursor_down", "Down", show=False),
        Binding("k", "cursor_up", "Up", show=False),
    ]

    def action_page_down(self) -> None:
        """Move a page down."""
        with suppress(KeyError):
            super().action_page_down()  # type: ignore[no-untyped-call]

    def action_page_up(self) -> None:
        """Move a page up."""
        with suppress(KeyError):
            super().action_page_up()  # type: ignore[no-untyped-call]
