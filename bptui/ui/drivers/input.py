"""Turns bytes from keyboard and mouse into Textual's messages, whatever the bytes are."""

import re
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable

from textual import events
from textual.message import Message

from bptui.ui.drivers.paste import PasteFilter
from bptui.ui.textual_private import XTermParser

_ESCAPE, _ESCAPE_CODE = "\x1b", "\x1b[27u"  # the key alone, and the code of it that nothing can be mistaken for
# An escape that what follows makes no code of: another key was pressed right after it. Letters are left out that codes
# begin with, and those that move by words in a field
_ALONE = re.compile(r"\x1b(?=[\x01-\x07\x0a-\x1a\x1c-\x40`{-~]|[^\W\dNOPX_bf])")
_BEFORE_SIGNS = re.compile(r"\x1b(?=[\x01-\x07\x0a-\x1a\x1c-\x40`{-~])")
_CODES = re.compile(r"(?=\x1b)")  # each begins with an escape
# A move of the mouse before another one, with the same buttons and keys held: only the last place counts
_MOVES = re.compile(r"\x1b\[<(3[2-9]|[45]\d|6[0-3]);-?\d+;-?\d+M(?=\x1b\[<\1;-?\d+;-?\d+M)")


class InputReader:
    """Reads keys, clicks and pastes; bytes that are not text and invalid codes do no harm.

    Args:
        pass_on: Takes each message.
        debug: See Textual's reader.
        has_alt: Whether an action has a key with alt, which terminals send as an escape and the key.
    """

    def __init__(
        self, pass_on: Callable[[Message], None], debug: bool = False, has_alt: Callable[[], bool] = lambda: False
    ) -> None:
        self._pass_on, self._debug, self._has_alt = pass_on, debug, has_alt
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._parser, self._pastes = XTermParser(debug), PasteFilter()

    def feed(self, data: bytes) -> None:
        """Pass on the messages in some bytes; no bytes means a pause, in which a lone escape becomes a key."""
        for piece in self._pastes.feed(self._decode(data)):
            if piece.pasted:
                self._pass_on(events.Paste(piece.text))
                continue
            if piece.text == _ESCAPE:  # the pause was here already: no second one
                self._pass_on(events.Key("escape", _ESCAPE))
                continue
            alone = _BEFORE_SIGNS if self._has_alt() else _ALONE
            for code in _CODES.split(alone.sub(_ESCAPE_CODE, _MOVES.sub("", piece.text))):
                if code:
                    self._read(code)
        self._process(self._parser.tick())

    def _read(self, code: str) -> None:
        """Read a code, and what is typed behind it; one that cannot be read does not take the next ones with it."""
        try:
            self._process(self._parser.feed(code))
        except Exception:  # a code that looks like a mouse's, with invalid numbers
            before, self._parser = self._parser, XTermParser(self._debug)
            for name in ("mouse_pixels", "terminal_size", "terminal_pixel_size"):  # as the terminal goes on reporting
                setattr(self._parser, name, getattr(before, name))

    def _process(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self._pass_on(message)
