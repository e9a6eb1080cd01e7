"""Rounds as text: every quantity of chosen rounds, for people or for programs.

Rounds are computed and printed one after the other, so that a long range needs no more memory than a short one; only
the table for people has to know all its columns.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from bptui.core.engines.engine import Values, make_engine
from bptui.core.formulas.backprop import list_formulas
from bptui.core.training.run import Run
from bptui.lessons.lesson import Lesson
from bptui.text.numbers import format_number, repr_float, to_json_number
from bptui.text.words import align_columns, format_csv_line


class Round(NamedTuple):
    """One engine's round: where it comes from, and all its quantities."""

    lesson: str
    engine: str
    precision: str
    round: int
    quantities: Values


def compute(lesson: Lesson, engines: Sequence[str], at: Sequence[int]) -> Iterator[Round]:
    """Yield rounds of a lesson's training, engine by engine.

    Raises:
        EngineUnavailableError: If an engine is unavailable; before any round is computed.
    """
    runs = [Run(make_engine(name, lesson.spec)) for name in engines]
    names = [f.name for f in list_formulas(lesson.spec.network)]
    for run in runs:
        for round_ in at:
            run.train_to(round_)
            values = run.values(round_)
            in_order = {name: values[name] for name in names}
            yield Round(lesson.name, run.engine.name, run.engine.dtype.name, round_, in_order)


def as_json(rounds: Iterable[Round]) -> Iterator[str]:
    """Yield a JSON object a round; numbers in full, those that are not finite as text."""
    for found in rounds:
        numbers = {name: to_json_number(value) for name, value in found.quantities.items()}
        yield json.dumps({**found._asdict(), "quantities": numbers}, ensure_ascii=False)


def as_csv(rounds: Iterable[Round]) -> Iterator[str]:
    """Yield a line of names, then a line a round; numbers in full."""
    names: list[str] = []
    for found in rounds:
        if not names:
            names = list(found.quantities)
            yield format_csv_line([*Round._fields[:-1], *names])
        yield format_csv_line([*map(str, found[:-1]), *(repr_float(found.quantities[name]) for name in names)])


def as_table(rounds: Iterable[Round]) -> Iterator[str]:
    """Yield a line a quantity, a column a round, rounded for people."""
    found = list(rounds)
    rows = [
        [found[0].lesson, *(f"{f.engine} {f.precision}" for f in found)],
        ["", *(f"round {f.round:,}" for f in found)],
        *([name, *(format_number(f.quantities[name]) for f in found)] for name in found[0].quantities),
    ]
    yield from align_columns(rows)
