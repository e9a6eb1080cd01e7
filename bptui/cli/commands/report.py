"""The command ``report``: a written report on lessons and their variants."""

import argparse
import sys

from bptui.cli.arguments import add_lesson, add_settings, make_user_error, read_changed_lesson
from bptui.cli.output import make_status_line, print_lines


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the lessons, the report's folder and whether to replace an earlier report."""
    add_lesson(parser, "+")
    parser.add_argument(
        "--out", metavar="FOLDER", help="folder to write the report to; without it, only the page is printed"
    )
    parser.add_argument("--force", action="store_true", help="replace an earlier report in that folder")
    parser.add_argument(
        "--title", metavar="TEXT", default="", help="title of the report (default: the titles of the lessons)"
    )
    parser.add_argument("--name", metavar="TEXT", default="", help="your name, for the title")
    parser.add_argument("--pdf", action="store_true", help="also write a PDF, with LaTeX, Chromium or Chrome")
    add_settings(parser)


def run(options: argparse.Namespace) -> int:
    """Write a report on some lessons and their variants, or print its page; ctrl+c writes nothing.

    Raises:
        UserError: If the report cannot be written, or a lesson or a setting is invalid.
    """
    import asyncio
    from datetime import date
    from pathlib import Path

    from bptui.report.files import PAGE_FILE
    from bptui.report.page import About
    from bptui.report.sections import Section
    from bptui.report.writer import Order, build_report, write_report
    from bptui.system.process import Unavailable
    from bptui.system.writing import AlreadyExistsError

    for flag in (flag for flag in ("force", "pdf") if getattr(options, flag) and not options.out):
        raise make_user_error(f"--{flag} needs --out")
    sections = Section.of_lessons(read_changed_lesson(word, options) for word in dict.fromkeys(options.lesson))
    order = Order(sections, About(options.title, options.name, date.today().isoformat()), options.pdf)
    say = make_status_line()
    try:
        if options.out:
            done = asyncio.run(write_report(order, Path(options.out), options.force, say))
        else:
            files, _ = asyncio.run(build_report(order, say))
            done = str(files[PAGE_FILE]).rstrip()
    except AlreadyExistsError as fault:
        raise make_user_error(f"{fault}; add --force to replace it") from fault
    except Unavailable as fault:
        raise make_user_error(f"the runs cannot be analysed: {fault}") from fault
    finally:
        say("")
    if not options.out:
        print(
            "bptui: this is the page alone; --out FOLDER also writes the files and plots that it names", file=sys.stderr
        )
    return print_lines([done])
