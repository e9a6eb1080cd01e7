"""Observations about depth: how large the gradients are layer by layer, and where they vanish or explode on the way.

The size of a layer's gradients is the mean of |∂E/∂w| over the weights into it.
"""

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

import numpy as np

from bptui.compare.findings import Findings, format_value
from bptui.core.formulas.names import gradient
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
                f"{format_value(size)} into {layer.words}" for size, layer in zip(sizes, network.layers, strict=True)
            ]
            yield (
                f"In round {round_:,} the mean size of a gradient ∂E/∂w is {join_words(into)}"
                f"{_judge(sizes[0] / sizes[-1])}."
            )


def _measure(network: Network, values: Mapping[str, Any]) -> list[float]:
    """Return the size of the gradients of each layer in a round, in float64."""
    with np.errstate(all="ignore"):
        return [float(np.mean([abs(np.float64(values[gradient(w.name)])) for w in gap])) for gap in network.gaps]


def _judge(part: float) -> str:
    """Return what the sizes of layer 1 and of the output layer say, from their quotient; nothing if they are alike."""
    if not part:
        return ": no gradient arrives at hidden layer 1"
    if part < VANISHED:
        return f": they vanish on the way back, to {write_minus(format_percent(part))}"
    return f": they explode on the way back, to {part:,.0f} times their size" if part * VANISHED > 1.0 else ""
