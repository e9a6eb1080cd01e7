"""Which of some figures come out under which changes, and how much that says.

A figure says by how many digits it is off: one whose last digit is off by one hardly anything, for much can do that;
one that is another number altogether all its digits. A set of changes is believed where what it puts right says more
than it takes to name it, some two digits a change.
"""

from collections.abc import Container, Iterable, Sequence
from math import isfinite, log10

from bptui.core.changes import Change, changed, reading
from bptui.core.recomputed import Figure, Recomputed
from bptui.core.spec import Spec

_BROKEN = 0.5  # digits that speak against a set, for every right figure of the same round that it makes wrong
_SLACK = {"float64": 0.0, "float32": 2.0**-20}  # of a value: what another order of the same operations may do
_SINGLE = 6  # digits up to which float32 needs no last bits

Changes = tuple[Change, ...]


def cost(changes: Changes, used: Container[Change] = ()) -> int:
    """How many digits it takes to know that a set of changes is no coincidence; those used elsewhere cost nothing."""
    return sum(change.weight for change in changes if change not in used)


class Evidence:
    """Some figures, and what they come to under changes; a figure is known by its place among them.

    Attributes:
        figures: The figures.
        all: All their places.
        right: The places of those that come out as their problem stands.
        wrong: Those of the others.
        blocks: The places by round and problem, the round that is cheapest to reach first.
    """

    def __init__(self, figures: Sequence[Figure]) -> None:
        self.figures = tuple(figures)
        self._recomputed = Recomputed(self.figures)
        self.blocks = _blocks(self.figures)
        self.all = frozenset(range(len(self.figures)))
        self.right = self.explained((), self.all)
        self.wrong = self.all - self.right
        self._off = {place: self.digits_off(place) for place in self.wrong}

    def value(self, place: int, changes: Changes = ()) -> float | None:
        """What a figure comes to under changes, to the last bit; None where there is no such number."""
        figure = self.figures[place]
        spec, read = changed(figure.spec, changes), reading(changes)
        exact = self._recomputed.by_torch(figure, spec, read) if _needs_torch(figure, spec) else None
        return self._recomputed.value(figure, spec, read) if exact is None else exact

    def explained(self, changes: Changes, places: Iterable[int]) -> frozenset[int]:
        """Which figures come out under changes, of those at some places."""
        found, read = set[int](), reading(changes)
        for place in places:
            figure = self.figures[place]
            spec = changed(figure.spec, changes)
            value = self._recomputed.value(figure, spec, read)
            slack = _SLACK[spec.precision] if spec.precision == figure.spec.precision else 0.0
            if value is None or not figure.digits.agree(value, slack, read.cut):
                continue
            if _needs_torch(figure, spec):
                value = self._recomputed.by_torch(figure, spec, read)
                if value is not None and not figure.digits.agree(value, cut=read.cut):
                    continue
            found.add(place)
        return frozenset(found)

    def digits(self, places: Iterable[int]) -> float:
        """How many digits some wrong figures say, all together."""
        return sum(self._off[place] for place in places)

    def gain(self, explains: frozenset[int], of: frozenset[int]) -> float:
        """How many digits speak for a set of changes.

        Args:
            explains: What comes out under it.
            of: The wrong figures that count.
        """
        there = {place for places in self.blocks if places & explains & of for place in places}
        return self.digits(explains & of) - _BROKEN * len((there & self.right) - explains)

    def nearness(self, place: int, changes: Changes) -> float:
        """How many digits of a figure are right under changes, about; from 0 to as many as were printed."""
        figure = self.figures[place]
        value = self._recomputed.value(figure, changed(figure.spec, changes), reading(changes))
        digits, stated = figure.digits, float(figure.digits.value)
        if value is None or not isfinite(stated) or not isfinite(value):
            return 0.0
        off = abs(value - stated) / (abs(stated) or 1.0)
        return float(digits.count) if off == 0.0 else min(max(-log10(off), 0.0), float(digits.count))

    def digits_off(self, place: int, changes: Changes = ()) -> float:
        """By how many digits a figure is off under changes."""
        value, digits = self.value(place, changes), self.figures[place].digits
        stated = float(digits.value)
        if value is None or not isfinite(value) or not isfinite(stated) or not digits.half:
            return float(max(digits.count, 1))
        return min(log10(1.0 + abs(value - stated) / digits.half), float(digits.count))


def _needs_torch(figure: Figure, spec: Spec) -> bool:
    """Whether a figure has digits that only torch's own arithmetic has."""
    single = spec.precision == figure.spec.precision == "float32"
    return single and figure.engine == "torch" and figure.digits.count > _SINGLE


def _blocks(figures: Sequence[Figure]) -> tuple[frozenset[int], ...]:
    by_round: dict[object, set[int]] = {}
    for place, figure in enumerate(figures):
        by_round.setdefault((figure.round, figure.spec), set()).add(place)
    return tuple(map(frozenset, sorted(by_round.values(), key=lambda places: figures[min(places)].round)))
