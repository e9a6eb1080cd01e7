"""The command ``serve``: the program in a browser."""

import argparse
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from bptui.cli.arguments import add_lesson, add_presenter, add_settings, make_user_error, parse_int, read_session

if TYPE_CHECKING:
    import asyncio

    from bptui.web.server import Server

_MOST_VISITORS = 100
_LONGEST_HOST = 100  # characters of a name in an error
_NOT_INSTALLED = (
    'serve needs textual-serve, which is not installed: in the clone of bptui, run pip install ".[web]" '
    "(`bptui help installation` has the lines for pipx and uv)"
)
_FONT = {False: 16, True: 48}  # font size in pixels, if the window has room: on a projector the text fills it


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the lesson or session, the address to serve and the number of visitors."""
    add_lesson(parser, "?")
    parser.add_argument(
        "--port", default="8000", metavar="N", help="port to serve on; 0 takes a free one (default: 8000)"
    )
    host = "name or address to serve on (default: 127.0.0.1, which only this computer can reach)"
    parser.add_argument("--host", default="127.0.0.1", metavar="NAME", help=host)
    parser.add_argument("--visitors", default="8", metavar="N", help="largest number of visitors at once (default: 8)")
    add_presenter(parser)
    add_settings(parser)


def run(options: argparse.Namespace) -> int:
    """Serve the program to browsers until a signal arrives.

    Raises:
        UserError: If the program cannot be served here, or the lesson or a setting is invalid.
    """
    import asyncio
    from importlib.util import find_spec

    if os.name == "nt":
        raise make_user_error("serve needs Linux, macOS or another POSIX system")
    if find_spec("textual_serve") is None:
        raise make_user_error(_NOT_INSTALLED)
    port = parse_int("--port", options.port, 65535, least=0)
    if options.host == "*":  # which some systems take for this computer alone
        raise make_user_error('--host: "*" is not an address; 0.0.0.0 serves every computer that reaches this one')
    visitors = parse_int("--visitors", options.visitors, _MOST_VISITORS)
    from bptui.persistence.session_file import format_session

    session = format_session(read_session(options))
    words = ["--presenter"] if options.presenter else []

    def made() -> "Server":
        from bptui.web.server import Server

        return Server(session, words, options.host, visitors, _FONT[options.presenter])

    return asyncio.run(_serve(made, options.host, port))


async def _serve(made: "Callable[[], Server]", host: str, port: int) -> int:
    """Serve until a signal arrives; return the exit status, 128 plus the signal's number."""
    import asyncio
    import signal
    from contextlib import AsyncExitStack

    from bptui.core.problem.tables import UserError
    from bptui.text.words import clip

    ending: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"):
        number = getattr(signal, name)
        if signal.getsignal(number) is not signal.SIG_IGN:
            asyncio.get_running_loop().add_signal_handler(number, _end, ending, 128 + number)
    server = made()
    async with AsyncExitStack() as serving:
        try:
            had = await serving.enter_async_context(server.serving(port))
        except (OSError, ValueError) as fault:
            if isinstance(fault, UserError):
                raise
            there = _address(clip(host, _LONGEST_HOST), port)
            raise make_user_error(f"cannot serve at {there}: {_why(fault)}") from fault
        from bptui.web.logs import print_lines
        from bptui.web.names import list_reachable_hosts

        print_lines()

        if not _is_here(host):
            reached = host or "this computer"
            print(f"bptui: warning: anyone who can reach {reached} can run bptui on this computer", file=sys.stderr)
        there = " or ".join(_address(name, had) for name in list_reachable_hosts(host))
        print(f"bptui is at {there} (ctrl+c stops it)", flush=True)
        return await ending


def _end(ending: "asyncio.Future[int]", status: int) -> None:
    if not ending.done():
        ending.set_result(status)


def _is_here(host: str) -> bool:
    """Whether a name or address is reachable from this computer only."""
    from ipaddress import ip_address

    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _address(host: str, port: int) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def _why(fault: OSError | ValueError) -> str:
    """Return the system's short message for a fault; for an unknown host name only the fault has one."""
    if isinstance(fault, ValueError):  # of the encoding of names (IDNA), or for a null character
        return "this is not a name that a computer can have"
    return os.strerror(fault.errno) if fault.errno and fault.errno > 0 else fault.strerror or str(fault)
