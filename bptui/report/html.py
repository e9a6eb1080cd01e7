"""Print a page as HTML that stands by itself, to be read or printed from any browser: pictures are inside, no scripts.

Equations are text in the notation of the screen. What a user wrote is escaped, so it cannot change the page.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape

from bptui.derive.blocks import Block, BulletList, Equation, Equations, Heading, Paragraph, Picture, Table, UserNote
from bptui.derive.formats import FORMATS
from bptui.text.markdown import read_table, split_blocks, strip_marks
from bptui.text.words import make_printable

_WITH_EXPONENT = re.compile(r"[-−]?[0-9.]+e[-+−]?[0-9]+")
_STYLE = """
body { font: 11pt/1.45 Georgia, "DejaVu Serif", serif; color: #1f2328; }
body { max-width: 46em; margin: 2em auto; padding: 0 1em; }
h1, h2, h3, h4 { line-height: 1.2; break-after: avoid; }
table { border-collapse: collapse; margin: 0.8em 0; font-size: 9pt; }
th, td { border-bottom: 1px solid #d8dee4; padding: 0.2em 0.5em; text-align: right; vertical-align: top; }
th:first-child, td:first-child, .pairs td, .pairs th { text-align: left; }
.number { white-space: nowrap; }
.eq { font: 9.5pt/1.5 "DejaVu Sans Mono", Menlo, Consolas, monospace; margin: 0.5em 0 0.5em 1em; break-inside: avoid; }
.eq div { padding-left: 2em; text-indent: -2em; overflow-wrap: anywhere; }
.eq div { margin-top: 0.35em; }
.eq .on { margin: 0 0 0 2em; }
blockquote { border-left: 3px solid #d8dee4; margin: 0.8em 0; padding: 0 1em; color: #424a53; }
figure { margin: 1em 0; break-inside: avoid; }
svg { max-width: 100%; height: auto; }
@page { size: A4; margin: 18mm; }
@media print { body { margin: 0; max-width: none; padding: 0; font-size: 10pt; } }
"""


def format_html(title: str, blocks: Iterable[Block], pictures: Mapping[str, str]) -> str:
    """Return a page as HTML.

    Args:
        title: The title of the window.
        blocks: The page, its equations in the notation of the screen.
        pictures: The SVG of its pictures, by file.
    """
    body = "\n".join(line for block in blocks for line in _print_block(block, pictures))
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{_escape(title)}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _print_block(block: Block, pictures: Mapping[str, str]) -> Iterator[str]:
    match block:
        case Heading(text, level):
            yield f"<h{level}>{_escape(text)}</h{level}>"
        case Paragraph(text):
            yield f"<p>{_escape(text)}</p>"
        case Table(head, rows):
            yield from _print_table([head, *rows])
        case Equations(lines):
            yield '<div class="eq">'
            for equation in lines:
                yield from _print_equation(equation)
            yield "</div>"
        case BulletList(texts, lead):
            yield from [f"<p><b>{_escape(lead)}</b></p>"] if lead else []
            yield from ["<ul>", *(f"<li>{_escape(text)}</li>" for text in texts), "</ul>"]
        case UserNote(markdown):
            yield from ["<blockquote>", *_print_note(markdown), "</blockquote>"]
        case Picture(file, about):
            yield f"<figure>{pictures[file]}<figcaption>{_escape(about)}</figcaption></figure>"
        case _:
            yield f"<pre>{_escape(chr(10).join(FORMATS['text'].block(block)))}</pre>"


def _print_table(rows: list[tuple[str, ...]]) -> Iterator[str]:
    yield '<table class="pairs">' if len(rows[0]) == 2 else "<table>"
    for number, row in enumerate(rows):
        kind = "td" if number else "th"
        yield f"<tr>{''.join(_print_cell(kind, cell) for cell in row)}</tr>"
    yield "</table>"


def _print_cell(kind: str, cell: str) -> str:
    broken = " class=number" * bool(_WITH_EXPONENT.fullmatch(cell))  # or it is broken behind its hyphen
    return f"<{kind}{broken}>{_escape(cell)}</{kind}>"


def _print_equation(equation: Equation) -> Iterator[str]:
    lead = equation.left
    for number, (sign, right) in enumerate(equation.right_sides("≈")):
        yield f"<div{' class=on' * bool(number)}>{_escape(f'{lead} {sign} {right}'.strip())}</div>"
        lead = ""


def _print_note(markdown: str) -> Iterator[str]:
    for block in split_blocks(markdown):
        if table := read_table(block):
            yield from _print_table([tuple(row) for row in table])
        else:
            yield f"<p>{_escape(strip_marks(block))}</p>"


def _escape(text: str) -> str:
    return escape(make_printable(text))
