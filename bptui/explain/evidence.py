"""Which printed values match under which changes, and how strong that evidence is.

A printed value's evidence is the number of digits it is off: an error in the last digit says little, since much can
cause it, and a completely different number counts all its digits. A set of changes is believed if it corrects more
digits than it costs, which is about two digits per change.
"""

from collections.abc import Container, Iterable, Sequence
from math import isfinite, log10

from bptui.core.formulas.rounding import NONE
from bptui.core.problem.spec import Spec
from bptui.explain.changes import Change, Reading, apply_changes, make_reading
from bptui.explain.recomputed import Figure, RecomputedValues
from bptui.text.printed import SLACK

_BROKEN_PENALTY = 0.5  # digits of evidence against a set, for every right value that it makes wrong
_TIES = 2.0**-50  # relative: a tie on paper need not be one in doubles
_FLOAT32_DIGITS = 6  # digits up to which float32 needs no last bits

ChangeSet = tuple[Change, ...]


def compute_cost(changes: ChangeSet, used: Container[Change] = ()) -> float:
    """Return how many digits rule out that a set of changes matches by chance; changes in ``used`` are free."""
    return sum(change.weight for change in changes if change not in used)


class Evidence:
    """Printed values and their recomputed values under changes; a printed value is known by its place among them.

    Attributes:
        figures: The printed values.
        all: All their places.
        right: The places of those that match with their problem unchanged.
        wrong: The places of the others.
        blocks: The places by round and problem, the round that is cheapest to reach first.
        near: The ``measure_nearness`` of each wrong one with its problem unchanged.
    """

    def __init__(self, figures: Sequence[Figure]) -> None:
        self.figures = tuple(figures)
        self._recomputed = RecomputedValues(self.figures)
        self._last_applied: tuple[Spec, ChangeSet, Spec] | None = None
        self.blocks = _blocks(self.figures)
        self.all = frozenset(range(len(self.figures)))
        self.right = self.find_matches((), self.all)
        self.wrong = self.all - self.right
        self.near = {place: self.measure_nearness(place, ()) for place in self.wrong}
        self._off = {place: self.measure_digits_off(place) for place in self.wrong}

    @property
    def no_torch(self) -> str:
        """Why torch was needed for last digits but is unavailable; empty if it was not needed, or is available."""
        return self._recomputed.no_torch

    def value(self, place: int, changes: ChangeSet = ()) -> float | None:
        """Return the recomputed value under changes, to the last bit; None if there is no such number."""
        figure = self.figures[place]
        spec, read = self._apply_changes(figure.spec, changes), make_reading(changes)
        if read.slip == (figure.round, figure.name):
            return float(figure.digits.value)
        exact = self._recomputed.compute_by_torch(figure, spec, read) if _needs_torch(figure, spec) else None
        return self._recomputed.value(figure, spec, read) if exact is None else exact

    def find_matches(self, changes: ChangeSet, places: Iterable[int]) -> frozenset[int]:
        """Return those of some places whose printed values match under changes."""
        found, read = set[int](), make_reading(changes)
        for place in places:
            figure = self.figures[place]
            if read.slip == (figure.round, figure.name) or self._matches(
                figure, self._apply_changes(figure.spec, changes), read
            ):
                found.add(place)
        return frozenset(found)

    def _apply_changes(self, spec: Spec, changes: ChangeSet) -> Spec:
        """Return a problem under changes; the last result is cached, as the values of a problem are asked in a row."""
        if self._last_applied is None or self._last_applied[0] is not spec or self._last_applied[1] is not changes:
            self._last_applied = spec, changes, apply_changes(spec, changes)
        return self._last_applied[2]

    def _matches(self, figure: Figure, spec: Spec, read: Reading) -> bool:
        """Whether a printed value matches a calculation."""
        value = self._recomputed.value(figure, spec, read)
        if value is None:
            return False
        if read.misread:
            return figure.digits.agree(value) or figure.digits.is_misprint_of(value, read.misread)
        if not figure.digits.agree(value, self._slack(figure, spec, read, value), read.cut):
            return False
        exact = self._recomputed.compute_by_torch(figure, spec, read) if _needs_torch(figure, spec) else None
        return exact is None or figure.digits.agree(exact, cut=read.cut)

    def _slack(self, figure: Figure, spec: Spec, read: Reading, value: float) -> float:
        """Return by how much a value may be off, relative to it."""
        slack = SLACK[spec.precision] if spec.precision == figure.spec.precision else 0.0
        if read.carried or read.slip or spec.rounding != NONE:
            slack = max(slack, _TIES)
        if read.slip and value:  # the wrong number was carried on with all its digits, not all of which are printed
            moved = [self._recomputed.value(figure, spec, read, nudge) for nudge in (-1.0, 1.0)]
            slack = max(slack, *(abs(v - value) / abs(value) for v in moved if v is not None))
        return slack

    def digits(self, places: Iterable[int]) -> float:
        """Return the evidence of some wrong printed values together, in digits."""
        return sum(self._off[place] for place in places)

    def compute_gain(self, changes: ChangeSet, explains: frozenset[int], of: frozenset[int]) -> float:
        """Return how many digits support a set of changes.

        Args:
            changes: The set.
            explains: The places that match under it.
            of: The places of the wrong printed values that count.
        """
        touched = [places for places in self.blocks if places & explains & of]
        there = {place for places in touched for place in places}
        if any(change.changes_calculation for change in changes):
            specs = {self.figures[place].spec for place in there}
            there = {place for place in self.all if self.figures[place].spec in specs}
        return self.digits(explains & of) - _BROKEN_PENALTY * len((there & self.right) - explains)

    def measure_nearness(self, place: int, changes: ChangeSet) -> float:
        """Return about how many digits are right under changes, from 0 to the number of digits printed."""
        figure = self.figures[place]
        value = self._recomputed.value(figure, self._apply_changes(figure.spec, changes), make_reading(changes))
        digits, stated = figure.digits, float(figure.digits.value)
        if value is None or not isfinite(stated) or not isfinite(value):
            return 0.0
        off = abs(value - stated) / (abs(stated) or 1.0)
        return float(digits.count) if off == 0.0 else min(max(-log10(off), 0.0), float(digits.count))

    def measure_digits_off(self, place: int, changes: ChangeSet = ()) -> float:
        """Return by how many digits a printed value is off under changes."""
        value, digits = self.value(place, changes), self.figures[place].digits
        stated = float(digits.value)
        if value is None or not isfinite(value) or not isfinite(stated) or not digits.half:
            return float(max(digits.count, 1))
        return min(log10(1.0 + abs(value - stated) / digits.half), float(digits.count))


def _needs_torch(figure: Figure, spec: Spec) -> bool:
    """Whether a printed value has digits that only torch's own arithmetic gives."""
    single = spec.precision == figure.spec.precision == "float32"
    return single and figure.engine == "torch" and figure.digits.count > _FLOAT32_DIGITS


def _blocks(figures: Sequence[Figure]) -> tuple[frozenset[int], ...]:
    by_round: dict[object, set[int]] = {}
    for place, figure in enumerate(figures):
        by_round.setdefault((figure.round, figure.spec), set()).add(place)
    return tuple(map(frozenset, sorted(by_round.values(), key=lambda places: figures[min(places)].round)))
