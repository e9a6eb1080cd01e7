"""Keep what fits where sizes change in a form that has a text for each list, as the settings have.

Every number is remembered by what it is for, as in a draft. A number that is not known is ``?`` until it is filled in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from typing import Any

from bptui.core.problem.kinds.array_kinds import find_matrix_sizes, fits_size
from bptui.core.problem.kinds.array_text import convert, has_brackets, read_arrays
from bptui.core.problem.layer_keys import biases_of
from bptui.core.problem.spec import list_settings
from bptui.exercise.cells import BIASES, INPUTS, TARGETS, WEIGHTS, Group, Shape
from bptui.record import record

UNKNOWN = "?"
_SIZED = (INPUTS, TARGETS, "hidden", "numbering")
_KINDS = {item.name: item.metadata["kind"] for item in list_settings()}


@record
class Resizing:
    """What a form's lists hold, by what each number is for.

    Attributes:
        shape: The sizes that the form stated last; None before it stated any.
        texts: The numbers, by the keys of cells.
    """

    shape: Shape | None = None
    texts: Mapping[str, str] = field(default_factory=dict)

    def follow(self, form: Mapping[str, str], changed: str) -> tuple["Resizing", dict[str, str]]:
        """Return what is remembered after a change, and the texts that the other lists then have.

        Args:
            form: The text of each list, and of the other settings that decide sizes, by the settings' names.
            changed: The setting that was changed, whose text stays.
        """
        shape = _find_shape(form, changed)
        if shape is None:
            return self, {}
        if self.shape is None or _list_sizes(shape) == _list_sizes(self.shape):
            return replace(self, shape=shape, texts={**self.texts, **_read_lists(form, shape)}), {}
        texts = {**self.texts, **_read_lists({changed: form.get(changed, "")}, shape)}
        before = _list_groups(self.shape)
        found = {
            name: _write(groups, texts)
            for name, groups in _list_groups(shape).items()
            if name != changed and name in before and _list_keys(before[name]) != _list_keys(groups)
            if _read_list(form[name], before[name])  # else it is of other sizes than the form's
        }
        return Resizing(shape, texts), found


def describe_unknown(shape: Shape, name: str, text: str) -> str:
    """Return which numbers of a list are still to be filled in; empty if none is."""
    if UNKNOWN not in text:
        return ""
    cells = [cell for group in _list_groups(shape).get(name, ()) for cell in group.cells]
    words = _split(text)
    unknown = [f"{c.name} {c.ends}".strip() for c, word in zip(cells, words, strict=False) if word == UNKNOWN]
    return f"fill in each {UNKNOWN}: {', '.join(unknown)}"


def map_weights(shape: Shape, width: int, lines: int) -> str:
    """Return which weight leads where, in at most some lines: ``w1: x1→h1  w2: x1→h2 …``."""
    entries = [f"{weight.name}: {weight.source}→{weight.target}" for weight in shape.network.weights]
    column = max(map(len, entries)) + 2
    across = max((width + 2) // column, 1)
    if len(entries) > across * lines:
        entries = [*entries[: across * lines - 1], "…"]
    starts = range(0, len(entries), across)
    return "\n".join("".join(entry.ljust(column) for entry in entries[at : at + across]).rstrip() for at in starts)


def _find_shape(form: Mapping[str, str], changed: str) -> Shape | None:
    """Return the sizes that a form states, of which the changed setting has the last word; None if it states none."""
    try:
        values = {name: _read_size(name, form[name]) for name in _SIZED}
    except ValueError:
        return None
    samples = len(values[TARGETS] if changed == TARGETS else values[INPUTS])
    sizes = len(values[INPUTS][0]), values["hidden"], len(values[TARGETS][0])
    shape = Shape(*sizes, samples, values["numbering"])
    return replace(shape, biased=tuple(key for key in shape.layer_keys if form.get(biases_of(key), "").strip()))


def _read_size(name: str, text: str) -> Any:
    """Return the value of a setting, also while some of its numbers are not known."""
    return _KINDS[name].check(_KINDS[name].read(text.replace(UNKNOWN, "0")))


def _list_sizes(shape: Shape) -> tuple[object, ...]:
    return shape.inputs, shape.hidden, shape.outputs, shape.samples


def _list_groups(shape: Shape) -> dict[str, list[Group]]:
    """Return the groups of cells that each list holds, by the setting's name."""
    found: dict[str, list[Group]] = {}
    for group in shape.groups:
        found.setdefault(biases_of(group.layer) if group.kind == BIASES else group.kind, []).append(group)
    return found


def _list_keys(groups: Iterable[Group]) -> list[str]:
    return [cell.key for group in groups for cell in group.cells]


def _read_lists(form: Mapping[str, str], shape: Shape) -> dict[str, str]:
    """Return the numbers of the lists that have the sizes that they should, by the keys of their cells."""
    found = dict[str, str]()
    for name, groups in _list_groups(shape).items():
        found |= {key: word for key, word in _read_list(form.get(name, ""), groups).items() if word != UNKNOWN}
    return found


def _read_list(text: str, groups: list[Group]) -> dict[str, str]:
    """Return the numbers of a list by the keys of its cells; none if it or a matrix in it has another size."""
    keys, words = _list_keys(groups), _split(text)
    if len(keys) != len(words):
        return {}
    if groups[0].kind == WEIGHTS and has_brackets(text) and not _fit_matrices(text, groups):
        return {}
    return dict(zip(keys, words, strict=True))


def _fit_matrices(text: str, groups: list[Group]) -> bool:
    """Whether weights in brackets are a flat list, or matrices with the groups' rows and columns."""
    needed = [(group.rows, group.columns) for group in groups]
    try:
        sizes = find_matrix_sizes(text.replace(UNKNOWN, "0"))
    except ValueError:
        return False
    return not sizes or (len(sizes) == len(needed) and all(map(fits_size, sizes, needed)))


def _write(groups: list[Group], texts: Mapping[str, str]) -> str:
    """Return the text of a list: rows in brackets where there are several samples."""
    words = [texts.get(cell.key, UNKNOWN) for group in groups for cell in group.cells]
    (first, *_) = groups
    if first.kind in (INPUTS, TARGETS) and first.rows > 1:
        starts = range(0, len(words), first.columns)
        rows = (", ".join(words[start : start + first.columns]) for start in starts)
        return f"[{', '.join(f'[{row}]' for row in rows)}]"
    return ", ".join(words)


def _split(text: str) -> list[str]:
    """Return the numbers of a list as they are written, unknown ones too; nothing if it cannot be read."""
    if not has_brackets(text):
        return text.replace(",", " ").split()
    if UNKNOWN in text:
        return text.translate(dict.fromkeys(map(ord, "[](),"), " ")).split()
    try:
        arrays = read_arrays(text)
    except ValueError:
        return []
    words = list[str]()
    for array in arrays:
        convert(array.items, words.append)
    return words
