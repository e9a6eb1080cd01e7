"""Which sizes a screen takes in while the terminal is being dragged: the one that the terminal has now.

Textual tells a screen by an event of each size that it was laid out for. Of two sizes in a row each so calls for the
other again, for ever, where anything comes between their events.
"""

from typing import Any

from textual import events
from textual.screen import Screen


def is_past(screen: Screen[Any], event: events.Event) -> bool:
    """Whether an event is of a size that the terminal has no more; the one that it has comes in an event of its own."""
    return isinstance(event, events.Resize) and event.size != screen.app.size
