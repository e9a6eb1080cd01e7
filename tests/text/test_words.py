"""Words for people: columns, lists and wrapped formulas lose nothing."""

from hypothesis import given
from hypothesis import strategies as st

from bptui.text.words import (
    align_columns,
    clip_endless,
    join_words,
    make_one_line,
    shorten_faults,
    split_terms,
    wrap_formula,
)

words = st.text(st.characters(codec="ascii", exclude_categories=["C"]), max_size=8).map(str.strip)


@given(st.integers(1, 4).flatmap(lambda n: st.lists(st.lists(words, min_size=n, max_size=n), min_size=1, max_size=5)))
def test_columns_line_up_and_lose_nothing(rows: list[list[str]]) -> None:
    """Every line is cut from the same places, the first column to the left and the others to the right."""
    lines = align_columns(rows)
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    assert len(lines) == len(rows)
    for line, row in zip(lines, rows, strict=True):
        assert line == line.rstrip()
        at = 0
        for place, (cell, width) in enumerate(zip(row, widths, strict=True)):
            piece = line[at : at + width].ljust(width)
            assert piece == (cell.ljust(width) if place == 0 else cell.rjust(width))
            at += width + 2


@given(st.text("ab +·*-=()²", max_size=120), st.integers(8, 60), st.integers(0, 4))
def test_a_wrapped_formula_has_all_its_signs_in_order_and_no_line_wider_than_the_room(
    formula: str, width: int, indent: int
) -> None:
    lines = wrap_formula(formula, width, indent)
    assert all(len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(formula.split())


def test_a_formula_is_broken_before_its_outermost_plus_and_not_inside_parentheses() -> None:
    assert wrap_formula("δ = (a·b + c·d)·h + (e·f + g)·k", 22, 2) == ["δ = (a·b + c·d)·h", "  + (e·f + g)·k"]
    assert wrap_formula("δ = (a·b + c·d)·h·(1 − h)", 20, 2) == ["δ = (a·b + c·d)·h·", "  (1 − h)"]


@given(st.lists(st.text("ab·", max_size=9), min_size=1))
def test_the_outer_terms_of_a_sum_are_what_was_added(terms: list[str]) -> None:
    terms = [f"({term} + x)" for term in terms]
    assert split_terms(" + ".join(terms)) == terms


def test_of_too_many_words_the_others_are_counted() -> None:
    assert join_words(["a", "b", "c"], 3) == "a, b and c"
    assert join_words(list("abcd"), 2) == "a, b and 2 more"


def test_words_are_listed_as_a_sentence_does() -> None:
    assert [join_words(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


@given(st.text(st.characters(exclude_categories=())), st.integers(1, 30))
def test_what_another_program_says_becomes_one_line_of_so_many_characters(said: str, most: int) -> None:
    line = make_one_line(said, most)
    assert len(line) <= most and len(line.splitlines()) <= 1 and line.encode().decode() == line


def test_what_another_program_says_keeps_its_words_and_says_where_there_are_more() -> None:
    assert (
        make_one_line(" libtorch.so:\n\tno such\x1b[2J file \ud800", 200) == "libtorch.so: no such\ufffd[2J file \ufffd"
    )
    assert make_one_line("libtorch.so", 6) == "libto…"


def test_an_error_about_a_long_text_keeps_its_reason_in_sight() -> None:
    for long in ("a" * 5000, "9 " * 2500, "漢" * 300):
        shown = shorten_faults(f"{long} cannot be written: File name too long", 8)
        assert shown.startswith(long[:30]) and shown.endswith("cannot be written: File name too long")
        assert "…" in shown and len(shown) <= 600
    path = "/home/somebody/lessons/" + "x" * 70
    assert shorten_faults(f"{path}: no such file", 8) == f"{path}: no such file"


def test_a_number_of_thousands_of_digits_is_cut_and_a_path_is_not() -> None:
    path = f"/home/{'x' * 300}/none.toml"
    told = clip_endless(f"{path}: {'1' * 6000} must be a number")
    assert told.startswith(f"{path}: 111") and told.endswith("1 must be a number") and len(told) < 450


def test_a_line_of_thousands_of_words_is_cut_and_the_next_one_is_not() -> None:
    first, second = clip_endless(f"--at: {'1 ' * 3000}must be a round\nand more").split("\n")
    assert first.startswith("--at: 1 1") and first.endswith("1 must be a round") and len(first) <= 2000
    assert second == "and more"
