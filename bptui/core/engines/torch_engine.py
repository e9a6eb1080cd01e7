"""The second opinion: the same training in PyTorch, forward pass and autograd. The only file that imports torch.

Nothing here uses the formulas, so an error in them cannot hide. The weights into a layer are a matrix; weighted inputs
are summed in source order, source by source, which reproduces a scalar program's float32 results to the last bit
(a matrix product need not), and on whatever x86 processor.
"""

import ast
import os
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

# The last bits of exp depend on the processor, unless MKL is told, before it is loaded, to use what all of them have
os.environ.setdefault("MKL_CBWR", "COMPATIBLE")

import torch
from numpy.typing import NDArray
from torch import Tensor

from bptui.core.engines.engine import Floats, Rounds, Values
from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.names import bias, delta, gradient, softmax, updated, weighted_input
from bptui.core.problem.spec import Spec

torch.set_num_threads(1)  # a thread pool costs more than tensors of eight numbers
_IN_ORDER = 4  # rows up to which torch's own sum, the faster one, adds them one after the other
VERSION = str(torch.__version__)


class _Quicker(ast.NodeTransformer):
    """The same operations, forwards and backwards, in fewer steps, for torch takes long to take a Python number.

    Torch's own 1 / z is torch.reciprocal(z) times 1, and its z ** 2 is torch.square(z); other numbers that an operator
    comes after become tensors, under names.
    """

    def __init__(self) -> None:
        self.numbers: dict[str, float] = {}

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        match node:
            case ast.BinOp(ast.Constant(1), ast.Div(), z):
                return _call("reciprocal", z)
            case ast.BinOp(z, ast.Pow(), ast.Constant(2)):
                return _call("square", z)
            case ast.BinOp(ast.Constant(float() | int() as number), ast.Add() | ast.Sub() | ast.Mult()):
                name = f"number_{len(self.numbers)}"
                self.numbers[name] = number
                return ast.BinOp(ast.Name(name, ast.Load()), node.op, node.right)
        return node


def _call(name: str, argument: ast.expr) -> ast.expr:
    return ast.Call(ast.Attribute(ast.Name("torch", ast.Load()), name, ast.Load()), [argument], [])


def compile_text(text: str, dtype: "torch.dtype", *arguments: str) -> Callable[..., Tensor]:
    """A function from a table row's torch text (the program's own text, never a user's), to the same last bit."""
    quicker = _Quicker()
    tree = ast.fix_missing_locations(quicker.visit(ast.parse(f"lambda {', '.join(arguments)}: {text}", mode="eval")))
    numbers = {name: torch.tensor(number, dtype=dtype) for name, number in quicker.numbers.items()}
    function: Callable[..., Tensor] = eval(compile(tree, text, "eval"), {"torch": torch, **numbers})
    return function


def make_gradient_function(dtype: "torch.dtype") -> Callable[[Tensor, Sequence[Tensor]], Sequence[Tensor]]:
    """``torch.autograd.grad`` of a loss by leaves, past its checks, which take a fifth of a round.

    What it calls after them is not public: if it cannot be called so, it is ``torch.autograd.grad`` itself.
    """
    one, leaf = torch.ones((), dtype=dtype), torch.ones((), dtype=dtype, requires_grad=True)

    def quick(loss: Tensor, leaves: Sequence[Tensor]) -> Sequence[Tensor]:
        found: Sequence[Tensor] = run((loss,), (one,), False, False, tuple(leaves), False, accumulate_grad=False)
        return found

    try:
        run = torch.autograd.Variable._execution_engine.run_backward
        known = bool(quick(3 * leaf, [leaf])[0] == 3)
    except (AttributeError, TypeError, RuntimeError):
        known = False
    return quick if known else torch.autograd.grad


def _sum(rows: Tensor) -> Tensor:
    return rows.sum(0)


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
        self._gradients = make_gradient_function(self._dtype)
        self._step = torch.tensor(spec.step, dtype=self._dtype)
        self._loss = self._compiled(LOSSES[spec.loss].torch, "o", "y")
        self._parts = [self._compiled(text, "o") for text in LOSSES[spec.loss].torch_parts]
        self._activate = [self._layer(layer.activations) for layer in n.layers]
        place = {name: i for i, name in enumerate(n.parameters)}
        matrices, vectors = list[NDArray[np.intp]](), list[NDArray[np.intp]]()
        for layer in n.layers:
            sources = n.sources(layer.neurons[0])
            matrices.append(np.array([[place[n.weight(s, t)] for t in layer.neurons] for s in sources]))
            if layer.has_biases:
                vectors.append(np.array([place[bias(neuron)] for neuron in layer.neurons]))
        self._places = matrices + vectors
        self._sum = [_sum if len(matrix) <= _IN_ORDER else _sum_in_order for matrix in matrices]
        self._trained = sum(not n.is_frozen(n.parameters[places.flat[0]]) for places in self._places)  # the frozen last

    def _compiled(self, text: str, *arguments: str) -> Callable[..., Tensor]:
        return compile_text(text, self._dtype, *arguments)

    def _layer(self, names: tuple[str, ...]) -> Callable[[Tensor], Tensor]:
        by_name = {name: self._compiled(ACTIVATIONS[name].torch.format(z="z"), "z") for name in set(names)}
        if len(by_name) == 1:
            return by_name[names[0]]
        return lambda z: torch.stack([by_name[name](z[i]) for i, name in enumerate(names)])

    def _leaves(self, parameters: Floats) -> list[Tensor]:
        """The tensors that are trained: each gap's matrix, then the biases of each layer that has some, or its one."""
        with np.errstate(over="ignore"):
            flat = torch.from_numpy(np.array(parameters, dtype=self.dtype))
        one = self._network.shares_biases
        leaves = [flat[torch.tensor(p[:1] if one and p.ndim == 1 else p)] for p in self._places]
        return [leaf.requires_grad_() for leaf in leaves]

    def _forward(self, leaves: Sequence[Tensor]) -> tuple[list[Tensor], list[Tensor], Tensor]:
        """Weighted inputs and outputs of every layer, and the loss."""
        layers, arriving = self._network.layers, self._x
        biases = iter(leaves[len(layers) :])
        inputs, outputs = list[Tensor](), list[Tensor]()
        for layer, matrix, add_up, activate in zip(layers, leaves, self._sum, self._activate, strict=False):
            z = add_up(arriving.unsqueeze(1) * matrix)
            if layer.has_biases:
                z = z + next(biases)
            arriving = activate(z)
            inputs.append(z)
            outputs.append(arriving)
        return inputs, outputs, self._loss(arriving, self._y)

    def _update(self, leaves: list[Tensor], gradients: Sequence[Tensor]) -> list[Tensor]:
        """The leaves after a step; those at the end that have no gradient are frozen."""
        pairs = zip(leaves, gradients, strict=False)
        trained = [(leaf.detach() - self._step * g).requires_grad_() for leaf, g in pairs]
        return trained + leaves[len(trained) :]

    def _vectors(self, rounds: Sequence[Sequence[Tensor]]) -> Floats:
        """Each round's trained tensors, or their gradients, as one vector in the parameters' order."""
        vectors = np.empty((len(rounds), len(self._network.parameters)), self.dtype)
        for places, leaves in zip(self._places, zip(*rounds, strict=True), strict=True):
            vectors[:, places] = torch.stack(leaves).detach().numpy()  # a shared bias is repeated
        return vectors

    def evaluate(self, state: Floats, round_: Rounds) -> Values:
        """Compute all quantities of one round, under the same names as the NumPy engine's."""
        n, leaves = self._network, self._leaves(state)
        inputs, outputs, loss = self._forward(leaves)
        found = torch.autograd.grad(loss, [*leaves, *inputs])
        by_leaf, deltas = found[: len(leaves)], found[len(leaves) :]
        by_parameter, after = self._vectors([by_leaf, self._update(leaves, by_leaf[: self._trained])])
        values: dict[str, Any] = {}
        for layer, z, a in zip(n.layers, inputs, outputs, strict=True):
            values |= zip(map(weighted_input, layer.neurons), z.detach().numpy(), strict=True)
            values |= zip(layer.neurons, a.detach().numpy(), strict=True)
        for part in self._parts:
            numbers = part(outputs[-1].detach()).numpy()
            names = [softmax(o) for o in n.outputs] if numbers.ndim else ["log_sum_exp"]
            values |= zip(names, np.atleast_1d(numbers), strict=True)
        values["E"] = loss.detach().numpy()[()]
        for layer, of_layer in reversed(list(zip(n.layers, deltas, strict=True))):
            values |= zip(map(delta, layer.neurons), of_layer.numpy(), strict=True)
        values |= zip(map(gradient, n.parameters), by_parameter, strict=True)
        values |= zip(map(updated, n.parameters), after, strict=True)
        return values

    def advance(self, state: Floats, rounds: int, first: int) -> tuple[Floats, Floats]:
        """Train for some rounds; see ``Engine.advance``."""
        leaves = self._leaves(state)
        started, losses = [leaves], list[Tensor]()
        for _ in range(rounds):
            loss = self._forward(leaves)[2]
            leaves = self._update(leaves, self._gradients(loss, leaves[: self._trained]))
            started.append(leaves)
            losses.append(loss.detach())
        vectors = self._vectors(started)
        return np.column_stack([torch.stack(losses).numpy(), vectors[:-1]]), vectors[-1]
