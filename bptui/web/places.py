"""The places for visitors, and the pages without one: those that wait for a place, and those that were turned away.

A page without a place costs whoever opens it nothing. So there are at most ``2 * most`` of them; the next one takes the
place of the one that was turned away first, which has had the time to read why.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

_WAITING = 2.0  # seconds to wait for a place: a reloaded page has not given up its own yet
READING = 60.0  # seconds that a page which was turned away stays open


class Places:
    """The places.

    Args:
        most: The largest number of visitors at once.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._free = asyncio.Semaphore(most)
        self._waiting = 0
        self._turned_away: dict[asyncio.Transport, None] = {}

    @asynccontextmanager
    async def taking(self) -> AsyncIterator[bool | None]:
        """Take a place for the context; its value is whether one was free in time, None if too many wait already."""
        if not self._make_room():
            yield None
            return
        has_place = await self._wait()
        try:
            yield has_place
        finally:
            if has_place:
                self._free.release()

    async def _wait(self) -> bool:
        """Wait for a place; return whether one was free in time."""
        self._waiting += 1
        try:
            async with asyncio.timeout(_WAITING):
                return await self._free.acquire()
        except TimeoutError:
            return False
        finally:
            self._waiting -= 1

    def _make_room(self) -> bool:
        """Make room for a page that has no place yet; return whether there is any."""
        if self._waiting + len(self._turned_away) < 2 * self.most:
            return True
        if not self._turned_away:
            return False
        first = next(iter(self._turned_away))
        del self._turned_away[first]
        first.abort()
        return True

    @contextmanager
    def turning_away(self, transport: asyncio.Transport | None) -> Iterator[None]:
        """Count a connection within the context among those that another page may close."""
        if transport is None:
            yield
            return
        self._turned_away[transport] = None
        try:
            yield
        finally:
            self._turned_away.pop(transport, None)
