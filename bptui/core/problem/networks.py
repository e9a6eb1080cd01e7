"""Networks of problems, each made once: thousands of problems of a search share some hundred networks.

What a network works out of its names, it then works out once as well.
"""

from functools import lru_cache
from typing import Any

from bptui.core.formulas.layers import Layer, name_layers
from bptui.core.formulas.network import Network


@lru_cache(maxsize=2048)
def make_network(
    sizes: tuple[int, ...],
    activations: tuple[str, ...],
    others: tuple[tuple[str, str], ...],
    biases: tuple[bool, ...],
    **rest: Any,
) -> Network:
    """Make a network, once for all problems that have it.

    Args:
        sizes: The number of inputs, then of the neurons of each layer.
        activations: The name of each layer's activation.
        others: Neurons with activations of their own, and the names of these.
        biases: Whether the neurons of each layer have biases.
        rest: The network's other fields, by name.
    """
    own, inputs = dict(others), sizes[0]
    return Network(
        tuple(f"x{i}" for i in range(1, inputs + 1)),
        tuple(
            Layer(name, neurons, tuple(own.get(neuron, activation) for neuron in neurons), given)
            for (name, neurons), activation, given in zip(name_layers(sizes[1:]), activations, biases, strict=True)
        ),
        **rest,
    )
