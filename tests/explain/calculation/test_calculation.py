"""A calculation under changes: its rounds, to the last bit, and what edits of single steps make of them."""

from dataclasses import replace
from itertools import product as tuples
from math import isfinite

import numpy as np
import pytest

from bptui.core.engines.engine import NumpyEngine
from bptui.core.formulas.expr import Name, Number, product
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.spec import Spec
from bptui.core.quantities.printable import list_printable
from bptui.core.training.run import Run
from bptui.explain.calculation.calculation import Calculation
from bptui.explain.calculation.changes import Change, ChangeSet
from tests.strategies import problem

SPEC = problem(biases="per neuron")
LINE = Spec.from_table(  # everything can be worked out by hand: in = w1·x, o = w2·w1·x, E = ½o²
    {
        "network": {
            "inputs": [1.0],
            "targets": [0.0],
            "hidden": 1,
            "weights": [0.5, 0.5],
            "activation": {"hidden": "identity", "output": "identity"},
        },
        "training": {"step": 1.0},
    }
)


def rule(name: str) -> Change:
    return Change("gradient rule", name, "", (("gradient", name),))


def values_of(spec: Spec, round_: int, changes: ChangeSet = ()) -> dict[str, float]:
    """All numbers of a round, calculated step by step from the first round on."""
    calculation, found = Calculation(spec, changes), dict[str, float]()
    with np.errstate(all="ignore"):
        state = calculation.advance(calculation.start(), round_ - 1, 1)
        found = calculation.given(state, round_)
        for step in calculation.steps(round_):
            found[step.name] = step.compute_own(found)
    return {name: float(value) for name, value in found.items()}


@pytest.mark.parametrize("round_", [1, 2, 7])
@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("rounding", ["none", "4 digits"])
def test_a_quantity_is_that_of_the_engine_to_the_last_bit(precision: str, round_: int, rounding: str) -> None:
    spec = replace(SPEC, precision=precision, rounding=rounding)
    run = Run(NumpyEngine(spec))
    run.train_to(round_)
    found = values_of(spec, round_)
    assert {name: found[name] for name in run.values(round_)} == run.values(round_)


def test_a_state_of_many_ways_advances_each_as_if_it_were_alone() -> None:
    calculation = Calculation(SPEC)
    ways = np.stack([calculation.start(), calculation.start() * 1.5, -calculation.start()], axis=1)
    together = calculation.advance(ways, 3, 1)
    for way, state in enumerate(ways.T):
        assert np.allclose(together[:, way], calculation.advance(state, 3, 1), rtol=1e-13, atol=0)


def test_an_edit_alters_its_step_and_what_follows_and_nothing_before_it() -> None:
    """By hand: o1 = 0.25 is replaced by 2·in_o1 = 0.5, so δ = 0.5 and new w2 = 0.5 − 0.5·0.5 = 0.25."""
    edited = Change("formula", "", "", edits=(("o1", product(Number(2.0), Name("in_o1"))),))
    plain, found = values_of(LINE, 1), values_of(LINE, 1, (edited,))
    assert (plain["o1"], plain["new_w2"]) == (0.25, 0.375)
    assert [found[name] for name in ("in_h1", "in_o1", "o1", "delta_o1", "new_w2")] == [0.5, 0.25, 0.5, 0.5, 0.25]
    assert values_of(LINE, 2, (edited,))["h1"] == 0.25


def test_an_edit_may_be_made_in_some_rounds_only() -> None:
    edited = Change("formula", "", "", edits=(("o1", Number(0.0)),), rounds=(2,))
    assert values_of(LINE, 1, (edited,)) == values_of(LINE, 1)
    assert values_of(LINE, 2, (edited,))["o1"] == 0.0
    third = values_of(LINE, 3, (edited,))
    assert third["w2"] == values_of(LINE, 2)["w2"]
    assert third["o1"] != 0.0


def test_rounds_that_are_advanced_through_are_those_calculated_one_by_one() -> None:
    edits = Change("formula", "", "", edits=(("h1", Name("in_h1")),), rounds=(2, 3))
    for changes in ((), (edits,), (rule("updated weights"),), (rule("raw error"), rule("updated weights"))):
        calculation = Calculation(SPEC, changes)
        state = calculation.start()
        for round_ in range(1, 5):
            values = calculation.given(state, round_)
            for step in calculation.steps(round_):
                values[step.name] = step.compute_own(values)
            state = calculation.next_state(values, state)
        assert np.allclose(state, calculation.advance(calculation.start(), 4, 1), rtol=1e-13, atol=0)


def test_of_two_gradient_rules_each_departure_from_the_chain_rule_is_made() -> None:
    """The forgotten derivative is in the output deltas, the updated weights in what comes back from them."""
    both = values_of(SPEC, 1, (rule("output derivative forgotten"), rule("updated weights")))
    raw, updated = (values_of(SPEC, 1, (rule(name),)) for name in ("output derivative forgotten", "updated weights"))
    assert both["delta_o1"] == pytest.approx(raw["delta_o1"], rel=1e-12) != updated["delta_o1"]
    by_hand = sum(both[f"delta_o{n}"] * both[f"new_w{4 + n}"] for n in (1, 2))
    assert both["dE_dh1"] == pytest.approx(by_hand, rel=1e-14)


@pytest.mark.parametrize("name", [name for name in RULES if name != "chain rule"])
def test_a_gradient_rule_twice_is_that_rule(name: str) -> None:
    spec = replace(SPEC, gradient=name)
    calculation, plain = Calculation(SPEC, (rule(name),)), Calculation(spec)
    assert calculation.steps(1) == plain.steps(1)


def test_what_an_edit_uses_exists_or_the_calculation_is_impossible() -> None:
    def using(name: str) -> Calculation:
        return Calculation(SPEC, (Change("formula", "", "", edits=(("o1", Name(name)),)),))

    assert all(using(name).is_possible for name in ("x1", "y1", "w1", "b_h1", "eta", "h1"))
    assert not using("do1_din_o1").is_possible  # which is made of o1
    assert not using("h9").is_possible and not using("dE_dw99").is_possible
    assert Calculation(SPEC).is_possible


def test_all_that_may_be_printed_for_a_round_is_among_its_steps_or_calculated_from_them() -> None:
    for biases, size in tuples(("none", "frozen", "shared"), ((1, 1, 1), (2, 3, 2))):
        spec = problem(size, biases=biases)
        known, found = list_printable(spec.network), values_of(spec, 2)
        assert all(isfinite(value) for value in found.values())
        assert set(known) - set(found) <= {name for name, expr in known.items() if isinstance(expr, Name)} | {
            name for name in known if name.startswith(("change_", "d"))
        }
