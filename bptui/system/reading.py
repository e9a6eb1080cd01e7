"""Read files that the user names: their text and their TOML tables, or every fault in them.

Anything is read quickly or refused: a pipe, a folder, a file of gigabytes, a key of a thousand parts.
"""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

from bptui.core.problem.tables import MOST_FAULTS, Fault, Table, UserError
from bptui.system.confinement import hide_folders, require_inside
from bptui.text.words import clip, make_printable

SESSION_TABLE = "session"  # the table that a session file begins with
SESSION_TABLES = (SESSION_TABLE, "sitting")  # the second in files that older versions wrote
_SESSION_HEADS = tuple(f"[{table}]" for table in SESSION_TABLES)
_LARGEST = 1 << 17  # bytes; a lesson is a page or two
_MOST_DOTS = 200  # in a line: tomllib needs unbounded memory for keys of very many parts
_MOST_KEYS = 50_000  # characters that may begin a key or a table, some 1 KiB and 10 µs each
_MOST_VALUES = 200_000  # commas and line ends, some 1.5 µs each
_LONGEST_NUMBER = 2000  # characters; a digit takes some 100 bytes
_ENDLESS = re.compile(rf"(?<![0-9a-fA-F_])[0-9a-fA-F_]{{{_LONGEST_NUMBER}}}")
_NUMBER = re.compile(r"(?<![\w.])[\d_]+\.[\d_]+(?:[eE][+-]?[\d_]+)?(?![\w.])")  # whose dot does not split a key
_QUOTED = re.compile(  # texts and comments, in which nothing is a key; what is not closed goes on as far as it may
    r"""\"""(?:[^"\\]|\\.|"(?!""))*+(?:""\"|\Z)|'{3}(?:[^']|'(?!''))*+(?:'{3}|\Z)"""
    r"""|"(?:[^"\\\n]|\\[^\n])*+"?|'[^'\n]*+'?|\#[^\n]*+""",
    re.DOTALL,
)
_LONGEST_FAULT = 500  # characters


class LessonError(UserError):
    """A lesson that cannot be read: its source and every fault in it, one per line.

    Attributes:
        source: Where it is from: the path of a file, or a name.
    """

    def __init__(self, source: str, faults: Sequence[Fault | str] | str) -> None:
        source = hide_folders(source)
        found = [faults] if isinstance(faults, str) else list(faults)
        if len(found) > MOST_FAULTS:
            found[MOST_FAULTS:] = ["and more errors"]
        told = (f"{source}: {clip(str(fault), _LONGEST_FAULT)}" for fault in found)
        lines = (line.replace("\n", "\N{REPLACEMENT CHARACTER}") for line in told)
        super().__init__(make_printable("\n".join(lines)))
        self.source = source

    def without_source(self) -> str:
        """Return the faults without the source in front of each line."""
        return "\n".join(line.removeprefix(f"{self.source}: ") for line in str(self).split("\n"))


class IsSessionFileError(LessonError):
    """A session file where a lesson file was expected."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path), f"is a session, not a lesson; open it with `bptui {path}`")
        self.path = path


def describe_other(path: Path) -> str:
    """Return what a path is that is no ordinary file, as the rest of a sentence."""
    return "is a folder, not a file" if path.is_dir() else "is not an ordinary file"


def read_text(path: Path, what: str = "lesson", most: int = _LARGEST) -> str:
    """Read the text of a file, if that can be done quickly.

    Args:
        path: The file.
        what: What it should be, for faults.
        most: The largest size of such a file in bytes.

    Raises:
        IsSessionFileError: If it is a session file but should be something else.
        LessonError: If it is no ordinary file, too large, or not text.
        UserError: If the path leads out of the confinement.
    """
    require_inside(path, reading=True)
    try:
        if not path.is_file():
            raise LessonError(str(path), describe_other(path))
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError as fault:
        raise LessonError(str(path), f"cannot be read: {fault.strerror or fault}") from fault
    if what != SESSION_TABLE and is_session_text(content.decode("utf-8-sig", "replace")):
        raise IsSessionFileError(path)
    if len(content) > most:
        raise LessonError(str(path), f"is larger than {most >> 10} KiB, so it is not a {what}")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise LessonError(str(path), f"is not UTF-8 text (byte {fault.start})") from fault


def is_session_text(text: str) -> bool:
    """Whether a text begins like a session file, whatever follows; see ``bptui.persistence.session_file``."""
    lines = (line.strip() for line in text.splitlines())
    return next((line for line in lines if line and line[0] != "#"), "") in _SESSION_HEADS


def parse_toml(text: str, source: str) -> Table:
    """Parse a file's text as TOML, if that can be done quickly.

    Raises:
        LessonError: If it is not TOML, or too large.
    """
    if too := find_size_fault(text):
        raise LessonError(source, too)
    try:
        table = tomllib.loads(text.replace("\r\n", "\n"))
    except ValueError as fault:  # TOMLDecodeError, or an impossible date
        raise LessonError(source, f"is not TOML: {fault}") from fault
    except RecursionError as fault:
        raise LessonError(source, "is nested too deeply") from fault
    return table


def find_size_fault(text: str) -> str:
    """Return why a TOML text is too large to parse quickly, as a fault; an empty text if it is not."""
    bare = _QUOTED.sub(lambda found: '""' + "\n" * found[0].count("\n"), text)
    if (found := _ENDLESS.search(bare)) is not None:
        place = bare.count("\n", 0, found.start()) + 1
        return f"line {place} has a number or a name of more than {_LONGEST_NUMBER:,} characters, too long to read"
    bare = _NUMBER.sub("0", bare)
    for number, line in enumerate(bare.split("\n"), 1):
        if line.count(".") > _MOST_DOTS:
            return f"line {number} has a key with more than {_MOST_DOTS} dots, too many to read"
    if sum(map(bare.count, "=[{.")) > _MOST_KEYS:
        return f"has more than {_MOST_KEYS:,} keys, lists and tables, too many to read"
    if bare.count(",") + _QUOTED.sub("", text).count("\n") > _MOST_VALUES:
        return f"has more than {_MOST_VALUES:,} lines and values, too many to read"
    return ""
