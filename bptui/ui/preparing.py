"""Loads what the screens need before one is opened, so that the first opening is as quick as any other.

It begins once the first picture is painted. Modules are imported and lessons read in a thread of their own, and each
file of styles is parsed in a turn of the event loop, so that no key waits for it.
"""

import asyncio
import gc
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any

from textual.app import App

from bptui.lessons.lesson import load_bundled_lessons
from bptui.ui.stylesheet import QuickStylesheet

_SCREENS = ("check", "practice", "compare", "programs", "sweep", "exercise", "boundary", "pictures")
_DIALOGS = ("settings", "derivation", "number", "lessons", "help", "go_to", "report", "rename", "copy", "session_file")
MODULES = (
    *(f"bptui.ui.dialogs.{name}" for name in _DIALOGS),
    *(f"bptui.ui.screens.{name}" for name in _SCREENS),
    *("bptui.ui.commands", "bptui.ui.copying", "bptui.help.manual_pages"),
    # And what they import once they are drawn
    *("textual.scrollbar", "textual.system_commands", "textual.widgets._select"),
    *("rich.markdown", "rich.rule", "pygments.lexers.python", "pygments.styles", "tomli_w"),
)
"""All that the first opening of a screen would import."""
_PAUSE = 0.02  # seconds between two turns
_FOLDER = Path(__file__).parent


async def prepare(app: App[Any]) -> None:
    """Load the screens' modules and styles, and the lessons that they list."""
    await _do_aside([*(partial(import_module, name) for name in MODULES), load_bundled_lessons])
    sheet = app.stylesheet
    if isinstance(sheet, QuickStylesheet):
        for file in sorted(_FOLDER.glob("*/*.tcss")):
            await asyncio.sleep(_PAUSE)
            sheet.parse_ahead(file)
    gc.freeze()  # as after the first picture: what was loaded stays


async def _do_aside(works: list[Callable[[], object]]) -> None:
    """Do one thing after the other in a thread, which does not keep the program from ending."""
    loop, loaded, wanted = asyncio.get_running_loop(), asyncio.Event(), True

    def load() -> None:
        for work in works:
            if wanted:
                with suppress(ImportError):  # told by the screen that needs it
                    work()
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(loaded.set)

    try:
        Thread(target=load, name="preparing", daemon=True).start()
    except RuntimeError:  # there is no memory for a thread; each screen loads what it needs
        return
    try:
        await loaded.wait()
    finally:
        wanted = False
