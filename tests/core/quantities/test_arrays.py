"""Arrays name each entry's quantity where the matrix form of backpropagation has it."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from numpy.typing import NDArray

from bptui.core.engines.engine import NumpyEngine
from bptui.core.formulas.network import NUMBERINGS, Network
from bptui.core.problem.spec import Spec
from bptui.core.quantities.arrays import NameMatrix, has_orientation, list_arrays, list_given_arrays
from bptui.core.quantities.printable import list_printable
from bptui.core.training.run import Run
from tests.effort import examples
from tests.strategies import network_of, tables


def test_a_row_is_a_source_or_a_neuron_as_the_weights_are_numbered() -> None:
    by_source, by_neuron = (list_arrays(network_of(2, 3, 1, numbering=numbering)) for numbering in NUMBERINGS)
    assert by_source["dE_dW1"] == (("dE_dw1", "dE_dw2", "dE_dw3"), ("dE_dw4", "dE_dw5", "dE_dw6"))
    assert by_neuron["dE_dW1"] == (("dE_dw1", "dE_dw2"), ("dE_dw3", "dE_dw4"), ("dE_dw5", "dE_dw6"))
    assert by_source["new_W2"] == (("new_w7",), ("new_w8",), ("new_w9",))
    assert by_neuron["new_W2"] == (("new_w7", "new_w8", "new_w9"),)
    assert [has_orientation(name, by_source[name]) for name in ("dE_dW1", "dE_dW2", "H1")] == [True, False, False]


@pytest.mark.parametrize("numbering", NUMBERINGS)
def test_the_named_numbers_are_those_of_the_matrix_form(numbering: str) -> None:
    weights = np.random.default_rng(1).normal(size=12)
    network = {"inputs": [0.3, -0.8], "targets": [0.2, 0.9], "hidden": 3, "numbering": numbering}
    biases = {"hidden": [0.1, -0.2, 0.3], "output": [0.4, 0.5]}
    spec = Spec.from_table({"network": {**network, "weights": weights.tolist(), "biases": biases}})
    run = Run(NumpyEngine(spec))
    run.train_to(1)
    values = {**run.given(1), **run.values(1)}

    def numbers(rows: NameMatrix) -> NDArray[Any]:
        return np.array([[float(values[name]) for name in row] for row in rows])

    at = {name: numbers(rows) for name, rows in list_given_arrays(spec.network).items()}
    found = {name: numbers(rows) for name, rows in list_arrays(spec.network).items()}
    turn = np.asarray if numbering == "by source" else np.transpose
    w1, w2, x = turn(at["W1"]), turn(at["W2"]), at["X"]
    h = 1 / (1 + np.exp(-(x @ w1 + at["b1"])))
    o = 1 / (1 + np.exp(-(h @ w2 + at["b2"])))
    d2 = (o - at["Y"]) * o * (1 - o)
    d1 = (d2 @ w2.T) * h * (1 - h)
    expected = {"Z1": x @ w1 + at["b1"], "H1": h, "Z2": h @ w2 + at["b2"], "O": o, "Delta1": d1, "Delta2": d2}
    slopes = {"W1": turn(x.T @ d1), "W2": turn(h.T @ d2), "b1": d1, "b2": d2}
    expected |= {f"dE_d{name}": slope for name, slope in slopes.items()}
    expected |= {f"new_{name}": at[name] - spec.step * slope for name, slope in slopes.items()}
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        np.testing.assert_allclose(found[name], array, rtol=1e-12, err_msg=name)


@pytest.mark.parametrize(
    ("network", "names"),
    [
        (network_of(2, 2), "Z1 O Delta1 dE_dW1 new_W1"),
        (
            network_of(2, 2, 3, 1),
            "Z1 H1 Delta1 Z2 H2 Delta2 Z3 O Delta3 dE_dW1 dE_dW2 dE_dW3 new_W1 new_W2 new_W3",
        ),
    ],
    ids=["no hidden layer", "two"],
)
def test_layers_are_counted_from_the_first_with_neurons(network: Network, names: str) -> None:
    assert list(list_arrays(network)) == names.split()


@examples(60)
@given(tables().map(Spec.from_table))
def test_arrays_hold_printable_numbers_only_each_once(spec: Spec) -> None:
    entries = [name for rows in list_arrays(spec.network).values() for row in rows for name in row]
    assert len(set(entries)) == len(entries) and set(entries) <= set(list_printable(spec.network))
    given_names = [name for rows in list_given_arrays(spec.network).values() for row in rows for name in row]
    assert sorted(given_names) == sorted((*spec.network.inputs, *spec.network.targets, *spec.network.parameters))
