"""A list to choose from, which page keys do not break before it has been drawn.

Textual's own knows where its lines are only once it is drawn, and a page key that comes sooner ends the program.
"""

from contextlib import suppress

from textual.widgets import OptionList


class Choices(OptionList):
    """The options; what has not been drawn has no pages."""

    def action_page_down(self) -> None:
        """A page on."""
        with suppress(KeyError):
            super().action_page_down()  # type: ignore[no-untyped-call]

    def action_page_up(self) -> None:
        """A page back."""
        with suppress(KeyError):
            super().action_page_up()  # type: ignore[no-untyped-call]
