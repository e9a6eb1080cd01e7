"""The wrong ways to write the formulas that a slip may come from."""

from collections.abc import Iterator

from bptui.explain.calculation.calculation import Calculation
from bptui.explain.calculation.changes import Change, ChangeSet
from bptui.explain.catalogue.variants import list_variants
from bptui.explain.search.evidence import Evidence


def list_formula_changes(evidence: Evidence, place: int, base: ChangeSet) -> Iterator[Change]:
    """Yield the variants of a slip's formula, and of those of what is not printed before it.

    Args:
        evidence: The sheet.
        place: The place of the slip.
        base: What else was done differently.
    """
    figure = evidence.figures[place]
    calculation = Calculation(figure.spec, base)
    steps = {step.name: step for step in calculation.steps(figure.round)}
    printed = {other.name for other in evidence.figures if other.round == figure.round}
    cone = [figure.name] if figure.name in steps else []
    for one in cone:  # it grows on the way
        cone += [part for part in steps[one].operands if part in steps and part not in printed and part not in cone]
    for one in cone:
        yield from list_variants(calculation.network, steps[one])
