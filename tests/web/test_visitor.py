"""What a visitor's program is given by the server, and what becomes of a file that it stops to give."""

import os
import site
from pathlib import Path
from typing import Any, cast

import pytest
from aiohttp import ClientPayloadError, ClientSession, web
from aiohttp.test_utils import TestServer
from textual_serve.app_service import AppService

import bptui
from bptui.web.files import Downloads, send_file
from bptui.web.visitor import Visitor
from tests.private_names import names_of, signature_of

HOME = str(Path(bptui.__file__).parents[1])


CALLED = {
    "__init__": "(self, command, *, write_bytes, write_str, close, download_manager, debug=False)",
    "_build_environment": "(self, width=80, height=24)",
    "_open_app_process": "(self, width=80, height=24)",
    "encode_packet": "(packet_type, payload)",
    "send_bytes": "(self, data)",
    "send_meta": "(self, data)",
    "run": "(self)",
    "start": "(self, width, height)",
    "stop": "(self)",
}


@pytest.mark.parametrize("name", CALLED)
def test_what_a_visitor_takes_over_from_textual_serve_takes_what_it_is_given(name: str) -> None:
    assert signature_of(getattr(AppService, name)) == CALLED[name]


def test_what_a_visitor_reads_and_sets_of_textual_serve_is_there() -> None:
    """And none of its own names is by chance one of those, but those that are meant."""
    assert {"_task", "_process", "_stdin"} <= names_of(AppService)
    shared = {name for name in names_of(Visitor) & names_of(AppService) if not name.startswith("__")}
    assert shared - set(CALLED) == {"_process", "_stdin"}


@pytest.mark.parametrize("installed", [True, False])
def test_only_a_checkout_is_put_on_the_path_of_imports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, installed: bool
) -> None:
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.setattr(site, "getsitepackages", lambda: [HOME] if installed else [])
    visitor = Visitor([], tmp_path, write_bytes=None, write_str=None)
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
    files = Downloads()
    await files.create_download(app_service=cast(Any, Program()), delivery_key="key", file_name="a.svg")
    file = files.take("key")
    assert file is not None and files.take("key") is None
    await files.chunk_received("key", b"a part")
    if whole:
        await files.chunk_received("key", b"")
    else:
        files.end()

    async def answer(request: web.Request) -> web.StreamResponse:
        return await send_file(file, request, {})

    app = web.Application()
    app.router.add_get("/", answer)
    async with TestServer(app) as server, client.get(server.make_url("/")) as answered:
        if whole:
            assert await answered.read() == b"a part"
        else:
            with pytest.raises(ClientPayloadError):
                await answered.read()
