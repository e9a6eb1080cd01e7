"""The server's own temporary folder, with the session it serves and a folder for each visitor.

The server holds a lock on a file in it. The system releases the lock when the server ends, however that happens, so a
folder whose lock is free was left behind, and the next server removes it. Where there are no locks, it stays.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bptui.system.locking import try_lock

_PREFIX = "bptui-serve-"
_LOCK = "server.lock"


@contextmanager
def make_workplace() -> Iterator[Path]:
    """Make the folder for the context, and remove what servers have left that were killed.

    Raises:
        OSError: If there is no place for it.
    """
    _remove_left(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        # Locked before it has its name: under that it is never free while its server runs
        descriptor = os.open(folder / f".{_LOCK}", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if try_lock(descriptor):
                (folder / f".{_LOCK}").rename(folder / _LOCK)
            yield folder
        finally:
            os.close(descriptor)


def _remove_left(temporary: Path) -> None:
    """Remove the folders of this user's servers that have ended."""
    for folder in temporary.glob(f"{_PREFIX}*"):
        with suppress(OSError):
            if folder.is_symlink() or folder.stat().st_uid != os.getuid():
                continue
            descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                if try_lock(descriptor):
                    shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(descriptor)
