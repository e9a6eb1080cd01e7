"""Rounds as text: every quantity of chosen rounds, for people or for programs.

Rounds are computed and printed one after the other, so that printing a long range needs no more memory than a short
one. Only the table for people must know all its columns first.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from bptui.core.engines.engine import Values, make_engine
from bptui.core.formulas.backprop import name_quantities
from bptui.core.problem.spec import Spec
from bptui.core.training.run import Run
from bptui.lessons.lesson import Lesson
from bptui.text.numbers import format_number, repr_float, to_json_number
from bptui.text.words import align_columns, format_csv_line


class Round(NamedTuple):
    """A round of one engine: its lesson, engine, precision and number, and all its quantities."""

    lesson: str
    engine: str
    precision: str
    round: int
    quantities: Values


def compute(lesson: Lesson, engines: Sequence[str], at: Sequence[range]) -> Iterator[Round]:
    """Yield rounds of a lesson's run, engine by engine.

    Args:
        lesson: The lesson.
        engines: The names of the engines.
        at: The rounds, as ranges.

    Raises:
        EngineUnavailableError: If an engine is unavailable, before any round is computed.
    """
    runs = [Run(make_engine(name, lesson.spec)) for name in engines]
    for run in runs:
        for round_ in chain.from_iterable(at):
            run.train_to(round_)
            values = run.values(round_)
            in_order = {name: values[name] for name in name_quantities(lesson.spec.network_of(round_))}
            yield Round(lesson.name, run.engine.name, run.engine.dtype.name, round_, in_order)


def name_columns(spec: Spec, at: Iterable[range]) -> tuple[str, ...]:
    """Return the names of the quantities of ranges of rounds; rounds that use other samples have others."""
    firsts = chain.from_iterable(span[: spec.period] for span in at)
    networks = {(round_ - 1) % spec.period: spec.network_of(round_) for round_ in firsts}
    return tuple(dict.fromkeys(name for network in networks.values() for name in name_quantities(network)))


def as_json(rounds: Iterable[Round], names: Sequence[str]) -> Iterator[str]:
    """Yield a JSON object per round, with all digits; numbers that are not finite are text."""
    for found in rounds:
        numbers = {name: to_json_number(value) for name, value in found.quantities.items()}
        yield json.dumps({**found._asdict(), "quantities": numbers}, ensure_ascii=False)


def as_csv(rounds: Iterable[Round], names: Sequence[str]) -> Iterator[str]:
    """Yield a line of names, then a line per round, with all digits."""
    for number, found in enumerate(rounds):
        if not number:
            yield format_csv_line([*Round._fields[:-1], *names])
        cells = {name: repr_float(value) for name, value in found.quantities.items()}
        yield format_csv_line([*map(str, found[:-1]), *(cells.get(name, "") for name in names)])


def as_table(rounds: Iterable[Round], names: Sequence[str]) -> Iterator[str]:
    """Yield a line per quantity with a column per round, rounded for people."""
    heads, cells = list[tuple[str, str, str]](), {name: list[str]() for name in names}
    for found in rounds:  # which are not kept
        heads.append((found.lesson, f"{found.engine} {found.precision}", f"round {found.round:,}"))
        for name, column in cells.items():
            column.append(_format_cell(found, name))
    rows = [[heads[0][0], *(engine for _, engine, _ in heads)], ["", *(round_ for *_, round_ in heads)]]
    yield from align_columns([*rows, *([name, *column] for name, column in cells.items())])


def _format_cell(found: Round, name: str) -> str:
    """Return a number as a cell; empty if the round has none of that name, as it uses other samples."""
    return format_number(found.quantities[name]) if name in found.quantities else ""
