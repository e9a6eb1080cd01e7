"""How large rounding errors can be: the size that each number of a round would have if nothing in it cancelled.

Near a minimum a gradient is the small difference of large numbers, so what two correct computations of it may differ
by depends on those numbers and not on the gradient. A quantity's size is its formula with every difference made a sum
and every number positive; an error of some units in the last place of the size is rounding, a larger one is not. The
sizes are formulas like the round's own, written once for any network and rule and compiled once.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from bptui.core.engines.program import SCOPE
from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.backprop import Formula, list_formulas
from bptui.core.formulas.expr import (
    Call,
    Difference,
    Expr,
    Function,
    Name,
    Negative,
    Number,
    Product,
    Quotient,
    Square,
    Sum,
    product,
    total,
)
from bptui.core.formulas.functions import EXP
from bptui.core.formulas.names import weighted_input
from bptui.core.formulas.network import Network
from bptui.core.formulas.notation import PYTHON, write

UNITS = 64
"""An error of so many units in the last place of a number's size is still rounding."""
_ABS = Function("|{0}|", "np.abs({0})", "|{0}|")


def compute_sizes(network: Network, values: Mapping[str, Any]) -> dict[str, float]:
    """The sizes of all quantities of a round.

    Args:
        network: What the values belong to.
        values: All quantities of the round, and all that it was computed from.

    Returns:
        The sizes by name; infinite or nan where the numbers are beyond telling.
    """
    names, compute = _compiled(network)
    with np.errstate(all="ignore"):
        found = compute(**{name: np.float64(values[name]) for name in names})
    return {name: float(size) for name, size in found.items()}


@lru_cache(maxsize=64)
def _compiled(network: Network) -> tuple[tuple[str, ...], Callable[..., dict[str, Any]]]:
    lines = list_formulas(network)
    quantities = [f.name for f in lines]
    given = (*network.inputs, *network.targets, "eta", *network.parameters, *quantities)
    source = [
        f"def sizes({', '.join(given)}):",
        *(f"    size_{f.name} = {write(_size_of_line(network, f, set(quantities)), PYTHON)}" for f in lines),
        f"    return {{{', '.join(f'{name!r}: size_{name}' for name in quantities)}}}",
    ]
    scope = dict(SCOPE)
    exec(compile("\n".join(source), "<the sizes, written out>", "exec"), scope)
    return given, scope["sizes"]


def _size_of_line(network: Network, line: Formula, quantities: set[str]) -> Expr:
    if line.name in network.neurons:  # an error of the input reaches the output by the activation's slope
        z = weighted_input(line.name)
        slope = ACTIVATIONS[network.activation(line.name)].derivative(Name(z), Name(line.name))
        return _absolute(Name(line.name)) + product(_absolute(slope), Name(f"size_{z}"))
    return _size(line.expr, quantities)


def _absolute(expr: Expr) -> Expr:
    return Call(_ABS, (expr,))


def _size(expr: Expr, quantities: set[str]) -> Expr:
    def size(part: Expr) -> Expr:
        return _size(part, quantities)

    match expr:
        case Number(value):
            return Number(abs(value))
        case Name(name):
            return Name(f"size_{name}") if name in quantities else _absolute(expr)
        case Sum(parts):
            return total([size(p) for p in parts])
        case Difference(left, right):
            return size(left) + size(right)
        case Product(factors):
            return product(*map(size, factors))
        case Quotient(over, under):
            return product(size(over), size(under)) / Square(under)
        case Negative(of):
            return size(of)
        case Square(of):
            return Square(size(of))
        case Call(function, (argument,)) if function == EXP:
            return product(expr, 1.0 + size(argument))
        case Call(_, arguments):
            return total([_absolute(expr), *map(size, arguments)])
    raise TypeError(f"not an expression: {expr!r}")
