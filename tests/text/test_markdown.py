"""Notes as people write them: tables as cells, words without marks."""

from time import process_time

import pytest
from markdown_it import MarkdownIt

from bptui.lessons.lesson import load_bundled_lessons
from bptui.text.markdown import cut_markdown, escape_markdown, read_table, split_blocks, strip_marks
from bptui.ui.drawing.markdown import draw_markdown


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("**The document says** that", "The document says that"),
        ("*Said of it*, `w1` and __so__", "Said of it, w1 and so"),
        ("2 * 3 * 4 = 24 and w1*x1 + w2*x2", "2 * 3 * 4 = 24 and w1*x1 + w2*x2"),
        (
            "see [the page](https://a.b/c) and [https://x.y](https://x.y)",
            "see the page (https://a.b/c) and https://x.y",
        ),
        ("in_h1 and new_w1 stay", "in_h1 and new_w1 stay"),
        ("a ** alone", "a ** alone"),
    ],
)
def test_marks_go_and_what_only_looks_like_one_stays(text: str, plain: str) -> None:
    assert strip_marks(text) == plain


def test_a_table_is_its_cells_and_everything_else_is_none() -> None:
    assert read_table("| a | **b** |\n| --- | ---: |\n| 1 |\n| 2 | 3 | 4 |") == [["a", "b"], ["1", ""], ["2", "3"]]
    assert not read_table("| a | b |") and not read_table("a\n| --- |") and not read_table("| a |\n| b |")


def test_blocks_are_parted_by_empty_lines() -> None:
    assert split_blocks("a\nb\n\n  \nc\n") == ["a\nb", "c"]


def test_a_text_as_markdown_has_no_marks() -> None:
    """Read as Markdown it is the same text."""
    parser = MarkdownIt()
    for text in ("2*3*1 [x](y) `a` <b> #1 a_b_c $x$ ~~no~~ &amp; 1 | 2", "**", "_so_"):
        (inline,) = [token for token in parser.parse(f"**{escape_markdown(text)}**") if token.type == "inline"]
        assert "".join(child.content for child in inline.children or ()) == text


LONG = {
    "headings": ("# a\n" * 15_000, 15_000),
    "a table": ("|" + "a|" * 200 + "\n|" + "-|" * 200 + "\n" + ("|" + "1|" * 200 + "\n") * 199, 201),
    "a table without edges": ("a|b\n-|-\n" + "1|2\n" * 20_000, 20_002),
    "fences": ("```\n" * 20_000, 20_000),
    "items": ("- a\n" * 30_000, 30_000),
    "quotations": ("> " * 50_000 + "x", 1),
    "paragraphs": ("a\n\n" * 30_000, 60_000),
    "one line": ("*a* " * 30_000, 1),
}


@pytest.mark.parametrize(("text", "lines"), LONG.values(), ids=LONG)
def test_a_very_long_note_is_cut_and_says_so(text: str, lines: int) -> None:
    cut = cut_markdown(text)
    told, shown = cut.split("\n\n", 1)
    assert text.startswith(shown) and len(shown) <= 20_000
    assert f"of {lines:,} lines" in told if lines > 1 else "characters" in told
    begun = process_time()
    draw_markdown(text, 80)
    assert process_time() - begun < 3.0


def test_notes_that_people_write_stay_whole() -> None:
    assert all(cut_markdown(lesson.note) == lesson.note for lesson in load_bundled_lessons())
    prose = "A sentence - with 2 * 3 = 6, x|y and 1.5\nthat goes on.\n" * 200
    assert cut_markdown(prose) == prose
    table = "| a | b | c |\n| - | - | - |\n" + "| 1 | 2 | 3 |\n" * 100
    assert cut_markdown(table) == table


@pytest.mark.parametrize("unit", ["[", "**a ", "`a ", "*a ", "[a](", "__a ", "a*"])
def test_marks_that_never_close_cost_little(unit: str) -> None:
    begun = process_time()
    strip_marks(unit * (100_000 // len(unit)))
    assert process_time() - begun < 3.0
