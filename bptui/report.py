"""The hand-in: trainings observed, summarised and stated on a page, with pictures, numbers and files to repeat it.

A report has a section for each lesson, with its variants, or one for a whole sitting. Everything in it is made from
the trainings and their summaries alone, so that the same trainings give the same report, byte for byte.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from bptui import lessons
from bptui.compare import question
from bptui.core.engine import NumpyEngine
from bptui.core.formulas import formulas
from bptui.core.run import Run
from bptui.core.spec import INITS, Spec, unused_by
from bptui.curves import half_squared_errors, losses
from bptui.derive import page
from bptui.files import stem
from bptui.lessons import Lesson
from bptui.overview import COMMON, Row, columns, differing, footnotes, head_of, letter, name_of, remarks, setting
from bptui.pages import FORMATS, Block, Heading, Items, Note, Picture, Table, Words
from bptui.picture import Drawn, svg
from bptui.session import Training, variants_of
from bptui.summarising import Question
from bptui.summary import Summary
from bptui.text import counted, full, listed
from bptui.worked import DIGITS

PAGE = "report.md"
OURS = ("losses-*.svg", "run-*.toml", PAGE, "rounds.csv", "runs.json")
"""What a report's folder holds beside its lessons: nothing else is ever overwritten."""


@dataclass(frozen=True, eq=False)
class Section:
    """Some trainings that belong together.

    Attributes:
        title: What they are.
        name: For the names of files.
        trainings: One or more.
        questions: What has to be known of them.
        lessons: The lessons that they are made from, whose notes stand beside the numbers.
    """

    title: str
    name: str
    trainings: tuple[Training, ...]
    questions: tuple[Question, ...]
    lessons: tuple[Lesson, ...]

    @classmethod
    def of_lesson(cls, lesson: Lesson) -> "Section":
        """A lesson and its variants; the lesson itself is left out where a variant is the same."""
        variants = tuple(variants_of(lesson))
        own = () if lesson.spec in [one.run.spec for one in variants] else (Training.of(lesson),)
        trainings = own + variants
        return cls(lesson.title, stem(lesson.name), trainings, tuple(map(question, trainings)), (lesson,))

    @classmethod
    def of_sitting(cls, trainings: tuple[Training, ...]) -> "Section":
        """The trainings of a sitting, as far as they are now; trained again, since those on the screen may go on."""
        made_from = {one.lesson.title: one.lesson for one in trainings}
        again = tuple(Training(one.lesson, Run(NumpyEngine(one.run.spec))) for one in trainings)
        asked = tuple(map(question, trainings))
        return cls("The runs of a sitting", "sitting", again, asked, tuple(made_from.values()))

    def rows(self, summaries: Sequence[Summary]) -> list[Row]:
        """The trainings as rows of a comparison."""
        return [
            Row(letter(place), name_of(one.lesson, one.run.spec), one.run.spec, summary)
            for place, (one, summary) in enumerate(zip(self.trainings, summaries, strict=True))
        ]


def report(sections: Sequence[Section], summaries: Sequence[Sequence[Summary]]) -> dict[str, str]:
    """The files of a report, by name.

    Args:
        sections: One or more.
        summaries: One for each of their trainings.
    """
    rows = [section.rows(found) for section, found in zip(sections, summaries, strict=True)]
    files = {PAGE: "\n".join(FORMATS["markdown"].print(_page(sections, rows))) + "\n"}
    for section in sections:
        files[_picture(section)] = _drawn(section)
        files |= _lesson_files(section)
    files["rounds.csv"] = _rounds(sections, rows)
    files["runs.json"] = json.dumps(list(_runs(sections, rows)), indent=1, ensure_ascii=False) + "\n"
    return files


def _picture(section: Section) -> str:
    return f"losses-{section.name}.svg"


def _lesson_files(section: Section) -> Iterable[tuple[str, str]]:
    """Files to repeat the section with: the lessons, and a run each that is no lesson's."""
    for lesson in section.lessons:
        yield f"{stem(lesson.name)}.toml", lessons.dumps(lesson)
    for place, one in enumerate(section.trainings):
        if one.run.spec != one.lesson.spec:
            changed = replace(one.lesson, spec=one.run.spec, figures=(), variants=())
            yield f"run-{letter(place)}.toml", lessons.dumps(changed)


def _page(sections: Sequence[Section], rows: Sequence[Sequence[Row]]) -> Iterator[Block]:
    yield Heading("Observed, summarised, stated", 1)
    files = ", ".join(f"{stem(lesson.name)}.toml" for section in sections for lesson in section.lessons)
    yield Words(
        f"{counted(sum(map(len, rows)), 'run')} of {files}: beside this page, and each opened by bptui with its name. "
        "All numbers are computed; those of every quantity are in rounds.csv, all settings and findings in runs.json."
    )
    if len(sections) > 1:
        yield Heading("All together")
        first = [row for section in rows for row in section[:1]]
        named = [replace(row, letter=letter(place).upper()) for place, row in enumerate(first)]
        yield from _comparison(named)
    for section, of_section in zip(sections, rows, strict=True):
        yield from _section(section, of_section)
    yield from _worked(sections)


def _section(section: Section, rows: Sequence[Row]) -> Iterator[Block]:
    yield Heading(section.title)
    yield Heading("The settings", 3)
    yield Table(("setting", rows[0].name), tuple(_settings(rows[0].spec)))
    if names := [head_of(item) for item in differing([row.spec for row in rows])]:
        yield Words(
            f"That is run {rows[0].letter}; the others differ from it in {listed(names)}, as the table below says."
        )
    for lesson in section.lessons:
        if lesson.note:
            yield Heading("What the lesson says" if len(section.lessons) == 1 else f"What {lesson.name} says", 3)
            yield Note(lesson.note)
    yield Heading("Observe", 3)
    yield Picture(_picture(section), f"{_measure(section)} over rounds")
    yield from _comparison(rows)
    yield Heading("Summarise", 3)
    yield from _summarised(rows)
    yield Heading("State", 3)
    stated = list(remarks(rows)) or [row.summary["said"] for row in rows if row.summary]
    yield Items(tuple(stated))


def _comparison(rows: Sequence[Row]) -> Iterator[Block]:
    found = columns(rows)
    yield Table(tuple(column.head for column in found), tuple(zip(*(column.cells for column in found), strict=True)))
    yield Words(" ".join(footnotes(rows)))


def _summarised(rows: Sequence[Row]) -> Iterator[Block]:
    """What there is to say of each run; what can be said of all of them is said once."""
    known = [row.summary for row in rows if row.summary]
    common = [text for text in known[0]["observations"] if all(text in other["observations"] for other in known[1:])]
    common = common if len(known) > 1 else []
    for row, summary in zip(rows, known, strict=True):
        own = [text for text in summary["observations"] if text not in common]
        yield Items((summary["said"], *own), f"{row.letter} · {row.name}")
    if common:
        yield Items(tuple(common), "all of them")


def _settings(spec: Spec) -> Iterator[tuple[str, str]]:
    """The settings of a problem that have a meaning for it, those that are optional only where they are used."""
    always = {"hidden", "activation_hidden", "activation_output", "loss", "step", "rounds", "precision", "gradient"}
    unused = unused_by(spec.init)
    for item in fields(Spec):
        wanted = item.name in always | set(INITS[spec.init]) or getattr(spec, item.name) != item.default
        if wanted and item.name not in unused:
            yield head_of(item), setting(spec, item, whole=True)


def _measure(section: Section) -> str:
    own = {one.run.spec.loss for one in section.trainings}
    return f"E, {own.pop()}" if len(own) == 1 else COMMON


def _drawn(section: Section) -> str:
    alike = len({one.run.spec.loss for one in section.trainings}) == 1
    curves = []
    for place, (one, asked) in enumerate(zip(section.trainings, section.questions, strict=True)):
        count = asked.rounds
        one.run.reach(count)
        found = (losses if alike else half_squared_errors)(one.run, count)
        curves.append(Drawn(letter(place), name_of(one.lesson, one.run.spec), found))
    return svg(curves, _measure(section))


def _worked(sections: Sequence[Section]) -> Iterator[Block]:
    """Round 1 worked out, of the first training of each section whose formulas are others than those before."""
    seen = set()
    for section in sections:
        training = section.trainings[0]
        network = replace(training.run.spec.network, numbering="by source")
        if network in seen:
            continue
        seen.add(network)
        shown = replace(training.lesson, spec=training.run.spec)
        for block in page(shown, 1, FORMATS["markdown"].form, DIGITS):
            yield replace(block, level=block.level + 1) if isinstance(block, Heading) else block


def _rounds(sections: Sequence[Section], rows: Sequence[Sequence[Row]]) -> str:
    """Every quantity of some rounds of every run; a column a quantity, empty where a run has none of that name."""
    names: dict[str, None] = {}
    found: list[dict[str, str]] = []
    for section, of_section in zip(sections, rows, strict=True):
        for one, row in zip(section.trainings, of_section, strict=True):
            names |= dict.fromkeys(f.name for f in formulas(one.run.spec.network))
            for round_ in [at["round"] for at in row.summary["at"]] if row.summary else []:
                one.run.reach(round_)
                about = {"lesson": one.lesson.name, "run": row.letter, "name": row.name, "round": str(round_)}
                found.append(about | {name: full(value) for name, value in one.run.values(round_).items()})
    text = io.StringIO()
    writer = csv.DictWriter(text, ["lesson", "run", "name", "round", *names], restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    return text.getvalue()


def _runs(sections: Sequence[Section], rows: Sequence[Sequence[Row]]) -> Iterator[Mapping[str, object]]:
    for section, of_section in zip(sections, rows, strict=True):
        for one, row in zip(section.trainings, of_section, strict=True):
            about = {"lesson": one.lesson.name, "run": row.letter, "name": row.name}
            yield {**about, "settings": one.run.spec.to_table(), "summary": row.summary}
