"""What the search finds in the bundled lessons: each is searched once a process, by whichever test asks first."""

from dataclasses import replace
from functools import cache
from typing import Any

from bptui.explain.result import ExplanationData
from bptui.explain.worker import LessonSearch
from bptui.lessons.lesson import Lesson, load_lesson


@cache
def of_lesson(name: str, drop: tuple[str, ...] = (), **settings: Any) -> ExplanationData:
    """Return the explanation of a bundled lesson's figures, with some of its settings changed."""
    lesson = load_lesson(name)
    figures = tuple(entry.without(drop) for entry in lesson.figures)
    return search_lesson(replace(lesson, spec=replace(lesson.spec, **settings), figures=figures))


def search_lesson(lesson: Lesson, limit: float | None = None) -> ExplanationData:
    """Search a lesson, to the end if there is no limit, and return what was found."""
    search = LessonSearch(lesson)
    for _ in search.run(limit):
        pass
    return search.told
