"""The command ``rounds``: every quantity of some rounds."""

import argparse
from bisect import bisect_right

from bptui.cli.arguments import add_formats, add_lesson, add_settings, make_user_error, read_lesson
from bptui.cli.output import print_lines

_MOST_COLUMNS = 1_000  # of a table, which is aligned only when all are known


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the lesson, its rounds, the engine and the output format."""
    add_lesson(parser)
    parser.add_argument(
        "--at", default="1", metavar="ROUNDS", help="the rounds to print, such as 1,10,100 or 1-5 (default: 1)"
    )
    parser.add_argument("--engine", default="numpy", choices=("numpy", "torch", "both"), help="engine (default: numpy)")
    add_formats(parser, "one JSON object per round, for programs")
    add_settings(parser)


def run(options: argparse.Namespace) -> int:
    """Print every quantity of some rounds.

    Raises:
        UserError: If a round, the lesson or a setting is invalid, a table would be too wide, or the engine is
            unavailable.
    """
    at = _parse_rounds(options.at)
    engines = ("numpy", "torch") if options.engine == "both" else (options.engine,)
    columns = len(engines) * sum(map(len, at))
    if columns > _MOST_COLUMNS and not (options.json or options.csv):
        most = f"a table has at most {_MOST_COLUMNS:,} columns, not {columns:,}"
        raise make_user_error(f"--at: {most}; --csv and --json print any number of rounds")
    lesson = read_lesson(options)
    from bptui.cli.round_formats import as_csv, as_json, as_table, compute, name_columns
    from bptui.core.engines.engine import EngineUnavailableError

    write = as_json if options.json else as_csv if options.csv else as_table
    try:
        return print_lines(write(compute(lesson, engines, at), name_columns(lesson.spec, at)))
    except EngineUnavailableError as fault:
        raise make_user_error(f"--engine {options.engine}: {fault}") from fault


def _parse_rounds(text: str) -> list[range]:
    """Return the rounds that a text such as ``1,10,100`` or ``1-5`` names, each once, as ranges.

    Raises:
        UserError: If a part is neither a round nor a range, or is out of bounds.
    """
    from bptui.core.problem.settings import MOST_ROUNDS

    found, seen = list[range](), list[range]()
    for part in text.split(","):
        low, dash, high = part.strip().partition("-")
        try:
            span = range(int(low), int(high if dash else low) + 1)
        except ValueError as error:
            raise make_user_error(f'--at: "{part}" must be a round or a range such as 1-5') from error
        if not span:
            raise make_user_error(f"--at: {part} ends before it starts")
        if span[0] < 1 or span[-1] > MOST_ROUNDS:
            raise make_user_error(f"--at: {part} must be between 1 and {MOST_ROUNDS:,}")
        found += _take_new(span, seen)
    return found


def _take_new(span: range, seen: list[range]) -> list[range]:
    """Return the parts of a range that were not seen yet, and add it to those seen, which are in order and apart."""
    first = last = bisect_right(seen, span.start, key=lambda one: one.stop)
    new, start = list[range](), span.start
    while last < len(seen) and seen[last].start < span.stop:
        new.append(range(start, seen[last].start))
        start = seen[last].stop
        last += 1
    ends = (*seen[first:last], span)
    seen[first:last] = [range(min(one.start for one in ends), max(one.stop for one in ends))]
    return [part for part in (*new, range(start, span.stop)) if part]
