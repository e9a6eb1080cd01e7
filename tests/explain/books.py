"""What the search finds in the bundled lessons: each is searched once a process, by whichever test asks first."""

from dataclasses import replace
from functools import cache
from typing import Any

from bptui.explain.result import ExplanationData
from bptui.explain.worker import search_lesson
from bptui.lessons.lesson import load_lesson


@cache
def of_lesson(name: str, drop: tuple[str, ...] = (), **settings: Any) -> ExplanationData:
    """Return the explanation of a bundled lesson's figures, with some of its settings changed."""
    lesson = load_lesson(name)
    figures = tuple(entry.without(drop) for entry in lesson.figures)
    return search_lesson(replace(lesson, spec=replace(lesson.spec, **settings), figures=figures), lambda progress: None)
