"""XOR's training, four samples a round, as a textbook's own program has it: every number a variable, a plain loop."""

import numpy as np

from bptui.core.problem.initialisation import make_initial_state
from bptui.core.problem.spec import Spec


def by_numpy(spec: Spec, rounds: int) -> list[float]:
    """Train XOR for some rounds and return its parameters after them; every gradient by hand, sample by sample."""
    (x1_s1, x2_s1), (x1_s2, x2_s2), (x1_s3, x2_s3), (x1_s4, x2_s4) = spec.inputs
    (y_s1,), (y_s2,), (y_s3,), (y_s4,) = spec.targets
    w1, w2, w3, w4, w5, w6, b_h1, b_h2, b_o1 = make_initial_state(spec)
    eta, losses = spec.step, []
    for _ in range(rounds):
        h1_s1 = 1 / (1 + np.exp(-(w1 * x1_s1 + w3 * x2_s1 + b_h1)))
        h2_s1 = 1 / (1 + np.exp(-(w2 * x1_s1 + w4 * x2_s1 + b_h2)))
        o1_s1 = 1 / (1 + np.exp(-(w5 * h1_s1 + w6 * h2_s1 + b_o1)))
        h1_s2 = 1 / (1 + np.exp(-(w1 * x1_s2 + w3 * x2_s2 + b_h1)))
        h2_s2 = 1 / (1 + np.exp(-(w2 * x1_s2 + w4 * x2_s2 + b_h2)))
        o1_s2 = 1 / (1 + np.exp(-(w5 * h1_s2 + w6 * h2_s2 + b_o1)))
        h1_s3 = 1 / (1 + np.exp(-(w1 * x1_s3 + w3 * x2_s3 + b_h1)))
        h2_s3 = 1 / (1 + np.exp(-(w2 * x1_s3 + w4 * x2_s3 + b_h2)))
        o1_s3 = 1 / (1 + np.exp(-(w5 * h1_s3 + w6 * h2_s3 + b_o1)))
        h1_s4 = 1 / (1 + np.exp(-(w1 * x1_s4 + w3 * x2_s4 + b_h1)))
        h2_s4 = 1 / (1 + np.exp(-(w2 * x1_s4 + w4 * x2_s4 + b_h2)))
        o1_s4 = 1 / (1 + np.exp(-(w5 * h1_s4 + w6 * h2_s4 + b_o1)))
        losses.append(
            (o1_s1 - y_s1) ** 2 / 2 + (o1_s2 - y_s2) ** 2 / 2 + (o1_s3 - y_s3) ** 2 / 2 + (o1_s4 - y_s4) ** 2 / 2
        )
        d_o1_s1 = (o1_s1 - y_s1) * o1_s1 * (1 - o1_s1)
        d_h1_s1 = d_o1_s1 * w5 * h1_s1 * (1 - h1_s1)
        d_h2_s1 = d_o1_s1 * w6 * h2_s1 * (1 - h2_s1)
        d_o1_s2 = (o1_s2 - y_s2) * o1_s2 * (1 - o1_s2)
        d_h1_s2 = d_o1_s2 * w5 * h1_s2 * (1 - h1_s2)
        d_h2_s2 = d_o1_s2 * w6 * h2_s2 * (1 - h2_s2)
        d_o1_s3 = (o1_s3 - y_s3) * o1_s3 * (1 - o1_s3)
        d_h1_s3 = d_o1_s3 * w5 * h1_s3 * (1 - h1_s3)
        d_h2_s3 = d_o1_s3 * w6 * h2_s3 * (1 - h2_s3)
        d_o1_s4 = (o1_s4 - y_s4) * o1_s4 * (1 - o1_s4)
        d_h1_s4 = d_o1_s4 * w5 * h1_s4 * (1 - h1_s4)
        d_h2_s4 = d_o1_s4 * w6 * h2_s4 * (1 - h2_s4)
        dw1 = d_h1_s1 * x1_s1 + d_h1_s2 * x1_s2 + d_h1_s3 * x1_s3 + d_h1_s4 * x1_s4
        dw2 = d_h2_s1 * x1_s1 + d_h2_s2 * x1_s2 + d_h2_s3 * x1_s3 + d_h2_s4 * x1_s4
        dw3 = d_h1_s1 * x2_s1 + d_h1_s2 * x2_s2 + d_h1_s3 * x2_s3 + d_h1_s4 * x2_s4
        dw4 = d_h2_s1 * x2_s1 + d_h2_s2 * x2_s2 + d_h2_s3 * x2_s3 + d_h2_s4 * x2_s4
        dw5 = d_o1_s1 * h1_s1 + d_o1_s2 * h1_s2 + d_o1_s3 * h1_s3 + d_o1_s4 * h1_s4
        dw6 = d_o1_s1 * h2_s1 + d_o1_s2 * h2_s2 + d_o1_s3 * h2_s3 + d_o1_s4 * h2_s4
        db_h1 = d_h1_s1 + d_h1_s2 + d_h1_s3 + d_h1_s4
        db_h2 = d_h2_s1 + d_h2_s2 + d_h2_s3 + d_h2_s4
        db_o1 = d_o1_s1 + d_o1_s2 + d_o1_s3 + d_o1_s4
        w1, w2, w3 = w1 - eta * dw1, w2 - eta * dw2, w3 - eta * dw3
        w4, w5, w6 = w4 - eta * dw4, w5 - eta * dw5, w6 - eta * dw6
        b_h1, b_h2, b_o1 = b_h1 - eta * db_h1, b_h2 - eta * db_h2, b_o1 - eta * db_o1
    return [float(number) for number in (w1, w2, w3, w4, w5, w6, b_h1, b_h2, b_o1)]
