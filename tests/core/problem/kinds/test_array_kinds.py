"""Weights as matrices and biases as rows or columns: the same problem however they are written, or a plain refusal."""

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.core.formulas.network import NUMBERINGS
from bptui.core.problem.flags import read_changes
from bptui.core.problem.kinds.array_kinds import BiasList, WeightList, describe_orientation
from bptui.core.problem.spec import Spec, SpecError
from bptui.core.problem.tables import merge_tables
from tests.effort import examples
from tests.strategies import finite_numbers


def problem(sizes: tuple[int, ...], weights: object, numbering: str = "by source", **more: object) -> Spec:
    """A problem of so many inputs, neurons of each hidden layer, and outputs; a hidden layer of 0 is none."""
    inputs, *hidden, outputs = sizes
    network = {
        "inputs": [0.5] * inputs,
        "targets": [0.5] * outputs,
        "hidden": [h for h in hidden if h],
        "weights": weights,
    }
    return Spec.from_table({"network": {**network, "numbering": numbering, **more}})


def fault_of(*of: Any, **more: Any) -> str:
    """The only fault of a problem."""
    with pytest.raises(SpecError) as error:
        problem(*of, **more)
    (fault,) = error.value.faults
    return str(fault)


@examples(100)
@given(st.data(), st.integers(1, 3), st.integers(0, 3), st.integers(1, 3), st.sampled_from(NUMBERINGS))
def test_matrices_are_the_same_problem_as_their_weights_in_the_order_of_the_numbers(
    data: st.DataObject, inputs: int, hidden: int, outputs: int, numbering: str
) -> None:
    gaps = [(inputs, hidden), (hidden, outputs)] if hidden else [(inputs, outputs)]
    shapes = gaps if numbering == "by source" else [gap[::-1] for gap in gaps]
    matrices = [data.draw(st.lists(finite_numbers, min_size=a * b, max_size=a * b)) for a, b in shapes]
    rows = [np.array(matrix).reshape(shape).tolist() for matrix, shape in zip(matrices, shapes, strict=True)]
    flat = problem((inputs, hidden, outputs), [number for matrix in matrices for number in matrix], numbering)
    forms = [rows, f"{rows}", "\n".join(map(str, rows)), "W1 = " + "; W2 = ".join(map(str, rows)).replace(";", "\n")]
    forms += [" ".join(f"tensor({matrix})" for matrix in rows), *([rows[0], str(rows[0])] if not hidden else [])]
    for form in forms:
        assert problem((inputs, hidden, outputs), form, numbering) == flat
        if isinstance(form, str):
            changed = merge_tables(flat.to_table(), read_changes({"weights": form}, [], []))
            assert Spec.from_table(changed) == flat
    assert flat.to_table()["network"]["weights"] == list(flat.weights)


@pytest.mark.parametrize(
    ("sizes", "weights", "numbering", "message"),
    [
        (
            (2, 3, 1),
            [[[1, 2], [3, 4], [5, 6]], [[1], [2], [3]]],
            "by source",
            "into the hidden layer: 3 by 2, but these weights are 2 by 3; if it has a row per neuron, "
            'set numbering to "by destination"',
        ),
        (
            (2, 2, 3),
            "[[1 2] [3 4]] [[1 2 3] [4 5 6]]",
            "by destination",
            "into the outputs: 2 by 3, but these weights are 3 by 2; if it has a row per source, "
            'set numbering to "by source"',
        ),
        (
            (2, 0, 2),
            [[1, 2, 3]],
            "by source",
            "into the outputs: 1 by 3, but these weights are 2 by 2, with a row per source",
        ),
        ((2, 0, 1), [[1, 2, 3]], "by source", "into the outputs: 1 by 3, but these weights are 2 by 1"),
        (
            (2, 2, 2),
            [[1, 2], [3, 4]],
            "by source",
            "1 matrix, but a 2-2-2 network has 2: into the hidden layer and into the outputs",
        ),
        (
            (1, 1, 2, 1),
            [[[1]]],
            "by source",
            "1 matrix, but a 1-1-2-1 network has 3: into hidden layer 1, into hidden layer 2 and into the outputs",
        ),
        ((1, 0, 1), [[[1]], [[2]]], "by source", "2 matrices, but a 1-1 network has 1: into the outputs"),
    ],
)
def test_matrices_of_another_size_are_refused_with_what_may_be_meant(
    sizes: tuple[int, ...], weights: object, numbering: str, message: str
) -> None:
    assert fault_of(sizes, weights, numbering) == f"[network] weights: {message}"


@pytest.mark.parametrize("numbering", NUMBERINGS)
def test_a_row_stands_for_a_column_where_the_order_of_the_numbers_is_the_same(numbering: str) -> None:
    flat = problem((2, 2, 1), [1, 2, 3, 4, 5, 6], numbering)
    for last in ("[5 6]", "[[5], [6]]", "[[5, 6]]"):
        assert problem((2, 2, 1), f"W1 = [[1 2]\n [3 4]]\nW2 = {last}", numbering) == flat


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("[[1, 2], [3, 4]", 'a list with matching brackets; 1 "]" is missing at the end'),
        ([[1, 2], [3]], "rows of equal length; row 1 has length 2, row 2 has length 1"),
        ([[1, 2], 3], "either numbers or rows in a pair of brackets, not both"),
        ([[1, 2], [3, "x"]], "a list of numbers; entry 4 is not a finite number"),
        ("[[1, nan]]", "a list of numbers; entry 2 is not a finite number"),
        ("1, two", "a list of numbers; entry 2 is not a finite number"),
        ("[1, 2], 3", "numbers in brackets; 3 is outside them"),
        ("W2 = [1] W1 = [2]", "matrices in the order of the layers; W1 follows W2"),
        ("W1 = [1] b1 = [2]", "weights only; leave out b1"),
        ([[1] * 5, [2] * 5], "a list of 0 to 8 numbers, not 10"),
        (5, "a list of numbers"),
    ],
)
def test_weights_that_are_no_matrices_are_refused(value: object, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        WeightList(0, 8).check(value)


@pytest.mark.parametrize(
    "value", [[0.1, 0.2], "0.1 0.2", "[0.1 0.2]", [[0.1, 0.2]], [[0.1], [0.2]], "b1 = tensor([0.1000, 0.2000])"]
)
def test_biases_may_be_a_row_or_a_column(value: object) -> None:
    kind = BiasList(0, 8)
    assert kind.check(value) == (0.1, 0.2)
    assert not isinstance(value, str) or kind.check(kind.read(value)) == (0.1, 0.2)


@pytest.mark.parametrize("value", [[[1, 2], [3, 4]], [[[1]]], "[1] [2, 3]", "[[1] [2"])
def test_biases_that_are_neither_are_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"^(a list|rows|numbers)"):
        BiasList(0, 8).check(value)


def test_the_orientation_is_said_in_plain_words() -> None:
    assert [describe_orientation(numbering) for numbering in NUMBERINGS] == ["a row per source", "a row per neuron"]


def test_a_single_bias_may_be_a_number() -> None:
    assert problem((2, 1, 1), [0.1] * 3, biases={"hidden": 0.3, "output": -1}).biases_hidden == (0.3,)
    assert "2" in fault_of((2, 2, 1), [0.1] * 6, biases={"hidden": 0.3})
