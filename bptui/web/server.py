"""The server: a page, a visit per websocket, and the files that visitors download.

Anyone who reaches it can run the program. So it answers only to addresses and names of this machine, and accepts a
websocket only from its own page: a page of another site can neither use its name (DNS rebinding) nor drive it.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_address
from pathlib import Path
from string import Template

import textual_serve
from aiohttp import WSCloseCode, web

from bptui.system.writing import write_file
from bptui.text.words import format_count
from bptui.web.files import Download
from bptui.web.messages import limit_number, listen, read_size
from bptui.web.names import list_own_names
from bptui.web.visitor import PATIENCE, Visitor

_STATIC = Path(textual_serve.__file__).parent / "static"
_OWN = Path(__file__).parent
_FONT = (6, 72, 16)
_LONGEST = 1 << 20  # bytes of a message, such as a paste
_HEARTBEAT = 15.0  # seconds: a visitor who does not answer for so long has left
_HEADERS = {
    "Content-Security-Policy": "default-src 'self' data:; "
    "style-src 'self' 'unsafe-inline'; connect-src 'self' ws: wss:; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """Serves one session, from which each visitor starts.

    Args:
        session: The text of the session's file.
        words: Further arguments of each visitor's program.
        host: The name or address to serve.
        visitors: The largest number of visitors at once.
        font: The page's largest font size in pixels, unless the address says ``?fontsize=20``.
    """

    def __init__(self, session: str, words: Sequence[str], host: str, visitors: int, font: int = _FONT[2]) -> None:
        self._session, self._words, self._host, self._most, self._font = session, words, host, visitors, font
        self._places = asyncio.Semaphore(visitors)
        self._names = list_own_names() | {host.lower()}
        self._sockets: set[web.WebSocketResponse] = set()
        self._visitors: set[Visitor] = set()

    @asynccontextmanager
    async def serving(self, port: int) -> AsyncIterator[int]:
        """Serve within the context; its value is the port, chosen by the system if 0 was asked for.

        Raises:
            OSError: If the address is not available.
        """
        with tempfile.TemporaryDirectory(prefix="bptui-", ignore_cleanup_errors=True) as folder:
            self._folder = Path(folder)
            write_file(self._folder / "session.toml", self._session)
            runner = web.AppRunner(
                self._make_app(), handle_signals=False, shutdown_timeout=3 * PATIENCE, access_log=None
            )
            await runner.setup()
            try:
                site = web.TCPSite(runner, self._host, port)
                await site.start()
                yield runner.addresses[0][1]
            finally:
                await runner.cleanup()
                for visitor in self._visitors:  # whose program has not ended in time
                    visitor.kill()

    def _make_app(self) -> web.Application:
        app = web.Application(middlewares=[self._guard])
        app.add_routes(
            [
                web.get("/", self._page),
                web.get("/page.js", _script),
                web.get("/ws", self._visit),
                web.get("/download/{key}", self._download),
                web.static("/static", _STATIC),
            ]
        )
        app.on_shutdown.append(self._close)
        return app

    async def _close(self, app: web.Application) -> None:
        for socket in list(self._sockets):
            await socket.close(code=WSCloseCode.GOING_AWAY, message=b"the server ends", drain=False)

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse requests that a page of another site may have sent, and forbid embedding the program."""
        origin = request.headers.get("Origin")  # https if a reverse proxy provides it
        if not self._is_ours(request.host) or origin not in (None, f"http://{request.host}", f"https://{request.host}"):
            raise web.HTTPForbidden(text="Open bptui at the address that it printed, not from another page.\n")
        response = await handler(request)
        if not response.prepared:
            response.headers.update(_HEADERS)
        return response

    def _is_ours(self, host: str) -> bool:
        """Whether a Host header names this machine, by an address or by a name that no one else can give it."""
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
        if name.lower() in self._names:
            return True
        with suppress(ValueError):
            return "%" not in name and bool(ip_address(name.strip("[]")))  # anything may follow a %
        return False

    async def _page(self, request: web.Request) -> web.Response:
        size = limit_number(request.query.get("fontsize", self._font), *_FONT[:2], self._font)
        page = Template((_OWN / "page.html").read_text(encoding="utf-8")).substitute(size=size)
        return web.Response(text=page, content_type="text/html")

    # A visit

    async def _visit(self, request: web.Request) -> web.WebSocketResponse:
        """Run the program for a visitor until either leaves."""
        socket = web.WebSocketResponse(heartbeat=_HEARTBEAT, max_msg_size=_LONGEST, timeout=PATIENCE / 2)
        await socket.prepare(request)
        self._sockets.add(socket)
        try:
            async with asyncio.timeout(2 * PATIENCE):  # a reloaded page has not given up its place yet
                await self._places.acquire()
        except TimeoutError:
            await self._turn_away(socket)
        else:
            try:
                await self._let_in(socket, read_size(request.query))
            finally:
                self._places.release()
        finally:
            self._sockets.discard(socket)
        with suppress(ConnectionError):
            await socket.close()
        return socket

    async def _turn_away(self, socket: web.WebSocketResponse) -> None:
        """Say that no place is free, for as long as the page stays open."""
        there = f"At most {format_count(self._most, 'visitor')} can use bptui at once, and no place is free now."
        with suppress(ConnectionError):
            await socket.send_bytes(
                f"\r\n  bptui\r\n\r\n  {there}\r\n  Reload this page to try again.\x1b[?25l".encode()
            )
            async for _ in socket:
                pass

    async def _let_in(self, socket: web.WebSocketResponse, size: tuple[int, int]) -> None:
        with tempfile.TemporaryDirectory(prefix="visitor-", dir=self._folder, ignore_cleanup_errors=True) as folder:
            visitor = Visitor(
                [str(self._folder / "session.toml"), *self._words],
                Path(folder),
                write_bytes=socket.send_bytes,
                write_str=socket.send_str,
                close=socket.close,
            )
            self._visitors.add(visitor)
            try:
                await visitor.start(*size)
                listening = asyncio.create_task(listen(socket, visitor))
                await asyncio.wait([listening, visitor.ended], return_when=asyncio.FIRST_COMPLETED)
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)
            finally:
                await visitor.stop()
                self._visitors.discard(visitor)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """Send a file of a visitor's program, under a key that only their page knows."""
        key = request.match_info["key"]
        for visitor in self._visitors:
            if file := visitor.files.take(key):
                try:
                    return await _send(file, request)
                finally:
                    visitor.files.drop(key)
        raise _make_not_found()


async def _script(request: web.Request) -> web.FileResponse:
    return web.FileResponse(_OWN / "page.js")


async def _send(file: Download, request: web.Request) -> web.StreamResponse:
    """Answer with a file; if the visit ends before it does, the answer is visibly incomplete."""
    chunk = await file.read()
    if chunk is None:
        raise _make_not_found()
    response = web.StreamResponse(headers=_HEADERS)
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


def _make_not_found() -> web.HTTPNotFound:
    return web.HTTPNotFound(text="This file is no longer available.\n")


def _make_plain_name(name: str) -> str:
    return "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_.") else "_" for sign in name)
