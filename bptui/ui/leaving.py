"""Screens that are being left while somebody still has something to tell them.

A screen loses its parts one after the other before its workers are stopped, so what a worker shows may have nowhere to
go; nothing is lost with it.
"""

from typing import Any

from textual.screen import Screen


def is_there(screen: Screen[Any]) -> bool:
    """Whether a screen still has all its parts; False from the moment on that it is being left."""
    return screen.display
