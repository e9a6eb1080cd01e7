"""The search for the smallest sets of changes that reproduce printed values.

It goes from small sets to large ones, and at each size from the round that is cheapest to reach to the most expensive:
what explains a cheap round is then tried on the others. ``Search.run`` is a generator, so that the caller can stop at
any time; ``Search.explanation`` is what was found so far.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from itertools import product as every

from bptui.explain.catalogue import CATALOGUE, CHANGE_KINDS, make_slip_change
from bptui.explain.changes import Change, apply_changes, make_reading
from bptui.explain.evidence import ChangeSet, Evidence, compute_cost
from bptui.explain.groups import Candidate, Group, group_figures
from bptui.explain.limits import MAX_CHANGES, are_compatible, can_solve, has_evidence, is_feasible
from bptui.explain.recomputed import Figure
from bptui.explain.step_solver import solve_steps

_LEAST_GAIN = 1.5  # digits that a change must come nearer to be worth reporting
_CHANCE_DIGITS = 2  # digits that may be a coincidence
# Kinds of change beside which no learning rate is solved for
_NOT_BESIDE_SOLVED = ("step", "slip", "rounding", "carried")


@dataclass(frozen=True)
class SearchProgress:
    """The progress of a search: the size of the sets being tried, how many were tried, and of how many.

    Size 0 is the recomputation of the printed values themselves, which comes first.
    """

    changes: int
    tried: int
    of: int


@dataclass(frozen=True)
class Explanation:
    """What a search has found.

    Attributes:
        figures: The printed values to explain.
        recomputed: The recomputed value of each with its problem unchanged; None if there is no such number.
        right: The places of those that match.
        groups: What corrects the others.
        left: The places of those that nothing tried corrects.
        nearest: The set that comes nearest to those.
        near: Their recomputed values under it.
        possible: How many sets would correct all of those, if one could believe them.
        looked: Up to which size all sets were tried.
        no_torch: Why the last digits of torch's printed values could not be compared; empty if they could.
    """

    figures: tuple[Figure, ...]
    recomputed: tuple[float | None, ...]
    right: frozenset[int]
    groups: tuple[Group, ...]
    left: tuple[int, ...]
    nearest: Candidate | None
    near: tuple[float | None, ...]
    possible: int
    looked: int
    no_torch: str


class Search:
    """A search for what explains printed values, with at most ``most`` changes at once."""

    def __init__(self, figures: Sequence[Figure], most: int = MAX_CHANGES) -> None:
        self._figures = tuple(figures)
        self._most = most
        self._pool: dict[ChangeSet, frozenset[int]] = {}
        self._nearest: tuple[float, ChangeSet] | None = None
        self._groups: tuple[Group, ...] = ()
        self._looked = 0

    @property
    def has_begun(self) -> bool:
        """Whether the printed values were recomputed, so that there is something to report."""
        return "_evidence" in vars(self)

    @cached_property
    def _evidence(self) -> Evidence:
        return Evidence(self._figures)

    @property
    def explanation(self) -> Explanation:
        """What has been found so far."""
        evidence, left = self._evidence, tuple(sorted(self._unexplained))
        nearest, near = None, tuple[float | None, ...]()
        if self._nearest and left:
            changes = self._nearest[1]
            nearest = Candidate(changes, evidence.find_matches(changes, evidence.all))
            near = tuple(evidence.value(place, changes) for place in left)
        values = tuple(map(evidence.value, range(len(evidence.figures))))
        return Explanation(
            figures=evidence.figures,
            recomputed=values,
            right=evidence.right,
            groups=self._groups,
            left=left,
            nearest=nearest,
            near=near,
            possible=sum(explains.issuperset(left) for explains in self._pool.values()) if left else 0,
            looked=self._looked,
            no_torch=evidence.no_torch,
        )

    @property
    def _unexplained(self) -> frozenset[int]:
        """The wrong printed values that no group explains."""
        return self._evidence.wrong - {place for group in self._groups for place in group.figures}

    def run(self) -> Iterator[SearchProgress]:
        """Search, yielding progress; stop iterating to stop."""
        yield SearchProgress(0, 0, 0)
        self._try_slips()
        for size in range(1, self._most + 1):
            if not self._unexplained or (size > 1 and not has_evidence(self._evidence, self._unexplained, size)):
                break
            left_out = False
            for places in self._evidence.blocks:
                if size > 1 and (wanted := places & self._unexplained):
                    yield from self._try_similar(size, places, wanted)
                if not (wanted := places & self._unexplained):
                    continue
                if not is_feasible(self._evidence, places, wanted, size):
                    left_out = True
                    continue
                yield from self._try_all(size, places, wanted)
                self._group()
            self._looked = self._looked if left_out else size
        yield from self._extend()
        self._groups = group_figures(self._evidence, self._pool, sure=False)

    def _try_slips(self) -> None:
        """For each problem, try whether its first wrong value is wrong by itself and the others follow from it."""
        evidence, seen = self._evidence, set[object]()
        for place in sorted(evidence.wrong, key=lambda place: (self._figures[place].round, place)):
            figure = self._figures[place]
            if figure.spec not in seen and len(evidence.wrong) > 1:
                seen.add(figure.spec)
                self._add((make_slip_change(figure.round, figure.name, evidence.digits((place,))),))

    def _options(self, places: Iterable[int], size: int = 1) -> list[list[Change]]:
        """Return the changes of each catalogue row for a block of printed values, for sets of some size."""
        spec = self._evidence.figures[min(places)].spec
        solving = can_solve(self._evidence, places, size)
        return [[] if not solving and row.kind == "rounding" else list(row.options(spec)) for row in CATALOGUE]

    def _try_similar(self, size: int, places: frozenset[int], wanted: frozenset[int]) -> Iterator[SearchProgress]:
        """Try sets that differ in one change from what explains other rounds, such as another learning rate."""
        by_kind = dict(zip(CHANGE_KINDS, self._options(places), strict=True))
        sets = [
            (*group.best.changes[:at], other, *group.best.changes[at + 1 :])
            for group in self._groups
            if len(group.best.changes) == size
            for at, change in enumerate(group.best.changes)
            for other in by_kind[change.kind]
        ]
        for tried, changes in enumerate(sets, 1):
            self._try(changes, places, wanted)
            yield SearchProgress(size, tried, len(sets))
        self._group()

    def _try_all(self, size: int, places: frozenset[int], wanted: frozenset[int]) -> Iterator[SearchProgress]:
        rows = [
            options
            for row, options in zip(CATALOGUE, self._options(places, size), strict=True)
            if size == 1 or not row.alone
        ]
        sets = [changes for chosen in combinations(rows, size) for changes in every(*chosen)]
        for tried, changes in enumerate(sets, 1):
            self._try(changes, places, wanted)
            yield SearchProgress(size, tried, len(sets))
        if size < MAX_CHANGES and can_solve(self._evidence, places, size):
            yield from self._solve_for_steps(size, places, wanted)

    def _solve_for_steps(self, size: int, places: frozenset[int], wanted: frozenset[int]) -> Iterator[SearchProgress]:
        """Try sets with a learning rate that is solved for, in place of a usual one."""
        all_rows = [options for options in self._options(places) if options]
        usual = {change.settings for options in all_rows for change in options if change.kind == "step"}
        rows = [options for options in all_rows if options[0].kind not in _NOT_BESIDE_SOLVED]
        bases = [changes for chosen in combinations(rows, size - 1) for changes in every(*chosen)]
        figures = [self._evidence.figures[place] for place in wanted]
        figures.sort(key=lambda figure: -figure.digits.count)
        for tried, base in enumerate(bases, 1):
            for step in solve_steps(apply_changes(figures[0].spec, base), figures, make_reading(base)):
                if step.settings not in usual:
                    self._try((*base, step), places, wanted)
            yield SearchProgress(size, tried, len(bases))

    def _try(self, changes: ChangeSet, places: frozenset[int], wanted: frozenset[int]) -> None:
        """See what a set of changes explains in one round, and if that is promising, everywhere."""
        evidence = self._evidence
        found = evidence.find_matches(changes, places)
        # a learning rate that is solved for comes near to anything
        if len(changes) == 1 and compute_cost(changes) <= Change.weight:
            near = sum(evidence.measure_nearness(place, changes) - evidence.near[place] for place in wanted)
            if near / len(wanted) > (self._nearest[0] if self._nearest else _LEAST_GAIN):
                self._nearest = near / len(wanted), changes
        if (found & wanted) and (found >= wanted or evidence.digits(found & wanted) > _CHANCE_DIGITS):
            self._add(changes)

    def _add(self, changes: ChangeSet) -> None:
        in_order = tuple(sorted(changes, key=lambda change: CHANGE_KINDS.index(change.kind)))
        if in_order not in self._pool:
            explains = self._evidence.find_matches(in_order, self._evidence.all)
            # a misread number is a single mistake
            if not make_reading(changes).misread or len(explains & self._evidence.wrong) == 1:
                self._pool[in_order] = explains

    def _group(self) -> None:
        """Group what is explained by now, also by the changes of several groups at once if that does as well."""
        self._groups = group_figures(self._evidence, self._pool, sure=True)
        for count in range(2, len(self._groups) + 1):
            for some in combinations(self._groups, count):
                changes = tuple(dict.fromkeys(change for group in some for change in group.best.changes))
                if are_compatible(changes):
                    self._add(changes)
        self._groups = group_figures(self._evidence, self._pool, sure=True)

    def _extend(self) -> Iterator[SearchProgress]:
        """For what is left, try one more change beside those that explain the rest, or beside some of them."""
        used = [group.best.changes for group in self._groups]
        parts = {
            part for changes in used for size in range(1, len(changes) + 1) for part in combinations(changes, size)
        }
        for places in self._evidence.blocks:
            wanted = places & self._unexplained
            singles = [change for options in self._options(places) for change in options] if wanted else []
            sets = [(*part, one) for part in parts for one in singles if are_compatible((*part, one), MAX_CHANGES + 1)]
            for tried, changes in enumerate(sets, 1):
                if self._evidence.find_matches(changes, wanted):
                    self._add(changes)
                yield SearchProgress(len(changes), tried, len(sets))
