"""The update of a round by torch's own optimisers.

The optimiser's state is handed in and out, as rounds are computed in any order. Plain gradient descent is one line, as
in a program without ``torch.optim``.
"""

from collections.abc import Sequence
from math import inf
from typing import Any

import torch
from torch import Tensor

from bptui.core.formulas.optimisers import DESCENT, OPTIMISERS
from bptui.core.problem.spec import Spec

Leaves = list[Tensor]


class TorchOptimiser:
    """The optimiser of a problem, on tensors of one precision.

    Args:
        spec: The problem.
        dtype: torch.float64 or torch.float32.
    """

    def __init__(self, spec: Spec, dtype: "torch.dtype") -> None:
        self._row = OPTIMISERS[spec.optimiser]
        self._is_plain = spec.optimiser == DESCENT and not spec.weight_decay
        self._step = torch.tensor(spec.step, dtype=dtype)
        self._rate = float(self._step)
        words, most = self._row.torch, torch.finfo(dtype).max
        options: dict[str, Any] = {
            name: tuple(getattr(spec, one) for one in own) if own[1:] else getattr(spec, own[0])
            for name, own in words.options.items()
        }
        self._betas: tuple[float, ...] = options.get("betas", ())
        self._has_state = words.has_state(spec.momentum)
        options |= {"lr": spec.step, "weight_decay": spec.weight_decay, **(words.flags if self._has_state else {})}
        # torch refuses options beyond the precision, which as tensors would be infinite
        self._options = {name: inf if isinstance(own, float) and own > most else own for name, own in options.items()}
        # and Adam's quotient of two: only such updates are computed more precisely than the rest
        is_too_large = self._betas and spec.step / (1.0 - self._betas[0]) > most
        self._dtype = torch.float64 if is_too_large else dtype

    def step(
        self, leaves: Leaves, gradients: Sequence[Tensor], memory: list[Leaves], round_: int
    ) -> tuple[Leaves, list[Leaves]]:
        """Make the update of a round.

        Args:
            leaves: The parameters; those at the end that have no gradient are frozen.
            gradients: The gradient of each trained leaf.
            memory: The optimiser's state before the round, by kind, as tensors of the leaves' shapes.
            round_: The number of the round.

        Returns:
            The leaves and the optimiser's state after the round.
        """
        pairs = list(zip(leaves, gradients, strict=False))
        if self._is_plain:
            trained = [(leaf.detach() - self._step * g).requires_grad_() for leaf, g in pairs]
            return [*trained, *leaves[len(trained) :]], memory
        copies = [leaf.detach().to(self._dtype, copy=True).requires_grad_() for leaf, _ in pairs]
        if not copies:
            return leaves, memory
        optimiser = getattr(torch.optim, self._row.torch.name)(copies, **self._options)
        names = [self._row.torch.state[kind] for kind in self._row.state]
        for place, (copy, (_, g)) in enumerate(zip(copies, pairs, strict=True)):
            copy.grad = g.detach().to(self._dtype, copy=True)
            own = {name: self._read(of_kind[place]) for name, of_kind in zip(names, memory, strict=True)}
            if not self._has_state:  # then this is what a momentum of 0 leaves
                own = dict.fromkeys(names, copy.grad.add(copy.detach(), alpha=self._options["weight_decay"]))
            optimiser.state[copy] = {"step": torch.tensor(float(round_ - 1)), **own}
        optimiser.step()
        rest, dtype = len(copies), leaves[0].dtype
        after = [
            [*(self._write(optimiser.state[copy][name]).to(dtype) for copy in copies), *of_kind[rest:]]
            for name, of_kind in zip(names, memory, strict=True)
        ]
        return [*(copy.detach().to(dtype).requires_grad_() for copy in copies), *leaves[rest:]], after

    def _read(self, state: Tensor) -> Tensor:
        """Return state as torch has it; with a learning rate of 0 in this precision, there is none."""
        if not self._row.torch.by_rate:
            return state.to(self._dtype, copy=True)
        return state / -self._rate if self._rate else torch.zeros_like(state)

    def _write(self, state: Tensor) -> Tensor:
        return state * -self._rate if self._row.torch.by_rate else state.clone()

    def correct(self, memory: list[Leaves], round_: int) -> dict[str, Leaves]:
        """Return the optimiser's state after a round with its bias corrected, by kind; empty if it corrects none."""
        pairs = zip(self._row.state, self._betas, memory, strict=True) if self._betas else ()
        return {kind: [tensor / (1.0 - beta**round_) for tensor in of_kind] for kind, beta, of_kind in pairs}
