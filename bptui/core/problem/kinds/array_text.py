"""Read arrays as programs print them: nested lists with or without commas, and the names and words around them.

A number stays the text that was printed, so that its digits keep what they claim. For a text that cannot be read, the
message of the ``ValueError`` says what is allowed and continues the words "must be", as in ``setting_kinds``.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

Nested: TypeAlias = "str | list[Nested]"

_DEEPEST = 3  # lists in each other: matrices, their rows, their numbers
_LONGEST = 100_000  # characters: a network's weights with all their digits take some 3,000
_SHOWN = 20  # characters of a refused word
_BRACKETS = "[]()"
_CLOSING = {"[": "]", "(": ")"}
# No digit is given back (++), or a long number that ends in a letter takes seconds
_NUMBER = r"[-+−–]?(?:(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:e[-+−–]?[0-9]++)?|nan|inf(?:inity)?)(?![\w.])"
_TOKEN = rf"""
      (?P<number>{_NUMBER})
    | (?P<dots>\.\.\.|…)
    | (?P<about>Parameter\ containing:)
    | (?P<name>[a-z_][\w.]*)\s*[=:]
    | (?P<call>(?:[a-z_]\w*\.)*(?:array|tensor|matrix|parameter|float[0-9]+|int[0-9]+)\()
    | (?P<keyword>,\s*(?:dtype|device|requires_grad|grad_fn|shape|size)\s*=\s*(?:'[^']*'|<[^<>]*>|\([^()]*\)|[\w.]+))
    | (?P<turned>(?-i:\.T\b))
    | (?P<open>[\[(])
    | (?P<close>[\])])
    | (?P<between>[\s,]+)
    | (?P<other>[^\s,\[\]()]+)
"""


class PrintedArray(NamedTuple):
    """An array as a program printed it.

    Attributes:
        name: The name before it, as in ``W1 = ...``; empty if there is none.
        items: Its numbers as texts, in lists as they were printed: row by row for a matrix.
    """

    name: str
    items: Nested


class _Bracket(NamedTuple):
    """An open bracket, the word before it (empty for a list), and what has come since."""

    sign: str
    call: str
    items: list[Nested]


def has_brackets(text: str) -> bool:
    """Whether a text is more than numbers with commas or spaces in between."""
    return any(sign in text for sign in _BRACKETS)


def read_arrays(text: str) -> list[PrintedArray]:
    """Read the arrays of a text, one after the other.

    Accepted are the forms that Python, NumPy and torch print: lists, ``array(..)``, ``tensor(..)``, and names before
    them. Parentheses are as good as square brackets. ``.T`` behind a matrix turns it on its side, as in a program.

    Raises:
        ValueError: If a bracket has no partner, rows differ in length, numbers were left out, or anything else is
            there; the message says what is allowed.
    """
    if len(text) > _LONGEST:
        raise ValueError(f"a text of at most {_LONGEST:,} characters")
    found, name, open_ = list[PrintedArray](), "", list[_Bracket]()
    for kind, sign in _split(text):
        if kind == "name" and not open_ and not name:
            name = sign
        elif kind in ("open", "call"):
            _require_depth(open_)
            open_.append(_Bracket(sign[-1], sign[:-1], []))
        elif kind == "number" or kind == "close":
            item = sign if kind == "number" else _close(open_, sign)
            if open_:
                open_[-1].items.append(item)
            else:
                require_rows(item)
                found.append(PrintedArray(name, item))
                name = ""
        elif kind == "turned" and found and not open_ and not name:
            found[-1] = found[-1]._replace(items=_turn(found[-1].items))
        elif kind != "keyword" or not open_ or not open_[-1].call:
            raise ValueError(_describe_other(kind, sign))
    if open_:
        raise ValueError(f"a list with matching brackets; {' and '.join(_list_missing(open_))} missing at the end")
    if name or not found:
        raise ValueError(f"an array after each name; nothing follows {name}" if name else "a list of numbers")
    return found


def find_numbers(text: str) -> list[tuple[int, int]]:
    """Return where the numbers of a text begin and end, in the order of ``read_arrays``."""
    pieces = (piece for piece in _find_tokens(text) if piece.lastgroup == "number")
    return [piece.span() for piece in pieces]


def _split(text: str) -> Iterator[tuple[str, str]]:
    """Yield the kind and the text of each piece that says something."""
    for piece in _find_tokens(text):
        kind = piece.lastgroup or ""
        if kind not in ("between", "about"):
            yield kind, piece[kind]


def _find_tokens(text: str) -> Iterator[re.Match[str]]:
    """Return the pieces of a text; the pattern is compiled when the first array is read."""
    return re.finditer(_TOKEN, text, re.VERBOSE | re.IGNORECASE)


def _close(open_: list[_Bracket], sign: str) -> Nested:
    """Take the innermost bracket away and return what it holds."""
    if not open_:
        raise ValueError(f'a list with matching brackets; a "{sign}" has no opening bracket')
    last = open_.pop()
    if sign != _CLOSING[last.sign]:
        raise ValueError(f'a list with matching brackets; a "{last.sign}" is closed by "{sign}"')
    if not last.call:
        return last.items
    if len(last.items) != 1:
        raise ValueError(f"one array in {last.call}(..), not {len(last.items)}")
    return last.items[0]


def _turn(items: Nested) -> Nested:
    """Return a matrix with its columns as rows; a list of numbers stays as it is, as in NumPy."""
    if not isinstance(items, list) or not any(isinstance(row, list) for row in items):
        return items
    rows = [row for row in items if isinstance(row, list)]
    if any(isinstance(item, list) for row in rows for item in row):
        raise ValueError("a matrix before .T")
    return [list(column) for column in zip(*rows, strict=True)]


def _require_depth(open_: Sequence[_Bracket]) -> None:
    if sum(not bracket.call for bracket in open_) > _DEEPEST or len(open_) > 3 * _DEEPEST:
        raise ValueError(f"lists at most {_DEEPEST} levels deep: matrices, rows and numbers")


def _list_missing(open_: Sequence[_Bracket]) -> Iterator[str]:
    """Yield what has to close the open brackets, with its verb after the last."""
    signs = [_CLOSING[bracket.sign] for bracket in reversed(open_)]
    counts = [f'{signs.count(sign)} "{sign}"' for sign in dict.fromkeys(signs)]
    yield from counts[:-1]
    yield f"{counts[-1]} {'is' if len(signs) == 1 else 'are'}"


def _describe_other(kind: str, sign: str) -> str:
    if kind == "dots":
        return f'the whole array; "{sign}" leaves out numbers'
    shown = sign if len(sign) <= _SHOWN else f"{sign[: _SHOWN - 1]}…"
    return f'numbers in brackets; "{shown.lstrip(", ")}" is not a number'


def require_rows(items: Any, level: int = 1) -> None:
    """Refuse nested lists that hold no matrices: rows of different lengths, or rows beside numbers.

    Args:
        items: What is no list counts as a number.
        level: How deep the list stands in others, from 1.

    Raises:
        ValueError: With what is allowed.
    """
    if not isinstance(items, list):
        return
    if level > _DEEPEST:
        raise ValueError(f"lists at most {_DEEPEST} levels deep: matrices, rows and numbers")
    nested = [item for item in items if isinstance(item, list)]
    if nested and len(nested) < len(items):
        raise ValueError("either numbers or rows in a pair of brackets, not both")
    for item in nested:
        require_rows(item, level + 1)
    for place, row in enumerate(nested, 1):
        if not row:
            raise ValueError(f"rows with numbers; row {place} is empty")
    if nested and not any(isinstance(item, list) for row in nested for item in row):
        for place, row in enumerate(nested, 1):
            if len(row) != len(nested[0]):
                raise ValueError(
                    f"rows of equal length; row 1 has length {len(nested[0])}, row {place} has length {len(row)}"
                )


def convert(items: Nested, number: Callable[[str], object]) -> Any:
    """Return the same lists with each number's text converted."""
    return [convert(item, number) for item in items] if isinstance(items, list) else number(items)
