"""A round in 60 decimal digits: the exact value of every formula, from exactly the numbers that an engine has."""

from collections.abc import Callable, Mapping
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from functools import reduce
from math import isfinite
from typing import Any

import numpy as np

from bptui.core.engines.engine import Floats, NumpyEngine, collect_given
from bptui.core.formulas import functions
from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.backprop import list_formulas
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
)
from bptui.core.formulas.names import weighted_input
from bptui.core.formulas.network import Network
from bptui.core.problem.spec import Spec

DIGITS = 60
EXACT = Context(
    prec=DIGITS, Emax=999999999999999999, Emin=-999999999999999999, traps=[InvalidOperation, DivisionByZero, Overflow]
)
_ONE, _LARGE = Decimal(1), Decimal(10**6)
_LEAK = Decimal.from_float(0.01)


def _exp(z: Decimal) -> Decimal:
    return EXACT.exp(max(-_LARGE, min(_LARGE, z)))  # beyond, what is added to it or to which it is added is lost


def _sigmoid(z: Decimal) -> Decimal:
    return EXACT.divide(_ONE, EXACT.add(_ONE, _exp(-z)))


def _tanh(z: Decimal) -> Decimal:
    s = _exp(-2 * abs(z))
    small = abs(z) < Decimal("1e-15")  # here 1 - s would have no digits left
    size = z.copy_abs() if small else EXACT.divide(EXACT.subtract(_ONE, s), EXACT.add(_ONE, s))
    return size.copy_sign(z)


def _log_sum_exp(*z: Decimal) -> Decimal:
    top = max(z)
    return EXACT.add(top, EXACT.ln(reduce(EXACT.add, (_exp(EXACT.subtract(one, top)) for one in z))))


def _softmax(own: Decimal, *layer: Decimal) -> Decimal:
    return EXACT.divide(_ONE, reduce(EXACT.add, (_exp(EXACT.subtract(one, own)) for one in layer)))


def _softplus(z: Decimal) -> Decimal:
    return _exp(z) if z < -100 else EXACT.add(max(z, Decimal(0)), EXACT.ln(EXACT.add(_ONE, _exp(-abs(z)))))


FUNCTIONS: dict[Function, Callable[..., Decimal]] = {
    functions.EXP: _exp,
    functions.LOG: EXACT.ln,
    functions.TANH: _tanh,
    functions.MAX: max,
    functions.STEP: lambda z: Decimal(z > 0),
    functions.LEAKY_STEP: lambda z: _ONE if z > 0 else _LEAK,
    functions.SOFTPLUS: _softplus,
    functions.SIGMOID: _sigmoid,
    functions.LOG_SUM_EXP: _log_sum_exp,
    functions.SOFTMAX: _softmax,
}


def compute_exactly(network: Network, given: Mapping[str, Any]) -> dict[str, Decimal]:
    """The quantities of a round in 60 digits, as far as they exist.

    Args:
        network: The network, without rounding by hand.
        given: What the round is computed from, as floats of any precision.
    """
    known = {name: Decimal(float(value)) for name, value in given.items()}
    for line in list_formulas(network):
        try:
            known[line.name] = _evaluate(line.expr, known)
        except (ArithmeticError, KeyError):  # what it is computed from does not exist
            continue
    return {line.name: known[line.name] for line in list_formulas(network) if line.name in known}


def _evaluate(expr: Expr, known: Mapping[str, Decimal]) -> Decimal:
    def value(part: Expr) -> Decimal:
        return _evaluate(part, known)

    match expr:
        case Number(number):
            return Decimal(number)
        case Name(name):
            return known[name]
        case Sum(terms):
            return reduce(EXACT.add, map(value, terms))
        case Difference(left, right):
            return EXACT.subtract(value(left), value(right))
        case Product(factors):
            return reduce(EXACT.multiply, map(value, factors))
        case Quotient(over, under):
            return EXACT.divide(value(over), value(under))
        case Negative(of):
            return value(of).copy_negate()
        case Square(of):
            return EXACT.multiply(value(of), value(of))
        case Call(function, arguments):
            return FUNCTIONS[function](*map(value, arguments))
    raise TypeError(f"not an expression: {expr!r}")


def given_and_values(spec: Spec, state: Floats, precision: str = "float64") -> dict[str, Any]:
    """What round 1 is computed from, and all its quantities, in a precision."""
    state = state.astype(precision)
    return {**collect_given(spec, state, 1), **NumpyEngine(spec, precision).evaluate(state, 1)}


def find_errors(spec: Spec, values: Mapping[str, Any]) -> dict[str, Decimal]:
    """How far the finite quantities of a round are from their exact values, given the very numbers it started from."""
    network = spec.network
    given = {name: values[name] for name in (*network.inputs, *network.targets, *network.state)}
    exact = compute_exactly(network, {**given, "eta": spec.step})
    return {name: abs(Decimal(float(values[name])) - value) for name, value in exact.items() if isfinite(values[name])}


def find_largest_errors(spec: Spec, state: Floats, others: int = 8) -> dict[str, Decimal]:
    """The largest error of each quantity in a state and in others that differ in the last places: one may have luck."""
    rng, precision = np.random.default_rng(1), str(state.dtype)
    units = np.finfo(precision).eps * rng.integers(-8, 9, (others, len(state)))
    found = find_errors(spec, given_and_values(spec, state, precision))
    for unit in units:
        near = (state * (1 + unit)).astype(precision)
        for name, error in find_errors(spec, given_and_values(spec, near, precision)).items():
            found[name] = max(found.get(name, error), error)
    return found


def is_undecided(spec: Spec, values: Mapping[str, Any], bounds: Mapping[str, float]) -> bool:
    """Whether rounding decides on which side of a kink a neuron is, or a softmax has one output and so is always 1."""
    if (spec.loss == "cross entropy" or spec.activation_output == "softmax") and len(spec.targets[0]) == 1:
        return True
    inputs = [weighted_input(n) for n in spec.network.neurons if not ACTIVATIONS[spec.network.activation(n)].smooth]
    return any(abs(values[z]) <= 8 * bounds[z] for z in inputs)
