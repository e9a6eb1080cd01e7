"""The command ``open``: the program in the terminal."""

import argparse

from bptui.cli.arguments import add_ascii, add_lesson, add_presenter, add_settings, read_session

WITHOUT_TERMINAL = "`bptui rounds LESSON` prints the same numbers"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the lesson or session, and how it is drawn."""
    add_lesson(parser, "?")
    add_ascii(parser)
    add_presenter(parser)
    add_settings(parser)


def run(options: argparse.Namespace) -> int:
    """Open the program on a lesson or a session."""
    from bptui.cli.terminal import run_in_terminal

    return run_in_terminal(read_session(options), options.ascii, presenter=options.presenter)
