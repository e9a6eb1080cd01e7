"""Softmax outputs by both engines, against a program of matrices that shares nothing with the package.

Its forward pass takes softmax by logarithms, and its deltas come from the Jacobian as a matrix, for any number of
hidden layers; a few of its slopes are differences of its loss.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from bptui.core.engines.batch import compile_batch
from bptui.core.engines.engine import make_engine
from bptui.core.engines.program import compile_program
from bptui.core.formulas.network import Network
from bptui.core.formulas.samples import count_formulas
from bptui.core.problem.initialisation import make_initial_parameters
from bptui.core.problem.spec import Spec
from tests.strategies import network_of

Array = Any
Loss = tuple[Callable[[Array, Array], float], Callable[[Array, Array], Array]]


def soften(z: Array) -> Array:
    return np.exp(z - np.log(np.exp(z).sum()))


LOSS: dict[str, Loss] = {  # of outputs and targets, and its derivative by the outputs
    "half squared error": (lambda o, y: ((o - y) ** 2).sum() / 2, lambda o, y: o - y),
    "squared error": (lambda o, y: ((o - y) ** 2).sum(), lambda o, y: 2 * (o - y)),
    "half mean squared error": (lambda o, y: ((o - y) ** 2).mean() / 2, lambda o, y: (o - y) / len(o)),
    "mean squared error": (lambda o, y: ((o - y) ** 2).mean(), lambda o, y: 2 * (o - y) / len(o)),
    "cross entropy": (lambda o, y: -(y * np.log(soften(o))).sum(), lambda o, y: soften(o) * y.sum() - y),
    "binary cross entropy": (
        lambda o, y: -(y * np.log(o) + (1 - y) * np.log(1 - o)).sum(),
        lambda o, y: (1 - y) / (1 - o) - y / o,
    ),
    "categorical cross entropy": (lambda o, y: -(y * np.log(o)).sum(), lambda o, y: -y / o),
}
SIZES = ((2, 3), (2, 1), (3, 2, 3), (2, 3, 2, 4), (2, 2, 2, 2, 3))


def compute(x: Array, y: Array, matrices: list[Array], loss: str) -> dict[str, Array]:
    """What a round has, by the names of arrays: outputs, loss, derivatives, deltas and slopes of each layer."""
    of, by_output = LOSS[loss]
    arriving = [x]
    for matrix in matrices[:-1]:
        arriving.append(1 / (1 + np.exp(-(arriving[-1] @ matrix))))
    o = soften(arriving[-1] @ matrices[-1])
    jacobian = np.diag(o) - np.outer(o, o)
    delta = jacobian @ by_output(o, y)
    found = {"o": o, "E": of(o, y), "dE_do": by_output(o, y), "jacobian": jacobian, "delta_o": delta}
    slopes = list[Array]()
    for place in reversed(range(len(matrices))):
        slopes.insert(0, np.outer(arriving[place], delta))
        delta = matrices[place] @ delta * arriving[place] * (1 - arriving[place])
    return {**found, "slopes": np.concatenate([one.ravel() for one in slopes])}


def make_case(sizes: tuple[int, ...], seed: int = 1) -> tuple[Array, Array, list[Array]]:
    rng = np.random.default_rng([seed, *sizes])
    matrices = [rng.normal(0, 1, pair) for pair in pairwise(sizes)]
    return rng.normal(0, 1, sizes[0]), rng.dirichlet(np.ones(sizes[-1])) * rng.choice([1.0, 0.8]), matrices


def name_arrays(network: Network, found: dict[str, Array]) -> dict[str, float]:
    """The numbers of ``compute`` under the names of quantities."""
    outputs, values = network.outputs, {"E": found["E"]}
    values |= zip(outputs, found["o"], strict=True)
    for head in ("dE_d", "delta_"):
        values |= zip([f"{head}{o}" for o in outputs], found[f"{head}o"], strict=True)
    names = [f"d{of}_din_{by}" for of in outputs for by in outputs]
    values |= zip(names, found["jacobian"].ravel(), strict=True)
    return values | dict(zip([f"dE_d{w.name}" for w in network.weights], found["slopes"], strict=True))


@pytest.mark.parametrize("loss", LOSS)
@pytest.mark.parametrize("sizes", SIZES)
def test_a_round_with_softmax_is_that_of_matrices_for_any_number_of_layers(sizes: tuple[int, ...], loss: str) -> None:
    if sizes[-1] == 1 and loss == "binary cross entropy":
        return  # one output of softmax is 1, where this loss ends
    x, y, matrices = make_case(sizes)
    hidden, outputs = sum(sizes[1:-1]), sizes[-1]
    network = network_of(*sizes, activations=("sigmoid",) * hidden + ("softmax",) * outputs, loss=loss)
    state = np.concatenate([matrix.ravel() for matrix in matrices])
    program = compile_program(network)
    values = dict(zip(program.quantities, program.round(*x, *y, 0.5, *state), strict=True))
    expected = name_arrays(network, compute(x, y, matrices, loss))
    assert {name: float(values[name]) for name in expected} == pytest.approx(expected, rel=1e-12, abs=1e-14)
    assert len(values) == count_formulas(network)


@pytest.mark.parametrize("loss", LOSS)
def test_the_matrices_slopes_are_differences_of_their_loss(loss: str) -> None:
    x, y, matrices = make_case((3, 2, 3))
    slopes, place = compute(x, y, matrices, loss)["slopes"], 0
    for matrix in matrices:
        for at in np.ndindex(matrix.shape):
            before, losses = matrix[at], []
            for way in (1e-5, -1e-5):
                matrix[at] = before + way
                losses.append(compute(x, y, matrices, loss)["E"])
            matrix[at] = before
            assert slopes[place] == pytest.approx((losses[0] - losses[1]) / 2e-5, rel=1e-7, abs=1e-9)
            place += 1


def make_spec(loss: str, samples: int, sizes: tuple[int, int, int] = (3, 2, 3)) -> Spec:
    rng = np.random.default_rng([samples, *sizes])
    count = sizes[0] * sizes[1] + sizes[1] * sizes[2]
    network = {
        "inputs": rng.normal(0, 1, (samples, sizes[0])).tolist(),
        "targets": rng.dirichlet(np.ones(sizes[2]), samples).tolist(),
        "hidden": sizes[1],
        "weights": rng.normal(0, 1, count).tolist(),
        "activation": {"output": "softmax"},
    }
    return Spec.from_table({"network": network, "training": {"loss": loss, "step": 0.3}})


@pytest.mark.with_torch
@pytest.mark.parametrize("loss", LOSS)
@pytest.mark.parametrize("samples", [1, 3])
def test_both_engines_have_each_sample_s_numbers_as_matrices_have_them(loss: str, samples: int) -> None:
    spec = make_spec(loss, samples)
    start, one = make_initial_parameters(spec), spec.network.one_sample
    matrices = [start[:6].reshape(3, 2), start[6:].reshape(2, 3)]
    found = [make_engine(name, spec).evaluate(start, 1) for name in ("numpy", "torch")]
    assert set(found[0]) == set(found[1])
    for place, (x, y) in enumerate(zip(np.array(spec.inputs), np.array(spec.targets), strict=True), 1):
        for name, value in name_arrays(one, compute(x, y, matrices, loss)).items():
            full = f"{name}_s{place}" if samples > 1 else name
            assert [float(values[full]) for values in found] == pytest.approx([value] * 2, rel=1e-12, abs=1e-14), full


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_many_runs_at_once_are_bit_identical_to_single_runs(precision: str) -> None:
    network = make_spec("categorical cross entropy", 1).network
    rng, runs = np.random.default_rng(3), 40
    data = rng.dirichlet(np.ones(6)).astype(precision)
    states = (rng.normal(0, 1, (len(network.state), runs)) * rng.choice([1.0, 30.0, 2000.0], runs)).astype(precision)
    batch, program, rounds = compile_batch(network), compile_program(network), 3
    together = states.copy()
    buffers = [np.empty(runs, precision) for _ in range(batch.buffers)]
    with np.errstate(all="ignore"):
        batch.advance(rounds, lambda _: None, buffers, *data, 0.5, *together)
        for run in range(runs):
            alone = tuple(states[:, run])
            for _ in range(rounds):
                values = dict(zip(program.quantities, program.round(*data, 0.5, *alone), strict=True))
                alone = tuple(values[f"new_{part}"] for part in network.state)
            assert np.array_equal(together[:, run], np.array(alone), equal_nan=True)
