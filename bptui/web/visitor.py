"""The process of one visitor, and its end: neither it nor anything it has started outlives the visit.

textual-serve starts the program through a shell, waits for its end however long that takes, and waits for it to read
each key. Here the program starts without a shell, in its own process group, which is killed as a whole after
``PATIENCE``, and unread keys are dropped. On Linux it ends with the server, however that ends.
"""

import asyncio
import json
import logging
import os
import signal
import site
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, cast

from textual_serve.app_service import AppService

from bptui.web.files import Downloads
from bptui.web.program import MOST_MEMORY, OUT_OF_MEMORY

PATIENCE = 1.0  # seconds that the program has to end after its visitor has left
_READY = b"__GANGLION__\n"  # what Textual's driver for the web begins with
_MOST_ERRORS = 1 << 14  # bytes of a program's errors that are kept
_LOG = logging.getLogger(__name__)
_MOST_WAITING = 1 << 20  # bytes of keys that a busy program has not read yet
_NOT_HIS = ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")  # all visitors would share them


class Visitor(AppService):
    """One visitor's program.

    Args:
        words: The arguments of ``bptui.web.program``.
        folder: The folder that it runs in.
        options: See ``AppService``.

    Attributes:
        files: The files that the program offers for download.
    """

    def __init__(self, words: Sequence[str], folder: Path, **options: Any) -> None:
        self.files = Downloads()
        super().__init__("", download_manager=cast(Any, self.files), close=self._expect_end, **options)
        self._words, self._folder = words, folder
        self._errors = b""

    @property
    def ended(self) -> "asyncio.Task[None]":
        """A task that is done when the program sends no more."""
        assert self._task is not None
        return self._task

    def _build_environment(self, width: int = 80, height: int = 24) -> dict[str, str]:
        """Return the server's environment with the visitor's own home and state."""
        home = str(Path(__file__).parents[2])
        installed = home in (*site.getsitepackages(), site.getusersitepackages())  # imported without PYTHONPATH
        # The current folder and home are the visitor's: nothing may be imported from there
        paths = [os.path.abspath(path) for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]  # noqa: PTH100
        environment = super()._build_environment(width, height) | {
            "HOME": str(self._folder),
            "PYTHONPATH": os.pathsep.join(paths if installed else [*paths, home]),
            "PYTHONUSERBASE": site.getuserbase(),
            "TEXTUAL_DRIVER": "bptui.ui.drivers.browser_driver:BrowserDriver",
        }
        return {name: value for name, value in environment.items() if name not in _NOT_HIS}

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        """Start the program."""
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "bptui.web.program", *self._words),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            cwd=self._folder,
            env=self._build_environment(width, height),
            start_new_session=True,
        )
        self._stdin = self._process.stdin
        return self._process

    async def run(self) -> None:
        """Pass on what the program sends, until it ends."""
        assert self._process is not None and self._process.stdout is not None and self._process.stderr is not None
        stdout, errors = self._process.stdout, asyncio.create_task(self._keep_errors(self._process.stderr))
        take = {b"D": self.on_data, b"M": self.on_meta, b"P": self.on_packed}
        try:
            await stdout.readuntil(_READY)
            while True:
                kind, size = await stdout.readexactly(1), int.from_bytes(await stdout.readexactly(4), "big")
                await take[kind](await stdout.readexactly(size))
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            with suppress(TimeoutError):
                await asyncio.wait_for(errors, PATIENCE)
        finally:
            errors.cancel()

    async def _keep_errors(self, stderr: asyncio.StreamReader) -> None:
        """Keep the end of what the program writes on standard error."""
        while part := await stderr.read(_MOST_ERRORS):
            self._errors = (self._errors + part)[-_MOST_ERRORS:]

    async def _expect_end(self) -> None:
        """Give the program ``PATIENCE`` to end, which it has announced; its page stays open until it is known how."""
        asyncio.get_running_loop().call_later(PATIENCE, self._end_now)

    def _end_now(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self.kill()

    def find_failure(self) -> str:
        """Return why the program has failed, in words for its visitor; an empty text if it has not. Log it, too."""
        status = None if self._process is None else self._process.returncode
        if not status:
            return ""
        if status == OUT_OF_MEMORY:
            told = f"bptui needed more memory than a visitor may have, {MOST_MEMORY >> 20} MB, and had to end."
            _LOG.warning("a visitor's program needed more memory than a visitor may have")
            return told
        ended = f"it was ended by signal {-status}" if status < 0 else f"it ended with status {status}"
        lines = self._errors.decode(errors="replace").split("\n")
        last = next((f" ({line.strip()})" for line in reversed(lines) if line.strip()), "")
        _LOG.error("a visitor's program failed: %s%s", ended, last)
        return "bptui has failed, and had to end."

    async def send_bytes(self, data: bytes) -> bool:
        """Pass on keys; return whether that was possible."""
        return self._send(b"D", data)

    async def send_meta(self, data: dict[str, Any]) -> bool:
        """Send a message of the server itself; return whether that was possible."""
        return self._send(b"M", json.dumps(data).encode())

    def _send(self, kind: Literal[b"D", b"M"], data: bytes) -> bool:
        if self._stdin is None or self._stdin.is_closing():
            return False
        if self._stdin.transport.get_write_buffer_size() > _MOST_WAITING:
            return False
        self._stdin.write(self.encode_packet(kind, data))
        return True

    async def stop(self) -> None:
        """Ask the program to end; if it does not, kill it and everything it has started."""
        process, reading = self._process, self._task
        if process is None:
            return
        self.files.end()
        await self.send_meta({"type": "quit"})
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await process.wait()
        self.kill()
        await process.wait()
        if reading is not None:
            reading.cancel()
            with suppress(asyncio.CancelledError):
                await reading

    def kill(self) -> None:
        """Kill the program's process group; the group id cannot be reused while it has a member."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
