"""A quick look at the slips of a sheet under sets of changes: which of them come out, before a set is judged."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from math import isfinite, log10
from typing import Any, NamedTuple

import numpy as np

from bptui.explain.audit.precision import agrees, measure_left_over
from bptui.explain.calculation.calculation import Calculation
from bptui.explain.calculation.changes import Change, ChangeSet
from bptui.explain.calculation.figure import Figure
from bptui.explain.calculation.side_by_side import is_of_numbers, join
from bptui.explain.calculation.torch_values import TorchValues
from bptui.explain.search.sheet_numbers import SheetNumbers

_LATE = 200  # the last round in which printed digits are put in: later their rounding has been trained away
_WIDEST = 3.0  # half units that a value may be off by rounding on the way
_FEWEST, _MOST = 3, 256  # sets that are calculated side by side: of more, no progress is seen for a while


class Look(NamedTuple):
    """A quick look at slips under a set of changes.

    Attributes:
        found: The places of those whose number comes out, by either way of going on.
        values: Their numbers by both ways; None where there is no such number.
    """

    found: frozenset[int]
    values: tuple[float | None, ...]


class QuickLook:
    """The quick look at the values of one sheet."""

    def __init__(
        self, figures: Sequence[Figure], numbers: SheetNumbers, torch: TorchValues, slack: Mapping[int, float]
    ) -> None:
        """Prepare it.

        Args:
            figures: The printed values.
            numbers: Their numbers.
            torch: Torch's own.
            slack: By how much the digits that are not printed may move each, by place.
        """
        self._figures, self._numbers, self._torch, self._slack = figures, numbers, torch, slack
        self._left_over = measure_left_over(figures)
        self._last: tuple[ChangeSet, Calculation] | None = None

    def look(self, changes: ChangeSet, wanted: Collection[int]) -> Look:
        """Look at what a set of changes does to some slips.

        Args:
            changes: The set.
            wanted: The places of the slips.
        """
        calculation = self._calculate(changes)
        found, seen = set[int](), list[float | None]()
        for printed in self._list_ways(wanted):
            values = self._numbers.calculate(calculation, wanted, printed)
            if not printed:
                values |= self._numbers.calculate_by_torch(self._torch, changes, wanted)
            for place in wanted:
                seen.append(value := values.get(place))
                if place not in found and self._comes_out(place, value, printed, calculation.reading.cut):
                    found.add(place)
        return Look(frozenset(found), tuple(seen))

    def _list_ways(self, wanted: Iterable[int]) -> tuple[bool, ...]:
        """Return the ways of going on: with each number as it is printed, and with none."""
        late = max((self._figures[place].round for place in wanted), default=0) > _LATE
        return (False,) if late else (True, False)

    def _comes_out(self, place: int, value: float | None, printed: bool, cut: bool) -> bool:
        """Whether a number is the printed one, as far as its digits and those before it say."""
        if value is None:
            return False
        digits = self._figures[place].digits
        reach = min(self._slack[place], _WIDEST * digits.half) if printed else 0.0
        reach += self._left_over * (abs(value) <= self._left_over)
        near = isfinite(value) and abs(value - float(digits.value)) <= digits.half + reach
        return near or agrees(digits, value, cut)

    def find_reaching(self, rest: ChangeSet, sets: Sequence[ChangeSet], place: int) -> frozenset[ChangeSet]:
        """Return the sets under which a slip comes out; see ``look``.

        Args:
            rest: The changes that all sets have.
            sets: The sets, whose other changes are of numbers alone.
            place: The place of the slip.
        """
        own = [{name: value for one in some if one not in rest for name, value in one.settings} for some in sets]
        joined = join(self._figures[0].spec, rest, own) if len(sets) >= _FEWEST else None
        if joined is None:
            return frozenset(one for one in sets if self.can_calculate(one) and self.look(one, (place,)).found)
        found = set[ChangeSet]()
        for printed in self._list_ways((place,)) if joined.is_possible else ():
            values = self._numbers.calculate(joined, (place,), printed).get(place)
            if values is not None:
                each, cut = np.broadcast_to(values, len(sets)).tolist(), joined.reading.cut
                found |= {one for one, v in zip(sets, each, strict=True) if self._comes_out(place, v, printed, cut)}
        return frozenset(found)

    def measure_nearness(self, wanted: Sequence[int], values: tuple[float | None, ...]) -> float:
        """Return about how many digits of some slips are right, on average, where their numbers are ``values``."""
        found = 0.0
        for place, value in zip(wanted, values, strict=False):
            digits = self._figures[place].digits
            stated = float(digits.value)
            if value is not None and isfinite(value) and isfinite(stated):
                off = abs(value - stated) / (abs(stated) or 1.0)
                found += min(max(-log10(off), 0.0) if off else digits.count, digits.count)
        return found / len(wanted)

    def can_calculate(self, changes: ChangeSet) -> bool:
        """Whether a set can be calculated, by torch as well where the values are torch's."""
        if not self._torch.can_calculate(self._figures, changes):
            return False
        edited = any(change.alters_steps for change in changes)
        return not edited or self._calculate(changes).is_possible

    def _calculate(self, changes: ChangeSet) -> Calculation:
        """Return the calculation under a set of changes; the last one is kept, for what it has calculated."""
        if self._last is None or self._last[0] != changes:
            self._last = changes, Calculation(self._figures[0].spec, changes)
        return self._last[1]

    def calculate_each(
        self, rest: ChangeSet, sets: Sequence[Mapping[str, Any]], places: Sequence[int]
    ) -> list[float | None]:
        """Return the number of a printed value under each of many sets, from the printed values before it.

        Args:
            rest: The changes that all sets have.
            sets: The numbers that each set has of its own, by setting.
            places: The place of the printed value for each set.
        """
        joined, found = join(self._figures[0].spec, rest, sets), list[float | None]()
        if joined is not None:
            every = self._numbers.calculate(joined, set(places), True)
            spread = {place: np.broadcast_to(values, len(sets)).tolist() for place, values in every.items()}
            return [spread[place][at] if place in spread else None for at, place in enumerate(places)]
        for own, place in zip(sets, places, strict=True):
            alone = Calculation(self._figures[0].spec, (*rest, Change("given", "", "", tuple(own.items()))))
            found.append(self._numbers.calculate(alone, (place,), True).get(place))
        return found


class Sieve:
    """The sets of changes under which one slip comes out, of many of which most differ in numbers alone.

    Attributes:
        sets: The sets, those that are looked at together one after the other.
    """

    def __init__(self, quick: QuickLook, figures: Sequence[Figure], sets: Iterable[ChangeSet], place: int) -> None:
        """Prepare to look at one slip.

        Args:
            quick: Looks at sets.
            figures: The printed values.
            sets: The sets that will be asked for, each of changes that can be made together.
            place: The place of the slip.
        """
        self._quick, self._place, self._spec = quick, place, figures[place].spec
        self._is_of_numbers: dict[Change, bool] = {}
        self._reaching: dict[tuple[ChangeSet, int], frozenset[ChangeSet]] = {}
        self._alike: dict[ChangeSet, list[ChangeSet]] = {}
        self._found: dict[ChangeSet, tuple[ChangeSet, int]] = {}  # where in ``_alike`` a set is: in which block
        by_torch = figures[place].engine == "torch"  # which calculates one set after the other
        for changes in sets:
            rest = changes if by_torch else self._find_rest(changes)
            alike = self._alike.setdefault(rest, [])
            self._found[changes] = rest, len(alike) // _MOST
            alike.append(changes)
        self.sets = tuple(chain.from_iterable(self._alike.values()))

    def lets_through(self, changes: ChangeSet) -> bool:
        """Whether the slip comes out under one of the sets; those like it are looked at with it."""
        block = rest, number = self._found[changes]
        if block not in self._reaching:
            sets = self._alike[rest][number * _MOST : (number + 1) * _MOST]
            self._reaching[block] = self._quick.find_reaching(rest, sets, self._place)
        return changes in self._reaching[block]

    def _find_rest(self, changes: ChangeSet) -> ChangeSet:
        """Return the changes of a set that do more than to give the problem other numbers."""
        for change in changes:
            if change not in self._is_of_numbers:
                self._is_of_numbers[change] = is_of_numbers(self._spec, change)
        return tuple([change for change in changes if not self._is_of_numbers[change]])
