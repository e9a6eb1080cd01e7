"""Which of some figures come out under which changes, and how much that says.

A figure says by how many digits it is off: one whose last digit is off by one hardly anything, for much can do that;
one that is another number altogether all its digits. A set of changes is believed where what it puts right says more
than it takes to name it, some two digits a change.
"""

from collections.abc import Container, Iterable, Sequence
from math import isfinite, log10

from bptui.core.formulas.rounding import NONE
from bptui.core.problem.spec import Spec
from bptui.explain.changes import Change, Reading, changed, reading
from bptui.explain.recomputed import Figure, Recomputed
from bptui.text.printed import SLACK

_BROKEN = 0.5  # digits that speak against a set, for every right figure that it makes wrong
_TIES = 2.0**-50  # of a value: what is a tie on paper need not be one in doubles
_SINGLE = 6  # digits up to which float32 needs no last bits

Changes = tuple[Change, ...]


def cost(changes: Changes, used: Container[Change] = ()) -> float:
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
        near: The ``nearness`` of each of the wrong ones as its problem stands.
    """

    def __init__(self, figures: Sequence[Figure]) -> None:
        self.figures = tuple(figures)
        self._recomputed = Recomputed(self.figures)
        self._after: tuple[Spec, Changes, Spec] | None = None
        self.blocks = _blocks(self.figures)
        self.all = frozenset(range(len(self.figures)))
        self.right = self.explained((), self.all)
        self.wrong = self.all - self.right
        self.near = {place: self.nearness(place, ()) for place in self.wrong}
        self._off = {place: self.digits_off(place) for place in self.wrong}

    @property
    def no_torch(self) -> str:
        """Why torch was asked for last digits and is not to be had; empty if it was not, or is."""
        return self._recomputed.no_torch

    def value(self, place: int, changes: Changes = ()) -> float | None:
        """What a figure comes to under changes, to the last bit; None where there is no such number."""
        figure = self.figures[place]
        spec, read = self._changed(figure.spec, changes), reading(changes)
        if read.slip == (figure.round, figure.name):
            return float(figure.digits.value)
        exact = self._recomputed.by_torch(figure, spec, read) if _needs_torch(figure, spec) else None
        return self._recomputed.value(figure, spec, read) if exact is None else exact

    def explained(self, changes: Changes, places: Iterable[int]) -> frozenset[int]:
        """Which figures come out under changes, of those at some places."""
        found, read = set[int](), reading(changes)
        for place in places:
            figure = self.figures[place]
            if read.slip == (figure.round, figure.name) or self._agrees(
                figure, self._changed(figure.spec, changes), read
            ):
                found.add(place)
        return frozenset(found)

    def _changed(self, spec: Spec, changes: Changes) -> Spec:
        """A problem under changes; the last is kept, since one figure after another of one problem is asked about."""
        if self._after is None or self._after[0] is not spec or self._after[1] is not changes:
            self._after = spec, changes, changed(spec, changes)
        return self._after[2]

    def _agrees(self, figure: Figure, spec: Spec, read: Reading) -> bool:
        """Whether a figure comes out of a calculation."""
        value = self._recomputed.value(figure, spec, read)
        if value is None:
            return False
        if read.misread:
            return figure.digits.agree(value) or figure.digits.misread(value, read.misread)
        if not figure.digits.agree(value, self._slack(figure, spec, read, value), read.cut):
            return False
        exact = self._recomputed.by_torch(figure, spec, read) if _needs_torch(figure, spec) else None
        return exact is None or figure.digits.agree(exact, cut=read.cut)

    def _slack(self, figure: Figure, spec: Spec, read: Reading, value: float) -> float:
        """By how much a value may be off, as a part of it."""
        slack = SLACK[spec.precision] if spec.precision == figure.spec.precision else 0.0
        if read.carried or read.slip or spec.rounding != NONE:
            slack = max(slack, _TIES)
        if read.slip and value:  # whoever slipped went on with all their digits, of which only some are printed
            moved = [self._recomputed.value(figure, spec, read, nudge) for nudge in (-1.0, 1.0)]
            slack = max(slack, *(abs(v - value) / abs(value) for v in moved if v is not None))
        return slack

    def digits(self, places: Iterable[int]) -> float:
        """How many digits some wrong figures say, all together."""
        return sum(self._off[place] for place in places)

    def gain(self, changes: Changes, explains: frozenset[int], of: frozenset[int]) -> float:
        """How many digits speak for a set of changes.

        Args:
            changes: The set.
            explains: What comes out under it.
            of: The wrong figures that count.
        """
        touched = [places for places in self.blocks if places & explains & of]
        there = {place for places in touched for place in places}
        if any(change.of_all for change in changes):
            specs = {self.figures[place].spec for place in there}
            there = {place for place in self.all if self.figures[place].spec in specs}
        return self.digits(explains & of) - _BROKEN * len((there & self.right) - explains)

    def nearness(self, place: int, changes: Changes) -> float:
        """How many digits of a figure are right under changes, about; from 0 to as many as were printed."""
        figure = self.figures[place]
        value = self._recomputed.value(figure, self._changed(figure.spec, changes), reading(changes))
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
