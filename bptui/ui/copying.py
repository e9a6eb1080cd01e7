"""Copies of a screen: the whole text of its panels, the screen as shown, and a picture of it.

A panel's text includes what is scrolled out of sight. A screen that shows other pages has a method ``to_copy``, which
returns them by name.
"""

from asyncio import to_thread
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from textual.app import App
from textual.screen import Screen

from bptui.system.writing import AlreadyExistsError, make_stem, write_file
from bptui.ui.drivers.download import download
from bptui.ui.textual_private import render_rows
from bptui.ui.widgets.panel import Panel

WHOLE_SCREEN = "the visible screen"


@runtime_checkable
class CopyableScreen(Protocol):
    """A screen that shows more than panels."""

    def to_copy(self) -> Mapping[str, str]:
        """Return its pages as text, by name."""


def collect_texts(screen: Screen[Any]) -> dict[str, str]:
    """Return everything that can be copied on a screen, by name."""
    found: dict[str, str] = {}
    for panel in screen.query(Panel):
        if panel.display and panel.border_title:
            found[str(panel.border_title).partition(" · ")[0]] = panel.to_text()
    if isinstance(screen, CopyableScreen):
        found |= screen.to_copy()
    return found | {WHOLE_SCREEN: render_text(screen)}


def render_text(screen: Screen[Any]) -> str:
    """Return the rows of a screen, without colours."""
    rows = render_rows(screen)
    return "\n".join("".join(segment.text for segment in row).rstrip() for row in rows)


async def save_picture(app: App[Any], lesson: str, round_: int) -> str:
    """Save a picture of the screen in the current folder as a new SVG file, and return a confirmation.

    Raises:
        UserError: If it cannot be written; its text says why.
    """
    svg = app.export_screenshot()
    name = f"bptui-{make_stem(lesson)}-round-{round_}"
    for number in count(1):
        path = Path(f"{name}.svg" if number == 1 else f"{name}-{number}.svg")
        try:
            await to_thread(write_file, path, svg)
        except AlreadyExistsError:
            continue
        return f"saved as {path} {await download(app, path)}"
    raise AssertionError("there is always another number")
