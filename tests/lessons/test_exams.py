"""Exam questions are typed in as they stand, and the printed numbers of their solution sheets match.

The numbers come from ``solution_sheets`` and ``softmax_sheets``, which share nothing with the program; the files state
them rounded, as a person prints.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bptui.check.recompute import check_figures
from bptui.explain.audit.finding import WRONG
from bptui.explain.worker import LessonSearch
from bptui.lessons.lesson import Lesson, load_lesson
from bptui.system.reading import parse_toml
from tests.lessons import softmax_sheets, solution_sheets

EXAMS = sorted(Path(__file__).parent.glob("exams/*.toml"))
SOLVED = {name: sheet for name, sheet in {**vars(solution_sheets), **vars(softmax_sheets)}.items() if "solve_" in name}
SHEETS = {path: SOLVED[f"solve_{path.stem.replace('-', '_')}"] for path in EXAMS}
every_exam = pytest.mark.parametrize("path", EXAMS, ids=lambda path: path.stem)


def round_as(digits: str, value: float) -> str:
    """A number with as many digits as a printed one, in its style."""
    mantissa, _, power = digits.partition("e")
    decimals = len(mantissa.partition(".")[2])
    return f"{value:.{decimals}{'e' if power else 'f'}}" if value else f"{0:.{decimals}f}"


def list_printed(path: Path) -> Iterator[tuple[Mapping[str, str], Mapping[str, Any]]]:
    """The printed values of each entry of a file, with the sheet's numbers for them."""
    entries = parse_toml(path.read_text(encoding="utf-8"), path.stem)["printed"]
    yield from zip((entry["values"] for entry in entries), SHEETS[path](), strict=True)


def misprint(digits: str) -> str:
    """A printed number with another last digit."""
    place = max(i for i, sign in enumerate(digits.partition("e")[0]) if sign.isdigit())
    return f"{digits[:place]}{(int(digits[place]) + 4) % 10}{digits[place + 1 :]}"


def plant(lesson: Lesson, entry: int, name: str) -> Lesson:
    """The lesson with one printed value misprinted."""
    those = lesson.figures[entry]
    wrong = replace(those, printed={**those.printed, name: misprint(those.printed[name])})
    return replace(lesson, figures=(*lesson.figures[:entry], wrong, *lesson.figures[entry + 1 :]))


def test_every_sheet_has_its_question() -> None:
    assert set(SOLVED.values()) == set(SHEETS.values())


@every_exam
def test_an_exams_printed_values_are_the_sheets_numbers_rounded(path: Path) -> None:
    for printed, solved in list_printed(path):
        assert printed.keys() == solved.keys()
        for name, text in printed.items():
            digits, numbers = re.findall(r"[^\s,\[\]]+", text), np.ravel(solved[name]).tolist()
            assert digits == [round_as(*pair) for pair in zip(digits, numbers, strict=True)], name


@every_exam
def test_all_printed_values_of_an_exam_match(path: Path) -> None:
    assert [one for one in check_figures(load_lesson(str(path))) if not one.agrees] == []


@every_exam
def test_a_misprint_in_an_exam_is_found_at_its_place_and_nothing_else_is_blamed(path: Path) -> None:
    lesson = load_lesson(str(path))
    places = [(entry, name) for entry, those in enumerate(lesson.figures) for name in those.printed]
    entry, name = places[2 * len(lesson.figures[0].printed) // 3]
    slip = plant(lesson, entry, name)
    place = lesson.figures[entry].round, name, slip.figures[entry].printed[name]
    differing = [one for one in check_figures(slip) if not one.agrees]
    assert [(one.round, one.quantity, one.printed) for one in differing] == [place]
    search = LessonSearch(slip)
    next(search.run())  # the audit
    blamed = [one for one in search.told["findings"] if one["status"] == WRONG]
    assert [(one["round"], one["quantity"], one["printed"]) for one in blamed] == [place]
