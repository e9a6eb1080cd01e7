"""A change: one thing done otherwise than a problem says, as plain data.

It is settings of the problem that were others, or another way of reading a figure off the calculation; what there may
be is in ``catalogue``. Changes made together are of different kinds and touch different settings.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from bptui.core.problem.spec import Spec


@dataclass(frozen=True)
class Reading:
    """How figures were read off a calculation.

    Attributes:
        shift: How many rounds later than it says a figure was taken.
        cut: Whether digits were cut off instead of rounded.
        turned: Whether deltas and gradients have the opposite sign, as where the update adds.
        carried: Whether the calculation went on with the figures as printed.
        slip: The round and name of the one figure with which it went on as printed, if that is all.
        named: Another quantity that a single number is in truth; empty if it is its own.
        misread: "swapped" for two neighbouring digits of a single number, "digit" for one that is another.
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


_OF_ONE = {"shift", "cut", "factor", "named", "misread"}


@dataclass(frozen=True)
class Change:
    """One thing that was done otherwise.

    Attributes:
        kind: The row of the catalogue.
        name: What was done, in a few words.
        about: The same as a sentence for a student.
        settings: Fields of ``Spec`` and their values.
        reading: Fields of ``Reading`` and their values.
        renamed: Activations of which another one takes the place, whatever neurons have them.
        weight: How many digits of the figures it takes to believe it: two to tell it from some hundred others, one for
            a common convention, more for a number that was solved for.
    """

    kind: str
    name: str
    about: str
    settings: tuple[tuple[str, Any], ...] = ()
    reading: tuple[tuple[str, Any], ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    weight: float = 2

    @property
    def of_all(self) -> bool:
        """Whether it is a change of the calculation, and so of all its figures, not of how one of them was read off."""
        return bool(self.settings or self.renamed) or not {name for name, _ in self.reading} <= _OF_ONE


def changed(spec: Spec, changes: Iterable[Change]) -> Spec:
    """A problem with some changes made to it."""
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


def reading(changes: Iterable[Change]) -> Reading:
    """How figures are read off after some changes."""
    return Reading(**{name: value for change in changes for name, value in change.reading})
