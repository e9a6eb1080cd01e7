"""Read the Markdown that people write in notes, its tables and its words without marks; write text as Markdown."""

import re

# Marks that are further apart than some lines do not belong together: looking for them would take long
_EMPHASIS = re.compile(
    r"(\*\*|__|`)(?=\S)(.{1,500}?)(?<=\S)\1|(?<![\w*])\*(?=[^\s*])([^*]{1,500}?)(?<=[^\s*])\*(?![\w*])", re.DOTALL
)
_LINK = re.compile(r"\[([^\]]{1,500})\]\((\S{1,500}?)\)")
_MARK = re.compile(r"[ \t]*(?:>|(?:[*+-]|\d{1,9}[.)])(?:[ \t]|$))")  # of a quotation, or an item of a list
_BEGINS_BLOCK = re.compile(r"\s*[#`~=_-]")
_MOST_BLOCKS, _MOST_CELLS, _MOST_SIGNS = 200, 600, 20_000  # that a screen draws within some second


def split_blocks(markdown: str) -> list[str]:
    """Return the blocks of some Markdown, which empty lines are between."""
    return [block for block in re.split(r"\n(?:[ \t]*\n)+", markdown.strip()) if block.strip()]


def cut_markdown(markdown: str) -> str:
    """Return some Markdown that is quick to draw: of a very long text the first lines, and how many there are."""
    lines, is_new = markdown.splitlines(), True
    blocks = cells = signs = 0
    for place, line in enumerate(lines):
        at = 0
        while (mark := _MARK.match(line, at)) and blocks <= _MOST_BLOCKS:
            at, blocks = mark.end(), blocks + (1 if mark[0].endswith(">") else 2)  # an item has a mark besides
        blocks += at == 0 and bool(is_new or _BEGINS_BLOCK.match(line))
        cells += line.strip("|").count("|") + 1 if "|" in line else 0
        signs += len(line) + 1
        is_new = not line.strip()
        if blocks > _MOST_BLOCKS or cells > _MOST_CELLS or signs > _MOST_SIGNS:
            shown = "\n".join(lines[:place])
            told = f"the first {place:,} of {len(lines):,} lines" if place else f"the first {_MOST_SIGNS:,} characters"
            return f"*This note is too long to show; these are {told}.*\n\n{shown or line[:_MOST_SIGNS]}"
    return markdown


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
