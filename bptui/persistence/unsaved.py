"""An unsaved sitting, kept in the user's state folder so that the next start can offer it after a crash.

A running program has one file there at the most, a sitting's like any other, and holds a lock on the file beside it
that is called the same but ``.lock``. The system lets go of the lock with the program, however that ends, so a file
whose lock is free was left behind; no process number is looked at, which another program may have by then. Where
nothing can be locked, every file of another program counts as left: it is rather offered twice than never.
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
from bptui.system.folders import state_folder
from bptui.system.reading import LessonError
from bptui.system.writing import report_os_errors, write_file
from bptui.text.words import plain

MOST = 20  # files of a kind that are left in the folder
_STALE = 3600.0  # seconds after which nobody is writing a temporary file any more
_TRIES = 5


@dataclass
class Kept:
    """A kept sitting's file that is this program's own: no other takes it until it is released.

    Attributes:
        path: The file.
        lock: The descriptor that holds the lock, or None if there is none to be had.
    """

    path: Path
    lock: int | None

    @property
    def written(self) -> float:
        """When it was written, in seconds as ``time.time`` counts them; 0 if it is gone."""
        return _written(self.path)

    def load(self) -> Session:
        """Read the sitting; no file that the user knows of holds any of its runs.

        Raises:
            LessonError: If it cannot be read, for whatever reason: one broken file must not end every start.
        """
        try:
            session = load_session(self.path)
        except LessonError:
            raise
        except Exception as fault:
            raise LessonError(str(self.path), f"cannot be read: {type(fault).__name__}: {fault}") from fault
        return replace(session, file="", kept=0, notice=session.notice or "not saved yet: ctrl+s saves it")

    def remove(self) -> None:
        """Remove the file, then the lock.

        Raises:
            UserError: If the file cannot be removed.
        """
        with report_os_errors(self.path, "removed"):
            self.path.unlink(missing_ok=True)
        self._unlock()

    def put_aside(self) -> Path:
        """Give a file that cannot be read a name under which it is not offered again; its path from then on."""
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


class Unsaved:
    """The file of this program, which is there as long as its sitting has runs that no other file holds.

    A method may wait for the disk; one is to be called at a time.
    """

    def __init__(self) -> None:
        self._own = f"unsaved-{os.getpid()}-{token_hex(4)}-"
        self._kept: Kept | None = None
        self._text = ""

    def keep(self, session: Session) -> None:
        """Keep a sitting as it is now, in place of what was kept before; one that is saved is not kept.

        Raises:
            UserError: If it cannot be written, and why; what was kept before is still there.
        """
        if not session.unkept:
            self.forget()
            return
        text = format_session(session)
        if self._kept is None:
            self._kept = self._claimed()
        if text != self._text:
            write_file(self._kept.path, text, replace=True)
            self._text = text

    def forget(self) -> None:
        """Keep nothing any more.

        Raises:
            UserError: If the file cannot be removed.
        """
        if self._kept is not None:
            self._kept.remove()
        self._kept, self._text = None, ""

    def adopt(self, kept: Kept) -> None:
        """Make a sitting's file that was left this program's own, in place of the one it had; it stays as it is."""
        before, self._kept, self._text = self._kept, kept, ""
        if before is not None and before is not kept:
            with suppress(UserError):
                before.remove()

    def left(self) -> list[Kept]:
        """What programs left that are no more, the newest first, each made this program's own.

        Where there are too many, the oldest are removed.
        """
        try:
            folder = state_folder()
            _tidy(folder)
            paths = [path for path in _by_age(folder.glob("unsaved-*.toml")) if not path.name.startswith(self._own)]
        except (UserError, OSError):
            return []
        found: list[Kept] = []
        for kept in filter(None, map(_claim, paths)):
            if len(found) < MOST and kept.path.is_file():
                found.append(kept)
            else:  # one too many, or gone by now
                with suppress(UserError):
                    kept.remove()
        return found

    def _claimed(self) -> Kept:
        folder = state_folder()
        with report_os_errors(folder, "made"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for number in range(_TRIES):  # one who tidies up may just take a new lock for one that nobody needs
            if kept := _claim(folder / f"{self._own}{number}.toml"):
                return kept
        raise UserError(plain(f"{folder} has no place for it"))


def _claim(path: Path) -> Kept | None:
    """Make a file this program's own, whether it is there or not; None if another program has it."""
    lock = path.with_suffix(".lock")
    try:
        import fcntl

        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    except (ImportError, OSError):
        return Kept(path, None)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(handle), lock.stat()):
            return Kept(path, handle)
    except (BlockingIOError, FileNotFoundError):  # held; or removed by one who held it, as where it is another file now
        pass
    except OSError:
        os.close(handle)
        return Kept(path, None)
    os.close(handle)
    return None


def _tidy(folder: Path) -> None:
    """Remove what nobody needs: locks without a file, what was killed while it was written, old broken files."""
    for lock in folder.glob("unsaved-*.lock"):
        kept = None if lock.with_suffix(".toml").exists() else _claim(lock.with_suffix(".toml"))
        if kept is not None and kept.lock is not None:
            kept._unlock()
    old = [path for path in folder.glob(".bptui-*") if _written(path) < time() - _STALE]
    for path in [*old, *_by_age(folder.glob("broken-*.toml"))[MOST:]]:
        with suppress(OSError):
            path.unlink()


def _by_age(paths: Iterable[Path]) -> list[Path]:
    """Files, the newest first."""
    return sorted(paths, key=_written, reverse=True)


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
