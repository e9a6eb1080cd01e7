"""Bounds on rounding errors: how far one correct computation of a round may be from the exact value of its formulas.

Near a minimum a gradient is the small difference of large numbers, so its error depends on those numbers, not on the
gradient. The bounds follow the formulas operation by operation, whatever the network and the rule, in any order of a
sum's terms. Two correct computations agree if they differ by no more than the two bounds together.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from math import inf, nan
from typing import Any, NamedTuple

import numpy as np

from bptui.core.engines.bound_writer import BoundWriter
from bptui.core.engines.bounded_numbers import Arithmetic, Bounded, make_arithmetic
from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.backprop import list_formulas, name_quantities
from bptui.core.formulas.expr import Expr, Name, find_names, product, total
from bptui.core.formulas.names import delta, derivative, weighted_input
from bptui.core.formulas.network import Network
from bptui.core.formulas.rules.gradient_rules import find_delta_factors
from bptui.core.formulas.samples import place_at_samples

_LINES = 200  # of the largest part of a round that is compiled at once: some 10 ms
_NAME = re.compile(r"\w+")
_LOCAL = "; ".join(f"{name} = arithmetic.{name}" for name in Arithmetic.OPERATIONS)  # a local name is found faster


def compute_bounds(
    network: Network, values: Mapping[str, Any], precision: str, given_units: float = 0.0, by_autograd: bool = False
) -> dict[str, float]:
    """Return the bounds of all quantities of a round.

    Args:
        network: The network of the values.
        values: The round's quantities as one correct computation has them, and all values it was computed from, by
            name; scalars. The bound of a quantity needs only those before it.
        precision: The precision of the computations, "float64" or "float32".
        given_units: How many units in the last place what the round is computed from may be off.
        by_autograd: Whether to bound torch's autograd instead, which multiplies other factors.

    Returns:
        The bounds by name; inf where there is none, as where a divisor may be 0.
    """
    order, arithmetic, quantities = network.in_order, make_arithmetic(precision), name_quantities(network)
    given = (float(values.get(name, nan)) for name in network.given)
    numbers = [float(values.get(name, nan)) for name in quantities]
    with np.errstate(all="ignore"):
        found = {name: arithmetic.given(number, given_units) for name, number in zip(order.given, given, strict=True)}
        for part in compile_bounds(order, by_autograd):
            own = numbers[part.first : part.first + len(part.quantities)]
            bounded = part.compute(arithmetic, *[found[name] for name in part.used], *own)
            found.update(zip(part.quantities, bounded, strict=True))
    bounds = [bound for _, bound in found.values()][-len(quantities) :]
    return {name: bound if bound == bound else inf for name, bound in zip(quantities, bounds, strict=True)}


def bound_expression(expr: Expr, values: Mapping[str, Any], bounds: Mapping[str, float], precision: str) -> float:
    """Return the bound of an expression.

    Args:
        expr: The expression.
        values: The values of its names as one correct computation has them.
        bounds: The bounds of those that are not given numbers.
        precision: The precision of the computations, "float64" or "float32".

    Returns:
        The bound; inf where there is none.
    """
    names, compute = _compile_expression(expr)
    arithmetic = make_arithmetic(precision)
    with np.errstate(all="ignore"):
        known = (
            (float(values[name]), bounds[name]) if name in bounds else arithmetic.given(float(values[name]))
            for name in names
        )
        bound = compute(arithmetic, *known)[1]
    return bound if bound == bound else inf


class _Part(NamedTuple):
    """The bounds of some quantities of a round in a row.

    Attributes:
        first: How many quantities come before them.
        quantities: Their names.
        used: The names of all else that they are computed from.
        compute: A function of an arithmetic, the bounded numbers of ``used``, and the values of the quantities, which
            it returns bounded.
    """

    first: int
    quantities: tuple[str, ...]
    used: tuple[str, ...]
    compute: Callable[..., tuple[Bounded, ...]]


@lru_cache(maxsize=64)
def compile_bounds(network: Network, by_autograd: bool) -> tuple[_Part, ...]:
    """Compile the bounds of a round part by part: the whole of a large one would hold up all threads for too long."""
    lines = {f.name: f.expr for f in list_formulas(network)}
    writer = BoundWriter(lines)
    quantities, known = tuple(lines), (*network.given, *lines)
    lines |= _list_autograd_deltas(network) if by_autograd else {}
    parts = []
    for first in range(0, len(quantities), _LINES):
        own = quantities[first : first + _LINES]
        texts = {name: writer.write(lines[name]) for name in own}
        words = set(_NAME.findall(" ".join(texts.values()))).difference(own)
        used = tuple(name for name in known if name in words)
        source = [
            f"def bounds(arithmetic, {', '.join((*used, *own))}):",
            f"    {_LOCAL}",
            *(f"    {name} = {name}, {text}[1]" for name, text in texts.items()),
            f"    return ({', '.join(own)},)",
        ]
        exec(compile("\n".join(source), "<the bounds, written out>", "exec"), writer.scope)
        parts.append(_Part(first, own, used, writer.scope["bounds"]))
    return tuple(parts)


def _list_autograd_deltas(network: Network) -> dict[str, Expr]:
    """Return the deltas by the chain rule whose factors autograd has otherwise."""
    found, one = dict[str, Expr](), network.one_sample
    for neuron in network.neurons:
        if neuron in network.outputs and (joint := ACTIVATIONS[network.activation(neuron)].of_layer):
            slopes = {o: Name(derivative("E", o)) for o in network.outputs}
            whole = total([product(slope, Name(o)) for o, slope in slopes.items()])
            found[delta(neuron)] = joint.autograd(slopes[neuron], Name(neuron), whole)
        elif factors := ACTIVATIONS[network.activation(neuron)].autograd:
            arriving, _ = find_delta_factors(one, neuron).values()
            found[delta(neuron)] = product(arriving, factors(Name(weighted_input(neuron)), Name(neuron)))
    return place_at_samples(network, found)


@lru_cache(maxsize=4096)
def _compile_expression(expr: Expr) -> tuple[tuple[str, ...], Callable[..., Bounded]]:
    writer, names = BoundWriter(), find_names(expr)
    source = f"def bound(arithmetic, {', '.join(names)}):\n    {_LOCAL}\n    return {writer.write(expr)}"
    exec(compile(source, "<a bound, written out>", "exec"), writer.scope)
    return names, writer.scope["bound"]
