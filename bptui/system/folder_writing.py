"""Write folders with all their files: completely or not at all, and only over what is a folder of the same kind.

See ``bptui.system.writing`` for what a program killed on the way leaves.
"""

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from fnmatch import fnmatchcase
from glob import escape
from pathlib import Path
from secrets import token_hex

from bptui.system.confinement import PathError
from bptui.system.writing import (
    LONGEST_NAME,
    AlreadyExistsError,
    confined,
    copy_mode,
    make_name_beside,
    sync_folder,
    write_new,
)
from bptui.text.words import join_words

_NAMED = 3  # names in the way that an error lists


def require_free(path: Path, force: bool = False, mark: str = "") -> None:
    """Refuse early where ``write_folder`` would refuse for any files, since they may take long to make.

    Args:
        path: The folder.
        force: Whether to replace an existing folder.
        mark: A file that each folder of the kind contains; a folder with other files but without it is not replaced.

    Raises:
        AlreadyExistsError: If a folder that is not empty exists there, without ``force``.
        UserError: If the folder cannot be written there, with the reason.
    """
    with confined(path):
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
        AlreadyExistsError: If a folder that is not empty exists there, without ``force``.
        UserError: If it cannot be written or must not be replaced, with the reason.
    """
    with confined(path):
        require_free(path, force, mark)
        place, known = _make_absolute(path), (*map(escape, files), *ours)
        old = os.path.lexists(place)
        if old:
            _require_ours(path, place, known)
        new = make_name_beside(place)
        try:
            new.mkdir()
            if old:
                copy_mode(place, new)
            for name, content in files.items():
                write_new(new / name, content)
            sync_folder(new)
            if old:
                _exchange(path, place, new, known)
            else:
                os.rename(new, place)  # noqa: PTH104 - see write_file
        finally:
            with suppress(OSError):
                _remove(new, known)
        sync_folder(place.parent)


def _make_absolute(path: Path) -> Path:
    """Return a folder's absolute path, which stays valid if the current folder changes."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - must not follow a link


def _require_folder(parent: Path) -> None:
    if not parent.is_dir():
        what = "is not a folder" if parent.exists() else "does not exist: create it first"
        raise PathError(f"the folder {parent} {what}")


def _require_replaceable(path: Path, place: Path, force: bool, mark: str) -> None:
    """Refuse to replace what is no folder, or one that is in use, not empty, or of another kind."""
    if place.is_symlink():
        raise PathError(f"{path} is a link: give the folder itself")
    if not place.is_dir():
        raise PathError(f"{path} already exists and is not a folder")
    if Path.cwd().is_relative_to(place.resolve()):
        raise PathError(f"{path} is the current folder or contains it: choose another")
    if any(place.iterdir()):
        if not force:
            raise AlreadyExistsError(path)
        if mark and not (place / mark).is_file():
            raise PathError(f"{path} is not replaced: it contains files but no {mark}")


def _require_ours(path: Path, place: Path, ours: Sequence[str]) -> None:
    """Refuse a folder that contains anything but ordinary files of certain names."""
    with os.scandir(place) as entries:
        strange = sorted(
            entry.name for entry in entries if not (entry.is_file(follow_symlinks=False) and _is_ours(entry.name, ours))
        )
    if strange:
        raise PathError(f"{path} is not replaced: it also contains {join_words(strange, _NAMED)}")


def _is_ours(name: str, ours: Sequence[str]) -> bool:
    return any(fnmatchcase(name, one) for one in ours)


def _exchange(path: Path, place: Path, new: Path, ours: Sequence[str]) -> None:
    """Move an old folder aside and the new one in; if that fails, move the old one back."""
    aside = place.parent / f"{place.name[:LONGEST_NAME]}.old-{token_hex(4)}"
    try:
        os.rename(place, aside)  # noqa: PTH104
        _require_ours(path, aside, ours)  # nothing can be added to it any more
        os.rename(new, place)  # noqa: PTH104
        sync_folder(place.parent)  # first, or the removal of the old one might reach the disk before
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
        what = "is written, but the old folder could not be removed" if written else "cannot be written"
        raise PathError(f"{path} {what}: {fault.strerror or fault}; the old folder is {aside}") from fault


def _remove(folder: Path, ours: Sequence[str]) -> None:
    """Remove a folder's files of certain names, then the folder."""
    for file in list(folder.iterdir()):
        if _is_ours(file.name, ours):
            file.unlink()
    folder.rmdir()
