"""Conventions: other ways to count, to sign and to cut that leave each line right."""

from dataclasses import replace

import pytest

from bptui.explain.calculation.changes import Change, Reading, apply_changes, make_reading
from bptui.explain.calculation.figure import Figure
from bptui.explain.calculation.torch_values import TorchValues
from bptui.explain.catalogue import conventions
from bptui.explain.search.evidence import Evidence
from tests.strategies import problem

SPEC = problem(biases="per neuron")
EVIDENCE = Evidence([Figure(SPEC, 1, "E", "0")], TorchValues())


def test_rounds_may_be_counted_from_0_and_a_value_may_be_of_the_round_before() -> None:
    later, earlier = conventions.list_shifts(SPEC)
    assert (later.convention, earlier.convention) == (True, False)
    assert EVIDENCE.values_in_round(2, (later,)) == EVIDENCE.values_in_round(3)
    assert EVIDENCE.values_in_round(2, (earlier,)) == EVIDENCE.values_in_round(1)


def test_slopes_counted_the_other_way_are_the_same_calculation() -> None:
    (turned,) = conventions.list_turned_signs(SPEC)
    before, after = EVIDENCE.values_in_round(2), EVIDENCE.values_in_round(2, (turned,))
    for name in before:
        sign = -1.0 if name.startswith(("delta_", "dE_d")) else 1.0
        assert after[name] == sign * before[name]


def test_a_bias_may_be_the_weight_of_an_input_of_minus_one_with_its_stated_sign_or_with_the_other() -> None:
    """With the stated number its own and with the other the sum's: what is subtracted is −b."""
    sign, subtracted = conventions.list_bias_signs(SPEC)
    before, by_sign = EVIDENCE.values_in_round(1), EVIDENCE.values_in_round(1, (sign,))
    own = ("dE_db_", "change_b_", "new_b_")
    for name in before:
        assert by_sign[name] == (-1.0 if name.startswith(own) else 1.0) * before[name]
    negated = replace(
        SPEC, biases_hidden=tuple(-b for b in SPEC.biases_hidden), biases_output=tuple(-b for b in SPEC.biases_output)
    )
    assert apply_changes(SPEC, [subtracted]) == negated
    assert make_reading([subtracted]) == Reading(bias_sign=-1.0)
    assert not list(conventions.list_bias_signs(problem()))


@pytest.mark.parametrize(
    ("size", "loss", "factors"),
    [
        ((2, 2, 2), "half squared error", {"squared error": 0.5, "half mean squared error": 2.0}),
        ((2, 2, 2), "squared error", {"half squared error": 2.0, "half mean squared error": 4.0}),
        ((2, 2, 2), "mean squared error", {"half mean squared error": 2.0, "squared error": 0.5}),
        ((2, 2, 1), "squared error", {"half squared error": 2.0}),
        ((2, 2, 2), "binary cross entropy", {}),
    ],
)
def test_a_loss_may_be_printed_as_a_multiple_of_the_one_whose_slopes_are_used(
    size: tuple[int, int, int], loss: str, factors: dict[str, float]
) -> None:
    spec = problem(size, loss=loss)
    options = {change.name: change for change in conventions.list_loss_scales(spec)}
    assert {f"slopes of {name}" for name in factors} <= set(options)
    assert bool(options) == bool(factors)
    evidence = Evidence([Figure(spec, 1, "E", "0")], TorchValues())
    before = evidence.values_in_round(1)
    for name, factor in factors.items():
        after = evidence.values_in_round(1, (options[f"slopes of {name}"],))
        assert after["E"] == pytest.approx(before["E"], rel=1e-14)
        assert before["delta_o1"] == pytest.approx(factor * after["delta_o1"], rel=1e-14)


def test_digits_that_are_cut_off_are_a_reading_alone() -> None:
    (cut,) = conventions.list_cut_digits(SPEC)
    assert make_reading([cut]) == Reading(cut=True) and apply_changes(SPEC, [cut]) == SPEC
    assert isinstance(cut, Change) and cut.convention
