"""No visitor's program outlives its visit or the server, whatever it is at; neither does what it has started.

A visitor's program is made to hang by a signal that means nothing otherwise.
"""

import os
import signal
import subprocess
import sys
from asyncio import to_thread
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic

import pytest

pytest.importorskip("textual_serve", reason="textual-serve is not installed: pip install textual-serve")
if sys.platform != "linux":
    pytest.skip("what processes there are is read from /proc", allow_module_level=True)

from aiohttp import ClientSession

from tests.effort import each_once, mostly
from tests.processes import Known, children, left
from tests.torches import COMPUTE, HOLD_EVERYTHING, Torches, torches
from tests.visits import Visit, visit

__all__ = ["torches"]

HANGS = """
import signal
def hang(*_):
    {fault}
signal.signal(signal.SIGUSR1, hang)
"""
TORCH = "bptui.session.worker"


class Served:
    """A server, as the command line starts it."""

    def __init__(self, folder: Path, **env: str) -> None:
        self.temporary = folder / "temporary"
        self.temporary.mkdir()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bptui", "serve", "--port", "0", "--visitors", "1"],
            env={**os.environ, **env, "TMPDIR": str(self.temporary)},
            stdout=subprocess.PIPE,
            text=True,
        )
        self.pid = self._process.pid
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline().partition("127.0.0.1:")[2].split()[0])

    def end(self, number: int) -> int:
        """Send a signal, and wait for the end; the exit status."""
        self._process.send_signal(number)
        return self._process.wait(10.0)

    def close(self) -> None:
        """End whatever a test that failed has left."""
        for one in (*children(self.pid), *children()):
            with suppress(ProcessLookupError):
                os.kill(one.pid, signal.SIGKILL)
        self._process.wait(10.0)
        assert self._process.stdout is not None
        self._process.stdout.close()


@pytest.fixture
def serve(torches: Torches, tmp_path: Path) -> Iterator[Callable[[str], Served]]:
    """Starts a server whose visitors' programs hang in a way at a signal, and whose torch holds everything."""
    servers: list[Served] = []

    def started(fault: str) -> Served:
        torches.while_loading(HOLD_EVERYTHING)
        (tmp_path / "sitecustomize.py").write_text(HANGS.format(fault=fault))
        servers.append(Served(tmp_path))
        return servers[-1]

    yield started
    for server in servers:
        server.close()


async def hung(server: Served, one: Visit, torches: Torches) -> set[Known]:
    """Have the visitor's program hang, beside a torch that does; both processes."""
    await one.until("0.209710")
    end = monotonic() + 20.0
    while not torches.began.exists():
        assert monotonic() < end and not one.socket.closed
        await one.read(1.0)
    (program,) = (process for process in children(server.pid) if "bptui.web.program" in process.words)
    processes = children(server.pid)
    assert len(processes) == 2
    os.kill(program.pid, signal.SIGUSR1)
    await one.type(" ")
    assert not await one.read(0.5), "it does not hang"
    assert not one.socket.closed and program in children(server.pid), "it has ended"
    return processes


@each_once(
    fault={"computes": COMPUTE, "holds everything": HOLD_EVERYTHING},
    number={one.name: one for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL)},
)
async def test_no_program_outlives_the_server(
    serve: Callable[[str], Served], torches: Torches, fault: str, number: signal.Signals
) -> None:
    server = serve(fault)
    async with ClientSession() as session, visit(session, server.port) as one:
        processes = await hung(server, one, torches)
        status = await to_thread(server.end, number)
        assert status == (-number if number == signal.SIGKILL else 128 + number)
        assert await to_thread(left, processes) == set()  # a torch that is waited for takes 600 seconds
    if number != signal.SIGKILL:
        assert list(server.temporary.iterdir()) == []


@pytest.mark.parametrize("fault", mostly([COMPUTE], [COMPUTE, HOLD_EVERYTHING]), ids=["computes", "holds everything"])
async def test_no_program_outlives_its_visit(serve: Callable[[str], Served], torches: Torches, fault: str) -> None:
    server = serve(fault)
    async with ClientSession() as session:
        async with visit(session, server.port) as one:
            processes = await hung(server, one, torches)
            for _ in range(2000):  # more than there is room for, so that nobody may wait for it to be read
                await one.type(" " * 1000)
        assert await to_thread(left, processes) == set()
        async with visit(session, server.port) as other:  # and its place is free
            await other.until("0.209710")
    assert await to_thread(server.end, signal.SIGTERM) == 128 + signal.SIGTERM
