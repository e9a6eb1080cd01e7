"""Printed values are checked as they are typed, and become those of one round of the lesson."""

from dataclasses import replace

from bptui.check.recompute import check_figures
from bptui.check.typed_values import ValueChecker, find_round_values, with_round_values
from bptui.lessons.lesson import Figures, Lesson, load_lesson, parse_lesson
from bptui.lessons.printed_text import format_printed_text

MAZUR = load_lesson("mazur-2015")


def check(lesson: Lesson, round_: int, text: str, engine: str = "numpy") -> dict[str, bool | None]:
    checker = ValueChecker(lesson)
    assert checker.train(round_, engine, 60.0) and checker.reached(engine) >= round_
    return {mark.value.name: mark.match.agrees for mark in checker.check(round_, engine, text).marks}


def test_each_value_is_compared_as_often_as_the_text_changes() -> None:
    checker = ValueChecker(MAZUR)
    checker.train(2, "numpy", 60.0)
    first = checker.check(1, "numpy", "dE_dw1 0.000438568\nE = 0.3\nfoo = 1\nw1 0.15")
    assert [(mark.value.line, mark.match.agrees) for mark in first.marks] == [(1, True), (2, True)]
    assert [fault.line for fault in first.faults] == [3] and [remark.line for remark in first.remarks] == [4]
    second = checker.check(2, "numpy", "E = 0.291027924")
    (mark,) = second.marks
    assert mark.match.agrees is False and f"{mark.recomputed:.9f}" == "0.291027774" and second.round == 2


def test_the_marks_are_those_of_the_check_itself() -> None:
    for name in ("mazur-2015", "era-sheet", "rgu-chapter-3", "nnwj", "numpy-by-hand"):
        lesson = load_lesson(name)
        for entry in (one for one in lesson.figures if one.engine == "numpy" and not one.changes and one.round < 1000):
            found = check(lesson, entry.round, format_printed_text(entry.printed))
            whole = check_figures(replace(lesson, figures=(entry,)))
            assert found == {one.quantity: one.agrees for one in whole}, name


def test_values_of_torchs_are_compared_in_its_precision_and_by_the_chain_rule() -> None:
    lesson = load_lesson("torch-autograd")
    entry = next(one for one in lesson.figures if one.engine == "torch" and one.round < 100)
    assert set(check(lesson, entry.round, format_printed_text(entry.printed), "torch").values()) == {True}


def test_the_values_of_a_round_are_found_and_replaced_and_the_others_stay() -> None:
    round_one = find_round_values(MAZUR, 1)
    assert round_one.printed == MAZUR.figures[0].printed and find_round_values(MAZUR, 3).printed == {}
    assert find_round_values(MAZUR, 10_001).printed.keys() == {"E", "o1", "o2"}
    changed = with_round_values(MAZUR, Figures(10_001, "numpy", {}, {"E": "0.1"}))
    assert [(one.round, len(one.printed)) for one in changed.figures] == [(1, 21), (2, 1), (10_001, 1)]
    added = with_round_values(changed, Figures(5, "numpy", {}, {"o1": "0.7"}))
    assert [one.round for one in added.figures] == [1, 2, 5, 10_001]
    assert with_round_values(added, Figures(5, "numpy", {}, {})).figures == changed.figures


def test_values_under_other_settings_and_of_the_other_engine_stay() -> None:
    lesson = parse_lesson(
        """
        [network]
        inputs = [0.5]
        targets = [0.1]
        hidden = 0
        weights = [0.3]
        [[printed]]
        round = 1
        step = 2.0
        values = { E = "1" }
        [[printed]]
        round = 1
        engine = "torch"
        values = { o1 = "2" }
        """,
        "mine",
    )
    torchs = find_round_values(lesson, 1)
    assert (torchs.engine, torchs.printed) == ("torch", {"o1": "2"})
    both = with_round_values(lesson, Figures(1, "numpy", {}, {"E": "3"}))
    assert sorted((one.engine, dict(one.printed)["E"] if "E" in one.printed else "") for one in both.figures) == [
        ("numpy", "1"),
        ("numpy", "3"),
        ("torch", ""),
    ]
    assert find_round_values(both, 1).printed == {"E": "3"}
