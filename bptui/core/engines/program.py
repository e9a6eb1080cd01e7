"""The compiler of the formulas: straight-line Python over NumPy values.

The lines of a round are compiled one by one, each once for all networks that have it. A network's first rounds run line
by line; after some dozens, or ahead, they are compiled as a whole, of the same text: with bit-identical results.
Every name in the generated source comes from the fixed vocabulary of ``bptui.core.formulas.names``, and every number of
the user is an argument: nothing that a user typed becomes source. A parameter is one NumPy scalar, or one array over
many runs; the same source serves both, with bit-identical results.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, lru_cache, reduce
from itertools import chain
from operator import add
from types import CodeType
from typing import Any, cast

import numpy as np

from bptui.core.formulas.backprop import list_formulas, list_forward
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


def softmax(own: Any, *layer: Any) -> Any:
    """Return exp(own) over the sum of exp of a layer: without overflow and in the values' own precision.

    Args:
        own: A float64 or float32 scalar, or an array of shape (runs,).
        layer: All values of its layer, itself among them, likewise.

    Returns:
        A scalar, or an array of shape (runs,); the sum is taken from left to right.
    """
    top = reduce(np.maximum, layer)
    return np.exp(own - top) / reduce(add, [np.exp(one - top) for one in layer])


SCOPE: Mapping[str, Any] = {
    "np": np,
    "logsumexp": logsumexp,
    "softmax": softmax,
    "to_digits": to_digits,
    "to_decimals": to_decimals,
}
"""The names that the Python print of an expression uses."""
_SCOPE = dict(SCOPE)
_FEW = 50  # rounds of a network that cost less line by line than it costs to compile them as a whole


class Program:
    """A network's compiled round.

    Attributes:
        quantities: Names of the values that ``round`` returns, in calculation order.
    """

    def __init__(self, network: Network) -> None:
        formulas = list_formulas(network)
        self.quantities = tuple(f.name for f in formulas)
        self._lines = tuple((f.name, compile_line(f.expr)) for f in formulas)
        self._given = network.given
        self._update = {part: updated(part) for part in network.state}
        self._network = network
        self._computed = 0  # rounds

    def round(self, *given: Any) -> tuple[Any, ...]:
        """Compute a round.

        Args:
            given: What the round is computed from, in the order of ``Network.given``: scalars, or arrays of shape
                (runs,).

        Returns:
            All quantities, scalars or of shape (runs,).
        """
        if self._pays_to_compile(1):
            return self._whole_round(*given)
        values = dict(zip(self._given, given, strict=True))
        run_lines(self._lines, values)
        return tuple([values[name] for name in self.quantities])

    def advance(
        self, feed: Iterable[tuple[Any, ...]], keep: Callable[[tuple[Any, ...]], object], *given: Any
    ) -> tuple[Any, ...]:
        """Train for some rounds.

        Args:
            feed: The data of each round, in the order of ``Network.data``.
            keep: Called once a round with one tuple: E, then the state before the update.
            given: The constants and the state, as for ``round``.

        Returns:
            The state after the rounds.
        """
        if self._computed > _FEW:
            return self._whole_training(feed, keep, *given)
        data = self._network.data
        values = dict(zip(self._given[len(data) :], given, strict=True))
        for numbers in (rounds := iter(feed)):
            if self._pays_to_compile(1):
                state = tuple([values[name] for name in self._given[len(data) :]])
                return self._whole_training(chain([numbers], rounds), keep, *state)
            values.update(zip(data, numbers, strict=True))
            run_lines(self._lines, values)
            keep((values["E"], *[values[part] for part in self._update]))
            values.update([(part, values[after]) for part, after in self._update.items()])
        return tuple([values[part] for part in self._update])

    def compile_whole(self) -> None:
        """Compile the round and the training as a whole at once, and not only after some dozens of rounds."""
        _ = self._whole_round, self._whole_training
        self._computed += _FEW + 1

    def _pays_to_compile(self, rounds: int) -> bool:
        self._computed += rounds
        return self._computed > _FEW

    @cached_property
    def _whole_round(self) -> Callable[..., tuple[Any, ...]]:
        return _compile_function("round_", self._round_source)

    @cached_property
    def _whole_training(self) -> Callable[..., tuple[Any, ...]]:
        return _compile_function("advance", self._training_source)

    @property
    def source(self) -> str:
        """The text of a round and of a training as they are compiled."""
        return f"{self._round_source}\n\n{self._training_source}"

    @property
    def _round_source(self) -> str:
        lines = "\n".join(f"    {line}" for line in self._write_lines())
        return f"def round_({', '.join(self._given)}):\n{lines}\n    return ({', '.join(self.quantities)},)"

    @property
    def _training_source(self) -> str:
        before, after = ", ".join(self._update), ", ".join(self._update.values())
        data = self._network.data
        return "\n".join(
            [
                f"def advance(feed, keep, {', '.join(self._given[len(data) :])}):",
                f"    for {', '.join(data)}, in feed:",
                *(f"        {line}" for line in self._write_lines()),
                f"        keep((E, {before},))",
                f"        {before}, = {after},",
                f"    return ({before},)",
            ]
        )

    def _write_lines(self) -> list[str]:
        return [f"{f.name} = {write(f.expr, PYTHON)}" for f in list_formulas(self._network)]


def _compile_function(name: str, source: str) -> Callable[..., tuple[Any, ...]]:
    scope = dict(SCOPE)
    exec(compile(source, "<the round, written out>", "exec"), scope)
    return cast("Callable[..., tuple[Any, ...]]", scope[name])


def run_line(line: CodeType, values: dict[str, Any]) -> Any:
    """Return the value of a compiled expression, from all values before it by name; callers ignore overflow."""
    return eval(line, _SCOPE, values)


def run_lines(lines: Iterable[tuple[str, CodeType]], values: dict[str, Any]) -> None:
    """Add the values of compiled expressions, by their names, to all values before them; callers ignore overflow."""
    for name, line in lines:
        values[name] = eval(line, _SCOPE, values)


@lru_cache(maxsize=4096)
def compile_line(expr: Expr) -> CodeType:
    """Compile an expression for ``run_line``."""
    return compile(write(expr, PYTHON), "<a line of a round>", "eval")


@lru_cache(maxsize=2048)
def compile_program(network: Network) -> Program:
    """Compile the round of a network; what other networks' rounds share with it is compiled already."""
    return Program(network)


@lru_cache(maxsize=256)
def compile_forward(network: Network) -> tuple[tuple[str, CodeType], ...]:
    """Compile the lines of a round up to its loss, each for ``run_line``; return them with their names."""
    return tuple((line.name, compile_line(line.expr)) for line in list_forward(network))


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


def calculate(exprs: Mapping[str, Expr], values: Mapping[str, Any]) -> dict[str, Any]:
    """Calculate named expressions.

    Args:
        exprs: The expressions by name.
        values: All values that they use, by name, scalars or arrays of shape (runs,).

    Returns:
        The value of each expression by name; see ``compile_expression``.
    """
    scope = dict(values)
    with np.errstate(all="ignore"):
        return {name: eval(compile_line(expr), _SCOPE, scope) for name, expr in exprs.items()}


def make_python_function(function: Function) -> Callable[..., Any]:
    """Make a Python function, for scalars and arrays alike, from a function of the formulas."""
    several = "*" * ("{all}" in function.python)
    text = function.python.format("z", all=f"{several}z")
    return cast("Callable[..., Any]", eval(f"lambda {several}z: {text}", dict(SCOPE)))
