"""Explains slips by what happened to their numbers alone, with the slips of each kind as one candidate."""

from collections.abc import Sequence

from bptui.explain.calculation.changes import Change, ChangeSet
from bptui.explain.catalogue.misprints import list_confusions, list_misprints
from bptui.explain.search.evidence import Candidate, Evidence

_MOST_CONFUSED = 40  # slips that are compared with all other quantities of their rounds


def explain_lone_numbers(evidence: Evidence, wanted: Sequence[int]) -> dict[ChangeSet, Candidate]:
    """Return what may have happened to the numbers of slips alone, with the slips of each kind."""
    found: dict[str, tuple[Change, set[int]]] = {}
    for place in wanted:
        figure, finding = evidence.figures[place], evidence.audit.findings[place]
        values = [value for value in dict.fromkeys((finding.value, finding.own)) if value is not None]
        changes = [change for value in values for change in list_misprints(figure.digits, value)]
        if len(wanted) <= _MOST_CONFUSED:
            there = evidence.values_in_round(figure.round)
            changes += list_confusions(figure.network, figure.name, figure.digits, there)
        for change in changes:
            found.setdefault(change.name, (change, set()))[1].add(place)
    return {(one,): Candidate((one,), evidence.right | places, frozenset(places)) for one, places in found.values()}
