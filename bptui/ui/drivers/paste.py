"""What is pasted, told apart from what is typed: a terminal puts a code before it and one behind.

Textual's own reader takes escape sequences inside of a paste for keys, and very many of them keep it busy for minutes.
Here a paste is taken out whole, and its own escape sequences are left out.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from bptui.text.words import plain

_BEGIN, _END = "\x1b[200~", "\x1b[201~"
_CODES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*.?)", re.DOTALL)


class Piece(NamedTuple):
    """A piece of what a terminal sends: a text, and whether it was pasted."""

    text: str
    pasted: bool


class Pastes:
    """Takes pastes out of what comes, however it is cut into pieces."""

    def __init__(self) -> None:
        self._held = ""  # the start of a code, or of a paste
        self._inside: list[str] | None = None

    def feed(self, text: str) -> Iterator[Piece]:
        """What has come: typed text as it is, and each paste once it is whole.

        An empty text says that nothing has come for a while: what looked like the start of a code was none.
        """
        if not text and self._inside is None:
            text, self._held = self._held, ""
            if text:
                yield Piece(text, pasted=False)
            return
        text, self._held = self._held + text, ""
        while text:
            before, code, text = text.partition(_BEGIN if self._inside is None else _END)
            if not code:
                before, self._held = _held_back(before, _BEGIN if self._inside is None else _END)
            if self._inside is None:
                if before:
                    yield Piece(before, pasted=False)
                self._inside = [] if code else None
            else:
                self._inside.append(before)
                if code:
                    pasted, self._inside = "".join(self._inside), None
                    yield Piece(_cleaned(pasted), pasted=True)


def _held_back(text: str, code: str) -> tuple[str, str]:
    """A text without the start of a code at its end, and that start; an escape alone is a key."""
    for length in range(len(code) - 1, 1, -1):
        if text.endswith(code[:length]):
            return text[:-length], text[-length:]
    return text, ""


def _cleaned(pasted: str) -> str:
    lines = _CODES.sub("", pasted).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return plain(lines)
