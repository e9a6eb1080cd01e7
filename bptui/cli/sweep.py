"""What the verb ``sweep`` of the command line does, given its options; see ``bptui.cli.verbs``."""

import argparse

from bptui.cli import verbs


def run(options: argparse.Namespace) -> int:
    """Train every combination of some settings' values, from many starts; ctrl+c stops, and tells what is done."""
    from bptui.lessons.lesson import load_lesson
    from bptui.sweep.plan import planned, seeds_of
    from bptui.sweep.results import Swept, as_csv, as_json
    from bptui.sweep.runner import outcome
    from bptui.sweep.text import as_text, bar

    if not options.vary and options.seeds is None:
        verbs.refuse("sweep: give --vary KEY=V1,V2,… or --seeds N, or both")
    lesson = verbs.lesson_of(options)
    seeds = None if options.seeds is None else seeds_of(options.seeds)
    keep = options.set_init is not None or options.set_weights is not None
    plan, say = planned(lesson.spec, options.vary, seeds, keep), verbs.status_line()
    try:
        ended = outcome(plan, lambda progress: say(bar(progress)))
    finally:
        say("")
    found = Swept(options.lesson, load_lesson(options.lesson).spec, plan, ended)
    write = as_json if options.json else as_csv if options.csv else as_text
    verbs.print_lines(write(found))
    if ended.fault:
        verbs.refuse(f"sweep: {ended.fault}; what was done by then is told")
    return 130 if ended.stopped else 0
