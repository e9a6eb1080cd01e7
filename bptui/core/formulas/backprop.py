"""Backpropagation, written once: the ordered list of named formulas that makes up a round.

The list is in calculation order: a formula uses only the inputs, targets, parameters, eta and the quantities above it.
The NumPy engine compiles the list, derivations print it and the screen steps through its phases, so the program shows
exactly what it ran.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from bptui.core.formulas.expr import Call, Expr, Function, Name, Sum, product, total
from bptui.core.formulas.layers import Layer
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.names import bias, delta, gradient, of_sample, split_sample, updated, weighted_input
from bptui.core.formulas.network import Network, drop_rounding, find_shape
from bptui.core.formulas.optimisers import OPTIMISERS
from bptui.core.formulas.rounding import NONE, ROUNDINGS
from bptui.core.formulas.rules.derivatives import derive_joint_outputs, find_activation, has_joint_outputs
from bptui.core.formulas.rules.gradient_rules import RULES, find_delta_factors
from bptui.core.formulas.samples import combine_samples, place_at_samples
from bptui.record import record


@record(slots=True)
class Formula:
    """One line of a round: ``name = expr``, and its phase (one of ``Network.phases``)."""

    name: str
    expr: Expr
    phase: str


@lru_cache(maxsize=256)
def list_formulas(network: Network) -> tuple[Formula, ...]:
    """Return the formulas of one round, in calculation order.

    Source of the backward pass: Rumelhart, Hinton and Williams, "Learning representations by back-propagating
    errors", Nature 323 (1986), here for any activation, loss and gradient rule.
    """
    n, shape, late = network.one_sample, find_shape(network), network.parameters
    if n.rounding != NONE:
        return tuple(_round(line, ROUNDINGS[n.rounding]) for line in list_formulas(drop_rounding(network)))
    lines = [*list_forward(network)]
    for number, layer in reversed([*enumerate(n.layers)]):
        lines += _place_at_samples(network, _list_deltas(n, layer))
        lines += _place_at_samples(network, _list_gradients(shape, number))
        if network.samples:
            into = n.parameters_into(layer)
            lines += [Formula(gradient(p), combine_samples(network, gradient(p)), layer.gradients) for p in into]
        if RULES[n.rule].updates_first and number:
            early = n.parameters_into(layer)
            lines += _list_updates(shape, early)
            late = tuple(p for p in late if p not in early)
    return (*lines, *_list_updates(shape, late))


@lru_cache(maxsize=256)
def list_forward(network: Network) -> tuple[Formula, ...]:
    """Return the formulas of one round up to its loss, in calculation order."""
    n = network.one_sample
    if n.rounding != NONE:
        return tuple(_round(line, ROUNDINGS[n.rounding]) for line in list_forward(drop_rounding(network)))
    neurons = [
        replace(line, phase=of_sample(line.phase, split_sample(line.name)[1]))
        for line in _place_at_samples(network, _list_neurons(n, _list_sums(find_shape(network))))
    ]
    return (*neurons, *_list_loss(network))


def name_quantities(network: Network) -> tuple[str, ...]:
    """Return the names of a round's quantities, in calculation order."""
    return tuple(line.name for line in list_formulas(network))


def _place_at_samples(network: Network, lines: Iterable[Formula]) -> list[Formula]:
    """Return the lines of one sample for each sample of a network, sample by sample."""
    if not network.samples:
        return list(lines)
    phases = {line.name: line.phase for line in lines}
    placed = place_at_samples(network, {line.name: line.expr for line in lines})
    return [Formula(name, expr, phases[split_sample(name)[0]]) for name, expr in placed.items()]


def _round(line: Formula, rounding: Function) -> Formula:
    """Return a line with its result rounded; a mere name, such as a frozen bias's update, is rounded already."""
    return line if isinstance(line.expr, Name) else Formula(line.name, Call(rounding, (line.expr,)), line.phase)


def _list_neurons(n: Network, sums: Mapping[str, Expr]) -> list[Formula]:
    lines = list[Formula]()
    for layer in n.layers:
        found = {
            one: (Formula(weighted_input(one), sums[one], layer.forward), _activate(n, layer, one))
            for one in layer.neurons
        }
        if layer.neurons == n.outputs and has_joint_outputs(n):  # then an output needs the weighted inputs of all
            lines += [*(z for z, _ in found.values()), *(one for _, one in found.values())]
        else:
            lines += [line for pair in found.values() for line in pair]
    return lines


def _activate(n: Network, layer: Layer, neuron: str) -> Formula:
    """Return the line of a neuron's output."""
    row, z = find_activation(n, neuron), Name(weighted_input(neuron))
    if row.of_layer is None:
        return Formula(neuron, row.value(z), layer.forward)
    whole = n.sum_over(layer.neurons, lambda one: Name(weighted_input(one)))
    terms = whole.terms if isinstance(whole, Sum) else (whole,)
    return Formula(neuron, row.of_layer.value(z, terms), layer.forward)


@lru_cache(maxsize=64)
def _list_sums(n: Network) -> Mapping[str, Expr]:
    return {neuron: _sum_weighted(n, neuron) for neuron in n.neurons}


def _sum_weighted(n: Network, neuron: str) -> Expr:
    products = n.sum_over(n.sources(neuron), lambda source: product(Name(n.weight(source, neuron)), Name(source)))
    if not n.layer_of(neuron).has_biases:
        return products
    terms = products.terms if isinstance(products, Sum) else (products,)
    return total([*terms, Name(bias(neuron))])


def _list_loss(network: Network) -> list[Formula]:
    n, row = network.one_sample, LOSSES[network.loss]
    lines = [Formula(name, expr, "loss") for name, expr in {**row.parts(n), "E": row.value(n)}.items()]
    whole = [Formula("E", combine_samples(network, "E"), "loss")] if network.samples else []
    return [*_place_at_samples(network, lines), *whole]


def _list_deltas(n: Network, layer: Layer) -> list[Formula]:
    if layer.neurons == n.outputs and has_joint_outputs(n):
        lines = {**derive_joint_outputs(n), **{delta(o): RULES[n.rule].joint(n, o) for o in n.outputs}}
        return [Formula(name, expr, layer.deltas) for name, expr in lines.items()]
    return [Formula(delta(one), product(*find_delta_factors(n, one).values()), layer.deltas) for one in layer.neurons]


@lru_cache(maxsize=64)
def _list_gradients(n: Network, number: int) -> tuple[Formula, ...]:
    by_weight = {w.name: product(Name(delta(w.target)), Name(w.source)) for w in n.gaps[number]}
    layer = n.layers[number]
    into = n.parameters_into(layer)
    return tuple(Formula(gradient(p), by_weight.get(p) or _sum_deltas(n, p), layer.gradients) for p in into)


def _sum_deltas(n: Network, bias: str) -> Expr:
    neurons = n.neurons_with(bias)
    return n.sum_over(neurons, lambda one: Name(delta(one))) if n.shares_biases else Name(delta(*neurons))


@lru_cache(maxsize=64)
def _list_updates(n: Network, parameters: tuple[str, ...]) -> tuple[Formula, ...]:
    """Return the lines of the optimiser for some parameters: first those of its state, then the updates."""
    found = [list_update(n, p) for p in parameters]
    state = [(name, expr) for lines in found for name, expr in list(lines.items())[:-1]]
    updates = [list(lines.items())[-1] for lines in found]
    by_phase = (("optimiser state", state), ("update", updates))
    return tuple(Formula(name, expr, phase) for phase, lines in by_phase for name, expr in lines)


def list_update(n: Network, parameter: str) -> dict[str, Expr]:
    """Return the lines of the optimiser for a parameter by name; the last is the parameter after the update."""
    if n.is_frozen(parameter):
        return {updated(parameter): Name(parameter)}
    slope: Expr = Name(gradient(parameter))
    if n.decays:
        slope = slope + product(Name("weight_decay"), Name(parameter))
    return OPTIMISERS[n.optimiser].lines(parameter, slope)
