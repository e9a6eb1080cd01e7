"""Read the Markdown that people write in notes, its tables and its words without marks; write text as Markdown."""

import re

_EMPHASIS = re.compile(
    r"(\*\*|__|`)(?=\S)(.+?)(?<=\S)\1|(?<![\w*])\*(?=[^\s*])([^*]+?)(?<=[^\s*])\*(?![\w*])", re.DOTALL
)
_LINK = re.compile(r"\[([^\]]+)\]\((\S+?)\)")


def split_blocks(markdown: str) -> list[str]:
    """Return the blocks of some Markdown, which empty lines are between."""
    return [block for block in re.split(r"\n(?:[ \t]*\n)+", markdown.strip()) if block.strip()]


def read_table(block: str) -> list[list[str]]:
    """Return the cells of a table without marks, the head first, all rows as long; none if a block is no table."""
    rows = [line.strip() for line in block.strip().splitlines()]
    if len(rows) < 2 or not all(row.startswith("|") for row in rows) or set(rows[1]) - set("|-: "):
        return []
    cells = [[strip_marks(cell.strip()) for cell in row.strip("|").split("|")] for row in (rows[0], *rows[2:])]
    return [[*row, *[""] * len(cells[0])][: len(cells[0])] for row in cells]


def strip_marks(text: str) -> str:
    """Return a text without the marks of emphasis, code and links; the address of a link stands behind its words."""
    text = _LINK.sub(lambda link: link[1] if link[1] == link[2] else f"{link[1]} ({link[2]})", text)
    return _EMPHASIS.sub(lambda marked: strip_marks(marked[2] or marked[3]), text)


def escape_markdown(text: str) -> str:
    """Return a text as one line of Markdown that shows it as it is."""
    return re.sub(r"([\\`*_{}\[\]<>#|$~&])", r"\\\1", text.replace("\n", " "))
