"""What libraries log while the server runs: a line each on standard error, and none twice within a minute.

Anyone who reaches the server can make aiohttp and asyncio log, a traceback at a time, as often as they like.
"""

import logging
import sys
from contextlib import suppress
from time import monotonic

from bptui.text.words import make_one_line

_LONGEST = 300  # characters of a line
_PAUSE = 60.0  # seconds in which a complaint is not repeated
_MOST_KINDS = 100  # complaints that are remembered


class LineHandler(logging.Handler):
    """Prints the first line of what is logged, and what was raised, without a traceback."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._printed: dict[tuple[str, str], float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Print a line, unless one of its kind was printed a moment ago."""
        fault = record.exc_info[1] if record.exc_info else None
        kind, now = (str(record.msg), type(fault).__name__), monotonic()
        if now - self._printed.get(kind, -_PAUSE) < _PAUSE:
            return
        if len(self._printed) >= _MOST_KINDS:
            self._printed.clear()
        self._printed[kind] = now
        said = record.getMessage().partition("\n")[0]
        line = f"{said}: {kind[1]}: {fault}" if fault is not None else said
        if sys.stderr is not None:
            with suppress(OSError, ValueError):
                print(make_one_line(f"bptui: {line}", _LONGEST), file=sys.stderr, flush=True)


def print_lines() -> None:
    """Print what libraries log as lines, from now on."""
    logging.basicConfig(handlers=[LineHandler()], force=True)
