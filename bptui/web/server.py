"""The server: a page, a visit per websocket, and the files that visitors download.

Anyone who reaches it can run the program. So it answers only to addresses and names of this machine, and accepts a
websocket only from its own page: a page of another site can neither use its name (DNS rebinding) nor drive it.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_address
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory

import textual_serve
from aiohttp import WSCloseCode, web

from bptui.system.limits import allow_descriptors
from bptui.system.writing import write_file
from bptui.text.words import format_count
from bptui.web.connections import ANSWER, IDLE, Connections
from bptui.web.files import make_not_found, send_file
from bptui.web.messages import limit_number, listen, read_size
from bptui.web.names import list_own_names
from bptui.web.places import READING, Places
from bptui.web.visitor import PATIENCE, Visitor
from bptui.web.workplace import make_workplace

_STATIC = Path(textual_serve.__file__).parent / "static"
_OWN = Path(__file__).parent
_FONT = (6, 72, 16)
_LONGEST = 1 << 20  # bytes of a message, such as a paste
_FILES = 7  # descriptors that a visitor takes, and the pages that were turned away for each
_SPARE = 64  # descriptors for whatever else this process opens
_IDLE = range(16, 257)  # connections that may be idle at once: a browser opens six
_BACKLOG = 128
_HEARTBEAT = 15.0  # seconds: a visitor who does not answer for so long has left
_HEADERS = {
    "Content-Security-Policy": "default-src 'self' data:; "
    "style-src 'self' 'unsafe-inline'; connect-src 'self' ws: wss:; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
_CLEAR = "\x1b[?1049l\x1b[0m\x1b[?25l\x1b[2J\x1b[H"
_LOG = logging.getLogger(__name__)
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
        self._session, self._words, self._host, self._font = session, words, host, font
        self._places = Places(visitors)
        taken = _SPARE + _FILES * visitors
        self._connections = Connections(min(max(allow_descriptors(taken + _IDLE[-1]) - taken, _IDLE[0]), _IDLE[-1]))
        self._names = list_own_names() | {host.lower()}
        self._sockets: set[web.WebSocketResponse] = set()
        self._visitors: set[Visitor] = set()

    @asynccontextmanager
    async def serving(self, port: int) -> AsyncIterator[int]:
        """Serve within the context; its value is the port, chosen by the system if 0 was asked for.

        Raises:
            OSError: If the address is not available.
        """
        with make_workplace() as self._folder:
            write_file(self._folder / "session.toml", self._session)
            runner = web.AppRunner(
                self._make_app(),
                handle_signals=False,
                shutdown_timeout=3 * PATIENCE,
                keepalive_timeout=IDLE,
                access_log=None,
            )
            await runner.setup()
            try:
                async with self._listening(runner, port) as listening:
                    yield listening
            finally:
                await runner.cleanup()
                for visitor in self._visitors:  # whose program has not ended in time
                    visitor.kill()

    @asynccontextmanager
    async def _listening(self, runner: web.AppRunner, port: int) -> AsyncIterator[int]:
        """Accept connections within the context; its value is the port."""
        assert runner.server is not None
        listen, make = asyncio.get_running_loop().create_server, self._connections.watch(runner.server)
        listening = await listen(make, self._host, port, backlog=_BACKLOG)
        had = int(listening.sockets[0].getsockname()[1])
        if had != port and len(listening.sockets) > 1:  # each address was given a free port of its own
            listening.close()
            listening = await listen(make, self._host, had, backlog=_BACKLOG)
        try:
            yield had
        finally:
            listening.close()

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
        self._connections.note_idle(request.transport, ANSWER)
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
        async with self._places.taking() as has_place:
            if has_place is None:
                raise web.HTTPServiceUnavailable(text=f"{self._tell_full()}\n")
            await socket.prepare(request)
            self._connections.note_used(request.transport)
            self._sockets.add(socket)
            told = await self._let_in(socket, read_size(request.query)) if has_place else self._tell_full()
        if told:
            await self._turn_away(socket, request.transport, told)
        self._sockets.discard(socket)
        with suppress(ConnectionError):
            await socket.close()
        self._connections.note_idle(request.transport)
        return socket

    def _tell_full(self) -> str:
        return f"At most {format_count(self._places.most, 'visitor')} can use bptui at once, and no place is free now."

    async def _turn_away(self, socket: web.WebSocketResponse, transport: asyncio.Transport | None, told: str) -> None:
        """Say why there is no program, as long as the page stays open, for a minute at most."""
        with suppress(ConnectionError, TimeoutError), self._places.turning_away(transport):
            async with asyncio.timeout(READING):
                text = f"{_CLEAR}\r\n  bptui\r\n\r\n  {told}\r\n  Reload this page to try again."
                await socket.send_bytes(text.encode())
                async for _ in socket:
                    pass

    async def _let_in(self, socket: web.WebSocketResponse, size: tuple[int, int]) -> str:
        """Run the program for a visitor; return why it has ended, if that was not their wish."""
        try:
            with TemporaryDirectory(prefix="visitor-", dir=self._folder, ignore_cleanup_errors=True) as folder:
                visitor = Visitor(
                    [str(self._folder / "session.toml"), *self._words],
                    Path(folder),
                    write_bytes=socket.send_bytes,
                    write_str=socket.send_str,
                )
                self._visitors.add(visitor)
                try:
                    await visitor.start(*size)
                    listening = asyncio.create_task(listen(socket, visitor))
                    await asyncio.wait([listening, visitor.ended], return_when=asyncio.FIRST_COMPLETED)
                    has_left = listening.done()
                    listening.cancel()
                    await asyncio.gather(listening, return_exceptions=True)
                finally:
                    await visitor.stop()
                    self._visitors.discard(visitor)
                return "" if has_left else visitor.find_failure()
        except OSError as fault:
            _LOG.error("cannot start a program for a visitor: %s", fault.strerror or fault)
            return "This computer cannot start another program now."

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """Send a file of a visitor's program, under a key that only their page knows."""
        key = request.match_info["key"]
        for visitor in self._visitors:
            if file := visitor.files.take(key):
                self._connections.note_used(request.transport)  # the file comes as long as the visit lasts
                try:
                    return await send_file(file, request, _HEADERS)
                finally:
                    visitor.files.drop(key)
        raise make_not_found()


async def _script(request: web.Request) -> web.FileResponse:
    return web.FileResponse(_OWN / "page.js")
