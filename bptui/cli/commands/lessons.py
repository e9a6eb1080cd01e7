"""The command ``lessons``: the bundled lessons."""

import argparse

from bptui.cli.output import print_lines


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the name of one lesson."""
    parser.add_argument("name", nargs="?", metavar="NAME", help="print the file of this lesson")


def run(options: argparse.Namespace) -> int:
    """List the bundled lessons, or print one's file."""
    from bptui.lessons.lesson import find_lesson_file, load_bundled_lessons
    from bptui.system.reading import read_text
    from bptui.text.words import align_columns, make_printable

    if options.name:
        content = read_text(find_lesson_file(options.name)).replace("\r\n", "\n")
        print(make_printable(content), end="")
        return 0
    return print_lines(align_columns([(lesson.name, lesson.title) for lesson in load_bundled_lessons()], left=2))
