"""Set values in a TOML text and leave its order, comments and spaces as they are.

The libraries that write TOML rewrite the whole text. This sets plain values above the first table, one per line, and
compares the result with what was wanted; if they differ, the text is rewritten after all.
"""

import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from json import dumps

_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)
_ASSIGNED = re.compile(r"^[ \t]*[\w\"'].*(\n|$)", re.MULTILINE)


def set_values(text: str, values: Mapping[str, str | int | bool]) -> str:
    """Return a text with values set.

    Args:
        text: TOML.
        values: The values to set, by keys of letters, digits, - and _.
    """
    wanted = tomllib.loads(text.replace("\r\n", "\n")) | dict(values)
    tables = _TABLE.search(text)
    head, tail = (text[: tables.start()], text[tables.start() :]) if tables else (text, "")
    for key, value in values.items():
        head = _set_line(head, key, dumps(value, ensure_ascii=False))  # JSON and TOML write these values alike
    with suppress(ValueError):
        if tomllib.loads((head + tail).replace("\r\n", "\n")) == wanted:
            return head + tail
    import tomli_w  # only this needs it

    return tomli_w.dumps(wanted)


def _set_line(head: str, key: str, literal: str) -> str:
    """Set one value in the lines above all tables; a new key is added after the last one."""
    if there := re.search(rf"""^([ \t]*{key}[ \t]*=[ \t]*)("[^"\n]*"|'[^'\n]*'|[^\s#]+)""", head, re.MULTILINE):
        return f"{head[: there.end(1)]}{literal}{head[there.end() :]}"
    end = max((found.end() for found in _ASSIGNED.finditer(head)), default=0)
    before = head[:end] if not end or head[:end].endswith("\n") else f"{head[:end]}\n"
    return f"{before}{key} = {literal}\n{head[end:]}"
