"""The limits of the search: which sets of changes can be tried in reasonable time, and could be believed."""

from collections.abc import Iterable

from bptui.explain.evidence import ChangeSet, Evidence

MAX_CHANGES = 3  # changes at once
_SOLVE_ROUNDS = 100  # the last round for which one of two changes may be a rounding or a learning rate solved for
_PAIR_ROUNDS = 1000  # the last round for which these two are tried at all, and any two changes at once
_TRIPLE_ROUNDS = 20  # the last round for which three changes are tried at once
_ALMOST_ALL = 4  # right values beside a single wrong one: two changes would not leave them all right


def are_compatible(changes: ChangeSet, most: int = MAX_CHANGES) -> bool:
    """Whether changes can be made together."""
    kinds = {change.kind for change in changes}
    return len(kinds) == len(changes) <= most and (len(changes) == 1 or "slip" not in kinds)


def has_evidence(evidence: Evidence, unexplained: Iterable[int], size: int) -> bool:
    """Whether there are enough digits of evidence to tell sets of some size from chance."""
    return evidence.digits(unexplained) > 1 and evidence.digits(evidence.wrong) > 2 * size - 1


def is_feasible(evidence: Evidence, places: frozenset[int], wanted: frozenset[int], size: int) -> bool:
    """Whether sets of some size can be tried on a block of printed values in reasonable time, and could be believed.

    Args:
        evidence: All printed values.
        places: The places of the block.
        wanted: Those of them that are still unexplained.
        size: How many changes at once.
    """
    one_among_many = len(wanted) == 1 and len(places & evidence.right) >= _ALMOST_ALL
    if size == 1 or one_among_many:
        return size == 1
    if size == 2:
        return _round_of(evidence, places) <= _PAIR_ROUNDS
    return _round_of(evidence, places) <= _TRIPLE_ROUNDS and len(evidence.wrong) > 2


def can_solve(evidence: Evidence, places: Iterable[int], size: int) -> bool:
    """Whether a rounding, or a learning rate that is solved for, can be tried on a block in sets of some size."""
    return _round_of(evidence, places) <= (_PAIR_ROUNDS if size == 1 else _SOLVE_ROUNDS)


def _round_of(evidence: Evidence, places: Iterable[int]) -> int:
    return evidence.figures[min(places)].round
