"""Leaving a screen: once, whatever comes late, and with everything that it had under way.

Textual takes the topmost screen away whoever asks. A second key, or work that is done just after the screen was left,
would so take the one below it; and where the command palette lies over the screen, the palette.
"""

from inspect import iscoroutine
from typing import Any, TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import Screen
from textual.worker import Worker, WorkType

Answer = TypeVar("Answer")
Result = TypeVar("Result")


class Leaving(Screen[Answer]):
    """A screen that is left with an answer."""

    _left = False

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        """Leave, if that has not been done yet; what lies over the screen goes with it, and what works for it ends."""
        if self._left:
            return AwaitComplete()
        self._left = True
        while self.app.screen is not self:
            self.app.pop_screen()
        self.workers.cancel_node(self)
        return super().dismiss(result)

    def run_worker(self, work: WorkType[Result], *args: Any, **options: Any) -> Worker[Result]:
        """Work for this screen; what a late message begins ends at once, for it would find no widgets any more."""
        worker = super().run_worker(work, *args, **options)
        if self._left:
            worker.cancel()
            if iscoroutine(work):
                work.close()
        return worker
