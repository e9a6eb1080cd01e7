"""Groups of printed values, each with the set of changes that accounts for its slips.

The groups are a greedy cover by evidence: the best supported set first, then the best for the slips that are left. A
change that was already used is free.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from bptui.explain.audit.finding import ROUNDED
from bptui.explain.calculation.changes import ChangeSet
from bptui.explain.search.evidence import Candidate, Evidence
from bptui.record import record

_SLIP_COST = 1.0  # digits of evidence that a mistake in a number alone needs besides
_APART_COST = 1.0  # digits of evidence that a set needs besides which contradicts other rounds
_MOST_DOUBTFUL = 2.0  # what a set may cost that is reported without enough evidence
Pool = dict[ChangeSet, Candidate]  # what was found to account for slips, and breaks nothing


@record
class Group:
    """Printed values that one set of changes corrects.

    Attributes:
        best: The set.
        figures: The places of the printed values that differ without it and match with it, or with which a mistake in
            a single number accounts for them.
        values: Their recomputed values under it.
        others: Other sets that account for the same slips.
        sure: Whether there is enough evidence to believe it.
        decider: The round and name of a value that is not printed and would tell it from the others.
        rounded: The places of those of ``figures`` that match only if numbers were rounded along the way.
    """

    best: Candidate
    figures: tuple[int, ...]
    values: tuple[float | None, ...]
    others: tuple[Candidate, ...]
    sure: bool
    decider: tuple[int, str] | None = None
    rounded: tuple[int, ...] = ()

    def moved(self, places: Sequence[int]) -> "Group":
        """Return the same group with other places: ``places[p]`` for each p."""
        return replace(
            self,
            best=self.best.moved(places),
            figures=tuple(places[p] for p in self.figures),
            others=tuple(other.moved(places) for other in self.others),
            rounded=tuple(places[p] for p in self.rounded),
        )


def compute_cost(changes: ChangeSet, used: Container[object] = ()) -> float:
    """Return how many digits rule out that a set of changes matches by chance; changes in ``used`` are free."""
    return sum(change.weight for change in changes if change not in used)


def choose_groups(
    evidence: Evidence,
    pool: Mapping[ChangeSet, Candidate],
    final: bool,
    apart: Mapping[ChangeSet, Candidate] = MappingProxyType({}),
) -> tuple[Group, ...]:
    """Return the groups that account for the slips, as far as possible.

    Of sets that account for the same slips, the one under which most values match goes first.

    Args:
        evidence: The sheet.
        pool: The sets found so far.
        final: Whether to accept also sets that would do for a slip of few digits; otherwise only believable ones.
        apart: Sets that account for slips and contradict other rounds.
    """
    groups, left, used, rest = list[Group](), evidence.slips, set[object](), dict(pool)
    done = frozenset[int]()
    while left and rest:
        first = max(rest.values(), key=lambda c: _rank(evidence, c, left, used))
        resolved = first.resolved & left
        best = max(
            (c for c in rest.values() if c.resolved >= resolved),
            key=lambda c: (len(c.explains), c.changes[0].kind != "slip", *_rank(evidence, c, left, used)),
        )
        resolved = best.resolved & left
        believed = _is_believable(evidence, pool, best, left, used)
        if not resolved or not (believed or (final and compute_cost(best.changes, used) <= _MOST_DOUBTFUL)):
            del rest[best.changes]
            continue
        used.update(best.changes if believed else ())
        groups.append(_make_group(evidence, pool, best, resolved, done, believed))
        done |= frozenset(groups[-1].figures)
        left -= resolved
    groups += _choose_apart(evidence, apart, left)
    return tuple(sorted(groups, key=lambda group: group.figures))


def _choose_apart(evidence: Evidence, apart: Mapping[ChangeSet, Candidate], left: frozenset[int]) -> list[Group]:
    """Return groups of slips that belong to another calculation than the values of other rounds."""
    groups = list[Group]()
    while left:
        costs = {c.changes: compute_cost(c.changes) + _APART_COST for c in apart.values()}
        found = [c for c in apart.values() if evidence.digits(c.resolved & left) > costs[c.changes]]
        if not found:
            break
        best = max(found, key=lambda c: (*_rank(evidence, c, left, ()), -len(c.broken)))
        resolved = best.resolved & left
        groups.append(_make_group(evidence, apart, replace(best, explains=best.resolved), resolved, frozenset(), False))
        left -= resolved
    return groups


def _is_believable(
    evidence: Evidence,
    pool: Mapping[ChangeSet, Candidate],
    best: Candidate,
    left: frozenset[int],
    used: Container[object],
) -> bool:
    """Whether a set has more evidence than it costs, and so has each of its changes beside the others."""
    resolved = best.resolved & left
    alone = best.changes[0].kind == "slip"
    if alone and best.resolved != evidence.slips:  # where more is wrong, it is not what happened to some numbers alone
        return False
    if evidence.digits(resolved) <= compute_cost(best.changes, used) + _SLIP_COST * alone:
        return False
    for change in best.changes if len(best.changes) > 1 else ():
        fewer = evidence.judge(tuple(other for other in best.changes if other != change))
        if not fewer.broken and evidence.digits(resolved - fewer.resolved) <= change.weight:
            return False
    return True


def _rank(evidence: Evidence, candidate: Candidate, left: frozenset[int], used: Container[object]) -> tuple[float, ...]:
    resolved = candidate.resolved & left
    gain = evidence.digits(resolved) - compute_cost(candidate.changes, used)
    return gain, len(resolved), len(candidate.explains), -len(candidate.changes)


def _make_group(
    evidence: Evidence,
    pool: Mapping[ChangeSet, Candidate],
    best: Candidate,
    resolved: frozenset[int],
    done: frozenset[int],
    sure: bool,
) -> Group:
    """Make a group, with its alternatives in order: those that explain most first."""
    names = [change.name for change in best.changes]
    others = [
        other
        for other in pool.values()
        if [change.name for change in other.changes] != names
        and other.resolved >= resolved
        and len(other.changes) <= len(best.changes)
        and compute_cost(other.changes) <= compute_cost(best.changes) + 1
    ]
    others.sort(key=lambda other: (-len(other.explains), compute_cost(other.changes)))
    alone = best.changes[0].kind == "slip"
    figures = tuple(sorted((resolved if alone else (best.explains - evidence.right) | resolved) - done))
    found = evidence.audit_under(() if alone else best.changes).findings
    values = tuple(found[place].value for place in figures)
    rounded = () if alone else tuple(place for place in figures if found[place].status == ROUNDED)
    return Group(best, figures, values, tuple(others), sure, rounded=rounded)


def merge_groups(groups: Sequence[Group]) -> tuple[Group, ...]:
    """Return groups in order of their values, those of one set of changes, found on several sheets, as one."""
    found: dict[object, Group] = {}
    for group in groups:
        before = found.get(group.best.changes)
        if before is None:
            found[group.best.changes] = group
            continue
        order = sorted(zip((*before.figures, *group.figures), (*before.values, *group.values), strict=True))
        found[group.best.changes] = replace(
            before,
            best=before.best.joined(group.best),
            figures=tuple(place for place, _ in order),
            values=tuple(value for _, value in order),
            others=tuple(o for o in before.others if any(o.changes == other.changes for other in group.others)),
            sure=before.sure or group.sure,
            rounded=tuple(sorted((*before.rounded, *group.rounded))),
        )
    return tuple(sorted(found.values(), key=lambda group: group.figures))
