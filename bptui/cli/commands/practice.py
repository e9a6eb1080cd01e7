"""The command ``practice``: the program on a round that the learner calculates."""

import argparse
import sys

from bptui.cli.arguments import add_ascii, add_lesson, add_round, add_settings, make_user_error, parse_int, read_lesson

WITHOUT_TERMINAL = "`bptui derive LESSON` prints the whole calculation"

_LONG = 50_000  # rounds; more take long enough to print a notice


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the lesson, its round, the part of the round, and the switch for drawing."""
    add_lesson(parser)
    add_ascii(parser)
    add_round(parser)
    parser.add_argument(
        "--part",
        default="whole round",
        metavar="PART",
        help="the part to calculate, such as forward (default: whole round)",
    )
    add_settings(parser)


def run(options: argparse.Namespace) -> int:
    """Open the program on a round that the learner calculates.

    Raises:
        UserError: If the part, the round, the lesson or a setting is invalid.
    """
    from bptui.cli.terminal import run_in_terminal
    from bptui.core.problem.kinds.setting_kinds import Choice
    from bptui.core.problem.settings import MOST_ROUNDS
    from bptui.practice.parts import list_parts
    from bptui.session.session import Session

    round_ = parse_int("--round", options.round, MOST_ROUNDS)
    lesson = read_lesson(options)
    try:
        part = Choice(list_parts(lesson.spec.network)).check(options.part)
    except ValueError as error:
        raise make_user_error(f'--part: "{options.part}" must be {error}') from error
    session = Session.open(lesson)
    if round_ > _LONG:
        print(f"calculating {round_:,} rounds …", file=sys.stderr)
    session.run.train_to(round_ + 1)  # before a screen opens that would have to wait
    return run_in_terminal(session.go_to(round_), options.ascii, part)
