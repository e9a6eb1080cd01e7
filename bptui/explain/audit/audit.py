"""The audit: each printed value recomputed from the printed values before it, so that a slip shows where it was made.

It needs no catalogue. Nobody says whether a sheet goes on with full or with printed digits, so both ways are calculated
side by side, and the values that tell them apart decide. A misprint that the sheet does not go on with is found by what
comes after it.
"""

from collections.abc import Mapping, Sequence

from bptui.explain.audit.finding import FULL, PRINTED, Audit
from bptui.explain.audit.sheet_pass import SheetPass
from bptui.explain.calculation.calculation import Calculation
from bptui.explain.calculation.changes import ChangeSet
from bptui.explain.calculation.figure import Figure

_FEWEST = 5  # values that tell the two ways apart before one of them is decided
_RATIO = 4  # how many of them must speak for it, for each that speaks for the other
_LEANING = 2  # the same where it is only more likely
_MOST_PASSES = 12


def audit_figures(
    figures: Sequence[Figure],
    changes: ChangeSet = (),
    own: Mapping[int, float] | None = None,
    slack: Mapping[int, float] | None = None,
    lines: bool = True,
) -> Audit:
    """Audit printed values, each problem's by themselves.

    Args:
        figures: The printed values.
        changes: What was done differently from what their problems say.
        own: Recomputed numbers of another engine, by place, to compare with instead of the calculation's own.
        slack: By how much the last digits of recomputed numbers may be off, by place.
        lines: Whether to find the line by which each slip is calculated.
    """
    sheets: dict[object, list[int]] = {}
    for place, figure in enumerate(figures):
        sheets.setdefault((figure.spec, figure.engine), []).append(place)
    found = [_audit_sheet(figures, places, changes, own or {}, slack or {}, lines) for places in sheets.values()]
    flows = {audit.flow for audit in found}
    findings = sorted(finding for audit in found for finding in audit.findings)
    return Audit(tuple(findings), flows.pop() if len(flows) == 1 else "")


def _audit_sheet(
    figures: Sequence[Figure],
    places: Sequence[int],
    changes: ChangeSet,
    own: Mapping[int, float],
    slack: Mapping[int, float],
    lines: bool,
) -> Audit:
    """Audit the values of one problem: pass by pass, until the flow is decided and misprints are known."""
    calculation = Calculation(figures[places[0]].spec, changes)
    # a program goes on with all its digits
    flow = FULL if figures[places[0]].engine == "torch" else ""
    leaning, kept, best = flow, frozenset[int](), None
    for _ in range(_MOST_PASSES):
        here = [(place, figures[place]) for place in places]
        one = SheetPass(calculation, here, own, slack, flow, leaning, kept, lines)
        one.run()
        audit = Audit(tuple(one.findings), flow)
        if best is not None and flow == best.flow and len(audit.slips) > len(best.slips):
            break
        best = audit
        decided, leans = _decide_flow(one, _RATIO, _FEWEST), _decide_flow(one, _LEANING, 1)
        if (decided, leans) == (flow, leaning) and one.carries.misprints <= kept:
            break
        flow, leaning, kept = decided or flow, leans or leaning, kept | one.carries.misprints
    assert best is not None
    return best


def _decide_flow(one: SheetPass, ratio: int, fewest: int) -> str:
    """Return which digits a sheet goes on with, if enough values say so."""
    if one.for_full >= max(fewest, ratio * one.for_printed):
        return FULL
    return PRINTED if one.for_printed >= max(fewest, ratio * one.for_full) else ""
