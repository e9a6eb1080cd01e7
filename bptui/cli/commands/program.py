"""The command ``program``: a lesson's training as a standalone program, or as a notebook."""

import argparse

from bptui.cli.arguments import add_lesson, add_settings, make_user_error, read_changed_lesson, read_lesson


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the lesson, the format, the engine and the style."""
    add_lesson(parser)
    formats = "a Python program, or a Jupyter notebook with both engines (default: py)"
    parser.add_argument("--format", default="py", choices=("py", "ipynb"), help=formats)
    parser.add_argument("--engine", choices=("numpy", "torch"), help="engine of the program (default: numpy)")
    styles = "of the NumPy program: a line per number or a line per matrix (default: letters)"
    parser.add_argument("--style", choices=("letters", "matrix"), help=styles)
    add_settings(parser)


def run(options: argparse.Namespace) -> int:
    """Print the lesson's training as a standalone program, or as a notebook.

    Raises:
        UserError: If an engine or a style is chosen for a notebook, or the lesson or a setting is invalid.
    """
    from bptui.derive.notebook.notebook import format_notebook
    from bptui.derive.programs import PROGRAMS, join_source

    if options.format == "ipynb":
        for flag in ("engine", "style"):
            if getattr(options, flag):
                raise make_user_error(f"--{flag} needs --format py: a notebook always has both engines, in letters")
        print(format_notebook(read_changed_lesson(options.lesson, options)), end="")
        return 0
    lesson = read_lesson(options)
    engine = options.engine or "numpy"
    name = options.style if engine == "numpy" and options.style == "matrix" else engine
    print(join_source(PROGRAMS[name](lesson.spec, lesson.title)), end="")
    return 0
