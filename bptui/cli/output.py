"""What commands print: lines on standard output, and how far they are on standard error."""

import sys
from collections.abc import Callable, Iterable


def print_lines(lines: Iterable[str]) -> int:
    """Print lines as they come, with nothing in them that a terminal could obey; return exit status 0."""
    from bptui.text.words import make_printable

    for line in lines:
        print(make_printable(line))
    return 0


def status_line() -> Callable[[str], None]:
    """Return a writer for one status line on standard error, which writes nothing without a terminal."""
    from shutil import get_terminal_size

    def say(text: str) -> None:
        if sys.stderr.isatty():
            print(f"\r\x1b[K{text[: get_terminal_size().columns - 1]}", end="", file=sys.stderr, flush=True)

    return say
