"""The folder that typed paths must not lead out of, where somebody else's computer is at the keyboard.

Nothing is confined until ``confine`` is called, once, for the whole process. Links are followed before a path is
judged, so a link inside that leads out is out.
"""

import os
from pathlib import Path

from bptui.core.problem.tables import UserError
from bptui.system.folders import BUNDLED_LESSONS

_folder: Path | None = None


def confine(folder: Path) -> None:
    """Let nothing but what is in a folder, and the bundled lessons, be read or written by its path from now on."""
    global _folder  # noqa: PLW0603 - of the process, as its current folder is
    _folder = Path(os.path.realpath(folder))


def require_inside(path: Path, reading: bool = False) -> None:
    """Refuse a path that leads out, whether there is anything or not.

    Args:
        path: As somebody typed it; without a folder it is one in the current folder.
        reading: Whether it is only to be read, as bundled lessons may be.

    Raises:
        UserError: If it leads out of the folder that this process is confined to.
    """
    if _folder is None:
        return
    try:
        place = Path(os.path.realpath(path))
    except (OSError, ValueError):  # a sign that no path can have: it leads nowhere
        place = Path(os.sep)
    if place.is_relative_to(_folder) or (reading and place.is_relative_to(os.path.realpath(BUNDLED_LESSONS))):
        return
    raise UserError("that is not in your folder: in a browser, give a name without folders, such as mine.toml")
