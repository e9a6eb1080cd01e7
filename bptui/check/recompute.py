"""Recompute a lesson's printed values: which match digit for digit, and which differ.

A value is recomputed under its own claims: by its engine, in that engine's precision, under its own training settings.
PyTorch ignores gradient rules and rounds nothing on the way; where it is unavailable, NumPy does the same by the chain
rule.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import nan
from shlex import quote
from typing import Any, NamedTuple

from bptui.check.side import LAST_DIGITS, Side, say_how_many_match
from bptui.core.engines.engine import EngineUnavailableError, NumpyEngine, make_engine
from bptui.core.problem.setting_names import describe_settings
from bptui.core.problem.spec import Spec
from bptui.core.quantities.printable import compute_values
from bptui.core.training.run import Run
from bptui.lessons.lesson import Lesson
from bptui.text.numbers import format_significant, to_json_number
from bptui.text.printed import SLACK, PrintedNumber
from bptui.text.words import align_columns

_MORE = 3  # digits shown beyond those printed, to show how the last one rounds
_MOST = 17  # digits of a double


class CheckedValue(NamedTuple):
    """A printed value and its recomputed number.

    Attributes:
        round: Its round, from 1.
        engine: The engine that recomputed it, "numpy" or "torch".
        precision: The precision it was recomputed in.
        changes: Training settings it was printed under, where they differ from the lesson's.
        quantity: Its name in ``list_printable``.
        printed: The digits.
        recomputed: The number; nan before it is checked.
        agrees: Whether the number, rounded to the digits printed, is the printed value; None before that is checked.
        last_digits: Whether it is so but for the last digits, as another order of the operations gives it.
    """

    round: int
    engine: str
    precision: str
    changes: Mapping[str, Any]
    quantity: str
    printed: str
    recomputed: float = nan
    agrees: bool | None = None
    last_digits: bool = False


def list_unchecked(lesson: Lesson) -> Iterator[CheckedValue]:
    """Yield a lesson's printed values in the order of ``check_figures``, none of them checked."""
    for figures in lesson.figures:
        precision = lesson.spec_of(figures).precision_of(figures.engine)
        for name, digits in figures.printed.items():
            yield CheckedValue(figures.round, figures.engine, precision, figures.changes, name, digits)


def check_figures(lesson: Lesson, say: Callable[[str], None] | None = None) -> Iterator[CheckedValue]:
    """Recompute a lesson's printed values one after the other; each run is trained once.

    Args:
        lesson: The lesson; its printed values fit its problem, as ``require_figures`` ensures.
        say: Receives the reason whenever NumPy recomputes a run of torch's.
    """
    runs: dict[tuple[str, Spec], Run] = {}
    for figures in lesson.figures:
        key = figures.engine, lesson.spec_of(figures).as_computed_by(figures.engine)
        if key not in runs:
            try:
                engine = make_engine(*key)
            except EngineUnavailableError as fault:
                engine = NumpyEngine(key[1], key[1].precision_of("torch"))
                if say:
                    say(f"{fault}: NumPy recomputes torch's printed values; in float32 the last digits may differ")
            runs[key] = Run(engine)
        run = runs[key]
        run.train_to(figures.round)
        network = run.spec.network_of(figures.round)
        values = {**run.given(figures.round), **run.values(figures.round)}
        side = Side(run.engine.name, network, values, run.engine.dtype.name)
        slack = SLACK[side.precision] if side.engine != figures.engine else 0.0
        for name, value in compute_values(network, figures.printed, values).items():
            about = figures.round, side.engine, side.precision, figures.changes, name, figures.printed[name]
            match = side.compare(name, figures.numbers[name], slack)
            yield CheckedValue(*about, float(value), bool(match.agrees), match.last_digits)


def as_json(lesson: Lesson, found: Iterable[CheckedValue]) -> Iterator[str]:
    """Yield a JSON object per printed value; numbers have all digits, those that are not finite are text."""
    for one in found:
        fields = {**one._asdict(), "recomputed": to_json_number(one.recomputed)}
        training = dict(fields.pop("changes"))
        yield json.dumps({"lesson": lesson.name, **fields, **({"training": training} if training else {})})


def as_text(lesson: Lesson, found: Iterable[CheckedValue]) -> Iterator[str]:
    """Yield a heading, then per printed value a line with round, name, digits, the number, and a mark.

    Between them a line says what printed matrices have a row for.
    """
    yield f"{lesson.name}: {lesson.title}"
    if not lesson.figures:
        yield "  it has no printed values, so there is nothing to compare"
        return
    by_rows = dict[str, dict[str, None]]()
    for name, rows in (pair for figures in lesson.figures for pair in figures.matrices.items()):
        by_rows.setdefault(rows, {})[name] = None
    yield from (f"  {', '.join(names)}: {rows}" for rows, names in by_rows.items())
    cells = [(f"{f.round:,}", name, digits) for f in lesson.figures for name, digits in f.printed.items()]
    head, *lines = align_columns([("round", "quantity", "printed"), *cells], left=0)
    yield f"  {head}  recomputed"
    width = max(len("recomputed"), *(len(digits) + _MORE + 1 for _, _, digits in cells))
    for line, one in zip(lines, found, strict=True):
        value = format_significant(one.recomputed, min(PrintedNumber.of(one.printed).count + _MORE, _MOST))
        under = f"  {describe_settings(one.changes)}" if one.changes else ""
        mark = f"✓ {LAST_DIGITS}" if one.last_digits else "✓" if one.agrees else "✗"
        yield f"  {line}  {value:<{width}}  {mark}{under}"


def summarise_matches(found: Mapping[str, Sequence[CheckedValue]]) -> str:
    """Return the line that counts the matches, with what to ask next.

    Args:
        found: The printed values of lessons, by the words the user named them with.
    """
    figures = [one for of_lesson in found.values() for one in of_lesson]
    near = sum(one.last_digits for one in figures)
    line = say_how_many_match(sum(bool(one.agrees) for one in figures), len(figures))
    line += f", {LAST_DIGITS}" if near == len(figures) > 0 else f", {near:,} of them {LAST_DIGITS}" if near else ""
    calls = [f"`bptui explain {quote(word)}`" for word, those in found.items() if not all(o.agrees for o in those)]
    if not calls:
        return line
    *others, last = calls
    ask = f"{', '.join(others)} and {last} look" if others else f"{last} looks"
    return f"{line}; {ask} for the {'mistakes' if others else 'mistake'}"
