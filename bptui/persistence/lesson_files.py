"""The user's own lessons: written to a file, found in the current folder, and remembered where they were opened.

The state folder holds the paths of the lessons that were opened last, the newest first. It is a convenience: where it
cannot be read or written, nothing is remembered, and nothing is said.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from bptui.core.problem.tables import UserError
from bptui.lessons.lesson import Lesson, format_lesson, read_lesson
from bptui.system.folders import find_state_folder
from bptui.system.locking import hold_lock
from bptui.system.reading import IsSessionFileError, LessonError, parse_toml, read_text
from bptui.system.toml_text import format_toml
from bptui.system.writing import write_file
from bptui.text.words import make_one_line

MOST_FILES = 100  # files of a folder that are looked into
MOST_RECENT = 12  # paths that are remembered
_RECENT_FILE = "recent.toml"
_LOCK = "recent.lock"
_KEY = "lessons"
_LONGEST_PATH = 4096  # characters


class FoundLesson(NamedTuple):
    """A lesson's file: the lesson, or what is wrong with the file."""

    path: Path
    lesson: Lesson | None
    fault: str = ""

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return make_one_line(self.path.stem)


def save_lesson(lesson: Lesson, path: Path, replace: bool = False) -> None:
    """Write a lesson to a file, completely or not at all.

    Raises:
        AlreadyExistsError: If something exists there and must not be replaced.
        UserError: If it cannot be written, with the reason.
    """
    write_file(path, format_lesson(lesson), replace)


def find_folder_lessons(folder: Path) -> list[FoundLesson]:
    """Return the lessons in a folder by name; also files that would be lessons but for a fault."""
    with suppress(OSError):
        paths = sorted(path for path in folder.glob("*.toml") if not path.name.startswith("."))
        return list(_read_all(paths[:MOST_FILES]))
    return []


def find_recent_lessons(but: Iterable[FoundLesson] = ()) -> list[FoundLesson]:
    """Return the lessons that were opened last, the newest first, as far as they are still there.

    Args:
        but: Lessons that are listed elsewhere.
    """
    listed = {os.path.realpath(found.path) for found in but}
    return list(_read_all(path for path in _load_recent() if os.path.realpath(path) not in listed))


def remember_lesson(path: Path) -> None:
    """Remember that a lesson's file was opened."""
    with suppress(UserError, OSError, ValueError):
        path, folder = path.absolute(), find_state_folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with hold_lock(folder / _LOCK):  # another program may remember its own at the same moment
            others = [other for other in _load_recent() if other != path]
            text = format_toml({_KEY: [str(one) for one in (path, *others)][:MOST_RECENT]})
            write_file(folder / _RECENT_FILE, text, replace=True)


def _load_recent() -> list[Path]:
    with suppress(UserError, OSError, ValueError):
        file = find_state_folder() / _RECENT_FILE
        if file.exists():
            return [Path(path) for path in _list_paths(parse_toml(read_text(file), str(file)))]
    return []


def _list_paths(table: dict[str, Any]) -> Iterator[str]:
    paths = table.get(_KEY, [])
    for path in paths[:MOST_RECENT] if isinstance(paths, list) else ():
        if isinstance(path, str) and len(path) <= _LONGEST_PATH and "\0" not in path:
            yield path


def _read_all(paths: Iterable[Path]) -> Iterator[FoundLesson]:
    """Yield what some files hold; sessions and files that mean to be something else are left out."""
    for path in paths:
        text = ""
        try:
            text = read_text(path)
            table = parse_toml(text, str(path))
            if isinstance(table.get("network"), dict):
                yield FoundLesson(path, read_lesson(table, path.stem, str(path)))
        except IsSessionFileError:
            continue
        except LessonError as fault:
            if "[network" in text:
                yield FoundLesson(path, None, fault.without_source())
        except (UserError, OSError):
            continue
