"""Files that somebody gives: their text and the TOML tables in it, or what is wrong with them.

Whatever is given is read in no time or refused: a pipe, a folder, a file of gigabytes, keys of a thousand parts.
"""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

from bptui.core.problem.tables import MOST_FAULTS, Fault, Table, UserError
from bptui.system.confinement import require_inside
from bptui.text.words import clipped, plain

SITTING = "sitting"  # the table that a sitting's file begins with
_LARGEST = 1 << 17  # bytes; a lesson is a page or two
_MOST_DOTS = 200  # in a line: keys of very many parts cost the TOML reader all the memory there is
_MOST_KEYS = 50_000  # signs that may make a key or a table, some 1 KiB and 10 µs each
_MOST_VALUES = 200_000  # commas and line ends, some 1.5 µs each
_ENDLESS = re.compile(r"(?<![0-9a-fA-F_])[0-9a-fA-F_]{2000}")  # a number, some 100 bytes a digit
_NUMBER = re.compile(r"(?<![\w.])\d+\.\d+(?:[eE][+-]?\d+)?(?![\w.])")  # whose dot is no key's
_LONGEST_FAULT = 500  # signs


class LessonError(UserError):
    """A lesson that cannot be had: where it should be, and everything that is wrong with it, a line each."""

    def __init__(self, source: str, faults: Sequence[Fault | str] | str) -> None:
        found = [faults] if isinstance(faults, str) else list(faults)
        if len(found) > MOST_FAULTS:
            found[MOST_FAULTS:] = ["and there is more"]
        told = (f"{source}: {clipped(str(fault), _LONGEST_FAULT)}" for fault in found)
        lines = (line.replace("\n", "\N{REPLACEMENT CHARACTER}") for line in told)
        super().__init__(plain("\n".join(lines)))


class IsSittingError(LessonError):
    """A sitting's file where a lesson's was wanted."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path), f"is a sitting, not a lesson: `bptui {path}` opens it")
        self.path = path


def read_text(path: Path, what: str = "lesson", most: int = _LARGEST) -> str:
    """The text of a lesson file, if it is one that can be read in no time.

    Args:
        path: The file.
        what: What it is to be, for faults.
        most: How many bytes that has at the most.

    Raises:
        IsSittingError: If it is a sitting, and was to be something else.
        LessonError: If it is no ordinary file, too large, or no text.
        UserError: If it leads out of where paths are confined to.
    """
    require_inside(path, reading=True)
    try:
        if not path.is_file():
            raise LessonError(str(path), "is not an ordinary file")
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError as fault:
        raise LessonError(str(path), f"cannot be read: {fault.strerror or fault}") from fault
    if what != SITTING and is_sitting(content.decode("utf-8-sig", "replace")):
        raise IsSittingError(path)
    if len(content) > most:
        raise LessonError(str(path), f"is larger than {most >> 10} KiB, so it is no {what}")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise LessonError(str(path), f"is not UTF-8 text (byte {fault.start})") from fault


def is_sitting(text: str) -> bool:
    """Whether a file's text begins as a sitting's, whatever comes then; see ``bptui.persistence.session_file``."""
    lines = (line.strip() for line in text.splitlines())
    return next((line for line in lines if line and line[0] != "#"), "") == f"[{SITTING}]"


def toml(text: str, source: str) -> Table:
    """The tables of a file's text, if it is TOML that can be read in no time.

    Raises:
        LessonError: If it is not.
    """
    if too := too_much(text):
        raise LessonError(source, too)
    try:
        table = tomllib.loads(text.replace("\r\n", "\n"))
    except ValueError as fault:  # TOMLDecodeError, or a date that is none
        raise LessonError(source, f"is not TOML: {fault}") from fault
    except RecursionError as fault:
        raise LessonError(source, "is nested too deeply") from fault
    return table


def too_much(text: str) -> str:
    """What a TOML text has more of than can be read in no time, as a fault; nothing if there is no such thing."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") > _MOST_DOTS:
            return f"line {number} has more than {_MOST_DOTS} dots, more than can be read"
    if sum(map(text.count, "=[{.")) > _MOST_KEYS and sum(map(_NUMBER.sub("", text).count, "=[{.")) > _MOST_KEYS:
        return f"has more than {_MOST_KEYS:,} keys and tables, more than can be read"
    if text.count(",") + text.count("\n") > _MOST_VALUES:
        return f"has more than {_MOST_VALUES:,} lines and values, more than can be read"
    if _ENDLESS.search(text):
        return "has a number of more digits than can be read"
    return ""
