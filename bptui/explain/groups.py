"""From the sets of changes that explain something to groups of figures, each with the set that is believed of it.

One set under which every figure comes out is what is looked for. Where there is none, or several of less together do as
well, the set goes first for which most speaks, then the one for which most speaks of what is left; a change used once
costs nothing a second time.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass

from bptui.explain.changes import Change
from bptui.explain.evidence import Changes, Evidence, cost

Pool = Mapping[Changes, frozenset[int]]  # what comes out under each set that was found to explain something


@dataclass(frozen=True)
class Candidate:
    """A set of changes, and which of the figures come out under it (by their places)."""

    changes: Changes
    explains: frozenset[int]


@dataclass(frozen=True)
class Group:
    """Figures that one set of changes puts right.

    Attributes:
        best: The set.
        figures: The places of those it is needed for.
        values: What these come to under it.
        others: Other sets of no more changes that put the same figures right.
        sure: Whether the figures say enough to believe it.
    """

    best: Candidate
    figures: tuple[int, ...]
    values: tuple[float | None, ...]
    others: tuple[Candidate, ...]
    sure: bool


def grouped(evidence: Evidence, pool: Pool, sure: bool) -> tuple[Group, ...]:
    """The groups that explain the wrong figures, as far as they can be explained.

    Args:
        evidence: The figures.
        pool: What was found.
        sure: Whether only what can be believed is wanted; else also what would do for a figure of few digits.
    """
    complete = [changes for changes, explains in pool.items() if explains == evidence.all]
    whole = min(complete, key=lambda changes: (len(changes), cost(changes)), default=None)
    if whole and _believed(evidence, pool, whole, evidence.wrong, ()):
        return (_group(evidence, pool, whole, evidence.wrong, sure=True),)
    groups = _by_gain(evidence, pool, sure)
    used = {change for group in groups for change in group.best.changes}
    if whole and not sure and used >= set(whole) and evidence.wrong == {p for group in groups for p in group.figures}:
        return (_group(evidence, pool, whole, evidence.wrong, sure=any(group.sure for group in groups)),)
    return tuple(sorted(groups, key=lambda group: group.figures))


def _by_gain(evidence: Evidence, pool: Pool, sure: bool) -> list[Group]:
    """Groups by one set after the other, the one for which most speaks first."""
    groups, left, used, rest = list[Group](), evidence.wrong, set[Change](), dict(pool)
    while left and rest:
        best = max(rest, key=lambda changes: _rank(evidence, pool, changes, left, used))
        puts_right = pool[best] & left
        believed = _believed(evidence, pool, best, left, used)
        if not believed and (sure or not puts_right or cost(best, used) > Change.weight):
            del rest[best]
            continue
        used.update(best if believed else ())
        groups.append(_group(evidence, pool, best, puts_right, believed))
        left -= puts_right
    return groups


def _believed(evidence: Evidence, pool: Pool, changes: Changes, left: frozenset[int], used: Container[Change]) -> bool:
    """Whether more speaks for a set than it takes to name it, and as much for each of its changes beside the others."""
    puts_right = pool[changes] & left
    if evidence.gain(changes, pool[changes], left) <= cost(changes, used):
        return False
    for change in changes if len(changes) > 1 else ():
        without = tuple(other for other in changes if other != change)
        if sum(evidence.digits_off(place, without) for place in puts_right) <= change.weight:
            return False
    return True


def _rank(
    evidence: Evidence, pool: Pool, changes: Changes, left: frozenset[int], used: Container[Change]
) -> tuple[float, ...]:
    """How much speaks for a set, for what it costs; then, how much its changes explain each alone."""
    explains = pool[changes]
    alone = evidence.digits({place for change in changes for place in pool.get((change,), ())} & left)
    return evidence.gain(changes, explains, left) - cost(changes, used), len(explains & left), alone, len(explains)


def _group(evidence: Evidence, pool: Pool, changes: Changes, puts_right: frozenset[int], sure: bool) -> Group:
    """A group, with the sets that explain it as well; those that explain the most figures first."""
    others = [
        Candidate(other, explains)
        for other, explains in pool.items()
        if other != changes
        and explains >= puts_right
        and len(other) <= len(changes)
        and cost(other) <= cost(changes) + 1
    ]
    others.sort(key=lambda candidate: (-len(candidate.explains), cost(candidate.changes)))
    in_order = tuple(sorted(puts_right))
    values = tuple(evidence.value(place, changes) for place in in_order)
    return Group(Candidate(changes, pool[changes]), in_order, values, tuple(others), sure)
