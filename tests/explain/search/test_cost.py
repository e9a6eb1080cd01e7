"""The cost of a search: it grows with the rounds, and not with the ways to combine what was done in them."""

from time import process_time

import pytest

from bptui.explain.calculation.changes import Change
from bptui.explain.calculation.figure import Figure
from bptui.explain.catalogue.settings import make_step_change
from bptui.explain.search.search import Search
from tests.effort import mostly
from tests.misprints import figures_under
from tests.strategies import problem

SPEC = problem((1, 1, 1))
NAMES = ("E", "new_w2")
RULES = ("updated weights", "raw error", "hidden derivative forgotten", "sign wrong")


def made_differently(rounds: int) -> list[Figure]:
    """Values of so many rounds, each calculated under another change."""
    changes = [
        Change("gradient rule", rule, "", (("gradient", rule),)) if at % 2 else make_step_change(0.1 * (at + 2))
        for at in range(rounds)
        for rule in [RULES[at // 2 % len(RULES)]]
    ]
    return [
        figure
        for round_, one in enumerate(changes, 1)
        for figure in figures_under(SPEC, [one], [(round_, name) for name in NAMES], 6)
    ]


def measure(rounds: int, most: int) -> tuple[int, float]:
    """How many steps of progress a search makes, and the seconds of processor time that it takes."""
    begun = process_time()
    steps = sum(1 for _ in Search(made_differently(rounds), most).run())
    return steps, process_time() - begun


@pytest.mark.parametrize("most", mostly([1], [1, 2]))
def test_twice_the_rounds_each_calculated_differently_cost_about_twice_as_much(most: int) -> None:
    """The sets that combine what was done in 16 rounds are 2⁸ times those of 8."""
    (few, some_seconds), (many, more_seconds) = measure(8, most), measure(16, most)
    assert few < many < 4 * few
    assert more_seconds < 4 * some_seconds
