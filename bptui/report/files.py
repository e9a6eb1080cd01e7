"""The files of a report: its page in two formats, plots, every number of some rounds, and what repeats the runs.

The same runs and summaries give the same files, byte for byte.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence

from bptui.compare.curves import Losses, compute_half_squared_errors, read_losses
from bptui.compare.summary import Summary
from bptui.compare.table import COMMON_LOSS, RunRow
from bptui.core.formulas.backprop import name_quantities
from bptui.core.training.run import Run
from bptui.derive.blocks import Picture
from bptui.derive.formats import FORMATS
from bptui.derive.notations import UNICODE
from bptui.derive.notebook.notebook import format_notebook
from bptui.lessons.lesson import format_lesson
from bptui.report.html import format_html
from bptui.report.page import About, make_page, make_title, name_notebook
from bptui.report.sections import Section
from bptui.report.svg import PlotCurve, draw_svg
from bptui.text.numbers import repr_float

PAGE_FILE = "report.md"
HTML_FILE = "report.html"
PDF_FILE = "report.pdf"
OWN_FILES = (
    "losses-*.svg", "notebook-*.ipynb", "run-*.toml", PAGE_FILE, HTML_FILE, PDF_FILE, "rounds.csv", "runs.json"
)  # fmt: skip
"""The files of a report besides its lessons: nothing else is ever overwritten."""
Summaries = Sequence[Sequence[Summary | None]]


def make_report_files(sections: Sequence[Section], summaries: Summaries, about: About | None = None) -> dict[str, str]:
    """Return the files of a report by name.

    Args:
        sections: One or more sections.
        summaries: A summary of each of their runs, by section; None for a run that was not analysed.
        about: What the report says about itself.
    """
    about = about or About()
    rows, pictures = draw_sections(sections, summaries)
    drawn = {picture.file: text for some in pictures for picture, text in some}
    shown = [[picture for picture, _ in some] for some in pictures]
    page = make_page(sections, rows, shown, about, FORMATS["markdown"].form)
    files = {PAGE_FILE: "\n".join(FORMATS["markdown"].print(page)) + "\n"}
    page = make_page(sections, rows, shown, about, UNICODE)
    files |= {HTML_FILE: format_html(make_title(sections, about), page, drawn), **drawn}
    for section in sections:
        for name, lesson in section.files:
            files |= {name: format_lesson(lesson), name_notebook(name): format_notebook(lesson)}
    files["rounds.csv"] = _format_rounds(sections, rows)
    files["runs.json"] = json.dumps(list(_collect_runs(sections, rows)), indent=1, ensure_ascii=False) + "\n"
    return files


def draw_sections(
    sections: Sequence[Section], summaries: Summaries
) -> tuple[list[list[RunRow]], list[list[tuple[Picture, str]]]]:
    """Return the runs of each section as rows of a table, and its pictures with their SVG."""
    rows = [section.make_rows(found) for section, found in zip(sections, summaries, strict=True)]
    names = [section.name for section in sections]
    unique = [f"{name}-{at}" if name in names[:at] else name for at, name in enumerate(names)]
    return rows, [list(_draw_pictures(section, name)) for section, name in zip(sections, unique, strict=True)]


def _draw_pictures(section: Section, name: str) -> Iterator[tuple[Picture, str]]:
    """Yield plots of the runs' own losses if they share one, with the floor they share.

    Losses below 0 say little about the distance of the outputs from the targets, and may diverge; then half squared
    errors are plotted as well.
    """
    specs = [one.run.spec for one in section.trainings]
    name, common = f"losses-{name}", _collect_curves(section, compute_half_squared_errors)
    if len({spec.loss for spec in specs}) > 1:
        yield _draw_picture(name, COMMON_LOSS, common)
        return
    own, floor = (
        _collect_curves(section, read_losses),
        specs[0].floor if len({spec.floor for spec in specs}) == 1 else None,
    )
    yield _draw_picture(name, f"E ({specs[0].loss})", own, floor)
    if any((curve.losses < 0).any() for curve in own):
        yield _draw_picture(f"{name}-half-squared", COMMON_LOSS, common)


def _collect_curves(section: Section, of: Callable[[Run, int], Losses]) -> list[PlotCurve]:
    found = []
    for letter, one, asked in zip(section.letters, section.trainings, section.questions, strict=True):
        one.run.train_to(asked.rounds + 1)  # a round ahead, as where it is shown
        found.append(PlotCurve(letter, one.name, of(one.run, asked.rounds)))
    return found


def _draw_picture(
    name: str, measure: str, curves: Sequence[PlotCurve], floor: float | None = None
) -> tuple[Picture, str]:
    return Picture(f"{name}.svg", f"{measure} by round"), draw_svg(curves, measure, floor)


def _format_rounds(sections: Sequence[Section], rows: Sequence[Sequence[RunRow]]) -> str:
    """Return some rounds of every run as CSV: a column per quantity, empty where a run has none of that name."""
    names: dict[str, None] = {}
    found: list[dict[str, str]] = []
    for section, of_section in zip(sections, rows, strict=True):
        for one, row, asked in zip(section.trainings, of_section, section.questions, strict=True):
            for round_ in [at["round"] for at in row.summary["at"]] if row.summary else [1, asked.rounds]:
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
