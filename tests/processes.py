"""Which processes there are below one, and whether they are still there; what Linux tells of them in ``/proc``."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import NamedTuple

PROC = Path("/proc")


class Known(NamedTuple):
    """A process that is not mistaken for a later one of the same number."""

    pid: int
    begun: str

    @property
    def words(self) -> str:
        """What it was started with."""
        with suppress(OSError):
            return (PROC / str(self.pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        return ""


def _look(pid: int) -> tuple[Known, int, str] | None:
    """A process, the one above it and its state; None where there is none."""
    with suppress(OSError):
        fields = (PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
        return Known(pid, fields[19]), int(fields[1]), fields[0]
    return None


def children(of: int = 0) -> set[Known]:
    """The processes below one, and below those; of this process if left out. Those that have ended are none."""
    parents = running()
    above, below = {of or os.getpid()}, set[Known]()
    while above:
        found = {one for one, parent in parents.items() if parent in above}
        above = {one.pid for one in found}
        below |= found
    return below


def running() -> dict[Known, int]:
    """All processes that have not ended, and the ones above them."""
    looked = (_look(int(path.name)) for path in PROC.glob("[0-9]*"))
    return {found[0]: found[1] for found in looked if found and found[2] != "Z"}


def left(processes: Iterable[Known], seconds: float = 30.0) -> set[Known]:
    """Those of some processes that are still there after so many seconds; earlier if there are none."""
    end = monotonic() + seconds
    there = set(processes)
    while there := {one for one in there if (found := _look(one.pid)) and found[0] == one and found[2] != "Z"}:
        if monotonic() > end:
            break
        sleep(0.01)
    return there
