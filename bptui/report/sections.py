"""The sections of a report: runs that belong together, of a lesson with its variants or of a whole session.

All files of a report lie in one folder, so lessons of the same name from different folders get different names.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, count

from bptui.check.marks import keep_known_figures
from bptui.compare.table import make_letter
from bptui.compare.view import make_question
from bptui.compare.worker import SummaryQuestion
from bptui.core.engines.engine import NumpyEngine
from bptui.core.training.run import Run
from bptui.lessons.lesson import Lesson
from bptui.lessons.training import LessonRun, begin_variants
from bptui.system.writing import make_stem


@dataclass(frozen=True, eq=False)
class Section:
    """Some runs that belong together.

    Attributes:
        title: The heading.
        name: The name to use in file names.
        trainings: One or more runs.
        questions: The questions that have to be answered about them.
        lessons: The lessons whose files repeat them, each with a unique name.
    """

    title: str
    name: str
    trainings: tuple[LessonRun, ...]
    questions: tuple[SummaryQuestion, ...]
    lessons: tuple[Lesson, ...]

    @classmethod
    def of_lesson(cls, lesson: Lesson) -> "Section":
        """Make the section of a lesson and its variants, without the lesson itself if a variant equals it."""
        variants = tuple(begin_variants(lesson))
        own = () if lesson.spec in [one.run.spec for one in variants] else (LessonRun.of(lesson),)
        trainings = own + variants
        return cls(lesson.title, make_stem(lesson.name), trainings, tuple(map(make_question, trainings)), (lesson,))

    @classmethod
    def of_lessons(cls, some: Iterable[Lesson]) -> "list[Section]":
        """Make a section for each lesson; a repeated name, as of files in other folders, gets a number."""
        named: dict[str, Lesson] = {}
        for lesson in some:
            names = chain([lesson.name], (f"{lesson.name}-{number}" for number in count(2)))
            name = next(name for name in names if _make_key(name) not in named)
            named[_make_key(name)] = replace(lesson, name=name)
        return [cls.of_lesson(lesson) for lesson in named.values()]

    @classmethod
    def of_session(cls, trainings: tuple[LessonRun, ...]) -> "Section":
        """Make the section of a session's runs as they are now; trained again, since the originals may grow."""
        made_from: dict[str, Lesson] = {}
        for one in trainings:
            made_from.setdefault(_make_key(one.lesson.name), one.lesson)
        again = tuple(LessonRun(one.lesson, Run(NumpyEngine(one.run.spec))) for one in trainings)
        asked = tuple(map(make_question, trainings))
        return cls("The runs of a sitting", "sitting", again, asked, tuple(made_from.values()))

    @property
    def notes(self) -> dict[str, str]:
        """The notes of the runs' lessons: each note once, with the name of its lesson."""
        found: dict[str, str] = {}
        for one in self.trainings:
            if one.lesson.note:
                found.setdefault(one.lesson.note, one.lesson.name)
        return found

    @property
    def files(self) -> Iterator[tuple[str, Lesson]]:
        """The lessons that repeat the runs, by file: their own, and one for each run that these do not cover."""
        repeated = []
        for lesson in self.lessons:
            repeated += [lesson.spec, *(lesson.make_variant(variant).spec for variant in lesson.variants)]
            yield (
                f"{make_stem(lesson.name)}.toml",
                replace(lesson, figures=tuple(keep_known_figures(lesson.figures, lesson.spec))),
            )
        for place, one in enumerate(self.trainings):
            if one.run.spec not in repeated:
                yield f"run-{make_letter(place)}.toml", replace(one.lesson, spec=one.run.spec, figures=(), variants=())


def _make_key(name: str) -> str:
    """Return a key that is equal for names that some file systems treat as equal."""
    return make_stem(name).casefold()
