"""Write files and folders safely: completely or not at all, and without losing anyone's data.

Everything is written under a temporary name beside its place, synced to the disk, and moved there in one step. A
program killed on the way leaves the old content intact, and at most something called ``.bptui-…`` beside it. A folder
lacks its own name only between the two moves of its replacement: then the old one is complete beside it, called
``NAME.old-…``, and so is the new one. Where paths are confined, one that leads out is refused.
"""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from fnmatch import fnmatchcase
from glob import escape
from pathlib import Path
from secrets import token_hex
from shutil import copymode

from bptui.core.problem.tables import UserError
from bptui.system.confinement import require_inside
from bptui.text.words import join_words, make_printable

_LONGEST = 60  # characters of a name that go into another name
_NAMED = 3  # names in the way that an error lists


class AlreadyExistsError(UserError):
    """Something exists at the target and should not be replaced."""

    def __init__(self, path: Path) -> None:
        super().__init__(make_printable(f"{path} is there already"))


def make_stem(name: str) -> str:
    """Return a lesson's name as the stem of a file name: letters, digits, - and _ only."""
    return re.sub(r"[^\w-]+", "-", name)[:_LONGEST].strip("-") or "lesson"


def write_file(path: Path, text: str, replace: bool = False) -> None:
    """Write a text file completely; a link is followed, and an old file's permissions are kept.

    Args:
        path: The file; its folder must exist.
        text: The content, written as UTF-8.
        replace: Whether to replace an ordinary file.

    Raises:
        AlreadyThereError: If something exists there and must not be replaced.
        UserError: If it cannot be written, with the reason.
    """
    with _confined(path):
        place = Path(os.path.realpath(path)) if replace else path
        old = replace and place.exists()
        if old and not place.is_file():
            raise UserError(make_printable(f"{path} is not an ordinary file"))
        temporary = _make_name_beside(place)
        try:
            _write(temporary, text)
            if old:
                _copy_mode(place, temporary)
            if replace:
                os.replace(temporary, place)  # noqa: PTH105 - the tests make functions of os fail
            else:
                _move_to_free(temporary, place, path)
        finally:
            with suppress(OSError):
                temporary.unlink()
        _sync_folder(place.parent)


def require_free(path: Path, force: bool = False, mark: str = "") -> None:
    """Refuse early where ``write_folder`` would refuse for any files, since they may take long to make.

    Args:
        path: The folder.
        force: Whether to replace an existing folder.
        mark: A file that each folder of the kind contains; a folder with other files but without it is not replaced.

    Raises:
        AlreadyThereError: If a folder that is not empty exists there, without ``force``.
        UserError: If the folder cannot be written there, with the reason.
    """
    with _confined(path):
        place = _make_absolute(path)
        _require_folder(place.parent)
        if os.path.lexists(place):
            _require_replaceable(path, place, force, mark)


def write_folder(
    path: Path, files: Mapping[str, str | bytes], force: bool = False, ours: Sequence[str] = (), mark: str = ""
) -> None:
    """Write a folder with all its files, completely; its last level is made, its parents must exist.

    Args:
        path: The folder; nothing may exist there but an empty folder, or with ``force`` a folder of the same kind.
        files: The content of each file, by plain name without folders; text is written as UTF-8.
        force: Whether to replace a folder that contains nothing but files of these names.
        ours: Patterns such as ``sheet-*.tex`` for names that an earlier folder of this kind may contain.
        mark: A file that each folder of the kind contains; see ``require_free``.

    Raises:
        AlreadyThereError: If a folder that is not empty exists there, without ``force``.
        UserError: If it cannot be written or must not be replaced, with the reason.
    """
    with _confined(path):
        require_free(path, force, mark)
        place, known = _make_absolute(path), (*map(escape, files), *ours)
        old = os.path.lexists(place)
        if old:
            _require_ours(path, place, known)
        new = _make_name_beside(place)
        try:
            new.mkdir()
            if old:
                _copy_mode(place, new)
            for name, content in files.items():
                _write(new / name, content)
            _sync_folder(new)
            if old:
                _exchange(path, place, new, known)
            else:
                os.rename(new, place)  # noqa: PTH104 - see write_file
        finally:
            with suppress(OSError):
                _remove(new, known)
        _sync_folder(place.parent)


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
        raise UserError(make_printable(f"{path} cannot be {done}: {fault.strerror or fault}")) from fault
    except ValueError as fault:  # a null character or a surrogate
        raise UserError(
            make_printable(f"{path} cannot be {done}: it has a sign that no name or text can have")
        ) from fault


@contextmanager
def _confined(path: Path) -> Iterator[None]:
    """Refuse a path outside the confinement; report the system's errors with any other."""
    require_inside(path)
    with report_os_errors(path):
        yield


def _make_name_beside(place: Path) -> Path:
    """Return an unused name in the folder of a place."""
    return place.parent / f".bptui-{token_hex(8)}"


def _write(path: Path, content: str | bytes) -> None:
    """Write a new file and sync it to the disk."""
    with path.open("xb") as file:
        file.write(content.encode() if isinstance(content, str) else content)
        file.flush()
        os.fsync(file.fileno())


def _copy_mode(old: Path, new: Path) -> None:
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


def _sync_folder(folder: Path) -> None:
    """Sync a folder's names to the disk if the system can; a move stands in any case."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _make_absolute(path: Path) -> Path:
    """Return a folder's absolute path, which stays valid if the current folder changes."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - must not follow a link


def _require_folder(parent: Path) -> None:
    if not parent.is_dir():
        what = "is not a folder" if parent.exists() else "is not there: make it first"
        raise UserError(make_printable(f"the folder {parent} {what}"))


def _require_replaceable(path: Path, place: Path, force: bool, mark: str) -> None:
    """Refuse to replace what is no folder, or one that is in use, not empty, or of another kind."""
    if place.is_symlink():
        raise UserError(make_printable(f"{path} is a link: name the folder itself"))
    if not place.is_dir():
        raise UserError(make_printable(f"{path} is there already, and is not a folder"))
    if Path.cwd().is_relative_to(place.resolve()):
        raise UserError(make_printable(f"{path} is the current folder or one around it: name another"))
    if any(place.iterdir()):
        if not force:
            raise AlreadyExistsError(path)
        if mark and not (place / mark).is_file():
            raise UserError(make_printable(f"{path} is not replaced: it has files in it, and no {mark}"))


def _require_ours(path: Path, place: Path, ours: Sequence[str]) -> None:
    """Refuse a folder that contains anything but ordinary files of certain names."""
    with os.scandir(place) as entries:
        strange = sorted(
            entry.name for entry in entries if not (entry.is_file(follow_symlinks=False) and _is_ours(entry.name, ours))
        )
    if strange:
        raise UserError(make_printable(f"{path} is not replaced: it also holds {join_words(strange, _NAMED)}"))


def _is_ours(name: str, ours: Sequence[str]) -> bool:
    return any(fnmatchcase(name, one) for one in ours)


def _exchange(path: Path, place: Path, new: Path, ours: Sequence[str]) -> None:
    """Move an old folder aside and the new one in; if that fails, move the old one back."""
    aside = place.parent / f"{place.name[:_LONGEST]}.old-{token_hex(4)}"
    try:
        os.rename(place, aside)  # noqa: PTH104
        _require_ours(path, aside, ours)  # nothing can be added to it any more
        os.rename(new, place)  # noqa: PTH104
        _sync_folder(place.parent)  # first, or the removal of the old one might reach the disk before
    finally:
        if aside.exists():
            _settle(path, place, aside, written=not new.exists(), ours=ours)


def _settle(path: Path, place: Path, aside: Path, written: bool, ours: Sequence[str]) -> None:
    """End an exchange: remove the old folder if the new one is in its place, else move it back."""
    try:
        if written:
            _remove(aside, ours)
        else:
            os.rename(aside, place)  # noqa: PTH104
    except OSError as fault:
        what = "is written, but the old one could not be removed" if written else "cannot be written"
        raise UserError(
            make_printable(f"{path} {what}: {fault.strerror or fault}; what was there before is in {aside}")
        ) from fault


def _remove(folder: Path, ours: Sequence[str]) -> None:
    """Remove a folder's files of certain names, then the folder."""
    for file in list(folder.iterdir()):
        if _is_ours(file.name, ours):
            file.unlink()
    folder.rmdir()
