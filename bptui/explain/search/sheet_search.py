"""The search for what accounts for the slips of one sheet.

Sets of changes are looked at quickly where the slips are, and judged by a whole audit only where a slip comes out. A
set that turns a matching value into a differing one is never kept.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, combinations

from bptui.explain.audit.finding import Audit
from bptui.explain.calculation.changes import Change, ChangeSet, are_compatible
from bptui.explain.catalogue.catalogue import CATALOGUE
from bptui.explain.search.deciders import add_decider
from bptui.explain.search.effects import Effects
from bptui.explain.search.evidence import Candidate, Evidence
from bptui.explain.search.formulas import list_formula_changes
from bptui.explain.search.given_numbers import list_solved
from bptui.explain.search.groups import Group, choose_groups
from bptui.explain.search.lone_numbers import explain_lone_numbers
from bptui.explain.search.progress import SearchProgress
from bptui.explain.search.quick_look import Look
from bptui.explain.search.trials import Looks, Trials

_PAIR_ROUNDS = 1000  # the last round whose slips two changes at once are tried on
_ROUNDING_ROUNDS = 1000  # the last round for which results rounded on the way are tried
_SOLVE_ROUNDS = 100  # the last round for which one of two changes is solved for
_PAIR_DIGITS = 3.0  # digits of evidence below which two changes could not be believed
_CHANCE_DIGITS = 2.0  # digits that may be a coincidence of two changes
_ALMOST_ALL = 4  # right values beside a single slip: two changes would not leave them all right
_LEAST_GAIN = 1.5  # digits that a change must come nearer to be reported


@dataclass
class SheetSearch:
    """The search of one sheet, with at most ``most`` changes tried at once.

    Attributes:
        evidence: The sheet and its audit.
        most: How many changes at most are tried at once.
        groups: What was found so far.
        looked: Up to which size all sets were tried.
        nearest: The set that comes nearest to the slips that are left.
    """

    evidence: Evidence
    most: int
    groups: tuple[Group, ...] = ()
    looked: int = 0
    _effects: dict[int, Effects] = field(default_factory=dict)
    _near: tuple[float, ChangeSet] | None = None
    _has_tried_pairs: bool = False

    def __post_init__(self) -> None:
        """Begin without trials."""
        self._trials = Trials(self.evidence)

    @property
    def unexplained(self) -> tuple[int, ...]:
        """The places of the slips that no group accounts for without breaking other rounds."""
        groups = [group for group in self.groups if not group.best.broken]
        return tuple(sorted(self.evidence.slips.difference(*(group.best.resolved for group in groups))))

    @property
    def left(self) -> tuple[int, ...]:
        """The places of the slips that no group accounts for at all."""
        return tuple(sorted(self.evidence.slips.difference(*(group.best.resolved for group in self.groups))))

    @property
    def possible(self) -> int:
        """How many sets would account for all slips that are left, if one could believe them."""
        left = self.left
        return sum(candidate.resolved.issuperset(left) for candidate in self._trials.pool.values()) if left else 0

    @property
    def nearest(self) -> Candidate | None:
        """The set that comes nearest to the slips that are left; None if none comes nearer."""
        return self.evidence.judge(self._near[1]) if self._near and self.unexplained else None

    def run(self, known: Sequence[ChangeSet] = ()) -> Iterator[SearchProgress]:
        """Search, yielding progress; stop iterating to stop.

        Args:
            known: Sets that account for slips of other sheets, tried first.
        """
        if not self.evidence.slips:
            self.looked = self.most
            return
        for changes in known:
            self._trials.judge(changes)
        self._group()
        yield from self._try_singles(())
        yield from self._build_on()
        self.looked = 1
        if self.most > 1 and self.unexplained:
            yield from self._try_pairs()
            yield from self._build_on()
        self.looked = self.most if self._has_tried_pairs or not self.left else 1
        self.finish()

    def finish(self) -> None:
        """Choose groups for the last time, also doubtful ones, and find what would tell their sets apart."""
        self._group(final=True)
        self.groups = tuple(add_decider(self.evidence, group) for group in self.groups)

    @property
    def audit(self) -> Audit:
        """The audit under the conventions that are believed."""
        return self.evidence.audit_under(tuple(change for change in self._believed if change.convention), lines=True)

    def try_conventions(self) -> None:
        """Try the conventions by which nothing is wrong, and any two of them: they belong to the audit."""
        conventions = [change for change in self._singles if change.convention] if self.evidence.slips else []
        if conventions:
            sets = (*((one,) for one in conventions), *combinations(conventions, 2))
            self._trials.try_all(sets, self._wanted(self.evidence.rounds[0]))
        self._trials.tried.clear()  # as single changes they are tried once more, beside all others
        self._group()

    def _group(self, final: bool = False) -> None:
        """Choose groups anew, also with all that is believed made together, where that breaks nothing."""
        self.groups = choose_groups(self.evidence, self._trials.pool, final, self._trials.apart)
        together = self._believed
        if len(self.groups) > 1 and (together, 0) not in self._trials.tried and are_compatible(together):
            self._trials.tried.add((together, 0))
            self._trials.judge(together)
            self.groups = choose_groups(self.evidence, self._trials.pool, final, self._trials.apart)

    @property
    def _believed(self) -> ChangeSet:
        """All changes to the calculation that are believed."""
        sure = [group.best.changes for group in self.groups if group.sure]
        return tuple(dict.fromkeys(c for changes in sure for c in changes if c.kind != "slip"))

    def _wanted(self, round_: int, all_slips: bool = False) -> tuple[int, ...]:
        """Return the slips of a round that no group accounts for, or all, in order of calculation."""
        among = self.evidence.slips if all_slips else self.unexplained
        return self.evidence.sort(place for place in among if self.evidence.figures[place].round == round_)

    def _build_on(self) -> Iterator[SearchProgress]:
        """Try more changes on top of those that are believed, as long as that explains more."""
        while self.unexplained:
            base, before = self._believed, len(self.unexplained)
            if not base or not are_compatible(base):
                return
            yield from self._try_singles(base)
            if len(self.unexplained) >= before:
                return

    # Single changes

    @cached_property
    def _singles(self) -> list[Change]:
        spec = self.evidence.figures[0].spec
        return [change for row in CATALOGUE for change in row.options(spec)]

    def _try_singles(self, base: ChangeSet) -> Iterator[SearchProgress]:
        """Try each single change on top of a set, in the first round also beside what is believed already."""
        for round_ in self.evidence.rounds:
            is_first = not base and round_ == self.evidence.rounds[0]
            if not (wanted := self._wanted(round_, all_slips=is_first)):
                continue
            before, looks = self.evidence.quick.look(base, wanted), Looks()
            for tried, change in enumerate(chain(self._singles, list_solved(self.evidence, wanted, base)), 1):
                if change.kind != "rounding" or round_ <= _ROUNDING_ROUNDS:
                    looks += self._look_at_single(base, change, wanted, before)
                yield SearchProgress(1, min(tried, len(self._singles)), len(self._singles))
            for _ in self._trials.judge_found(looks):
                yield SearchProgress(1, len(self._singles), len(self._singles))
            self._group()
            yield from self._try_formulas(base, self._wanted(round_))
            if not base:
                self._trials.pool |= explain_lone_numbers(self.evidence, wanted)
            self._group()

    def _look_at_single(self, base: ChangeSet, change: Change, wanted: Sequence[int], before: Look) -> Looks:
        """Look at a single change on top of a set, note what it does to the slips, and return it if one comes out."""
        look = self._trials.look_at((*base, change), wanted)
        found = [(look, (*base, change))] if look and look.found else []
        if base or look is None:
            return found
        round_ = self.evidence.figures[wanted[0]].round
        self._effects.setdefault(round_, Effects()).note(change, look, before, wanted[0])
        if change.weight > Change.weight:  # what was solved for comes near whatever was done
            return found
        measure = self.evidence.quick.measure_nearness
        gain = measure(wanted, look.values) - measure(wanted, before.values)
        if gain > (self._near[0] if self._near else _LEAST_GAIN):
            self._near = gain, (change,)
        return found

    def _try_formulas(self, base: ChangeSet, wanted: Sequence[int]) -> Iterator[SearchProgress]:
        """Try wrong ways to write single formulas."""
        several = len({figure.round for figure in self.evidence.figures}) > 1
        for place in wanted:
            figure = self.evidence.figures[place]
            for change in list_formula_changes(self.evidence, place, base):
                changes = (*base, change)
                look = self._trials.try_set(changes, wanted)
                if look is not None and look.found and several and changes not in self._trials.pool:
                    self._trials.try_set((*base, replace(change, rounds=(figure.round,))), wanted)
                yield SearchProgress(1, len(self._singles), len(self._singles))

    # Two changes

    def _try_pairs(self) -> Iterator[SearchProgress]:
        """Try two changes at once, round by round, on the slips that no single change accounts for.

        What does not account for the first slips hardly accounts for later ones, so the first round for which nothing
        is found is the last.
        """
        done = set[int]()
        while rounds := {self.evidence.figures[place].round for place in self.left} - done:
            done.add(round_ := min(rounds))
            yield from self._try_pairs_of(round_)
            if any(self.evidence.figures[place].round == round_ for place in self.left):
                return

    def _try_pairs_of(self, round_: int) -> Iterator[SearchProgress]:
        """Try two changes at once on the slips of a round.

        The first slip of all comes out by one of the two alone, or both alter it; the others need not be tried. A
        number is solved for beside few of them.
        """
        wanted, effects = self._wanted(round_), self._effects.get(round_)
        there = {place for place in self.evidence.right if self.evidence.figures[place].round == round_}
        alone = len(self._wanted(round_, all_slips=True)) == 1 and len(there) >= _ALMOST_ALL
        few = self.evidence.digits(self.evidence.slips) <= _PAIR_DIGITS
        if effects is None or not wanted or alone or few or round_ > _PAIR_ROUNDS:
            return
        yield from self._try_all(effects.list_beside(), effects.resolving, wanted)
        if self._wanted(round_):
            yield from self._try_all(list(combinations(effects.altering_first, 2)), effects.mistakes, wanted)

    def _try_all(
        self, pairs: Sequence[ChangeSet], firsts: Sequence[Change], wanted: Sequence[int]
    ) -> Iterator[SearchProgress]:
        """Try pairs, then each of some changes with what can be solved for beside it."""
        self._has_tried_pairs, count = True, len(pairs) + len(firsts)
        for tried in self._trials.try_pairs(pairs, wanted, _CHANCE_DIGITS):
            yield SearchProgress(2, tried, count)
        early = self.evidence.figures[wanted[0]].round <= _SOLVE_ROUNDS
        for tried, change in enumerate(firsts, len(pairs) + 1):
            if early and change.kind != "rounding":
                beside = [(change, solved) for solved in list_solved(self.evidence, wanted, (change,))]
                for _ in self._trials.try_pairs(beside, wanted, _CHANCE_DIGITS):
                    pass
            yield SearchProgress(2, tried, count)
        self._group()
