"""Read what is pasted into a cell: a list, a table of lines, or arrays as programs print them.

Numbers stay the texts that they are. A comma may separate numbers or stand for a decimal point; where it can only be a
point, as in a table whose columns are apart otherwise, the text is refused: nobody could see afterwards what was
understood. Pairs of 0 and 1 are samples.
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
_DASH = re.compile(r"(?<![\w.)\]])–(?=\.?[0-9])")  # for a minus, as word processors write it
_MATRIX = re.compile(r"\\begin\{(\w*matrix|array)\}(?:\{[lcr|]*\})?(.*?)\\end\{\1\}", re.DOTALL)  # of LaTeX
_BRACED = re.compile(r"(?<=[A-Za-z_])\^?[{(\[]{1,2}([a-z]?[0-9]{1,3})[})\]]{1,2}(?=\s*=)")  # W^{(1)} =, b_{h1} =
_COMMENT = re.compile(  # of Python and of MATLAB; a percent sign behind a number is none
    r"#[^\n]*|(?:^|(?<=[;\])]))[^\S\n]*%[^\n]*|(?<![0-9])%(?=[^\S\n]*[^\W\d_])[^\n]*", re.MULTILINE
)
_SUBSCRIPTS = {0x2080 + digit: str(digit) for digit in range(10)}
_NAMED_COMMA = re.compile(r"([^\W\d]\w*\s*[=:]\s*)([-+−]?[0-9]+,[0-9]+)(?![\w.,])")
_ROWS = re.compile(r"[\[(]([^\[\]()]*;[^\[\]()]*)[\])]")  # of MATLAB, with semicolons in between
_NAME = re.compile(r"[^\W\d]\w*")


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
    text = _write_plainly(text)
    if state := [*_STATE.finditer(text)]:
        arrays = [(found["name"], read_pasted(found["array"])) for found in state]
        return [part._replace(name=name) for name, parts in arrays for part in parts]
    if has_brackets(text) or "=" in text or re.search(r"(?<!\w)[0-9]*[a-zA-Z_]\w*\s*:", text):
        if comma := _NAMED_COMMA.search(text):
            raise ValueError(f"use a point: {comma[1]}{comma[2].replace(',', '.')}, or brackets around a list")
        try:
            printed = read_arrays(text.replace(";", " "))
            return _join_loose([part for array in printed for part in _split(array.name, array.items)])
        except ValueError as fault:
            raise ValueError(f"must be {fault}") from fault
    return _read_table(text)


def _write_plainly(text: str) -> str:
    """Return a text without comments, with plain names, and with matrices of LaTeX and MATLAB in brackets."""
    text = _COMMENT.sub("", _DASH.sub("−", text.translate(_SUBSCRIPTS)))
    text = _BRACED.sub(r"\1", text)
    text = _ROWS.sub(lambda found: _write_matrix(found[1], ";"), text)
    return _MATRIX.sub(lambda found: _write_matrix(found[2].replace("&", " "), "\\\\"), text)


def _read_table(text: str) -> list[Pasted]:
    """Return the numbers of a text without brackets: a list, a matrix, or names and numbers.

    Raises:
        ValueError: See ``read_pasted``.
    """
    rows = _split_rows(text)
    if points := _find_points(rows):
        raise ValueError(f"use points: {points}")
    if named := _read_names([piece for row in rows for word in row for piece in word.split(",") if piece]):
        return named
    numbers = [tuple(piece for word in row for piece in word.split(",") if piece) for row in rows]
    for word in (word for row in numbers for word in row):
        if not _NUMBER.fullmatch(word):
            raise ValueError(f'"{clip(word, 20)}" is not a number')
    if not any(numbers):
        raise ValueError("there are no numbers to paste")
    if len(numbers) > 1 and len(numbers[0]) > 1 and len(set(map(len, numbers))) == 1:
        return [Pasted("", tuple(numbers), 2)]
    return [Pasted("", (tuple(word for row in numbers for word in row),), 1)]


def _split_rows(text: str) -> list[list[str]]:
    """Return the words of each row; a semicolon ends a row, or a column of a table of several lines."""
    text = text.replace("\\\\", "\n").translate(dict.fromkeys(map(ord, "&|│"), " "))
    lines = [line for line in text.splitlines() if line.strip()]
    cells = [[cell.split() for cell in line.split(";")] for line in lines]
    if len(lines) > 1 and all(len(row) > 1 and len(cell) < 2 for row in cells for cell in row):
        return [[word for cell in row for word in cell] for row in cells]
    return [cell for row in cells for cell in row if cell]


def _find_points(rows: list[list[str]]) -> str:
    """Return the first numbers with points in place of commas that can only be decimal; empty if none is."""
    words = [word.strip(",") for row in rows for word in row]
    commas = [word for word in words if _DECIMAL_COMMA.fullmatch(word)]
    digits = {digit for word in words for digit in word if digit.isalnum()}
    mixed = len(words) != len(commas) or len(words) > len(rows)
    if not commas or not (any(map(_SURE_COMMA.fullmatch, commas)) or (mixed and not digits <= {"0", "1"})):
        return ""
    shown = " ".join(word.replace(",", ".") if word in commas else word for word in words[:_MOST_SHOWN])
    return f"{shown}{' …' if len(words) > _MOST_SHOWN else ''}"


def _read_names(words: list[str]) -> list[Pasted]:
    """Return the numbers of words that are each a name and its number; none if they are not."""
    names, numbers = words[::2], words[1::2]
    if not numbers or len(names) != len(numbers):
        return []
    if not (all(map(_NAME.fullmatch, names)) and all(map(_NUMBER.fullmatch, numbers))):
        return []
    return [Pasted(name, ((number,),), 0) for name, number in zip(names, numbers, strict=True)]


def _write_matrix(text: str, between: str) -> str:
    """Return a matrix with something else between its rows as lists in brackets."""
    return f"[{' '.join(f'[{row}]' for row in text.split(between) if row.strip())}]"


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
