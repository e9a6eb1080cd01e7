"""Show a text page by page, where a person reads it in a terminal."""

import os
import shutil
import sys
from collections.abc import Sequence
from contextlib import suppress

_LESS_FLAGS = "-FRX"  # leave a text on the screen, with its styles, and end at once if it fits


def show_lines(lines: Sequence[str]) -> int:
    """Print lines, through the user's pager if they are longer than the terminal; return exit status 0."""
    if not (_is_interactive() and len(lines) >= shutil.get_terminal_size().lines and _run_pager(lines)):
        for line in lines:
            print(line)
    return 0


def _is_interactive() -> bool:
    streams = (sys.stdin, sys.stdout)
    return os.environ.get("TERM") != "dumb" and all(one is not None and one.isatty() for one in streams)


def _run_pager(lines: Sequence[str]) -> bool:
    """Give lines to the pager; return whether there is one."""
    import subprocess
    from shlex import split

    try:
        words = split(os.environ.get("PAGER", "less"))
    except ValueError:  # a quotation mark without its other
        return False
    if not words:
        return False
    if os.path.basename(words[0]) == "less":  # noqa: PTH119 - pathlib is slow to load
        words.append("-R")  # whatever flags the user has chosen: the lines have styles
    sys.stdout.flush()
    text = "".join(f"{line}\n" for line in lines).encode(sys.stdout.encoding, sys.stdout.errors or "replace")
    try:
        pager = subprocess.Popen(words, stdin=subprocess.PIPE, env={"LESS": _LESS_FLAGS, **os.environ})
    except OSError:
        return False
    with suppress(BrokenPipeError, KeyboardInterrupt):  # the reader has seen enough
        pager.communicate(text)
    while pager.poll() is None:
        with suppress(KeyboardInterrupt):  # which the pager takes, too
            pager.wait()
    return True
