"""Nested plain data, as in a lesson file: accessed by path, merged, and checked setting by setting.

A path is a tuple of keys from the outside in, such as ``("training", "step")``. ``OTHERS`` as the last key means every
key of its table that no other path names.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, Field
from datetime import date, time
from itertools import islice
from reprlib import Repr
from typing import Any

from bptui.core.problem.kinds.setting_kinds import Kind, describe_need
from bptui.core.problem.kinds.suggestions import suggest
from bptui.record import record

Table = dict[str, Any]
Path = tuple[str, ...]
OTHERS = "*"
MOST_FAULTS = 50  # faults reported: finding the name that was meant can take a few milliseconds each
_LARGEST_SHOWN = 4096  # bits: Python refuses to print the digits of much larger numbers
_LONGEST = 60  # characters shown of a key or a value
_QUOTES = "'\""
ALIASES = {"learning_rate": "step", "epochs": "rounds"}
"""Other words for a setting, in a file and as a flag, each with the name of the setting; see ``aliases``."""
_ALTERNATIVES = (("init", "weights"), *((name, alias) for alias, name in ALIASES.items()))
_WHOLE = ("init", "optimiser")


class _Brief(Repr):
    """A short text of any value as TOML writes it, even of one nested a thousand deep or with a million digits."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlist = self.maxdict = 8

    def repr_int(self, x: int, level: int) -> str:
        return super().repr_int(x, level) if x.bit_length() < _LARGEST_SHOWN else "a number of very many digits"

    def repr_bool(self, x: bool, level: int) -> str:
        return "true" if x else "false"

    def repr_datetime(self, x: date | time, level: int) -> str:
        return x.isoformat()

    repr_date = repr_time = repr_datetime

    def repr_dict(self, x: dict[str, object], level: int) -> str:
        if level <= 0 and x:
            return "{...}"
        shown = [f"{_clip(key)} = {self.repr1(item, level - 1)}" for key, item in islice(x.items(), self.maxdict)]
        return f"{{{', '.join([*shown, *['...'] * (len(x) > self.maxdict)])}}}"


_REPR = _Brief()


class UserError(ValueError):
    """An impossible request of the user; its text is all that they need to see."""


@record(slots=True)
class Fault:
    """A fault in a problem: its path, and what is allowed there."""

    path: Path
    message: str

    def __str__(self) -> str:
        table, *keys = (_clip(key) for key in self.path)
        return f"[{table}] {'.'.join(keys)}: {self.message}" if keys else f"{table}: {self.message}"


def limit_faults(faults: Iterable[Fault]) -> list[Fault]:
    """Return the first ``MOST_FAULTS`` faults, and one more if there are more."""
    return list(islice(faults, MOST_FAULTS + 1))


class RefusedError(ValueError):
    """A refused value, with its fault."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(message)
        self.fault = Fault(path, message)


def put_value(table: Table, path: Path, value: Any) -> None:
    """Set the value at a path, with any tables missing on the way; at ``OTHERS``, add the keys of the value."""
    for key in path[:-1]:
        table = table.setdefault(key, {})
    if path[-1] == OTHERS and isinstance(value, Mapping):
        table.update(value)
    else:
        table[path[-1]] = value


def merge_tables(table: Mapping[str, Any], changes: Mapping[str, Any]) -> Table:
    """Return a table with changes applied key by key.

    ``weights`` in the changes replace an ``init`` of the table, and the other way round; so do two words for one
    setting. An ``init`` or an ``optimiser`` with a ``kind`` replaces the old one entirely.
    """
    result = dict(table)
    for one, other in _ALTERNATIVES:
        if one in changes:
            result.pop(other, None)
        elif other in changes:
            result.pop(one, None)
    for key, new in changes.items():
        old = result.get(key)
        whole = key in _WHOLE and isinstance(new, Mapping) and "kind" in new
        if isinstance(old, Mapping) and isinstance(new, Mapping) and not whole:
            result[key] = merge_tables(old, new)
        else:
            result[key] = new
    return result


def read_setting(item: Field[Any], table: Mapping[str, Any], paths: Sequence[Path]) -> Any:
    """Return the checked value of a setting, or its default.

    Args:
        item: A dataclass field with ``path`` and ``kind`` in its metadata.
        table: The whole table.
        paths: The paths of all settings.

    Raises:
        RefusedError: If the value is not allowed, or is missing and has no default.
    """
    path: Path = item.metadata["path"]
    kind: Kind = item.metadata["kind"]
    raw = _get(table, path, paths)
    if raw is MISSING:
        if item.default is MISSING:
            raise RefusedError(path, "is missing")
        return item.default
    try:
        return kind.check(raw)
    except ValueError as fault:
        shown = path[:-1] if path[-1] == OTHERS else path
        empty = raw == [] or (isinstance(raw, str) and not raw.strip())
        need = f"is empty; enter {describe_need(fault)}" if empty else f"{format_briefly(raw)} must be {fault}"
        raise RefusedError(shown, need) from fault


def read_all(
    items: Iterable[Field[Any]], table: Mapping[str, Any], paths: Sequence[Path]
) -> tuple[dict[str, Any], list[Fault]]:
    """Return the values of the valid settings by name, and the faults of the others; see ``read_setting``."""
    values, faults = dict[str, Any](), list[Fault]()
    for item in items:
        try:
            values[item.name] = read_setting(item, table, paths)
        except RefusedError as refused:
            faults.append(refused.fault)
    return values, faults


def find_unknown(table: Mapping[str, Any], path: Path, paths: Sequence[Path]) -> Iterator[Fault]:
    """Yield a fault for each key, at a path and below, that is not a setting."""
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
            words = {*known, *(alias for alias, name in ALIASES.items() if name in known)}
            yield Fault(below, f"unknown setting{suggest(str(key), sorted(words))}")
        elif _known(below, paths):
            yield from find_unknown(table, below, paths)


def _get(table: Any, path: Path, paths: Sequence[Path]) -> Any:
    for depth, key in enumerate(path):
        if not isinstance(table, Mapping):
            raise RefusedError(path[:depth], f"{format_briefly(table)} must be a table")
        if key == OTHERS:
            if OTHERS in table:  # what was typed for them is no table, see ``put_value``
                return table[OTHERS]
            return {k: v for k, v in table.items() if k not in _known(path[:-1], paths) - {OTHERS}} or MISSING
        if key not in table:
            return MISSING
        table = table[key]
    return table


def _known(path: Path, paths: Sequence[Path]) -> set[str]:
    """Return the keys that are allowed in the table at a path."""
    depth = len(path)
    return {p[depth] for p in paths if p[:depth] == path and len(p) > depth}


def format_briefly(raw: object) -> str:
    """Return a refused value in one short line, in a form its writer recognises."""
    if isinstance(raw, Mapping):
        shown = islice(raw.items(), _LONGEST)
        text = ", ".join(f"{_clip(key)}={_REPR.repr(item).strip(_QUOTES)}" for key, item in shown)
    elif isinstance(raw, list):
        text = ", ".join(_REPR.repr(item).strip(_QUOTES) for item in raw[:_LONGEST]) or "an empty list"
    else:
        text = f'"{" ".join(raw.splitlines())}"' if isinstance(raw, str) else _REPR.repr(raw)
    return _clip(text)


def _clip(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
