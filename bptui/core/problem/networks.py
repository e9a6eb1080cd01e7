"""Networks of problems, each made once: thousands of problems of a search share some hundred networks.

What a network works out of its names, it then works out once as well.
"""

from functools import lru_cache
from typing import Any

from bptui.core.formulas.layers import Layer, name_layers
from bptui.core.formulas.network import Network


@lru_cache(maxsize=2048)
def make_network(
    sizes: tuple[int, int, int],
    activations: tuple[str, str],
    others: tuple[tuple[str, str], ...],
    biases: tuple[bool, bool],
    **rest: Any,
) -> Network:
    """Make a network, once for all problems that have it.

    Args:
        sizes: The number of inputs, of hidden neurons (0 for no hidden layer) and of outputs.
        activations: The names of the activations of the hidden neurons and of the outputs.
        others: Neurons with activations of their own, and the names of these.
        biases: Whether the hidden neurons have biases, and whether the outputs have.
        rest: The network's other fields, by name.
    """
    own, (inputs, hidden, outputs) = dict(others), sizes
    layers = name_layers((hidden, outputs) if hidden else (outputs,))
    first = len(activations) - len(layers)
    return Network(
        tuple(f"x{i}" for i in range(1, inputs + 1)),
        tuple(
            Layer(name, neurons, tuple(own.get(neuron, activation) for neuron in neurons), given)
            for (name, neurons), activation, given in zip(layers, activations[first:], biases[first:], strict=True)
        ),
        **rest,
    )
