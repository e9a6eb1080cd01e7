"""The torch engine: the same run in PyTorch, with forward pass and autograd.

Nothing here uses the formulas, so an error in them cannot hide. The weights into a layer are a matrix with a row per
source. Where a problem has several samples, inputs and all that is computed from them have a row for each.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from bptui.core.engines.engine import Floats, Rounds, Values
from bptui.core.engines.torch_optimiser import Leaves, TorchOptimiser
from bptui.core.engines.torch_text import choose_sum, compile_text, make_gradient_function
from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.names import (
    bias,
    delta,
    derivative,
    gradient,
    of_sample,
    softmax,
    unbiased,
    updated,
    weighted_input,
)
from bptui.core.problem.spec import Spec

VERSION = str(torch.__version__)


class TorchEngine:
    """The engine of forward pass and autograd, on tensors of one precision; it ignores the gradient rule.

    Attributes:
        spec: The problem.
        name: "torch".
        dtype: The problem's precision for torch, float64 or float32.
    """

    name = "torch"

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        precision = spec.precision_of(self.name)
        self.dtype: np.dtype[Any] = np.dtype(precision)
        self._dtype = getattr(torch, precision)
        self._x = torch.tensor(spec.inputs, dtype=self._dtype)
        self._y = torch.tensor(spec.targets, dtype=self._dtype)
        n = self._network = spec.network
        self._is_joint = ACTIVATIONS[n.activation(n.outputs[0])].of_layer is not None
        self._gradients = make_gradient_function(self._dtype)
        self._optimiser = TorchOptimiser(spec, self._dtype)
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
        self._sum = [choose_sum(len(matrix)) for matrix in matrices]
        is_trained = [not n.is_frozen(p) for p in n.parameters]
        self._trained = sum(is_trained[places.flat[0]] for places in self._places)  # the frozen last
        kinds = (len(n.state) - len(is_trained)) // max(sum(is_trained), 1)
        self._in_state = np.array([[True] * len(is_trained), *[is_trained] * kinds])

    def _compiled(self, text: str, *arguments: str) -> Callable[..., Tensor]:
        return compile_text(text, self._dtype, *arguments)

    def _layer(self, names: tuple[str, ...]) -> Callable[[Tensor], Tensor]:
        by_name = {name: self._compiled(ACTIVATIONS[name].torch.format(z="z"), "z") for name in set(names)}
        if len(by_name) == 1:
            return by_name[names[0]]
        return lambda z: torch.stack([by_name[name](z[..., i]) for i, name in enumerate(names)], -1)

    # States as tensors and back

    def _read(self, state: Floats) -> tuple[Leaves, list[Leaves]]:
        """Return the leaf tensors of a state, and the optimiser's state by kind, as tensors of the same shapes.

        The leaves are each gap's matrix, then each layer's biases, or its shared one, if it has any.
        """
        wide = np.zeros(self._in_state.shape, self.dtype)
        with np.errstate(over="ignore"):
            wide[self._in_state] = state
        one = self._network.shares_biases
        index = [torch.tensor(p[:1] if one and p.ndim == 1 else p) for p in self._places]
        leaves, *memory = ([row[places] for places in index] for row in torch.from_numpy(wide))
        return [leaf.requires_grad_() for leaf in leaves], memory

    def _write(self, rounds: Sequence[tuple[Leaves, list[Leaves]]]) -> Floats:
        """Return states as an array of shape (rounds, state)."""
        kinds = [[leaves, *memory] for leaves, memory in rounds]
        wide = np.stack([self._vectors(of_kind) for of_kind in zip(*kinds, strict=True)], axis=1)
        return wide[:, self._in_state]

    def _vectors(self, rounds: Sequence[Sequence[Tensor]]) -> Floats:
        """Return leaves, or their gradients, as vectors in the parameters' order, of shape (rounds, parameters)."""
        vectors = np.empty((len(rounds), len(self._network.parameters)), self.dtype)
        for places, leaves in zip(self._places, zip(*rounds, strict=True), strict=True):
            vectors[:, places] = torch.stack(leaves).detach().numpy()  # a shared bias is repeated
        return vectors

    # Rounds

    def _forward(self, leaves: Leaves, round_: int) -> tuple[list[Tensor], list[Tensor], list[Tensor]]:
        """Return the weighted inputs and the outputs of every layer, and the loss of each sample."""
        several = len(self.spec.inputs) > 1
        rows: Any = [sample - 1 for sample in self.spec.samples_of(round_)] if several else 0
        layers, arriving, targets = self._network.layers, self._x[rows], self._y[rows]
        biases = iter(leaves[len(layers) :])
        inputs, outputs = list[Tensor](), list[Tensor]()
        for layer, matrix, add_up, activate in zip(layers, leaves, self._sum, self._activate, strict=False):
            z = add_up(arriving.unsqueeze(-1) * matrix)
            if layer.has_biases:
                z = z + next(biases)
            arriving = activate(z)
            inputs.append(z)
            outputs.append(arriving)
        pairs = zip(arriving, targets, strict=True) if several else [(arriving, targets)]
        return inputs, outputs, [self._loss(o, y) for o, y in pairs]

    def _combine(self, losses: list[Tensor]) -> Tensor:
        """Return the loss of a round from the losses of its samples."""
        if len(losses) == 1:
            return losses[0]
        return torch.stack(losses).mean() if self.spec.over_samples == "mean" else torch.stack(losses).sum()

    def evaluate(self, state: Floats, round_: Rounds) -> Values:
        """Compute all quantities of one round, under the NumPy engine's names.

        Args:
            state: The state that the round starts from, of shape (state,).
            round_: The number of the round.

        Returns:
            The quantities by name, scalars in the engine's precision.
        """
        round_ = int(round_)
        n, (leaves, memory) = self.spec.network_of(round_), self._read(state)
        inputs, outputs, losses = self._forward(leaves, round_)
        values: dict[str, Any] = {}
        for row, (sample, loss) in enumerate(zip(n.samples or (0,), losses, strict=True)):
            *found, by_output = torch.autograd.grad(loss, [*leaves, *inputs, outputs[-1]], retain_graph=True)
            its = [[t[row] if sample else t for t in of] for of in (inputs, outputs, found[len(leaves) :])]
            by_parameter = self._vectors([found[: len(leaves)]])[0]
            named = {**self._name_neurons(*its), "E": loss.detach().numpy()[()]}
            if self._is_joint:
                at = row if sample else ...
                slopes = [torch.autograd.grad(o, inputs[-1], retain_graph=True)[0][at] for o in outputs[-1][at]]
                named |= self._name_joint(by_output[at], slopes)
            named |= zip(map(gradient, n.parameters), by_parameter, strict=True)
            values |= {of_sample(name, sample): value for name, value in named.items()}
        loss = self._combine(losses)
        slopes = list(torch.autograd.grad(loss, leaves))
        values["E"] = loss.detach().numpy()[()]
        values |= zip(map(gradient, n.parameters), self._vectors([slopes])[0], strict=True)
        after = self._optimiser.step(leaves, slopes[: self._trained], memory, round_)
        values |= zip(map(updated, n.state), self._write([after])[0], strict=True)
        return values | self._name_unbiased(after[1], round_)

    def _name_neurons(self, inputs: list[Tensor], outputs: list[Tensor], deltas: list[Tensor]) -> dict[str, Any]:
        """Return what belongs to the neurons by name, from tensors of one sample for each layer."""
        layers, values = self._network.layers, dict[str, Any]()
        for layer, z, a, of_layer in zip(layers, inputs, outputs, deltas, strict=True):
            values |= zip(map(weighted_input, layer.neurons), z.detach().numpy(), strict=True)
            values |= zip(layer.neurons, a.detach().numpy(), strict=True)
            values |= zip(map(delta, layer.neurons), of_layer.numpy(), strict=True)
        for part in self._parts:
            numbers = part(outputs[-1].detach()).numpy()
            names = [softmax(o) for o in self._network.outputs] if numbers.ndim else ["log_sum_exp"]
            values |= zip(names, np.atleast_1d(numbers), strict=True)
        return values

    def _name_joint(self, by_output: Tensor, slopes: list[Tensor]) -> dict[str, Any]:
        """Return the derivatives of the loss by the outputs, and of these by the weighted inputs, by name."""
        outputs = self._network.outputs
        values = dict[str, Any](zip([derivative("E", o) for o in outputs], by_output.numpy(), strict=True))
        numbers = (number for row in slopes for number in row.numpy())
        names = [derivative(of, weighted_input(by)) for of, by in self._network.output_pairs]
        return values | dict(zip(names, numbers, strict=True))

    def _name_unbiased(self, memory: list[Leaves], round_: int) -> dict[str, Any]:
        """Return the optimiser's state after its bias correction by name, if it has one."""
        n, values = self._network, dict[str, Any]()
        for kind, of_kind in self._optimiser.correct(memory, round_).items():
            numbers = self._vectors([of_kind])[0]
            named = zip(n.parameters, numbers, strict=True)
            values |= {unbiased(kind, p): number for p, number in named if not n.is_frozen(p)}
        return values

    def advance(self, state: Floats, rounds: int, first: int) -> tuple[Floats, Floats]:
        """Train for a number of rounds; see ``Engine.advance``."""
        leaves, memory = self._read(state)
        started, losses = [(leaves, memory)], list[Tensor]()
        for round_ in range(first, first + rounds):
            loss = self._combine(self._forward(leaves, round_)[2])
            slopes = self._gradients(loss, leaves[: self._trained])
            leaves, memory = self._optimiser.step(leaves, slopes, memory, round_)
            started.append((leaves, memory))
            losses.append(loss.detach())
        states = self._write(started)
        return np.column_stack([torch.stack(losses).numpy(), states[:-1]]), states[-1]
