"""Confine typed paths to one folder where the computer belongs to someone other than the user.

Nothing is confined until ``confine`` is called, once, for the whole process. Links are followed before a path is
judged, so a link inside the folder that points outside is outside.
"""

import os
from pathlib import Path

from bptui.core.problem.tables import UserError
from bptui.system.folders import BUNDLED_LESSONS

_folder: Path | None = None


def confine(folder: Path) -> None:
    """Restrict reading and writing by path to a folder and the bundled lessons, for the rest of the process."""
    global _folder  # noqa: PLW0603 - belongs to the process, like its current folder
    _folder = Path(os.path.realpath(folder))


def is_confined() -> bool:
    """Whether this process is confined to a folder: its user is a guest on this computer."""
    return _folder is not None


def require_inside(path: Path, reading: bool = False) -> None:
    """Refuse a path that leads out of the confinement, whether anything exists there or not.

    Args:
        path: The path as typed; without a folder it is in the current one.
        reading: Whether it will only be read, which bundled lessons allow.

    Raises:
        UserError: If it leads out of the folder that this process is confined to.
    """
    if _folder is None:
        return
    try:
        place = Path(os.path.realpath(path))
    except (OSError, ValueError):  # a character that no path can contain: it leads nowhere
        place = Path(os.sep)
    if place.is_relative_to(_folder) or (reading and place.is_relative_to(os.path.realpath(BUNDLED_LESSONS))):
        return
    raise UserError("this path is outside your folder: in a browser, give a name without folders, such as mine.toml")
