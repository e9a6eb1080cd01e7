"""What sets of changes do to the audit of one sheet: which slips they account for, and what they break.

A sheet is all printed values of one problem and one engine. A value's evidence is the number of digits it is off: an
error in the last digit says little, since much can cause it, and a completely different number counts all its digits.
What only follows from a slip is no evidence, because the audit goes on from the slip whatever its cause.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from functools import cached_property
from math import isfinite, log10

import numpy as np

from bptui.check.side import Side, find_slack
from bptui.core.engines.program import run_lines
from bptui.core.quantities.printable import compute_values, list_printable
from bptui.explain.audit.audit import audit_figures
from bptui.explain.audit.finding import FOLLOWS, RIGHT, ROUNDED, WRONG, Audit, Finding
from bptui.explain.audit.precision import find_unsure_places
from bptui.explain.calculation.calculation import Calculation
from bptui.explain.calculation.changes import ChangeSet, make_reading
from bptui.explain.calculation.figure import Figure
from bptui.explain.calculation.torch_values import TorchValues
from bptui.explain.search.quick_look import QuickLook
from bptui.explain.search.sheet_numbers import SheetNumbers
from bptui.record import record

_CACHED = 512  # audits that are kept
_NEARLY_ALL = 0.9  # of the values of a sheet
_SIGN = log10(2)  # digits that a sign is


@record
class Candidate:
    """A set of changes, and what becomes of a sheet under it.

    Attributes:
        changes: The set.
        explains: The places that match under it.
        resolved: The places of the slips that are none under it.
        broken: The places of values that are right without it, or follow from an earlier slip, and differ under it;
            and of slips whose numbers it alters, and that still differ.
    """

    changes: ChangeSet
    explains: frozenset[int]
    resolved: frozenset[int]
    broken: frozenset[int] = frozenset()

    def moved(self, places: Sequence[int]) -> "Candidate":
        """Return the same candidate with other places: ``places[p]`` for each p."""
        kinds = (self.explains, self.resolved, self.broken)
        return Candidate(self.changes, *(frozenset(places[p] for p in kind) for kind in kinds))

    def joined(self, other: "Candidate") -> "Candidate":
        """Return the same candidate with another's places as well."""
        return Candidate(
            self.changes, self.explains | other.explains, self.resolved | other.resolved, self.broken | other.broken
        )


class Evidence:
    """The printed values of one sheet, and its audit under sets of changes.

    Attributes:
        figures: The printed values.
        audit: Their audit with nothing changed.
        right: The places of the values that match with nothing changed.
        slips: The places of those that are wrong in themselves.
        quick: Looks at slips under a set of changes, before it is judged.
    """

    def __init__(self, figures: Sequence[Figure], torch: TorchValues) -> None:
        self.figures, self._torch = tuple(figures), torch
        self._audits: OrderedDict[tuple[ChangeSet, bool], Audit] = OrderedDict()
        self._sides: dict[tuple[int, ChangeSet], Side] = {}  # the last one asked for
        self._numbers, self._unsure = SheetNumbers(self.figures), sorted(find_unsure_places(self.figures))
        self.audit = self.audit_under((), lines=True)
        slack = {finding.place: finding.slack for finding in self.audit.findings}
        self.quick = QuickLook(self.figures, self._numbers, torch, slack)
        self.right = frozenset(f.place for f in self.audit.findings if f.own_matches)
        self.slips = frozenset(self.audit.slips)
        self.off = {place: self._measure_digits_off(place) for place in self.slips}

    def audit_under(self, changes: ChangeSet, lines: bool = False) -> Audit:
        """Return the audit under a set of changes; the lines by which its slips are calculated only if asked for."""
        if not lines and (changes, True) in self._audits:
            return self._audits[changes, True]
        key = changes, lines
        if key not in self._audits:
            own = self._numbers.calculate_by_torch(self._torch, changes)
            self._audits[key] = audit_figures(self.figures, changes, own, self._find_slack(changes), lines)
            if len(self._audits) > _CACHED:
                self._audits.popitem(last=False)
        return self._audits[key]

    def _find_slack(self, changes: ChangeSet) -> dict[int, float]:
        """Return by how much the last digits of values may be off where another order may change them, by place."""
        found: dict[int, float] = {}
        for place in self._unsure:
            figure = self.figures[place]
            side = self._make_side(figure.round, changes)
            if figure.name in list_printable(side.network):
                found[place] = find_slack(side, figure.name, figure.digits)
        return found

    @cached_property
    def rounds(self) -> tuple[int, ...]:
        """The rounds that have slips, in order."""
        return tuple(sorted({self.figures[place].round for place in self.slips}))

    def sort(self, places: Iterable[int]) -> tuple[int, ...]:
        """Return places of one round in order of calculation."""
        return tuple(sorted(places, key=self._numbers.find_step))

    def judge(self, changes: ChangeSet) -> Candidate:
        """Return what a set of changes accounts for, and what it breaks.

        A slip under a convention may stay one, if it comes nearer; so may one beside which nearly all else matches.
        """
        before, after = self.audit.findings, self.audit_under(changes).findings
        explains = frozenset(f.place for f in after if f.status in (RIGHT, ROUNDED))
        strict = not all(change.convention for change in changes)
        strict = strict and len(explains) < _NEARLY_ALL * len(self.figures)
        resolved = frozenset(p for p in self.slips if after[p].status in (RIGHT, ROUNDED, FOLLOWS))
        broken = frozenset(
            f.place
            for f in after
            if (f.status == WRONG and (before[f.place].status != WRONG or self._is_moved(before[f.place], f, strict)))
            or (before[f.place].status == RIGHT and f.status not in (RIGHT, FOLLOWS))
        )
        return Candidate(changes, explains, resolved, broken)

    def is_of_other_rounds(self, candidate: Candidate) -> bool:
        """Whether a set accounts for slips, and breaks only values of rounds that have none of these."""
        rounds = [{self.figures[place].round for place in places} for places in (candidate.resolved, candidate.broken)]
        return bool(rounds[0]) and not rounds[0] & rounds[1]

    def _is_moved(self, before: Finding, after: Finding, strict: bool) -> bool:
        """Whether a wrong value should be another number after all, by more than its digits say."""
        if before.value is None or after.value is None:
            return before.value is not after.value
        digits = self.figures[before.place].digits
        was, now = (abs(value - float(digits.value)) for value in (before.value, after.value))
        return not abs(after.value - before.value) <= 2.0 * digits.half and (strict or not now < was)

    @property
    def recomputed(self) -> dict[int, float | None]:
        """The recomputed value of each place with nothing changed."""
        return {finding.place: finding.own for finding in self.audit.findings}

    def values_in_round(self, round_: int, changes: ChangeSet = ()) -> dict[str, float]:
        """Return everything that may be printed for a round, calculated under a set of changes."""
        side, scale = self._make_side(round_, changes), make_reading(changes).scale
        found = compute_values(side.network, list_printable(side.network), side.values)
        return {name: float(value) * scale(name) for name, value in found.items()}

    @np.errstate(all="ignore")
    def _make_side(self, round_: int, changes: ChangeSet) -> Side:
        """Return all numbers of a round under a set of changes."""
        if (round_, changes) not in self._sides:
            calculation = Calculation(self.figures[0].spec, changes)
            at = max(round_ + calculation.reading.shift, 1)
            values = calculation.given(calculation.advance(calculation.start(), at - 1, 1), at)
            run_lines(calculation.lines(at, own=True), values)
            self._sides = {
                (round_, changes): Side("numpy", calculation.network_of(at), values, calculation.spec.precision)
            }
        return self._sides[round_, changes]

    def digits(self, places: Iterable[int]) -> float:
        """Return the evidence of some slips together, in digits."""
        return sum(self.off[place] for place in places)

    def _measure_digits_off(self, place: int) -> float:
        """Return by how many digits a slip is off."""
        value, digits = self.audit.findings[place].value, self.figures[place].digits
        stated = float(digits.value)
        if value is None or not isfinite(value) or not isfinite(stated) or not digits.half:
            return float(max(digits.count, 1))
        most = max(digits.count, 1) + (_SIGN if value * stated < 0 else 0.0)
        return min(log10(1.0 + abs(value - stated) / digits.half), most)
