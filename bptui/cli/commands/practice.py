"""The command ``practice``: the program on a round that the learner calculates."""

import argparse
import sys

from bptui.cli.arguments import add_ascii, add_lesson, add_round, add_settings, parse_int, read_lesson, user_error

WITHOUT_TERMINAL = "`bptui derive LESSON` prints the whole calculation"

_LONG = 50_000  # rounds that take long enough to say so


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the lesson, its round and the part of it, and how it is drawn."""
    add_lesson(parser)
    add_ascii(parser)
    add_round(parser)
    parser.add_argument("--part", default="whole round", metavar="PART", help="such as forward (default: all of it)")
    add_settings(parser)


def run(options: argparse.Namespace) -> int:
    """Open the program on a round to be calculated by the learner.

    Raises:
        UserError: If the part, the round, the lesson or a setting cannot be.
    """
    from bptui.cli.terminal import run_in_terminal
    from bptui.core.problem.kinds import Choice
    from bptui.core.problem.spec import MOST_ROUNDS
    from bptui.practice.practice import PARTS
    from bptui.session.session import Session

    round_ = parse_int("--round", options.round, MOST_ROUNDS)
    try:
        part = Choice(tuple(PARTS)).check(options.part)
    except ValueError as error:
        raise user_error(f'--part: "{options.part}" must be {error}') from error
    session = Session.open(read_lesson(options))
    if round_ > _LONG:
        print(f"calculating {round_:,} rounds …", file=sys.stderr)
    session.run.train_to(round_ + 1)  # before there is a screen to keep waiting
    return run_in_terminal(session.go_to(round_), options.ascii, part)
