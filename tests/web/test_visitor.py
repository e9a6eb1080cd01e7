"""What a visitor's program is given by the server, and what becomes of a file that it stops to give."""

import os
import site
from pathlib import Path
from typing import Any, cast

import pytest
from aiohttp import ClientPayloadError, ClientSession, web
from aiohttp.test_utils import TestServer

import bptui
from bptui.web.files import Files
from bptui.web.server import _send
from bptui.web.visitor import Visitor

HOME = str(Path(bptui.__file__).parents[1])


@pytest.mark.parametrize("installed", [True, False])
def test_only_a_checkout_is_put_on_the_path_of_imports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, installed: bool
) -> None:
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.setattr(site, "getsitepackages", lambda: [HOME] if installed else [])
    visitor = Visitor([], tmp_path, write_bytes=None, write_str=None, close=None)
    paths = visitor._build_environment()["PYTHONPATH"].split(os.pathsep)
    assert (HOME in paths) == (not installed)


class Program:
    """One that takes every question."""

    async def send_meta(self, asked: dict[str, Any]) -> bool:
        return True


@pytest.mark.parametrize("whole", [True, False])
async def test_a_download_that_the_end_of_the_visit_cuts_short_is_seen_not_to_be_whole(
    client: ClientSession, whole: bool
) -> None:
    files = Files()
    await files.create_download(app_service=cast(Any, Program()), delivery_key="key", file_name="a.svg")
    file = files.take("key")
    assert file is not None and files.take("key") is None
    await files.chunk_received("key", b"a part")
    if whole:
        await files.chunk_received("key", b"")
    else:
        files.end()

    async def answer(request: web.Request) -> web.StreamResponse:
        return await _send(file, request)

    app = web.Application()
    app.router.add_get("/", answer)
    async with TestServer(app) as server, client.get(server.make_url("/")) as answered:
        if whole:
            assert await answered.read() == b"a part"
        else:
            with pytest.raises(ClientPayloadError):
                await answered.read()
