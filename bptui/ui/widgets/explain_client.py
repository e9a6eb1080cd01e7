"""A client of the process that checks and explains printed values, and the widget that shows its sentences.

The process lives at most as long as the screen that asks; ending it is how a search is stopped. Before stopping it, the
caller cancels whatever waits for an answer.
"""

from collections.abc import AsyncIterator, Iterable

from textual.content import Content
from textual.widgets import Static

from bptui.explain.result import ExplanationData
from bptui.explain.search.progress import SearchProgress
from bptui.explain.sentences import describe_progress
from bptui.explain.text_lines import TextLine, fit_lines
from bptui.system.process import Message, Process, Unavailable, read_part
from bptui.ui.widgets.page_scroll import PagedScroll

WORKER = "bptui.explain.worker"
_STYLES = {"title": "bold", "slip": "$text-error", "change": "bold $text-accent", "dim": "$text-muted"}
_PARTS: dict[str, tuple[type, Iterable[str]]] = {
    "progress": (list, ()),
    "so_far": (dict, ExplanationData.__annotations__),
    "checked": (list, ()),
    "told": (dict, ExplanationData.__annotations__),
}
"""What an answer contains, and of what type and keys that is."""
_NARROWEST = 20  # columns that lines are broken to


class ExplainClient:
    """One process, asked one question at a time; started at the first question, and again after it was stopped."""

    def __init__(self) -> None:
        self._process: Process | None = None

    async def ask(self, question: Message) -> AsyncIterator[Message]:
        """Ask a question; yield any number of messages of progress and of what is known so far, then the answer.

        Raises:
            Unavailable: If the process does not start, has died or fails, or sends something else.
        """
        try:
            if self._process is None:
                self._process = Process(WORKER)
                await self._process.start()
            await self._process.send(question)
            while True:
                message = await self._process.receive()
                kind = next((key for key in _PARTS if key in message), "told")
                read_part(message, kind, _PARTS[kind][0], _PARTS[kind][1])
                yield message
                if kind in ("checked", "told"):
                    return
        except Unavailable:
            await self.stop()
            raise

    async def stop(self) -> None:
        """End the process, if there is one. Call only when no answer is pending."""
        process, self._process = self._process, None
        if process is not None:
            await process.stop()


def describe_search(message: Message) -> str:
    """Return a search's progress in words, and that it can be stopped."""
    return f"{describe_progress(SearchProgress(*message['progress']))} … escape to stop"


class Sentences(PagedScroll):
    """Lines of an explanation, broken to the width; page keys of the screen scroll it."""

    DEFAULT_CSS = "Sentences { scrollbar-gutter: stable; }"  # else a bar that appears breaks the broken lines again

    def __init__(self, id: str | None = None) -> None:
        super().__init__(Static(markup=False), id=id)
        self._text_lines: tuple[TextLine, ...] = ()

    def show(self, said: tuple[TextLine, ...]) -> None:
        """Show other lines, from the first, unless they only go on with those shown."""
        goes_on = bool(self._text_lines) and said[: len(self._text_lines)] == self._text_lines
        self._text_lines = said
        self._fill()
        if not goes_on:
            self.scroll_home(animate=False)

    def on_resize(self) -> None:
        """Break the lines again."""
        self._fill()

    def _fill(self) -> None:
        width = max(self.scrollable_content_region.width, _NARROWEST)
        lines = [Content.styled(line.text, _STYLES.get(line.kind, "")) for line in fit_lines(self._text_lines, width)]
        self.query_one(Static).update(Content("\n").join(lines))
