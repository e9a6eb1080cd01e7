"""The shape of a problem, and the names of all its quantities.

A ``Network`` holds everything that decides *which* formulas a round has, and nothing that decides only their numbers:
two problems that differ in weights or learning rate share one ``Network``, and so one compiled program.
Weights are numbered gap by gap, and within a gap by source (w1: x1→h1, w2: x1→h2, ...) unless ``numbering`` is "by
destination". The numbering changes names, never results.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property, lru_cache

from bptui.core.formulas.expr import Expr, Name, total
from bptui.core.formulas.layers import Layer, Weight, number_weights
from bptui.core.formulas.names import bias, of_sample, state_of
from bptui.core.formulas.optimisers import DESCENT, OPTIMISERS
from bptui.core.formulas.rounding import NONE
from bptui.record import record

NUMBERINGS = ("by source", "by destination")
CHAIN_RULE = "chain rule"
BIAS_UPDATES = ("frozen", "per neuron", "shared")
OVER_SAMPLES = ("sum", "mean")


@record(keeps_hash=True)
class Network:
    """The settings that decide the formulas of a round.

    Attributes:
        inputs: Names of the inputs: x1, x2, ...
        layers: The layers, from the first hidden one to the output layer; a network may have no hidden layer.
        loss: Name of the loss.
        rule: Name of the gradient rule.
        numbering: One of ``NUMBERINGS``.
        bias_update: One of ``BIAS_UPDATES``.
        rounding: The rounding of every result before its use: one of ``ROUNDINGS``, or "none".
        optimiser: Name of the optimiser.
        decays: Whether the optimiser adds weight decay to the gradients.
        over_samples: One of ``OVER_SAMPLES``: what a round takes over the losses and gradients of its samples.
        samples: The numbers of the samples that the round uses, in their order; empty if the problem has only one.
    """

    inputs: tuple[str, ...]
    layers: tuple[Layer, ...]
    loss: str
    rule: str = CHAIN_RULE
    numbering: str = "by source"
    bias_update: str = "per neuron"
    rounding: str = NONE
    optimiser: str = DESCENT
    decays: bool = False
    over_samples: str = "sum"
    samples: tuple[int, ...] = ()

    @cached_property
    def outputs(self) -> tuple[str, ...]:
        """Names of the neurons of the output layer: o1, o2, ..."""
        return self.layers[-1].neurons

    @property
    def output_count(self) -> int:
        """The number of outputs, over which a mean is taken."""
        return len(self.outputs)

    @cached_property
    def targets(self) -> tuple[str, ...]:
        """Names of the targets, one for each output: y1, y2, ..."""
        return tuple(f"y{k}" for k, _ in enumerate(self.outputs, 1))

    @property
    def hidden_layers(self) -> tuple[Layer, ...]:
        """All layers but the output layer."""
        return self.layers[:-1]

    @cached_property
    def neurons(self) -> tuple[str, ...]:
        """All neurons, layer by layer."""
        return tuple(neuron for layer in self.layers for neuron in layer.neurons)

    @cached_property
    def activations(self) -> tuple[str, ...]:
        """Name of each neuron's activation, in the order of ``neurons``."""
        return tuple(name for layer in self.layers for name in layer.activations)

    @cached_property
    def phases(self) -> tuple[str, ...]:
        """The phases of a round, in order; with some gradient rules, updates also come between other phases."""
        forward = [of_sample(layer.forward, sample) for sample in self.samples or (0,) for layer in self.layers]
        backward = [phase for layer in reversed(self.layers) for phase in (layer.deltas, layer.gradients)]
        state = ("optimiser state",) if OPTIMISERS[self.optimiser].state else ()
        return (*forward, "loss", *backward, *state, "update")

    # Samples

    @cached_property
    def one_sample(self) -> "Network":
        """The network of a single sample, whose formulas are those of each sample without its number."""
        return replace(self, samples=()) if self.samples else self

    @cached_property
    def in_order(self) -> "Network":
        """The network whose samples are numbered from 1: its formulas are the same, but for the samples' names."""
        return replace(self, samples=tuple(range(1, 1 + len(self.samples))))

    @cached_property
    def data(self) -> tuple[str, ...]:
        """Names of the numbers that may change from round to round: the inputs and targets of its samples, and t."""
        names = (*self.inputs, *self.targets)
        numbers = (of_sample(name, sample) for sample in self.samples or (0,) for name in names)
        return (*numbers, "t") if OPTIMISERS[self.optimiser].uses_time else tuple(numbers)

    @cached_property
    def constants(self) -> tuple[str, ...]:
        """Names of the numbers that are the same in every round: the learning rate and the optimiser's own."""
        return ("eta", *OPTIMISERS[self.optimiser].settings, *(("weight_decay",) if self.decays else ()))

    @cached_property
    def given(self) -> tuple[str, ...]:
        """Names of all numbers that a round is computed from, in the order in which programs take them."""
        return (*self.data, *self.constants, *self.state)

    # Connections

    @cached_property
    def _layer_numbers(self) -> dict[str, int]:
        return {neuron: number for number, layer in enumerate(self.layers) for neuron in layer.neurons}

    def layer_of(self, neuron: str) -> Layer:
        """Return the layer of a neuron."""
        return self.layers[self._layer_numbers[neuron]]

    def activation(self, neuron: str) -> str:
        """Return the name of a neuron's activation."""
        layer = self.layer_of(neuron)
        return layer.activations[layer.neurons.index(neuron)]

    def sources(self, neuron: str) -> tuple[str, ...]:
        """Return the inputs or neurons that feed a neuron."""
        number = self._layer_numbers[neuron]
        return self.layers[number - 1].neurons if number else self.inputs

    def targets_of(self, node: str) -> tuple[str, ...]:
        """Return the neurons that an input or a neuron feeds; none for an output."""
        number = self._layer_numbers.get(node, -1) + 1
        return self.layers[number].neurons if number < len(self.layers) else ()

    # Parameters

    @cached_property
    def gaps(self) -> tuple[tuple[Weight, ...], ...]:
        """The weights into each layer, in the order of their numbers."""
        return number_weights(self.inputs, self.layers, self.numbering == "by source")

    @cached_property
    def weights(self) -> tuple[Weight, ...]:
        """All weights in the order of their numbers."""
        return tuple(weight for gap in self.gaps for weight in gap)

    @cached_property
    def _weight_names(self) -> dict[tuple[str, str], str]:
        return {(w.source, w.target): w.name for w in self.weights}

    def weight(self, source: str, target: str) -> str:
        """Return the name of the weight between two nodes."""
        return self._weight_names[source, target]

    @cached_property
    def _bias_neurons(self) -> dict[str, str]:
        return {bias(neuron): neuron for layer in self.layers if layer.has_biases for neuron in layer.neurons}

    @cached_property
    def biases(self) -> tuple[str, ...]:
        """Names of the biases, layer by layer."""
        return tuple(self._bias_neurons)

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """Weights, then biases: the order of every parameter vector."""
        return tuple(w.name for w in self.weights) + self.biases

    @cached_property
    def state(self) -> tuple[str, ...]:
        """Names of what a round starts from and updates, the order of every state vector: parameters come first."""
        trained = [p for p in self.parameters if not self.is_frozen(p)]
        return (*self.parameters, *(state_of(kind, p) for kind in OPTIMISERS[self.optimiser].state for p in trained))

    def list_state(self, parameter: str) -> tuple[str, ...]:
        """Return the names of the optimiser's state for a parameter; none for a frozen one."""
        kinds = () if self.is_frozen(parameter) else OPTIMISERS[self.optimiser].state
        return tuple(state_of(kind, parameter) for kind in kinds)

    def parameters_into(self, layer: Layer) -> tuple[str, ...]:
        """Return the names of the weights into a layer, then of its biases."""
        gap = self.gaps[self.layers.index(layer)]
        return (*(w.name for w in gap), *(b for b, neuron in self._bias_neurons.items() if neuron in layer.neurons))

    @property
    def shares_biases(self) -> bool:
        """Whether the neurons of a layer share one bias, under a name each; its gradient is the sum of their deltas."""
        return self.bias_update == "shared"

    def neurons_with(self, bias: str) -> tuple[str, ...]:
        """Return the neurons that use a bias: a single one, or the whole layer if the layer shares one bias."""
        neuron = self._bias_neurons[bias]
        return self.layer_of(neuron).neurons if self.shares_biases else (neuron,)

    def is_frozen(self, parameter: str) -> bool:
        """Whether training leaves a parameter unchanged."""
        return self.bias_update == "frozen" and parameter in self._bias_neurons

    def as_torch_computes(self) -> "Network":
        """Return the network as torch computes it: by the chain rule alone, and without rounding by hand."""
        return drop_rounding(self) if self.rule == CHAIN_RULE else replace(self, rule=CHAIN_RULE, rounding=NONE)

    def sum_over(self, neurons: tuple[str, ...], term: Callable[[str], Expr]) -> Expr:
        """Return the sum of a term over the neurons of a layer or the inputs, in their order."""
        return total([term(neuron) for neuron in neurons])

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Each output with its target."""
        return tuple(zip(self.outputs, self.targets, strict=True))

    @property
    def output_pairs(self) -> tuple[tuple[str, str], ...]:
        """Each output with each, itself among them."""
        return tuple((one, other) for one in self.outputs for other in self.outputs)

    def sum_jointly(self, term: Callable[[str], Expr]) -> Expr:
        """Return the sum of a term over all outputs that is itself of one of them."""
        return self.sum_over(self.outputs, term)

    def sum_outputs(self, term: Callable[[Name, Name], Expr]) -> Expr:
        """Return the sum of a term over all outputs and their targets."""
        return self.sum_over(self.outputs, lambda o: term(Name(o), Name(dict(self.pairs)[o])))


@lru_cache(maxsize=256)
def drop_rounding(network: Network) -> Network:
    """Return a network without its rounding."""
    return network if network.rounding == NONE else replace(network, rounding=NONE)


@lru_cache(maxsize=256)
def find_shape(network: Network) -> Network:
    """Return a network's connections alone: without activations, loss, gradient rule, rounding, samples."""
    layers = tuple(replace(layer, activations=()) for layer in network.layers)
    return replace(network, layers=layers, loss="", rule="", rounding=NONE, over_samples="", samples=())
