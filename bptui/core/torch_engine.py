"""The second opinion: the same training in PyTorch, forward pass and autograd. The only file that imports torch.

Nothing here uses the formulas, so an error in them cannot hide. Weights are the matrices V and W; weighted inputs
are summed in source order, source by source, which reproduces a scalar program's float32 results to the last bit
(a matrix product need not), and on whatever x86 processor.
"""

import os
from collections.abc import Callable
from typing import Any

import numpy as np

# The last bits of exp depend on the processor, unless MKL is told, before it is loaded, to use what all of them have
os.environ.setdefault("MKL_CBWR", "COMPATIBLE")

import torch
from torch import Tensor

from bptui.core.engine import Floats, Values
from bptui.core.functions import ACTIVATIONS, LOSSES
from bptui.core.network import bias, delta, gradient, softmax, updated, weighted_input
from bptui.core.spec import Spec

torch.set_num_threads(1)  # a thread pool costs more than tensors of eight numbers
_IN_ORDER = 4  # rows up to which torch's own sum, the faster one, adds them one after the other
VERSION = str(torch.__version__)


def _compiled(text: str, *arguments: str) -> Callable[..., Tensor]:
    """A function from a table row's torch text (the program's own text, never a user's)."""
    function: Callable[..., Tensor] = eval(f"lambda {', '.join(arguments)}: {text}", {"torch": torch})
    return function


def _sum_in_order(rows: Tensor) -> Tensor:
    first, *others = rows.unbind()
    for row in others:
        first = first + row
    return first


class TorchEngine:
    """Forward pass and autograd on tensors of one precision; the gradient rule plays no part."""

    name = "torch"

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        precision = spec.precision_of(self.name)
        self.dtype: np.dtype[Any] = np.dtype(precision)
        self._dtype = getattr(torch, precision)
        self._x = torch.tensor(spec.inputs, dtype=self._dtype)
        self._y = torch.tensor(spec.targets, dtype=self._dtype)
        n = self._network = spec.network
        self._loss = _compiled(LOSSES[spec.loss].torch, "o", "y")
        self._parts = [_compiled(text, "o") for text in LOSSES[spec.loss].torch_parts]
        self._activate = [self._layer(n.activations[: n.q]), self._layer(n.activations[n.q :])]
        place = {name: i for i, name in enumerate(n.parameters)}
        self._places = [
            torch.tensor([[place[n.weight(s, t)] for t in n.hidden] for s in n.inputs]),
            torch.tensor([[place[n.weight(s, t)] for t in n.outputs] for s in n.hidden]),
        ]
        self._bias_places = [
            [place[bias(h)] for h in n.hidden if bias(h) in place],
            [place[bias(o)] for o in n.outputs if bias(o) in place],
        ]

    @staticmethod
    def _layer(names: tuple[str, ...]) -> Callable[[Tensor], Tensor]:
        by_name = {name: _compiled(ACTIVATIONS[name].torch.format(z="z"), "z") for name in set(names)}
        if len(by_name) == 1:
            return by_name[names[0]]
        return lambda z: torch.stack([by_name[name](z[i]) for i, name in enumerate(names)])

    def _leaves(self, parameters: Floats) -> list[Tensor]:
        """The tensors that are trained: V, W, then the biases of each layer that has some (one if shared)."""
        with np.errstate(over="ignore"):
            flat = torch.from_numpy(np.array(parameters, dtype=self.dtype))
        leaves = [flat[places] for places in self._places]
        shared = self.spec.bias_update == "shared"
        leaves += [flat[p[:1] if shared else p] for p in self._bias_places if p]
        return [leaf.requires_grad_() for leaf in leaves]

    def _forward(self, leaves: list[Tensor]) -> tuple[list[Tensor], list[Tensor], Tensor]:
        """Weighted inputs and outputs of both layers, and the loss."""
        biases = iter(leaves[2:])
        values, inputs, outputs = self._x, [], []
        for weights, places, activate in zip(leaves[:2], self._bias_places, self._activate, strict=True):
            products = values[:, None] * weights
            z = products.sum(0) if len(values) <= _IN_ORDER else _sum_in_order(products)
            if places:
                z = z + next(biases)
            values = activate(z)
            inputs.append(z)
            outputs.append(values)
        return inputs, outputs, self._loss(values, self._y)

    def _update(self, leaves: list[Tensor], gradients: tuple[Tensor, ...]) -> list[Tensor]:
        frozen = self.spec.bias_update == "frozen"
        with torch.no_grad():
            return [
                leaf.detach() if frozen and place >= 2 else leaf - self.spec.step * g
                for place, (leaf, g) in enumerate(zip(leaves, gradients, strict=True))
            ]

    def _vector(self, leaves: list[Tensor]) -> Floats:
        """Trained tensors, or their gradients, as one vector in the parameters' order."""
        vector = np.empty(len(self._network.parameters), self.dtype)
        for places, leaf in zip(self._places, leaves, strict=False):
            vector[places.numpy()] = leaf.detach().numpy()
        for bias_places, leaf in zip([p for p in self._bias_places if p], leaves[2:], strict=True):
            vector[bias_places] = leaf.detach().numpy()  # a shared bias is repeated
        return vector

    def evaluate(self, parameters: Floats) -> Values:
        """All quantities of one round, under the same names as the NumPy engine's."""
        n, leaves = self._network, self._leaves(parameters)
        inputs, outputs, loss = self._forward(leaves)
        *by_leaf, delta_hidden, delta_output = torch.autograd.grad(loss, [*leaves, *inputs])
        new = self._vector(self._update(leaves, tuple(by_leaf)))
        by_parameter = self._vector(by_leaf)
        values: dict[str, Any] = {}
        for neurons, z, a in zip((n.hidden, n.outputs), inputs, outputs, strict=True):
            values |= zip(map(weighted_input, neurons), z.detach().numpy(), strict=True)
            values |= zip(neurons, a.detach().numpy(), strict=True)
        for part in self._parts:
            found = part(outputs[1].detach()).numpy()
            names = [softmax(o) for o in n.outputs] if found.ndim else ["log_sum_exp"]
            values |= zip(names, np.atleast_1d(found), strict=True)
        values["E"] = loss.detach().numpy()[()]
        values |= zip(map(delta, n.outputs), delta_output.numpy(), strict=True)
        values |= zip(map(delta, n.hidden), delta_hidden.numpy(), strict=True)
        values |= zip(map(gradient, n.parameters), by_parameter, strict=True)
        values |= zip(map(updated, n.parameters), new, strict=True)
        return values

    def advance(self, parameters: Floats, rounds: int) -> tuple[Floats, Floats]:
        """Train for some rounds; see ``Engine.advance``."""
        leaves, rows = self._leaves(parameters), np.empty((rounds, len(parameters) + 1), self.dtype)
        for row in rows:
            loss = self._forward(leaves)[2]
            gradients = torch.autograd.grad(loss, leaves)
            row[0], row[1:] = loss.detach().numpy(), self._vector(leaves)
            leaves = [leaf.requires_grad_() for leaf in self._update(leaves, gradients)]
        return rows, self._vector(leaves)
