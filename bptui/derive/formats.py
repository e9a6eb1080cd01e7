"""The formats of a page: plain text, Markdown and LaTeX.

An equation is written in the notation of its format (``bptui.derive.notations``). All other text is words, and is
escaped here where the format would read it as markup.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote

from bptui.derive.blocks import (
    Block,
    BulletList,
    Equation,
    Equations,
    Heading,
    MatrixEquation,
    Paragraph,
    Picture,
    Table,
    Tree,
    TreeItem,
    UserNote,
)
from bptui.derive.notations import ASCII, LATEX, WrittenForm
from bptui.record import record
from bptui.text.latex import PREAMBLE, escape_latex, fit_latex_columns, write_latex_rows
from bptui.text.markdown import escape_markdown
from bptui.text.matrices import arrange, fit_columns, join_segments, lay_out
from bptui.text.trees import draw_tree, indent_in_latex, nest_in_markdown
from bptui.text.words import align_columns, split_terms, wrap_formula

_WIDTH = 100  # columns of a line of plain text, where it can be broken
_LONG = 120  # LaTeX characters beyond which a sum is broken before its plus signs
_PLAIN_CHARACTERS = str.maketrans(
    {"·": "*", "−": "-", "½": "1/2", "²": "**2", "…": "...", "→": "->", "η": "eta", "Δ": "Delta", "≈": "~="}
)


def _print_text(block: Block) -> Iterator[str]:
    match block:
        case Heading(text, level):
            text = text.translate(_PLAIN_CHARACTERS)
            yield from [text, ("=" if level == 1 else "-") * len(text)]
        case Paragraph(text):
            yield from wrap_formula(text.translate(_PLAIN_CHARACTERS), _WIDTH, 0)
        case Table(head, rows):
            indent = 4 + max(len(row[0]) for row in rows)
            for line in align_columns([head, *rows], left=2 if len(head) == 2 else 1):
                yield from wrap_formula(f"  {line}".rstrip(), _WIDTH, indent)
        case Equations(lines):
            for equation in lines:
                lead = f"  {equation.left}"
                for sign, right in equation.right_sides("~="):
                    yield from wrap_formula(f"{lead} {sign} {right}", _WIDTH, len(lead) + 3)
                    lead = " " * len(lead)
        case MatrixEquation():
            yield from _print_text_matrices(block)
        case BulletList(texts, lead):
            yield from [f"{lead}:"] if lead else []
            for text in texts:
                yield from wrap_formula(f"  - {text}".translate(_PLAIN_CHARACTERS), _WIDTH, 4)
        case Tree(items):
            yield from draw_tree([(item.level, _write_item(item, "~=", "")) for item in items], _WIDTH)
        case UserNote(markdown):
            yield from (f"  {line}".rstrip() for line in markdown.strip().splitlines())
        case Picture(file, about):
            yield f"[{about}: {file}]"


def _print_markdown(block: Block) -> Iterator[str]:
    match block:
        case Heading(text, level):
            yield f"{'#' * level} {escape_markdown(text)}"
        case Paragraph(text):  # unescaped it could start a list, or underline the line above
            yield re.sub(r"^(\d+)?([.)+=-])", r"\1\\\2", escape_markdown(text))
        case Table(head, rows, formulas):
            yield f"| {' | '.join(map(escape_markdown, head))} |"
            yield f"| {' | '.join('---' for _ in head)} |"
            for row in rows:
                cells = [_inline_formulas(c) if i in formulas else escape_markdown(c) for i, c in enumerate(row)]
                yield f"| {' | '.join(cells)} |"
        case Equations(lines):
            # A fenced block reaches the renderer untouched; between dollar signs Markdown eats backslashes
            yield from ["```math", r"\begin{aligned}", _align_equations(lines), r"\end{aligned}", "```"]
        case MatrixEquation():
            yield from ["```math", r"\begin{aligned}", _align_matrices(block), r"\end{aligned}", "```"]
        case BulletList(texts, lead):
            yield from [f"**{escape_markdown(lead)}**", ""] if lead else []
            yield from (f"- {escape_markdown(text)}" for text in texts)
        case Tree(items):
            yield from nest_in_markdown([(item.level, _write_item(item, r"\approx", "$")) for item in items])
        case UserNote(markdown):
            # An HTML tag or comment that is never closed would swallow the rest of the page
            tame = re.sub(r"<(?=[A-Za-z/!?])", "< ", markdown.strip())
            yield from (f"> {line}".rstrip() for line in tame.splitlines())
        case Picture(file, about):
            yield f"![{escape_markdown(about)}]({quote(file)})"


def _print_latex(block: Block) -> Iterator[str]:
    match block:
        case Heading(text, level):
            yield rf"\{'section' if level == 1 else 'subsection'}*{{{escape_latex(text)}}}"
        case Paragraph(text):
            yield escape_latex(text)
        case Table(head, rows, formulas):
            kinds = r"lp{0.65\textwidth}" if len(head) == 2 else "l" + "r" * (len(head) - 1)
            yield rf"\begin{{longtable}}{{{kinds}}}"
            yield " & ".join(map(escape_latex, head)) + r" \\ \hline"
            for row in rows:
                cells = [_inline_formulas(c) if i in formulas else escape_latex(c) for i, c in enumerate(row)]
                yield " & ".join(cells) + r" \\"
            yield r"\end{longtable}"
        case Equations(lines):
            yield from [r"\begin{align*}", _align_equations(lines), r"\end{align*}"]
        case MatrixEquation():
            yield from [r"\begin{align*}", _align_matrices(block), r"\end{align*}"]
        case BulletList(texts, lead):
            yield from [rf"\textbf{{{escape_latex(lead)}}}"] if lead else []
            yield r"\begin{itemize}"
            yield from (rf"\item {escape_latex(text)}" for text in texts)
            yield r"\end{itemize}"
        case Tree(items):
            yield from indent_in_latex([(item.level, _write_item(item, r"\approx", "$")) for item in items])
        case UserNote(markdown):
            yield from [r"\begin{quote}", escape_latex(markdown.strip()), r"\end{quote}"]
        case Picture(file, about):
            yield escape_latex(f"{about}: {file}")


def _align_equations(lines: Iterable[Equation]) -> str:
    """Return equations aligned at their equals signs, with extra space before each new left side."""
    equations = []
    for equation in lines:
        rows = []
        for sign, right in equation.right_sides(r"\approx"):
            terms = split_terms(right) if len(right) > _LONG else [right]
            rows += [f"&{sign} {terms[0]}", *(rf"&\quad + {term}" for term in terms[1:])]
        equations.append(f"{equation.left} " + " \\\\\n".join(rows))
    return " \\\\[6pt]\n".join(equations)


def _write_item(item: TreeItem, about: str, fence: str) -> list[str]:
    """Return the lines of a tree's item: ``about`` as in ``Equation.right_sides``, ``fence`` around each equation."""

    def join(equation: Equation) -> str:
        sides = " ".join(f"{sign} {right}" for sign, right in equation.right_sides(about))
        return f"{fence}{equation.left} {sides}{fence}"

    return [join(item.head) + item.remark, *(f"{word} {join(equation)}" for word, equation in item.lines)]


def _print_text_matrices(block: MatrixEquation) -> Iterator[str]:
    lead = f"  {block.left}"
    room = _WIDTH - len(lead) - len(" ~= ")
    sides = list(arrange(block.right, lambda grid, before: fit_columns(grid, room - len(before))))
    for at, (words, pieces) in enumerate(sides, 1):
        sign = "=" if block.exact or (at < len(sides) and not words) else "~="
        if len(pieces) == 1 and isinstance(pieces[0], str):
            yield from wrap_formula(f"{lead} {sign} {pieces[0]}", _WIDTH, len(lead) + 3)
        else:
            yield from [f"{lead}, {words}:" if lead.strip() else f"{lead}  {words}:"] if words else []
            yield from join_segments(lay_out(f"{lead} {sign} ", pieces, _WIDTH))
        lead = " " * len(lead)


def _align_matrices(block: MatrixEquation) -> str:
    """Return an equation with matrices, aligned at its equals signs, in lines that the page is wide enough for."""
    rows = []
    sides = list(arrange(block.right, fit_latex_columns))
    for at, (words, pieces) in enumerate(sides, 1):
        sign = "=" if block.exact or (at < len(sides) and not words) else r"\approx"
        first, *others = write_latex_rows(pieces)
        rows += [rf"&\text{{{words}:}}"] if words else []
        rows += [f"&{sign} {first}", *(rf"&\quad {other}" for other in others)]
    return f"{block.left} " + " \\\\\n".join(rows)


def _inline_formulas(cell: str) -> str:
    """Set formulas separated by commas one by one, so that a line can be broken between them."""
    return ", ".join(f"${formula}$" for formula in cell.split(", "))


@record
class PageFormat:
    """A format to print pages in.

    Attributes:
        form: The notation of its formulas.
        block: Prints one block as lines.
        before: Lines before the page.
        after: Lines after the page.
    """

    form: WrittenForm
    block: Callable[[Block], Iterator[str]]
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    def print(self, blocks: Iterable[Block]) -> Iterator[str]:
        """Yield the lines of a page, with an empty line between two blocks."""
        yield from self.before
        for number, block in enumerate(blocks):
            if number:
                yield ""
            yield from self.block(block)
        yield from self.after


FORMATS = {
    "text": PageFormat(ASCII, _print_text),
    "markdown": PageFormat(LATEX, _print_markdown),
    "latex": PageFormat(
        LATEX,
        _print_latex,
        PREAMBLE,
        (r"\end{document}",),
    ),
}
