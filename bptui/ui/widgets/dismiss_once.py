"""Dismiss a screen once and cancel its workers, whatever arrives late.

Textual dismisses the topmost screen whoever asks. A second key, or work that ends just after the screen was dismissed,
would take away the screen below; with the command palette over the screen, the palette. When the program exits, a
screen loses its widgets one by one before its workers are stopped, so a worker may find no widget for its result; the
result is then dropped.

Textual reports each laid-out size of a screen by an event. Two sizes in a row could request each other for ever if
anything comes between their events, so a size that the terminal no longer has is ignored.
"""

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar, cast

from textual import events
from textual.await_complete import AwaitComplete
from textual.dom import DOMNode
from textual.screen import Screen
from textual.worker import Worker, WorkType

from bptui.ui.widgets.first_picture import Answer, FirstPicture

Result = TypeVar("Result")


class DismissOnce(FirstPicture[Answer]):
    """A screen that is dismissed only once; the kind of screen comes after this class among the bases."""

    _left = False

    async def on_event(self, event: events.Event) -> None:
        """Handle an event; a screen that opens after it was dismissed, or after the program's exit, shows nothing."""
        if isinstance(event, events.Compose):
            add_size_classes(self)
        opens_late = isinstance(event, events.Mount) and (self._left or self.app.return_code is not None)
        if not opens_late and not is_stale_resize(self, event):
            await super().on_event(event)

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        """Dismiss the screen, if not done yet, with the screens over it, and cancel its workers."""
        if self._left:
            return AwaitComplete()
        self._left = True
        while self.app.screen is not self:
            self.app.screen.dismiss(None)
        self.workers.cancel_node(self)
        return super().dismiss(result)

    def call_after_refresh(self, callback: Callable[..., Any], *args: Any, **kwargs: Any) -> bool:
        """Call something after the next paint, unless the screen was dismissed by then."""

        def if_there() -> Any:
            return callback(*args, **kwargs) if is_open(self) else None

        return super().call_after_refresh(if_there)

    def run_worker(self, work: WorkType[Result], *args: Any, **options: Any) -> Worker[Result]:
        """Run a worker for this screen; cancelled at once if the screen was dismissed or the program exits."""
        worker = super().run_worker(work, *args, **options)
        if self._left or self.app.return_code is not None:
            worker.cancel()
        return worker


def is_open(screen: Screen[Any]) -> bool:
    """Whether a screen still has all its widgets; False once it is being dismissed."""
    return screen.display


def start_work(node: DOMNode, work: Callable[[], Coroutine[Any, Any, None]], group: str) -> None:
    """Start some work.

    Args:
        node: The app or a screen; the work is cancelled with it.
        work: What to do.
        group: What kind of work it is.
    """
    node.run_worker(cast(Any, work), group=group)  # a type checker cannot choose among Textual's types of work


def add_size_classes(screen: Screen[Any]) -> None:
    """Add a screen's classes for its size before it has widgets; Textual adds them later, and styles all of them again.

    The first picture would be one of 80 columns.
    """
    app = screen.app
    across = app.HORIZONTAL_BREAKPOINTS if screen.HORIZONTAL_BREAKPOINTS is None else screen.HORIZONTAL_BREAKPOINTS
    down = app.VERTICAL_BREAKPOINTS if screen.VERTICAL_BREAKPOINTS is None else screen.VERTICAL_BREAKPOINTS
    for length, classes in zip(app.size, (across, down), strict=True):
        fitting = [one for one in classes or () if one[0] <= length]
        if fitting:
            screen.add_class(max(fitting)[1], update=False)


def is_stale_resize(screen: Screen[Any], event: events.Event) -> bool:
    """Whether an event is of a size that the terminal no longer has; the current size has its own event."""
    return isinstance(event, events.Resize) and event.size != screen.app.size
