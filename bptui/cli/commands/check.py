"""The command ``check``: a lesson's printed values against recomputed ones."""

import argparse
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from bptui.cli.arguments import add_lesson, add_settings, read_lesson_named
from bptui.cli.output import print_faults, print_lines

if TYPE_CHECKING:
    from bptui.check.recompute import CheckedValue


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the lessons and the output format."""
    add_lesson(parser, "+")
    parser.add_argument("--json", action="store_true", help="one JSON object per printed value, for programs")
    add_settings(parser)


def run(options: argparse.Namespace) -> int:
    """Recompute every printed value of some lessons; return status 1 if any differs."""
    from bptui.check.recompute import as_json, as_text, check_figures, summarise_matches
    from bptui.lessons.lesson import require_figures

    lessons = {word: read_lesson_named(word, options) for word in options.lesson}
    for lesson in lessons.values():
        require_figures(lesson)
    said: dict[str, None] = {}
    found: dict[str, list[CheckedValue]] = {word: [] for word in lessons}
    write = as_json if options.json else as_text
    for word, lesson in lessons.items():
        figures = check_figures(lesson, lambda line: _say_once(line, said))
        print_lines(write(lesson, _collect(figures, found[word])))
    if any(found.values()) and not options.json:
        print_lines([summarise_matches(found)])
    return int(not all(one.agrees for figures in found.values() for one in figures))


def _say_once(line: str, said: dict[str, None]) -> None:
    if line not in said:
        print_faults(line)
    said[line] = None


def _collect(figures: "Iterable[CheckedValue]", into: "list[CheckedValue]") -> "Iterator[CheckedValue]":
    """Yield printed values as they are checked, and append each to a list."""
    for one in figures:
        into.append(one)
        yield one
