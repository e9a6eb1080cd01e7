"""Biases left out of weighted inputs, and matrices of weights turned in them, in all samples at once."""

from dataclasses import replace

import pytest

from bptui.core.problem.spec import Spec
from bptui.core.quantities.printable import list_printable
from bptui.explain.catalogue.weighted_inputs import list_left_biases, list_turned_weights
from tests.misprints import explain_figures, figures_under
from tests.strategies import problem

XOR = replace(
    problem((2, 2, 1), biases="per neuron"),
    inputs=((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)),
    targets=((0.0,), (1.0,), (1.0,), (0.0,)),
    weights=(0.5, -0.3, 0.2, 0.8, 0.7, -0.4),
    biases_hidden=(0.1, -0.1),
    biases_output=(0.2,),
)


def test_a_layer_or_all_may_have_been_calculated_without_their_biases() -> None:
    assert [change.name for change in list_left_biases(XOR)] == [
        "weighted inputs without bias: the hidden layer",
        "weighted input without bias: the output layer",
        "weighted inputs without bias: all layers",
    ]
    assert list(list_left_biases(problem())) == []
    (hidden,) = list_left_biases(replace(XOR, biases_output=()))
    assert {name for name, _ in hidden.edits} == {f"in_h{n}_s{sample}" for n in (1, 2) for sample in (1, 2, 3, 4)}


def test_only_a_square_matrix_of_weights_may_have_been_turned() -> None:
    assert list(list_turned_weights(problem((1, 2, 1)))) == []
    assert [change.about for change in list_turned_weights(problem((2, 2, 2)))] == [
        "the weight matrix is transposed in the weighted inputs of the hidden layer: rows and columns are swapped",
        "the weight matrix is transposed in the weighted inputs of the output layer: rows and columns are swapped",
        "each weight matrix is transposed in the weighted inputs of all layers: rows and columns are swapped",
    ]
    (deep,) = (change for change in list_turned_weights(problem((2, 2, 2, 1))) if "each" in change.about)
    assert "of hidden layer 1 and hidden layer 2:" in deep.about


@pytest.mark.parametrize("number", range(3))
def test_biases_left_out_in_every_sample_are_one_mistake_and_no_wrong_digits(number: int) -> None:
    _require_found(XOR, [*list_left_biases(XOR)][number].name)


def test_a_matrix_turned_in_every_sample_is_one_mistake_and_not_one_in_each_sum() -> None:
    _require_found(XOR, "weights transposed in the weighted inputs: the hidden layer")


def _require_found(spec: Spec, name: str) -> None:
    (change,) = (one for one in (*list_left_biases(spec), *list_turned_weights(spec)) if one.name == name)
    names = [one for one in list_printable(spec.network) if one.startswith(("in_", "h", "o", "delta_", "dE_d", "new_"))]
    figures = figures_under(spec, [change], [(1, one) for one in names], 4)
    (group,) = explain_figures(figures, 1).groups
    assert group.best.changes == (change,) and group.sure
