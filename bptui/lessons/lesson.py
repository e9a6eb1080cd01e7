"""Read, validate and write lesson files, and list the bundled lessons.

A lesson is a TOML file (the manual's page ``lesson-files`` shows one): a problem, and optionally values that someone
printed for it, and variants with something changed. All faults of a file are reported at once, in the file's own words.
"""

from collections.abc import Container, Mapping
from contextlib import suppress
from dataclasses import field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bptui.core.problem.aliases import rename_aliases, rewrite_aliases
from bptui.core.problem.kinds.suggestions import suggest
from bptui.core.problem.spec import Spec, SpecError
from bptui.core.problem.tables import Table, limit_faults, merge_tables
from bptui.lessons.faults import (
    FIGURE_SETTINGS,
    FIGURE_TABLES,
    find_figure_faults,
    find_layer_faults,
    find_top_faults,
    find_variant_faults,
    name_values,
    read_entries,
)
from bptui.record import record
from bptui.system.confinement import require_inside
from bptui.system.folders import BUNDLED_LESSONS
from bptui.system.reading import LessonError, parse_toml, read_text
from bptui.text.words import make_one_line, make_printable

if TYPE_CHECKING:
    from bptui.text.printed import PrintedNumber

DEFAULT_LESSON = "two-by-two"


@record
class Figures:
    """The values printed for one round.

    Attributes:
        round: The round, from 1.
        engine: "numpy" or "torch", whichever is said to have computed them.
        changes: The training settings they were printed under, where these differ from the lesson's.
        printed: Digits by quantity name.
        matrices: What the rows of printed matrices stand for, by name; not kept in a file.
    """

    round: int
    engine: str
    changes: Mapping[str, Any]
    printed: Mapping[str, str]
    matrices: Mapping[str, str] = field(default_factory=dict, compare=False)

    @cached_property
    def numbers(self) -> Mapping[str, "PrintedNumber"]:
        """The printed values as numbers, by quantity name; what a bare point claims follows from all of them."""
        from bptui.text.printed import PrintedNumber, find_decimals  # which few lessons need

        decimals = find_decimals(self.printed.values())
        return {name: PrintedNumber.of(digits, decimals) for name, digits in self.printed.items()}

    def without(self, settings: Container[str]) -> "Figures":
        """Return the same values as if these training settings had been the lesson's own."""
        return replace(self, changes={key: value for key, value in self.changes.items() if key not in settings})

    def to_table(self, word: str = "printed") -> Table:
        """Return the entry of a lesson file that reads back as these values, which stand there under a word."""
        return {"round": self.round, "engine": self.engine, **self.changes, word: dict(self.printed)}


@record
class Variant:
    """The same problem with something changed: a name, and tables to merge over the lesson's."""

    name: str
    changes: Table


@record
class Lesson:
    """A lesson: a problem with a title and a note, its printed values and its variants.

    Attributes:
        name: The bundled name, or the file's name.
        title: One line.
        spec: The problem.
        note: Markdown for people.
        order: Its position in the catalogue.
        group: The heading that it stands under there.
        figures: Printed values.
        variants: The same problem with something changed.
    """

    name: str
    title: str
    spec: Spec
    note: str = ""
    order: int = 1000
    group: str = ""
    figures: tuple[Figures, ...] = field(default=())
    variants: tuple[Variant, ...] = field(default=())

    def make_variant(self, variant: Variant) -> "Lesson":
        """Return a variant as a lesson: its title names the variant, and it has no printed values."""
        spec = Spec.from_table(merge_tables(self.spec.to_table(), variant.changes))
        title = f"{self.title} · {variant.name}"
        return replace(self, title=title, spec=spec, figures=(), variants=())

    def spec_of(self, figures: Figures) -> Spec:
        """Return the problem that values were printed for."""
        return Spec.from_table(merge_tables(self.spec.to_table(), {"training": figures.changes}))


@cache
def list_bundled_names() -> set[str]:
    """Return the names of the bundled lessons."""
    return {path.stem for path in BUNDLED_LESSONS.glob("*.toml")}


@cache
def load_bundled_lessons() -> tuple[Lesson, ...]:
    """Return the bundled lessons in reading order."""
    lessons = map(load_lesson, list_bundled_names())
    return tuple(sorted(lessons, key=lambda lesson: (lesson.order, lesson.name)))


def find_lesson_file(name: str) -> Path:
    """Return the file of a bundled lesson by name, or of a path.

    Raises:
        LessonError: If neither exists.
        UserError: If the path leads out of the confinement, whether the file exists or not.
    """
    bundled = {path.stem: path for path in BUNDLED_LESSONS.glob("*.toml")}
    if name in bundled:
        return bundled[name]
    require_inside(Path(name), reading=True)
    if not name.strip():
        raise LessonError("LESSON", "is empty; `bptui lessons` lists the bundled lessons")
    with suppress(OSError):  # a name too long for a file is no file
        if Path(name).exists():
            return Path(name)
    hint = suggest(name, sorted(bundled))
    raise LessonError(
        name, f"no bundled lesson or file has this name{hint or ';'} `bptui lessons` lists the bundled lessons"
    )


def load_lesson(name: str) -> Lesson:
    """Read a bundled lesson by name, or a lesson file by path.

    Raises:
        LessonError: If it cannot be read or is no lesson.
    """
    path = find_lesson_file(name)
    return parse_lesson(read_text(path), path.stem, str(path) if path.parent != BUNDLED_LESSONS else name)


def require_figures(lesson: Lesson) -> None:
    """Refuse a lesson whose printed values no longer fit its problem, as after a change of settings.

    Raises:
        LessonError: With every value that does not fit.
    """
    places = [(f"figures {number}", figures.to_table()) for number, figures in enumerate(lesson.figures, 1)]
    if faults := [fault for place, entry in places for fault in find_figure_faults(lesson.spec, place, entry)]:
        raise LessonError(lesson.name, faults)


def parse_lesson(text: str, name: str, source: str = "lesson") -> Lesson:
    """Read a lesson from the text of its file.

    Args:
        text: TOML.
        name: The lesson's name from now on.
        source: The origin of the text, for faults.

    Raises:
        LessonError: With all faults, if there are any.
    """
    return read_lesson(parse_toml(text, source), name, source)


def read_lesson(table: Mapping[str, Any], name: str, source: str = "lesson") -> Lesson:
    """Read a lesson from the tables of its file; see ``parse_lesson``."""
    faults = limit_faults(find_top_faults(table))
    try:
        spec = Spec.from_table(table)
    except SpecError as error:
        raise LessonError(source, [*faults, *error.faults]) from error
    faults += find_layer_faults(spec, table)
    figures = [entry for key in FIGURE_TABLES for entry in read_entries(table, key, faults)]
    variants = read_entries(table, "variants", faults)
    faults += limit_faults(fault for place, entry in figures for fault in find_figure_faults(spec, place, entry))
    faults += limit_faults(fault for place, entry in variants for fault in find_variant_faults(spec, place, entry))
    if faults:
        raise LessonError(source, list(dict.fromkeys(faults)))
    return Lesson(
        name=make_one_line(name),
        title=make_one_line(table.get("title", name)),
        spec=spec,
        note=make_printable(table.get("note", "")),
        order=table.get("order", 1000),
        group=make_one_line(table.get("group", "")),
        figures=tuple(_read_figures(place, entry, spec) for place, entry in figures),
        variants=tuple(Variant(make_one_line(e["name"]), {k: e[k] for k in e if k != "name"}) for _, e in variants),
    )


def format_lesson(lesson: Lesson) -> str:
    """Return the text of a file that reads back as the same lesson."""
    from bptui.system.toml_text import format_toml  # only writing needs it

    return format_toml(make_lesson_table(lesson))


def make_lesson_table(lesson: Lesson) -> Table:
    """Return the tables of a file that reads back as the lesson."""
    table: Table = {"title": lesson.title}
    if lesson.note:
        table["note"] = lesson.note
    if lesson.order != 1000:
        table["order"] = lesson.order
    if lesson.group:
        table["group"] = lesson.group
    table |= lesson.spec.to_table()
    if lesson.figures:
        table["printed"] = [figures.to_table("values") for figures in lesson.figures]
    if lesson.variants:
        table["variants"] = [{"name": v.name, **v.changes} for v in lesson.variants]
    return table


def _read_figures(place: str, entry: dict[str, Any], spec: Spec) -> Figures:
    from bptui.lessons.printed_values import describe_matrices, expand_printed  # which few lessons need

    written = {k: v for k, v in entry.items() if k in FIGURE_SETTINGS}
    table, _ = rewrite_aliases(merge_tables(spec.to_table(), {"training": written}))
    changes = rename_aliases(written, table["training"])
    network, values = Spec.from_table(table).network_of(entry["round"]), entry[name_values(place, entry)]
    printed, matrices = expand_printed(network, values), describe_matrices(network, values)
    return Figures(entry["round"], entry.get("engine", "numpy"), changes, printed, matrices)
