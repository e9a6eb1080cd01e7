"""Other optimisers and their forms: which are offered, and which leave the weights as they are."""

from dataclasses import replace

import numpy as np
import pytest

from bptui.core.formulas.optimisers import DESCENT
from bptui.explain.calculation.calculation import Calculation
from bptui.explain.calculation.changes import Change
from bptui.explain.catalogue.optimiser_forms import FORMS
from bptui.explain.catalogue.optimisers import list_decays, list_optimisers, list_penalties
from tests.strategies import problem


def test_gradient_descent_without_weight_decay_has_none() -> None:
    for options in (list_optimisers, list_decays, list_penalties):
        assert list(options(problem())) == []


@pytest.mark.parametrize("optimiser", FORMS)
def test_conventions_leave_the_weights_as_they_are_and_all_else_does_not(optimiser: str) -> None:
    spec = replace(problem(), optimiser=optimiser, step=0.1, weight_decay=0.1)
    count = len(spec.network.parameters)

    def weights(*changes: Change) -> np.ndarray:
        calculation = Calculation(spec, changes)
        return calculation.advance(calculation.start(), 4, 1)[:count]

    right, options = weights(), list(list_optimisers(spec))
    assert {form.name for form in FORMS[optimiser]} <= {change.name for change in options}
    for change in (*options, *list_decays(spec), *list_penalties(spec)):
        same = np.allclose(weights(change), right, rtol=1e-12, atol=1e-15)
        assert same == (change.convention or change.kind == "penalty"), change.name


def test_the_biases_are_spoken_of_only_where_there_are_some_that_are_trained() -> None:
    decayed = replace(problem(), weight_decay=0.1)
    assert not any("biases" in change.name for change in (*list_decays(decayed), *list_penalties(decayed)))
    biased = replace(problem(biases="per neuron"), weight_decay=0.1)
    assert "biases not decayed" in [change.name for change in list_decays(biased)]


def test_decoupled_decay_is_the_same_for_gradient_descent_and_not_offered() -> None:
    for optimiser in (DESCENT, "adam"):
        names = [change.name for change in list_decays(replace(problem(), weight_decay=0.1, optimiser=optimiser))]
        assert ("decoupled weight decay" in names) == (optimiser == "adam")


def test_nothing_is_wrong_with_a_loss_and_its_penalty_only_if_its_gradient_is_the_weight_decay_of_all() -> None:
    for biases, right in (
        ("none", "loss with ½·λ·Σw² of the weights"),
        ("per neuron", "loss with ½·λ·Σw² of the weights and biases"),
    ):
        options = list_penalties(replace(problem(biases=biases), weight_decay=0.1))
        assert [one.name for one in options if one.convention] == [right]
