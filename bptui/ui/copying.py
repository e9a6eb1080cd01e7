"""What can be taken along from a screen: its panels' whole text, the screen as it is shown, and a picture of it.

A panel's text is all of it, also what is scrolled out of sight. A screen that shows pages in other ways has a method
``to_copy``, which gives them by name.
"""

from asyncio import to_thread
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from textual.app import App
from textual.screen import Screen

from bptui.system.writing import AlreadyThereError, stem, write_file
from bptui.ui.drivers.download import hand_over
from bptui.ui.textual_private import rows_of
from bptui.ui.widgets.panel import Panel

WHOLE = "the whole screen, as it is shown"


@runtime_checkable
class Pages(Protocol):
    """A screen that shows more than panels."""

    def to_copy(self) -> Mapping[str, str]:
        """Its pages as text, by name."""


def texts(screen: Screen[Any]) -> dict[str, str]:
    """All there is to copy on a screen, by name."""
    found: dict[str, str] = {}
    for panel in screen.query(Panel):
        if panel.display and panel.border_title:
            found[str(panel.border_title).partition(" · ")[0]] = panel.to_text()
    if isinstance(screen, Pages):
        found |= screen.to_copy()
    return found | {WHOLE: as_shown(screen)}


def as_shown(screen: Screen[Any]) -> str:
    """The rows of a screen, without colours."""
    rows = rows_of(screen)
    return "\n".join("".join(segment.text for segment in row).rstrip() for row in rows)


async def save_picture(app: App[Any], lesson: str, round_: int) -> str:
    """Save a picture of the screen in the current folder, as an SVG file of a name that nothing has; what to say of it.

    Raises:
        UserError: If it cannot be written, and why.
    """
    svg = app.export_screenshot()
    name = f"bptui-{stem(lesson)}-round-{round_}"
    for number in count(1):
        path = Path(f"{name}.svg" if number == 1 else f"{name}-{number}.svg")
        try:
            await to_thread(write_file, path, svg)
        except AlreadyThereError:
            continue
        return f"saved as {path} {await hand_over(app, path)}"
    raise AssertionError("there is always another number")
