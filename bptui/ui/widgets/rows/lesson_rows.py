"""The rows of the list of lessons: what each says, the heading above it, and the note beside it."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from bptui.lessons.lesson import Lesson, load_bundled_lessons
from bptui.persistence.lesson_files import FoundLesson
from bptui.record import record
from bptui.system.confinement import hide_folders
from bptui.text.markdown import escape_markdown
from bptui.text.words import clip_cells, format_count, join_words, pad_cells
from bptui.ui.widgets.fields.filter import has_words

_NAME = 16  # columns of a name


@record(eq=False)
class LessonRow:
    """A row.

    Attributes:
        id: Tells it from all others.
        group: The heading above it; empty for none.
        text: What it says.
        note: What stands beside it, in Markdown.
        lesson: The lesson; None if there is none to open.
        path: The lesson's file, if it is no bundled one.
    """

    id: str
    group: str
    text: str
    note: str
    lesson: Lesson | None = None
    path: Path | None = None

    @property
    def title(self) -> str:
        """The lesson's title; empty if there is none."""
        return self.lesson.title if self.lesson else ""

    def has_words(self, words: tuple[str, ...]) -> bool:
        """Whether the row, its heading or its note has all of some words."""
        return has_words(f"{self.text} {self.group} {self.title} {self.note}", words)

    def is_called(self, words: tuple[str, ...]) -> bool:
        """Whether the row's name or title, not only its note, has all of some words."""
        return has_words(f"{self.text} {self.title}", words)

    def is_same(self, other: "LessonRow") -> bool:
        """Whether another row is of the same lesson, which its file may call otherwise."""
        if self.lesson is None or other.lesson is None:
            return False
        return replace(self.lesson, name=other.lesson.name) == other.lesson


def list_bundled_rows() -> list[LessonRow]:
    """Return the bundled lessons, each with its variants below it, under the headings that they name."""
    lessons = load_bundled_lessons()
    order = {group: place for place, group in enumerate(dict.fromkeys(lesson.group for lesson in lessons))}
    return [
        row for lesson in sorted(lessons, key=lambda lesson: order[lesson.group]) for row in _list_with_variants(lesson)
    ]


def _list_with_variants(lesson: Lesson) -> Iterator[LessonRow]:
    yield _make_row(f"bundled/{lesson.name}", lesson.group, lesson.name, lesson)
    for number, variant in enumerate(lesson.variants):
        one = lesson.make_variant(variant)
        yield _make_row(f"bundled/{lesson.name}/{number}", lesson.group, f"  {variant.name}", one)


def list_current_row(current: Lesson, bundled: Sequence[LessonRow]) -> list[LessonRow]:
    """Return the row of the lesson that is open, if it is no bundled one."""
    if current.title in [row.title for row in bundled]:
        return []
    return [_make_row("open", "open now", current.name, current)]


def list_file_rows(group: str, found: Sequence[FoundLesson]) -> list[LessonRow]:
    """Return the rows of lessons in files, also of those that cannot be read."""
    rows = []
    for place, one in enumerate(found):
        where = f"*{escape_markdown(hide_folders(os.fspath(one.path)))}*"
        if one.lesson is not None:
            rows.append(_make_row(f"{group}/{place}", group, one.name, one.lesson, one.path, where))
        else:
            faults = "\n".join(f"* {escape_markdown(line)}" for line in one.fault.split("\n"))
            note = f"**{escape_markdown(one.name)}** cannot be read:\n\n{faults}\n\n{where}"
            rows.append(
                LessonRow(f"{group}/{place}", group, _write_row(one.name, "cannot be read"), note, path=one.path)
            )
    return rows


def _make_row(
    row_id: str, group: str, name: str, lesson: Lesson, path: Path | None = None, where: str = ""
) -> LessonRow:
    count = sum(len(figures.printed) for figures in lesson.figures)
    behind = f"{count:>3} printed value{'s' if count > 1 else ''}" if count else ""
    note = "\n\n".join(
        filter(None, [f"**{escape_markdown(lesson.title)}**", describe_figures(lesson), lesson.note, where])
    )
    return LessonRow(row_id, group, _write_row(name, behind), note, lesson, path)


def _write_row(name: str, behind: str) -> str:
    """Return a name, and what stands behind it in a column of its own."""
    return f"  {pad_cells(clip_cells(name, _NAME), _NAME)} {behind}" if behind else f"  {name}"


def describe_figures(lesson: Lesson) -> str:
    """Return how many printed values a lesson has, and of which rounds; empty if there are none."""
    count = sum(len(figures.printed) for figures in lesson.figures)
    rounds = [f"{round_:,}" for round_ in sorted({figures.round for figures in lesson.figures})]
    named = f"round{'s' if len(rounds) > 1 else ''} {join_words(rounds)}"
    them = "it" if count == 1 else "them"
    return f"*{format_count(count, 'printed value')}, in {named}: press `c` to check {them}.*" if count else ""
