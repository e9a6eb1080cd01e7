"""The command ``open``: the program in the terminal."""

import argparse

from bptui.cli.arguments import add_ascii, add_lesson, add_presenter, add_settings, read_session

WITHOUT_TERMINAL = "`bptui rounds LESSON` prints the same numbers"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the lesson or session, and the switches for drawing."""
    add_lesson(parser, "?")
    add_ascii(parser)
    add_presenter(parser)
    add_settings(parser)


def run(options: argparse.Namespace) -> int:
    """Open the program on a lesson or a session."""
    from bptui.cli.terminal import run_in_terminal

    session = read_session(options)
    try:
        return run_in_terminal(session, options.ascii, presenter=options.presenter)
    finally:
        if options.lesson and not session.file:
            _remember(options.lesson)


def _remember(name: str) -> None:
    """Remember a lesson's file for the list of lessons; after the program, whose start need not wait for it."""
    from bptui.lessons.lesson import find_lesson_file
    from bptui.persistence.lesson_files import remember_lesson
    from bptui.system.folders import BUNDLED_LESSONS

    if (path := find_lesson_file(name)).parent != BUNDLED_LESSONS:
        remember_lesson(path)
