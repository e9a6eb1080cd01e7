"""The command ``program``: a lesson's training as a standalone program, or as a notebook."""

import argparse

from bptui.cli.arguments import add_lesson, add_settings, make_user_error, read_changed_lesson, read_lesson


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the lesson, the format and the engine."""
    add_lesson(parser)
    formats = "a program, or a Jupyter notebook with both engines (default: py)"
    parser.add_argument("--format", default="py", choices=("py", "ipynb"), help=formats)
    parser.add_argument("--engine", choices=("numpy", "torch"), help="of the program (default: numpy)")
    add_settings(parser)


def run(options: argparse.Namespace) -> int:
    """Print the lesson's training as a standalone program, or as a notebook.

    Raises:
        UserError: If an engine is chosen for a notebook, or the lesson or a setting is invalid.
    """
    from bptui.derive.notebook.notebook import format_notebook
    from bptui.derive.programs import PROGRAMS, join_source

    if options.format == "ipynb":
        if options.engine:
            raise make_user_error("--engine goes with --format py: a notebook has both engines")
        print(format_notebook(read_changed_lesson(options.lesson, options)), end="")
        return 0
    lesson = read_lesson(options)
    print(join_source(PROGRAMS[options.engine or "numpy"](lesson.spec, lesson.title)), end="")
    return 0
