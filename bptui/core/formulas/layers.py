"""The pieces of a network: its layers, their neurons, and the weights between them."""

from collections.abc import Sequence

from bptui.record import record


@record(slots=True)
class Weight:
    """A weight: its name and the two nodes it connects."""

    name: str
    source: str
    target: str


@record
class Layer:
    """One layer of neurons.

    Attributes:
        name: "output"; "hidden" for the only hidden layer, "hidden1", "hidden2", ... for several.
        neurons: The names of its neurons.
        activations: The name of each neuron's activation.
        has_biases: Whether its neurons have biases.
    """

    name: str
    neurons: tuple[str, ...]
    activations: tuple[str, ...]
    has_biases: bool = False

    @property
    def words(self) -> str:
        """The layer in words; see ``describe_layer``."""
        return describe_layer(self.name)

    @property
    def forward(self) -> str:
        """The phase of a round that computes its outputs."""
        return f"forward {self.name}"

    @property
    def deltas(self) -> str:
        """The phase that computes its deltas."""
        return f"{self.name} deltas"

    @property
    def gradients(self) -> str:
        """The phase that computes the gradients of its weights and biases."""
        return f"{self.name} gradients"


def name_layers(sizes: Sequence[int]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Name layers and their neurons.

    Args:
        sizes: The number of neurons of each layer, the output layer last.

    Returns:
        The name and the neurons of each layer: ``h1, h2, ..`` in the only hidden layer, ``h2_1, h2_2, ..`` in the
        second of several, and ``o1, o2, ..`` in the output layer.
    """
    *hidden, outputs = sizes
    several = len(hidden) > 1
    layers = [
        (f"hidden{m}" if several else "hidden", tuple(f"h{m}_{j}" if several else f"h{j}" for j in range(1, size + 1)))
        for m, size in enumerate(hidden, 1)
    ]
    return (*layers, ("output", tuple(f"o{k}" for k in range(1, outputs + 1))))


def number_weights(inputs: Sequence[str], layers: Sequence[Layer], by_source: bool) -> tuple[tuple[Weight, ...], ...]:
    """Number the weights: w1, w2, ... through all layers.

    Args:
        inputs: The names of the inputs.
        layers: The layers, the output layer last.
        by_source: Whether all weights from a node come in a row, not all weights to a neuron.

    Returns:
        The weights into each layer, in the order of their numbers.
    """
    found, sources = list[tuple[Weight, ...]](), tuple(inputs)
    for layer in layers:
        first = 1 + sum(map(len, found))
        if by_source:
            ends = [(source, target) for source in sources for target in layer.neurons]
        else:
            ends = [(source, target) for target in layer.neurons for source in sources]
        found.append(tuple(Weight(f"w{first + n}", *pair) for n, pair in enumerate(ends)))
        sources = layer.neurons
    return tuple(found)


def describe_layer(name: str) -> str:
    """Return a layer in words: the hidden layer, hidden layer 2, the output layer."""
    number = name.removeprefix("hidden")
    return f"hidden layer {number}" if number.isdecimal() else f"the {name} layer"
