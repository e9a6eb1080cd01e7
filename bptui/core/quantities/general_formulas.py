"""The general formulas: one line for each kind of quantity, with sums and indices.

They are the round's own list of formulas, made for a network whose layers each have one representative neuron:
``x_i``, ``h_j``, ``o_k``, with the weights ``v_ij`` into the hidden layer and ``w_jk`` into the output layer. With
several hidden layers each has an index of its own, ``h1_j``, ``h2_k``, ``o_l``, and the weights are ``W1_ij``,
``W2_jk``, ``W3_kl``. A sum over a layer becomes the general term of a sum.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from functools import cached_property, lru_cache

from bptui.core.formulas.activations import EACH_ITS_OWN
from bptui.core.formulas.backprop import Formula, list_formulas
from bptui.core.formulas.expr import Expr, Name, SumOver, rebuild
from bptui.core.formulas.layers import Weight
from bptui.core.formulas.names import derivative, split_sample, weighted_input
from bptui.core.formulas.network import Network
from bptui.core.formulas.rules.derivatives import has_joint_outputs
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.formulas.samples import combine_samples, rename_by_sample
from bptui.record import record

_AT_SAMPLE = "_s"  # behind the name of what belongs to the general sample
_OF_THE_ROUND = ("optimiser state", "update")
_FREE = "m"  # the index of a sum over a layer whose own index is already taken
_INDICES = "ijklnpq"  # of the inputs, of each layer, and of another output: all letters but the free one


@record(slots=True)
class NodeColumn:
    """The notation of the inputs or a layer in general formulas.

    Attributes:
        letter: The letter of its nodes.
        index: The index of its general node.
        weights: The letter of the weights into it; empty for the inputs.
        nodes: The names of its nodes.
        where: Its layer in words, where that takes more than the word for one of its nodes.
    """

    letter: str
    index: str
    weights: str
    nodes: tuple[str, ...]
    where: str = ""

    @property
    def count(self) -> int:
        """The number of its nodes."""
        return len(self.nodes)

    @property
    def what(self) -> str:
        """The word for one of its nodes."""
        return "neuron" if self.where else {"x": "input", "h": "hidden neuron", "o": "output"}[self.letter]

    @property
    def node(self) -> str:
        """The general node, such as ``h_j``."""
        return f"{self.letter}_{self.index}"


_JOINT = re.compile(r"do\d+_din_o\d+")


def list_columns(network: Network) -> tuple[NodeColumn, ...]:
    """Return the notation of the inputs and of each layer of a network, from the inputs to the outputs."""
    several, indices = len(network.hidden_layers) > 1, iter(_INDICES)
    found = [NodeColumn("x", next(indices), "", network.inputs)]
    weights = [f"W{number}" for number, _ in enumerate(network.layers, 1)] if several else ["v", "w"]
    for number, (layer, letter) in enumerate(zip(network.hidden_layers, weights, strict=False), 1):
        name, where = (f"h{number}", f" in {layer.words}") if several else ("h", "")
        found.append(NodeColumn(name, next(indices), letter, layer.neurons, where))
    last = next(indices) if network.hidden_layers else "k"
    return (*found, NodeColumn("o", last, weights[-1], network.outputs))


@record
class GeneralNetwork(Network):
    """A network with one general neuron in each layer.

    Attributes:
        columns: The notation of its inputs and layers, with the number of nodes that each represents.
    """

    columns: tuple[NodeColumn, ...] = ()

    @property
    def output_count(self) -> int:
        """The number of outputs that the general one represents."""
        return self.columns[-1].count

    @cached_property
    def targets(self) -> tuple[str, ...]:
        """The general target."""
        return (f"y_{self.columns[-1].index}",)

    @cached_property
    def gaps(self) -> tuple[tuple[Weight, ...], ...]:
        """The general weight into each layer: ``v_ij``, ``w_jk``."""
        pairs = zip(self.columns, self.columns[1:], strict=False)
        return tuple((Weight(f"{to.weights}_{at.index}{to.index}", at.node, to.node),) for at, to in pairs)

    @property
    def output_pairs(self) -> tuple[tuple[str, str], ...]:
        """Any output with the general one."""
        return ((f"{self.columns[-1].letter}_{self._other}", self.outputs[0]),)

    def sum_jointly(self, term: Callable[[str], Expr]) -> Expr:
        """Return the general term of a sum over any outputs."""
        ((other, _),) = self.output_pairs
        return SumOver(self._other, self.output_count, term(other))

    @property
    def _other(self) -> str:
        """The index of any output, beside that of the general one."""
        return _INDICES[_INDICES.index(self.columns[-1].index) + 1]

    def sum_over(self, neurons: tuple[str, ...], term: Callable[[str], Expr]) -> Expr:
        """Return the general term of a sum over a layer or the inputs."""
        (column,) = (column for column in self.columns if column.node == neurons[0])
        return SumOver(column.index, column.count, term(column.node))


def make_general(network: Network) -> GeneralNetwork:
    """Return the network whose formulas are the general formulas of another.

    A layer whose neurons have different activations gets ``EACH_ITS_OWN`` as its activation.
    """
    columns = list_columns(network)
    layers = tuple(
        replace(
            layer,
            neurons=(column.node,),
            activations=(layer.activations[0] if len(set(layer.activations)) == 1 else EACH_ITS_OWN.name,),
        )
        for layer, column in zip(network.layers, columns[1:], strict=True)
    )
    own = {field.name: getattr(network, field.name) for field in fields(network)}
    return GeneralNetwork(**own | {"inputs": (columns[0].node,), "layers": layers, "columns": columns})


@lru_cache(maxsize=64)
def list_general_formulas(network: Network) -> tuple[Formula, ...]:
    """Return the general terms of a network's formulas, in calculation order.

    A gradient rule that treats hidden neurons differently has no general term for the hidden deltas.
    """
    without = set() if RULES[network.rule].general else {layer.deltas for layer in network.hidden_layers}
    lines = [f for f in list_formulas(make_general(network.one_sample)) if f.phase not in without]
    lines = [Formula(f.name, _avoid_clashes(f.expr, f.name), f.phase) for f in lines]
    return tuple(line for f in lines for line in _place_at_sample(network, f)) if network.samples else tuple(lines)


def _place_at_sample(network: Network, line: Formula) -> Iterator[Formula]:
    """Yield a general line for the general sample, and the sum or mean over the samples that the round needs."""
    if line.phase in _OF_THE_ROUND:
        yield line
        return
    general = make_general(network.one_sample)
    expr = rename_by_sample(general, line.expr, lambda name: name + _AT_SAMPLE)
    yield Formula(line.name + _AT_SAMPLE, expr, line.phase)
    if line.name == "E" or line.phase.endswith("gradients"):
        yield Formula(line.name, _combine_in_general(network, line.name), line.phase)


def _combine_in_general(network: Network, name: str) -> Expr:
    """Return the sum or mean over the samples of a round: a general sum only if these are the first so many."""
    count = len(network.samples)
    if count == 1:
        return Name(name + _AT_SAMPLE)
    if network.samples != tuple(range(1, count + 1)):
        return combine_samples(network, name)
    whole = SumOver("s", count, Name(name + _AT_SAMPLE))
    return whole / float(count) if network.over_samples == "mean" else whole


def _avoid_clashes(expr: Expr, name: str) -> Expr:
    """Return the expression of a quantity with no sum over an index of the quantity or of an enclosing sum."""

    def reindexed(part: Expr, index: str) -> Expr:
        if not isinstance(part, Name):
            return rebuild(part, lambda inner: reindexed(inner, index))
        stem, indices = _split(part.name)
        return Name(stem + indices.replace(index, _FREE))

    def visit(part: Expr, taken: str) -> Expr:
        if not isinstance(part, SumOver):
            return rebuild(part, lambda inner: visit(inner, taken))
        if part.index in taken:
            return SumOver(_FREE, part.count, reindexed(part.term, part.index))
        return SumOver(part.index, part.count, visit(part.term, taken + part.index))

    return visit(expr, _split(name)[1])


def _split(name: str) -> tuple[str, str]:
    """Split a general name into the part before its indices and the indices: ``dE_dv_`` and ``ij``."""
    stem, line, indices = name.rpartition("_")
    return (stem + line, indices) if line and set(_INDICES).issuperset(indices) else (name, "")


@lru_cache(maxsize=64)
def _list_general_names(network: Network) -> dict[str, str]:
    """Return the general name of each neuron, input, target and weight by its name."""
    general = make_general(network)
    names = {node: column.node for column in general.columns for node in column.nodes}
    names |= dict.fromkeys(network.targets, *general.targets)
    return names | {w.name: one.name for gap, (one,) in zip(network.gaps, general.gaps, strict=True) for w in gap}


def find_general_name(network: Network, name: str) -> str:
    """Return the general name of a quantity, input, target or parameter: ``dE_dv_ij`` for ``dE_dw1``."""
    names = _list_general_names(network)
    name, sample = split_sample(name)
    if _JOINT.fullmatch(name) and has_joint_outputs(network):
        (name,) = (derivative(of, weighted_input(by)) for of, by in make_general(network).output_pairs)
        return name + _AT_SAMPLE * bool(sample)
    pattern = r"(?:(?<![a-z])|(?<=_d)|(?<=^d))(?:[xyow]\d+|h\d+(?:_\d+)?)"
    return re.sub(pattern, lambda found: names[found[0]], name) + _AT_SAMPLE * bool(sample)
