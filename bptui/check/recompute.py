"""Printed figures recomputed: which of a lesson's come out digit for digit, and which do not.

A figure is recomputed as it claims to have been: by its engine, in that engine's precision, under its own training
settings. PyTorch follows no gradient rule but autograd, and rounds nothing on the way; where it is not to be had, NumPy
does the same by the chain rule.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import isfinite
from shlex import quote
from typing import Any, NamedTuple

from bptui.core.engines.engine import Engine, EngineUnavailableError, NumpyEngine, load
from bptui.core.formulas.rounding import NONE
from bptui.core.formulas.rules import CHAIN_RULE
from bptui.core.problem.spec import Spec, setting_name
from bptui.core.quantities.printable import worth
from bptui.core.training.run import Run
from bptui.lessons.lesson import Lesson
from bptui.text.numbers import full, significant
from bptui.text.printed import Digits
from bptui.text.words import columns, counted

_MORE = 3  # digits shown beyond those printed, so that one sees which way the last one goes
_MOST = 17  # digits that a double has


class Checked(NamedTuple):
    """A printed figure, and what it comes to.

    Attributes:
        round: Its round, from 1.
        engine: Who recomputed it, "numpy" or "torch".
        precision: In what.
        changes: Training settings it was printed under, where they differ from the lesson's.
        quantity: Its name in ``printable``.
        printed: The digits.
        recomputed: The number.
        agrees: Whether that, rounded to the digits printed, is the figure.
    """

    round: int
    engine: str
    precision: str
    changes: Mapping[str, Any]
    quantity: str
    printed: str
    recomputed: float
    agrees: bool


def checked(lesson: Lesson, say: Callable[[str], None] | None = None) -> Iterator[Checked]:
    """Recompute a lesson's figures, one after the other; each training is done once.

    Args:
        lesson: The lesson; its figures fit its problem, as ``lessons.require_figures`` makes sure of.
        say: Told why a training of torch's is recomputed by NumPy, wherever one is.
    """
    runs: dict[tuple[str, Spec], Run] = {}
    for figures in lesson.figures:
        key = figures.engine, followed(lesson.spec_of(figures), figures.engine)
        if key not in runs:
            try:
                engine = _engine(*key)
            except EngineUnavailableError as fault:
                engine = NumpyEngine(key[1], key[1].precision_of("torch"))
                if say:
                    say(f"{fault}: NumPy recomputes torch's figures, and the last digits of float32 may differ")
            runs[key] = Run(engine)
        run = runs[key]
        run.reach(figures.round)
        values = {**run.given(figures.round), **run.values(figures.round)}
        for name, value in worth(run.spec.network, figures.printed, values).items():
            printed, dtype = figures.printed[name], run.engine.dtype.name
            about = figures.round, run.engine.name, dtype, figures.changes, name
            yield Checked(*about, printed, float(value), Digits.of(printed).agree(float(value)))


def followed(spec: Spec, engine: str) -> Spec:
    """The problem as an engine follows it: to torch, gradient rule and rounding mean nothing."""
    return spec if engine == "numpy" else replace(spec, gradient=CHAIN_RULE, rounding=NONE)


def _engine(name: str, spec: Spec) -> Engine:
    return NumpyEngine(spec) if name == "numpy" else load(name, spec)


def as_json(lesson: Lesson, found: Iterable[Checked]) -> Iterator[str]:
    """A JSON object a figure; numbers in full, those that are not finite as text."""
    for one in found:
        value = one.recomputed
        fields = {**one._asdict(), "recomputed": value if isfinite(value) else full(value)}
        training = dict(fields.pop("changes"))
        yield json.dumps({"lesson": lesson.name, **fields, **({"training": training} if training else {})})


def as_text(lesson: Lesson, found: Iterable[Checked]) -> Iterator[str]:
    """A heading, then a line a figure as it is found: round, name, digits, the number with some more, and a mark."""
    yield f"{lesson.name}: {lesson.title}"
    if not lesson.figures:
        yield "  it has no printed figures, so there is nothing to compare"
        return
    cells = [(f"{f.round:,}", name, digits) for f in lesson.figures for name, digits in f.printed.items()]
    head, *lines = columns([("round", "quantity", "printed"), *cells], left=0)
    yield f"  {head}  recomputed"
    width = max(len("recomputed"), *(len(digits) + _MORE + 1 for _, _, digits in cells))
    for line, one in zip(lines, found, strict=True):
        value = significant(one.recomputed, min(Digits.of(one.printed).count + _MORE, _MOST))
        under = "".join(f"  {setting_name(key)} {str(to).removesuffix('.0')}" for key, to in one.changes.items())
        yield f"  {line}  {value:<{width}}  {'✓' if one.agrees else '✗'}{under}"


def count(found: Mapping[str, Sequence[Checked]]) -> str:
    """The line that counts, with what to ask next.

    Args:
        found: The figures of lessons, by the words the user named them with.
    """
    figures = [one for of_lesson in found.values() for one in of_lesson]
    line = f"{sum(one.agrees for one in figures)} of {counted(len(figures), 'figure')} agree"
    calls = [f"`bptui explain {quote(word)}`" for word, those in found.items() if not all(o.agrees for o in those)]
    if not calls:
        return line
    *others, last = calls
    ask = f"{', '.join(others)} and {last} say" if others else f"{last} says"
    return f"{line}; {ask} what was done instead"
