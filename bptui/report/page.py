"""The hand-in: trainings observed, summarised and stated on a page, with pictures, numbers and files to repeat it.

A report has a section for each lesson, with its variants, or one for a whole sitting. Everything in it is made from
the trainings and their summaries alone, so that the same trainings give the same report, byte for byte.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, replace

from bptui.compare.curves import Losses, half_squared_errors, losses
from bptui.compare.summary import Summary
from bptui.compare.table import COMMON, Row, columns, differing, footnotes, letter, name_of, remarks, setting
from bptui.compare.view import rows as as_rows
from bptui.core.formulas.backprop import formulas
from bptui.core.problem.spec import INITS, Spec, setting_name, unused_by
from bptui.core.training.run import Run
from bptui.derive.blocks import FORMATS, Block, Heading, Items, Note, Picture, Table, Words
from bptui.derive.page import page
from bptui.derive.worked import DIGITS
from bptui.lessons.lesson import format_lesson
from bptui.report.sections import Section
from bptui.report.svg import Drawn, svg
from bptui.text.numbers import full
from bptui.text.words import counted, listed

PAGE = "report.md"
OURS = ("losses-*.svg", "run-*.toml", PAGE, "rounds.csv", "runs.json")
"""What a report's folder holds beside its lessons: nothing else is ever overwritten."""


def report(sections: Sequence[Section], summaries: Sequence[Sequence[Summary]]) -> dict[str, str]:
    """The files of a report, by name.

    Args:
        sections: One or more.
        summaries: One for each of their trainings.
    """
    rows = [as_rows(one.trainings, dict(enumerate(found))) for one, found in zip(sections, summaries, strict=True)]
    pictures = [list(_pictures(section)) for section in sections]
    blocks = _page(sections, rows, [[picture for picture, _ in some] for some in pictures])
    files = {PAGE: "\n".join(FORMATS["markdown"].print(blocks)) + "\n"}
    for section, some in zip(sections, pictures, strict=True):
        files |= {picture.file: text for picture, text in some}
        files |= {name: format_lesson(lesson) for name, lesson in section.files}
    files["rounds.csv"] = _rounds(sections, rows)
    files["runs.json"] = json.dumps(list(_runs(sections, rows)), indent=1, ensure_ascii=False) + "\n"
    return files


def _page(
    sections: Sequence[Section], rows: Sequence[Sequence[Row]], pictures: Sequence[Sequence[Picture]]
) -> Iterator[Block]:
    yield Heading("Observed, summarised, stated", 1)
    files = [name for section in sections for name, _ in section.files]
    yield Words(
        f"{counted(sum(map(len, rows)), 'run')} of {listed(files)}, beside this page: bptui opens such a file, bptui "
        "report writes its report again. All numbers are computed; every quantity of some rounds is in rounds.csv, "
        "all settings and findings are in runs.json."
    )
    if len(sections) > 1:
        yield Heading("All together")
        named = list(_first(sections, rows))
        yield from _comparison(named)
        if stated := tuple(remarks(named)):
            yield Items(stated)
    for section, of_section, some in zip(sections, rows, pictures, strict=True):
        yield from _section(section, of_section, some)
    yield from _worked(sections)


def _first(sections: Sequence[Section], rows: Sequence[Sequence[Row]]) -> Iterator[Row]:
    """The first run of each section, named by its lesson, and by its variant where that is another name."""
    for place, (section, (row, *_)) in enumerate(zip(sections, rows, strict=True)):
        names = dict.fromkeys((section.trainings[0].lesson.name, row.name))
        yield replace(row, letter=letter(place).upper(), name=", ".join(names))


def _section(section: Section, rows: Sequence[Row], pictures: Sequence[Picture]) -> Iterator[Block]:
    yield Heading(section.title)
    yield Heading("The settings", 3)
    yield Table(("setting", rows[0].name), tuple(_settings(rows[0].spec)))
    if names := [setting_name(item.name) for item in differing([row.spec for row in rows])]:
        yield Words(
            f"That is run {rows[0].letter}; the others differ from it in {listed(names)}, as the table below says."
        )
    for note, name in section.notes.items():
        yield Heading("What the lesson says" if len(section.notes) == 1 else f"What {name} says", 3)
        yield Note(note)
    yield Heading("Observe", 3)
    yield from pictures
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
            yield setting_name(item.name), setting(spec, item, whole=True)


def _pictures(section: Section) -> Iterator[tuple[Picture, str]]:
    """The losses of the trainings, their own if they were trained on the same, with the floor that they share.

    Losses that go below 0 say little of how far the outputs are from the targets, and may run away; half squared
    errors are drawn too then.
    """
    specs = [one.run.spec for one in section.trainings]
    name, common = f"losses-{section.name}", _losses(section, half_squared_errors)
    if len({spec.loss for spec in specs}) > 1:
        yield _picture(name, COMMON, common)
        return
    own, floor = _losses(section, losses), specs[0].floor if len({spec.floor for spec in specs}) == 1 else None
    yield _picture(name, f"E, {specs[0].loss}", own, floor)
    if any((curve.losses < 0).any() for curve in own):
        yield _picture(f"{name}-half-squared", COMMON, common)


def _losses(section: Section, of: Callable[[Run, int], Losses]) -> list[Drawn]:
    found = []
    for place, (one, asked) in enumerate(zip(section.trainings, section.questions, strict=True)):
        one.run.reach(asked.rounds)
        found.append(Drawn(letter(place), name_of(one.lesson, one.run.spec), of(one.run, asked.rounds)))
    return found


def _picture(name: str, measure: str, curves: Sequence[Drawn], floor: float | None = None) -> tuple[Picture, str]:
    return Picture(f"{name}.svg", f"{measure} over rounds"), svg(curves, measure, floor)


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
            if isinstance(block, Heading):
                of = f" of {training.lesson.name}" if block.level == 1 and len(sections) > 1 else ""
                yield Heading(f"{block.text}{of}", block.level + 1)
            else:
                yield block


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
