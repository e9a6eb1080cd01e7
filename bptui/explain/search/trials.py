"""Trials of sets of changes: a quick look first, an audit where a slip comes out, and what stood it."""

from collections.abc import Sequence

from bptui.explain.calculation.changes import ChangeSet, are_compatible
from bptui.explain.catalogue.catalogue import CHANGE_KINDS
from bptui.explain.search.evidence import Evidence, Look
from bptui.explain.search.groups import Pool

_ORDER = {kind: place for place, kind in enumerate(CHANGE_KINDS)}


class Trials:
    """The sets of changes that were tried on a sheet.

    Attributes:
        pool: Those that account for slips and break nothing.
        apart: Those that account for slips and break values of other rounds: theirs was another calculation.
        tried: All, with the round whose slips were looked at; 0 for those that were judged at once.
    """

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self.pool: Pool = {}
        self.apart: Pool = {}
        self.tried: set[tuple[ChangeSet, int]] = set()

    def try_set(self, changes: ChangeSet, wanted: Sequence[int], least: float = 0.0) -> Look | None:
        """Look at a set, and judge it if slips come out.

        Args:
            changes: The set; of more than one change only the first slip is looked at, before the others.
            wanted: The slips to look at.
            least: The digits of evidence that those must have together, unless they are all.

        Returns:
            What was seen; None if the set was tried before, cannot be, or does not account for the first slip.
        """
        in_order = tuple(sorted(changes, key=lambda change: _ORDER.get(change.kind, len(_ORDER))))
        key = in_order, self._evidence.figures[wanted[0]].round
        if key in self.tried or not are_compatible(in_order):
            return None
        self.tried.add(key)
        if not self._evidence.can_calculate(in_order):
            return None
        if least and not self._evidence.look(in_order, wanted[:1]).found:
            return None
        look = self._evidence.look(in_order, wanted)
        if look.found and (len(look.found) == len(wanted) or self._evidence.digits(look.found) > 2 * least):
            self.judge(in_order)
        return look

    def judge(self, changes: ChangeSet) -> None:
        """Judge a set, and keep it if it accounts for a slip and breaks nothing."""
        candidate = self._evidence.judge(changes)
        if candidate.resolved and not candidate.broken:
            self.pool[changes] = candidate
        elif self._evidence.is_of_other_rounds(candidate):
            self.apart[changes] = candidate
