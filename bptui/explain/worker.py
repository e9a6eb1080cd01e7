"""The process that checks and explains printed values, and its messages.

A question is a lesson as the text of its file. ``{"check": text}`` is answered with every printed value checked.
``{"explain": text}`` is answered with any number of ``{"progress": [changes, tried, of, left]}`` and of
``{"so_far": ...}``, the first of which is the audit, and at last ``{"told": ...}``. A search that was stopped by its
limit goes on where it stopped when it is asked for again. Run as a module, this file is the process; ending it stops
the search.
"""

from collections.abc import Iterator
from dataclasses import replace
from time import monotonic, process_time

from bptui.check.recompute import check_figures
from bptui.explain.result import ExplanationData, as_data
from bptui.explain.search.progress import SearchProgress
from bptui.explain.search.search import Search
from bptui.explain.sheets import list_figures
from bptui.lessons.lesson import Lesson, parse_lesson
from bptui.system.process import Message, serve_messages

LIMIT = 20.0  # seconds of processor time after which a search stops by itself
_REPORT_INTERVAL = 0.1  # seconds between two reports of progress


class LessonSearch:
    """The search of one lesson, in as many parts as it is asked for.

    Attributes:
        lesson: The lesson.
        told: What was found so far.
    """

    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson
        self._search = Search(list_figures(lesson))
        self._steps = self._search.run()
        self._begun = (SearchProgress(0, 0, 0), 0.0)  # where the pass that is under way was seen first, and when
        self._seen = SearchProgress(0, 0, 0)
        self.told: ExplanationData

    def run(self, limit: float | None = LIMIT) -> Iterator[SearchProgress | ExplanationData]:
        """Search, and yield the audit, then progress now and then and each finding; at last everything.

        Args:
            limit: The seconds of processor time after which it stops; None for no limit.
        """
        begun, said, groups = process_time(), -1.0, None
        for progress in self._steps:
            if groups != (groups := self._search.count_sure()) or not progress.changes:
                self.told = as_data(self.lesson.name, self._search.explanation)
                yield self.told
            if monotonic() - said > _REPORT_INTERVAL:
                said = monotonic()
                yield self._estimate(progress)
            if limit is not None and progress.changes and process_time() - begun > limit:
                yield self._finish(limit=limit)
                return
        yield self._finish()

    def stop(self) -> ExplanationData:
        """Return what was found until the search was interrupted."""
        return self._finish(stopped=True)

    @property
    def has_begun(self) -> bool:
        """Whether there is anything to report."""
        return self._search.has_begun

    def _finish(self, stopped: bool = False, limit: float | None = None) -> ExplanationData:
        self._search.finish()
        self.told = as_data(self.lesson.name, self._search.explanation, stopped, limit)
        return self.told

    def _estimate(self, progress: SearchProgress) -> SearchProgress:
        """Return the progress with an estimate of what its pass still takes."""
        before, self._seen = self._seen, progress
        if (before.changes, before.of) != (progress.changes, progress.of) or progress.tried < before.tried:
            self._begun = progress, monotonic()
            return progress
        first, since = self._begun
        left = (monotonic() - since) * (progress.of - progress.tried) / max(progress.tried - first.tried, 1)
        return replace(progress, left=left)


class Answers:
    """Answers questions, and keeps the last search, to go on with it."""

    def __init__(self) -> None:
        self._last: tuple[str, LessonSearch] | None = None

    def answer(self, question: Message) -> Iterator[Message]:
        """Check or explain the lesson of a question; yield what is known before the result."""
        if "check" in question:
            lesson = parse_lesson(question["check"], question.get("name", "lesson"))
            yield {"checked": [one._asdict() for one in check_figures(lesson)]}
        if "explain" in question:
            text = question["explain"]
            if self._last is None or self._last[0] != text:
                self._last = text, LessonSearch(parse_lesson(text, question.get("name", "lesson")))
            search = self._last[1]
            for found in search.run():
                if isinstance(found, SearchProgress):
                    yield {"progress": [found.changes, found.tried, found.of, found.left]}
                else:
                    yield {"so_far": found}
            yield {"told": search.told}


if __name__ == "__main__":
    serve_messages(lambda: {"ready": True}, Answers().answer)
