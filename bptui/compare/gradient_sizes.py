"""Observations about depth: how large the gradients are layer by layer, and where they vanish or explode on the way.

The size of a layer's gradients is the mean of |∂E/∂w| over the weights into it. A gradient is a delta times what the
weight carries, so it may be small for a small input alone: on the way back only deltas vanish or explode.
"""

from collections.abc import Iterator, Mapping
from math import isfinite, nan
from typing import Any

import numpy as np

from bptui.compare.findings import Findings, format_value
from bptui.core.formulas.names import delta, gradient, of_sample
from bptui.core.formulas.network import Network
from bptui.text.numbers import format_percent, write_minus
from bptui.text.words import join_words

VANISHED = 0.01  # of the size of the gradients into the output layer: with less in layer 1 they have vanished


def describe_gradient_sizes(seen: Findings) -> Iterator[str]:
    """Yield the sizes in the first and the last round with finite numbers, for several hidden layers."""
    facts, network = seen.facts, seen.facts.spec.network
    if len(network.hidden_layers) < 2 or not facts.end:
        return
    for round_, values in {1: facts.start, facts.end: facts.values}.items():
        sizes = _measure(network, values)
        if all(map(isfinite, sizes)) and sizes[-1]:
            into = [
                f"{format_value(size)} for {layer.words}" for size, layer in zip(sizes, network.layers, strict=True)
            ]
            yield (
                f"In round {round_:,}, the mean |∂E/∂w| of the weights into a layer is {join_words(into)}"
                f"{_judge(sizes[0] / sizes[-1], _compare_deltas(facts.spec.network_of(round_), values))}."
            )


def _measure(network: Network, values: Mapping[str, Any]) -> list[float]:
    """Return the size of the gradients of each layer in a round, in float64."""
    with np.errstate(all="ignore"):
        return [float(np.mean([abs(np.float64(values[gradient(w.name)])) for w in gap])) for gap in network.gaps]


def _compare_deltas(network: Network, values: Mapping[str, Any]) -> float:
    """Return the mean size of the deltas of the first hidden layer over that of the outputs' deltas."""
    first, last = (
        float(np.mean([abs(np.float64(values[of_sample(delta(n), s)])) for n in layer.neurons for s in samples]))
        for samples in [network.samples or (0,)]
        for layer in (network.layers[0], network.layers[-1])
    )
    return first / last if last else nan


def _judge(part: float, of_deltas: float) -> str:
    """Return what the gradients of layer 1 over those of the output layer say, and the deltas so; nothing if little."""
    if not of_deltas:
        return ": no gradient reaches hidden layer 1"
    if part and max(part, of_deltas) < VANISHED:
        return f": the gradients vanish on the way back, to {write_minus(format_percent(part))} of their size"
    explode = min(part, of_deltas) * VANISHED > 1.0
    return f": the gradients explode on the way back, to {part:,.0f} times their size" if explode else ""
