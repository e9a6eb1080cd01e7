"""The page of a report for handing in, as blocks: results, what the runs show, the conclusion, and rounds worked out.

It is made from the runs and their summaries alone, so the same runs give the same page; a run without a summary was not
analysed. Losses are compared only among runs of like problems, which a section has.
"""

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace

from bptui import __version__
from bptui.compare.remarks import make_remarks
from bptui.compare.table import RunRow, find_differing, format_setting, make_columns, make_footnotes
from bptui.core.formulas.optimisers import OPTIMISERS
from bptui.core.problem.setting_names import name_setting
from bptui.core.problem.spec import Spec
from bptui.core.problem.starts import INITS
from bptui.derive.blocks import Block, BulletList, Heading, Paragraph, Picture, Table, UserNote
from bptui.derive.notations import WrittenForm
from bptui.derive.notes import make_printed_note
from bptui.derive.page import make_derivation_page
from bptui.derive.worked import DEFAULT_DIGITS
from bptui.record import record
from bptui.report.sections import Section
from bptui.text.words import format_count, join_words, make_one_line

_NAMED = 3  # sections or files that a sentence names


@record
class About:
    """What a report says about itself.

    Attributes:
        title: Its title; if empty, those of its sections.
        author: Who hands it in.
        date: When, as it is written there.
    """

    title: str = ""
    author: str = ""
    date: str = ""


def make_title(sections: Sequence[Section], about: About) -> str:
    """Return the title of a report."""
    titles = list(dict.fromkeys(one.title for one in sections))
    more = [f"and {len(titles) - _NAMED} more"] if len(titles) > _NAMED else []
    own = make_one_line(about.title) or "; ".join([*titles[:_NAMED], *more])
    return f"Backpropagation report: {own}"


def name_notebook(lesson_file: str) -> str:
    """Return the name of the notebook of a lesson's file."""
    return f"notebook-{lesson_file.removesuffix('.toml')}.ipynb"


def make_page(
    sections: Sequence[Section],
    rows: Sequence[Sequence[RunRow]],
    pictures: Sequence[Sequence[Picture]],
    about: About,
    form: WrittenForm,
) -> Iterator[Block]:
    """Yield the page.

    Args:
        sections: One or more sections.
        rows: Their runs as rows of a table, by section.
        pictures: Their pictures, by section.
        about: What the report says about itself.
        form: How formulas are written.
    """
    yield Heading(make_title(sections, about), 1)
    yield Paragraph(" · ".join(filter(None, (make_one_line(about.author), about.date, f"bptui {__version__}"))))
    yield _describe_files(sections)
    if len(sections) > 1:
        yield Heading("Overview")
        yield Paragraph("The first run of each section:")
        named, every = list(_pick_first_rows(sections, rows)), [row for of_section in rows for row in of_section]
        yield from _make_comparison(named, every)
        if stated := tuple(make_remarks(named, every)):
            yield BulletList(stated)
    for number, (section, of_section, some) in enumerate(zip(sections, rows, pictures, strict=True), 1):
        if len(sections) > 1:
            yield Heading(f"{number}. {section.title}")
        yield from _make_section(section, of_section, some, 2 + (len(sections) > 1))
    for section, of_section in zip(sections, rows, strict=True):
        yield from _work_out(section, of_section, form)


def _describe_files(sections: Sequence[Section]) -> Paragraph:
    names = list(dict.fromkeys(name for section in sections for name, _ in section.files))
    files, notebooks = (join_words(some, _NAMED) for some in (names, list(map(name_notebook, names))))
    runs = sum(len(section.trainings) for section in sections)
    them = "it" if runs == 1 else "them"
    return Paragraph(
        f"This report covers {format_count(runs, 'run')}. All its numbers are computed. To repeat {them}, open {files} "
        f"in bptui; for round 1 by hand and with autograd, and then the training, run {notebooks} in Jupyter. "
        "rounds.csv has every quantity of some rounds; runs.json has all settings and findings."
    )


def _pick_first_rows(sections: Sequence[Section], rows: Sequence[Sequence[RunRow]]) -> Iterator[RunRow]:
    """Yield the first run of each section, with its lesson's name before its own if that does not tell it."""
    for section, (row, *_) in zip(sections, rows, strict=True):
        lesson = section.trainings[0].lesson.name
        own = section.trainings[0].own_name or row.name.startswith(lesson)
        yield row if own else replace(row, name=f"{lesson}, {row.name}")


def _make_section(section: Section, rows: Sequence[RunRow], pictures: Sequence[Picture], level: int) -> Iterator[Block]:
    main = rows[section.main]
    yield Heading("Settings", level)
    yield Table(("setting", main.name), tuple(_collect_settings(main.spec)))
    if names := [_name_setting(item.name) for item in find_differing([row.spec for row in rows])]:
        yield Paragraph(
            f"These are the settings of run {main.letter}. The runs differ in {join_words(names)}; see Results."
        )
    for note, name in section.notes.items():
        yield Heading("About the lesson" if len(section.notes) == 1 else f"About the lesson {name}", level)
        yield UserNote(make_printed_note(note))
    yield Heading("Results", level)
    yield from pictures
    yield from _make_comparison(rows)
    yield Heading("Observations", level)
    yield from _make_summaries(rows)
    yield Heading("Conclusion", level)
    yield BulletList(_conclude(rows)) if any(row.summary for row in rows) else Paragraph("No run was analysed.")


def _conclude(rows: Sequence[RunRow]) -> tuple[str, ...]:
    """Return how the runs went, and what the numbers say about them together."""
    verdicts: dict[str, list[str]] = {}
    known = [row.summary for row in rows if row.summary]
    for row in rows:
        verdicts.setdefault(row.summary["verdict"] if row.summary else "not analysed", []).append(row.letter)
    listed = "; ".join(f"{verdict} ({join_words(letters)})" for verdict, letters in verdicts.items())
    return (f"Verdicts: {listed}." if len(rows) > 1 else known[0]["said"], *make_remarks(rows))


def _make_comparison(rows: Sequence[RunRow], among: Sequence[RunRow] = ()) -> Iterator[Block]:
    found = make_columns(rows, among)
    yield Table(tuple(column.head for column in found), tuple(zip(*(column.cells for column in found), strict=True)))
    near = "The columns within 10 % and within 1 % name the first round that comes that close to the floor."
    has_near = any(column.head.startswith("within ") for column in found)
    yield Paragraph(" ".join((*make_footnotes(rows), *([near] if has_near else ()))))


def _make_summaries(rows: Sequence[RunRow]) -> Iterator[Block]:
    """Yield what there is to say of each run; what holds for all is said once."""
    known = [row.summary for row in rows if row.summary]
    first = known[0]["observations"] if known else []
    common = [text for text in first if all(text in other["observations"] for other in known[1:])]
    common = common if len(known) > 1 else []
    for row in rows:
        said: tuple[str, ...] = ("This run was not analysed.",)
        if row.summary:
            said = (row.summary["said"], *(text for text in row.summary["observations"] if text not in common))
        yield BulletList(said, f"{row.letter} · {row.name}")
    if common:
        yield BulletList(tuple(common), "all runs" if len(known) == len(rows) else "all runs that were analysed")


def _collect_settings(spec: Spec) -> Iterator[tuple[str, str]]:
    """Yield the settings that mean something for a problem; optional ones only if they are used."""
    always = {"hidden", "activation_hidden", "activation_output", "loss", "step", "rounds", "precision", "gradient"}
    always |= {*INITS[spec.init], *OPTIMISERS[spec.optimiser].settings}
    for item in fields(Spec):
        wanted = item.name in always or getattr(spec, item.name) != item.default
        if wanted and item.name not in spec.unused:
            yield _name_setting(item.name), format_setting(spec, item, whole=True)


def _name_setting(name: str) -> str:
    """Return the name of a setting in running text."""
    kind, _, where = name.partition("_")
    if kind in ("activation", "biases") and where:
        return f"{kind} ({where})"
    return {"step": "learning rate η", "hidden": "hidden neurons"}.get(name, name_setting(name))


def _work_out(section: Section, rows: Sequence[RunRow], form: WrittenForm) -> Iterator[Block]:
    """Yield the derivation of round 1 for the main run, and for the first of each other network of the section."""
    worked: dict[object, int] = {}
    for place in (section.main, *range(len(rows))):
        worked.setdefault(replace(rows[place].spec.network, numbering="by source"), place)
    for place in worked.values():
        one, row = section.trainings[place], rows[place]
        shown = replace(one.lesson, title=one.title, spec=row.spec)
        for block in make_derivation_page(shown, 1, form, DEFAULT_DIGITS):
            if isinstance(block, Heading):
                title = f"Derivation of round 1: run {row.letter}, {row.name}"
                yield Heading(title if block.level == 1 else block.text, block.level + 1)
            elif block != Paragraph(row.name):  # the title, if it says no more than the heading
                yield block
