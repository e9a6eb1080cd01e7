"""Lines of an explanation: numbers in the format of the printed ones, tables, and how lines fit a width."""

from typing import Any

import pytest

from bptui.explain.sentences import make_sentences
from bptui.explain.text_lines import TextLine, fit_lines, format_as_printed, make_table, wrap_lines
from tests.explain.books import of_lesson
from tests.tables import over


@pytest.mark.parametrize(
    ("value", "printed", "shown"),
    [
        (0.041094, "0.041", "0.041094"),
        (0.5, "0.50", "0.50000"),
        (12.0, "12.", "12.000"),
        (1.23456789e34, "1.23e+34", "1.23457e+34"),
        (120.0, "1e2", "1.200e+02"),
        (0.1, "0.1000000000000000055", "0.10000000000000001"),
        (0.2910277736, "0.291027924", "0.291027773600"),
        (3.510187783e-05, "3.51085e-05", "3.51018778e-05"),
        (0.000438567734, "0", "0.000438568"),
        (0.298371108760, "nan", "0.298371"),
        ("inf", "0.5", "inf"),
        (float("inf"), "0.5", "inf"),
        (None, "0.5", "no such number"),
        (0.25, "nan", "0.25"),
    ],
)
def test_a_number_is_shown_as_the_printed_value_is_with_three_digits_more(
    value: float | str | None, printed: str, shown: str
) -> None:
    assert format_as_printed(value, printed) == shown


@over(width=[30, 76, 100])
def test_lines_keep_within_the_width_and_lose_no_word(width: int) -> None:
    for lesson in ("era-sheet", "nnwj"):
        said = list(make_sentences(of_lesson(lesson)))
        lines = list(wrap_lines(said, width))
        assert all(len(line.text) <= width for line in lines if line.kind != "row")
        assert " ".join(line.text for line in lines).split() == " ".join(line.text for line in said).split()


def test_a_broken_line_goes_on_indented_as_it_began() -> None:
    text = "   · the hidden step uses the weights into the outputs after their update"
    first, *others = wrap_lines([TextLine("change", text)], 40)
    assert first.text.startswith("   · the") and others
    assert all(line.kind == "change" and line.text.startswith("     ") for line in others)


def test_a_table_too_wide_leaves_out_what_the_lesson_gives_and_is_never_broken() -> None:
    row: Any = {"round": 1, "quantity": "dE_dw1", "printed": "0.1234", "recomputed": 0.5, "otherwise": 0.1234}
    table = list(make_table([row], "correct", "with this mistake"))
    widest = max(len(line.text) for line in table)
    assert list(fit_lines(table, widest)) == table
    head, narrow = fit_lines(table, widest - 1)
    assert head.text.split() == ["round", "printed", "with", "this", "mistake"]
    assert narrow.text.split() == ["1", "∂E/∂w1", "0.1234", "0.1234000"]
    assert list(fit_lines(table, 10))[-1] == narrow
