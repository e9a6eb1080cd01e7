"""Files and folders written safely: whole or not at all, and nothing of anybody's lost.

Everything is written under a temporary name beside its place, brought to the disk, and moved there in one step. A
program that is killed on the way leaves what was there as it was, and at the most something called ``.bptui-…``
beside it. The one moment at which a folder is not under its own name is between the two moves of its replacement:
then the old one is whole beside it, called ``NAME.old-…``, and so is the new one. Where paths are confined, one that
leads out is refused.
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
from bptui.text.words import listed, plain

_LONGEST = 60  # signs of a name that another name takes over
_NAMED = 3  # names in the way that are told


class AlreadyThereError(UserError):
    """Something is in the place of what was to be written, and was not to be replaced."""

    def __init__(self, path: Path) -> None:
        super().__init__(plain(f"{path} is there already"))


def stem(name: str) -> str:
    """A lesson's name as a file's name may begin: letters, digits, - and _ only."""
    return re.sub(r"[^\w-]+", "-", name)[:_LONGEST].strip("-") or "lesson"


def write_file(path: Path, text: str, replace: bool = False) -> None:
    """Write a text file whole; a link is followed, and an old file's permissions are kept.

    Args:
        path: Its place; the folder must be there.
        text: What it is to hold, as UTF-8.
        replace: Whether it may take the place of an ordinary file.

    Raises:
        AlreadyThereError: If something is there that was not to be replaced.
        UserError: If it cannot be written, and why.
    """
    with _confined(path):
        place = Path(os.path.realpath(path)) if replace else path
        old = replace and place.exists()
        if old and not place.is_file():
            raise UserError(plain(f"{path} is not an ordinary file"))
        temporary = _beside(place)
        try:
            _write(temporary, text)
            if old:
                _copy_mode(place, temporary)
            if replace:
                os.replace(temporary, place)  # noqa: PTH105 - os is what the tests let fail
            else:
                _move_to_free(temporary, place, path)
        finally:
            with suppress(OSError):
                temporary.unlink()
        _sync_folder(place.parent)


def require_free(path: Path, force: bool = False, mark: str = "") -> None:
    """Refuse at once a place where ``write_folder`` would refuse, whatever the files; they may take long to make.

    Args:
        path: The folder's place.
        force: Whether to replace a folder that is there.
        mark: A file that each folder of the kind holds; one with other files, and without it, is not replaced.

    Raises:
        AlreadyThereError: If a folder that is not empty is there, and there is no ``force``.
        UserError: If the place cannot be had, and why.
    """
    with _confined(path):
        place = _place(path)
        _require_folder(place.parent)
        if os.path.lexists(place):
            _require_replaceable(path, place, force, mark)


def write_folder(
    path: Path, files: Mapping[str, str | bytes], force: bool = False, ours: Sequence[str] = (), mark: str = ""
) -> None:
    """Write a folder with all its files, whole; its last level is made, those above it must be there.

    Args:
        path: Its place; nothing, an empty folder, or with ``force`` a folder of the same kind is there.
        files: What each file is to hold, by plain name, without folders; text as UTF-8.
        force: Whether to replace a folder that holds nothing but files of these names.
        ours: Patterns such as ``sheet-*.tex`` for names that an earlier folder of this kind may hold.
        mark: A file that each folder of the kind holds; see ``require_free``.

    Raises:
        AlreadyThereError: If a folder that is not empty is there, and there is no ``force``.
        UserError: If it cannot be written or must not be replaced, and why.
    """
    with _confined(path):
        require_free(path, force, mark)
        place, known = _place(path), (*map(escape, files), *ours)
        old = os.path.lexists(place)
        if old:
            _require_ours(path, place, known)
        new = _beside(place)
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
        raise UserError(plain(f"{path} cannot be {done}: {fault.strerror or fault}")) from fault
    except ValueError as fault:  # a zero or half a sign
        raise UserError(plain(f"{path} cannot be {done}: it has a sign that no name or text can have")) from fault


@contextmanager
def _confined(path: Path) -> Iterator[None]:
    """Refuse a path that leads out of where it may; report the system's errors with another."""
    require_inside(path)
    with report_os_errors(path):
        yield


def _beside(place: Path) -> Path:
    """A name of nothing else, in the folder of a place."""
    return place.parent / f".bptui-{token_hex(8)}"


def _write(path: Path, content: str | bytes) -> None:
    """Write a new file and bring it to the disk."""
    with path.open("xb") as file:
        file.write(content.encode() if isinstance(content, str) else content)
        file.flush()
        os.fsync(file.fileno())


def _copy_mode(old: Path, new: Path) -> None:
    with suppress(OSError):  # a file system may have no permissions
        copymode(old, new)


def _move_to_free(temporary: Path, place: Path, path: Path) -> None:
    """Move a file to a name that nothing has."""
    try:
        os.link(temporary, place)
    except FileExistsError as fault:
        raise AlreadyThereError(path) from fault
    except OSError:  # a file system without a second name for a file
        _take(place, path)
        try:
            os.replace(temporary, place)  # noqa: PTH105
        except BaseException:
            place.unlink()
            raise


def _take(place: Path, path: Path) -> None:
    """Take a free name with an empty file."""
    try:
        place.open("xb").close()
    except FileExistsError as fault:
        raise AlreadyThereError(path) from fault


def _sync_folder(folder: Path) -> None:
    """Bring a folder's names to the disk, where the system can; what was moved stays moved in any case."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _place(path: Path) -> Path:
    """Where a folder is, whatever folder is the current one by then."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - a link is not to be followed


def _require_folder(parent: Path) -> None:
    if not parent.is_dir():
        what = "is not a folder" if parent.exists() else "is not there: make it first"
        raise UserError(plain(f"the folder {parent} {what}"))


def _require_replaceable(path: Path, place: Path, force: bool, mark: str) -> None:
    """Refuse to replace what is no folder, or one that is in use, has something in it, or is of another kind."""
    if place.is_symlink():
        raise UserError(plain(f"{path} is a link: name the folder itself"))
    if not place.is_dir():
        raise UserError(plain(f"{path} is there already, and is not a folder"))
    if Path.cwd().is_relative_to(place.resolve()):
        raise UserError(plain(f"{path} is the current folder or one around it: name another"))
    if any(place.iterdir()):
        if not force:
            raise AlreadyThereError(path)
        if mark and not (place / mark).is_file():
            raise UserError(plain(f"{path} is not replaced: it has files in it, and no {mark}"))


def _require_ours(path: Path, place: Path, ours: Sequence[str]) -> None:
    """Refuse a folder that holds anything but ordinary files of certain names."""
    with os.scandir(place) as entries:
        strange = sorted(
            entry.name for entry in entries if not (entry.is_file(follow_symlinks=False) and _is_ours(entry.name, ours))
        )
    if strange:
        raise UserError(plain(f"{path} is not replaced: it also holds {listed(strange, _NAMED)}"))


def _is_ours(name: str, ours: Sequence[str]) -> bool:
    return any(fnmatchcase(name, one) for one in ours)


def _exchange(path: Path, place: Path, new: Path, ours: Sequence[str]) -> None:
    """Move an old folder aside and the new one in; if that fails, the old one back."""
    aside = place.parent / f"{place.name[:_LONGEST]}.old-{token_hex(4)}"
    try:
        os.rename(place, aside)  # noqa: PTH104
        _require_ours(path, aside, ours)  # nobody adds anything to it any more
        os.rename(new, place)  # noqa: PTH104
        _sync_folder(place.parent)  # before the old one is removed, which may reach the disk first
    finally:
        if aside.exists():
            _settle(path, place, aside, written=not new.exists(), ours=ours)


def _settle(path: Path, place: Path, aside: Path, written: bool, ours: Sequence[str]) -> None:
    """End an exchange: the old folder is removed if the new one is in its place, else moved back."""
    try:
        if written:
            _remove(aside, ours)
        else:
            os.rename(aside, place)  # noqa: PTH104
    except OSError as fault:
        what = "is written, but the old one could not be removed" if written else "cannot be written"
        raise UserError(
            plain(f"{path} {what}: {fault.strerror or fault}; what was there before is in {aside}")
        ) from fault


def _remove(folder: Path, ours: Sequence[str]) -> None:
    """Remove a folder's files of certain names, and the folder."""
    for file in list(folder.iterdir()):
        if _is_ours(file.name, ours):
            file.unlink()
    folder.rmdir()
