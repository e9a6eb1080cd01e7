"""The command ``sweep``: many trainings, counted."""

import argparse

from bptui.cli.arguments import add_lesson, add_settings, read_lesson, user_error
from bptui.cli.output import print_lines, status_line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the lesson, what is varied, and the form."""
    add_lesson(parser)
    varied = "a setting, by its flag, and the values to train with; may be repeated, for every combination"
    parser.add_argument("--vary", action="append", default=[], metavar="KEY=V1,V2,…", help=varied)
    seeds = "random starts: so many, such as 10000, or from one seed to another, such as 1-500"
    parser.add_argument("--seeds", metavar="N", help=seeds)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="a JSON object a setting, for programs")
    form.add_argument("--csv", action="store_true", help="comma-separated values, a row a setting")
    add_settings(parser)


def run(options: argparse.Namespace) -> int:
    """Train every combination of some settings' values, from many starts; ctrl+c stops, and prints what is done.

    Raises:
        UserError: If nothing is varied, the lesson or a setting cannot be, or a process fails.
    """
    from bptui.lessons.lesson import load_lesson
    from bptui.sweep.plan import make_plan, parse_seeds
    from bptui.sweep.results import SweepResult, as_csv, as_json
    from bptui.sweep.runner import run_until_interrupt
    from bptui.sweep.text import as_text, format_progress

    if not options.vary and options.seeds is None:
        raise user_error("sweep: give --vary KEY=V1,V2,… or --seeds N, or both")
    lesson = read_lesson(options)
    seeds = None if options.seeds is None else parse_seeds(options.seeds)
    keep = options.set_init is not None or options.set_weights is not None
    plan, say = make_plan(lesson.spec, options.vary, seeds, keep), status_line()
    try:
        ended = run_until_interrupt(plan, lambda progress: say(format_progress(progress)))
    finally:
        say("")
    found = SweepResult(options.lesson, load_lesson(options.lesson).spec, plan, ended)
    write = as_json if options.json else as_csv if options.csv else as_text
    print_lines(write(found))
    if ended.fault:
        raise user_error(f"sweep: {ended.fault}; what was done by then is told")
    return 130 if ended.stopped else 0
