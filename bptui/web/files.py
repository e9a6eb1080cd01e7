"""The files that a visitor's program offers for download; their browser requests each by its key.

textual-serve's own download manager keeps all visitors' files for the life of the server, and gives up on a program
that is busy for four seconds. This one ends with the visit, and waits as long as the visit lasts.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from aiohttp import web
from textual_serve.app_service import AppService

_CHUNK = 1 << 16  # bytes per request


class Download:
    """A file that can be downloaded once.

    Attributes:
        name: Its name in the program.
        chunks: The chunks received but not read; None replaces the rest when the visit has ended.
        taken: Whether a download has begun.
    """

    def __init__(self, program: AppService, key: str, name: str) -> None:
        self.name, self.taken = name, False
        self.chunks: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._program, self._key = program, key

    async def read(self) -> bytes | None:
        """Return the next bytes; no bytes at the end, None if the program does not send any more."""
        asked = await self._program.send_meta({"type": "deliver_chunk_request", "key": self._key, "size": _CHUNK})
        return await self.chunks.get() if asked else None


class Downloads:
    """One visitor's files, by the keys that their page received. ``AppService`` calls it as its download manager."""

    def __init__(self) -> None:
        self._files: dict[str, Download] = {}

    async def create_download(self, *, app_service: AppService, delivery_key: str, file_name: str, **_: Any) -> None:
        """Offer a file."""
        self._files[delivery_key] = Download(app_service, delivery_key, file_name)

    async def chunk_received(self, delivery_key: str, chunk: bytes | str) -> None:
        """Append a chunk to a file."""
        if file := self._files.get(delivery_key):
            file.chunks.put_nowait(chunk.encode() if isinstance(chunk, str) else chunk)

    def take(self, key: str) -> Download | None:
        """Return the file with a key, to the first caller only."""
        file = self._files.get(key)
        if file is None or file.taken:
            return None
        file.taken = True
        return file

    def drop(self, key: str) -> None:
        """Forget a file."""
        self._files.pop(key, None)

    def end(self) -> None:
        """Break off the downloads, because the visit has ended."""
        for file in self._files.values():
            file.chunks.put_nowait(None)


async def send_file(file: Download, request: web.Request, headers: Mapping[str, str]) -> web.StreamResponse:
    """Answer with a file; if the visit ends before it does, the answer is visibly incomplete.

    Args:
        file: The file.
        request: The request for it.
        headers: Those of every answer.
    """
    chunk = await file.read()
    if chunk is None:
        raise make_not_found()
    response = web.StreamResponse(headers=headers)
    response.content_type = "application/octet-stream"
    response.headers["Content-Disposition"] = f'attachment; filename="{_make_plain_name(file.name)}"'
    await response.prepare(request)
    while chunk:
        await response.write(chunk)
        chunk = await file.read()
    if chunk is not None:
        await response.write_eof()
    elif request.transport is not None:
        request.transport.abort()
    return response


def make_not_found() -> web.HTTPNotFound:
    """Return the answer about a file that there is not, or not any more."""
    return web.HTTPNotFound(text="This file is no longer available.\n")


def _make_plain_name(name: str) -> str:
    return "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_.") else "_" for sign in name)
