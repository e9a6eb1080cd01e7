"""Draw Markdown as lines of text with meaning, as for a lesson's note in a panel.

A table that is wider than there is room becomes a paragraph for each of its rows, so that no number is cut.
"""

from collections.abc import Iterator
from functools import lru_cache
from textwrap import wrap
from typing import TYPE_CHECKING

from bptui.text.markdown import cut_markdown, read_table, split_blocks
from bptui.text.words import align_columns, count_cells, make_printable
from bptui.ui.drawing.lines import Line, Span, make_line

if TYPE_CHECKING:
    from rich.style import Style


@lru_cache(maxsize=32)
def draw_markdown(text: str, width: int) -> tuple[Line, ...]:
    """Return the lines of some Markdown, broken to a width; emphasis and code have roles."""
    lines: list[Line] = []
    for block in split_blocks(make_printable(cut_markdown(text))):
        table = read_table(block)
        lines += [make_line("")] if lines else []
        lines += _draw_table(table, width) if table else _draw_words(block, width)
    return tuple(lines)


def _draw_table(table: list[list[str]], width: int) -> Iterator[Line]:
    head, *rows = align_columns(table)
    if max(map(count_cells, (head, *rows))) <= width:
        yield make_line(Span(head, "label"))
        yield from map(make_line, rows)
        return
    names, *records = table
    for cells in records:
        pairs = "; ".join(f"{name} {cell}" for name, cell in zip(names[1:], cells[1:], strict=True))
        first, *others = wrap(f"{names[0]} {cells[0]}: {pairs}", max(width - 2, 1))
        yield make_line(f"· {first}")
        yield from (make_line(f"  {line}") for line in others)


def _draw_words(block: str, width: int) -> Iterator[Line]:
    from rich.console import Console  # only notes need it
    from rich.markdown import Markdown

    console = Console(width=width, color_system="standard", force_terminal=True, legacy_windows=False)
    for line in console.render_lines(Markdown(block, hyperlinks=False), pad=False):
        spans = tuple(Span(one.text, _find_role(one.style)) for one in line if one.text)
        if "".join(span.text for span in spans).strip():
            yield spans


def _find_role(style: "Style | None") -> str:
    if style is None:
        return ""
    return "title" if style.bold else "accent" if style.italic else ""
