"""Write TOML that is pleasant to read: lists and small tables on one line, long lists broken where rows end.

The library that writes TOML gives every number a line of its own. It still writes each single value, so that signs are
escaped as TOML wants.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_WIDTH = 100  # columns of a line, if it can be broken
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def format_toml(table: Mapping[str, Any]) -> str:
    """Return the text of tables that reads back as the same."""
    return "\n".join(_write_table(table, ())).lstrip("\n") + "\n"


def _write_table(table: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    """Yield the lines of a table: its values, then the tables in it, each under its own heading."""
    later: list[tuple[str, Any]] = []
    for key, value in table.items():
        line = "" if _is_table_of_its_own(value, path) else f"{_write_key(key)} = {_write_value(value)}"
        if line and not (isinstance(value, Mapping) and len(line) > _WIDTH):
            yield line
        else:
            later.append((key, value))
    for key, value in later:
        inside = (*path, _write_key(key))
        for entry in value if isinstance(value, Sequence) else [value]:
            head = ".".join(inside)
            yield from ("", f"[[{head}]]" if isinstance(value, Sequence) else f"[{head}]")
            yield from _write_table(entry, inside)


def _is_table_of_its_own(value: Any, path: tuple[str, ...]) -> bool:
    """Whether a value has a heading: a list of tables, a table at the top, or one that holds others."""
    if isinstance(value, Mapping):
        return not path or any(isinstance(one, Mapping) for one in value.values())
    return isinstance(value, list) and bool(value) and all(isinstance(one, Mapping) for one in value)


def _write_key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _write_single({key: 0}).rpartition(" = ")[0]


def _write_value(value: Any) -> str:
    """Return a value; a list that is too long for a line is broken, between its rows if it has some."""
    line = _write_line(value)
    if not isinstance(value, list) or len(line) <= _WIDTH:
        return line
    if any(isinstance(one, list) for one in value):
        return "".join(("[\n", *(f"    {_write_line(one)},\n" for one in value), "]"))
    lines = [""]
    for one in map(_write_line, value):
        if len(lines[-1]) + len(one) > _WIDTH:
            lines.append("")
        lines[-1] += f"{' ' if lines[-1] else '    '}{one},"
    return "[\n" + "\n".join(lines) + "\n]"


def _write_line(value: Any) -> str:
    """Return a value on one line, unless it is a text that has several."""
    if isinstance(value, list):
        return f"[{', '.join(map(_write_line, value))}]"
    if isinstance(value, Mapping):
        entries = [f"{_write_key(key)} = {_write_line(one)}" for key, one in value.items()]
        return f"{{ {', '.join(entries)} }}" if entries else "{}"
    return _write_single({"value": value}).partition(" = ")[2]


def _write_single(table: Mapping[str, Any]) -> str:
    import tomli_w  # only writing needs it

    has_returns = any("\r" in str(value) for value in table.values())  # which the library's multiline texts lose
    return tomli_w.dumps(table, multiline_strings=not has_returns).removesuffix("\n")
