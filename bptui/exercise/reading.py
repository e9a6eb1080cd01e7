"""Read what is pasted into a cell: a list, a table of lines, or arrays as programs print them.

Numbers stay the texts that they are. A comma may separate numbers or stand for a decimal point; where it can only be a
point, the text is refused, as nobody could see afterwards what was understood.
"""

import re
from typing import NamedTuple

from bptui.core.problem.kinds.array_text import Nested, has_brackets, read_arrays, require_rows
from bptui.text.words import clip

_DECIMAL_COMMA = re.compile(r"[-+−]?[0-9]+,[0-9]+")
_SURE_COMMA = re.compile(r"[-+−]?(?:0,[0-9]{2,}|[0-9]+,[0-9]{4,})")  # no list of two whole numbers looks like that
_NUMBER = re.compile(r"[-+−]?(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:e[-+−]?[0-9]+)?", re.IGNORECASE)
_STATE = re.compile(  # a parameter in torch's state_dict, or as its named_parameters are printed
    r"""(?<![\w.])\(?['"]?(?P<name>[A-Za-z0-9_]+(?:\.\w+)*\.(?:weight|bias))['"]?\s*+[,:]?\s*+
        (?:Parameter\ containing:\s*+)?(?P<array>tensor\((?:(?!tensor\().)*?\](?:,\s*\w+=[^()]{0,200})?\))\)?""",
    re.VERBOSE | re.DOTALL,
)
_MOST_SHOWN = 3  # numbers in a message


class Pasted(NamedTuple):
    """An array that was pasted.

    Attributes:
        name: The name before it; empty if there is none.
        rows: Its numbers as texts, row by row; a list and a single number are one row.
        depth: How deep its lists are: 0 for a single number, 1 for a list, 2 for a matrix.
    """

    name: str
    rows: tuple[tuple[str, ...], ...]
    depth: int


def is_list(text: str) -> bool:
    """Whether a text holds more than one number, as far as its signs say."""
    text = text.strip()
    several = len(re.split(r"[\s;]+|,\s*", text)) > 1
    return has_brackets(text) or "=" in text or (several and not _DECIMAL_COMMA.fullmatch(text))


def read_pasted(text: str) -> list[Pasted]:
    """Return the arrays of a text, at least one.

    Raises:
        ValueError: If it holds anything else; the message says what is wrong.
    """
    if state := [*_STATE.finditer(text)]:
        arrays = [(found["name"], read_pasted(found["array"])) for found in state]
        return [part._replace(name=name) for name, parts in arrays for part in parts]
    if has_brackets(text) or "=" in text or re.search(r"(?<!\w)[0-9]*[a-zA-Z_]\w*\s*:", text):
        try:
            return _join_loose([part for array in read_arrays(text) for part in _split(array.name, array.items)])
        except ValueError as fault:
            raise ValueError(f"must be {fault}") from fault
    lines = text.replace("\\\\", "\n").replace("&", " ").replace(";", "\n").splitlines()
    words = [line.split() for line in lines if line.strip()]
    loose = [word.strip(",") for line in words for word in line]
    if loose and (all(map(_DECIMAL_COMMA.fullmatch, loose)) and _are_points(loose, len(words))):
        shown = " ".join(word.replace(",", ".") for word in loose[:_MOST_SHOWN])
        raise ValueError(f"use points: {shown}{' …' if len(loose) > _MOST_SHOWN else ''}")
    rows = [tuple(word for piece in line for word in piece.split(",") if word) for line in words]
    for word in (word for row in rows for word in row):
        if not _NUMBER.fullmatch(word):
            raise ValueError(f'must be numbers; "{clip(word, 20)}" is none')
    if not any(rows):
        raise ValueError("must be numbers; there are none")
    if len(rows) > 1 and len(rows[0]) > 1 and len(set(map(len, rows))) == 1:
        return [Pasted("", tuple(rows), 2)]
    return [Pasted("", (tuple(word for row in rows for word in row),), 1)]


def _are_points(words: list[str], lines: int) -> bool:
    """Whether the commas in words that all have one are decimal: surely, or as several stand on a line."""
    return any(map(_SURE_COMMA.fullmatch, words)) or (len(words) > lines and lines == 1)


def _split(name: str, items: Nested) -> list[Pasted]:
    """Return an array, or the matrices of a list of matrices."""
    if not isinstance(items, list):
        return [Pasted(name, ((items,),), 0)]
    if not items:
        raise ValueError("numbers in brackets; there are none")
    require_rows(items)
    if not any(isinstance(item, list) for item in items):
        return [Pasted(name, (tuple(map(str, items)),), 1)]
    rows = [row for row in items if isinstance(row, list)]
    if any(isinstance(item, list) for row in rows for item in row):
        return [part for matrix in rows for part in _split(name, matrix)]
    return [Pasted(name, tuple(tuple(map(str, row)) for row in rows), 2)]


def _join_loose(parts: list[Pasted]) -> list[Pasted]:
    """Return arrays with single numbers that have no names as one list, and rows of one length as one matrix."""
    if any(part.name for part in parts) or len(parts) < 2:
        return parts
    if all(part.depth == 0 for part in parts):
        return [Pasted("", (tuple(part.rows[0][0] for part in parts),), 1)]
    if all(part.depth == 1 for part in parts) and len({len(part.rows[0]) for part in parts}) == 1:
        return [Pasted("", tuple(part.rows[0] for part in parts), 2)]
    return parts
