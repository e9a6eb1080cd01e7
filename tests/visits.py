"""A visit to ``bptui serve`` without a browser: what its page does over the websocket, and what comes back."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType


class Visit:
    """One visitor's websocket.

    Attributes:
        seen: What came from the program since keys were last pressed.
        files: The keys of the files that it has for the visitor.
    """

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.socket, self.seen, self.files = socket, "", list[str]()

    async def type(self, keys: str) -> None:
        """Press keys, and forget what came before."""
        self.seen = ""
        await self.socket.send_json(["stdin", keys])

    async def until(self, text: str, seconds: float = 30.0) -> None:
        """Read what the program draws until a text is among it."""
        end = monotonic() + seconds
        while text not in self.seen:
            assert await self.read(end - monotonic()), f"{text!r} never came: {self.seen[-2000:]}"

    async def until_file(self, seconds: float = 30.0) -> str:
        """Read on until the program has a file for the visitor; its key."""
        end = monotonic() + seconds
        while not self.files:
            assert await self.read(end - monotonic()), "no file ever came"
        return self.files.pop()

    async def end(self, seconds: float = 30.0) -> None:
        """Read on until the server has closed the connection."""
        end = monotonic() + seconds
        while await self.read(end - monotonic()):
            pass
        assert self.socket.closed, f"the server has not closed the connection within {seconds} seconds"

    async def read(self, seconds: float = 30.0) -> bool:
        """Read a message; whether the connection is still open."""
        try:
            async with asyncio.timeout(seconds):
                message = await self.socket.receive()
        except TimeoutError:
            return False
        if message.type == WSMsgType.BINARY:
            self.seen += message.data.decode(errors="replace")
        elif message.type == WSMsgType.TEXT:
            kind, data = json.loads(message.data)
            self.files += [data] if kind == "deliver_file_start" else []
        else:
            return False
        return True


@asynccontextmanager
async def visit(session: ClientSession, port: int, columns: int = 120, rows: int = 36) -> AsyncIterator[Visit]:
    """Visit a server, and leave with the context."""
    address = f"http://127.0.0.1:{port}/ws?width={columns}&height={rows}"
    async with session.ws_connect(address, headers={"Origin": f"http://127.0.0.1:{port}"}) as socket:
        yield Visit(socket)
