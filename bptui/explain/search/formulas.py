"""The wrong ways to write the formulas that a slip may come from."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bptui.core.formulas.expr import find_names
from bptui.core.formulas.names import split_sample, updated
from bptui.core.formulas.network import Network
from bptui.explain.audit.finding import FOLLOWS, WRONG
from bptui.explain.calculation.calculation import Calculation
from bptui.explain.calculation.changes import Change, ChangeSet
from bptui.explain.calculation.figure import Figure
from bptui.explain.calculation.steps import Step
from bptui.explain.catalogue.variants import list_variants
from bptui.explain.search.evidence import Evidence

_MOST_ROUNDS = 20  # the last round for which a formula of an earlier round is searched as well
_LATEST = 100  # the last round for which formulas are searched: edited rounds are slow
_FAR = 3.0  # digits of evidence that a mistake in a formula of an earlier round needs: there are many


def list_formula_changes(evidence: Evidence, place: int, base: ChangeSet) -> Iterator[Change]:
    """Yield the variants of a slip's formula, and of those of what is not printed before it, in earlier rounds too.

    None takes the number of a slip, or one that follows from it, for the right one: both may be wrong by one cause.

    Args:
        evidence: The sheet.
        place: The place of the slip.
        base: What else was done differently.
    """
    figure = evidence.figures[place]
    if figure.round > _LATEST:
        return
    calculation = Calculation(figure.spec, base)
    steps = {step.name: step for step in calculation.steps(figure.round)}
    printed = {other.name for other in evidence.figures if other.round == figure.round}
    cone, unprinted = [figure.name] if figure.name in steps else [], False
    for one in cone:  # it grows on the way
        cone += [part for part in steps[one].operands if part in steps and part not in printed and part not in cone]
        unprinted |= figure.round > 1 and not _are_printed(evidence, figure.round - 1, steps[one].operands)
    doubtful = {
        evidence.figures[p].name
        for p in evidence.audit_under(base).places(WRONG, FOLLOWS)
        if evidence.figures[p].round == figure.round
    }
    for one in cone:
        for change in _list_without(doubtful, figure.network, steps[one]):
            yield replace(change, rounds=(figure.round,)) if _is_of_one_round(figure, one) else change
    if unprinted and figure.round <= _MOST_ROUNDS:
        for one in (name for name in steps if name not in cone and not _is_of_one_round(figure, name)):
            for change in _list_without(doubtful, figure.network, steps[one]):
                yield replace(change, weight=_FAR)


def _list_without(doubtful: set[str], network: Network, step: Step) -> Iterator[Change]:
    """Yield the variants of a step that use none of some numbers besides those that the step itself uses."""
    for change in list_variants(network, step):
        used = {name for _, expr in change.edits for name in find_names(expr)}
        if not doubtful & (used - set(step.operands)):
            yield change


def _is_of_one_round(figure: Figure, name: str) -> bool:
    """Whether a number's formula is another in other rounds: it belongs to a round, and these use other samples."""
    return figure.spec.period > 1 and not split_sample(name)[1]


def _are_printed(evidence: Evidence, round_: int, names: Iterable[str]) -> bool:
    """Whether what some names keep from round to round is printed as it is after a round."""
    wanted = {updated(name) for name in names if name in evidence.figures[0].spec.network.state}
    return wanted <= {figure.name for figure in evidence.figures if figure.round == round_}
