"""Work that is done while keys are answered, for what is not a widget itself; a widget has Textual's ``@work``.

Work is a function: of a coroutine whose worker is stopped before its first step, Python would complain when it is gone.
"""

from collections.abc import Callable, Coroutine
from typing import Any, cast

from textual.dom import DOMNode


def begin(node: DOMNode, work: Callable[[], Coroutine[Any, Any, None]], group: str) -> None:
    """Begin some work.

    Args:
        node: The app or a screen, with which it ends.
        work: What to do.
        group: What kind of work it is.
    """
    node.run_worker(cast(Any, work), group=group)  # a type checker cannot choose among Textual's kinds of work
