"""The output of commands: lines on standard output, and their progress on standard error."""

import sys
from collections.abc import Callable, Iterable


def print_lines(lines: Iterable[str]) -> int:
    """Print lines as they come, without control characters that a terminal could obey; return exit status 0."""
    from bptui.text.words import make_printable

    for line in lines:
        print(make_printable(line))
    return 0


def print_faults(faults: str) -> None:
    """Print errors or hints, a line each, on standard error."""
    print(format_faults(f"bptui: {faults}".replace("\n", "\nbptui: ")), file=sys.stderr)


def format_faults(faults: str) -> str:
    """Return errors without what is endless in them, and without control characters that a terminal could obey."""
    from bptui.text.words import clip_endless, make_printable

    return make_printable(clip_endless(faults))


def make_status_line() -> Callable[[str], None]:
    """Return a writer for one status line on standard error; without a terminal it writes nothing."""
    from shutil import get_terminal_size

    def say(text: str) -> None:
        if sys.stderr.isatty():
            print(f"\r\x1b[K{text[: get_terminal_size().columns - 1]}", end="", file=sys.stderr, flush=True)

    return say
