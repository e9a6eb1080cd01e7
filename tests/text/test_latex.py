"""LaTeX: letters of every script reach a font that has them, and no matrix is wider than the page."""

import re

import pytest

from bptui.text.latex import PREAMBLE, escape_latex, fit_latex_columns, measure_latex, write_latex_rows
from bptui.text.matrices import Grid

_ROOM = 483.0 - 80.0  # points of the type area, less a left side


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("a_b & 5 %", r"a\_b \& 5 \%"),
        ("η · Δ", r"$\eta$ $\cdot$ $\Delta$"),
        ("Übung à la Łódź", "Übung à la Łódź"),
        ("数 and 反向传播", r"\cjkletters{数} and \cjkletters{反向传播}"),
        ("Μάθημα δέλτα", r"\otherletters{Μάθημα} \otherletters{δέλτα}"),
        ("Привет", r"\otherletters{Привет}"),
    ],
)
def test_words_keep_their_letters(text: str, latex: str) -> None:
    assert escape_latex(text) == latex


def test_the_preamble_defines_the_commands_for_other_letters_for_every_engine() -> None:
    lines = "\n".join(PREAMBLE)
    by_pdf, by_others = lines[lines.index(r"\ifPDFTeX") :].split("\\else\n", 1)
    for command in ("otherletters", "cjkletters"):
        assert rf"\newcommand\{command}" in by_pdf and rf"\newcommand\{command}" in by_others
    assert "Run xelatex or lualatex" in by_pdf and r"\usepackage{fontspec}" in by_others
    assert lines.count("{") == lines.count("}")


def make_grid(cell: str, rows: int, columns: int) -> Grid:
    return Grid("A", ((cell,) * columns,) * rows)


@pytest.mark.parametrize("cell", ["1", "-0.123456", r"-1.2345678901234567 \cdot 10^{-123}"])
def test_no_line_of_matrices_is_wider_than_the_page(cell: str) -> None:
    for columns in (1, 8, 16):
        blocks = fit_latex_columns(make_grid(cell, 8, columns), "")
        pieces = tuple(piece for block in blocks for piece in (r" \cdot ", block))
        lines = write_latex_rows(pieces)
        assert sum(line.count(r"\begin{pmatrix}") for line in lines) == len(blocks)
        for line in lines:
            for row in re.findall(r"begin\{pmatrix\} (.*?) \\\\", line):
                assert len(row.split(" & ")) * measure_latex(cell) < _ROOM


def test_widths_are_estimated_on_the_safe_side() -> None:
    """A digit of Computer Modern at 10 points is 5 points wide, and an exponent's 4."""
    assert measure_latex("1234567890") >= 50
    assert measure_latex(r"1.5 \cdot 10^{-12}") > measure_latex("1.510") + 12
    assert measure_latex(r"\frac{\partial E}{\partial W_{1}}") < measure_latex(r"\partial E / \partial W_{1}") + 10
