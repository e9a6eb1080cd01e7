"""What a report is about: sections of trainings that belong together, a lesson with its variants or a whole sitting.

The files of a report lie in one folder, so that lessons of the same name, from different folders, need other names.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, count

from bptui.check.marks import with_a_place
from bptui.compare.table import letter
from bptui.compare.view import question
from bptui.compare.worker import SummaryQuestion
from bptui.core.engines.engine import NumpyEngine
from bptui.core.training.run import Run
from bptui.lessons.lesson import Lesson
from bptui.lessons.training import Training, variants_of
from bptui.system.writing import stem


@dataclass(frozen=True, eq=False)
class Section:
    """Some trainings that belong together.

    Attributes:
        title: What they are.
        name: For the names of files.
        trainings: One or more.
        questions: What has to be known of them.
        lessons: The lessons whose files repeat them, each with a name of its own.
    """

    title: str
    name: str
    trainings: tuple[Training, ...]
    questions: tuple[SummaryQuestion, ...]
    lessons: tuple[Lesson, ...]

    @classmethod
    def of_lesson(cls, lesson: Lesson) -> "Section":
        """A lesson and its variants; the lesson itself is left out where a variant is the same."""
        variants = tuple(variants_of(lesson))
        own = () if lesson.spec in [one.run.spec for one in variants] else (Training.of(lesson),)
        trainings = own + variants
        return cls(lesson.title, stem(lesson.name), trainings, tuple(map(question, trainings)), (lesson,))

    @classmethod
    def of_lessons(cls, some: Iterable[Lesson]) -> "list[Section]":
        """A section for each lesson; a name that comes again, as of files in different folders, gets a number."""
        named: dict[str, Lesson] = {}
        for lesson in some:
            names = chain([lesson.name], (f"{lesson.name}-{number}" for number in count(2)))
            name = next(name for name in names if _key(name) not in named)
            named[_key(name)] = replace(lesson, name=name)
        return [cls.of_lesson(lesson) for lesson in named.values()]

    @classmethod
    def of_sitting(cls, trainings: tuple[Training, ...]) -> "Section":
        """The trainings of a sitting, as far as they are now; trained again, since those on the screen may go on."""
        made_from: dict[str, Lesson] = {}
        for one in trainings:
            made_from.setdefault(_key(one.lesson.name), one.lesson)
        again = tuple(Training(one.lesson, Run(NumpyEngine(one.run.spec))) for one in trainings)
        asked = tuple(map(question, trainings))
        return cls("The runs of a sitting", "sitting", again, asked, tuple(made_from.values()))

    @property
    def notes(self) -> dict[str, str]:
        """What the lessons say that the trainings are made from: each note once, with the name of its lesson."""
        found: dict[str, str] = {}
        for one in self.trainings:
            if one.lesson.note:
                found.setdefault(one.lesson.note, one.lesson.name)
        return found

    @property
    def files(self) -> Iterator[tuple[str, Lesson]]:
        """Lessons to repeat the trainings with, by file: their own, and one for each that is none of these any more."""
        repeated = []
        for lesson in self.lessons:
            repeated += [lesson.spec, *(lesson.variant(variant).spec for variant in lesson.variants)]
            yield f"{stem(lesson.name)}.toml", replace(lesson, figures=tuple(with_a_place(lesson.figures, lesson.spec)))
        for place, one in enumerate(self.trainings):
            if one.run.spec not in repeated:
                yield f"run-{letter(place)}.toml", replace(one.lesson, spec=one.run.spec, figures=(), variants=())


def _key(name: str) -> str:
    """What is the same for names whose files some systems take for the same."""
    return stem(name).casefold()
