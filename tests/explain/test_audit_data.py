"""What an audit found, as data: the line of every slip holds for the numbers that stand in it."""

import math
import re
from dataclasses import replace
from typing import Any

from bptui.explain.audit.finding import UNKNOWN, Finding
from bptui.explain.audit_data import FindingData, make_finding_data
from bptui.explain.calculation.figure import Figure
from bptui.explain.text_lines import format_as_printed
from bptui.explain.worker import LessonSearch
from bptui.lessons.lesson import load_lesson
from tests.tables import over

FUNCTIONS: dict[str, Any] = {"exp": math.exp, "log": math.log, "tanh": math.tanh, "max": max}
SIGNS = {"·": "*", "−": "-", "½": "0.5", "²": "**2"}


def evaluate(numbers: str) -> float:
    """Return what the line of a slip comes to as a calculator has it."""
    text = "".join(SIGNS.get(sign, sign) for sign in numbers)
    text = re.sub(r"\(1 if (.+?) > 0 else ([\d.]+)\)", r"(1 if \1 > 0 else \2)", text)
    return float(eval(text, {"__builtins__": {}}, FUNCTIONS))


def audit(lesson: str, **settings: Any) -> list[FindingData]:
    """Return what is found at once in a bundled lesson with other settings."""
    other = load_lesson(lesson)
    search = LessonSearch(replace(other, spec=replace(other.spec, **settings)))
    next(search.run())
    return search.told["findings"]


@over(lesson=["era-sheet", "nnwj", "rgu-chapter-3"], step=[None, 0.7], gradient=[None, "updated weights"])
def test_a_calculator_gives_the_number_that_should_be_printed(
    lesson: str, step: float | None, gradient: str | None
) -> None:
    settings = {name: value for name, value in (("step", step), ("gradient", gradient)) if value is not None}
    lines = [finding for finding in audit(lesson, **settings) if finding["formula"]]
    assert lines
    for slip in lines:
        value = slip["value"]
        assert isinstance(value, float)
        shown, calculated = (format_as_printed(v, slip["printed"], 2) for v in (value, evaluate(slip["numbers"])))
        assert (shown, slip["relation"]) == (calculated, "="), slip


def test_in_float32_a_line_is_only_near_its_result() -> None:
    found = audit("numpy-by-hand", precision="float32", step=0.7)
    assert {slip["relation"] for slip in found if slip["formula"]} == {"≈"}


def test_what_has_too_few_digits_is_named_with_its_round_if_that_is_an_earlier_one() -> None:
    figures = [Figure(load_lesson("two-by-two").spec, 2, "new_w1", "0.2")]
    named = [make_finding_data(figures, Finding(0, UNKNOWN, 0.2, unsure=("new_w1", one, 9))) for one in (1, 2)]
    assert [one["unsure"] for one in named] == ["new w1 in round 1", "new w1"]
