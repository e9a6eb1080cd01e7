"""A page in a real headless Chromium, driven over its DevTools protocol: keys are pressed, and its terminal is read."""

import asyncio
import base64
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium: install chromium")
# The page keeps its terminal to itself: what sets a property of this name on itself is the page's view, and has it
_SHOW_TERMINAL = """
Object.defineProperty(Object.prototype, "fitAddon", {configurable: true, set(addon) {
    Object.defineProperty(this, "fitAddon", {value: addon, writable: true});
    window.view = this;
}});
"""
_READ = """
(() => {
    const buffer = window.view ? window.view.terminal.buffer.active : {length: 0};
    return Array.from({length: buffer.length}, (_, y) => buffer.getLine(y).translateToString(true)).join("\\n");
})()
"""
# How the browser says so when a page goes to another address while a script of its own is asked for
_LEFT = ("Inspected target navigated", "Execution context was destroyed", "Cannot find context", "Cannot find default")


class PageLeftError(Exception):
    """The page went to another address before the browser had an answer."""


class Page:
    """A page, in a browser of its own."""

    def __init__(self, devtools: ClientWebSocketResponse) -> None:
        self._devtools, self._numbers = devtools, count(1)

    async def ask(self, method: str, **parameters: Any) -> Any:
        """Have the browser do something; its answer.

        Raises:
            PageLeftError: The page went to another address meanwhile.
        """
        number = next(self._numbers)
        await self._devtools.send_json({"id": number, "method": method, "params": parameters})
        async for message in self._devtools:
            assert message.type == WSMsgType.TEXT
            answer = json.loads(message.data)
            if answer.get("id") == number:
                if any(words in answer.get("error", {}).get("message", "") for words in _LEFT):
                    raise PageLeftError(method)
                assert "error" not in answer, answer
                return answer["result"]
        raise AssertionError("the browser has gone")

    async def evaluate(self, script: str) -> Any:
        """The value of a script in the page."""
        return (await self.ask("Runtime.evaluate", expression=script))["result"].get("value")

    async def open(self, address: str, width: int = 1200, height: int = 760) -> None:
        """Go to an address, in a window of so many pixels."""
        await self.resize(width, height)
        await self.ask("Page.enable")
        await self.ask("Page.addScriptToEvaluateOnNewDocument", source=_SHOW_TERMINAL)
        await self.ask("Page.navigate", url=address)

    async def resize(self, width: int, height: int) -> None:
        """Have a window of so many pixels."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        await self.ask("Emulation.setDeviceMetricsOverride", **size)

    async def text(self) -> str:
        """What stands on the page's terminal, line by line; nothing while it goes to another address."""
        try:
            return str(await self.evaluate(_READ) or "")
        except PageLeftError:
            return ""

    async def until(self, text: str, seconds: float = 30.0) -> str:
        """Wait until something stands on the terminal; all that stands there then."""
        end = monotonic() + seconds
        while text not in (seen := await self.text()):
            assert monotonic() < end, f"{text!r} never came:\n{seen}"
            await asyncio.sleep(0.02)
        return seen

    async def press(self, key: str, code: int, control: bool = False) -> None:
        """Press and release a key, given its name and its number of old."""
        text = {} if control or len(key) > 1 else {"text": key}
        for kind in ("keyDown", "keyUp"):
            await self.ask(
                "Input.dispatchKeyEvent",
                **{"type": kind, "key": key, "windowsVirtualKeyCode": code, "modifiers": 2 * control, **text},
            )

    async def picture(self, path: Path) -> None:
        """Write what the page looks like to a PNG file."""
        path.write_bytes(base64.b64decode((await self.ask("Page.captureScreenshot"))["data"]))


@asynccontextmanager
async def browser(folder: Path) -> AsyncIterator[Page]:
    """A page in a browser that keeps what it knows in a folder, and ends with the context."""
    assert CHROMIUM is not None
    words = ("--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", "--no-first-run")
    process = await asyncio.create_subprocess_exec(
        *(CHROMIUM, *words, f"--user-data-dir={folder / 'chromium'}", "about:blank"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stderr is not None
    try:
        async with asyncio.timeout(60), ClientSession() as session:
            while b"DevTools listening on" not in (line := await process.stderr.readline()):
                assert line, "the browser does not start"
            port = line.split(b"/devtools")[0].rpartition(b":")[2].decode()
            draining = asyncio.create_task(process.stderr.read())
            async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
                target = next(one for one in await answer.json() if one["type"] == "page")
            async with session.ws_connect(target["webSocketDebuggerUrl"], max_msg_size=0) as devtools:
                yield Page(devtools)
    finally:
        process.kill()
        await process.wait()
        draining.cancel()
