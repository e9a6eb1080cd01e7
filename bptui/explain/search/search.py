"""The search for what was done differently: changes that account for the slips the audit found.

Each sheet is searched by itself: single changes of the catalogue and given numbers first, then ways to write single
formulas wrongly and what may happen to a number alone, then two changes at once, and more on top of what was found.
``Search.run`` is a generator, so that the caller can stop at any time; ``Search.explanation`` is what was found so far.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property

from bptui.explain.audit.finding import Audit, Finding
from bptui.explain.calculation.figure import Figure
from bptui.explain.calculation.torch_values import TorchValues
from bptui.explain.search.evidence import Candidate, Evidence
from bptui.explain.search.groups import Group, merge_groups
from bptui.explain.search.progress import SearchProgress
from bptui.explain.search.sheet_search import SheetSearch
from bptui.record import record

MAX_CHANGES = 2  # changes tried at once; more are tried on top of what these explain


@record
class Explanation:
    """What a search has found.

    Attributes:
        figures: The printed values to explain.
        recomputed: The recomputed value of each with its problem unchanged; None if there is no such number.
        right: The places of those that match.
        audit: What the audit says of each.
        groups: What accounts for the slips.
        left: The places of the slips that nothing tried accounts for.
        nearest: The set that comes nearest to those.
        possible: How many sets would account for all of those, if one could believe them.
        looked: Up to which size all sets were tried.
        no_torch: Why the last digits of torch's printed values could not be compared; empty if they could.
    """

    figures: tuple[Figure, ...]
    recomputed: tuple[float | None, ...]
    right: frozenset[int]
    audit: Audit
    groups: tuple[Group, ...]
    left: tuple[int, ...]
    nearest: Candidate | None
    possible: int
    looked: int
    no_torch: str


class Search:
    """A search for what explains printed values, with at most ``most`` changes tried at once."""

    def __init__(self, figures: Sequence[Figure], most: int = MAX_CHANGES) -> None:
        self._figures, self._most = tuple(figures), most
        self._torch = TorchValues()

    @property
    def has_begun(self) -> bool:
        """Whether the printed values were audited, so that there is something to report."""
        return "_sheets" in vars(self)

    @cached_property
    def _sheets(self) -> list[tuple[tuple[int, ...], SheetSearch]]:
        """The places and the search of each sheet, audited."""
        by_sheet: dict[object, list[int]] = {}
        for place, figure in enumerate(self._figures):
            by_sheet.setdefault((figure.spec, figure.engine), []).append(place)
        return [
            (tuple(places), SheetSearch(Evidence([self._figures[p] for p in places], self._torch), self._most))
            for places in by_sheet.values()
        ]

    def run(self) -> Iterator[SearchProgress]:
        """Search, yielding progress; stop iterating to stop."""
        for _, sheet in self._sheets:
            sheet.try_conventions()
        yield SearchProgress(0, 0, 0)
        known = list[Candidate]()
        for _, sheet in self._sheets:
            yield from sheet.run([candidate.changes for candidate in known])
            known += [group.best for group in sheet.groups if group.sure]

    def count_sure(self) -> tuple[int, ...]:
        """Return how many sets of changes are believed on each sheet, and how many slips they leave."""
        return tuple(
            number
            for _, sheet in self._sheets
            for number in (sum(group.sure for group in sheet.groups), len(sheet.unexplained))
        )

    def finish(self) -> None:
        """Choose the groups for the last time, where the search was stopped."""
        for _, sheet in self._sheets:
            sheet.finish()

    @property
    def explanation(self) -> Explanation:
        """What has been found so far."""
        findings, recomputed = list[Finding](), dict[int, float | None]()
        groups, left, right = list[Group](), list[int](), set[int]()
        nearest = None
        for places, sheet in self._sheets:
            evidence = sheet.evidence
            findings += [finding.moved(places) for finding in sheet.audit.findings]
            recomputed |= {places[at]: value for at, value in evidence.recomputed.items()}
            right |= {places[at] for at in evidence.right}
            groups += [group.moved(places) for group in sheet.groups]
            left += [places[at] for at in sheet.left]
            if sheet.nearest is not None and nearest is None:
                nearest = sheet.nearest.moved(places)
        sheets = [sheet for _, sheet in self._sheets if sheet.evidence.slips]
        flows = {sheet.audit.flow for _, sheet in self._sheets}
        return Explanation(
            figures=self._figures,
            recomputed=tuple(recomputed.get(place) for place in range(len(self._figures))),
            right=frozenset(right),
            audit=Audit(tuple(sorted(findings, key=lambda f: f.place)), flows.pop() if len(flows) == 1 else ""),
            groups=merge_groups(groups),
            left=tuple(sorted(left)),
            nearest=nearest if left else None,
            possible=sum(sheet.possible for _, sheet in self._sheets),
            looked=min((sheet.looked for sheet in sheets), default=self._most),
            no_torch=self._torch.missing,
        )
