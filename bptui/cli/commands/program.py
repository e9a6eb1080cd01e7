"""The command ``program``: the training as a program of its own."""

import argparse

from bptui.cli.arguments import add_lesson, add_settings, read_lesson


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the lesson and the engine."""
    add_lesson(parser)
    parser.add_argument("--engine", default="numpy", choices=("numpy", "torch"), help="default: numpy")
    add_settings(parser)


def run(options: argparse.Namespace) -> int:
    """Print the training as a program of its own."""
    from bptui.derive.programs import PROGRAMS, join_source

    lesson = read_lesson(options)
    print(join_source(PROGRAMS[options.engine](lesson.spec, lesson.title)), end="")
    return 0
