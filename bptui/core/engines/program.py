"""The compiler of the formulas: straight-line Python over NumPy values, compiled once per network.

Every name in the generated source comes from the fixed vocabulary of ``bptui.core.formulas.names``, and every number of
the user is an argument: nothing that a user typed becomes source. A parameter is one NumPy scalar, or one array over
many runs; the same source serves both, with bit-identical results.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import Any, cast

import numpy as np

from bptui.core.formulas.backprop import list_formulas
from bptui.core.formulas.expr import Expr, Function, find_names
from bptui.core.formulas.names import updated
from bptui.core.formulas.network import Network
from bptui.core.formulas.notation import PYTHON, write
from bptui.core.formulas.rounding import to_decimals, to_digits


def logsumexp(*values: Any) -> Any:
    """Return log(exp(a) + exp(b) + ...) by log-sum-exp: without overflow and in the values' own precision.

    Args:
        values: One or more float64 or float32 scalars, or arrays of shape (runs,).

    Returns:
        A scalar, or an array of shape (runs,); the values are added pairwise from left to right.
    """
    return reduce(np.logaddexp, values)


SCOPE: Mapping[str, Any] = {"np": np, "logsumexp": logsumexp, "to_digits": to_digits, "to_decimals": to_decimals}
"""The names that the Python print of an expression uses."""


@dataclass(frozen=True)
class Program:
    """A network's compiled round.

    Attributes:
        quantities: Names of the values that ``round`` returns, in calculation order.
        round: ``(inputs..., targets..., eta, state...)`` -> a tuple of all quantities, scalars or of shape (runs,).
        advance: ``(rounds, keep, inputs..., targets..., eta, state...)`` -> the state after that many rounds, as a
            tuple; ``keep`` is called once a round with one tuple: E, then the state before the update.
        source: The compiled source text.
    """

    quantities: tuple[str, ...]
    round: Callable[..., tuple[Any, ...]]
    advance: Callable[..., tuple[Any, ...]]
    source: str


@lru_cache(maxsize=512)
def compile_program(network: Network) -> Program:
    """Compile the round of a network (about a millisecond at 2-2-2, then cached)."""
    lines = list_formulas(network)
    source = _write_source(network)
    scope = dict(SCOPE)
    exec(compile(source, "<the round, written out>", "exec"), scope)
    return Program(tuple(f.name for f in lines), scope["round_"], scope["advance"], source)


@lru_cache(maxsize=4096)
def compile_expression(expr: Expr) -> Callable[[Mapping[str, Any]], Any]:
    """Compile an expression.

    Args:
        expr: The expression.

    Returns:
        A function of values by name, scalars or arrays of shape (runs,). It returns the value of the expression in
        their own precision, bit-identical to the value in a round.
    """
    given = find_names(expr)
    function = eval(f"lambda {', '.join(given)}: {write(expr, PYTHON)}", dict(SCOPE))

    def evaluate(values: Mapping[str, Any]) -> Any:
        with np.errstate(all="ignore"):
            return function(*(values[name] for name in given))

    return evaluate


def make_python_function(function: Function) -> Callable[..., Any]:
    """Make a Python function, for scalars and arrays alike, from a function of the formulas."""
    several = "*" * ("{all}" in function.python)
    text = function.python.format("z", all=f"{several}z")
    return cast("Callable[..., Any]", eval(f"lambda {several}z: {text}", dict(SCOPE)))


def _write_source(network: Network) -> str:
    lines = [f"{f.name} = {write(f.expr, PYTHON)}" for f in list_formulas(network)]
    given = ", ".join((*network.inputs, *network.targets, "eta", *network.state))
    before = ", ".join(network.state)
    after = ", ".join(map(updated, network.state))
    return "\n".join(
        [
            f"def round_({given}):",
            *(f"    {line}" for line in lines),
            f"    return ({', '.join(f.name for f in list_formulas(network))},)",
            "",
            f"def advance(rounds, keep, {given}):",
            "    for _ in range(rounds):",
            *(f"        {line}" for line in lines),
            f"        keep((E, {before},))",
            f"        {before}, = {after},",
            f"    return ({before},)",
        ]
    )
