"""Groups of printed values, each with the set of changes that is believed to explain it.

A single set under which everything matches is preferred. If there is none, or several smaller sets together do as well,
this is a greedy cover by evidence: the best supported set first, then the best for the rest. A change that was already
used is free.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass

from bptui.explain.changes import Change
from bptui.explain.evidence import ChangeSet, Evidence, compute_cost

Pool = Mapping[ChangeSet, frozenset[int]]  # what matches under each set that explains something


@dataclass(frozen=True)
class Candidate:
    """A set of changes, and the places of the printed values that match under it."""

    changes: ChangeSet
    explains: frozenset[int]


@dataclass(frozen=True)
class Group:
    """Printed values that one set of changes corrects.

    Attributes:
        best: The set.
        figures: The places of the printed values that need it.
        values: Their recomputed values under it.
        others: Other sets of no more changes that correct the same values.
        sure: Whether there is enough evidence to believe it.
    """

    best: Candidate
    figures: tuple[int, ...]
    values: tuple[float | None, ...]
    others: tuple[Candidate, ...]
    sure: bool


def group_figures(evidence: Evidence, pool: Pool, sure: bool) -> tuple[Group, ...]:
    """Return the groups that explain the wrong printed values, as far as possible.

    Args:
        evidence: The printed values.
        pool: The sets found so far.
        sure: Whether to accept only believable sets; otherwise also those that would do for a value of few digits.
    """
    complete = [changes for changes, explains in pool.items() if explains == evidence.all]
    whole = min(complete, key=lambda changes: (len(changes), compute_cost(changes)), default=None)
    if whole and _is_believable(evidence, pool, whole, evidence.wrong, ()):
        return (_make_group(evidence, pool, whole, evidence.wrong, sure=True),)
    groups = _choose_groups(evidence, pool, sure)
    used = {change for group in groups for change in group.best.changes}
    if whole and not sure and used >= set(whole) and evidence.wrong == {p for group in groups for p in group.figures}:
        return (_make_group(evidence, pool, whole, evidence.wrong, sure=any(group.sure for group in groups)),)
    return tuple(sorted(groups, key=lambda group: group.figures))


def _choose_groups(evidence: Evidence, pool: Pool, sure: bool) -> list[Group]:
    """Choose sets one after the other, the best supported first."""
    groups, left, used, rest = list[Group](), evidence.wrong, set[Change](), dict(pool)
    while left and rest:
        best = max(rest, key=lambda changes: _rank(evidence, pool, changes, left, used))
        puts_right = pool[best] & left
        believed = _is_believable(evidence, pool, best, left, used)
        if not believed and (sure or not puts_right or compute_cost(best, used) > Change.weight):
            del rest[best]
            continue
        used.update(best if believed else ())
        groups.append(_make_group(evidence, pool, best, puts_right, believed))
        left -= puts_right
    return groups


def _is_believable(
    evidence: Evidence, pool: Pool, changes: ChangeSet, left: frozenset[int], used: Container[Change]
) -> bool:
    """Whether a set has more evidence than it costs, and so has each of its changes beside the others."""
    puts_right = pool[changes] & left
    if evidence.compute_gain(changes, pool[changes], left) <= compute_cost(changes, used):
        return False
    for change in changes if len(changes) > 1 else ():
        without = tuple(other for other in changes if other != change)
        if sum(evidence.measure_digits_off(place, without) for place in puts_right) <= change.weight:
            return False
    return True


def _rank(
    evidence: Evidence, pool: Pool, changes: ChangeSet, left: frozenset[int], used: Container[Change]
) -> tuple[float, ...]:
    """Return a set's evidence less its cost; then what it explains, and what its changes explain alone."""
    explains = pool[changes]
    alone = evidence.digits({place for change in changes for place in pool.get((change,), ())} & left)
    return (
        evidence.compute_gain(changes, explains, left) - compute_cost(changes, used),
        len(explains & left),
        alone,
        len(explains),
    )


def _make_group(evidence: Evidence, pool: Pool, changes: ChangeSet, puts_right: frozenset[int], sure: bool) -> Group:
    """Make a group, with its alternatives in order: those that explain most first."""
    others = [
        Candidate(other, explains)
        for other, explains in pool.items()
        if other != changes
        and explains >= puts_right
        and len(other) <= len(changes)
        and compute_cost(other) <= compute_cost(changes) + 1
    ]
    others.sort(key=lambda candidate: (-len(candidate.explains), compute_cost(candidate.changes)))
    in_order = tuple(sorted(puts_right))
    values = tuple(evidence.value(place, changes) for place in in_order)
    return Group(Candidate(changes, pool[changes]), in_order, values, tuple(others), sure)
