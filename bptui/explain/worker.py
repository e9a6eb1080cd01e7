"""Checking and explaining figures in a process of their own: what is asked, and how the search tells how far it is.

A question is a lesson as the text of its file. ``{"check": text}`` is answered with every figure checked;
``{"explain": text}`` with any number of ``{"progress": [changes, tried, of]}`` and at last ``{"told": ...}``. Run as a
module, this file is the process; ending it stops the search.
"""

from collections.abc import Callable, Iterator
from math import inf
from time import monotonic

from bptui.check.recompute import checked
from bptui.explain.result import Told, figures_of, told
from bptui.explain.search import Progress, Search
from bptui.lessons.lesson import Lesson, parse_lesson
from bptui.system.process import Message, replies

WORKER = "bptui.explain.worker"
_OFTEN = 0.1  # seconds between two words about progress


def searched(lesson: Lesson, say: Callable[[Progress], None]) -> Told:
    """Search to the end, or until ctrl+c once the figures themselves are calculated.

    Args:
        lesson: The lesson whose figures to explain.
        say: Told how far the search is, now and then.
    """
    search = Search(figures_of(lesson))
    try:
        for progress in _now_and_then(search):
            say(progress)
    except KeyboardInterrupt:
        if not search.begun:
            raise
        return told(lesson.name, search.explanation, stopped=True)
    return told(lesson.name, search.explanation)


def _now_and_then(search: Search) -> Iterator[Progress]:
    """Search, and yield how far it is: at first, and then as often as somebody can read."""
    said = -inf
    for progress in search.run():
        if monotonic() - said > _OFTEN:
            said = monotonic()
            yield progress


def answer(question: Message) -> Iterator[Message]:
    """Check or explain the lesson of a question; yield the progress of a search before what it found."""
    if "check" in question:
        lesson = parse_lesson(question["check"], question.get("name", "lesson"))
        yield {"checked": [one._asdict() for one in checked(lesson)]}
    if "explain" in question:
        lesson = parse_lesson(question["explain"], question.get("name", "lesson"))
        search = Search(figures_of(lesson))
        for progress in _now_and_then(search):
            yield {"progress": [progress.changes, progress.tried, progress.of]}
        yield {"told": told(lesson.name, search.explanation)}


if __name__ == "__main__":
    replies(lambda: {"ready": True}, answer)
