"""How long it takes to find what was done otherwise: random 2-2-2 problems with printed values of two early rounds."""

from functools import partial
from math import ceil
from statistics import median

from bptui.explain.calculation.torch_values import TorchValues
from bptui.explain.search.evidence import Evidence
from bptui.explain.search.search import MAX_CHANGES
from tests.bench.table import Benchmark, Measured, Numbers, seconds
from tests.misprints import Misprint, explain_figures, misprint

ONE_CHANGE, TWO_CHANGES, AUDITS = 20, 10, 20  # cases
_SECONDS = {1: 1.0, 2: 6.0}  # that a search for so many changes may take
_AUDIT_SECONDS = 0.05


def audit(part: float) -> Numbers:
    """Audits of problems with one thing done otherwise."""
    two, deep = (_time_audits(size, ceil(part * AUDITS)) for size in ((2, 2, 2), (4, 4, 4, 4)))
    return {
        "median": Measured(median(two), target=_AUDIT_SECONDS),
        "slowest": Measured(max(two)),
        "4-4-4-4": Measured(median(deep), target=_AUDIT_SECONDS),
    }


def _time_audits(size: tuple[int, ...], cases: int) -> list[float]:
    found = [misprint(seed, 1, size).figures for seed in range(cases)]
    return [seconds(partial(Evidence, figures, TorchValues())) for figures in found]


def one_change(part: float) -> Numbers:
    """Problems with one thing done otherwise."""
    return _searches(1, ceil(part * ONE_CHANGE))


def two_changes(part: float) -> Numbers:
    """Problems with two things done otherwise, each of which shows."""
    return _searches(2, ceil(part * TWO_CHANGES))


def _searches(changes: int, cases: int) -> Numbers:
    times = [_search(misprint(seed, changes, (2, 2, 2))) for seed in range(cases)]
    return {"median": Measured(median(times), target=_SECONDS[changes]), "slowest": Measured(max(times))}


def _search(case: Misprint) -> float:
    return seconds(partial(explain_figures, case.figures, MAX_CHANGES))


ROWS = (
    Benchmark("audit", "finding where printed values are wrong in themselves", audit),
    Benchmark("one-change", "finding one thing that was done otherwise", one_change),
    Benchmark("two-changes", "finding two things that were done otherwise", two_changes),
)
