"""The cost of a search: it grows with the rounds, and not with the ways to combine what was done in them."""

import sys
from collections.abc import Iterable, Iterator
from itertools import chain, zip_longest

import pytest

from bptui.explain.calculation.changes import Change
from bptui.explain.calculation.figure import Figure
from bptui.explain.calculation.torch_values import TorchValues
from bptui.explain.catalogue.catalogue import CATALOGUE
from bptui.explain.search.evidence import Evidence
from bptui.explain.search.search import Search
from bptui.explain.search.sheet_search import SheetSearch
from tests.effort import mostly
from tests.misprints import figures_under
from tests.strategies import problem

SPEC = problem((1, 1, 1))
NAMES = ("E", "dE_dw1", "new_w2")


def list_changes() -> list[Change]:
    """Every single change of the catalogue, one of each row before the second of any."""
    rows = [row.options(SPEC) for row in CATALOGUE]
    return [change for change in chain.from_iterable(zip_longest(*rows)) if change is not None]


def calculate_differently(rounds: int) -> tuple[list[Figure], list[Change]]:
    """Return the values of some rounds, each calculated under another change that alters them all, and the changes."""
    figures, made = list[Figure](), list[Change]()
    for change in list_changes()[::3]:
        at = [(len(made) + 1, name) for name in NAMES]
        found, right = (figures_under(SPEC, changes, at, 6) for changes in ([change], []))
        if len(made) < rounds and all(one.printed != other.printed for one, other in zip(found, right, strict=True)):
            figures += found
            made.append(change)
    return figures, made


def count_calls(steps: Iterable[object]) -> Iterator[int]:
    """Yield how many functions are called for each step."""
    calls = 0

    def note(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(note)
    try:
        for _ in steps:
            sys.setprofile(None)
            yield calls
            calls = 0
            sys.setprofile(note)
    finally:
        sys.setprofile(None)


@pytest.mark.parametrize(("rounds", "most"), mostly([(4, 1)], [(4, 1), (8, 2)], 2))
def test_twice_the_rounds_each_calculated_differently_cost_at_most_four_times_as_much(rounds: int, most: int) -> None:
    """Each round is calculated from the first one on."""
    few, many = (list(count_calls(Search(calculate_differently(n)[0], most).run())) for n in (rounds, 2 * rounds))
    assert len(few) < len(many) <= 2.5 * len(few)
    assert sum(few) < sum(many) <= 4 * sum(few)
    assert max(many) <= sum(many) / 50, "a step that takes long cannot be stopped, and shows no progress"


def count_first_grouping(rounds: int) -> int:
    """Return how many functions are called to judge what was done in each of some rounds, and to choose groups."""
    figures, made = calculate_differently(rounds)
    search = SheetSearch(Evidence(figures, TorchValues()), 1)
    count = next(count_calls(search.run([(change,) for change in made])))
    assert len(search.groups) > rounds / 2
    return count


def test_groups_are_chosen_without_all_the_sets_that_combine_them() -> None:
    """There are 2⁸ times as many of 16 changes as of 8. Of twice the changes each is judged in twice the values."""
    few, many = count_first_grouping(8), count_first_grouping(16)
    assert few < many <= 6 * few


def test_what_was_done_in_each_of_many_rounds_is_found_or_said_to_be_unknown() -> None:
    figures, made = calculate_differently(12)
    search = Search(figures, 1)
    for _ in search.run():
        pass
    explanation, named = search.explanation, set[int]()
    for group in explanation.groups:
        assert not group.sure, "the other rounds contradict every one of them"
        changes = {change for one in (group.best, *group.others) for change in one.changes}
        named |= {figures[place].round for place in group.best.resolved if made[figures[place].round - 1] in changes}
    assert len(named) >= len(made) - 1
    accounted = frozenset[int]().union(*(group.best.resolved for group in explanation.groups))
    assert accounted | set(explanation.left) == set(explanation.audit.slips)
