"""The process that checks and explains printed values, and its messages.

A question is a lesson as the text of its file. ``{"check": text}`` is answered with every printed value checked;
``{"explain": text}`` with any number of ``{"progress": [changes, tried, of]}`` and at last ``{"told": ...}``. Run as a
module, this file is the process; ending it stops the search.
"""

from collections.abc import Callable, Iterator
from math import inf
from time import monotonic

from bptui.check.recompute import check_figures
from bptui.explain.result import ExplanationData, as_data, list_figures
from bptui.explain.search import Search, SearchProgress
from bptui.lessons.lesson import Lesson, parse_lesson
from bptui.system.process import Message, serve_messages

_REPORT_INTERVAL = 0.1  # seconds between two reports of progress


def search_lesson(lesson: Lesson, say: Callable[[SearchProgress], None]) -> ExplanationData:
    """Search to the end, or until ctrl+c after the printed values were recomputed.

    Args:
        lesson: The lesson whose printed values to explain.
        say: Called with the search's progress, now and then.
    """
    search = Search(list_figures(lesson))
    try:
        for progress in _throttled_progress(search):
            say(progress)
    except KeyboardInterrupt:
        if not search.has_begun:
            raise
        return as_data(lesson.name, search.explanation, stopped=True)
    return as_data(lesson.name, search.explanation)


def _throttled_progress(search: Search) -> Iterator[SearchProgress]:
    """Search, and yield the progress: the first, and then at most every 0.1 s."""
    said = -inf
    for progress in search.run():
        if monotonic() - said > _REPORT_INTERVAL:
            said = monotonic()
            yield progress


def answer_question(question: Message) -> Iterator[Message]:
    """Check or explain the lesson of a question; yield the progress of a search before its result."""
    if "check" in question:
        lesson = parse_lesson(question["check"], question.get("name", "lesson"))
        yield {"checked": [one._asdict() for one in check_figures(lesson)]}
    if "explain" in question:
        lesson = parse_lesson(question["explain"], question.get("name", "lesson"))
        search = Search(list_figures(lesson))
        for progress in _throttled_progress(search):
            yield {"progress": [progress.changes, progress.tried, progress.of]}
        yield {"told": as_data(lesson.name, search.explanation)}


if __name__ == "__main__":
    serve_messages(lambda: {"ready": True}, answer_question)
