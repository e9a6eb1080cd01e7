"""The layout of a program's lines: numbers with all digits, and long lines broken inside brackets."""

from collections.abc import Iterable, Sequence
from functools import partial
from math import isfinite
from textwrap import wrap

MAX_COLUMNS = 59  # of a line that can be broken: two programs fit side by side in 120
INDENT = " " * 4
_DEEP = 32  # columns before a bracket beyond which its lines are not aligned below it
_wrap_code = partial(wrap, width=MAX_COLUMNS, break_long_words=False, break_on_hyphens=False)


def format_numbers(values: Iterable[float]) -> str:
    """Return numbers with all digits, separated by commas."""
    return ", ".join(repr(v) if isfinite(v) else f'float("{v}")' for v in map(float, values))


def _mark_breaks(text: str) -> str:
    """Replace each space by NUL except where a line may end.

    A line may end after a comma or before a plus sign, outside every bracket that the text itself opens.
    """
    signs, depth, outermost = [], 0, 0
    for place, sign in enumerate(text):
        depth += (sign in "([") - (sign in ")]")
        outermost = min(depth, outermost)
        ends = depth == outermost and (text[place - 1] == "," or text[place + 1 : place + 2] == "+")
        signs.append("\0" if sign == " " and not ends else sign)
    return "".join(signs)


def break_line(head: str, rest: str) -> list[str]:
    """Return a line whose head ends with an opening bracket, broken inside the bracket if it is too long."""
    deep = len(head) > _DEEP and len(head + rest) > MAX_COLUMNS
    first = " " * (len(head) - len(head.lstrip())) + INDENT if deep else head
    lines = _wrap_code(_mark_breaks(rest), initial_indent=first, subsequent_indent=" " * len(first))
    return [line.replace("\0", " ") for line in ([head, *lines] if deep else lines)]


def break_assignment(names: str, value: str) -> list[str]:
    """Return an assignment in the loop; a long one is broken inside the value's own brackets, or inside added ones."""
    line = f"{INDENT}{names} = {value}"
    if len(line) <= MAX_COLUMNS:
        return [line]
    if " " in _mark_breaks(value):
        return break_line(f"{INDENT}{names} = (", f"{value})")
    opened = [place for place, sign in enumerate(line, 1) if sign == "(" and " " in _mark_breaks(line[place:])]
    return break_line(line[: opened[0]], line[opened[0] :]) if opened else [line]


def lay_out_matrix(head: str, rows: Sequence[str], tail: str) -> list[str]:
    """Return a statement with a matrix, a line for each row, which is broken if it is too long.

    Args:
        head: What comes before the first row, with an opening bracket at its end.
        rows: The numbers of each row.
        tail: What comes after the bracket of the last row.
    """
    if max(map(len, rows)) + len(f"{head}[]{tail}") <= MAX_COLUMNS:
        first, *others = (f"[{row}]" for row in rows)
        lines = [f"{head}{first}", *(f"{' ' * len(head)}{row}" for row in others)]
        return [*(f"{line}," for line in lines[:-1]), f"{lines[-1]}{tail}"]
    return [head, *(line for row in rows for line in break_line(f"{INDENT}[", f"{row}],")), tail]
