"""Trials of sets of changes: a quick look first, an audit where a slip comes out, and what stood it."""

from collections.abc import Iterable, Iterator, Sequence

from bptui.explain.calculation.changes import ChangeSet, are_compatible
from bptui.explain.catalogue.catalogue import CHANGE_KINDS
from bptui.explain.search.evidence import Candidate, Evidence
from bptui.explain.search.groups import Pool
from bptui.explain.search.quick_look import Look, Sieve
from bptui.system.cores import SharedCalls

_ORDER = {kind: place for place, kind in enumerate(CHANGE_KINDS)}
Looks = list[tuple[Look, ChangeSet]]
Places = tuple[frozenset[int], frozenset[int], frozenset[int]]
"""The places of a candidate: those it explains, resolves and breaks."""


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

    def try_set(self, changes: ChangeSet, wanted: Sequence[int]) -> Look | None:
        """Look at a set as ``look_at`` does, judge it if slips come out, and return what was seen."""
        look = self.look_at(changes, wanted)
        if look and look.found:
            self.judge(_sort(changes))
        return look

    def try_pairs(self, pairs: Sequence[ChangeSet], wanted: Sequence[int], least: float) -> Iterator[int]:
        """Look at pairs of changes: first at the first slip, then at all; judge those with which enough come out.

        Yields how many are done.

        Args:
            pairs: The pairs.
            wanted: The slips to look at.
            least: The digits that those that come out must have twice over together, unless they are all.
        """
        in_order = [_sort(pair) for pair in pairs]
        fresh = dict.fromkeys(pair for pair in in_order if self._is_new(pair, wanted))
        sieve = Sieve(self._evidence.quick, self._evidence.figures, fresh, wanted[0])
        numbers = {pair: number for number, pair in enumerate(sieve.sets)}

        def judge(number: int) -> Places | None:
            return self._judge_pair(sieve, sieve.sets[number], wanted, least)

        with SharedCalls(judge, len(numbers)) as judged:
            for done, pair in enumerate(in_order, 1):
                if pair in numbers and self._is_new(pair, wanted):
                    self.tried.add(self._find_key(pair, wanted))
                    if (places := judged.get(numbers[pair])) is not None:
                        self._keep(Candidate(pair, *places))
                yield min(done + judged.ahead, len(in_order))

    def _judge_pair(self, sieve: Sieve, pair: ChangeSet, wanted: Sequence[int], least: float) -> Places | None:
        """Judge a pair if enough slips come out under it, and return the places of its candidate."""
        if not sieve.lets_through(pair):
            return None
        found = self._evidence.quick.look(pair, wanted).found
        if len(found) < len(wanted) and self._evidence.digits(found) <= 2 * least:
            return None
        candidate = self._evidence.judge(pair)
        return candidate.explains, candidate.resolved, candidate.broken

    def look_at(self, changes: ChangeSet, wanted: Sequence[int]) -> Look | None:
        """Look at a set.

        Args:
            changes: The set.
            wanted: The slips to look at.

        Returns:
            What was seen; None if the set was tried before, or cannot be.
        """
        in_order = _sort(changes)
        if not self._is_new(in_order, wanted):
            return None
        self.tried.add(self._find_key(in_order, wanted))
        return self._evidence.quick.look(in_order, wanted) if self._evidence.quick.can_calculate(in_order) else None

    def _find_key(self, in_order: ChangeSet, wanted: Sequence[int]) -> tuple[ChangeSet, int]:
        return in_order, self._evidence.figures[wanted[0]].round

    def _is_new(self, in_order: ChangeSet, wanted: Sequence[int]) -> bool:
        """Whether a set was not tried before on some slips, and can be made."""
        return self._find_key(in_order, wanted) not in self.tried and are_compatible(in_order)

    def try_all(self, sets: Iterable[ChangeSet], wanted: Sequence[int]) -> None:
        """Look at sets, then judge those with which slips come out."""
        for _ in self.judge_found([(look, one) for one in sets if (look := self.look_at(one, wanted)) and look.found]):
            pass

    def judge_found(self, looks: Looks) -> Iterator[None]:
        """Judge the sets with which slips came out, those with most of them first.

        Where one accounts for all slips of the sheet, sets with which fewer came out are no alternative, and are not
        judged: an audit of a large sheet takes a while.

        Args:
            looks: What was seen of the same slips, and the set under which it was.
        """
        enough = 1
        for look, changes in sorted(looks, key=lambda one: -len(one[0].found)):
            if len(look.found) < enough:
                return
            in_order = _sort(changes)
            self.judge(in_order)
            candidate = self.pool.get(in_order)
            if candidate is not None and candidate.resolved == self._evidence.slips:
                enough = len(look.found)
            yield

    def judge(self, changes: ChangeSet) -> None:
        """Judge a set, and keep it if it accounts for a slip and breaks nothing."""
        self._keep(self._evidence.judge(changes))

    def _keep(self, candidate: Candidate) -> None:
        """Keep a candidate if it accounts for a slip and breaks nothing."""
        if candidate.resolved and not candidate.broken:
            self.pool[candidate.changes] = candidate
        elif self._evidence.is_of_other_rounds(candidate):
            self.apart[candidate.changes] = candidate


def _sort(changes: ChangeSet) -> ChangeSet:
    return tuple(sorted(changes, key=lambda change: _ORDER.get(change.kind, len(_ORDER))))
