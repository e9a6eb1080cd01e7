"""The terminal of the commands: the check that there is one, and opening the program in it."""

import os
import sys
from typing import TYPE_CHECKING, Any

from bptui.cli.arguments import make_user_error

if TYPE_CHECKING:
    from bptui.session.session import Session


def require_terminal(otherwise: str) -> None:
    """Require a terminal that can show the program.

    Args:
        otherwise: The alternative that needs no terminal, for the message.

    Raises:
        UserError: If there is no such terminal.
    """
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout)):
        raise make_user_error(f"the program needs a terminal; {otherwise}")
    if os.environ.get("TERM") == "dumb":
        why = "the program needs a terminal that can position text, and TERM=dumb says that this one cannot"
        raise make_user_error(f"{why}; {otherwise}")


def run_in_terminal(session: "Session", only_ascii: bool, practice: str = "", presenter: bool = False) -> int:
    """Run the program on a session.

    Args:
        session: The session.
        only_ascii: Whether to draw with ASCII signs only.
        practice: The part of the session's round to practise right away, if any.
        presenter: Whether to show less, and larger, for a projector.

    Returns:
        The exit status.
    """
    from contextlib import nullcontext

    if os.name == "nt":
        brought_back: Any = nullcontext()
    else:
        from bptui.system.terminal import Terminal

        brought_back = Terminal(only_ascii)
    with brought_back as terminal:
        from bptui.system.limits import is_memory_fault
        from bptui.ui.app import BptuiApp
        from bptui.ui.drawing.strokes import ASCII

        app = BptuiApp(session, practice, terminal, ASCII if only_ascii else None, presenter)
        failure: BaseException | None = None
        try:
            app.run()
        except (RuntimeError, MemoryError) as fault:  # no memory even for the thread that would end the others
            failure = fault
            if app.failure is None and not is_memory_fault(fault):
                raise
        finally:
            failure = app.failure or failure
            status = app.return_code or int(failure is not None)
            app.end(status)
        if is_memory_fault(failure):
            print("bptui: there is not enough memory", file=sys.stderr)
    return status
