"""The 2-2-2 network's training as a textbook's own programs have it: every weight a variable, a plain loop.

Each takes a problem and how many rounds to train, and returns the weights after them.
"""

from importlib import import_module
from math import exp
from typing import Any

import numpy as np

from bptui.core.problem.spec import Spec


def by_numpy(spec: Spec, rounds: int) -> list[float]:
    """Every gradient by hand, numbers one by one."""
    (x1, x2), (y1, y2), eta = spec.inputs[0], spec.targets[0], spec.step
    w1, w2, w3, w4, w5, w6, w7, w8 = spec.weights
    losses = []
    for _ in range(rounds):
        h1 = 1 / (1 + np.exp(-(w1 * x1 + w3 * x2)))
        h2 = 1 / (1 + np.exp(-(w2 * x1 + w4 * x2)))
        o1 = 1 / (1 + np.exp(-(w5 * h1 + w7 * h2)))
        o2 = 1 / (1 + np.exp(-(w6 * h1 + w8 * h2)))
        losses.append((o1 - y1) ** 2 / 2 + (o2 - y2) ** 2 / 2)
        d_o1 = (o1 - y1) * o1 * (1 - o1)
        d_o2 = (o2 - y2) * o2 * (1 - o2)
        d_h1 = (d_o1 * w5 + d_o2 * w6) * h1 * (1 - h1)
        d_h2 = (d_o1 * w7 + d_o2 * w8) * h2 * (1 - h2)
        dw1, dw2, dw3, dw4 = d_h1 * x1, d_h2 * x1, d_h1 * x2, d_h2 * x2
        dw5, dw6, dw7, dw8 = d_o1 * h1, d_o2 * h1, d_o1 * h2, d_o2 * h2
        w1, w2, w3, w4 = w1 - eta * dw1, w2 - eta * dw2, w3 - eta * dw3, w4 - eta * dw4
        w5, w6, w7, w8 = w5 - eta * dw5, w6 - eta * dw6, w7 - eta * dw7, w8 - eta * dw8
    return [float(w) for w in (w1, w2, w3, w4, w5, w6, w7, w8)]


def by_torch(spec: Spec, rounds: int) -> list[float]:
    """Autograd on tensors of one number each."""
    import torch

    dtype = getattr(torch, spec.precision_of("torch"))
    x1, x2, y1, y2 = (torch.tensor([number], dtype=dtype) for number in (*spec.inputs[0], *spec.targets[0]))
    weights = [torch.tensor([number], dtype=dtype, requires_grad=True) for number in spec.weights]
    w1, w2, w3, w4, w5, w6, w7, w8 = weights
    for _ in range(rounds):
        h1 = torch.sigmoid(w1 * x1 + w3 * x2)
        h2 = torch.sigmoid(w2 * x1 + w4 * x2)
        o1 = torch.sigmoid(w5 * h1 + w7 * h2)
        o2 = torch.sigmoid(w6 * h1 + w8 * h2)
        loss = (o1 - y1) ** 2 / 2 + (o2 - y2) ** 2 / 2
        loss.backward()
        for w in weights:
            w.data -= spec.step * w.grad.data
            w.grad.data.zero_()
    return [w.item() for w in weights]


def by_micrograd(spec: Spec, rounds: int) -> list[float]:
    """Autograd on micrograd's values, with a sigmoid added the way that its own functions are written."""
    Value = import_module("micrograd.engine").Value  # noqa: N806 - a class; it need not be installed

    def sigmoid(z: Any) -> Any:
        out = Value(1 / (1 + exp(-z.data)), (z,), "sigmoid")

        def backward() -> None:
            z.grad += out.data * (1 - out.data) * out.grad

        out._backward = backward
        return out

    (x1, x2), (y1, y2) = spec.inputs[0], spec.targets[0]
    weights = [Value(number) for number in spec.weights]
    w1, w2, w3, w4, w5, w6, w7, w8 = weights
    for _ in range(rounds):
        h1 = sigmoid(w1 * x1 + w3 * x2)
        h2 = sigmoid(w2 * x1 + w4 * x2)
        o1 = sigmoid(w5 * h1 + w7 * h2)
        o2 = sigmoid(w6 * h1 + w8 * h2)
        loss = (o1 - y1) ** 2 / 2 + (o2 - y2) ** 2 / 2
        for w in weights:
            w.grad = 0
        loss.backward()
        for w in weights:
            w.data -= spec.step * w.grad
    return [float(w.data) for w in weights]
