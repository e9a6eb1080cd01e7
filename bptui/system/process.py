"""A child process at the other end of a pipe: one JSON object per line in each direction.

Whatever is slow or may break runs there: it can neither freeze the screen nor crash the program, and ending the process
stops it at any time. The module it runs answers with ``serve_messages``. The process ends with its parent, however that
ends, even by SIGKILL; on Linux also while C code keeps it busy.
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
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from bptui.system.confinement import hide_folders
from bptui.text.words import make_one_line

if TYPE_CHECKING:
    import asyncio.subprocess

_LONGEST_LINE = 1 << 26
_LONGEST_WORDS = 200  # characters passed on of another program's message
_ENDING = 1.0  # seconds to wait for a process to end; one that waits for a network disk ends when that answers
_PR_SET_PDEATHSIG = 1
Message = dict[str, Any]
Part = TypeVar("Part")


class Unavailable(Exception):  # noqa: N818 - a state that is shown to the user
    """The process cannot answer (any more); the reason is one line."""

    def __init__(self, reason: str) -> None:
        super().__init__(make_one_line(hide_folders(reason), _LONGEST_WORDS))


class Process:
    """The asking end of the pipe.

    It may be abandoned and stopped at any time, even while it starts. On Linux the process ends with the thread that
    started it, so start it from a thread that lasts, such as the main thread.

    Args:
        module: The module to run, which calls ``serve_messages``.
    """

    def __init__(self, module: str) -> None:
        self._module = module
        self._starting: asyncio.Future[None] | None = None
        self._ending: asyncio.Future[None] | None = None
        self._transport: asyncio.SubprocessTransport | None = None
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> Message:
        """Start the process and return its first message.

        Raises:
            Unavailable: If it does not start.
        """
        import asyncio

        self._starting = asyncio.ensure_future(self._start())
        try:
            await asyncio.shield(self._starting)  # so that ``stop`` always knows what to stop
        except OSError as fault:
            raise Unavailable(f"its process did not start: {fault}") from fault
        return await self.receive()

    async def _start(self) -> None:
        import asyncio.subprocess

        home = str(Path(__file__).parents[2])
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), home]))}
        loop = asyncio.get_running_loop()
        # As asyncio.create_subprocess_exec, but with the transport: that closes pipes that another process holds, too
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
        with suppress(ConnectionError):  # if it has ended, ``receive`` says how
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
            raise Unavailable("its process sends an endless answer") from fault
        if not line.endswith(b"\n"):
            raise Unavailable(await self._describe_end())
        found = _parse_message(line)
        if "failed" in found:
            raise Unavailable(str(found["failed"]))
        return found

    async def _describe_end(self) -> str:
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
        """End the process, if there is one, and close its pipes. Call only when no ``receive`` is pending."""
        import asyncio

        if self._starting is None:
            return
        self._ending = self._ending or asyncio.ensure_future(self._end(self._starting))
        await asyncio.shield(self._ending)  # a caller that is cancelled while waiting does not prevent the end

    async def _end(self, starting: "asyncio.Future[None]") -> None:
        import asyncio

        try:
            with suppress(OSError):
                await starting
            if (transport := self._transport) is not None and self._process is not None:
                with suppress(ProcessLookupError):
                    transport.kill()  # to close the transport of a process that still runs is a warning
                for pipe in filter(None, map(transport.get_pipe_transport, (0, 1))):
                    pipe.close()
                with suppress(TimeoutError):
                    async with asyncio.timeout(_ENDING):
                        await self._process.wait()
                transport.close()
        finally:
            self._starting = self._ending = self._transport = self._process = None


def _parse_message(line: bytes) -> Message:
    """Parse a line as a message.

    Raises:
        Unavailable: If it is none.
    """
    found: Any = None
    with suppress(ValueError, RecursionError):
        found = json.loads(line)
    if not isinstance(found, dict):
        raise Unavailable(f"its process sends an unreadable answer: {line[:_LONGEST_WORDS].decode(errors='replace')}")
    return found


def read_part(message: Message, key: str, kind: type[Part], keys: Iterable[str] = ()) -> Part:
    """Return a part of an answer.

    Args:
        message: The answer.
        key: The part's key.
        kind: The type that it must have.
        keys: What it must contain itself.

    Raises:
        Unavailable: If it is missing or of another type.
    """
    part = message.get(key)
    if not isinstance(part, kind) or not all(one in part for one in keys):  # type: ignore[operator]
        raise Unavailable(f"its process sent an invalid answer: {message}")
    return part


def serve_messages(first: Callable[[], Message], answer: Callable[[Message], Iterable[Message]]) -> None:
    """Run the answering end: send a first message, then answer every message until the asking process is gone.

    It takes over standard input and output: what a library prints must not look like an answer, and a library must not
    read a question.

    Args:
        first: Makes the first message; an exception becomes a message that it failed.
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
        os._exit(0)  # the parent has ended: no one is left to answer


def _listen(asked: BinaryIO, questions: "SimpleQueue[bytes]") -> None:
    """Queue the questions; at end of file, end the process, whatever it is doing."""
    for line in asked:
        questions.put(line)
    os._exit(0)


def end_with_parent(asked: int) -> None:
    """Have the kernel end this process with its parent: a listening thread may have to wait for C code.

    Args:
        asked: The descriptor that the parent writes to; closed, it says that the parent has ended already.
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
        os._exit(0)  # the parent ended before prctl was called
