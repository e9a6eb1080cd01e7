"""Steps inside a round: on and back are each other's inverse, and every formula is calculated in exactly one."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.core.formulas.backprop import Formula, list_formulas
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.spec import Spec
from bptui.core.quantities.steps import Place, count_steps, find_latest, step_back, step_on
from tests.effort import examples
from tests.strategies import problem, problems


@examples(40)
@given(problems(), st.booleans())
def test_the_steps_of_a_round_calculate_every_formula_once_and_in_order(spec: Spec, single: bool) -> None:
    network, seen = spec.network, list[Formula]()
    place: Place = (1, 0)
    while place != (1, len(list_formulas(network))):
        place = step_on(network, place, single)
        step = find_latest(network, place[1], single)
        assert step and (len(step) == 1 if single else len({f.phase for f in step}) == 1)
        seen += step
    assert tuple(seen) == list_formulas(network)


@examples(40)
@given(problems(), st.booleans(), st.integers(1, 60))
def test_a_step_back_undoes_a_step_on_however_far_it_went(spec: Spec, single: bool, count: int) -> None:
    places: list[Place] = [(1, 0)]
    for _ in range(count):
        places.append(step_on(spec.network, places[-1], single))
    for before, after in pairwise(places):
        assert step_back(spec.network, after, single) == before


@pytest.mark.parametrize("biases", ["none", "per neuron"])
def test_a_round_has_eight_steps_or_as_many_as_it_has_quantities(biases: str) -> None:
    network = problem(biases=biases).network
    assert count_steps(network, None, single=False) == (len(network.phases), len(network.phases))
    assert count_steps(network, 3, single=True) == (3, len(list_formulas(network)))
    assert count_steps(network, 0, single=False) == (0, 8) and find_latest(network, 0, single=False) == ()


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_that_updates_before_the_hidden_step_has_a_step_more(rule: str) -> None:
    network = problem(gradient=rule).network
    phases = list(network.phases)
    if RULES[rule].updates_first:
        phases.insert(phases.index("hidden deltas"), "update")
    place: Place = (1, 0)
    seen = list[str]()
    while place != (1, len(list_formulas(network))):
        place = step_on(network, place, single=False)
        seen.append(find_latest(network, place[1], single=False)[0].phase)
    assert seen == phases and count_steps(network, None, single=False) == (len(phases), len(phases))


def test_in_the_middle_of_a_phase_a_coarse_step_finishes_it() -> None:
    network = problem().network
    assert step_on(network, (3, 2), single=False) == (3, 4)
    assert step_back(network, (3, 6), single=False) == (3, 4)
    assert find_latest(network, 2, single=False) == list_formulas(network)[:2]
