"""What the verb ``serve`` of the command line does, given its options; see ``bptui.cli.verbs``."""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from importlib.util import find_spec
from ipaddress import ip_address
from typing import TYPE_CHECKING

from bptui.cli import verbs

if TYPE_CHECKING:
    from bptui.web.server import Server

_MOST_VISITORS = 100
_FONT = {False: 16, True: 48}  # pixels of the letters, where the window has room: on a projector they fill it


def run(options: argparse.Namespace) -> int:
    """Serve the program to browsers until a signal comes."""
    if os.name == "nt":
        verbs.refuse("serve needs Linux, macOS or another POSIX system")
    if find_spec("textual_serve") is None:
        verbs.refuse('serve needs textual-serve, which is not installed: pip install "bptui[web]"')
    port = verbs.whole("--port", options.port, 65535, least=0)
    visitors = verbs.whole("--visitors", options.visitors, _MOST_VISITORS)
    from bptui.persistence.session_file import format_session

    sitting = format_session(verbs.session_of(options))
    words = ["--presenter"] if options.presenter else []

    def made() -> "Server":
        from bptui.web.server import Server

        return Server(sitting, words, options.host, visitors, _FONT[options.presenter])

    return asyncio.run(_serve(made, options.host, port))


async def _serve(made: "Callable[[], Server]", host: str, port: int) -> int:
    """Serve until a signal comes; the exit status, 128 and the signal's number."""
    ending: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"):
        number = getattr(signal, name)
        if signal.getsignal(number) is not signal.SIG_IGN:
            asyncio.get_running_loop().add_signal_handler(number, _end, ending, 128 + number)
    server = made()
    async with AsyncExitStack() as serving:
        try:
            had = await serving.enter_async_context(server.serving(port))
        except OSError as fault:
            verbs.refuse(f"{_address(host, port)} cannot be served: {_why(fault)}")
        from bptui.web.names import reached_at

        if not _is_here(host):
            print(f"bptui: warning: anybody who reaches {host} can run it and use this computer", file=sys.stderr)
        there = " or ".join(_address(name, had) for name in reached_at(host))
        print(f"bptui is at {there} (ctrl+c ends it)", flush=True)
        return await ending


def _end(ending: "asyncio.Future[int]", status: int) -> None:
    if not ending.done():
        ending.set_result(status)


def _is_here(host: str) -> bool:
    """Whether only this computer reaches a name or address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _address(host: str, port: int) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def _why(fault: OSError) -> str:
    """What the system says, in few words; of a name that nothing has there are no others."""
    return os.strerror(fault.errno) if fault.errno and fault.errno > 0 else fault.strerror or str(fault)
