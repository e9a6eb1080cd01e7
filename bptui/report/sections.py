"""The sections of a report: runs of like problems, of a lesson with its variants or of a session.

A run has one letter in the whole report, that of its place in the session. All files of a report lie in one folder, so
lessons of the same name get different names.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, count

from bptui.check.marks import keep_known_figures
from bptui.compare.summary import Summary
from bptui.compare.table import RunRow, find_kind, make_letter
from bptui.compare.view_state import make_question
from bptui.compare.worker import SummaryQuestion
from bptui.core.engines.engine import NumpyEngine
from bptui.core.problem.spec import Spec
from bptui.core.training.run import Run
from bptui.lessons.lesson import Lesson
from bptui.lessons.training import LessonRun, begin_variants, mark_note
from bptui.record import record
from bptui.system.writing import make_stem


@record(eq=False)
class Section:
    """Some runs that belong together.

    Attributes:
        title: The heading.
        name: The name to use in file names.
        trainings: One or more runs.
        questions: The questions that have to be answered about them.
        letters: The letter of each run.
        lessons: The lessons whose files repeat them, each with a unique name.
        others: The lessons whose files stand in other sections.
        main: The index of the run whose settings are listed, and which is worked out first.
    """

    title: str
    name: str
    trainings: tuple[LessonRun, ...]
    questions: tuple[SummaryQuestion, ...]
    letters: tuple[str, ...]
    lessons: tuple[Lesson, ...]
    others: tuple[Lesson, ...] = ()
    main: int = 0

    @classmethod
    def of_lesson(cls, lesson: Lesson, first: int = 0) -> "Section":
        """Make the section of a lesson and its variants, without the lesson itself if a variant equals it."""
        variants = tuple(begin_variants(lesson))
        own = () if lesson.spec in [one.run.spec for one in variants] else (LessonRun.of(lesson),)
        trainings = own + variants
        asked = tuple(map(make_question, trainings))
        letters = tuple(make_letter(first + place) for place in range(len(trainings)))
        return cls(lesson.title, make_stem(lesson.name), trainings, asked, letters, (lesson,))

    @classmethod
    def of_lessons(cls, some: Iterable[Lesson]) -> "list[Section]":
        """Make a section for each lesson; a repeated name, as of files in other folders, gets a number."""
        first, sections = 0, list[Section]()
        for lesson in _name_apart(some):
            sections.append(cls.of_lesson(lesson, first))
            first += len(sections[-1].trainings)
        return sections

    @classmethod
    def of_runs(cls, runs: Mapping[int, LessonRun], shown: int | None = None) -> "list[Section]":
        """Make the sections of some runs as they are now; they are trained again, since the originals may grow.

        Args:
            runs: The runs, by their places in the session.
            shown: The place of the one that is shown; its problem comes first.

        Returns:
            A section for each group of like problems.
        """
        kinds: dict[Hashable, list[int]] = {}
        for place in sorted(runs, key=lambda one: one != shown):
            kinds.setdefault(find_kind(runs[place].run.spec), []).append(place)
        made_from: dict[str, Lesson] = {}
        for one in runs.values():
            made_from.setdefault(_make_key(one.lesson.name), one.lesson)
        sections: list[Section] = []
        for places in map(sorted, kinds.values()):
            main, some = places.index(shown) if shown in places else 0, [runs[place] for place in places]
            here = dict.fromkeys(_make_key(one.lesson.name) for one in some)
            known = [lesson for section in sections for lesson in section.lessons]
            own = tuple(made_from[key] for key in here if not any(made_from[key] is one for one in known))
            sections.append(
                cls(
                    _make_title(some, main),
                    make_stem(some[main].name),
                    tuple(one._replace(run=Run(NumpyEngine(one.run.spec))) for one in some),
                    tuple(map(make_question, some)),
                    tuple(map(make_letter, places)),
                    own,
                    tuple(one for one in made_from.values() if one not in own),
                    main,
                )
            )
        return sections

    def make_rows(self, summaries: Sequence[Summary | None]) -> list[RunRow]:
        """Return the runs as rows of a table."""
        found = zip(self.letters, self.trainings, summaries, strict=True)
        return [RunRow(letter, one.name, one.run.spec, summary) for letter, one, summary in found]

    @property
    def notes(self) -> dict[str, str]:
        """The notes of the runs' lessons: each note once, with its lesson's name; of changed runs alone it says so."""
        found: dict[str, str] = {}
        for one in self.trainings:
            same = any(other.lesson.note == one.lesson.note and _is_own(other) for other in self.trainings)
            if note := one.lesson.note:
                found.setdefault(note if same else mark_note(note), one.lesson.name)
        return found

    @property
    def files(self) -> Iterator[tuple[str, Lesson]]:
        """The lessons that repeat the runs, by file: their own, and one for each run that these do not cover."""
        for lesson in self.lessons:
            yield (
                f"{make_stem(lesson.name)}.toml",
                replace(lesson, figures=tuple(keep_known_figures(lesson.figures, lesson.spec))),
            )
        repeated = [spec for lesson in (*self.lessons, *self.others) for spec in _list_specs(lesson)]
        for letter, one in zip(self.letters, self.trainings, strict=True):
            if one.run.spec not in repeated:
                yield (
                    f"run-{letter}.toml",
                    replace(one.lesson, title=one.title, spec=one.run.spec, figures=(), variants=()),
                )


def _is_own(one: LessonRun) -> bool:
    """Whether a run is of its lesson as it stands, or of a variant."""
    return one.run.spec == one.lesson.spec


def _list_specs(lesson: Lesson) -> list[Spec]:
    """Return the problems that a lesson's file holds."""
    return [lesson.spec, *(lesson.make_variant(variant).spec for variant in lesson.variants)]


def _make_title(runs: Sequence[LessonRun], main: int) -> str:
    """Return the heading of some runs: their lesson's title if one of them is just that, else that of the main one."""
    lesson = runs[main].lesson
    return lesson.title if any(_is_own(one) and one.lesson is lesson for one in runs) else runs[main].title


def _name_apart(some: Iterable[Lesson]) -> list[Lesson]:
    """Return lessons with different names: a repeated one gets a number."""
    named: dict[str, Lesson] = {}
    for lesson in some:
        names = chain([lesson.name], (f"{lesson.name}-{number}" for number in count(2)))
        name = next(name for name in names if _make_key(name) not in named)
        named[_make_key(name)] = replace(lesson, name=name)
    return list(named.values())


def _make_key(name: str) -> str:
    """Return a key that is equal for names that some file systems treat as equal."""
    return make_stem(name).casefold()
