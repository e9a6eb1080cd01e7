"""Pages: each block in each format, and words that can never be taken for the format's own."""

import re

import pytest

from bptui.derive.blocks import Equation, Equations, Heading, Paragraph, Table
from bptui.derive.formats import FORMATS

EQUATION = Equation("a", ("b + c", "0.5 + 0.25", "0.75"))


def printed(kind: str, *blocks: Heading | Paragraph | Table | Equations) -> str:
    return "\n".join(FORMATS[kind].print(blocks))


def test_plain_text_aligns_what_follows_the_equals_signs() -> None:
    assert printed("text", Equations((EQUATION,))) == "  a = b + c\n    = 0.5 + 0.25\n    = 0.75"
    row = Equation("a", EQUATION.right, on_one_line=True)
    assert printed("text", Heading("One"), Equations((row,))) == "One\n---\n\n  a = b + c = 0.5 + 0.25 = 0.75"


def test_plain_text_breaks_a_long_sum_before_a_plus_sign_and_within_the_width() -> None:
    terms = [f"factor_{n}*another_{n}*a_third_{n}" for n in range(12)]
    lines = printed("text", Equations((Equation("total", (" + ".join(terms),)),))).split("\n")
    assert max(map(len, lines)) <= 100 and all(line.startswith(" " * 10 + "+ ") for line in lines[1:])
    assert " ".join(line.strip() for line in lines) == "total = " + " + ".join(terms)


def test_markdown_keeps_equations_in_a_fence_that_it_does_not_read() -> None:
    lines = printed("markdown", Equations((EQUATION, EQUATION))).split("\n")
    assert (
        lines[0] == "```math"
        and lines[-1] == "```"
        and lines[1:-1]
        == [
            r"\begin{aligned}",
            r"a &= b + c \\",
            r"&= 0.5 + 0.25 \\",
            r"&= 0.75 \\[6pt]",
            r"a &= b + c \\",
            r"&= 0.5 + 0.25 \\",
            "&= 0.75",
            r"\end{aligned}",
        ]
    )


def test_a_long_sum_is_broken_before_its_outermost_plus_signs_only() -> None:
    term = r"\left(a_{1} + b_{1}\right) \cdot \frac{x + y}{z}"
    printed_lines = printed("latex", Equations((Equation("E", (" + ".join([term] * 4),)),))).split("\n")
    first = next(line for line in printed_lines if line.startswith(r"&\quad + "))
    assert first.startswith(rf"&\quad + {term}")
    assert sum(line.startswith(r"&\quad + ") for line in printed_lines) == 3


@pytest.mark.parametrize(
    "title",
    ["**bold** _x_ <b>", "a|b $x$ `c`", "# [link](to) &lt;", r"\alpha & 100 % {x} ~^#_", "½ · −1 …", "1. a", "- b"],
)
def test_words_are_escaped_in_every_format(title: str) -> None:
    markdown = printed("markdown", Paragraph(title))
    assert not re.search(r"(?<!\\)(\\\\)*[*_<>|$`\[\]#&{}~]", markdown)
    assert not re.match(r"\d+\.|[-+=]", markdown)
    assert re.sub(r"\\(.)", r"\1", markdown) == title
    row = printed("markdown", Table(("a", "n"), ((title, "x_1"),), formulas=(1,))).split("\n")[-1]
    assert row.endswith(" | $x_1$ |") and len(re.findall(r"(?<!\\)\|", row)) == 3
    latex = printed("latex", Paragraph(title)).split("\\begin{document}\n")[1]
    assert all(latex.count(sign) == latex.count(f"\\{sign}") for sign in "&%#_")


def test_a_head_cannot_change_its_table() -> None:
    lines = printed("markdown", Table(("a|b", "<i>\nc"), (("d", "e"),))).split("\n")
    assert lines[0] == r"| a\|b | \<i\> c |" and len(lines) == 3


def test_a_latex_page_is_a_whole_document() -> None:
    page = printed("latex", Heading("Title", 1), Table(("a", "b"), (("c", "x^2"),), formulas=(1,)))
    assert page.startswith(r"\documentclass") and page.endswith(r"\end{document}")
    assert r"\section*{Title}" in page and r"c & $x^2$ \\" in page
