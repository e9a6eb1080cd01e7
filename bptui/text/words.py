"""Format words, lines and aligned columns as text, for the command line and the panels.

Text from outside is made printable before it is shown: it could contain control sequences for the terminal.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from itertools import accumulate, takewhile

_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # characters that set the writing direction
    "\u2028\u2029"  # line ends that most programs do not treat as such
    "\ud800-\udfff]"  # surrogates, which cannot be encoded
)
_LONG_WORD = re.compile(r"\S{100,}")
_ENDLESS_WORD = re.compile(r"\S{400,}")  # longer than most paths
_ENDLESS_LINE = 2000  # characters, more than the names of all quantities of most lessons
_LONGEST_WORD, _LONGEST_LINE = 80, 600  # characters in an error


def make_printable(text: str) -> str:
    """Replace characters that control a terminal or change the reading order; line ends and tabs stay."""
    return text if text.isprintable() else _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text)


def make_one_line(text: str, most: int | None = None) -> str:
    """Return printable text on one line, as for a title or a name, cut to a length if one is given."""
    line = " ".join(make_printable(text).split())
    return line if most is None else clip(line, most)


def clip(text: str, most: int) -> str:
    """Cut a text to a length, with an ellipsis as its last character if it was longer."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def clip_middle(text: str, most: int) -> str:
    """Cut a text to a length in its middle, so that its beginning and its end stay."""
    behind = most // 2
    return text if len(text) <= most else f"{text[: most - behind - 1]}…{text[-behind:]}"


def count_cells(text: str) -> int:
    """Return how many columns of a terminal a text takes: wide letters take two, combining marks none."""
    return len(text) if text.isascii() else sum(map(_count_sign_cells, text))


def _count_sign_cells(sign: str) -> int:
    if unicodedata.combining(sign) or unicodedata.category(sign) in ("Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in ("W", "F") else 1


def clip_cells(text: str, most: int) -> str:
    """Cut a text to some columns of a terminal, with an ellipsis as its last character if it was wider."""
    if count_cells(text) <= most:
        return text
    columns = accumulate(map(_count_sign_cells, text))
    kept = sum(1 for _ in takewhile(lambda column: column < most, columns))
    return f"{text[:kept]}…" if most > 0 else ""


def pad_cells(text: str, width: int, left: bool = True) -> str:
    """Fill a text up to some columns of a terminal, at the left side of them or at the right."""
    fill = " " * max(width - count_cells(text), 0)
    return text + fill if left else fill + text


def format_count(count: int, what: str) -> str:
    """Format a count with its noun: 1 input, 2 inputs."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def join_words(words: Sequence[str], most: int | None = None) -> str:
    """Join words as in a sentence, with "and" before the last; beyond ``most`` words the others are only counted."""
    if most is not None and len(words) > most:
        words = [*words[:most], f"{len(words) - most:,} more"]
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1] if words else "")))


def shorten_faults(faults: str, most: int, hint: str = "") -> str:
    """Return the first errors, a line each, and how many more there are.

    A long name or number in an error is cut in its middle, and so is a long error, so that its reason can be seen.

    Args:
        faults: The errors, a line each.
        most: How many are told.
        hint: What follows the count of the others.
    """
    lines = faults.split("\n")
    more = [f"and {len(lines) - most:,} more{hint}"] if len(lines) > most else []
    shown = [clip_middle(_clip_words(line, _LONG_WORD), _LONGEST_LINE) for line in lines[:most]]
    return "\n".join([*shown, *more])


def clip_endless(text: str) -> str:
    """Cut what is endless in a text in its middle: words that are longer than a path, and lines of thousands of words.

    Such a word is a number of thousands of digits.
    """
    return "\n".join(clip_middle(_clip_words(line, _ENDLESS_WORD), _ENDLESS_LINE) for line in text.split("\n"))


def _clip_words(text: str, long: re.Pattern[str]) -> str:
    return long.sub(lambda word: clip_middle(word[0], _LONGEST_WORD), text)


def format_csv_line(cells: Sequence[str]) -> str:
    """Format cells as a line of comma-separated values."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()


def align_columns(rows: Sequence[Sequence[str]], left: int = 1) -> list[str]:
    """Align rows of cells as lines: the first ``left`` columns to the left, the others to the right."""
    widths = [max(count_cells(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [pad_cells(cell, width, i < left) for i, (cell, width) in enumerate(zip(row, widths, strict=True))]
        lines.append("  ".join(cells).rstrip())
    return lines


def wrap_formula(formula: str, width: int, indent: int) -> list[str]:
    """Wrap a formula to a width, breaking between its outermost terms or factors if possible.

    Args:
        formula: The text, with spaces around signs, and · or * between factors.
        width: The columns of a line.
        indent: The indentation of every line but the first.
    """
    lines: list[str] = []
    while len(formula) > width:
        depth, breaks = 0, []
        for i, sign in enumerate(formula[: width + 1]):
            if i >= width // 2 and (sign == " " or formula[i - 1] in "·*"):
                breaks.append((depth, sign != " " or formula[i - 1] in "+-−=", -i))
            depth += (sign in "([{") - (sign in ")]}")
        at = -min(breaks)[2] if breaks else width
        lines.append(formula[:at].rstrip())
        formula = " " * indent + formula[at:].lstrip()
    return [*lines, formula]


def split_terms(formula: str) -> list[str]:
    """Return the terms of a sum without the plus signs between them; parentheses and braces stay whole."""
    terms, depth, start = [], 0, 0
    for i, sign in enumerate(formula):
        depth += (sign in "([{") - (sign in ")]}")
        if not depth and formula.startswith(" + ", i):
            terms.append(formula[start:i])
            start = i + 3
    return [*terms, formula[start:]]
