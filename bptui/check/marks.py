"""Printed figures beside the values of a round: which of them stand for the problem shown, and which come out.

A figure of torch's is compared with torch's own training, so its mark waits for torch; where torch is not to be had,
NumPy's value takes its place, and float32 may then differ in the last digits.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bptui.core.engines.program import evaluator
from bptui.core.formulas.backprop import formulas
from bptui.core.formulas.expr import names
from bptui.core.formulas.network import Network
from bptui.core.problem.spec import Spec, SpecError, setting_fields
from bptui.core.problem.tables import merged
from bptui.core.quantities.printable import printable
from bptui.lessons.lesson import Figures, Lesson
from bptui.text.printed import Digits

SIGNS = {True: "✓", False: "✗", None: "·"}
_TRAINING = {s.metadata["path"][1]: s.name for s in setting_fields() if s.metadata["path"][0] == "training"}


@dataclass(frozen=True)
class Mark:
    """A printed figure beside a value.

    Attributes:
        quantity: Its name in ``printable``.
        printed: Its digits.
        engine: "numpy" or "torch", whichever is said to have computed it.
        beside: Whose value it is compared with.
        agrees: Whether that has these digits; None as long as it cannot be told.
    """

    quantity: str
    printed: str
    engine: str
    beside: str
    agrees: bool | None

    @property
    def sign(self) -> str:
        """The mark itself."""
        return SIGNS[self.agrees]


@dataclass(frozen=True, eq=False)
class Side:
    """One engine's side of a round.

    Attributes:
        engine: "numpy" or "torch".
        network: What it follows.
        values: All the round was computed from, and its quantities as far as they are known; none if there is no word.
    """

    engine: str
    network: Network
    values: Mapping[str, Any]

    @classmethod
    def of_torch(cls, network: Network, values: Mapping[str, Any]) -> "Side":
        """Torch's side; what of a round it has no name for is worked out from its numbers."""
        its, found = network.as_torch_computes(), dict(values)
        for formula in formulas(its) if values else ():
            if formula.name not in found:
                found[formula.name] = evaluator(formula.expr)(found)
        return cls("torch", its, found)

    def worth(self, name: str) -> float | None:
        """What a name from ``printable`` comes to; None as long as that is not known."""
        if name in self.values:
            return float(self.values[name])
        expr = printable(self.network)[name]
        is_quantity = any(name == formula.name for formula in formulas(self.network))
        if is_quantity or not self.values or not all(part in self.values for part in names(expr)):
            return None
        return float(evaluator(expr)(self.values))


Marks = Mapping[tuple[str, str], Mark]  # by quantity, and the engine whose value the mark stands beside


def under(spec: Spec, changes: Mapping[str, Any]) -> Spec:
    """A problem with some of its training settings changed.

    Raises:
        SpecError: If they do not go with it.
    """
    return Spec.from_table(merged(spec.to_table(), {"training": changes})) if changes else spec


def holding(lesson: Lesson, spec: Spec) -> tuple[Figures, ...]:
    """The figures that were printed under the training settings of a problem shown, the most particular ones last.

    Whatever else of the lesson the problem has changed is no matter: that is how a mistake is watched. Names that its
    network has not are left out.
    """
    found = [figures for figures in with_a_place(lesson.figures, spec) if under(spec, figures.changes) == spec]
    return tuple(sorted(found, key=lambda figures: len(figures.changes)))


def with_a_place(figures: Iterable[Figures], spec: Spec) -> Iterator[Figures]:
    """The figures of which a problem has the quantities, each without those it has not."""
    for entry in figures:
        try:
            known = printable(under(spec, entry.changes).network)
        except SpecError:
            continue
        if printed := {name: digits for name, digits in entry.printed.items() if name in known}:
            yield replace(entry, printed=printed)


def as_shown(lesson: Lesson, spec: Spec) -> Lesson:
    """A lesson with the problem shown in place of its own, to be checked; its figures hold for the settings changed."""
    changed = {key for key, name in _TRAINING.items() if getattr(spec, name) != getattr(lesson.spec, name)}
    figures = with_a_place((entry.without(changed) for entry in lesson.figures), spec)
    return replace(lesson, spec=spec, figures=tuple(figures), note="", variants=())


def rebased(lesson: Lesson, changes: Mapping[str, Any]) -> Lesson:
    """A lesson with other training settings as its own; each of its figures stays what it was printed under."""
    own = {key: getattr(lesson.spec, _TRAINING[key]) for key in changes}
    figures = tuple(replace(entry, changes={**own, **entry.changes}) for entry in lesson.figures)
    return replace(lesson, spec=under(lesson.spec, changes), figures=figures)


def marks(figures: Iterable[Figures], mine: Side, theirs: Side | None, slack: float) -> Marks:
    """The figures of one round, marked.

    Args:
        figures: The round's figures, the most particular last.
        mine: NumPy's side; quantities that it has not calculated yet get no mark.
        theirs: Torch's side; None where it is not to be had.
        slack: By how much NumPy's values may be off where they stand in for torch's, as a part of them.
    """
    found: dict[tuple[str, str], Mark] = {}
    for entry in figures:
        side = theirs if entry.engine == "torch" and theirs else mine
        # by another rule NumPy has no answer that torch would give
        able = entry.engine == side.engine or side.network == side.network.as_torch_computes()
        for name, digits in entry.printed.items():
            if mine.worth(name) is None:
                continue
            value, off = side.worth(name) if able else None, 0.0 if entry.engine == side.engine else slack
            agrees = None if value is None else Digits.of(digits).agree(value, off)
            found[name, side.engine] = Mark(name, digits, entry.engine, side.engine, agrees)
    return found


def count(found: Marks) -> tuple[int, int, int]:
    """How many figures come out, do not, and cannot be told of yet."""
    agree = [mark.agrees for mark in found.values()]
    return agree.count(True), agree.count(False), agree.count(None)
