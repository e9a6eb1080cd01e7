"""A process of our own at the other end of a pipe: one JSON object a line each way.

What is slow or may break is run there, where it can neither freeze the screen nor take the program down, and where it
can be stopped at any time by ending it. The module it runs answers with ``replies``. However the program above ends,
by SIGKILL too, the process ends with it; on Linux that holds for one that C code keeps busy as well.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any, BinaryIO

from bptui.text.words import one_line

if TYPE_CHECKING:
    import asyncio
    import asyncio.subprocess

_LONGEST_LINE = 1 << 26
_LONGEST_WORDS = 200  # characters of what another program says that are passed on
_ENDING = 1.0  # seconds to wait for the end of a process; one that waits for a network disk ends when that answers
_PR_SET_PDEATHSIG = 1
Message = dict[str, Any]


class Unavailable(Exception):  # noqa: N818 - a state of the world, told to the user
    """The process cannot answer (any more), and why, in one line."""

    def __init__(self, reason: str) -> None:
        super().__init__(one_line(reason, _LONGEST_WORDS))


class Process:
    """The asking end of the pipe.

    It may be given up and stopped at any time, while it is being started too. On Linux the process ends with the thread
    that started it, so that must be one that lasts, as the main thread does.

    Args:
        module: The module to run, which calls ``replies``.
    """

    def __init__(self, module: str) -> None:
        self._module = module
        self._starting: asyncio.Future[None] | None = None
        self._ending: asyncio.Future[None] | None = None
        self._transport: asyncio.SubprocessTransport | None = None
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> Message:
        """Start the process; its first message.

        Raises:
            Unavailable: If it does not start.
        """
        import asyncio

        self._starting = asyncio.ensure_future(self._start())
        try:
            await asyncio.shield(self._starting)  # so that whoever stops it knows what there is to be stopped
        except OSError as fault:
            raise Unavailable(f"its process does not start: {fault}") from fault
        return await self.receive()

    async def _start(self) -> None:
        import asyncio.subprocess

        home = str(Path(__file__).parents[2])
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), home]))}
        loop = asyncio.get_running_loop()
        # As asyncio.create_subprocess_exec does, which does not give away the transport, the only thing that closes
        # pipes that somebody else holds too
        self._transport, protocol = await loop.subprocess_exec(
            lambda: asyncio.subprocess.SubprocessStreamProtocol(limit=_LONGEST_LINE, loop=loop),
            sys.executable,
            "-P",  # a file called torch.py in the user's folder is not torch
            "-m",
            self._module,
            stderr=asyncio.subprocess.DEVNULL,
            env=env,
        )
        self._process = asyncio.subprocess.Process(self._transport, protocol, loop)

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
        except ValueError as fault:
            raise Unavailable("its process answers nonsense, and no end of it") from fault
        if not line.endswith(b"\n"):
            raise Unavailable(await self._end_in_words())
        found = _message(line)
        if "failed" in found:
            raise Unavailable(str(found["failed"]))
        return found

    async def _end_in_words(self) -> str:
        import asyncio

        assert self._process is not None
        try:
            async with asyncio.timeout(_ENDING):
                status = await self._process.wait()
        except TimeoutError:
            return "its process has closed the pipe"
        if status >= 0:
            return f"its process ended with status {status}"
        names = {one.value: one.name for one in signal.Signals}
        return f"its process was ended by {names.get(-status, f'signal {-status}')}"

    async def stop(self) -> None:
        """End the process, if there is one, and its pipes. Nobody may be waiting for an answer any more."""
        import asyncio

        if self._starting is None:
            return
        self._ending = self._ending or asyncio.ensure_future(self._end(self._starting))
        await asyncio.shield(self._ending)  # whoever is cancelled while waiting for the end does not prevent it

    async def _end(self, starting: "asyncio.Future[None]") -> None:
        import asyncio

        try:
            with suppress(OSError):
                await starting
            if self._transport is not None and self._process is not None:
                self._transport.close()  # which ends the process too
                with suppress(TimeoutError):
                    async with asyncio.timeout(_ENDING):
                        await self._process.wait()
        finally:
            self._starting = self._ending = self._transport = self._process = None


def _message(line: bytes) -> Message:
    """What a line says.

    Raises:
        Unavailable: If it is no message.
    """
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Unavailable(f"its process answers nonsense: {line[:_LONGEST_WORDS].decode(errors='replace')}")
    return found


def replies(first: Callable[[], Message], answer: Callable[[Message], Iterable[Message]]) -> None:
    """The answering end: a first message, then answers to each message, until the process that asks is gone.

    Standard input and output are nobody else's from here on: what a library prints must not look like an answer, and
    what it reads must not be a question.

    Args:
        first: Makes the first message; what it raises becomes the message that it failed.
        answer: Makes the messages that answer one; likewise.
    """
    asked, pipe = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    end_with_parent(asked.fileno())
    questions: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_listen, args=(asked, questions), daemon=True).start()

    def say(message: Message) -> None:
        print(json.dumps(message), file=pipe, flush=True)

    def say_all(make: Callable[[], Iterable[Message]]) -> None:
        try:
            for message in make():
                say(message)
        except BrokenPipeError:
            raise
        except Exception as fault:
            say({"failed": f"{type(fault).__name__}: {fault}"})

    try:
        say_all(lambda: [first()])
        while True:
            say_all(partial(answer, json.loads(questions.get())))
    except (KeyboardInterrupt, BrokenPipeError):
        os._exit(0)  # the program above has ended; there is nobody left to tell


def _listen(asked: BinaryIO, questions: "SimpleQueue[bytes]") -> None:
    """Pass on questions; when there can be no more, end the process, whatever it is at."""
    for line in asked:
        questions.put(line)
    os._exit(0)


def end_with_parent(asked: int) -> None:
    """Have the kernel end this process with the one that started it: a thread that listens may wait for C code.

    Args:
        asked: The descriptor that the other one writes to; closed, it says that it has ended already.
    """
    if sys.platform != "linux":
        return
    import ctypes
    import select

    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGKILL))
    poll = select.poll()
    poll.register(asked, 0)
    if any(event & select.POLLHUP for _, event in poll.poll(0)):
        os._exit(0)  # it was gone before the kernel knew
