"""Notes as people write them: tables as cells, words without marks."""

import pytest
from markdown_it import MarkdownIt

from bptui.text.markdown import escape_markdown, read_table, split_blocks, strip_marks


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
