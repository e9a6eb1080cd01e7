"""The command ``sweep``: many runs, and a count of their outcomes."""

import argparse

from bptui.cli.arguments import add_formats, add_lesson, add_settings, make_user_error, read_lesson
from bptui.cli.output import make_status_line, print_faults, print_lines


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the lesson, the settings and seeds to vary, and the output format."""
    add_lesson(parser)
    varied = "a setting, named as its flag, and the values to try; repeat the flag to try every combination"
    parser.add_argument("--vary", action="append", default=[], metavar="KEY=V1,V2,…", help=varied)
    seeds = "random starts: how many, such as 10000, or a range of seeds, such as 1-500"
    parser.add_argument("--seeds", metavar="N", help=seeds)
    add_formats(
        parser, "one JSON object per combination, for programs", "comma-separated values, one row per combination"
    )
    add_settings(parser)


def run(options: argparse.Namespace) -> int:
    """Train every combination of settings from many starts; ctrl+c stops and prints the results so far.

    Raises:
        UserError: If nothing is varied, the lesson or a setting is invalid, or a process fails.
    """
    from bptui.lessons.lesson import load_lesson
    from bptui.sweep.plan import list_comma_hints, make_plan, parse_seeds
    from bptui.sweep.results import SweepResult, as_csv, as_json
    from bptui.sweep.runner import run_until_interrupt
    from bptui.sweep.text import as_text, format_progress

    if not options.vary and options.seeds is None:
        raise make_user_error("sweep needs --vary KEY=V1,V2,… or --seeds N, or both")
    lesson = read_lesson(options)
    seeds = None if options.seeds is None else parse_seeds(options.seeds)
    keep = options.set_init is not None or options.set_weights is not None
    for hint in list_comma_hints(options.vary):
        print_faults(hint)
    plan, say = make_plan(lesson.spec, options.vary, seeds, keep), make_status_line()
    try:
        ended = run_until_interrupt(plan, lambda progress: say(format_progress(progress)))
    finally:
        say("")
    found = SweepResult(options.lesson, load_lesson(options.lesson).spec, plan, ended)
    write = as_json if options.json else as_csv if options.csv else as_text
    print_lines(write(found))
    if ended.fault:
        raise make_user_error(f"sweep: {ended.fault}; the results up to then are printed")
    return 130 if ended.stopped else 0
