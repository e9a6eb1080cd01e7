"""The connections of browsers, of which those that ask for nothing are closed: in time, or when there are too many.

A connection costs whoever opens it nothing, and this computer a descriptor. The server says when a connection is used:
from then on it is nobody's business here until it is idle again.
"""

import asyncio
from collections.abc import Callable

IDLE = 10.0  # seconds for the head of a request, the first or the next
ANSWER = 60.0  # seconds for the answer to a request, which a browser far away may read slowly


class Connections:
    """The idle connections, those that have been longest first.

    Args:
        most: How many there may be; one more closes the first.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._idle: dict[asyncio.BaseTransport, asyncio.TimerHandle] = {}

    def watch(self, make: Callable[[], asyncio.Protocol]) -> Callable[[], asyncio.Protocol]:
        """Return what makes a protocol for each connection, as ``make`` does, and watches the connection."""
        return lambda: _Watched(make(), self)

    def note_idle(self, transport: asyncio.BaseTransport | None, seconds: float = IDLE) -> None:
        """Close a connection after some seconds, unless it is used or noted again."""
        if not isinstance(transport, asyncio.Transport):
            return
        self.note_used(transport)
        self._idle[transport] = asyncio.get_running_loop().call_later(seconds, transport.abort)
        if len(self._idle) > self._most:
            first = next(iter(self._idle))
            self.note_used(first)
            first.abort()  # type: ignore[attr-defined]

    def note_used(self, transport: asyncio.BaseTransport | None) -> None:
        """Leave a connection open: it is used, or has ended."""
        if transport is not None and (timer := self._idle.pop(transport, None)) is not None:
            timer.cancel()


class _Watched(asyncio.Protocol):
    """A protocol that hands everything on to another."""

    def __init__(self, real: asyncio.Protocol, connections: Connections) -> None:
        self._real, self._connections = real, connections
        self._transport: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for a request, but not for ever."""
        self._transport = transport
        self._connections.note_idle(transport)
        self._real.connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._connections.note_used(self._transport)
        self._real.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """See ``asyncio.Protocol``."""
        self._real.data_received(data)

    def eof_received(self) -> bool | None:
        """See ``asyncio.Protocol``."""
        return self._real.eof_received()

    def pause_writing(self) -> None:
        """See ``asyncio.Protocol``."""
        self._real.pause_writing()

    def resume_writing(self) -> None:
        """See ``asyncio.Protocol``."""
        self._real.resume_writing()
