"""Limits that the system keeps for this process, and for what it starts. Windows has none of them."""

import sys
from contextlib import suppress

if sys.platform != "win32":
    import resource


def allow_descriptors(count: int) -> int:
    """Ask for as many open files, and connections, as are needed; return how many there may be."""
    if sys.platform == "win32":
        return count
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count if hard == resource.RLIM_INFINITY else min(count, hard)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return count if soft == resource.RLIM_INFINITY else soft
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        return wanted
    return soft


def limit_memory(most: int) -> None:
    """Let this process, and each that it starts, have only so many bytes of memory of its own.

    Beyond that Python raises ``MemoryError``. Libraries do not count, and neither does the stack, which would end the
    process by SIGSEGV. Only Linux keeps such a limit.
    """
    if sys.platform == "linux":
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def is_memory_fault(fault: BaseException | None) -> bool:
    """Whether something failed for want of memory: of that for a thread, Python does not say so."""
    return isinstance(fault, MemoryError) or (isinstance(fault, RuntimeError) and "start new thread" in str(fault))
