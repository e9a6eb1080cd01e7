"""The command ``help``: the pages of the manual, rendered for the terminal; piped, they are plain text."""

import argparse
import os
import sys

from bptui.cli.arguments import add_ascii, make_user_error
from bptui.cli.pager import show_lines

TYPE_CHECKING = False  # as in `typing`, which takes longer to load than help takes to answer
if TYPE_CHECKING:
    from collections.abc import Iterator

_WIDEST = 90  # columns that are pleasant to read
_WITHOUT_TERMINAL = 80  # columns of piped text
_NARROWEST = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the topic."""
    about = "a page's name or its beginning, or a command's name; without it, the pages are listed"
    parser.add_argument("topic", nargs="?", metavar="PAGE", help=about)
    add_ascii(parser)


def run(options: argparse.Namespace) -> int:
    """List the pages, or show one.

    Raises:
        UserError: If the topic finds no page, or several.
    """
    from bptui.help.manual_pages import UnknownTopicError, find_page

    if not options.topic:
        return show_lines([_apply_ascii(line, options.ascii) for line in _list_pages()])
    try:
        page = find_page(options.topic)
    except UnknownTopicError as error:
        raise make_user_error(f"{error}\n`bptui help` lists the pages") from error
    return show_lines(_render(page.text, options.ascii))


def _list_pages() -> "Iterator[str]":
    from textwrap import wrap

    from bptui.help.manual_pages import load_pages

    pages = load_pages()
    indent = " " * (max(len(page.name) for page in pages) + 4)
    yield from wrap("Pages of the manual. Show one with `bptui help PAGE`, such as `bptui help keys`:", _find_width())
    yield ""
    for page in pages:
        about = wrap(page.about, max(_find_width() - len(indent), _NARROWEST))
        yield f"  {page.name:<{len(indent) - 4}}  {about[0]}"
        yield from (f"{indent}{line}" for line in about[1:])


def _render(markdown: str, only_ascii: bool) -> list[str]:
    """Return a page's lines: with styles on a terminal, else with the marks of Markdown for code and headings."""
    from bptui.help.manual_pages import make_readable
    from bptui.ui.drawing.manual import draw_manual, write_ansi

    on_terminal = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    with_colours = on_terminal and not os.environ.get("NO_COLOR")
    text = _apply_ascii(make_readable(markdown, keep_marks=not with_colours), only_ascii)
    lines = draw_manual(text, _find_width())
    if on_terminal:
        found = [write_ansi(line, with_colours) for line in lines]
    else:
        found = ["".join(segment.text for segment in line) for line in lines]
    return [_apply_ascii(line, only_ascii) for line in found]  # the lines of tables, and the dots of lists


def _find_width() -> int:
    from shutil import get_terminal_size

    return max(min(get_terminal_size((_WITHOUT_TERMINAL, 24)).columns, _WIDEST), _NARROWEST)


def _apply_ascii(text: str, only_ascii: bool) -> str:
    """Return a text with the signs that standard output takes, before it is broken into lines of equal length."""
    encoding = "ascii" if only_ascii else sys.stdout.encoding or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        from bptui.text.ascii import ASCII_ERRORS

        return text.encode(encoding, ASCII_ERRORS).decode(encoding)
    return text
