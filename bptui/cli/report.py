"""What the verb ``report`` of the command line does, given its options; see ``bptui.cli.verbs``."""

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

from bptui.cli import verbs

if TYPE_CHECKING:
    from bptui.lessons.lesson import Lesson


def run(options: argparse.Namespace) -> int:
    """Write a report of some lessons and their variants, or print its page; ctrl+c writes nothing."""
    import asyncio
    from pathlib import Path

    from bptui.report.page import PAGE
    from bptui.report.sections import Section
    from bptui.report.writer import made, written
    from bptui.system.process import Unavailable
    from bptui.system.writing import AlreadyThereError

    if options.force and not options.out:
        verbs.refuse("--force goes with --out")
    sections = Section.of_lessons(_lesson(word, options) for word in dict.fromkeys(options.lesson))
    say = verbs.status_line()
    try:
        if options.out:
            done = asyncio.run(written(sections, Path(options.out), options.force, say))
        else:
            done = asyncio.run(made(sections, say))[PAGE].rstrip()
    except AlreadyThereError as fault:
        verbs.refuse(f"{fault}; --force replaces it")
    except Unavailable as fault:
        verbs.refuse(f"the runs cannot be looked at: {fault}")
    finally:
        say("")
    return verbs.print_lines([done])


def _lesson(word: str, options: argparse.Namespace) -> "Lesson":
    """A lesson with the settings of the options; what it says of itself is marked where they have changed it."""
    from bptui.lessons.lesson import load_lesson

    own, lesson = load_lesson(word), verbs.lesson_named(word, options)
    if lesson.spec == own.spec:
        return lesson
    note = f"*Said of the lesson as it was, before settings were changed.*\n\n{own.note}" if own.note else ""
    return replace(lesson, title=f"{own.title} (settings changed)", note=note)
