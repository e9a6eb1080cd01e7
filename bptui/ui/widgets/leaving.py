"""Leaving a screen: once, whatever comes late, and with everything that it had under way.

Textual takes the topmost screen away whoever asks. A second key, or work that is done just after the screen was left,
would so take the one below it; and where the command palette lies over the screen, the palette. When the program is
left, a screen loses its parts one after the other before its workers are stopped, so what a worker shows may have
nowhere to go; nothing is lost with it.

Textual reports each size that a screen was laid out for by an event. Of two sizes in a row each would call for the
other again, for ever, where anything comes between their events: so a size that the terminal no longer has is ignored.
"""

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from textual import events
from textual.await_complete import AwaitComplete
from textual.dom import DOMNode
from textual.screen import Screen
from textual.worker import Worker, WorkType

Answer = TypeVar("Answer")
Result = TypeVar("Result")

if TYPE_CHECKING:

    class _Any(Screen[Answer]):
        """Any kind of screen."""

else:  # Textual takes styles and keys from the first base that is a widget: from the screen's kind, which comes next

    class _Any(Generic[Answer]):
        """Any kind of screen."""


class Leaving(_Any[Answer]):
    """What makes a screen be left with an answer; the kind of screen stands behind it among the bases."""

    _left = False

    async def on_event(self, event: events.Event) -> None:
        """What happens to the screen; one that opens when it, or the program, is left already shows nothing."""
        opens_late = isinstance(event, events.Mount) and (self._left or self.app.return_code is not None)
        if not opens_late and not is_past(self, event):
            await super().on_event(event)

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        """Leave, if that has not been done yet; what lies over the screen goes with it, and what works for it ends."""
        if self._left:
            return AwaitComplete()
        self._left = True
        while self.app.screen is not self:
            self.app.screen.dismiss(None)
        self.workers.cancel_node(self)
        return super().dismiss(result)

    def call_after_refresh(self, callback: Callable[..., Any], *args: Any, **kwargs: Any) -> bool:
        """Do something once all is painted; nothing if the screen is left by then, as another one would do it."""

        def if_there() -> Any:
            return callback(*args, **kwargs) if is_there(self) else None

        return super().call_after_refresh(if_there)

    def run_worker(self, work: WorkType[Result], *args: Any, **options: Any) -> Worker[Result]:
        """Work for this screen; what begins once it, or the program, was left ends at once, having no widgets."""
        worker = super().run_worker(work, *args, **options)
        if self._left or self.app.return_code is not None:
            worker.cancel()
        return worker


def is_there(screen: Screen[Any]) -> bool:
    """Whether a screen still has all its parts; False from the moment on that it is being left."""
    return screen.display


def begin(node: DOMNode, work: Callable[[], Coroutine[Any, Any, None]], group: str) -> None:
    """Begin some work.

    Args:
        node: The app or a screen, with which it ends.
        work: What to do.
        group: What kind of work it is.
    """
    node.run_worker(cast(Any, work), group=group)  # a type checker cannot choose among Textual's kinds of work


def is_past(screen: Screen[Any], event: events.Event) -> bool:
    """Whether an event is of a size that the terminal has no more; the one that it has comes in an event of its own."""
    return isinstance(event, events.Resize) and event.size != screen.app.size
