"""Connections that ask for nothing, requests that are none and programs that need too much cost nobody else a thing."""

import asyncio
import logging
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import cast

import pytest
from aiohttp import ClientSession, WSServerHandshakeError

from bptui.web import connections, places
from bptui.web.connections import Connections
from bptui.web.logs import LineHandler
from bptui.web.program import MOST_MEMORY
from tests.torches import Torches
from tests.visits import visit
from tests.web.conftest import MOST


class Transport(asyncio.Transport):
    """One that notes whether it was closed."""

    def __init__(self) -> None:
        super().__init__()
        self.is_aborted = False

    def abort(self) -> None:
        self.is_aborted = True


async def test_of_too_many_idle_connections_the_one_that_has_been_longest_is_closed() -> None:
    book, (first, used, last) = Connections(2), (Transport() for _ in range(3))
    for transport in (used, first, last):
        book.note_idle(transport)
        if transport is used:
            book.note_used(used)
    assert [one.is_aborted for one in (first, used, last)] == [False, False, False]
    book.note_idle(used)
    assert [one.is_aborted for one in (first, used, last)] == [True, False, False]


async def test_a_head_of_a_request_that_never_ends_is_waited_for_only_so_long(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "IDLE", 0.1)
    monkeypatch.setattr(Connections.note_idle, "__defaults__", (0.1,))
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HT")
    async with asyncio.timeout(20.0):
        assert await reader.read() == b""
    writer.close()


async def test_while_more_connections_say_nothing_than_there_is_room_for_a_page_is_answered(
    port: int, client: ClientSession, few: None
) -> None:
    silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(50)]
    try:
        async with client.get(f"http://127.0.0.1:{port}/") as answer:
            assert answer.status == 200
    finally:
        for one in silent:
            one.close()


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Room for few idle connections."""
    monkeypatch.setattr("bptui.web.server._IDLE", range(16, 17))


@asynccontextmanager
async def full(client: ClientSession, port: int) -> AsyncIterator[AsyncExitStack]:
    """A server with a visitor at every place; they leave with whoever else is added."""
    async with AsyncExitStack() as stack:
        for _ in range(MOST):
            await stack.enter_async_context(visit(client, port))
        yield stack


async def test_of_too_many_pages_without_a_place_the_first_that_was_turned_away_is_closed(
    port: int, client: ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "_WAITING", 0.05)
    async with full(client, port) as stack:
        away = [await stack.enter_async_context(visit(client, port)) for _ in range(2 * MOST)]
        for one in away:
            await one.until("no place is free now")
        last = await stack.enter_async_context(visit(client, port))
        await last.until("no place is free now")
        await away[0].end(10.0)
        assert not away[1].socket.closed and not last.socket.closed


async def test_a_page_that_was_turned_away_is_closed_after_a_while(
    port: int, client: ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "_WAITING", 0.05)
    monkeypatch.setattr("bptui.web.server.READING", 0.1)
    async with full(client, port) as stack:
        one = await stack.enter_async_context(visit(client, port))
        await one.until("no place is free now")
        await one.end(10.0)


async def test_while_too_many_wait_for_a_place_one_more_is_refused(
    port: int, client: ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "_WAITING", 600.0)
    async with full(client, port) as stack:
        waiting = [asyncio.create_task(stack.enter_async_context(visit(client, port))) for _ in range(2 * MOST + 1)]
        done, pending = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        (refused,) = done
        assert isinstance(refused.exception(), WSServerHandshakeError)
        assert cast(WSServerHandshakeError, refused.exception()).status == 503
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)


# What is printed


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> "Callable[[], list[str]]":
    """What the server prints on standard error."""
    handler, root = LineHandler(), logging.getLogger()
    root.addHandler(handler)

    def read() -> list[str]:
        root.removeHandler(handler)
        return capsys.readouterr().err.splitlines()

    return read


async def test_a_request_that_is_none_is_a_line_however_often_it_comes(
    port: int, lines: "Callable[[], list[str]]"
) -> None:
    for _ in range(3):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: nonsense\r\n\r\n")
        assert b" 400 " in (await reader.read()).splitlines()[0]
        writer.close()
    (line,) = lines()
    assert line.startswith("bptui: Error handling request") and "Transfer-Encoding" in line


async def test_a_visitor_who_leaves_before_the_program_is_up_is_no_failure(
    port: int, client: ClientSession, lines: "Callable[[], list[str]]", capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        async with visit(client, port):
            pass
    async with visit(client, port) as one:
        await one.until("0.209710")
    assert lines() == []
    assert "failed to start" not in capsys.readouterr().out


# What a visitor may have


NEEDS = f"""
import bptui.session.session as s
s.Session.next = lambda self: bytes({MOST_MEMORY})
s.Session.without_memory = s.Session.next  # nor has it memory to say so
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps such a limit")
async def test_a_program_that_needs_too_much_memory_ends_with_a_word_for_its_visitor(
    port: int, client: ClientSession, torches: Torches, tmp_path: Path, lines: "Callable[[], list[str]]"
) -> None:
    (tmp_path / "sitecustomize.py").write_text(NEEDS)
    async with visit(client, port) as one:
        await one.until("0.209710")
        await one.type(" ")
        await one.until("needed more memory than a visitor may have")
    assert lines() == ["bptui: a visitor's program needed more memory than a visitor may have"]
