"""Run another program, such as LaTeX, in a folder: found on the path, without a shell, with a time limit.

A guest of this computer (``bptui.system.confinement``) runs none.
"""

import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

from bptui.system.confinement import is_confined
from bptui.system.process import Unavailable

if TYPE_CHECKING:
    import asyncio.subprocess

_LONGEST_OUTPUT = 1 << 20  # characters that are looked at for a reason


def find_program(names: Sequence[str]) -> str:
    """Return the path of the first of some programs that there is; empty if there is none, or for a guest."""
    return "" if is_confined() else next((path for name in names if (path := which(name))), "")


async def run_program(words: Sequence[str], folder: Path, seconds: float) -> str:
    """Run a program in a folder and return what it printed; it ends with its caller, with all that it started.

    Args:
        words: The program's path and its arguments.
        folder: The folder to run it in.
        seconds: The time limit.

    Raises:
        Unavailable: If it does not start, fails, or takes too long.
    """
    import asyncio

    name = Path(words[0]).name
    if is_confined():
        raise Unavailable(f"{name} is not available in a browser")
    pipe, nothing = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    starting = asyncio.ensure_future(
        asyncio.create_subprocess_exec(
            *words, cwd=folder, stdin=nothing, stdout=pipe, stderr=asyncio.subprocess.STDOUT, start_new_session=True
        )
    )
    try:
        process = await asyncio.shield(starting)  # so that it is always known what to end
        async with asyncio.timeout(seconds):
            printed, _ = await process.communicate()
    except TimeoutError as fault:
        raise Unavailable(f"{name} took more than {seconds:g} s") from fault
    except OSError as fault:
        raise Unavailable(f"{name} did not start: {fault.strerror or fault}") from fault
    finally:
        await asyncio.shield(_end(starting))  # the caller may be cancelled again meanwhile
    text = printed.decode(errors="replace")[-_LONGEST_OUTPUT:]
    if process.returncode:
        raise Unavailable(f"{name} failed{_find_reason(text)}")
    return text


async def _end(starting: "asyncio.Future[asyncio.subprocess.Process]") -> None:
    """End a program, if it runs, with all that it started."""
    with suppress(OSError):
        process = await starting
        if process.returncode is None:
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
            await process.wait()


def _find_reason(text: str) -> str:
    """Return the first error that a program printed, as the end of a sentence."""
    lines = [line.strip() for line in text.splitlines()]
    reason = next((line for line in lines if line.startswith("!") or "rror:" in line), lines[-1] if lines else "")
    return f": {reason.lstrip('! ')}" if reason else ""
