"""Solve the exam questions on softmax by hand; see ``solution_sheets``.

Softmax stands in the network here, so the loss takes probabilities.
"""

import numpy as np

from tests.lessons.solution_sheets import Sheet


def solve_softmax_after_two_layers() -> Sheet:
    x, y, rate = np.array([0.5, -1.0]), np.array([0.0, 0.0, 1.0]), 0.1
    w1, w2 = np.array([[0.6, -0.4], [0.2, 0.9]]), np.array([[0.5, -0.7], [-0.3, 0.8]])
    w3, b3 = np.array([[0.4, -0.6, 0.1], [0.2, 0.5, -0.9]]), np.array([0.1, -0.1, 0.0])
    h1 = np.tanh(x @ w1)
    h2 = np.maximum(z2 := h1 @ w2, 0)
    powers = np.exp(z3 := h2 @ w3 + b3)
    p = powers / powers.sum()
    d3 = p - y
    d2 = w3 @ d3 * (z2 > 0)
    d1 = w2 @ d2 * (1 - h1**2)
    forward = {"H1": h1, "Z2": z2, "H2": h2, "Z3": z3, "O": p, "E": -np.log(p[2])}
    back = {"Delta3": d3, "Delta2": d2, "Delta1": d1, "dE_dW3": np.outer(h2, d3), "dE_dW1": np.outer(x, d1)}
    return [{**forward, **back, "dE_db3": d3, "new_b3": b3 - rate * d3, "new_W2": w2 - rate * np.outer(h1, d2)}]


def solve_softmax_regression() -> Sheet:
    x, y = np.array([[1.0, 2.0], [-1.0, 0.5], [0.0, 1.0]]), np.array([[1.0, 0, 0], [0, 1.0, 0], [0, 0, 1.0]])
    w, b, rate, found = np.array([[0.1, -0.2, 0.3], [0.2, 0.4, -0.1]]), np.zeros(3), 0.5, []
    for _ in range(2):
        powers = np.exp(x @ w + b)
        p = powers / powers.sum(axis=1, keepdims=True)
        each = -np.log(p[y == 1])
        dw, db = x.T @ (p - y) / 3, (p - y).sum(axis=0) / 3
        w, b = w - rate * dw, b - rate * db
        losses = {"E_s1": each[0], "E_s2": each[1], "E_s3": each[2], "E": each.mean()}
        found.append({"O": p, **losses, "Delta1": p - y, "dE_dW1": dw, "dE_db1": db, "new_W1": w, "new_b1": b})
    return found


def solve_softmax_and_squared_error() -> Sheet:
    x, y, rate, w = np.array([1.0, -1.0]), np.array([1.0, 0.0]), 1.0, np.array([[0.2, 0.5], [-0.3, 0.1]])
    powers = np.exp(x @ w)
    p = powers / powers.sum()
    jacobian = np.diag(p) - np.outer(p, p)
    d = jacobian @ (p - y)
    slopes = {f"do{i + 1}_din_o{j + 1}": jacobian[i, j] for i in (0, 1) for j in (0, 1)}
    forward = {"o1": p[0], "o2": p[1], "E": np.sum((p - y) ** 2) / 2}
    back = {"delta_o1": d[0], "delta_o2": d[1], "dE_dW1": np.outer(x, d), "new_W1": w - rate * np.outer(x, d)}
    return [{**forward, **slopes, **back}]
