"""The output of commands: lines on standard output, and their progress on standard error."""

import sys
from collections.abc import Callable, Iterable


def print_lines(lines: Iterable[str]) -> int:
    """Print lines as they come, without control characters that a terminal could obey; return exit status 0."""
    from bptui.text.words import make_printable

    for line in lines:
        print(make_printable(line))
    return 0


def make_status_line() -> Callable[[str], None]:
    """Return a writer for one status line on standard error; without a terminal it writes nothing."""
    from shutil import get_terminal_size

    def say(text: str) -> None:
        if sys.stderr.isatty():
            print(f"\r\x1b[K{text[: get_terminal_size().columns - 1]}", end="", file=sys.stderr, flush=True)

    return say
