"""What tests of the server share: one in this process, for two visitors, and a client."""

from collections.abc import AsyncIterator

import pytest

pytest.importorskip("textual_serve", reason="textual-serve is not installed: pip install textual-serve")
pytest.importorskip("fcntl", reason="it is served on POSIX systems")

from aiohttp import ClientSession

from bptui.lessons.lesson import load_lesson
from bptui.persistence.session_file import format_session
from bptui.session.session import Session
from bptui.web.server import Server
from tests.torches import Torches, torches

__all__ = ["torches"]

MOST = 2


@pytest.fixture
async def port(torches: Torches) -> AsyncIterator[int]:
    """The port of a server for two visitors, whose programs have no torch."""
    torches.while_loading("raise ImportError")
    sitting = format_session(Session.open(load_lesson("two-by-two")))
    async with Server(sitting, [], "127.0.0.1", MOST).serving(0) as port:
        yield port


@pytest.fixture
async def client() -> AsyncIterator[ClientSession]:
    """Somebody who asks the server."""
    async with ClientSession() as session:
        yield session
