"""The functions that formulas call, each with its text in every notation; and tables of named rows.

The NumPy engine compiles the Python text of a function.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol, TypeVar

from bptui.core.formulas.expr import Call, Expr, Function, SumOver, total

EXP = Function("exp({0})", "np.exp({0})", "e^{{{0}}}")
LOG = Function("log({0})", "np.log({0})", r"\ln\left({0}\right)")
TANH = Function("tanh({0})", "np.tanh({0})", r"\tanh\left({0}\right)")
MAX = Function("max({all})", "np.maximum({all})", r"\max\left({all}\right)")
SQRT = Function("sqrt({0})", "np.sqrt({0})", r"\sqrt{{{0}}}")
POWER = Function("{0}**{1}", "{0}**{1}", "{{{0}}}^{{{1}}}")
STEP = Function(
    "(1 if {0} > 0 else 0)", "np.heaviside({0}, 0.0)", r"\mathbf{{1}}\left[{0} > 0\right]", code="({0} > 0)"
)
LEAKY_STEP = Function(
    "(1 if {0} > 0 else 0.01)",
    "np.maximum(np.heaviside({0}, 0.0), 0.01)",
    r"\left(1 \text{{ if }} {0} > 0 \text{{ else }} 0.01\right)",
    code="(1 if {0} > 0 else 0.01)",
)
SOFTPLUS = Function("log(1 + exp({0}))", "np.logaddexp({0}, 0.0)", r"\ln\left(1 + e^{{{0}}}\right)")
SIGMOID = Function(
    "sigmoid({0})",
    # exp takes no positive number: 1/(1+s) from 0 up, s/(1+s) below. s is set last, as the text in {0} may set s too.
    "(np.maximum(np.heaviside({0}, 1.0), s := np.exp(-np.abs({0})))/(1.0 + s))",
    r"\sigma\left({0}\right)",
    code="sigmoid({0})",
    define="def sigmoid(z):\n    s = np.exp(-abs(z))\n    return (1 if z >= 0 else s) / (1 + s)",
)

WORDS = {function.text.partition("(")[0]: function for function in (EXP, LOG, TANH, MAX, SQRT, SIGMOID)}
"""Functions by their name in printed formulas, under which a typed answer may call them."""


class Named(Protocol):
    """A row of a table."""

    @property
    def name(self) -> str:
        """Its name in lessons and on screen."""


Row = TypeVar("Row", bound=Named)


def index_by_name(*rows: Row) -> dict[str, Row]:
    """Return the rows of a table by name, in the given order."""
    return {row.name: row for row in rows}


def _sum_exps(arguments: Iterable[Expr]) -> Expr:
    def exp(of: Expr) -> Expr:
        return SumOver(of.index, of.count, exp(of.term)) if isinstance(of, SumOver) else Call(EXP, (of,))

    return total([exp(a) for a in arguments])


def _log_of_sum(arguments: tuple[Expr, ...]) -> Expr:
    return Call(LOG, (_sum_exps(arguments),))


LOG_SUM_EXP = Function("", "logsumexp({all})", "", code="np.logaddexp.reduce([{all}])", means=_log_of_sum)


@lru_cache(maxsize=16)
def compare_indices(one: str, other: str) -> Function:
    """Return the function, without arguments, that is 1 where two indices of general formulas are equal, else 0."""
    return Function(f"(1 if {one} == {other} else 0)", "", rf"\mathbf{{{{1}}}}\left[{one} = {other}\right]")


def _part_of_sum(arguments: tuple[Expr, ...]) -> Expr:
    own, *layer = arguments
    return Call(EXP, (own,)) / _sum_exps(layer)


SOFTMAX = Function(
    "",
    "softmax({all})",
    "",
    code="softmax({all})",
    define="def softmax(z, *layer):\n    top = max(layer)  # else exp may overflow\n"
    "    whole = sum(np.exp(one - top) for one in layer)\n    return np.exp(z - top) / whole",
    means=_part_of_sum,
)
