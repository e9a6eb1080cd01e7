"""The command ``explain``: the mistake behind printed values that differ."""

import argparse
import sys
from typing import TYPE_CHECKING

from bptui.cli.arguments import add_lesson, add_settings, make_user_error, parse_int, read_lesson
from bptui.cli.output import make_status_line, print_lines

if TYPE_CHECKING:
    from bptui.lessons.lesson import Lesson

_WIDTH = 100  # columns of a line for people, if it can be broken


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the lesson, the user's own numbers and the output format."""
    add_lesson(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object, for programs")
    parser.add_argument(
        "--number",
        action="append",
        default=[],
        metavar="NAME=DIGITS",
        help="a number of your own in place of the lesson's figures, such as dE_dw1=0.000365; may be repeated",
    )
    parser.add_argument("--round", metavar="K", help="the round of --number (default: 1)")
    add_settings(parser)


def run(options: argparse.Namespace) -> int:
    """Search for the mistake behind printed values that differ; ctrl+c stops and prints the findings so far.

    Raises:
        UserError: If there is no printed value to explain, or a number, the lesson or a setting is invalid.
    """
    import json
    from shutil import get_terminal_size

    from bptui.explain.sentences import describe_progress, fit_lines, make_sentences
    from bptui.explain.worker import search_lesson
    from bptui.lessons.lesson import require_figures

    lesson = _with_numbers(read_lesson(options), options)
    require_figures(lesson)
    if not lesson.figures:
        asked = "--number dE_dw1=0.000365 asks about a number of your own"
        raise make_user_error(f"{lesson.name} has no printed figures; {asked}")
    say = make_status_line()
    try:
        told = search_lesson(lesson, lambda progress: say(describe_progress(progress)))
    finally:
        say("")
    if options.json:
        print_lines([json.dumps(told)])
    else:
        widest = min(_WIDTH, get_terminal_size().columns) if sys.stdout.isatty() else _WIDTH
        print_lines(line.text for line in fit_lines(make_sentences(told), widest))
    return 130 if told["stopped"] else 0


def _with_numbers(lesson: "Lesson", options: argparse.Namespace) -> "Lesson":
    """Return the lesson with the numbers of the options, if any, in place of its printed values.

    Raises:
        UserError: If a number is invalid, or a round is given without numbers.
    """
    from bptui.check.own_number import with_numbers
    from bptui.core.problem.spec import MOST_ROUNDS

    if options.round is not None and not options.number:
        raise make_user_error("--round goes with --number")
    round_ = parse_int("--round", options.round or "1", MOST_ROUNDS)
    try:
        return with_numbers(lesson, options.number, round_) if options.number else lesson
    except ValueError as fault:
        raise make_user_error(f"--number: {fault}") from fault
