"""Confine typed paths to one folder where the computer belongs to someone other than the user.

Nothing is confined until ``confine`` is called, once, for the whole process. Links are followed before a path is
judged, so a link inside the folder that points outside is outside.
"""

import os
import re
import sys
from pathlib import Path
from tempfile import gettempdir

from bptui.core.problem.tables import UserError
from bptui.system.folders import BUNDLED_LESSONS
from bptui.text.words import make_printable

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


def make_relative(path: Path) -> Path:
    """Return a guest's path relative to their folder, if it leads there; any other path unchanged."""
    if _folder is None or not path.is_absolute():
        return path
    for folder in (_folder, Path.home()):  # the same folder, which a link may lead to
        if path.is_relative_to(folder):
            return path.relative_to(folder)
    return path


def hide_folders(text: str) -> str:
    """Return a text without the folders of this computer, if it is for a guest: of a path only the name stays."""
    if _folder is None or os.sep not in text:
        return text
    for folder in {str(_folder), str(Path.home())}:
        text = text.replace(f"{folder}{os.sep}", "").replace(folder, "your folder")
    roots = {os.path.realpath(root) for root in (gettempdir(), str(BUNDLED_LESSONS.parents[2]), *sys.path)}
    roots |= {gettempdir(), *sys.path, sys.prefix, sys.base_prefix, os.path.dirname(sys.executable)}  # noqa: PTH120
    known = "|".join(re.escape(root) for root in sorted(roots, key=len, reverse=True) if root.strip(os.sep))
    return re.sub(rf"(?<![\w.])(?:{known})(?:/[^\s/:'\"]+)*/", "", text)


class PathError(UserError):
    """Something that cannot be done with a path."""

    def __init__(self, text: str) -> None:
        super().__init__(hide_folders(make_printable(text)))
