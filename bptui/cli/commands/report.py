"""The command ``report``: a written report on lessons and their variants."""

import argparse

from bptui.cli.arguments import add_lesson, add_settings, make_user_error, read_changed_lesson
from bptui.cli.output import make_status_line, print_lines


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the lessons, the report's folder and whether to replace an earlier report."""
    add_lesson(parser, "+")
    parser.add_argument("--out", metavar="FOLDER", help="where to write it; else the page alone is printed")
    parser.add_argument("--force", action="store_true", help="replace an earlier report in that folder")
    add_settings(parser)


def run(options: argparse.Namespace) -> int:
    """Write a report on some lessons and their variants, or print its page; ctrl+c writes nothing.

    Raises:
        UserError: If the report cannot be written, or a lesson or a setting is invalid.
    """
    import asyncio
    from pathlib import Path

    from bptui.report.page import PAGE_FILE
    from bptui.report.sections import Section
    from bptui.report.writer import build_report, write_report
    from bptui.system.process import Unavailable
    from bptui.system.writing import AlreadyExistsError

    if options.force and not options.out:
        raise make_user_error("--force goes with --out")
    sections = Section.of_lessons(read_changed_lesson(word, options) for word in dict.fromkeys(options.lesson))
    say = make_status_line()
    try:
        if options.out:
            done = asyncio.run(write_report(sections, Path(options.out), options.force, say))
        else:
            done = asyncio.run(build_report(sections, say))[PAGE_FILE].rstrip()
    except AlreadyExistsError as fault:
        raise make_user_error(f"{fault}; --force replaces it") from fault
    except Unavailable as fault:
        raise make_user_error(f"the runs cannot be looked at: {fault}") from fault
    finally:
        say("")
    return print_lines([done])
