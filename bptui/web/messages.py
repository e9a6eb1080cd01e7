"""The messages of a visitor's page: keys, the size of its terminal, and whether it has the focus."""

import json
from typing import Any

from aiohttp import WSMsgType, web

from bptui.web.visitor import Visitor

_SIZES = {"width": (20, 500, 80), "height": (5, 200, 24)}  # least, most, default: millions of cells take hours to draw


async def listen(socket: web.WebSocketResponse, visitor: Visitor) -> None:
    """Pass on what the page sends until it is closed; ignore anything that is not a message of the page."""
    async for message in socket:
        if message.type != WSMsgType.TEXT:
            continue
        try:
            kind, *data = json.loads(message.data)
        except (ValueError, TypeError, RecursionError):
            continue
        match kind, data:
            case "stdin", [str(keys)]:
                await visitor.send_bytes(keys.encode(errors="ignore"))
            case "resize", [dict(size)]:
                await visitor.set_terminal_size(*read_size(size))
            case "ping", [str(when)]:
                await socket.send_json(["pong", when])
            case (("focus" | "blur"), _):
                await visitor.send_meta({"type": kind})


def read_size(asked: Any) -> tuple[int, int]:
    """Return the columns and rows of the page's terminal from its message."""
    width, height = (limit_number(asked.get(key), *bounds) for key, bounds in _SIZES.items())
    return width, height


def limit_number(asked: object, least: int, most: int, usual: int) -> int:
    """Parse a whole number and limit it to a range; return the usual one if it is no number."""
    try:
        return min(max(int(str(asked)), least), most)
    except ValueError:
        return usual
