"""Numbers, signs and aligned columns as text, for the command line and the panels alike.

Numbers for people are rounded; ``full`` gives every digit there is.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from math import isfinite, isnan
from typing import Any

_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # what sets the direction of writing
    "\u2028\u2029"  # line ends that are none to most programs
    "\ud800-\udfff]"  # halves of signs, which no terminal can be sent
)
_CLOSE = 0.05  # of a number, that may be lost where there are very few columns for it
_ROOMY, _WIDE = 5, 7  # columns from which a number below 1 has the zero before its point, and a negative one too
LONGEST = 24  # signs that a number has in full
_OF_SINGLE = 9  # digits that tell a float32 from every other


def plain(text: str) -> str:
    """Text without signs that could drive a terminal or turn the order in which it is read; line ends and tabs stay."""
    return text if text.isprintable() else _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text)


def one_line(text: str, most: int | None = None) -> str:
    """Plain text on one line, as a title or a name is, and of so many signs at the most."""
    line = " ".join(plain(text).split())
    return line if most is None else clipped(line, most)


def clipped(text: str, most: int) -> str:
    """Text of so many signs at the most, what is cut off marked as such."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def full(value: Any) -> str:
    """A number with every digit: the shortest text that gives it back as a double."""
    number = float(value)
    return repr(number) if isfinite(number) else word(number)


def json_number(value: Any) -> float | str:
    """A number as JSON has it, in full; one that is not finite as its word."""
    return float(value) if isfinite(value) else full(value)


def word(number: float) -> str:
    """The word for a number that is not finite."""
    return "nan" if isnan(number) else "inf" if number > 0 else "-inf"


def number(value: Any) -> str:
    """A number for people: six decimals where they hold at least three digits of it, else an exponent.

    Zero is "0", so that a value that is exactly nothing can be told from one that is only small.
    """
    n = float(value)
    if not isfinite(n) or n == 0:
        return "0" if n == 0 else word(n)
    return f"{n:.6f}" if 1e-4 <= abs(n) < 1e5 else f"{n:.4e}"


def significant(value: Any, digits: int) -> str:
    """A number with so many significant digits; fewer where it has no more, as 0.5 has not.

    Args:
        value: The number; one in float32 has its own digits, and beyond those the ones of the same double.
        digits: How many, from 1.
    """
    if digits > _OF_SINGLE:
        value = float(value)
    if not isfinite(value):
        return word(float(value))
    mantissa, _, exponent = str(value).partition("e")
    if len(mantissa.lstrip("-").replace(".", "").strip("0")) > digits:
        mantissa, _, exponent = f"{float(value):#.{digits}g}".partition("e")
        mantissa = mantissa.removesuffix(".")
    else:
        mantissa = mantissa.removesuffix(".0")
    return f"{mantissa}e{exponent}" if exponent else mantissa


def own(value: Any) -> str:
    """A number with every digit of its own precision: 0.3 where that is the nearest float32 there is."""
    return significant(value, _OF_SINGLE if getattr(value, "itemsize", 8) == 4 else 17)


def compact(value: Any, width: int, decimals: int = 17) -> str:
    """A number in very few columns; without the zero before its point, where that saves a digit.

    Args:
        value: The number.
        width: Columns there are; a number never loses its size to them, and takes more where it has to.
        decimals: How many at the most.
    """
    n = float(value)
    if not isfinite(n) or n == 0:
        return "0" if n == 0 else word(n)
    off, nearest = 0.5, ""
    for text in _forms(n, width, decimals):
        if len(text) <= width and (by := abs(float(text) / n - 1.0)) < off:
            off, nearest = by, text
            if by <= _CLOSE:
                break
    return nearest or _power(n, 0)


def _forms(n: float, width: int, decimals: int) -> Iterator[str]:
    """What a number may look like in so many columns, the plainest first."""
    first = width - 1 - (width >= _ROOMY) - (width >= _WIDE)
    for places in (*range(min(first, decimals), -1, -1), min(width - 1, decimals)):
        yield _pointed(f"{n:.{places}f}", width)
    for places in range(max(width - 5, 0), -1, -1):
        yield _power(n, places)


def _pointed(text: str, width: int) -> str:
    """A number without the zero before its point, where it has one and there is no room for it."""
    return text if len(text) <= width else re.sub(r"^(-?)0\.", r"\1.", text)


def _power(n: float, decimals: int) -> str:
    """A number with a power of ten in as few signs as it takes: 1.2e-5."""
    mantissa, exponent = f"{n:.{decimals}e}".split("e")
    return f"{mantissa}e{int(exponent)}"


def signed(value: Any, width: int = 5) -> str:
    """A short number that always shows its sign, for the labels of weights.

    Args:
        value: The number.
        width: Columns there are, 5 or more; what is too small to be told from zero in them is told as +0.00, and only
            a number from 1e100 on takes one more.
    """
    n = float(value)
    if not isfinite(n) or n == 0:
        return "0" if n == 0 else word(n)
    for decimals in range(width - 3, -1, -1):
        text = f"{n:+.{decimals}f}"
        if len(text) <= width and abs(float(text) / n - 1.0) < 0.5:
            return text
    text = ("+" if n > 0 else "") + _power(n, 0)
    return text if len(text) <= width or abs(n) > 1 else f"{n:+.{width - 3}f}"


def percent(part: float) -> str:
    """A part of something in per cent, to two digits or more: 0.3 is 30 %, 0.058 is 5.8 %, 41.87 is 4,187 %."""
    hundredths = 100.0 * part
    return f"{hundredths:,.0f} %" if abs(hundredths) >= 9.95 else f"{hundredths:.2g} %"


def counted(count: int, what: str) -> str:
    """So many of something: 1 input, 2 inputs."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def listed(words: Sequence[str]) -> str:
    """One thing, two, or some, as a sentence names them."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1] if words else "")))


def csv_line(cells: Sequence[str]) -> str:
    """Cells as a line of comma-separated values."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()


def columns(rows: Sequence[Sequence[str]], left: int = 1) -> list[str]:
    """Rows of cells as lines, the first ``left`` columns to the left, the others to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [c.ljust(w) if i < left else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))]
        lines.append("  ".join(cells).rstrip())
    return lines


def wrapped(formula: str, width: int, indent: int) -> list[str]:
    """A formula on lines of a width, broken between its outermost terms or factors, where that is possible.

    Args:
        formula: The text, with a space around signs and · or * between factors.
        width: Columns a line may have.
        indent: Columns every line but the first is set in.
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


def outer_terms(formula: str) -> list[str]:
    """The terms of a sum, without the plus signs between them; those inside parentheses or braces stay."""
    terms, depth, start = [], 0, 0
    for i, sign in enumerate(formula):
        depth += (sign in "([{") - (sign in ")]}")
        if not depth and formula.startswith(" + ", i):
            terms.append(formula[start:i])
            start = i + 3
    return [*terms, formula[start:]]
