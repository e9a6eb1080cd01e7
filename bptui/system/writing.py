"""Write files safely, as ``folder_writing`` writes folders: completely or not at all, and without losing anyone's data.

Everything is written under a temporary name beside its place, synced to the disk, and moved there in one step. A
program killed on the way leaves the old content intact, and at most something called ``.bptui-…`` beside it. A folder
lacks its own name only between the two moves of its replacement: then the old one is complete beside it, called
``NAME.old-…``, and so is the new one. Where paths are confined, one that leads out is refused.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from shutil import copymode

from bptui.core.problem.tables import UserError
from bptui.system.confinement import PathError, require_inside
from bptui.system.reading import describe_other

LONGEST_NAME = 60  # characters of a name that go into another name
_LONGEST_STEM = 180  # bytes: a file's whole name has 255 at most


class AlreadyExistsError(PathError):
    """Something exists at the target and should not be replaced."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} already exists")


def make_stem(name: str) -> str:
    """Return a lesson's name as the stem of a file name: letters, digits, - and _ only."""
    stem = re.sub(r"[^\w-]+", "-", name)[:LONGEST_NAME].encode()[:_LONGEST_STEM].decode(errors="ignore")
    return stem.strip("-") or "lesson"


def write_file(path: Path, text: str, replace: bool = False) -> None:
    """Write a text file completely; a link is followed, and an old file's permissions are kept.

    Args:
        path: The file; its folder must exist.
        text: The content, written as UTF-8.
        replace: Whether to replace an ordinary file.

    Raises:
        AlreadyExistsError: If something exists there and must not be replaced.
        UserError: If it cannot be written, with the reason.
    """
    with confined(path):
        place = Path(os.path.realpath(path)) if replace else path
        old = replace and place.exists()
        if old and not place.is_file():
            raise PathError(f"{path} {describe_other(place)}")
        temporary = make_name_beside(place)
        try:
            write_new(temporary, text)
            if old:
                copy_mode(place, temporary)
            if replace:
                os.replace(temporary, place)  # noqa: PTH105 - the tests make functions of os fail
            else:
                _move_to_free(temporary, place, path)
        finally:
            with suppress(OSError):
                temporary.unlink()
        sync_folder(place.parent)


@contextmanager
def report_os_errors(path: Path, done: str = "written") -> Iterator[None]:
    """Turn the system's errors into a ``UserError`` that says what cannot be done with a path.

    Args:
        path: The file or folder.
        done: What is done with it, as a participle.
    """
    try:
        yield
    except UserError:
        raise
    except OSError as fault:
        raise PathError(f"{path} cannot be {done}: {fault.strerror or fault}") from fault
    except ValueError as fault:  # a null character or a surrogate
        raise PathError(f"{path} cannot be {done}: it has a character that no name or text can contain") from fault


@contextmanager
def confined(path: Path) -> Iterator[None]:
    """Refuse a path outside the confinement; report the system's errors with any other."""
    require_inside(path)
    with report_os_errors(path):
        yield


def make_name_beside(place: Path) -> Path:
    """Return an unused name in the folder of a place."""
    return place.parent / f".bptui-{token_hex(8)}"


def write_new(path: Path, content: str | bytes) -> None:
    """Write a new file and sync it to the disk."""
    with path.open("xb") as file:
        file.write(content.encode() if isinstance(content, str) else content)
        file.flush()
        os.fsync(file.fileno())


def copy_mode(old: Path, new: Path) -> None:
    """Give a new file or folder the permissions of an old one."""
    with suppress(OSError):  # a file system may lack permissions
        copymode(old, new)


def _move_to_free(temporary: Path, place: Path, path: Path) -> None:
    """Move a file to an unused name."""
    try:
        os.link(temporary, place)
    except FileExistsError as fault:
        raise AlreadyExistsError(path) from fault
    except OSError:  # a file system without hard links
        _reserve(place, path)
        try:
            os.replace(temporary, place)  # noqa: PTH105
        except BaseException:
            place.unlink()
            raise


def _reserve(place: Path, path: Path) -> None:
    """Reserve an unused name with an empty file."""
    try:
        place.open("xb").close()
    except FileExistsError as fault:
        raise AlreadyExistsError(path) from fault


def sync_folder(folder: Path) -> None:
    """Sync a folder's names to the disk if the system can; a move stands in any case."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
