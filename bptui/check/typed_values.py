"""Check printed values while they are typed, and make them the printed values of one round of a lesson.

What is typed belongs to one entry of the lesson: that of its round, its engine, and the settings of the problem. Values
of torch's are recomputed by NumPy in torch's precision, as torch would take seconds to load, and the check screen
compares them with torch itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from bptui.check.marks import find_figures
from bptui.check.side import Match, Side
from bptui.core.engines.engine import NumpyEngine
from bptui.core.quantities.printable import compute_values
from bptui.core.training.run import Run
from bptui.lessons.lesson import Figures, Lesson
from bptui.lessons.printed_text import LineOf, TypedValue, read_printed_text
from bptui.record import record
from bptui.text.printed import SLACK

NO_CHANGES: Mapping[str, Any] = {}


class TypedMark(NamedTuple):
    """A typed value with the recomputed number, and whether they match."""

    value: TypedValue
    recomputed: float
    match: Match


@record
class CheckedText:
    """A text of printed values, checked.

    Attributes:
        round: The round that it was checked against.
        marks: Its values.
        faults: What cannot be read.
        remarks: What was left out for a reason that is no fault.
    """

    round: int
    marks: Sequence[TypedMark] = ()
    faults: Sequence[LineOf] = ()
    remarks: Sequence[LineOf] = ()

    @property
    def printed(self) -> dict[str, str]:
        """The digits by quantity."""
        return {mark.value.name: mark.value.digits for mark in self.marks}


def find_round_values(lesson: Lesson, round_: int) -> Figures:
    """Return the values printed for a round under the lesson's own settings, NumPy's if both engines have some."""
    found = [entry for entry in find_figures(lesson, lesson.spec) if entry.round == round_]
    engine = "torch" if found and all(entry.engine == "torch" for entry in found) else "numpy"
    printed: dict[str, str] = {}
    for entry in found:
        printed |= entry.printed if entry.engine == engine else {}
    return Figures(round_, engine, NO_CHANGES, printed)


def with_round_values(lesson: Lesson, values: Figures) -> Lesson:
    """Return a lesson with other values of one round and engine; those of other rounds and settings stay."""
    mine = {
        id(entry)
        for entry in lesson.figures
        if (entry.round, entry.engine) == (values.round, values.engine)
        and find_figures(replace(lesson, figures=(entry,)), lesson.spec)
    }
    kept = [entry for entry in lesson.figures if id(entry) not in mine]
    added = [values] if values.printed else []
    rounds = sorted([*kept, *added], key=lambda entry: entry.round)
    return replace(lesson, figures=tuple(rounds))


@dataclass(eq=False)
class ValueChecker:
    """Checks texts of printed values of a lesson; only one call at a time, in any thread.

    Attributes:
        lesson: The lesson.
        runs: Its run by each engine's precision that was needed.
    """

    lesson: Lesson
    runs: dict[str, Run] = field(default_factory=dict)

    def train(self, round_: int, engine: str, seconds: float) -> bool:
        """Compute up to a round for so long; return whether it is computed."""
        if engine not in self.runs:
            spec = self.lesson.spec.as_computed_by(engine)
            self.runs[engine] = Run(NumpyEngine(spec, spec.precision_of(engine)))
        return self.runs[engine].train_to(round_, seconds)

    def reached(self, engine: str) -> int:
        """Return how many rounds are computed."""
        return self.runs[engine].rounds

    def check(self, round_: int, engine: str, text: str) -> CheckedText:
        """Read a text of values of a computed round, and compare each with its number."""
        run = self.runs[engine]
        network, given = run.spec.network_of(round_), run.given(round_)
        values = {**given, **run.values(round_)}
        read = read_printed_text(self.lesson.spec.network_of(round_), text, given)
        side = Side(engine, network, values, run.engine.dtype.name)
        slack = SLACK[side.precision] if engine == "torch" else 0.0
        numbers = Figures(round_, engine, NO_CHANGES, read.printed).numbers
        recomputed = compute_values(network, read.printed, values)
        marks = [
            TypedMark(value, float(recomputed[value.name]), side.compare(value.name, numbers[value.name], slack))
            for value in read.values
        ]
        return CheckedText(round_, marks, read.faults, read.remarks)
