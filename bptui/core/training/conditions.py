"""Conditions that hold in some rounds and not in others: a neuron is dead, two neurons are copies, E is below 0.

A condition is tested in many rounds at once: its values are arrays of shape (rounds,), by name, including parameters.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, reduce
from itertools import combinations
from math import isfinite
from typing import Any

import numpy as np

from bptui.core.engines.program import compile_expression
from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.expr import Expr
from bptui.core.formulas.names import bias, derivative, of_sample, weighted_input
from bptui.core.formulas.network import Network
from bptui.core.formulas.rules.derivatives import derive_joint_outputs, derive_slope, has_joint_outputs
from bptui.core.formulas.samples import place_at_samples
from bptui.record import record

SATURATED = 0.01  # of the width of an activation's range: an output nearer to one of its ends is saturated


@record
class Condition:
    """A condition that holds in a round or does not.

    Attributes:
        kind: "negative", "dead", "saturated" or "copies".
        subject: The name of its subject: "E", a neuron, or the neurons that are copies of each other.
        test: ``values by name -> whether it holds``, for arrays of shape (rounds,); a scalar where no value varies.
    """

    kind: str
    subject: tuple[str, ...]
    test: Callable[[Mapping[str, Any]], Any]


@lru_cache(maxsize=64)
def list_conditions(network: Network) -> tuple[Condition, ...]:
    """Return every condition that may hold in a network.

    Args:
        network: The network, whose names the tests look up; with several samples a condition holds for all of them.

    Returns:
        The conditions; their tests take float64 or float32 values, and read activations, the loss and parameters.
    """
    negative = Condition("negative", ("E",), lambda values: values["E"] < 0)
    return (negative, *_dead(network), *_saturated(network), *_copies(network))


def _dead(n: Network) -> Iterator[Condition]:
    """Yield a condition per neuron: its slope is exactly 0, so no gradient passes through it."""
    for neuron in n.neurons:
        slopes = [s for slope in _list_slopes(n.one_sample, neuron) for s in place_at_samples(n, {"": slope}).values()]
        compiled = [compile_expression(slope) for slope in slopes]

        def test(values: Mapping[str, Any], compiled: Sequence[Callable[..., Any]] = compiled) -> Any:
            return _all([slope(values) == 0 for slope in compiled])

        yield Condition("dead", (neuron,), test)


def _list_slopes(n: Network, neuron: str) -> list[Expr]:
    """Return the derivatives of all outputs that are made of a neuron's weighted input."""
    if neuron not in n.outputs or not has_joint_outputs(n):
        return [derive_slope(n, neuron)]
    by_name = derive_joint_outputs(n)
    return [by_name[derivative(output, weighted_input(neuron))] for output in n.outputs]


def _all(holds: list[Any]) -> Any:
    """Return whether a condition holds for every sample, from an array over rounds or a scalar for each."""
    return reduce(np.logical_and, holds)


def _saturated(n: Network) -> Iterator[Condition]:
    """Yield a condition per neuron with an activation that is flat at both ends: its output is near to an end.

    Of softmax it would say little: what an output is multiplied by lies in all of them.
    """
    for neuron in n.neurons:
        low, high = ACTIVATIONS[n.activation(neuron)].range
        if ACTIVATIONS[n.activation(neuron)].of_layer:
            continue
        if isfinite(low) and isfinite(high):
            room = SATURATED * (high - low)

            def test(
                values: Mapping[str, Any], at: str = neuron, low: float = low + room, high: float = high - room
            ) -> Any:
                names = [of_sample(at, sample) for sample in n.samples or (0,)]
                return _all([(values[name] < low) | (values[name] > high) for name in names])

            yield Condition("saturated", (neuron,), test)


def _copies(n: Network) -> Iterator[Condition]:
    """Yield a condition per pair of hidden neurons of a layer with the same activation.

    It holds while they have the same weights in and out, and the same bias: then they stay identical for ever.
    """
    for pair in (pair for layer in n.hidden_layers for pair in combinations(layer.neurons, 2)):
        if n.activation(pair[0]) != n.activation(pair[1]):
            continue
        mine, its = (_weights_of(n, neuron) for neuron in pair)

        def test(values: Mapping[str, Any], mine: list[str] = mine, its: list[str] = its) -> Any:
            return np.all([values[a] == values[b] for a, b in zip(mine, its, strict=True)], axis=0)

        yield Condition("copies", pair, test)


def _weights_of(n: Network, neuron: str) -> list[str]:
    """Return the names of a hidden neuron's weights in and out, of its bias if it has one, and of their state."""
    around = [n.weight(source, neuron) for source in n.sources(neuron)]
    around += [n.weight(neuron, target) for target in n.targets_of(neuron)]
    around += [bias(neuron)] * (bias(neuron) in n.biases)
    return [name for p in around for name in (p, *n.list_state(p))]
