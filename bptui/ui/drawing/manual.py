"""Draw the Markdown of the manual, for the program's help and for ``bptui help``, which loads no Textual.

Rich centres titles, frames tables and colours code by language; here all of it is plain, so that it reads the same on
light and dark backgrounds, and without colours.
"""

from collections.abc import Iterator
from functools import lru_cache
from io import StringIO
from typing import ClassVar

from rich.box import SIMPLE
from rich.color import ColorSystem
from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import CodeBlock, Heading, Markdown, MarkdownElement, TableElement
from rich.padding import Padding
from rich.segment import Segment
from rich.style import Style
from rich.table import Table
from rich.text import Text
from rich.theme import Theme

CODE = Style(color="cyan")
_STYLES = {
    "markdown.h1": Style(bold=True, underline=True),
    "markdown.h2": Style(bold=True),
    "markdown.code": CODE,
    "markdown.code_block": Style(),
    "markdown.em": Style(italic=True),
    "markdown.strong": Style(bold=True),
    "markdown.item.bullet": Style(),
    "markdown.item.number": Style(),
    "markdown.table.header": Style(bold=True),
    "markdown.table.border": Style(),
}
_CODE_INDENT = 2


class _LeftHeading(Heading):
    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield self.text


class _PlainCode(CodeBlock):
    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Padding(Text(str(self.text).rstrip(), overflow="fold"), (0, 0, 0, _CODE_INDENT))


class _OpenTable(TableElement):
    """A table with a line below its head and no other; the first column is not broken."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        table = Table(box=SIMPLE, show_edge=False, pad_edge=False, collapse_padding=True, style="markdown.table.border")
        assert self.header is not None and self.header.row is not None
        for place, cell in enumerate(self.header.row.cells):
            head = cell.content.copy()
            head.stylize("markdown.table.header")
            table.add_column(head, no_wrap=place == 0, overflow="fold")
        for row in self.body.rows if self.body is not None else ():
            table.add_row(*(cell.content for cell in row.cells))
        yield table


class _ManualMarkdown(Markdown):
    elements: ClassVar[dict[str, type[MarkdownElement]]] = {
        **Markdown.elements,
        "heading_open": _LeftHeading,
        "fence": _PlainCode,
        "code_block": _PlainCode,
        "table_open": _OpenTable,
    }


@lru_cache(maxsize=32)
def draw_manual(markdown: str, width: int) -> tuple[list[Segment], ...]:
    """Return the lines of a page, broken to a width, without spaces at their ends."""
    console = Console(
        file=StringIO(),  # of no encoding, so that nothing depends on the terminal's
        width=width,
        color_system="standard",
        force_terminal=True,
        legacy_windows=False,
        theme=Theme(_STYLES),
    )
    page = console.render_lines(_ManualMarkdown(markdown, hyperlinks=False), pad=False)
    return tuple(list(_trim(line)) for line in page)


def _trim(line: list[Segment]) -> Iterator[Segment]:
    width = len("".join(segment.text for segment in line).rstrip())
    for segment in line:
        if width > 0:
            yield Segment(segment.text[:width], segment.style)
            width -= len(segment.text)


def write_ansi(line: list[Segment], with_colours: bool) -> str:
    """Return a line for a terminal, with or without colours."""
    parts = []
    for text, style, _ in line:
        shown = style if with_colours or style is None else style.without_color
        parts.append(shown.render(text, color_system=ColorSystem.STANDARD) if shown else text)
    return "".join(parts)
