"""Solve the exam questions of ``exams`` by hand, as a solution sheet does: plain NumPy, nothing of the program.

Each function solves the question of its name and returns a mapping for each of its printed entries. Matrices have a row
per neuron where a sheet writes W·x, and a row per input where it writes x·W.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

Sheet = Sequence[Mapping[str, Any]]


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def solve_two_three_two_one() -> Sheet:
    x, y, rate = np.array([[1.0], [0.5]]), 1.0, 0.5
    w1, b1 = np.array([[0.2, -0.4], [0.1, 0.3], [-0.5, 0.6]]), np.array([[0.1], [0.0], [-0.2]])
    w2, b2 = np.array([[0.3, -0.2, 0.5], [0.7, 0.1, -0.4]]), np.array([[0.2], [-0.1]])
    w3, b3 = np.array([[0.6, -0.3]]), np.array([[0.05]])
    z1 = w1 @ x + b1
    z2 = w2 @ (a1 := sigmoid(z1)) + b2
    z3 = w3 @ (a2 := sigmoid(z2)) + b3
    a3 = sigmoid(z3)
    d3 = (a3 - y) * a3 * (1 - a3)
    d2 = (w3.T @ d3) * a2 * (1 - a2)
    d1 = (w2.T @ d2) * a1 * (1 - a1)
    back = {"Delta3": d3, "Delta2": d2, "Delta1": d1, "dE_dW3": d3 @ a2.T, "dE_dW2": d2 @ a1.T, "dE_dW1": d1 @ x.T}
    new = {"new_W2": w2 - rate * d2 @ a1.T, "new_b3": b3 - rate * d3}
    return [{"Z1": z1, "H1": a1, "Z2": z2, "H2": a2, "O": a3, "E": (a3 - y) ** 2 / 2, **back, **new}]


def solve_chain_of_sigmoids() -> Sheet:
    x, y, w1, w2, w3 = 1.0, 0.0, 0.5, -1.0, 2.0
    a1 = sigmoid(w1 * x)
    a2 = sigmoid(w2 * a1)
    a3 = sigmoid(w3 * a2)
    slope1, slope2, slope3 = a1 * (1 - a1), a2 * (1 - a2), a3 * (1 - a3)
    slopes = {"do1_din_o1": slope3, "dh2_1_din_h2_1": slope2, "dh1_1_din_h1_1": slope1, "din_o1_dh2_1": w3}
    dw3 = (a3 - y) * slope3 * a2
    dw2 = (a3 - y) * slope3 * w3 * slope2 * a1
    dw1 = (a3 - y) * slope3 * w3 * slope2 * w2 * slope1 * x
    return [{"h1_1": a1, "h2_1": a2, "o1": a3, **slopes, "dE_dw3": dw3, "dE_dw2": dw2, "dE_dw1": dw1}]


def solve_two_relu_layers() -> Sheet:
    x, y, rate = np.array([1.0, 2.0]), 3.0, 0.1
    w1, w2, w3 = np.array([[1.0, -1.0], [1.0, 2.0]]), np.array([[2.0, 1.0], [1.0, -1.0]]), np.array([1.0, -2.0])
    z1 = x @ w1
    z2 = (a1 := np.maximum(z1, 0)) @ w2
    o = (a2 := np.maximum(z2, 0)) @ w3
    d3 = o - y
    d2 = d3 * w3 * (z2 > 0)
    d1 = w2 @ d2 * (z1 > 0)
    forward = {"Z1": z1, "Z2": z2, "H2": a2, "o1": o, "E": (o - y) ** 2 / 2}
    back = {"delta_o1": d3, "Delta2": d2, "Delta1": d1, "dE_dW2": np.outer(a1, d2), "dE_dW1": np.outer(x, d1)}
    return [{**forward, **back, "new_W1": w1 - rate * np.outer(x, d1)}]


def solve_batch_as_columns() -> Sheet:
    x, y, m, rate = np.array([[1.0, -1.0], [2.0, 0.5]]), np.array([[1.0, 0.0]]), 2, 0.2
    w1, b1 = np.array([[0.5, -0.3], [0.2, 0.4], [-0.6, 0.1]]), np.array([[0.1], [-0.2], [0.0]])
    w2, b2 = np.array([[0.7, -0.5, 0.3]]), np.array([[0.2]])
    a1 = np.tanh(z1 := w1 @ x + b1)
    a2 = sigmoid(w2 @ a1 + b2)
    cost = -np.sum(y * np.log(a2) + (1 - y) * np.log(1 - a2)) / m
    d2 = a2 - y
    d1 = w2.T @ d2 * (1 - a1**2)
    dw2, db2, dw1, db1 = d2 @ a1.T / m, d2.sum() / m, d1 @ x.T / m, d1.sum(axis=1) / m
    layers = {"Z1": z1, "H1": a1, "O": a2, "Delta2": d2, "Delta1": d1}
    gradients = {"dE_dW2": dw2, "dE_db_o1": db2, "dE_dW1": dw1, "dE_db1": db1}
    return [{**layers, "E": cost, **gradients, "new_W1": w1 - rate * dw1, "new_b_o1": b2 - rate * db2}]


def solve_momentum_against_descent() -> Sheet:
    x, y, rate, mu = 2.0, 3.0, 0.1, 0.9
    slow = fast = 0.0
    v, plain, momentum = 0.0, [], []
    for _ in range(3):
        gradient = (slow * x - y) * x
        plain.append({"E": (slow * x - y) ** 2 / 2, "dE_dw1": gradient, "new_w1": (slow := slow - rate * gradient)})
        gradient = (fast * x - y) * x
        v = mu * v + gradient
        momentum.append({"dE_dw1": gradient, "new_v_w1": v, "new_w1": (fast := fast - rate * v)})
    return [*plain, *momentum]


def solve_softmax_of_scores() -> Sheet:
    x, y, rate = np.array([1.0, -1.0]), np.array([0.0, 1.0, 0.0]), 0.5
    w1, w2 = np.array([[0.4, -0.2], [0.1, 0.3]]), np.array([[0.2, -0.5, 0.6], [0.3, 0.8, -0.1]])
    b1, b2 = np.array([0.0, 0.1]), np.array([0.1, 0.0, -0.1])
    h = sigmoid(x @ w1 + b1)
    scores = h @ w2 + b2
    p = np.exp(scores) / np.exp(scores).sum()
    d2 = p - y
    d1 = w2 @ d2 * h * (1 - h)
    found = {"H1": h, "O": scores, "softmax_o1": p[0], "softmax_o2": p[1], "softmax_o3": p[2], "E": -np.log(p[1])}
    back = {"Delta2": d2, "dE_dW2": np.outer(h, d2), "Delta1": d1, "dE_dW1": np.outer(x, d1), "dE_db2": d2}
    return [{**found, **back, "new_W2": w2 - rate * np.outer(h, d2), "new_b1": b1 - rate * d1}]


def solve_tanh_and_mean_squared_error() -> Sheet:
    x1, x2, y1, y2 = 0.5, -1.0, 1.0, 0.0
    h1, h2 = np.tanh(0.6 * x1 - 0.2 * x2), np.tanh(0.1 * x1 + 0.9 * x2)
    o1, o2 = 0.8 * h1 + 0.4 * h2, -0.3 * h1 + 0.5 * h2
    e1, e2 = o1 - y1, o2 - y2  # the mean over two outputs takes the 2 of the square away
    arrived1, arrived2 = e1 * 0.8 + e2 * -0.3, e1 * 0.4 + e2 * 0.5
    d1, d2 = arrived1 * (1 - h1**2), arrived2 * (1 - h2**2)
    forward = {"h1": h1, "h2": h2, "o1": o1, "o2": o2, "E": (e1**2 + e2**2) / 2}
    hidden = {"delta_o1": e1, "delta_o2": e2, "dE_dh1": arrived1, "dE_dh2": arrived2, "delta_h1": d1, "delta_h2": d2}
    gradients = {"dE_dw1": d1 * x1, "dE_dw2": d1 * x2, "dE_dw5": e1 * h1, "dE_dw8": e2 * h2}
    return [{**forward, **hidden, **gradients, "new_w2": -0.2 - 0.1 * d1 * x2, "new_w8": 0.5 - 0.1 * e2 * h2}]


def solve_one_neuron_with_cross_entropy() -> Sheet:
    x, y, rate, w, b, found = np.array([2.0, -1.0, 0.5]), 1.0, 1.0, np.array([0.1, 0.4, -0.6]), -0.3, []
    for _ in range(2):
        p = sigmoid(z := w @ x + b)
        w, b = w - rate * (p - y) * x, b - rate * (p - y)
        new = dict(zip(("new_w1", "new_w2", "new_w3"), w, strict=True))
        found.append({"in_o1": z, "o1": p, "E": -np.log(p), "delta_o1": p - y, **new, "new_b_o1": b})
    return found


def solve_weight_decay() -> Sheet:
    x1, x2, y, rate, decay, w1, w2, found = 1.0, 3.0, 2.0, 0.05, 0.2, 1.5, -0.5, []
    for _ in range(2):
        error = w1 * x1 + w2 * x2 - y
        change1, change2 = -rate * (error * x1 + decay * w1), -rate * (error * x2 + decay * w2)
        w1, w2 = w1 + change1, w2 + change2
        steps = {"dE_dw1": error * x1, "dE_dw2": error * x2, "change_w1": change1, "change_w2": change2}
        found.append({"E": error**2 / 2, **steps, "new_w1": w1, "new_w2": w2})
    return found


def solve_mini_batches() -> Sheet:
    batches, rate = [([1.0, 2.0], [3.0, 4.0]), ([3.0, 4.0], [8.0, 9.0]), ([1.0, 2.0], [3.0, 4.0])], 0.1
    w, b, found = 1.0, 0.0, []
    for (xa, xb), (ya, yb) in batches:
        ea, eb = w * xa + b - ya, w * xb + b - yb
        dw, db = (2 * ea * xa + 2 * eb * xb) / 2, (2 * ea + 2 * eb) / 2
        w, b = w - rate * dw, b - rate * db
        found.append({"E": (ea**2 + eb**2) / 2, "dE_dw1": dw, "dE_db_o1": db, "new_w1": w, "new_b_o1": b})
    return found


def solve_adam_two_steps() -> Sheet:
    x, y, rate, w = np.array([1.0, -2.0]), 0.5, 0.1, np.array([0.5, 0.3])
    m = v = np.zeros(2)
    found = []
    for t in (1, 2):
        gradient = (w @ x - y) * x
        m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
        m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.999**t)
        w = w - rate * m_hat / (np.sqrt(v_hat) + 1e-8)
        each = {"dE_dw": gradient, "new_m_w": m, "new_v_w": v, "m_hat_w": m_hat, "v_hat_w": v_hat, "new_w": w}
        found.append({f"{name}{place + 1}": pair[place] for name, pair in each.items() for place in (0, 1)})
    return found


def solve_shared_bias() -> Sheet:
    x1, x2, y1, y2, rate, b1, b2 = 0.2, 0.6, 0.1, 0.8, 0.5, 0.25, -0.15
    h1, h2 = sigmoid(0.3 * x1 + 0.1 * x2 + b1), sigmoid(-0.2 * x1 + 0.4 * x2 + b1)
    o1, o2 = sigmoid(0.5 * h1 - 0.6 * h2 + b2), sigmoid(0.7 * h1 + 0.2 * h2 + b2)
    d1, d2 = (o1 - y1) * o1 * (1 - o1), (o2 - y2) * o2 * (1 - o2)
    d3, d4 = (d1 * 0.5 + d2 * 0.7) * h1 * (1 - h1), (d1 * -0.6 + d2 * 0.2) * h2 * (1 - h2)
    share1, share2 = (o1 - y1) ** 2 / 2, (o2 - y2) ** 2 / 2
    forward = {"h1": h1, "h2": h2, "o1": o1, "o2": o2, "E_o1": share1, "E_o2": share2, "E": share1 + share2}
    back = {"delta_o1": d1, "delta_o2": d2, "delta_h1": d3, "delta_h2": d4, "dE_db_h1": d3 + d4, "dE_db_o1": d1 + d2}
    new = {"new_w1": 0.3 - rate * d3 * x1, "new_w5": 0.5 - rate * d1 * h1}
    return [{**forward, **back, **new, "new_b_h1": b1 - rate * (d3 + d4), "new_b_o1": b2 - rate * (d1 + d2)}]


def solve_dead_relu() -> Sheet:
    x1, x2, y, rate, w1, w2, w3, w4, w5, w6 = 2.0, 1.0, 1.0, 0.05, 0.5, -1.0, 1.0, 0.5, 2.0, -3.0
    z1, z2 = w1 * x1 + w3 * x2, w2 * x1 + w4 * x2  # the second one is below 0: its neuron is off
    assert z1 > 0 > z2
    error = w5 * z1 - y
    forward = {"in_h1": z1, "in_h2": z2, "h1": z1, "h2": 0.0, "o1": w5 * z1, "E": error**2}
    back = {"delta_o1": 2 * error, "dE_dh2": 2 * error * w6, "delta_h1": 2 * error * w5, "delta_h2": 0.0}
    gradients = {"dE_dw1": 2 * error * w5 * x1, "dE_dw2": 0.0, "dE_dw5": 2 * error * z1, "dE_dw6": 0.0}
    return [{**forward, **back, **gradients, "new_w1": w1 - rate * 2 * error * w5 * x1, "new_w2": w2, "new_w6": w6}]


def solve_linear_chain() -> Sheet:
    x, y, rate, w1, w2, w3, w4 = 2.0, 1.0, 0.01, 0.5, -1.0, 2.0, 1.5
    error = w4 * w3 * w2 * w1 * x - y
    arrived = {"dE_dh3_1": error * w4, "dE_dh2_1": error * w4 * w3, "dE_dh1_1": error * w4 * w3 * w2}
    slopes = {"dE_dw4": error * w3 * w2 * w1 * x, "dE_dw3": error * w4 * w2 * w1 * x}
    slopes |= {"dE_dw2": error * w4 * w3 * w1 * x, "dE_dw1": error * w4 * w3 * w2 * x}
    ways = zip((w1, w2, w3, w4), (slopes[f"dE_dw{k}"] for k in (1, 2, 3, 4)), strict=True)
    v1, v2, v3, v4 = (w - rate * slope for w, slope in ways)
    after = v4 * v3 * v2 * v1 * x
    return [
        {"h1_1": w1 * x, "h2_1": w2 * w1 * x, "h3_1": w3 * w2 * w1 * x, "o1": error + y, **arrived, **slopes},
        {"o1": after, "E": (after - y) ** 2 / 2},
    ]


def solve_leaky_relu() -> Sheet:
    x, y, rate, leak = np.array([1.0, -2.0]), np.array([0.5, -0.5]), 0.1, 0.01
    w1, w2 = np.array([[0.4, 0.5], [-0.3, 0.1]]), np.array([[1.0, -2.0], [0.5, 1.5]])
    w3 = np.array([[-0.6, 0.2], [0.8, 0.4]])
    z1 = w1 @ x
    z2 = w2 @ (a1 := np.where(z1 > 0, z1, leak * z1))
    o = w3 @ (a2 := np.where(z2 > 0, z2, leak * z2))
    d3 = 2 * (o - y)
    d2 = w3.T @ d3 * np.where(z2 > 0, 1, leak)
    d1 = w2.T @ d2 * np.where(z1 > 0, 1, leak)
    gradients = {"dE_dW3": np.outer(d3, a2), "dE_dW2": np.outer(d2, a1), "dE_dW1": np.outer(d1, x)}
    new = {"new_W1": w1 - rate * gradients["dE_dW1"]}
    deltas = {"Delta3": d3, "Delta2": d2, "Delta1": d1}
    return [{"H1": a1, "H2": a2, "O": o, "E": np.sum((o - y) ** 2), **deltas, **gradients, **new}]


def solve_four_hidden_layers() -> Sheet:
    x, y, w, rows = 1.0, 1.0, 0.5, []  # every weight is 0.5, so the two neurons of a layer are the same
    a = [sigmoid(w * x)]
    for _ in range(3):
        a.append(sigmoid(2 * w * a[-1]))
    o = sigmoid(2 * w * a[-1])
    d = [(o - y) * o * (1 - o)]
    rows.append({"h1_1": a[0], "h2_1": a[1], "h3_1": a[2], "h4_2": a[3], "o1": o, "E": (o - y) ** 2 / 2})
    for layer, output in enumerate(reversed(a)):
        d.append(d[-1] * w * (1 if layer == 0 else 2) * output * (1 - output))
    deltas = {"delta_o1": d[0], "delta_h4_1": d[1], "delta_h3_2": d[2], "delta_h2_1": d[3], "delta_h1_1": d[4]}
    gradients = {"dE_dw15": d[0] * a[3], "dE_dw11": d[1] * a[2], "dE_dw7": d[2] * a[1], "dE_dw3": d[3] * a[0]}
    return [{**rows[0], **deltas, **gradients, "dE_dw1": d[4] * x}]


def solve_mixed_activations() -> Sheet:
    x1, x2, y, rate = 1.0, 2.0, 1.0, 0.4
    z1, z2, z3 = 0.5 * x1 - 0.2 * x2, -0.3 * x1 + 0.4 * x2, 0.2 * x1 - 0.6 * x2
    a1, a2, a3 = max(z1, 0.0), z2, max(z3, 0.0)
    c1, c2 = np.tanh(0.7 * a1 + 0.5 * a2 - 0.4 * a3 + 0.1), np.tanh(-0.2 * a1 + 0.9 * a2 + 0.3 * a3 - 0.1)
    o = sigmoid(0.6 * c1 - 0.8 * c2 + 0.2)
    d = o - y  # cross entropy on a sigmoid
    d1, d2 = d * 0.6 * (1 - c1**2), d * -0.8 * (1 - c2**2)
    b1, b2, b3 = (d1 * 0.7 + d2 * -0.2) * (z1 > 0), d1 * 0.5 + d2 * 0.9, (d1 * -0.4 + d2 * 0.3) * (z3 > 0)
    forward = {"in_h1_3": z3, "h1_1": a1, "h1_2": a2, "h1_3": a3, "h2_1": c1, "h2_2": c2, "o1": o, "E": -np.log(o)}
    back = {"delta_h2_1": d1, "delta_h2_2": d2, "delta_h1_1": b1, "delta_h1_2": b2, "delta_h1_3": b3}
    new = {"new_w3": -0.3 - rate * b2 * x1, "new_w11": 0.9 - rate * d2 * a2, "new_b_h2_1": 0.1 - rate * d1}
    return [{**forward, "delta_o1": d, **back, "dE_dw4": b2 * x2, "dE_dw8": d1 * a2, **new}]
