"""Changes: one thing each that was done differently from what a problem says, as plain data.

A change alters settings of the problem, or how a printed value is read off the calculation. ``catalogue`` lists the
possible ones. Changes made together are of different kinds and touch different settings.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from bptui.core.problem.spec import Spec


@dataclass(frozen=True)
class Reading:
    """How printed values were read off a calculation.

    Attributes:
        shift: How many rounds later than stated a value was taken.
        cut: Whether digits were cut off instead of rounded.
        turned: Whether deltas and gradients have the opposite sign, as where the update adds.
        carried: Whether the calculation continued with the printed values.
        slip: The round and name of the only printed value that the calculation continued with, if just one.
        named: The quantity that a single number really is; empty if it is the stated one.
        misread: "swapped" for two swapped neighbouring digits of a single number, "digit" for one wrong digit.
        factor: What a single number was multiplied by: −1 for a lost sign, 10 for a misplaced decimal point.
    """

    shift: int = 0
    cut: bool = False
    turned: bool = False
    carried: bool = False
    slip: tuple[int, str] | None = None
    named: str = ""
    misread: str = ""
    factor: float = 1.0


_SINGLE_VALUE = {"shift", "cut", "factor", "named", "misread"}


@dataclass(frozen=True)
class Change:
    """One thing that was done differently.

    Attributes:
        kind: The row of the catalogue.
        name: What was done, in a few words.
        about: The same as a sentence for a student.
        settings: Fields of ``Spec`` and their values.
        reading: Fields of ``Reading`` and their values.
        renamed: Activations and their replacements, in whatever neurons.
        weight: The digits of evidence needed to believe it: two to tell it from some hundred others, one for a common
            convention, more for a number that was solved for.
    """

    kind: str
    name: str
    about: str
    settings: tuple[tuple[str, Any], ...] = ()
    reading: tuple[tuple[str, Any], ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    weight: float = 2

    @property
    def changes_calculation(self) -> bool:
        """Whether it changes the calculation, and so all printed values, rather than how one of them was read off."""
        return bool(self.settings or self.renamed) or not {name for name, _ in self.reading} <= _SINGLE_VALUE


def apply_changes(spec: Spec, changes: Iterable[Change]) -> Spec:
    """Return a problem with some changes made to it."""
    changes = tuple(changes)
    settings = {name: value for change in changes for name, value in change.settings}
    after = replace(spec, **settings) if settings else spec
    names = {old: new for change in changes for old, new in change.renamed}
    if not names:
        return after
    return replace(
        after,
        activation_hidden=names.get(after.activation_hidden, after.activation_hidden),
        activation_output=names.get(after.activation_output, after.activation_output),
        activation_neurons=tuple((neuron, names.get(name, name)) for neuron, name in after.activation_neurons),
    )


def make_reading(changes: Iterable[Change]) -> Reading:
    """Return how printed values are read off after some changes."""
    return Reading(**{name: value for change in changes for name, value in change.reading})
