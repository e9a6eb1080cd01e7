"""Checking and explaining figures in a process of their own: what is asked, and how the search tells how far it is.

A question is a lesson as the text of its file. ``{"check": text}`` is answered with every figure checked;
``{"explain": text}`` with any number of ``{"progress": [changes, tried, of]}`` and at last ``{"told": ...}``. Run as a
module, this file is the process; ending it stops the search.
"""

from collections.abc import Callable, Iterator
from time import monotonic

from bptui.check import checked
from bptui.child import Message, replies
from bptui.core.explain import Search
from bptui.explanation import Told, figures_of, in_words, told
from bptui.lessons import Lesson, loads

MODULE = "bptui.explaining"
_OFTEN = 0.1  # seconds between two words about progress


def searched(lesson: Lesson, say: Callable[[str], None] | None = None) -> Told:
    """Search to the end, or until ctrl+c.

    Args:
        lesson: The lesson whose figures to explain.
        say: Told how far the search is, now and then, and an empty text at its end.
    """
    search, said, stopped = Search(figures_of(lesson)), monotonic(), False
    try:
        for progress in search.run():
            if say and monotonic() - said > _OFTEN:
                said = monotonic()
                say(in_words(progress))
    except KeyboardInterrupt:
        stopped = True
    if say:
        say("")
    return told(lesson.name, search.explanation, stopped)


def _answer(question: Message) -> Iterator[Message]:
    if "check" in question:
        lesson = loads(question["check"], question.get("name", "lesson"))
        yield {"checked": [one._asdict() for one in checked(lesson)]}
    if "explain" in question:
        lesson, said = loads(question["explain"], question.get("name", "lesson")), monotonic()
        search = Search(figures_of(lesson))
        for progress in search.run():
            if monotonic() - said > _OFTEN:
                said = monotonic()
                yield {"progress": [progress.changes, progress.tried, progress.of]}
        yield {"told": told(lesson.name, search.explanation)}


if __name__ == "__main__":
    replies(lambda: {"ready": True}, _answer)
