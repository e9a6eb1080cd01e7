"""The computation graph of a sample: every number between the loss and the parameters, and what arrives at it.

The chain rule walks from E down: what arrives at a node is the derivative of E by it, the sum over the nodes above of
what arrives there times the local derivative. It is the chain rule's whatever the gradient rule, and E is the sample's
own loss. Local derivatives are the factors of ``bptui.core.quantities.chain_rule``.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from bptui.core.engines.program import compile_line, run_line
from bptui.core.formulas.expr import Expr, Name, find_names, product, total
from bptui.core.formulas.names import delta, derivative, gradient, of_sample, split_sample, weighted_input
from bptui.core.formulas.network import Network
from bptui.core.quantities.chain_rule import add_factors, find_factors
from bptui.record import record

_LOSS = "E"


@record(slots=True)
class GraphEdge:
    """An edge from a node up to one that is calculated from it.

    Attributes:
        above: The name of the node above.
        local: The name of the derivative of the node above by this one, a factor of the chain rule.
    """

    above: str
    local: str


@record(slots=True)
class GraphNode:
    """A number of the graph.

    Attributes:
        name: Its name: E, a neuron's output or weighted input, or a parameter.
        edges: Its edges to the nodes above; none for E.
        arriving: The name of the derivative of E by it; empty for E.
        arrives: That derivative as an expression of what arrives at the nodes above, or of the loss; None for E.
        quantity: The round's own quantity for the same derivative: a delta or a gradient; empty if there is none.
    """

    name: str
    edges: tuple[GraphEdge, ...] = ()
    arriving: str = ""
    arrives: Expr | None = None
    quantity: str = ""


@lru_cache(maxsize=64)
def list_graph(network: Network, sample: int = 0) -> tuple[GraphNode, ...]:
    """Return the nodes of a sample, from E down: each stands after all nodes above it.

    Source: the chain rule on a graph; see Rumelhart, Hinton and Williams, Nature 323 (1986).

    Args:
        network: The network, with its gradient rule and the samples of a round.
        sample: One of its samples; 0 where there is only one.
    """
    n, factors = network.one_sample, find_factors(network)

    def place(name: str) -> str:
        return name if name in n.parameters else of_sample(name, sample)

    found = [GraphNode(place(_LOSS))]
    for name, above, quantity in _list_connections(n):
        edges = tuple(GraphEdge(place(one), of_sample(derivative(one, name), sample)) for one in above)
        arriving = of_sample(derivative(_LOSS, name), sample)
        terms = [
            product(Name(of_sample(derivative(_LOSS, one), sample)), Name(edge.local))
            for one, edge in zip(above, edges, strict=True)
        ]
        arrives = factors[arriving] if above == (_LOSS,) else total(terms)
        found.append(GraphNode(place(name), edges, arriving, arrives, of_sample(quantity, sample) if quantity else ""))
    return tuple(found)


def _list_connections(n: Network) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Yield each node of one sample but E, the nodes above it, and the round's quantity for the derivative of E."""
    factors = find_factors(n)
    for layer in reversed(n.layers):
        for neuron in layer.neurons:
            yield neuron, tuple(map(weighted_input, n.targets_of(neuron))) or (_LOSS,), ""
        for neuron in layer.neurons:
            z = weighted_input(neuron)
            yield z, tuple(one for one in layer.neurons if derivative(one, z) in factors), delta(neuron)
        targets = {w.name: (w.target,) for w in n.weights}
        for p in n.parameters_into(layer):
            yield p, tuple(map(weighted_input, targets.get(p) or n.neurons_with(p))), gradient(p)


def find_node(network: Network, name: str, sample: int = 0) -> tuple[str, int]:
    """Return the node that a name belongs to, and its sample; an empty name if there is none.

    Args:
        network: The network.
        name: A node; a derivative of E, a delta, or a local derivative, which belong to the node they are by.
        sample: The sample to take where the name has none, as a gradient of the round; without it, the first.
    """
    bare, own_sample = split_sample(name)
    sample = own_sample or sample or next(iter(network.samples), 0)
    for node in list_graph(network, sample) if sample in (network.samples or (0,)) else ():
        own = (node.name, node.arriving, node.quantity, *(edge.local for edge in node.edges))
        if {name, of_sample(bare, sample)} & set(own):
            return node.name, sample
    return "", sample


def find_above(graph: Sequence[GraphNode], name: str) -> tuple[GraphNode, ...]:
    """Return a node and all nodes above it, in the order of the graph."""
    wanted, found = {name}, list[GraphNode]()
    for node in reversed(graph):
        if node.name in wanted:
            found.append(node)
            wanted.update(edge.above for edge in node.edges)
    return tuple(reversed(found))


def compute_arriving(network: Network, sample: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """Compute what arrives at each node, as far as it can be computed.

    Args:
        network: The network of the values.
        sample: One of its samples; 0 where there is only one.
        values: Values of a round and of what it is computed from, by name: float64 or float32 scalars or arrays of
            shape (runs,).

    Returns:
        The derivatives of E by name, in the precision and shape of the values.
    """
    known, found = add_factors(network, values), dict[str, Any]()
    with np.errstate(all="ignore"):
        for node in list_graph(network, sample):
            if node.arrives is not None and all(name in known for name in find_names(node.arrives)):
                known[node.arriving] = found[node.arriving] = run_line(compile_line(node.arrives), known)
    return found
