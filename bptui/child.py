"""A process of our own at the other end of a pipe: one JSON object a line each way.

What is slow or may break is run there, where it can neither freeze the screen nor take the program down, and where it
can be stopped at any time by ending it. The module it runs answers with ``replies``.
"""

import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio.subprocess

_LONGEST_LINE = 1 << 26
Message = dict[str, Any]


class Unavailable(Exception):  # noqa: N818 - a state of the world, told to the user
    """The process cannot answer (any more), and why."""


class Process:
    """The asking end of the pipe.

    Args:
        module: The module to run, which calls ``replies``.
    """

    def __init__(self, module: str) -> None:
        self._module = module
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> Message:
        """Start the process; its first message.

        Raises:
            Unavailable: If it does not start.
        """
        import asyncio

        home = str(Path(__file__).parents[1])
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), home]))}
        try:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",  # a file called torch.py in the user's folder is not torch
                "-m",
                self._module,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                limit=_LONGEST_LINE,
                env=env,
            )
        except OSError as fault:
            raise Unavailable(f"its process does not start: {fault}") from fault
        return await self.receive()

    async def send(self, message: Mapping[str, Any]) -> None:
        """Send a message."""
        assert self._process is not None and self._process.stdin is not None
        with suppress(ConnectionError):  # where it has ended, reading will tell how
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
            await self._process.stdin.drain()

    async def receive(self) -> Message:
        """Wait for a message.

        Raises:
            Unavailable: If the process has died or fails.
        """
        assert self._process is not None and self._process.stdout is not None
        try:
            line = await self._process.stdout.readline()
            found: Message = json.loads(line) if line else {}
        except ValueError as fault:
            raise Unavailable("its process answers nonsense") from fault
        if not line:
            raise Unavailable(f"its process ended with status {await self._process.wait()}")
        if "failed" in found:
            raise Unavailable(str(found["failed"]))
        return found

    async def stop(self) -> None:
        """End the process, if there is one, and its pipes. Nobody may be waiting for an answer any more."""
        if self._process is None:
            return
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()
        await self._process.communicate()
        self._process = None


def replies(first: Callable[[], Message], answer: Callable[[Message], Iterable[Message]]) -> None:
    """The answering end: a first message, then answers to each message until standard input ends.

    Args:
        first: Makes the first message; what it raises becomes the message that it failed.
        answer: Makes the messages that answer one; likewise.
    """
    pipe = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints must not look like an answer

    def say(messages: Iterable[Message]) -> None:
        for message in messages:
            print(json.dumps(message), file=pipe, flush=True)

    try:
        say([first()])
        for line in sys.stdin:
            try:
                say(answer(json.loads(line)))
            except Exception as fault:
                say([{"failed": f"{type(fault).__name__}: {fault}"}])
    except (KeyboardInterrupt, BrokenPipeError):
        os._exit(0)  # the program above has ended; there is nobody left to tell
