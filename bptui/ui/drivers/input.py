"""What comes from a keyboard and a mouse as bytes, handed on as Textual's messages, whatever the bytes are."""

from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable

from textual import events
from textual.message import Message

from bptui.ui.drivers.paste import Pastes
from bptui.ui.textual_private import XTermParser


class Typed:
    """Reads keys, clicks and pastes: bytes that are no text and codes that are none do no harm.

    Args:
        hand_on: Takes each message.
        debug: See Textual's reader.
    """

    def __init__(self, hand_on: Callable[[Message], None], debug: bool = False) -> None:
        self._hand_on, self._debug = hand_on, debug
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._parser, self._pastes = XTermParser(debug), Pastes()

    def feed(self, data: bytes) -> None:
        """Hand on what some bytes mean; none say that nothing has come for a while, so an escape alone is a key."""
        for piece in self._pastes.feed(self._decode(data)):
            if piece.pasted:
                self._hand_on(events.Paste(piece.text))
                continue
            try:
                self._process(self._parser.feed(piece.text))
            except Exception:  # a code that looks like a mouse's, with numbers that are none
                self._parser = XTermParser(self._debug)
        self._process(self._parser.tick())

    def _process(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self._hand_on(message)
