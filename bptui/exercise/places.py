"""Find where pasted arrays with names belong: ``W1``, ``b_o``, ``fc2.weight``, ``X``, ``t1``.

Only what is known for certain has a place. A name that may mean anything else, such as E or new_W1, has none; nor has
the name of a cell that other sizes would have, such as y2 where there is one output.
"""

import re
from collections.abc import Iterable, Sequence

from bptui.core.problem.layer_keys import HIDDEN_KEYS, OUTPUT
from bptui.exercise.cells import BIASES, INPUTS, TARGETS, WEIGHTS, Cell, Group, Shape
from bptui.exercise.reading import Pasted

_SAID = ": nothing was filled"
_LAYERS = {  # the words that say which layer an array leads into, or belongs to
    **dict.fromkeys(("h", "hidden", "ih", "xh"), HIDDEN_KEYS[0]),
    **dict.fromkeys(("o", "out", "output", "ho", "hy"), OUTPUT),
}
_WORDS = "|".join(_LAYERS)
_OF_LAYER = rf"_?(?:(?P<number>\d{{1,3}})|(?P<word>{_WORDS}))?"
_MODULE = rf"(?:[a-z_]+\.)*(?:(?P<word>{_WORDS})|[a-z_]*(?P<number>\d{{1,3}})|[a-z_]*)"  # of torch
_KINDS = (
    (WEIGHTS, re.compile(rf"(?:w|weights?|syn){_OF_LAYER}")),
    (WEIGHTS, re.compile(rf"{_MODULE}\.weights?")),
    (BIASES, re.compile(rf"(?:b|bias(?:es)?){_OF_LAYER}")),
    (BIASES, re.compile(rf"{_MODULE}\.bias(?:es)?")),
    (INPUTS, re.compile(r"x|inputs?|x_?train|(?:training|train)_inputs?")),
    (TARGETS, re.compile(r"y|t|targets?|y_?train|labels?|(?:training|train)_(?:outputs?|targets?)")),
)
_CELL = re.compile(r"(w|[xX]|[iI]|[iI]nput|[yY]|[tT]|[tT]arget|b|b_[ho])_?(\d+)")  # W2 is a matrix
_LETTERS = {"i": "x", "input": "x", "t": "y", "target": "y"}  # in books, and here


class Places:
    """Where each of several arrays belongs: by its name, or behind the one before it."""

    def __init__(self, shape: Shape, parts: Sequence[Pasted]) -> None:
        self._shape = shape
        self._numbers = sorted(set(_list_numbers(part.name for part in parts)))
        self._used = list[Group]()

    def find(self, part: Pasted) -> tuple[Group, Cell | None]:
        """Return the group of an array, and the cell if it is the name of one.

        Raises:
            ValueError: If it belongs nowhere.
        """
        if part.depth < 2 and (named := self._find_cell(part)):
            return named
        if not part.name:
            kind, number, word = WEIGHTS if part.depth == 2 or not self._shape.biased else BIASES, "", ""
        else:
            kind, number, word = _read_name(part.name)
        if not kind:
            raise ValueError(f"{part.name} is not the name of a cell here{_SAID}")
        keys = self._shape.layer_keys
        groups = [group for group in self._shape.groups if group.kind == kind]
        if part.depth == 1 and groups[1:] and len(part.rows[0]) == sum(len(group.cells) for group in groups):
            return groups[0], groups[0].cells[0]  # a list of all of them
        if word:
            groups = [group for group in groups if group.layer == _LAYERS[word]]
        elif number:
            groups = [group for group in groups if keys.index(group.layer) == self._find_layer(int(number))]
        found = next((group for group in groups if group not in self._used), None)
        if found is None:
            raise ValueError(f"there is no place for {part.name or 'the last array'} here{_SAID}")
        self._used.append(found)
        return found, None

    def _find_cell(self, part: Pasted) -> tuple[Group, Cell | None] | None:
        """Return the cell of a name, with its group; None if it is no name of a cell.

        Raises:
            ValueError: If it is one only with other sizes.
        """
        by_name, is_single = {cell.name: cell for cell in self._shape.cells}, part.depth == 0
        written = _CELL.fullmatch(part.name)
        letter = written[1].lower() if written else ""
        alias = f"{_LETTERS.get(letter, letter)}{written[2]}" if written and is_single else ""
        cell = by_name.get(part.name) or by_name.get(alias)
        if cell is None:
            if written and letter != "b" and (is_single or letter.startswith("b_")):
                raise ValueError(f"there is no cell {part.name} here{_SAID}")
            return None
        group = self._shape.find_group(cell.key)
        assert group is not None
        return group, cell

    def _find_layer(self, number: int) -> int:
        """Return the place of the layer with a number, counted from 1, from 0, or as in torch's Sequential: 0, 2, 4."""
        if 0 not in self._numbers:
            return number - 1
        return number if self._numbers[-1] < len(self._shape.layer_keys) else self._numbers.index(number)


def _read_name(name: str) -> tuple[str, str, str]:
    """Return the kind of the cells that a name stands for, and the number or the word of its layer; else nothing."""
    for kind, pattern in _KINDS:
        if found := pattern.fullmatch(name.lower()):
            groups = found.groupdict()
            return kind, groups.get("number") or "", groups.get("word") or ""
    return "", "", ""


def _list_numbers(names: Iterable[str]) -> Iterable[int]:
    return (int(number) for _, number, _ in map(_read_name, names) if number)
