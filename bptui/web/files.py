"""The files that one visitor's program has for them, which their browser asks for one by one.

textual-serve's own keeper of them has all visitors' for the server's life, and gives up a program that is busy for four
seconds. This one goes with the visit, and waits for as long as that lasts.
"""

import asyncio
from typing import Any

from textual_serve.app_service import AppService

_CHUNK = 1 << 16  # bytes that are asked for at once


class File:
    """A file that can be downloaded once.

    Attributes:
        name: Its name, as the program has it.
        chunks: What has come of it and is not read; None is in place of the rest when the visit has ended.
        taken: Whether a download has begun.
    """

    def __init__(self, program: AppService, key: str, name: str) -> None:
        self.name, self.taken = name, False
        self.chunks: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._program, self._key = program, key

    async def read(self) -> bytes | None:
        """The next bytes; none at the end, and None where the program does not give them any more."""
        asked = await self._program.send_meta({"type": "deliver_chunk_request", "key": self._key, "size": _CHUNK})
        return await self.chunks.get() if asked else None


class Files:
    """One visitor's, by the keys that their page is told. ``AppService`` calls what it calls of a download manager."""

    def __init__(self) -> None:
        self._files: dict[str, File] = {}

    async def create_download(self, *, app_service: AppService, delivery_key: str, file_name: str, **_: Any) -> None:
        """Have a file ready."""
        self._files[delivery_key] = File(app_service, delivery_key, file_name)

    async def chunk_received(self, delivery_key: str, chunk: bytes | str) -> None:
        """Go on with a file."""
        if file := self._files.get(delivery_key):
            file.chunks.put_nowait(chunk.encode() if isinstance(chunk, str) else chunk)

    def take(self, key: str) -> File | None:
        """The file of a key, for the first who asks."""
        file = self._files.get(key)
        if file is None or file.taken:
            return None
        file.taken = True
        return file

    def drop(self, key: str) -> None:
        """Forget a file."""
        self._files.pop(key, None)

    def end(self) -> None:
        """Break off what is being downloaded, as the visit has ended."""
        for file in self._files.values():
            file.chunks.put_nowait(None)
