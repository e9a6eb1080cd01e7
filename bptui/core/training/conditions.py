"""What can hold of a network in some rounds and not in others: a neuron that is dead, two that are copies, E below 0.

A condition is tested in many rounds at once: its values are arrays over rounds, by name, parameters among them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import isfinite
from typing import Any

import numpy as np

from bptui.core.engines.program import compile_expression
from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.names import bias
from bptui.core.formulas.network import Network
from bptui.core.formulas.rules import derive_slope

SATURATED = 0.01  # of an activation's range: an output so near to an end of it is saturated


@dataclass(frozen=True)
class Condition:
    """Something that holds in a round or does not.

    Attributes:
        kind: "negative", "dead", "saturated" or "copies".
        subject: What it is about: "E", a neuron, or the neurons that are each other's copies.
        test: ``values by name -> whether it holds``, for arrays over rounds.
    """

    kind: str
    subject: tuple[str, ...]
    test: Callable[[Mapping[str, Any]], Any]


@lru_cache(maxsize=64)
def list_conditions(network: Network) -> tuple[Condition, ...]:
    """Every condition that may hold in a network."""
    negative = Condition("negative", ("E",), lambda values: values["E"] < 0)
    return (negative, *_dead(network), *_saturated(network), *_copies(network))


def _dead(n: Network) -> Iterator[Condition]:
    """A neuron whose slope is exactly 0: no gradient passes through it."""
    for neuron in n.neurons:
        worth = compile_expression(derive_slope(n, neuron))
        yield Condition("dead", (neuron,), lambda values, worth=worth: worth(values) == 0)  # type: ignore[misc]


def _saturated(n: Network) -> Iterator[Condition]:
    """A neuron whose activation levels out at both ends, near to one of them."""
    for neuron in n.neurons:
        low, high = ACTIVATIONS[n.activation(neuron)].range
        if isfinite(low) and isfinite(high):
            room = SATURATED * (high - low)

            def test(
                values: Mapping[str, Any], at: str = neuron, low: float = low + room, high: float = high - room
            ) -> Any:
                return (values[at] < low) | (values[at] > high)

            yield Condition("saturated", (neuron,), test)


def _copies(n: Network) -> Iterator[Condition]:
    """Two hidden neurons with the same activation and the same weights, in and out: they do the same for ever."""
    for pair in (pair for layer in n.hidden_layers for pair in combinations(layer.neurons, 2)):
        if n.activation(pair[0]) != n.activation(pair[1]):
            continue
        mine, its = (_weights_of(n, neuron) for neuron in pair)

        def test(values: Mapping[str, Any], mine: list[str] = mine, its: list[str] = its) -> Any:
            return np.all([values[a] == values[b] for a, b in zip(mine, its, strict=True)], axis=0)

        yield Condition("copies", pair, test)


def _weights_of(n: Network, neuron: str) -> list[str]:
    """A hidden neuron's weights in and out, and its bias if it has one."""
    around = [n.weight(source, neuron) for source in n.sources(neuron)]
    around += [n.weight(neuron, target) for target in n.targets_of(neuron)]
    return around + [bias(neuron)] * (bias(neuron) in n.biases)
