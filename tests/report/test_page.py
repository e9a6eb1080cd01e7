"""A report: what stands on its page, that it can be repeated from its files, and that it is written whole or not."""

import csv
import html
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from bptui import __version__
from bptui.cli.main import main
from bptui.compare.summary import Summary, summarise_run
from bptui.derive.blocks import Table
from bptui.derive.notebook.notebook import format_notebook
from bptui.lessons.lesson import Lesson, load_lesson, parse_lesson
from bptui.lessons.training import LessonRun, begin_variants
from bptui.report import writer as reporting
from bptui.report.files import HTML_FILE, PAGE_FILE, make_report_files
from bptui.report.html import format_html
from bptui.report.page import About
from bptui.report.sections import Section
from bptui.session.session import Session
from bptui.text.numbers import format_significant


@pytest.fixture(autouse=True, scope="module")
def near() -> Iterator[None]:
    """Floors are looked for in 8,000 rounds only."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bptui.core.training.convergence._MOST", 64_000)
        yield


def looked_at(sections: list[Section]) -> list[list[Summary]]:
    return [[summarise_run(q.spec, q.rounds, q.at) for q in section.questions] for section in sections]


def files_of(*names: str) -> dict[str, str]:
    sections = Section.of_lessons(map(load_lesson, names))
    return make_report_files(sections, looked_at(sections))


@pytest.fixture(scope="module")
def steps(near: None) -> dict[str, str]:
    return files_of("step-size")


def test_the_claims_about_the_step_size_are_answered_with_numbers(steps: dict[str, str]) -> None:
    page = steps[PAGE_FILE]
    # The page has what the document says
    assert "learning rate 5 is at the optimum after about 10 rounds" in " ".join(page.split())
    state = page.partition("## Conclusion")[2].partition("\n## ")[0]
    assert "in round 10: a 8,405 %, b 4,423 %, c 785 % and d 321 %" in state
    assert "in round 1,000: a 4,187 %, b 30 %, c 5.8 % and d 2.8 %" in state
    assert "1 · 2,942 = 2,942, 5 · 589 = 2,945 and 10 · 295 = 2,950" in state
    assert "the rounds needed are inversely proportional to η" in state


def test_the_page_has_results_what_they_show_a_conclusion_and_a_round_worked_out(steps: dict[str, str]) -> None:
    page = steps[PAGE_FILE]
    heads = [line for line in page.splitlines() if line.startswith("#")]
    in_order = ["## Settings", "## About the lesson", "## Results", "## Observations", "## Conclusion"]
    assert heads[0].startswith("# Backpropagation report: Learning rate") and heads[1:6] == in_order
    assert heads[6] == "## Derivation of round 1: run a, η 0.01" and "```math" in page
    assert "](losses-step-size.svg)" in page and len(ElementTree.fromstring(steps["losses-step-size.svg"]))
    assert "| c | η 5 | 5.0 | 0.2097 | 0.02169 | 0.003920 | 0.002591 | 0.002450 | 589 | 5,283 | still falling |" in page


def test_what_all_runs_share_is_said_once(steps: dict[str, str]) -> None:
    assert steps[PAGE_FILE].count("y2 = −0.07 is out of reach") == 1


def test_a_note_cannot_change_the_page() -> None:
    lesson = replace(load_lesson("relu"), note="# A heading\n\n<!-- <details> 1 < 2\n\n```\nnever closed\n| a | b |")
    section = Section.of_lesson(lesson)
    page = make_report_files([section], looked_at([section]))[PAGE_FILE]
    assert "\n> ```\n" in page and "\n# A heading" not in page
    assert "\n> < !-- < details> 1 < 2\n" in page


def test_the_same_trainings_give_the_same_files(steps: dict[str, str]) -> None:
    assert files_of("step-size") == steps


def test_the_numbers_are_those_of_the_runs(steps: dict[str, str]) -> None:
    rows = list(csv.DictReader(io.StringIO(steps["rounds.csv"])))
    assert [row["round"] for row in rows[:4]] == ["1", "10", "100", "1000"] and len(rows) == 16
    run = next(one.run for one in Section.of_lesson(load_lesson("step-size")).trainings if one.run.spec.step == 5)
    run.train_to(100)
    found = next(row for row in rows if row["name"] == "η 5" and row["round"] == "100")
    assert {name: float(found[name]) for name in run.values(100)} == {k: float(v) for k, v in run.values(100).items()}


def test_each_run_can_be_repeated_from_the_files(steps: dict[str, str]) -> None:
    runs: list[dict[str, Any]] = json.loads(steps["runs.json"])
    again = parse_lesson(steps["step-size.toml"], "step-size")
    assert again == load_lesson("step-size")
    specs = [again.make_variant(variant).spec.to_table() for variant in again.variants]
    assert [run["settings"] for run in runs] == specs
    assert runs[2]["summary"]["within"][0] == {"part": 0.1, "round": 589}


def test_each_lesson_file_has_its_notebook_which_the_page_names(steps: dict[str, str]) -> None:
    assert steps["notebook-step-size.ipynb"] == format_notebook(load_lesson("step-size"))
    assert "run notebook-step-size.ipynb in Jupyter" in steps[PAGE_FILE]
    assert {"notebook-relu.ipynb", "notebook-xor.ipynb"} <= set(files_of("relu", "xor"))


def session_files(session: Session, about: About | None = None) -> dict[str, str]:
    sections = Section.of_runs(dict(enumerate(session.trainings)), session.current)
    return make_report_files(sections, looked_at(sections), about)


def test_a_session_has_a_section_for_each_problem_that_of_the_run_shown_first() -> None:
    session = Session.open(load_lesson("relu"))
    session = session.change(replace(session.spec, step=3.0)).open_lesson(load_lesson("zero-weights"))
    files = session_files(session)
    page = files[PAGE_FILE]
    assert {"relu.toml", "zero-weights.toml", "run-b.toml", "losses-zero-weights.svg", "losses-relu.svg"} <= set(files)
    assert parse_lesson(files["run-b.toml"], "c").spec.step == 3.0
    heads = [line for line in page.splitlines() if re.match("## ([0-9]|Der)", line)]
    assert [head[:5] for head in heads] == ["## 1.", "## 2.", "## De", "## De"]
    assert heads[0] == f"## 1. {load_lesson('zero-weights').title}" and heads[2].endswith(": run c, zero-weights")
    assert "There are 2 problems" in page and "lowest loss" not in page.partition("## 1.")[0]


def test_every_line_worked_out_is_of_the_problem_it_is_under() -> None:
    own = replace(
        load_lesson("two-by-two").spec,
        inputs=((1.0, 0.5),), targets=((0.25,),), hidden=(3,), weights=tuple(0.1 * n for n in range(1, 10)),
    )  # fmt: skip
    session = Session.open(load_lesson("two-by-two")).change(own)
    session = session.change(replace(own, activation_hidden="relu"))
    page = session_files(session)[PAGE_FILE]
    _, relu, sigmoid, two = re.split(r"\n## Derivation of round 1: run ", page)
    assert relu.startswith("c, my-exercise-2-3-1, relu hidden\n") and sigmoid.startswith("b, my-exercise-2-3-1\n")
    assert two.startswith("a, two-by-two\n")
    for text, spec in ((relu, session.spec), (sigmoid, own), (two, load_lesson("two-by-two").spec)):
        run = Session.open(replace(load_lesson("two-by-two"), spec=spec)).run
        for name, value in run.values(1).items():
            mantissa, _, exponent = format_significant(abs(float(value)), 6).partition("e")
            assert mantissa in text and f"10^{{{int(exponent or 0)}}}" in f"{text}10^{{0}}", name
        assert ("A 2-2-2 network" in text) == (text is two)
    assert page.count("About the lesson") == 1  # the note is not said of the own exercise


def test_the_note_of_a_lesson_whose_settings_changed_says_so() -> None:
    session = Session.start(load_lesson("relu"))
    page = session_files(session.change(replace(session.spec, step=3.0)))[PAGE_FILE]
    assert "> *This note describes the lesson before its settings were changed.*" in page


def test_name_date_and_version_stand_below_the_title() -> None:
    page = session_files(Session.open(load_lesson("relu")), About("Homework 3", "Ada <b>", "2026-01-02"))
    lines = page[PAGE_FILE].splitlines()
    assert lines[0] == "# Backpropagation report: Homework 3"
    assert lines[2] == f"Ada \\<b\\> · 2026-01-02 · bptui {__version__}"
    assert "<h1>Backpropagation report: Homework 3</h1>" in page[HTML_FILE] and "Ada &lt;b&gt;" in page[HTML_FILE]


def test_a_run_that_was_not_analysed_is_reported_without_findings() -> None:
    session = Session.open(load_lesson("relu"))
    sections = Section.of_runs(dict(enumerate(session.change(replace(session.spec, step=3.0)).trainings)))
    ((first, _),) = looked_at(sections)
    files = make_report_files(sections, [[first, None]])
    assert files[PAGE_FILE].count("This run was not analysed.") == 1 and "all of them" not in files[PAGE_FILE]
    assert {row["run"] for row in csv.DictReader(io.StringIO(files["rounds.csv"]))} == {"a", "b"}
    assert "\nNo run was analysed.\n" in make_report_files(sections, [[None, None]])[PAGE_FILE]


def test_the_html_page_stands_by_itself_and_says_the_same() -> None:
    session = Session.open(load_lesson("step-size"))
    files = session_files(session)
    page = files[HTML_FILE]
    assert page.count("<svg") == 1 and "<script" not in page and "http" not in page.replace("http://www.w3.org", "")
    words = re.sub(r"<[^>]+>", " ", page)
    for sentence in re.findall(r"^- (.+)$", files[PAGE_FILE], re.MULTILINE):
        assert re.sub(r"\\(.)", r"\1", sentence) in html.unescape(words)
    assert "∂E/∂w1 = δ_h1·x1" in page and "**" not in page and "<td>0.20837</td>" in page


def test_a_number_with_an_exponent_is_not_broken_in_a_table_of_the_html_page() -> None:
    page = format_html("", [Table(("a", "b"), (("1.5e-05", "0.5"), ("-3.510e−05", "mazur-2015")))], {})
    assert re.findall(r"<td class=number>(.+?)</td>", page) == ["1.5e-05", "-3.510e−05"]
    assert ".number { white-space: nowrap; }" in page


def test_a_report_of_a_session_leaves_its_runs_alone_and_tells_of_them_as_far_as_they_were() -> None:
    session = Session.open(load_lesson("two-by-two"))
    session.run.train_to(1501)
    (section,) = Section.of_runs({0: session.trainings[0]})
    session.run.train_to(1601)
    found = looked_at([section])
    assert [asked.rounds for asked in section.questions] == [1500] == [one["rounds"] for one in found[0]]
    make_report_files([section], found)
    assert session.run.rounds == 1601 and section.trainings[0].run is not session.run


def test_a_session_of_a_lesson_and_its_variants_is_repeated_by_the_one_file_and_says_the_note_once() -> None:
    lesson = load_lesson("step-size")
    (section,) = Section.of_runs(dict(enumerate((LessonRun.of(lesson), *begin_variants(lesson)))))
    files = make_report_files([section], looked_at([section]))
    assert [name for name in files if name.endswith(".toml")] == ["step-size.toml"]
    assert parse_lesson(files["step-size.toml"], "step-size") == lesson
    assert files[PAGE_FILE].count("> **The course document says**") == 1 and "## About the lesson" in files[PAGE_FILE]


def test_lessons_of_the_same_name_have_files_of_their_own() -> None:
    named = [replace(load_lesson(name), name=new) for name, new in (("relu", "mine"), ("zero-weights", "Mine"))]
    sections = Section.of_lessons(named)
    files = make_report_files(sections, looked_at(sections))
    assert {"mine.toml", "Mine-2.toml", "losses-mine.svg", "losses-Mine-2.svg"} <= set(files)
    found = [parse_lesson(files[name], name).spec for name in ("mine.toml", "Mine-2.toml")]
    assert found == [lesson.spec for lesson in named]
    assert "](losses-mine.svg)" in files[PAGE_FILE] and "](losses-Mine-2.svg)" in files[PAGE_FILE]


def test_the_file_of_a_lesson_gives_its_report_again_byte_for_byte(steps: dict[str, str]) -> None:
    sections = [Section.of_lesson(parse_lesson(steps["step-size.toml"], "step-size"))]
    assert make_report_files(sections, looked_at(sections)) == steps


def test_a_lesson_with_other_settings_has_a_file_that_can_be_read() -> None:
    """Its figures may be of a neuron that is there no more."""
    lesson = load_lesson("numpy-by-hand")
    spec = replace(lesson.spec, targets=((0.2,),), weights=lesson.spec.weights[:6])
    section = Section.of_lesson(replace(lesson, spec=spec))
    again = parse_lesson(make_report_files([section], looked_at([section]))["numpy-by-hand.toml"], "again")
    assert again.spec == spec and again.figures and "o2" not in again.figures[0].printed


def test_losses_below_0_stand_beside_half_squared_errors() -> None:
    files = files_of("zero-weights")
    heads = [line for line in files[PAGE_FILE].splitlines() if line.startswith("![")]
    assert heads == [
        "![E (cross entropy) by round](losses-zero-weights.svg)",
        "![half squared error by round](losses-zero-weights-half-squared.svg)",
    ]
    assert "half squared error, logarithmic" in files["losses-zero-weights-half-squared.svg"]
    assert "floor −0.01988" in files["losses-zero-weights.svg"]


def test_each_lesson_is_named_where_first_runs_are_compared_and_where_a_round_is_worked_out() -> None:
    page = files_of("relu", "step-size")[PAGE_FILE]
    assert "| b | step-size, η 0.01 |" in page
    assert "\n## Derivation of round 1: run b, η 0.01\n" in page


def test_several_lessons_are_compared_before_each_has_its_section() -> None:
    page = files_of("relu", "zero-weights")[PAGE_FILE]
    together = page.partition("## Overview")[2].partition("\n## ")[0]
    assert "| a | relu |" in together and "| b | zero-weights |" in together
    assert page.count("### Conclusion") == 2 and page.count("## Derivation of round 1: ") == 2


def test_every_run_is_listed_with_its_problem_where_first_runs_are_compared() -> None:
    page = files_of("relu", "step-size", "zero-weights")[PAGE_FILE]
    together = page.partition("## Overview")[2].partition("\n## ")[0]
    assert "There are 2 problems" in together and "(1: a, b, c, d and e; 2: f)" in together
    assert "| b | step-size, η 0.01 | 1 |" in together and "| f | zero-weights | 2 |" in together
    assert "- For a and b: all have the same lowest possible loss" in together


def test_a_report_and_its_notebooks_mention_no_keys() -> None:
    files = files_of("xor", "and-neuron")
    for name in (PAGE_FILE, HTML_FILE, "notebook-xor.ipynb", "notebook-and-neuron.ipynb"):
        assert not re.search(r"\b[Pp]ress\b|`v`|\(`d`\)|<code>v</code>", files[name]), name


def test_a_network_of_another_size_shares_the_table_of_numbers() -> None:
    rows = list(csv.DictReader(io.StringIO(files_of("relu", "nnwj")["rounds.csv"])))
    assert {row["new_w8"] == "" for row in rows if row["lesson"] == "nnwj"} == {True}


@pytest.fixture
def no_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    async def summaries(questions: list[Any]) -> Any:
        for place in reversed(range(len(questions))):
            yield place, summarise_run(*questions[place])

    monkeypatch.setattr(reporting, "summarise_runs", summaries)


@pytest.mark.usefixtures("no_processes")
def test_the_verb_writes_a_folder_once_and_again_only_with_force(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "mine"
    assert main(["report", "relu", "relu", "--out", str(folder), "--rounds", "20"]) == 0
    assert {file.name for file in folder.iterdir()} == {
        "report.md", "report.html", "rounds.csv", "runs.json", "relu.toml", "losses-relu.svg", "notebook-relu.ipynb"
    }  # fmt: skip
    assert f"wrote {folder}: report.html, report.md and 5 other files" in capsys.readouterr().out
    assert "| rounds | 20 |" in (folder / PAGE_FILE).read_text(encoding="utf-8")
    assert main(["report", "relu", "--out", str(folder)]) == 2
    assert f"{folder} already exists; add --force to replace it" in capsys.readouterr().err
    assert main(["report", "relu", "--out", str(folder), "--force", "--rounds", "30"]) == 0
    assert "| rounds | 30 |" in (folder / PAGE_FILE).read_text(encoding="utf-8")


@pytest.mark.usefixtures("no_processes")
def test_without_a_folder_the_page_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "zero-weights"]) == 0
    page, said = capsys.readouterr()
    assert "h1 and h2 are copies of each other from round 1 on" in page
    assert "bptui: this is the page alone; --out FOLDER also writes the files and plots that it names" in said
    assert main(["report", "relu", "--force"]) == 2 and main(["report", "relu", "--pdf"]) == 2


@pytest.mark.usefixtures("no_processes")
@pytest.mark.parametrize("name", ["thesis.tex", "mine.toml", "drawing.svg"])
@pytest.mark.parametrize("page", [True, False])
def test_a_folder_with_something_else_in_it_is_never_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, page: bool
) -> None:
    """Neither an earlier report with more in it, nor a folder of lessons of one's own."""
    (tmp_path / name).write_text("years of work", encoding="utf-8")
    if page:
        (tmp_path / PAGE_FILE).write_text("earlier", encoding="utf-8")
    before = {file: file.read_text(encoding="utf-8") for file in tmp_path.iterdir()}
    assert main(["report", "relu", "--rounds", "5", "--out", str(tmp_path), "--force"]) == 2
    assert (f"it also contains {name}" if page else f"but no {PAGE_FILE}") in capsys.readouterr().err
    assert {file: file.read_text(encoding="utf-8") for file in tmp_path.iterdir()} == before


def test_a_place_that_cannot_be_had_is_refused_before_anything_is_looked_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporting, "summarise_runs", None)  # to be called by nobody
    (tmp_path / PAGE_FILE).write_text("earlier", encoding="utf-8")
    assert main(["report", "step-size", "--out", str(tmp_path)]) == 2
    assert "already exists; add --force to replace it" in capsys.readouterr().err
    assert main(["report", "step-size", "--out", str(tmp_path / "no" / "such")]) == 2
    assert "create it first" in capsys.readouterr().err


def test_a_lesson_that_no_variant_equals_is_a_run_of_its_own() -> None:
    names = [one.lesson.title for one in Section.of_lesson(load_lesson("random-weights")).trainings]
    assert len(names) == 6 and names[0] == load_lesson("random-weights").title


def test_a_lesson_of_many_rounds_is_looked_at_no_further_than_a_comparison_goes() -> None:
    lesson: Lesson = replace(load_lesson("relu"), spec=replace(load_lesson("relu").spec, rounds=10_000_000))
    assert [question.rounds for question in Section.of_lesson(lesson).questions] == [100_000]


@pytest.mark.usefixtures("no_processes")
def test_what_a_lesson_says_of_itself_is_marked_where_flags_changed_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "two-by-two", "--activation", "identity", "--rounds", "5"]) == 0
    page = capsys.readouterr().out
    assert (
        "report: two-by-two, identity hidden, " in page
        and "> *This note describes the lesson before its settings were changed.*" in page
    )
    assert main(["report", "two-by-two", "--rounds", "1000"]) == 0
    assert "before settings were changed" not in capsys.readouterr().out
