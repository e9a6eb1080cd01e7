"""Keep the unsaved session in the user's state folder, so that the next start can offer it after a crash.

A running program has at most one file there, an ordinary session file, and holds a lock on a file beside it with the
suffix ``.lock``. The system releases the lock when the program ends, however that happens, so a file whose lock is free
was left behind. Process ids are not used: another program may have the same one by then. Where locks are unavailable,
every file of another program counts as left: offering it twice is better than never.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_hex
from time import time

from bptui.core.problem.tables import UserError
from bptui.persistence.session_file import format_session, load_session
from bptui.session.session import Session
from bptui.system.confinement import PathError
from bptui.system.folders import find_state_folder
from bptui.system.reading import LessonError
from bptui.system.writing import report_os_errors, write_file

MAX_FILES = 20  # files of a kind that stay in the folder
_STALE = 3600.0  # seconds after which a temporary file is no longer being written
_TRIES = 5


@dataclass
class UnsavedFile:
    """An unsaved session's file that belongs to this program: no other takes it until it is released.

    Attributes:
        path: The file.
        lock: The descriptor that holds the lock, or None if locks are unavailable.
    """

    path: Path
    lock: int | None

    @property
    def modified(self) -> float:
        """The time it was written, in seconds as from ``time.time``; 0 if it is gone."""
        return _read_mtime(self.path)

    def load(self) -> Session:
        """Read the session; none of its runs is in a file that the user knows.

        Raises:
            LessonError: If it cannot be read, for any reason: one broken file must not end every start.
        """
        try:
            session = load_session(self.path)
        except LessonError:
            raise
        except Exception as fault:
            raise LessonError(str(self.path), f"cannot be read: {type(fault).__name__}: {fault}") from fault
        return replace(session, file="", saved=(), notice=session.notice or "not saved yet: press ctrl+s to save it")

    def remove(self) -> None:
        """Remove the file, then the lock.

        Raises:
            UserError: If the file cannot be removed.
        """
        with report_os_errors(self.path, "removed"):
            self.path.unlink(missing_ok=True)
        self._unlock()

    def put_aside(self) -> Path:
        """Rename an unreadable file so that it is not offered again; return its path from then on."""
        aside = self.path.with_name(f"broken-{self.path.name}")
        try:
            self.path.replace(aside)
        except OSError:
            self.release()
            return self.path
        self._unlock()
        return aside

    def release(self) -> None:
        """Leave the file to the next program."""
        if self.lock is not None:
            os.close(self.lock)
            self.lock = None

    def _unlock(self) -> None:
        self.release()
        with suppress(OSError):
            self.path.with_suffix(".lock").unlink()


class UnsavedStore:
    """This program's file, which exists as long as its session has runs that no other file contains.

    A method may wait for the disk; call one at a time.
    """

    def __init__(self) -> None:
        self._own = f"unsaved-{os.getpid()}-{token_hex(4)}-"
        self._kept: UnsavedFile | None = None
        self._text = ""

    def keep(self, session: Session) -> None:
        """Write a session in place of what was kept before; a saved one is not kept.

        Raises:
            UserError: If it cannot be written, with the reason; what was kept before is still there.
        """
        if not session.unsaved:
            self.forget()
            return
        text = format_session(session)
        if self._kept is None:
            self._kept = self._claim_own()
        if text != self._text:
            write_file(self._kept.path, text, replace=True)
            self._text = text

    def forget(self) -> None:
        """Remove the file.

        Raises:
            UserError: If the file cannot be removed.
        """
        if self._kept is not None:
            self._kept.remove()
        self._kept, self._text = None, ""

    def adopt(self, kept: UnsavedFile) -> None:
        """Take over a file that was left, unchanged, in place of this program's previous one."""
        before, self._kept, self._text = self._kept, kept, ""
        if before is not None and before is not kept:
            with suppress(UserError):
                before.remove()

    def claim_left(self) -> list[UnsavedFile]:
        """Return what ended programs left, the newest first, each claimed by this program.

        If there are too many, the oldest are removed.
        """
        try:
            folder = find_state_folder()
            _tidy(folder)
            paths = [
                path for path in _sort_by_age(folder.glob("unsaved-*.toml")) if not path.name.startswith(self._own)
            ]
        except (UserError, OSError):
            return []
        found: list[UnsavedFile] = []
        for kept in filter(None, map(_claim, paths)):
            if len(found) < MAX_FILES and kept.path.is_file():
                found.append(kept)
            else:  # one too many, or gone by now
                with suppress(UserError):
                    kept.remove()
        return found

    def _claim_own(self) -> UnsavedFile:
        folder = find_state_folder()
        with report_os_errors(folder, "made"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for number in range(_TRIES):  # another program's ``_tidy`` may take the new lock for a stale one
            if kept := _claim(folder / f"{self._own}{number}.toml"):
                return kept
        raise PathError(f"{folder}: no free file name for the unsaved session")


def _claim(path: Path) -> UnsavedFile | None:
    """Make a file this program's own, whether it exists or not; return None if another program has it."""
    lock = path.with_suffix(".lock")
    try:
        import fcntl

        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    except (ImportError, OSError):
        return UnsavedFile(path, None)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(handle), lock.stat()):
            return UnsavedFile(path, handle)
    except (BlockingIOError, FileNotFoundError):  # held by another, or removed or replaced by its holder
        pass
    except OSError:
        os.close(handle)
        return UnsavedFile(path, None)
    os.close(handle)
    return None


def _tidy(folder: Path) -> None:
    """Remove what is not needed: locks without a file, files half-written when killed, old broken files."""
    for lock in folder.glob("unsaved-*.lock"):
        kept = None if lock.with_suffix(".toml").exists() else _claim(lock.with_suffix(".toml"))
        if kept is not None and kept.lock is not None:
            kept._unlock()
    old = [path for path in folder.glob(".bptui-*") if _read_mtime(path) < time() - _STALE]
    for path in [*old, *_sort_by_age(folder.glob("broken-*.toml"))[MAX_FILES:]]:
        with suppress(OSError):
            path.unlink()


def _sort_by_age(paths: Iterable[Path]) -> list[Path]:
    """Sort files, the newest first."""
    return sorted(paths, key=_read_mtime, reverse=True)


def _read_mtime(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
