"""The report for handing in: runs observed, summarised and stated on a page, with plots, numbers and lesson files.

A report has a section for each lesson and its variants, or one for a whole session. It is made from the runs and their
summaries alone, so the same runs give the same report, byte for byte.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, replace

from bptui.compare.curves import Losses, compute_half_squared_errors, read_losses
from bptui.compare.remarks import make_remarks
from bptui.compare.summary import Summary
from bptui.compare.table import (
    COMMON_LOSS,
    RunRow,
    find_differing,
    format_setting,
    make_columns,
    make_footnotes,
    make_letter,
)
from bptui.compare.view import make_rows as as_rows
from bptui.core.formulas.backprop import name_quantities
from bptui.core.formulas.optimisers import OPTIMISERS
from bptui.core.problem.spec import Spec, name_setting
from bptui.core.problem.starts import INITS
from bptui.core.training.run import Run
from bptui.derive.blocks import Block, BulletList, Heading, Paragraph, Picture, Table, UserNote
from bptui.derive.formats import FORMATS
from bptui.derive.notebook.notebook import format_notebook
from bptui.derive.page import make_derivation_page
from bptui.derive.worked import DEFAULT_DIGITS
from bptui.lessons.lesson import format_lesson
from bptui.report.sections import Section
from bptui.report.svg import PlotCurve, draw_svg
from bptui.text.numbers import repr_float
from bptui.text.words import format_count, join_words

PAGE_FILE = "report.md"
OWN_FILES = ("losses-*.svg", "notebook-*.ipynb", "run-*.toml", PAGE_FILE, "rounds.csv", "runs.json")
"""The files of a report besides its lessons: nothing else is ever overwritten."""


def make_report_files(sections: Sequence[Section], summaries: Sequence[Sequence[Summary]]) -> dict[str, str]:
    """Return the files of a report by name.

    Args:
        sections: One or more sections.
        summaries: A summary of each of their runs, by section.
    """
    rows = [as_rows(one.trainings, dict(enumerate(found))) for one, found in zip(sections, summaries, strict=True)]
    pictures = [list(_draw_pictures(section)) for section in sections]
    blocks = _make_page(sections, rows, [[picture for picture, _ in some] for some in pictures])
    files = {PAGE_FILE: "\n".join(FORMATS["markdown"].print(blocks)) + "\n"}
    for section, some in zip(sections, pictures, strict=True):
        files |= {picture.file: text for picture, text in some}
        for name, lesson in section.files:
            files |= {name: format_lesson(lesson), _name_notebook(name): format_notebook(lesson)}
    files["rounds.csv"] = _format_rounds(sections, rows)
    files["runs.json"] = json.dumps(list(_collect_runs(sections, rows)), indent=1, ensure_ascii=False) + "\n"
    return files


def _name_notebook(lesson_file: str) -> str:
    """Return the name of the notebook of a lesson's file."""
    return f"notebook-{lesson_file.removesuffix('.toml')}.ipynb"


def _make_page(
    sections: Sequence[Section], rows: Sequence[Sequence[RunRow]], pictures: Sequence[Sequence[Picture]]
) -> Iterator[Block]:
    yield Heading("Observed, summarised, stated", 1)
    files = [name for section in sections for name, _ in section.files]
    yield Paragraph(
        f"{format_count(sum(map(len, rows)), 'run')} of {join_words(files)}, beside this page: bptui opens such a "
        "file, bptui report writes its report again. Jupyter runs "
        f"{join_words([_name_notebook(name) for name in files])}: a round by hand and with autograd, and the training. "
        "All numbers are computed; every quantity of some rounds is in rounds.csv, all settings and findings are in "
        "runs.json."
    )
    if len(sections) > 1:
        yield Heading("All together")
        named = list(_pick_first_rows(sections, rows))
        yield from _make_comparison(named)
        if stated := tuple(make_remarks(named)):
            yield BulletList(stated)
    for section, of_section, some in zip(sections, rows, pictures, strict=True):
        yield from _make_section(section, of_section, some)
    yield from _make_derivations(sections)


def _pick_first_rows(sections: Sequence[Section], rows: Sequence[Sequence[RunRow]]) -> Iterator[RunRow]:
    """Yield the first run of each section, named by its lesson and by its variant if the name differs."""
    for place, (section, (row, *_)) in enumerate(zip(sections, rows, strict=True)):
        names = dict.fromkeys((section.trainings[0].lesson.name, row.name))
        yield replace(row, letter=make_letter(place).upper(), name=", ".join(names))


def _make_section(section: Section, rows: Sequence[RunRow], pictures: Sequence[Picture]) -> Iterator[Block]:
    yield Heading(section.title)
    yield Heading("The settings", 3)
    yield Table(("setting", rows[0].name), tuple(_collect_settings(rows[0].spec)))
    if names := [name_setting(item.name) for item in find_differing([row.spec for row in rows])]:
        yield Paragraph(
            f"That is run {rows[0].letter}; the runs differ in {join_words(names)}, as the table below says."
        )
    for note, name in section.notes.items():
        yield Heading("What the lesson says" if len(section.notes) == 1 else f"What {name} says", 3)
        yield UserNote(note)
    yield Heading("Observe", 3)
    yield from pictures
    yield from _make_comparison(rows)
    yield Heading("Summarise", 3)
    yield from _make_summaries(rows)
    yield Heading("State", 3)
    stated = list(make_remarks(rows)) or [row.summary["said"] for row in rows if row.summary]
    yield BulletList(tuple(stated))


def _make_comparison(rows: Sequence[RunRow]) -> Iterator[Block]:
    found = make_columns(rows)
    yield Table(tuple(column.head for column in found), tuple(zip(*(column.cells for column in found), strict=True)))
    yield Paragraph(" ".join(make_footnotes(rows)))


def _make_summaries(rows: Sequence[RunRow]) -> Iterator[Block]:
    """Yield what there is to say of each run; what holds for all is said once."""
    known = [row.summary for row in rows if row.summary]
    common = [text for text in known[0]["observations"] if all(text in other["observations"] for other in known[1:])]
    common = common if len(known) > 1 else []
    for row, summary in zip(rows, known, strict=True):
        own = [text for text in summary["observations"] if text not in common]
        yield BulletList((summary["said"], *own), f"{row.letter} · {row.name}")
    if common:
        yield BulletList(tuple(common), "all of them")


def _collect_settings(spec: Spec) -> Iterator[tuple[str, str]]:
    """Yield the settings that mean something for a problem; optional ones only if they are used."""
    always = {"hidden", "activation_hidden", "activation_output", "loss", "step", "rounds", "precision", "gradient"}
    always |= {*INITS[spec.init], *OPTIMISERS[spec.optimiser].settings}
    for item in fields(Spec):
        wanted = item.name in always or getattr(spec, item.name) != item.default
        if wanted and item.name not in spec.unused:
            yield name_setting(item.name), format_setting(spec, item, whole=True)


def _draw_pictures(section: Section) -> Iterator[tuple[Picture, str]]:
    """Yield plots of the runs' own losses if they share one, with the floor they share.

    Losses below 0 say little about the distance of the outputs from the targets, and may diverge; then half squared
    errors are plotted as well.
    """
    specs = [one.run.spec for one in section.trainings]
    name, common = f"losses-{section.name}", _collect_curves(section, compute_half_squared_errors)
    if len({spec.loss for spec in specs}) > 1:
        yield _draw_picture(name, COMMON_LOSS, common)
        return
    own, floor = (
        _collect_curves(section, read_losses),
        specs[0].floor if len({spec.floor for spec in specs}) == 1 else None,
    )
    yield _draw_picture(name, f"E, {specs[0].loss}", own, floor)
    if any((curve.losses < 0).any() for curve in own):
        yield _draw_picture(f"{name}-half-squared", COMMON_LOSS, common)


def _collect_curves(section: Section, of: Callable[[Run, int], Losses]) -> list[PlotCurve]:
    found = []
    for place, (one, asked) in enumerate(zip(section.trainings, section.questions, strict=True)):
        one.run.train_to(asked.rounds)
        found.append(PlotCurve(make_letter(place), one.name, of(one.run, asked.rounds)))
    return found


def _draw_picture(
    name: str, measure: str, curves: Sequence[PlotCurve], floor: float | None = None
) -> tuple[Picture, str]:
    return Picture(f"{name}.svg", f"{measure} over rounds"), draw_svg(curves, measure, floor)


def _make_derivations(sections: Sequence[Section]) -> Iterator[Block]:
    """Yield the derivation of round 1 for the first run of each section whose formulas are new."""
    seen = set()
    for section in sections:
        training = section.trainings[0]
        network = replace(training.run.spec.network, numbering="by source")
        if network in seen:
            continue
        seen.add(network)
        shown = replace(training.lesson, spec=training.run.spec)
        for block in make_derivation_page(shown, 1, FORMATS["markdown"].form, DEFAULT_DIGITS):
            if isinstance(block, Heading):
                of = f" of {training.lesson.name}" if block.level == 1 and len(sections) > 1 else ""
                yield Heading(f"{block.text}{of}", block.level + 1)
            else:
                yield block


def _format_rounds(sections: Sequence[Section], rows: Sequence[Sequence[RunRow]]) -> str:
    """Return some rounds of every run as CSV: a column per quantity, empty where a run has none of that name."""
    names: dict[str, None] = {}
    found: list[dict[str, str]] = []
    for section, of_section in zip(sections, rows, strict=True):
        for one, row in zip(section.trainings, of_section, strict=True):
            for round_ in [at["round"] for at in row.summary["at"]] if row.summary else []:
                one.run.train_to(round_)
                names |= dict.fromkeys(name_quantities(one.run.spec.network_of(round_)))
                about = {"lesson": one.lesson.name, "run": row.letter, "name": row.name, "round": str(round_)}
                found.append(about | {name: repr_float(value) for name, value in one.run.values(round_).items()})
    text = io.StringIO()
    writer = csv.DictWriter(text, ["lesson", "run", "name", "round", *names], restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    return text.getvalue()


def _collect_runs(sections: Sequence[Section], rows: Sequence[Sequence[RunRow]]) -> Iterator[Mapping[str, object]]:
    for section, of_section in zip(sections, rows, strict=True):
        for one, row in zip(section.trainings, of_section, strict=True):
            about = {"lesson": one.lesson.name, "run": row.letter, "name": row.name}
            yield {**about, "settings": one.run.spec.to_table(), "summary": row.summary}
