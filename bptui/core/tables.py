"""Nested plain data, as a lesson file holds it: reached by path, merged, and checked setting by setting.

A path is the keys from the outside in, such as ``("training", "step")``; a last key of ``OTHERS`` stands for every
key of its table that no other path names.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass
from reprlib import Repr
from typing import Any

from bptui.core.settings import Kind, suggestion

Table = dict[str, Any]
Path = tuple[str, ...]
OTHERS = "*"
_REPR = Repr()  # a value nested a thousand deep is no reason to fail
_REPR.maxlist = _REPR.maxdict = 8
_QUOTES = "'\""


class UserError(ValueError):
    """Something the user asked for that cannot be; its text is all they need to see."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a problem: where it stands, and what is allowed."""

    path: Path
    message: str

    def __str__(self) -> str:
        table, *keys = self.path
        return f"[{table}] {'.'.join(keys)}: {self.message}" if keys else f"{table}: {self.message}"


class RefusedError(ValueError):
    """One value that is not allowed, with its fault."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(message)
        self.fault = Fault(path, message)


def put(table: Table, path: Path, value: Any) -> None:
    """Set the value at a path, making the tables on the way; at ``OTHERS``, the value's keys are added."""
    for key in path[:-1]:
        table = table.setdefault(key, {})
    if path[-1] == OTHERS and isinstance(value, Mapping):
        table.update(value)
    else:
        table[path[-1]] = value


def merged(table: Mapping[str, Any], changes: Mapping[str, Any]) -> Table:
    """A table with changes laid over it, key by key.

    Weights given in the changes replace an ``init`` of the table, and the other way round; an ``init`` of another
    kind replaces the old one whole.
    """
    result = dict(table)
    if "init" in changes:
        result.pop("weights", None)
    elif "weights" in changes:
        result.pop("init", None)
    for key, new in changes.items():
        old = result.get(key)
        whole = key == "init" and isinstance(new, Mapping) and "kind" in new
        if isinstance(old, Mapping) and isinstance(new, Mapping) and not whole:
            result[key] = merged(old, new)
        else:
            result[key] = new
    return result


def read(item: Field[Any], table: Mapping[str, Any], paths: Sequence[Path]) -> Any:
    """The checked value of a setting, or its default.

    Args:
        item: A dataclass field with ``path`` and ``kind`` in its metadata.
        table: The whole table.
        paths: Paths of all settings.

    Raises:
        RefusedError: If the value is not allowed, or is missing and has no default.
    """
    path: Path = item.metadata["path"]
    kind: Kind = item.metadata["kind"]
    raw = _get(table, path, paths)
    if raw is MISSING:
        if item.default is MISSING:
            raise RefusedError(path, "is missing; it must be given")
        return item.default
    try:
        return kind.check(raw)
    except ValueError as fault:
        shown = path[:-1] if path[-1] == OTHERS else path
        raise RefusedError(shown, f"{_brief(raw)} must be {fault}") from fault


def unknown(table: Mapping[str, Any], path: Path, paths: Sequence[Path]) -> Iterator[Fault]:
    """Keys that are no settings, at a path and below."""
    try:
        here = _get(table, path, paths)
    except RefusedError:
        return
    known = _known(path, paths)
    if not isinstance(here, Mapping) or OTHERS in known:
        return
    for key in here:
        below = (*path, str(key))
        if key not in known:
            yield Fault(below, f"is no setting{suggestion(str(key), sorted(known))}")
        elif _known(below, paths):
            yield from unknown(table, below, paths)


def _get(table: Any, path: Path, paths: Sequence[Path]) -> Any:
    for depth, key in enumerate(path):
        if not isinstance(table, Mapping):
            raise RefusedError(path[:depth], f"{_brief(table)} must be a table")
        if key == OTHERS:
            return {k: v for k, v in table.items() if k not in _known(path[:-1], paths) - {OTHERS}} or MISSING
        if key not in table:
            return MISSING
        table = table[key]
    return table


def _known(path: Path, paths: Sequence[Path]) -> set[str]:
    """The keys that may stand in the table at a path."""
    depth = len(path)
    return {p[depth] for p in paths if p[:depth] == path and len(p) > depth}


def _brief(raw: object) -> str:
    """A refused value as its writer would know it again, in one line."""
    if isinstance(raw, Mapping):
        text = ", ".join(f"{key}={_REPR.repr(item).strip(_QUOTES)}" for key, item in raw.items())
    elif isinstance(raw, list):
        text = ", ".join(_REPR.repr(item).strip(_QUOTES) for item in raw) or "an empty list"
    else:
        text = f'"{raw}"' if isinstance(raw, str) else _REPR.repr(raw)
    return text if len(text) <= 60 else text[:57] + "…"
