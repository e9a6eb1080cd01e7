"""The quick look at many sets at once lets through those under which the slip comes out by a look at each alone."""

from itertools import combinations

import pytest

from bptui.explain.calculation.changes import ChangeSet, are_compatible
from bptui.explain.calculation.figure import Figure
from bptui.explain.calculation.torch_values import TorchValues
from bptui.explain.catalogue.catalogue import CATALOGUE
from bptui.explain.catalogue.settings import make_step_change
from bptui.explain.search.evidence import Evidence
from bptui.explain.search.quick_look import Sieve
from tests.effort import ALL
from tests.misprints import misprint
from tests.strategies import problem


@pytest.mark.parametrize("seed", range(8 if ALL else 2))
def test_a_sieve_lets_through_the_pairs_under_which_the_first_slip_comes_out(seed: int) -> None:
    case = misprint(seed, 2, (2, 2, 2))
    evidence = Evidence(case.figures, TorchValues())
    every = [change for row in CATALOGUE for change in row.options(case.spec)][seed % 3 :: 3]
    pairs = list[ChangeSet](pair for pair in combinations(every, 2) if are_compatible(pair))[::3]
    pairs += [case.changes, *((one, make_step_change(0.1 * n)) for one in every[::9] for n in range(1, 300, 9))]
    pairs = [pair for pair in dict.fromkeys(pairs) if are_compatible(pair)]
    place, quick = evidence.sort(evidence.slips)[0], evidence.quick
    sieve = Sieve(quick, evidence.figures, pairs, place)
    for pair in pairs:
        alone = quick.can_calculate(pair) and place in quick.look(pair, (place,)).found
        assert sieve.lets_through(pair) == alone, pair


def test_of_a_value_of_torchs_every_set_is_looked_at_by_itself() -> None:
    pytest.importorskip("torch")
    evidence = Evidence([Figure(problem((1, 1, 1)), 1, "E", "0.5", "torch")], TorchValues())
    sets = [(make_step_change(0.1 * n),) for n in range(1, 5)]
    sieve = Sieve(evidence.quick, evidence.figures, sets, 0)
    assert [sieve.lets_through(one) for one in sets] == [bool(evidence.quick.look(one, (0,)).found) for one in sets]
