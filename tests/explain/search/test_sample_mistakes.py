"""Mistakes of programs with several samples and optimisers: each is made in a small NumPy program, then named.

The programs are written out here as courses write them, with matrices, and share nothing with the package.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from bptui.core.problem.spec import Spec
from bptui.explain.calculation.figure import Figure
from bptui.explain.result import as_data
from tests.misprints import explain_figures

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
Y = np.array([[0.0], [1.0], [1.0], [0.0]])
W1, B1 = np.array([[0.5, -0.3], [0.4, 0.8]]), np.array([0.1, -0.2])
W2, B2 = np.array([[0.7], [-0.6]]), np.array([0.05])
STEP, MU, DECAY = 0.5, 0.9, 0.1
XOR = Spec.from_table(
    {
        "network": {
            "inputs": X.tolist(),
            "targets": Y.tolist(),
            "hidden": 2,
            "weights": [W1.tolist(), W2.tolist()],
            "biases": {"hidden": B1.tolist(), "output": B2.tolist()},
        },
        "training": {"loss": "half squared error", "step": STEP},
    }
)
MEAN = replace(XOR, over_samples="mean")
ONLINE = replace(XOR, batch="one at a time")
Values = dict[str, Any]
Parameters = tuple[Any, ...]


def sigma(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def backward(p: Parameters, x: Any, y: Any, scale: float = 1.0) -> tuple[Values, Parameters]:
    """Return what is printed of a forward and backward pass over some samples, and the four gradients."""
    w1, b1, w2, b2 = p
    h = sigma(x @ w1 + b1)
    o = sigma(h @ w2 + b2)
    d2 = (o - y) * o * (1 - o) * scale
    d1 = d2 @ w2.T * h * (1 - h)
    printed = {"h": h, "o": o, "E": 0.5 * np.sum((o - y) ** 2) * scale}
    return printed, (x.T @ d1, d1.sum(0), h.T @ d2, d2.sum(0))


def name_arrays(head: str, arrays: Parameters) -> Values:
    w1, b1, w2, b2 = (np.ravel(one) for one in arrays)
    weights = {f"{head}w{n}": value for n, value in enumerate((*w1, *w2), 1)}
    return weights | {f"{head}b_h1": b1[0], f"{head}b_h2": b1[1], f"{head}b_o1": b2[0]}


def print_round(found: Values, gradients: Parameters | None, after: Parameters, samples: Any = (1, 2, 3, 4)) -> Values:
    values = {f"o1_s{s}": o for s, o in zip(samples, found["o"][:, 0], strict=True)}
    values |= {f"h1_s{s}": h for s, h in zip(samples, found["h"][:, 0], strict=True)}
    values |= {"E": found["E"], **(name_arrays("dE_d", gradients) if gradients else {}), **name_arrays("new_", after)}
    return values


def descend(p: Parameters, g: Parameters, step: float = STEP) -> Parameters:
    return tuple(one - step * slope for one, slope in zip(p, g, strict=True))


def train(
    rounds: int,
    change: Callable[[Parameters], Parameters] = lambda g: g,
    scale: float = 1.0,
    of_last: bool = False,
) -> list[Values]:
    p: Parameters = (W1, B1, W2, B2)
    found = []
    for _ in range(rounds):
        seen, g = backward(p, X, Y, scale)
        g = backward(p, X[-1:], Y[-1:], scale)[1] if of_last else g
        g = change(g)
        p = descend(p, g)
        found.append(print_round(seen, g, p))
    return found


# --- programs, each with its mistake ---


def take_mean(rounds: int) -> list[Values]:
    return train(rounds, scale=1 / 4)


def take_sum(rounds: int) -> list[Values]:
    return train(rounds)


def average_gradients_of_a_loss_that_is_summed(rounds: int) -> list[Values]:
    return train(rounds, lambda g: tuple(one / 4 for one in g))


def average_biases(rounds: int) -> list[Values]:
    return train(rounds, lambda g: (g[0], g[1] / 4, g[2], g[3] / 4))


def average_weights(rounds: int) -> list[Values]:
    """The loss and the weights' gradients are means, the biases' are sums, as notebooks have it."""
    return train(rounds, lambda g: (g[0], g[1] * 4, g[2], g[3] * 4), scale=1 / 4)


def transpose_gradient(rounds: int) -> list[Values]:
    return train(rounds, lambda g: (g[0].T, *g[1:]))


def transpose_in_update(rounds: int) -> list[Values]:
    p: Parameters = (W1, B1, W2, B2)
    found = []
    for _ in range(rounds):
        seen, g = backward(p, X, Y)
        p = descend(p, (g[0].T, *g[1:]))
        found.append(print_round(seen, g, p))
    return found


def broadcast_biases(rounds: int) -> list[Values]:
    """``b = b - step * delta`` without a sum makes a row of biases for each sample."""
    w1, b1, w2, b2 = W1, B1, W2, B2
    found = []
    for _ in range(rounds):
        h = sigma(X @ w1 + b1)
        o = sigma(h @ w2 + b2)
        d2 = (o - Y) * o * (1 - o)
        d1 = d2 @ w2.T * h * (1 - h)
        g1, g2 = X.T @ d1, h.T @ d2
        w1, w2, b1, b2 = w1 - STEP * g1, w2 - STEP * g2, b1 - STEP * d1, b2 - STEP * d2
        values = {f"o1_s{s}": one for s, one in enumerate(o[:, 0], 1)}
        values |= {f"dE_dw{n}": one for n, one in enumerate((*g1.ravel(), *g2.ravel()), 1)}
        values |= {f"new_w{n}": one for n, one in enumerate((*w1.ravel(), *w2.ravel()), 1)}
        found.append({**values, "E": 0.5 * np.sum((o - Y) ** 2)})
    return found


def overwrite_gradients(rounds: int) -> list[Values]:
    """In a loop over the samples, ``g = ...`` where ``g += ...`` belongs."""
    return train(rounds, of_last=True)


def update_after_each_sample(rounds: int) -> list[Values]:
    p: Parameters = (W1, B1, W2, B2)
    found = []
    for _ in range(rounds):
        each = []
        for s in range(4):
            seen, g = backward(p, X[s : s + 1], Y[s : s + 1])
            p = descend(p, g)
            each.append(seen)
        whole = {"h": np.vstack([one["h"] for one in each]), "o": np.vstack([one["o"] for one in each])}
        found.append(print_round({**whole, "E": sum(one["E"] for one in each)}, None, p))
    return found


def update_once_for_each_sample(rounds: int) -> list[Values]:
    """The loss and its gradients are means, and yet each sample takes a whole step of its own."""
    p: Parameters = (W1, B1, W2, B2)
    found = []
    for _ in range(rounds):
        seen, mean = backward(p, X, Y, 1 / 4)
        gradients = [backward(p, X[s : s + 1], Y[s : s + 1])[1] for s in range(4)]
        for g in gradients:
            p = descend(p, g)
        found.append(print_round(seen, mean, p))
    return found


def use_weights_of_the_start(rounds: int) -> list[Values]:
    p: Parameters = (W1, B1, W2, B2)
    found, old = [], p
    for k in range(rounds):
        s = k % 4
        old = p if s == 0 else old
        seen, g = backward(old, X[s : s + 1], Y[s : s + 1])
        p = descend(p, g)
        found.append(print_round(seen, g, p, (s + 1,)))
    return found


def train_in_batches(rounds: int) -> list[Values]:
    """All samples at once, in place of one: what is printed for round 1 is after all of them."""
    return [{name: one for name, one in values.items() if "_s" not in name} for values in train(rounds)]


def keep_gradients(rounds: int) -> list[Values]:
    kept: list[Any] = [0.0, 0.0, 0.0, 0.0]

    def add(g: Parameters) -> Parameters:
        kept[:] = [before + one for before, one in zip(kept, g, strict=True)]
        return tuple(kept)

    return train(rounds, add)


def keep_hidden_gradients(rounds: int) -> list[Values]:
    kept: list[Any] = [0.0, 0.0]

    def add(g: Parameters) -> Parameters:
        kept[:] = [kept[0] + g[0], kept[1] + g[1]]
        return (*kept, *g[2:])

    return train(rounds, add)


# --- programs with an optimiser ---

Lines = Callable[[Any, Any, Any, int], tuple[Any, Any, Any]]


def train_by(lines: Lines, rounds: int, decay: float = 0.0) -> list[Values]:
    """Train by an optimiser: from weight, gradient, state and round its lines make state, printed state and weight."""
    p: Parameters = (W1, B1, W2, B2)
    state: list[Any] = [0.0] * 4
    found = []
    for t in range(1, rounds + 1):
        seen, g = backward(p, X, Y)
        done = [lines(w, slope + decay * w, s, t) for w, slope, s in zip(p, g, state, strict=True)]
        state, p = [one[0] for one in done], tuple(one[2] for one in done)
        printed = name_arrays("new_v_", tuple(one[1] for one in done))
        found.append({**print_round(seen, g, p), **printed})
    return found


def subtract_momentum(rounds: int) -> list[Values]:
    def lines(w: Any, g: Any, v: Any, _: int) -> tuple[Any, Any, Any]:
        v = g - MU * v
        return v, v, w - STEP * v

    return train_by(lines, rounds)


def weight_gradient(rounds: int) -> list[Values]:
    def lines(w: Any, g: Any, v: Any, _: int) -> tuple[Any, Any, Any]:
        v = MU * v + (1 - MU) * g
        return v, v, w - STEP * v

    return train_by(lines, rounds)


def gather_steps(rounds: int) -> list[Values]:
    def lines(w: Any, g: Any, v: Any, _: int) -> tuple[Any, Any, Any]:
        v = MU * v - STEP * g
        return v, v, w + v

    return train_by(lines, rounds)


def take_nesterov(rounds: int) -> list[Values]:
    def lines(w: Any, g: Any, v: Any, _: int) -> tuple[Any, Any, Any]:
        v = MU * v + g
        return v, v, w - STEP * (g + MU * v)

    return train_by(lines, rounds)


def leave_out_momentum_of_step(rounds: int) -> list[Values]:
    """Nesterov's v is kept, and the weights go down the gradient alone."""

    def lines(w: Any, g: Any, v: Any, _: int) -> tuple[Any, Any, Any]:
        v = MU * v + g
        return v, v, w - STEP * g

    return train_by(lines, rounds)


def leave_out_momentum(rounds: int) -> list[Values]:
    return train_by(lambda w, g, v, _: (v, g, w - STEP * g), rounds)


def forget_bias_correction(rounds: int) -> list[Values]:
    def lines(w: Any, g: Any, s: Any, _: int) -> tuple[Any, Any, Any]:
        m, v = s or (0.0, 0.0)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        return (m, v), v, w - 0.1 * m / (np.sqrt(v) + 1e-8)

    return train_by(lines, rounds)


def count_one_round_too_many(rounds: int) -> list[Values]:
    def lines(w: Any, g: Any, s: Any, t: int) -> tuple[Any, Any, Any]:
        m, v = s or (0.0, 0.0)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        m_hat, v_hat = m / (1 - 0.9 ** (t + 1)), v / (1 - 0.999 ** (t + 1))
        return (m, v), v, w - 0.1 * m_hat / (np.sqrt(v_hat) + 1e-8)

    return train_by(lines, rounds)


def double_decay(rounds: int) -> list[Values]:
    return train_by(lambda w, g, v, _: (v, g, w - STEP * g), rounds, 2 * DECAY)


def leave_out_decay(rounds: int) -> list[Values]:
    return train_by(lambda w, g, v, _: (v, g, w - STEP * g), rounds)


def double_decay_and_print_its_penalty(rounds: int) -> list[Values]:
    p: Parameters = (W1, B1, W2, B2)
    found = []
    for _ in range(rounds):
        seen, g = backward(p, X, Y)
        seen["E"] += DECAY * (np.sum(p[0] ** 2) + np.sum(p[2] ** 2))
        after = descend(p, (g[0] + 2 * DECAY * p[0], g[1], g[2] + 2 * DECAY * p[2], g[3]))
        found.append(print_round(seen, None, after))
        p = after
    return found


def online_momentum(rounds: int) -> list[Values]:
    """Momentum that is updated after each sample, with the gradients of the round's start."""
    p: Parameters = (W1, B1, W2, B2)
    v: list[Any] = [0.0] * 4
    found = []
    for _ in range(rounds):
        seen, whole = backward(p, X, Y)
        gradients = [backward(p, X[s : s + 1], Y[s : s + 1])[1] for s in range(4)]
        for g in gradients:
            v = [MU * one + slope for one, slope in zip(v, g, strict=True)]
            p = descend(p, tuple(v))
        found.append(print_round(seen, whole, p))
    return found


MOMENTUM = replace(XOR, optimiser="momentum", momentum=MU)
NESTEROV = replace(MOMENTUM, optimiser="nesterov")
ADAM = replace(XOR, optimiser="adam", step=0.1)
DECAYED = replace(XOR, weight_decay=DECAY)


@dataclass(frozen=True)
class Case:
    """A problem as stated, the program that was run, and what has to be named."""

    spec: Spec
    program: Callable[[int], list[Values]]
    names: tuple[str, ...]
    others: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.program.__name__}, {self.spec.optimiser}"


CASES = (
    Case(XOR, take_mean, ("mean over the samples",)),
    Case(MEAN, take_sum, ("sum over the samples",)),
    Case(XOR, average_gradients_of_a_loss_that_is_summed, ("gradients as mean over the samples",)),
    Case(XOR, average_biases, ("mean over the samples for biases alone",)),
    Case(MEAN, average_weights, ("sum over the samples for biases alone",)),
    Case(XOR, overwrite_gradients, ("gradients of the last sample alone",)),
    Case(XOR, transpose_gradient, ("gradients transposed into the hidden layer",)),
    Case(XOR, transpose_in_update, ("gradients transposed into the hidden layer in the update",)),
    Case(XOR, broadcast_biases, ("a bias for each sample",)),
    Case(XOR, update_after_each_sample, ("updated after each sample",)),
    Case(MEAN, update_once_for_each_sample, ("updated once for each sample",)),
    Case(MOMENTUM, online_momentum, ("updated once for each sample",)),
    Case(ONLINE, use_weights_of_the_start, ("weights of the pass's start",)),
    Case(ONLINE, train_in_batches, ("all samples a round, sum",)),
    Case(XOR, keep_gradients, ("gradients kept",)),
    Case(XOR, keep_hidden_gradients, ("gradients kept of the parameters into the hidden layer",)),
    Case(MOMENTUM, subtract_momentum, ("momentum subtracted",)),
    Case(MOMENTUM, weight_gradient, ("gradient times 1 − μ",)),
    Case(MOMENTUM, gather_steps, ("classical momentum",)),
    Case(MOMENTUM, take_nesterov, ("nesterov",)),
    Case(MOMENTUM, leave_out_momentum, ("momentum left out",)),
    Case(NESTEROV, leave_out_momentum, ("momentum left out",)),
    Case(NESTEROV, leave_out_momentum_of_step, ("momentum left out of the step",)),
    Case(ADAM, forget_bias_correction, ("no bias correction",)),
    Case(ADAM, count_one_round_too_many, ("bias correction of the next round",)),
    Case(DECAYED, double_decay, ("weight decay not halved",)),
    Case(DECAYED, leave_out_decay, ("no weight decay",)),
)


def print_sheet(case: Case, rounds: int = 4, digits: int = 5) -> list[Figure]:
    return [
        Figure(case.spec, round_, name, f"{value:.{digits}g}")
        for round_, values in enumerate(case.program(rounds), 1)
        for name, value in values.items()
        if _is_there(case.spec, round_, name)
    ]


def _is_there(spec: Spec, round_: int, name: str) -> bool:
    from bptui.core.quantities.printable import list_printable

    return name in list_printable(spec.network_of(round_))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_programs_mistake_is_named_from_what_it_prints(case: Case) -> None:
    figures = print_sheet(case)
    explanation = explain_figures(figures, 1)
    assert [[one.name for one in group.best.changes] for group in explanation.groups] == [list(case.names)]
    assert explanation.left == () and explanation.groups[0].sure


def test_a_program_in_torch_that_keeps_gradients_is_named_and_the_last_digits_of_torch_do_not_name_it() -> None:
    kept = [replace(figure, engine="torch") for figure in print_sheet(Case(XOR, keep_gradients, ()), 3)]
    (group,) = explain_figures(kept, 1).groups
    assert [one.name for one in group.best.changes] == ["gradients kept"] and group.sure
    right = [replace(figure, engine="torch") for figure in print_sheet(Case(XOR, take_sum, ()), 2)]
    wrong = [replace(one, printed="0.123") if one.name == "o1_s2" else one for one in right]
    names = {one.name for group in explain_figures(wrong, 1).groups for one in group.best.changes}
    assert not any("kept" in name for name in names)


def test_a_mistake_in_adam_is_named_from_decimals_of_weights_and_gradients_alone() -> None:
    """The means are far smaller than the last decimal, and not printed."""
    figures = [
        Figure(ADAM, round_, name, f"{value:.4f}")
        for round_, values in enumerate(forget_bias_correction(2), 1)
        for name, value in values.items()
        if not name.startswith("new_v")
    ]
    (group,) = explain_figures(figures, 1).groups
    assert [one.name for one in group.best.changes] == ["no bias correction"] and group.sure


def test_the_formula_that_is_shown_is_never_another_name_alone() -> None:
    """After an update for each sample the round's weight is that of its last sample."""
    told = as_data("mine", explain_figures(print_sheet(Case(MOMENTUM, online_momentum, ())), 1))
    (group,) = told["groups"]
    assert group["formula"] == ["new w1⁽⁴⁾ = new w1⁽³⁾ − η·new v_w1⁽⁴⁾", "new w1 = w1 − η·new v_w1"]
