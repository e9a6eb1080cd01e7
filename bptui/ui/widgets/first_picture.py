"""Paint a screen that opens when all of it is there, and not once for each of its parts.

A screen is laid out two or three times until its widgets know their sizes and have drawn themselves, and Textual paints
the whole of it each time. On the way the screen below stays in sight.
"""

from typing import TYPE_CHECKING, Generic, TypeVar

from textual import events
from textual.screen import Screen

Answer = TypeVar("Answer")

if TYPE_CHECKING:

    class _Any(Screen[Answer]):
        """Any kind of screen."""

else:  # Textual takes styles and keys from the first base that is a widget, which must be the kind of screen

    class _Any(Generic[Answer]):
        """Any kind of screen."""


class FirstPicture(_Any[Answer]):
    """A screen that is painted from when it has been laid out and its widgets have drawn what fits."""

    _opens = False

    async def on_event(self, event: events.Event) -> None:
        """Handle an event; paint nothing from when the widgets are made until they have been laid out."""
        if isinstance(event, events.Compose):
            self._opens = True
        await super().on_event(event)
        if isinstance(event, events.Mount):
            super().call_after_refresh(self._wait_for_contents)

    def _wait_for_contents(self) -> None:
        """Wait while the widgets that know their sizes now draw what fits."""
        super().call_after_refresh(self._begin_painting)

    def _begin_painting(self) -> None:
        self._opens = False
        self.refresh()

    def _compositor_refresh(self) -> None:
        """Paint, unless the screen opens."""
        if not self._opens:
            super()._compositor_refresh()
