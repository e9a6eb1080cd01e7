"""Which further printed value would tell sets of changes apart that account for the same slips."""

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite

from bptui.core.formulas.expr import Name
from bptui.core.quantities.printable import list_printable
from bptui.explain.calculation.changes import ChangeSet
from bptui.explain.search.evidence import Evidence
from bptui.explain.search.groups import Group

_MOST_SETS = 8
_DIGITS = 4  # to which two numbers must differ
_MOST_ROUNDS = 1000  # the last round for which a further value is looked for


def add_decider(evidence: Evidence, group: Group) -> Group:
    """Return a group with the value that would tell its set from the others under which as many values match."""
    alike = [other.changes for other in group.others if len(other.explains) >= len(group.best.explains)]
    first = min(evidence.figures[place].round for place in group.best.resolved)
    if not alike or first > _MOST_ROUNDS:
        return group
    return replace(group, decider=find_decider(evidence, [group.best.changes, *alike], first))


def find_decider(evidence: Evidence, sets: Sequence[ChangeSet], round_: int) -> tuple[int, str] | None:
    """Return the round and name of a value that is not printed and tells the first of some sets from most others.

    Args:
        evidence: The sheet.
        sets: The sets, the most likely first.
        round_: The round of their first slip.

    Returns:
        A value of that round or of the next; None if none tells them apart.
    """
    sets, printed = sets[:_MOST_SETS], {(figure.round, figure.name) for figure in evidence.figures}
    best, most = None, 0
    for one in (round_, round_ + 1):
        values = [evidence.values_in_round(one, changes) for changes in sets]
        for name, expr in list_printable(evidence.figures[0].spec.network_of(one)).items():
            if (one, name) in printed or isinstance(expr, Name):
                continue
            first, *others = (_round(found.get(name)) for found in values)
            count = sum(other != first for other in others)
            if count > most:
                best, most = (one, name), count
    return best


def _round(value: float | None) -> str:
    return f"{value:.{_DIGITS - 1}e}" if value is not None and isfinite(value) else ""
