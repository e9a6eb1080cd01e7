"""The general formulas: one line for each kind of quantity, with sums and indices.

They are the round's own list of formulas, made for a network whose layers each hold one neuron that stands for all:
``x_i``, ``h_j``, ``o_k``, with the weights ``v_ij`` into the hidden layer and ``w_jk`` into the output layer. A sum
over a layer becomes the general term of a sum.
"""

import re
from collections.abc import Callable
from dataclasses import fields
from functools import cached_property, lru_cache

from bptui.core.formulas.backprop import Formula, formulas
from bptui.core.formulas.expr import Expr, Name, SumOver, rebuilt
from bptui.core.formulas.network import Network, Weight
from bptui.core.formulas.rules import RULES

INDICES = {"i": "input", "j": "hidden neuron", "k": "output"}
_FREE = "m"  # the index of a sum over a layer of which one neuron is meant already
_NODE = {"x": "x_i", "h": "h_j", "o": "o_k", "y": "y_k"}


class GeneralNetwork(Network):
    """A network with one neuron in each layer that stands for all of it."""

    @cached_property
    def inputs(self) -> tuple[str, ...]:  # noqa: D102
        return ("x_i",)

    @cached_property
    def hidden(self) -> tuple[str, ...]:  # noqa: D102
        return ("h_j",)

    @cached_property
    def outputs(self) -> tuple[str, ...]:  # noqa: D102
        return ("o_k",)

    @cached_property
    def targets(self) -> tuple[str, ...]:  # noqa: D102
        return ("y_k",)

    @cached_property
    def weights(self) -> tuple[Weight, ...]:  # noqa: D102
        return Weight("v_ij", "x_i", "h_j"), Weight("w_jk", "h_j", "o_k")

    def activation(self, neuron: str) -> str:
        """Name of the activation of a layer; empty if its neurons differ in it."""
        layer = self.activations[: self.q] if neuron in self.hidden else self.activations[self.q :]
        return layer[0] if len(set(layer)) == 1 else ""

    def sum_over(self, neurons: tuple[str, ...], term: Callable[[str], Expr]) -> Expr:
        """The general term of a sum over a layer."""
        index = neurons[0][-1]
        return SumOver(index, {"i": self.d, "j": self.q, "k": self.l}[index], term(neurons[0]))


@lru_cache(maxsize=64)
def general_formulas(network: Network) -> tuple[Formula, ...]:
    """The general terms of a network's formulas, in calculation order.

    A gradient rule that treats one hidden neuron unlike another has no general term for the hidden deltas.
    """
    general = GeneralNetwork(**{f.name: getattr(network, f.name) for f in fields(network)})
    lines = [f for f in formulas(general) if f.phase != "hidden deltas" or RULES[network.rule].general]
    return tuple(Formula(f.name, _unclashed(f.expr, f.name), f.phase) for f in lines)


def _unclashed(expr: Expr, name: str) -> Expr:
    """The expression of a quantity, its sums over an index other than the quantity's own or that of a sum around."""
    own = re.search("_([ijk]+)$", name)

    def reindexed(part: Expr) -> Expr:
        return Name(f"{part.name[:-1]}{_FREE}") if isinstance(part, Name) else rebuilt(part, reindexed)

    def visit(part: Expr, taken: str) -> Expr:
        if not isinstance(part, SumOver):
            return rebuilt(part, lambda inner: visit(inner, taken))
        if part.index in taken:
            return SumOver(_FREE, part.count, reindexed(part.term))
        return SumOver(part.index, part.count, visit(part.term, taken + part.index))

    return visit(expr, own[1] if own else "")


def general_name(network: Network, name: str) -> str:
    """The general name of a quantity or of what it is computed from: ``dE_dv_ij`` of ``dE_dw1``, ``h_j`` of ``h1``."""
    into_hidden = {w.name for w in network.weights if w.target in network.hidden}

    def general(found: re.Match[str]) -> str:
        if found[1] == "w":
            return "v_ij" if found[0] in into_hidden else "w_jk"
        return _NODE[found[1]]

    return re.sub(r"(?:(?<![a-z])|(?<=_d))([xhoyw])\d+", general, name)
