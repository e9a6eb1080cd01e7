"""Outputs over the plane of two inputs: the numbers of the round itself, each in its place."""

from dataclasses import replace
from math import isfinite

import numpy as np
import pytest

from bptui.core.problem.spec import Spec
from bptui.core.quantities.input_plane import (
    InputPlane,
    TargetPair,
    evaluate_at_samples,
    evaluate_outputs,
    find_plane,
    find_target_pairs,
    list_compared,
)
from bptui.core.training.all_samples import evaluate_all_samples
from bptui.lessons.training import begin_run
from tests.session.test_samples import ONLINE, XOR


def spec_of(inputs: list[list[float]], targets: list[list[float]], **training: object) -> Spec:
    network = {"inputs": inputs, "targets": targets, "hidden": 3, "init": {"kind": "normal", "seed": 4}}
    return Spec.from_table({"network": network, "training": training})


_PARTS = spec_of([[0, 1], [2, -1], [0.3, 0.4]], [[1, 0], [0, 1], [1, 0]], loss="categorical cross entropy")
CASES = {
    "softmax outputs": replace(_PARTS, activation_output="softmax"),
    "xor": XOR,
    "one at a time": ONLINE,
    "float32": replace(XOR, precision="float32"),
    "rounded": replace(XOR, rounding="3 digits"),
    "a mistake": replace(XOR, gradient="updated weights"),
    "softmax": spec_of([[0, 1], [2, -1], [0.3, 0.4]], [[1, 0], [0, 1], [1, 0]], loss="cross entropy"),
    "one sample": spec_of([[0.05, 0.1]], [[0.01, 0.99]]),
    "no hidden layer": replace(XOR, hidden=(), biases_hidden=(), weights=(), init="normal", seed=3),
}


@pytest.mark.parametrize("name", CASES)
def test_at_a_sample_a_value_is_the_rounds_own_to_the_last_bit(name: str) -> None:
    spec = CASES[name]
    run = begin_run(spec)
    run.train_to(20)
    for round_ in (1, 7, 20):
        values, found = (
            evaluate_all_samples(spec, run.state(round_), round_),
            evaluate_at_samples(spec, run.state(round_)),
        )
        for output, numbers in found.items():
            assert numbers.dtype == run.state(1).dtype and len(numbers) == len(spec.inputs)
            for sample, number in enumerate(numbers.tolist(), 1):
                assert number == values[f"{output}_s{sample}" if len(spec.inputs) > 1 else output]


def test_in_a_grid_x1_goes_to_the_right_and_x2_up() -> None:
    x1, x2 = InputPlane(-1.0, 3.0, 10.0, 12.0).make_grid(4, 2)
    assert x1.tolist() == [[-0.5, 0.5, 1.5, 2.5]] * 2
    assert x2.tolist() == [[11.5] * 4, [10.5] * 4]


def test_a_cell_of_the_grid_holds_the_point_that_it_is_the_centre_of() -> None:
    plane = InputPlane(-0.3, 1.3, -2.0, 5.0)
    x1, x2 = plane.make_grid(7, 5)
    for row in range(5):
        for column in range(7):
            assert plane.find_cell((x1[row, column], x2[row, column]), 7, 5) == (column, row)
    assert plane.find_cell((1.3, 5.0), 7, 5) == (6, 0) and plane.find_cell((-0.3, -2.0), 7, 5) == (0, 4)


def test_the_plane_holds_all_samples_with_a_margin_and_ends_that_are_short_to_write() -> None:
    assert find_plane(XOR) == (-0.3, 1.3, -0.3, 1.3)
    assert find_plane(spec_of([[0.13, 5], [2.71, 5]], [[0], [1]])) == (-0.6, 3.4, -1.3, 6.3)


def test_a_single_sample_lies_in_a_plane_with_0_and_1() -> None:
    left, right, bottom, top = find_plane(CASES["one sample"])
    assert left < 0.0 and right > 1.0 and bottom < 0.0 and top > 1.0


@pytest.mark.parametrize("far", [1e308, 1e-320, 5e-324, 1e16])
def test_a_plane_of_extreme_inputs_has_ends_and_a_place_for_each_sample(far: float) -> None:
    plane = find_plane(replace(XOR, inputs=((-far, 0.0), (far, far), (0.0, far), (0.0, 0.0))))
    assert all(map(isfinite, plane)) and plane.left < plane.right and plane.bottom < plane.top
    for inputs in ((-far, 0.0), (far, far)):
        column, row = plane.find_cell(inputs, 10, 10)
        assert 0 <= column < 10 and 0 <= row < 10


def test_values_that_overflow_are_what_they_are() -> None:
    spec = replace(XOR, activation_hidden="identity", activation_output="identity")
    state = begin_run(spec).next_state.copy()
    state[0] = np.inf
    found = evaluate_outputs(spec, state, np.array([1.0, -1.0, 0.0]), np.zeros(3))["o1"]
    assert np.isinf(found[:2]).all() and np.isnan(found[2])


def test_only_two_values_of_the_targets_have_a_boundary_half_way() -> None:
    spec = spec_of([[0, 0], [0, 1], [1, 0]], [[0.1, 0, 0.5], [0.9, 1, 0.5], [0.1, 2, 0.5]])
    assert find_target_pairs(spec) == (TargetPair(0.1, 0.9), None, None)
    assert TargetPair(0.1, 0.9).boundary == 0.5 and TargetPair(-1e308, 1.5e308).boundary == 2.5e307


def test_a_cross_entropy_compares_the_softmax_which_has_sides_where_the_targets_of_each_sample_add_up_to_1() -> None:
    one_hot = CASES["softmax"]
    assert list_compared(one_hot.network) == ("softmax_o1", "softmax_o2")
    assert find_target_pairs(one_hot) == (TargetPair(0.0, 1.0),) * 2
    assert find_target_pairs(replace(one_hot, targets=((1.0, 1.0), (0.0, 1.0), (1.0, 0.0)))) == (None, None)


def test_softmax_outputs_have_sides_themselves_where_the_targets_of_each_sample_sum_to_1() -> None:
    spec = CASES["softmax outputs"]
    assert list_compared(spec.network) == ("o1", "o2")
    assert find_target_pairs(spec) == (TargetPair(0.0, 1.0),) * 2
    assert find_target_pairs(replace(spec, targets=((1.0, 1.0), (0.0, 1.0), (1.0, 0.0)))) == (None, None)
    assert list_compared(replace(spec, loss="cross entropy").network) == ("softmax_o1", "softmax_o2")
