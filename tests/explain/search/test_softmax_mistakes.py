"""Mistakes of programs with softmax: each is made in a small NumPy program, then named.

The program is written out here with matrices, and shares nothing with the package.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

from bptui.core.problem.spec import Spec
from bptui.explain.calculation.figure import Figure
from tests.effort import ALL
from tests.misprints import explain_figures

CATEGORICAL, LOGITS, BINARY = "categorical cross entropy", "cross entropy", "binary cross entropy"
Array = Any
Output = Callable[[Array, Array], tuple[float, Array, Array]]
"""From the logits and the targets: the loss, the deltas and the outputs that are printed."""


def soften(z: Array) -> Array:
    return np.exp(z) / np.exp(z).sum()


def jacobian(p: Array) -> Array:
    return np.diag(p) - np.outer(p, p)


def once(z: Array, y: Array) -> tuple[float, Array, Array]:
    p = soften(z)
    return -(y * np.log(p)).sum(), p * y.sum() - y, p


def twice(z: Array, y: Array) -> tuple[float, Array, Array]:
    p = soften(z)
    return -(y * np.log(soften(p))).sum(), jacobian(p) @ (soften(p) * y.sum() - y), p


def print_logits(z: Array, y: Array) -> tuple[float, Array, Array]:
    return *once(z, y)[:2], z


def take_mean(z: Array, y: Array) -> tuple[float, Array, Array]:
    loss, delta, p = once(z, y)
    return loss / len(y), delta / len(y), p


def take_each_output_as_yes_or_no(z: Array, y: Array) -> tuple[float, Array, Array]:
    p = soften(z)
    loss = -(y * np.log(p) + (1 - y) * np.log(1 - p)).sum()
    return loss, jacobian(p) @ ((p - y) / (p * (1 - p))), p


def forget_the_others(z: Array, y: Array) -> tuple[float, Array, Array]:
    loss, _, p = once(z, y)
    return loss, -y / p * p * (1 - p), p


def forget_the_others_of_a_square(z: Array, y: Array) -> tuple[float, Array, Array]:
    p = soften(z)
    return ((p - y) ** 2).sum(), 2 * (p - y) * p * (1 - p), p


def take_output_minus_target(z: Array, y: Array) -> tuple[float, Array, Array]:
    p = soften(z)
    return ((p - y) ** 2).sum(), p - y, p


def forget_the_softmax(z: Array, y: Array) -> tuple[float, Array, Array]:
    p = soften(z)
    return ((p - y) ** 2).sum(), 2 * (p - y), p


def turn_the_error(z: Array, y: Array) -> tuple[float, Array, Array]:
    loss, delta, p = once(z, y)
    return loss, -delta, p


class Case(NamedTuple):
    """A lesson's outputs and loss, the program in its place, and the change that says so."""

    output: str
    loss: str
    program: Output
    change: str


CASES = {
    "twice for once": Case("softmax", CATEGORICAL, twice, "softmax applied twice"),
    "twice for logits": Case("identity", LOGITS, twice, "softmax applied twice"),
    "once for twice": Case("softmax", LOGITS, once, "softmax applied once"),
    "logits for twice": Case("softmax", LOGITS, print_logits, "softmax applied once, in the loss"),
    "logits for outputs": Case("softmax", CATEGORICAL, print_logits, "softmax in the loss"),
    "outputs for logits": Case("identity", LOGITS, once, "softmax in the outputs"),
    "mean over the outputs": Case("softmax", CATEGORICAL, take_mean, "mean over the outputs"),
    "binary": Case("softmax", CATEGORICAL, take_each_output_as_yes_or_no, BINARY),
    "categorical": Case("softmax", BINARY, once, CATEGORICAL),
    "diagonal": Case("softmax", CATEGORICAL, forget_the_others, 'gradient rule "softmax by its diagonal"'),
    "diagonal of a square": Case(
        "softmax", "squared error", forget_the_others_of_a_square, 'gradient rule "softmax by its diagonal"'
    ),
    "p − y": Case("softmax", "squared error", take_output_minus_target, 'gradient rule "output minus target"'),
    "raw error": Case("softmax", "squared error", forget_the_softmax, 'gradient rule "output derivative forgotten"'),
    "turned": Case("softmax", CATEGORICAL, turn_the_error, 'gradient rule "sign wrong"'),
}
RIGHT = {"softmax": Case("softmax", CATEGORICAL, once, ""), "twice": Case("softmax", LOGITS, twice, "")}


def make_spec(case: Case, seed: int) -> Spec:
    """A random problem: every second with a one-hot target, others with targets that sum to 1."""
    rng = np.random.default_rng(seed)
    d, q, l = (int(n) for n in rng.integers([1, 2, 3], [4, 4, 5]))  # noqa: E741
    hot = np.eye(l)[rng.integers(l)]
    network = {
        "inputs": np.round(rng.uniform(-1, 1, d), 2).tolist(),
        "targets": (hot if seed % 2 else 0.6 * hot + 0.4 / l).tolist(),
        "hidden": q,
        "weights": np.round(rng.uniform(-1, 1, d * q + q * l), 2).tolist(),
        "activation": {"output": case.output},
    }
    return Spec.from_table({"network": network, "training": {"loss": case.loss, "step": 0.5}})


def print_sheet(case: Case, seed: int, form: str = ".5f") -> list[Figure]:
    """What the program prints of two rounds."""
    spec = make_spec(case, seed)
    x, y, w = (np.array(numbers) for numbers in (spec.inputs[0], spec.targets[0], spec.weights))
    first, last = w[: -len(y) * spec.hidden[0]].reshape(len(x), -1), w[-len(y) * spec.hidden[0] :].reshape(-1, len(y))
    figures = []
    for round_ in (1, 2):
        h = 1 / (1 + np.exp(-(x @ first)))
        loss, by_output, printed = case.program(h @ last, y)
        by_hidden = last @ by_output * h * (1 - h)
        slopes = np.outer(x, by_hidden), np.outer(h, by_output)
        first, last = first - 0.5 * slopes[0], last - 0.5 * slopes[1]
        values = {"E": loss} | {f"o{k}": o for k, o in enumerate(printed, 1)}
        values |= {f"delta_o{k}": one for k, one in enumerate(by_output, 1)}
        for kind, arrays in (("dE_d", slopes), ("new_", (first, last))):
            values |= {f"{kind}w{n}": one for n, one in enumerate(np.concatenate([one.ravel() for one in arrays]), 1)}
        figures += [Figure(spec, round_, name, f"{value:{form}}") for name, value in values.items()]
    return figures


SEEDS = range(1, 31 if ALL else 3)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_mistake_with_softmax_is_named_alone_and_sure_or_with_what_gives_the_same_digits(case: Case) -> None:
    for seed in SEEDS:
        explained = explain_figures(print_sheet(case, seed), 2)
        assert not explained.left, seed
        (group,) = explained.groups
        sets = [group.best, *group.others]
        assert (case.change,) in [tuple(one.name for one in found.changes) for found in sets], (seed, sets)
        assert group.sure or len(sets) > 1, seed


@pytest.mark.parametrize("case", RIGHT.values(), ids=RIGHT)
@pytest.mark.parametrize("form", [".5f", ".4g", ".16g"])
def test_of_right_values_with_softmax_no_mistake_is_named(case: Case, form: str) -> None:
    """Also with all digits, of which another order of the operations changes the last."""
    for seed in SEEDS:
        explained = explain_figures(print_sheet(case, seed, form), 2)
        assert not explained.groups and not explained.left, seed


@pytest.mark.parametrize(("output", "named"), [(once, []), (twice, ["softmax applied twice"])])
def test_a_shared_bias_whose_gradient_is_0_but_for_rounding_hides_no_mistake(output: Output, named: list[str]) -> None:
    """The deltas of softmax sum to 0: what another program has left of that sum speaks for or against no change."""
    x, y, w, b = np.array([0.54, -0.31]), np.array([0.0, 1.0, 0.0]), np.array([[0.2, 0.7, -0.5], [0.4, -0.3, 0.6]]), 0.5
    network = {
        "inputs": x.tolist(),
        "targets": y.tolist(),
        "hidden": 0,
        "weights": w.ravel().tolist(),
        "biases": {"output": [b] * 3, "update": "shared"},
        "activation": {"output": "softmax"},
    }
    spec = Spec.from_table({"network": network, "training": {"loss": CATEGORICAL, "step": 0.5}})
    loss, deltas, p = output(x @ w + b, y)
    values = {"E": f"{loss:.5g}"} | {f"o{k}": f"{one:.5g}" for k, one in enumerate(p, 1)}
    values |= {f"delta_o{k}": f"{one:.5g}" for k, one in enumerate(deltas, 1)}
    values |= {f"dE_dw{n}": f"{one:.5g}" for n, one in enumerate(np.outer(x, deltas).ravel(), 1)}
    values |= {f"dE_db_o{k}": left for k, left in enumerate(("0", "1.85e-17", "-2.776e-17"), 1)}
    found = explain_figures([Figure(spec, 1, name, digits) for name, digits in values.items()], 2)
    assert [change.name for group in found.groups for change in group.best.changes] == named
    assert not found.left


def test_weights_forgotten_behind_softmax_are_named_though_the_deltas_sent_back_are_0_but_for_rounding() -> None:
    case = CASES["mean over the outputs"]
    figures = print_sheet(case._replace(program=once), 3, ".6g")
    values = {figure.name: figure.printed for figure in figures if figure.round == 1 and "dE_dw" not in figure.name}
    left = {"delta_h1": "1.18e-17", "delta_h2": "0"}
    printed = {name: digits for name, digits in values.items() if not name.startswith("new_")} | left
    found = explain_figures([Figure(figures[0].spec, 1, name, digits) for name, digits in printed.items()], 1)
    (group,) = found.groups
    assert 'gradient rule "weights forgotten"' in [one.name for one in group.best.changes]
