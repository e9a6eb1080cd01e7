"""Separates pasted text from typed text: a terminal puts one code before it and one after.

Textual's own reader takes escape sequences in a paste for keys, and many of them keep it busy for minutes. Here a paste
is taken out whole, without its escape sequences.
"""

import re
from collections.abc import Callable, Iterator
from time import monotonic
from typing import NamedTuple

from bptui.text.words import make_printable

_BEGIN, _END = "\x1b[200~", "\x1b[201~"
LONGEST_PAUSE = 2.0  # seconds in a paste: after so long its end was lost, and keys are keys again
_CODES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*.?)", re.DOTALL)


class InputPiece(NamedTuple):
    """A piece of what a terminal sends: a text, and whether it was pasted."""

    text: str
    pasted: bool


class PasteFilter:
    """Takes pastes out of the input, however it is split.

    Args:
        now: Returns the time in seconds.
    """

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now, self._fed = now, 0.0
        self._pending = ""  # the start of a code, or of a paste
        self._inside: list[str] | None = None

    def feed(self, text: str) -> Iterator[InputPiece]:
        """Yield what has arrived: typed text unchanged, and each paste once it is complete.

        An empty text means a pause: what looked like the start of a code was none, a lone escape is a key, and a paste
        whose end does not come is over after ``LONGEST_PAUSE``.
        """
        if text:
            self._fed = self._now()
        elif self._inside is not None and self._now() - self._fed >= LONGEST_PAUSE:
            pasted, self._pending, self._inside = "".join(self._inside), "", None
            yield InputPiece(_strip_codes(pasted), pasted=True)
            return
        if not text and self._inside is None:
            text, self._pending = self._pending, ""
            if text:
                yield InputPiece(text, pasted=False)
            return
        text, self._pending = self._pending + text, ""
        while text:
            before, code, text = text.partition(_BEGIN if self._inside is None else _END)
            if not code:
                before, self._pending = _split_partial_code(before, _BEGIN if self._inside is None else _END)
            if self._inside is None:
                if before:
                    yield InputPiece(before, pasted=False)
                self._inside = [] if code else None
            else:
                self._inside.append(before)
                if code:
                    pasted, self._inside = "".join(self._inside), None
                    yield InputPiece(_strip_codes(pasted), pasted=True)


def _split_partial_code(text: str, code: str) -> tuple[str, str]:
    """Split off the start of a code at the end of a text, be it only its escape."""
    for length in range(len(code) - 1, 0, -1):
        if text.endswith(code[:length]):
            return text[:-length], text[-length:]
    return text, ""


def _strip_codes(pasted: str) -> str:
    lines = _CODES.sub("", pasted).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return make_printable(lines)
