"""Turns bytes from keyboard and mouse into Textual's messages, whatever the bytes are."""

from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable

from textual import events
from textual.message import Message

from bptui.ui.drivers.paste import PasteFilter
from bptui.ui.textual_private import XTermParser

_ESCAPE = "\x1b"


class InputReader:
    """Reads keys, clicks and pastes; bytes that are not text and invalid codes do no harm.

    Args:
        pass_on: Takes each message.
        debug: See Textual's reader.
    """

    def __init__(self, pass_on: Callable[[Message], None], debug: bool = False) -> None:
        self._pass_on, self._debug = pass_on, debug
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._parser, self._pastes = XTermParser(debug), PasteFilter()

    def feed(self, data: bytes) -> None:
        """Pass on the messages in some bytes; no bytes means a pause, in which a lone escape becomes a key."""
        for piece in self._pastes.feed(self._decode(data)):
            if piece.pasted:
                self._pass_on(events.Paste(piece.text))
                continue
            if not data and piece.text == _ESCAPE:  # the pause was here already: no second one
                self._pass_on(events.Key("escape", _ESCAPE))
                continue
            try:
                self._process(self._parser.feed(piece.text))
            except Exception:  # a code that looks like a mouse's, with invalid numbers
                self._parser = XTermParser(self._debug)
        self._process(self._parser.tick())

    def _process(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self._pass_on(message)
