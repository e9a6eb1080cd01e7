"""A lesson with a run of it: what a session, a comparison and a report contain.

A new run is computed one round ahead, since the next key may ask for round 2.
"""

from collections.abc import Iterator
from typing import NamedTuple

from bptui.core.engines.engine import NumpyEngine
from bptui.core.problem.spec import Spec
from bptui.core.training.run import Run
from bptui.lessons.lesson import Lesson


class LessonRun(NamedTuple):
    """One run of a session: the lesson it was made from, and the run, whose ``spec`` is the problem."""

    lesson: Lesson
    run: Run

    @classmethod
    def of(cls, lesson: Lesson) -> "LessonRun":
        """Begin a run of a lesson."""
        return cls(lesson, begin_run(lesson.spec))


def begin_variants(lesson: Lesson) -> Iterator[LessonRun]:
    """Begin a run of each of a lesson's variants."""
    for variant in map(lesson.make_variant, lesson.variants):
        yield LessonRun.of(variant)


def begin_run(spec: Spec) -> Run:
    """Begin the run of a problem, with its first rounds computed."""
    run = Run(NumpyEngine(spec))
    run.train_to(2)
    return run
