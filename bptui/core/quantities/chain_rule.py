"""The derivation of a number: its formula, the formula's general term, and the chain rule behind its short form.

A formula such as ``dE_dw1 = delta_h1*x1`` is short because the deltas carry what the chain rule multiplies out. The
chain is that product, summed over all paths from the loss to the parameter, of derivatives of one quantity by the next.
These factors are named ``dE_do1``, ``do1_din_o1``, ``din_o1_dh1`` and so on; they follow the chain rule whatever the
gradient rule.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property, lru_cache
from math import prod
from typing import Any

from bptui.core.engines.program import calculate
from bptui.core.formulas.backprop import Formula, list_formulas, name_quantities
from bptui.core.formulas.expr import Expr, Name, Number, find_names, product, total
from bptui.core.formulas.layers import Layer
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.names import delta, derivative, gradient, of_sample, split_sample, weighted_input
from bptui.core.formulas.network import CHAIN_RULE, Network, find_shape
from bptui.core.formulas.rounding import NONE
from bptui.core.formulas.rules.derivatives import derive_joint_outputs, derive_loss, derive_slope, has_joint_outputs
from bptui.core.formulas.samples import place_at, place_at_samples
from bptui.core.quantities.general_formulas import find_general_name, list_general_formulas
from bptui.record import record

Path = tuple[str, ...]
MOST_PATHS = 16  # from the loss to a number: with more the chain rule is not multiplied out


@record
class Derivation:
    """The derivation of one number, in expressions.

    Attributes:
        formula: The formula: name, expression, phase; the phase is empty for a factor of a chain.
        general: The formula of any neuron or weight of its kind; None if there is none, as for a factor of a chain.
        chain: The chain rule multiplied out, as an expression of factors; None for a number that it does not concern,
            or to which more than ``MOST_PATHS`` paths lead.
        factors: The chain's factors, each once.
        by_chain_rule: Whether formula and chain are algebraically equal: they are not if another gradient rule
            computes the number, or if results are rounded on the way.
        simpler: What the chain comes to: what is done in each step, and the expression after it; often nothing.
    """

    formula: Formula
    general: Formula | None = None
    chain: Expr | None = None
    factors: tuple[Formula, ...] = ()
    by_chain_rule: bool = True
    simpler: tuple[tuple[str, Expr], ...] = ()

    @property
    def built_from(self) -> tuple[str, ...]:
        """The names of the parts of the formula and of the chain, each once."""
        return tuple(dict.fromkeys((*find_names(self.formula.expr), *(f.name for f in self.factors))))


class _Derivations(Mapping[str, Derivation]):
    """Derivations by name, each made on first access: a large network has hundreds."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._formulas = {f.name: f for f in list_formulas(network)}
        self._departures = find_departures(network)
        self._found: dict[str, Derivation] = {}

    def __getitem__(self, name: str) -> Derivation:
        if name not in self._found:
            self._found[name] = self._quantity(name) if name in self._formulas else self._factor(name)
        return self._found[name]

    @cached_property
    def _general(self) -> Mapping[str, Formula]:
        return {f.name: f for f in list_general_formulas(self._network)}

    def __iter__(self) -> Iterator[str]:
        return iter({**self._formulas, **find_factors(self._network)})

    def __len__(self) -> int:
        return len({*self._formulas, *find_factors(self._network)})

    def _factor(self, name: str) -> Derivation:
        return Derivation(Formula(name, find_factors(self._network)[name], ""))

    def _quantity(self, name: str) -> Derivation:
        paths = _list_paths(self._network, name)
        used = dict.fromkeys(name for path in paths for name in path)
        return Derivation(
            self._formulas[name],
            self._general.get(find_general_name(self._network, name)),
            total([product(*map(Name, path)) for path in paths]) if paths else None,
            tuple(self[name].formula for name in used if name in self),  # a general network has not all of them
            name not in self._departures,
            _simplify(self._network, name) if paths else (),
        )


@lru_cache(maxsize=64)
def find_departures(network: Network) -> frozenset[str]:
    """Return the quantities that do not follow the chain rule, or are computed from one that does not."""
    right = {f.name: f for f in list_formulas(replace(network, rule=CHAIN_RULE))}
    found = set[str]()
    for f in list_formulas(network):  # in calculation order: what a formula uses is judged before it
        uses_one = found and not found.isdisjoint(find_names(f.expr))
        if network.rounding != NONE or f != right[f.name] or uses_one:
            found.add(f.name)
    return frozenset(found)


def _simplify(network: Network, name: str) -> tuple[tuple[str, Expr], ...]:
    """Return the steps in which the chain of a delta is simplified, if its loss says how; see ``Derivation``."""
    n, simplify = network.one_sample, LOSSES[network.loss].simplify_joint
    base, sample = split_sample(name)
    outputs = [o for o in n.outputs if base == delta(o)]
    if simplify is None or not outputs or not has_joint_outputs(n) or type(n) is not Network:
        return ()
    inserted = derive_joint_outputs(n)
    (output,) = outputs
    chain = [product(*(inserted[factor] for factor in path)) for path in _to_input(n, output)]
    steps = [("each derivative inserted", total(chain)), *simplify(n, output)]
    return tuple((words, place_at(network, expr, sample)) for words, expr in steps)


@lru_cache(maxsize=64)
def find_derivations(network: Network) -> Mapping[str, Derivation]:
    """Return the derivation of every quantity of a round, in calculation order, then of every factor of a chain."""
    return _Derivations(network)


def add_factors(network: Network, values: Mapping[str, Any]) -> dict[str, Any]:
    """Add the values of the chain's factors to the values of a round.

    Source: the chain rule; see Rumelhart, Hinton and Williams, Nature 323 (1986).

    Args:
        network: The network of the values.
        values: Values of a round and of what it is computed from, by name: float64 or float32 scalars or arrays of
            shape (runs,).

    Returns:
        The given values, and the value of every factor that can be computed from them, in their precision and shape.
    """
    factors = find_factors(network).items()
    quantities = (
        {*name_quantities(network)} if has_joint_outputs(network) else ()
    )  # a round has these itself, or not yet
    missing = ((name, expr) for name, expr in factors if name not in values and name not in quantities)
    known = {name: expr for name, expr in missing if all(part in values for part in find_names(expr))}
    return {**values, **calculate(known, values)}


@lru_cache(maxsize=64)
def find_factors(network: Network) -> Mapping[str, Expr]:
    """Return every derivative of a quantity by the one directly before it, by name; for each sample its own."""
    n = network.one_sample
    factors = {
        **{derivative("E", o): derive_loss(n, o) for o in n.outputs},
        **{derivative(neuron, weighted_input(neuron)): derive_slope(n, neuron) for neuron in n.neurons},
        **derive_joint_outputs(n),
        **_find_linear_factors(find_shape(n)),
    }
    return place_at_samples(network, factors)


@lru_cache(maxsize=64)
def _find_linear_factors(n: Network) -> Mapping[str, Expr]:
    """Return the derivatives of the weighted inputs."""
    found = dict[str, Expr]()
    for w in n.weights:
        found[derivative(weighted_input(w.target), w.name)] = Name(w.source)
        if w.source not in n.inputs:
            found[derivative(weighted_input(w.target), w.source)] = Name(w.name)
    for p in n.biases:
        for neuron in n.neurons_with(p):
            found[derivative(weighted_input(neuron), p)] = Number(1.0)
    return found


def _list_paths(n: Network, name: str) -> list[Path]:
    """Return the paths of a delta or a gradient: from the loss back to the variable of the derivative.

    With several samples only what belongs to one of them has paths; the rest is their sum or mean. Where there are
    more than ``MOST_PATHS``, none is returned.
    """
    name, sample = split_sample(name)
    if bool(sample) != bool(n.samples) or _count_paths(n, name) > MOST_PATHS:
        return []
    return [tuple(of_sample(factor, sample) for factor in path) for path in _list_sample_paths(n, name)]


def _count_paths(n: Network, name: str) -> int:
    """Return how many paths a delta or a gradient of one sample has; 0 for any other number."""
    ends: dict[str, tuple[str, ...]] = {delta(neuron): (neuron,) for neuron in n.neurons}
    ends |= {gradient(w.name): (w.target,) for w in n.weights} | {gradient(p): n.neurons_with(p) for p in n.biases}
    return sum(_count_paths_to(n, n.layer_of(neuron)) for neuron in ends.get(name, ()))


def _count_paths_to(n: Network, layer: Layer) -> int:
    """Return how many paths lead from the loss to a neuron of a layer: one through each choice of neurons behind it."""
    behind = prod(len(one.neurons) for one in n.layers[n.layers.index(layer) + 1 :])
    return behind * (len(n.outputs) if has_joint_outputs(n) else 1)


def _list_sample_paths(n: Network, name: str) -> list[Path]:
    """Return the paths of a delta or a gradient of one sample, without its number."""
    for neuron in n.neurons:
        if name == delta(neuron):
            return _to_input(n, neuron)
    for w in n.weights:
        if name == gradient(w.name):
            return [(*path, derivative(weighted_input(w.target), w.name)) for path in _to_input(n, w.target)]
    for p in n.biases:
        if name == gradient(p):
            return [
                (*path, derivative(weighted_input(neuron), p))
                for neuron in n.neurons_with(p)
                for path in _to_input(n, neuron)
            ]
    return []


def _to_input(n: Network, neuron: str) -> list[Path]:
    """Return the paths from the loss to a neuron's weighted input: one for an output, else those by its targets.

    Where all outputs are made together, one through each of them leads to the weighted input of any.
    """
    last, targets = derivative(neuron, weighted_input(neuron)), n.targets_of(neuron)
    if not targets:
        through = [of for of, by in n.output_pairs if by == neuron] if has_joint_outputs(n) else [neuron]
        return [(derivative("E", o), derivative(o, weighted_input(neuron))) for o in through]
    return [(*path, derivative(weighted_input(t), neuron), last) for t in targets for path in _to_input(n, t)]
