"""Locks between programs, on files: the system releases one when its program ends, however that happens.

Nobody waits long for a lock, and where there are none, as in some network homes, nobody waits at all.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

PATIENCE = 0.5  # seconds to wait for another program
_PAUSE = 0.01  # seconds between two tries


def try_lock(descriptor: int) -> bool | None:
    """Lock an open file, until it is closed; return whether that worked, and None where there are no locks."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # another has it
        return False
    except OSError:
        return None
    return True


@contextmanager
def hold_lock(path: Path) -> Iterator[None]:
    """Hold a lock within the context, or none if there are none or another program holds it for too long.

    Args:
        path: The file to lock, which is made and stays.
    """
    descriptor = None
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        end = monotonic() + PATIENCE
        while descriptor is not None and try_lock(descriptor) is False and monotonic() < end:
            sleep(_PAUSE)
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)
