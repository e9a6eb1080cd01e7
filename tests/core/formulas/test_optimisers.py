"""The optimisers, each beside its rule as the literature writes it."""

from math import sqrt
from typing import Any

import numpy as np
import pytest

from bptui.core.engines.engine import NumpyEngine
from bptui.core.formulas.optimisers import OPTIMISERS
from bptui.core.problem.initialisation import make_initial_state
from bptui.core.problem.spec import Spec

MU, ALPHA, B1, B2, EPS, ETA, DECAY = 0.8, 0.95, 0.7, 0.9, 1e-3, 0.1, 0.05


def steps(kind: str, slopes: Any, w: float) -> float:
    """Return a parameter after some gradients, without weight decay, from the rule as it is published."""
    v = m = 0.0
    for t, g in enumerate(slopes, 1):
        if kind == "gradient descent":
            w -= ETA * g
        elif kind == "momentum":
            v = MU * v + g
            w -= ETA * v
        elif kind == "classical momentum":
            v = MU * v - ETA * g
            w += v
        elif kind == "nesterov":
            v = MU * v + g
            w -= ETA * (g + MU * v)
        elif kind == "rmsprop":
            v = ALPHA * v + (1 - ALPHA) * g * g
            w -= ETA * g / (sqrt(v) + EPS)
        else:
            m, v = B1 * m + (1 - B1) * g, B2 * v + (1 - B2) * g * g
            w -= ETA * (m / (1 - B1**t)) / (sqrt(v / (1 - B2**t)) + EPS)
    return w


@pytest.mark.parametrize("decay", [0.0, DECAY])
@pytest.mark.parametrize("kind", OPTIMISERS)
def test_a_row_is_the_rule_that_is_published(kind: str, decay: float) -> None:
    own = {"momentum": MU, "alpha": ALPHA, "beta1": B1, "beta2": B2, "epsilon": EPS}
    settings = {name: own[name] for name in OPTIMISERS[kind].settings}
    network = {"inputs": [0.7], "targets": [0.2], "hidden": 0, "weights": [1.5]}
    training = {"optimiser": {"kind": kind, **settings}, "step": ETA, "weight_decay": decay}
    spec = Spec.from_table({"network": network, "training": training})
    engine, state = NumpyEngine(spec), make_initial_state(spec)
    slopes: list[float] = []
    for round_ in range(1, 7):
        values = engine.evaluate(state, round_)
        slopes.append(float(values["dE_dw1"]) + decay * float(state[0]))
        state = np.array([values[f"new_{part}"] for part in spec.network.state])
        assert state[0] == pytest.approx(steps(kind, slopes, 1.5), rel=1e-14)


def test_a_frozen_bias_has_no_state_and_stays() -> None:
    network = {"inputs": [0.7], "targets": [0.2], "hidden": 0, "weights": [1.5], "biases": {"output": [0.3]}}
    network["biases"]["update"] = "frozen"  # type: ignore[index]
    spec = Spec.from_table({"network": network, "training": {"optimiser": "adam", "weight_decay": 0.5}})
    assert spec.network.state == ("w1", "b_o1", "m_w1", "v_w1")
    after = NumpyEngine(spec).advance(make_initial_state(spec), 10, 1)[1]
    assert after[1] == 0.3 and after[0] != 1.5
