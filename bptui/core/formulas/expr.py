"""A small expression tree for the formulas of a round.

An expression is evaluated from left to right exactly as written, so the order of its terms is part of its meaning:
sums keep the given order and nothing is simplified. A ``Notation`` prints an expression; its value is NumPy's result
for its Python print.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field

from bptui.record import record


class Expr:
    """Any expression; arithmetic on expressions makes expressions."""

    __slots__ = ()

    def __add__(self, other: Expr | float) -> Expr:
        return Sum((self, as_expr(other)))

    def __radd__(self, other: float) -> Expr:
        return Sum((as_expr(other), self))

    def __sub__(self, other: Expr | float) -> Expr:
        return Difference(self, as_expr(other))

    def __rsub__(self, other: float) -> Expr:
        return Difference(as_expr(other), self)

    def __mul__(self, other: Expr | float) -> Expr:
        return product(self, as_expr(other))

    def __rmul__(self, other: float) -> Expr:
        return product(as_expr(other), self)

    def __truediv__(self, other: Expr | float) -> Expr:
        return Quotient(self, as_expr(other))

    def __rtruediv__(self, other: float) -> Expr:
        return Quotient(as_expr(other), self)

    def __neg__(self) -> Expr:
        return Negative(self)


@record(slots=True)
class Number(Expr):
    """A constant of a formula, such as the 1/2 of a loss; never a number a user typed."""

    value: float


@record(slots=True)
class Name(Expr):
    """A quantity, by its name."""

    name: str


@record(slots=True)
class Sum(Expr):
    """Terms added from left to right."""

    terms: tuple[Expr, ...]


@record(slots=True)
class SumOver(Expr):
    """The general term of a sum: ``term`` for ``index`` from 1 to ``count``; printed, never evaluated."""

    index: str
    count: int
    term: Expr


@record(slots=True)
class Difference(Expr):
    """``left - right``."""

    left: Expr
    right: Expr


@record(slots=True)
class Product(Expr):
    """Factors multiplied from left to right."""

    factors: tuple[Expr, ...]


@record(slots=True)
class Quotient(Expr):
    """``over / under``."""

    over: Expr
    under: Expr


@record(slots=True)
class Negative(Expr):
    """``-of``."""

    of: Expr


@record(slots=True)
class Square(Expr):
    """``of`` times itself (not a power: a product is exact to the last bit on scalars and arrays alike)."""

    of: Expr


@record(slots=True)
class EntryProduct(Expr):
    """Matrices multiplied entry by entry, from left to right."""

    factors: tuple[Expr, ...]


@record(slots=True)
class MatrixProduct(Expr):
    """The matrix product of ``left`` and ``right``."""

    left: Expr
    right: Expr


@record(slots=True)
class Transposed(Expr):
    """A matrix turned on its side."""

    of: Expr


@record(slots=True)
class Function:
    """A function that an expression can call.

    All texts share their placeholders: ``{0}`` is the argument, ``{all}`` all arguments separated by commas.

    Attributes:
        text: The printed form for the user, in a syntax that Python's parser reads too; empty if ``means`` replaces it.
        python: The NumPy source that computes it.
        latex: The LaTeX form; empty if ``means`` replaces it.
        code: The form in a program written by hand, where that differs from ``python``.
        define: The definition such a program needs first, if any.
        means: Makes the equivalent in simpler functions, for a function without a printed form of its own.
    """

    text: str
    python: str
    latex: str
    code: str = ""
    define: str = ""
    means: Callable[[tuple[Expr, ...]], Expr] | None = field(default=None, compare=False)


@record(slots=True)
class Call(Expr):
    """A function applied to arguments."""

    function: Function
    arguments: tuple[Expr, ...]


def as_expr(value: Expr | float) -> Expr:
    """Return an expression unchanged and a number as a ``Number``."""
    return value if isinstance(value, Expr) else Number(value)


def total(terms: list[Expr]) -> Expr:
    """Return the sum of one or more terms, from left to right."""
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))


def product(*factors: Expr) -> Expr:
    """Return the product of factors, from left to right; nested products are flattened and ones left out."""
    flat: list[Expr] = []
    for factor in factors:
        flat += factor.factors if isinstance(factor, Product) else (factor,)
    flat = [f for f in flat if not (isinstance(f, Number) and f.value == 1.0)] or [Number(1.0)]
    return flat[0] if len(flat) == 1 else Product(tuple(flat))


def find_parts(expr: Expr) -> tuple[Expr, ...]:
    """Return the direct parts of an expression, from left to right."""
    match expr:
        case Sum(of) | Product(of) | EntryProduct(of) | Call(_, of):
            return of
        case Difference(a, b) | Quotient(a, b) | MatrixProduct(a, b):
            return a, b
        case Negative(a) | Square(a) | Transposed(a) | SumOver(_, _, a):
            return (a,)
    return ()


def find_names(expr: Expr) -> tuple[str, ...]:
    """Return the names of the quantities in an expression, each once, in order of appearance."""
    if isinstance(expr, Name):
        return (expr.name,)
    return tuple(dict.fromkeys(name for part in find_parts(expr) for name in find_names(part)))


def find_definitions(expr: Expr) -> tuple[str, ...]:
    """Return the definitions that a program needs for the functions in an expression, each once."""
    own = (expr.function.define,) if isinstance(expr, Call) and expr.function.define else ()
    return tuple(dict.fromkeys((*own, *(text for part in find_parts(expr) for text in find_definitions(part)))))


def rebuild(expr: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """Return an expression with ``change`` applied to each of its direct parts."""
    match expr:
        case Sum(of) | Product(of) | EntryProduct(of):
            return type(expr)(tuple(map(change, of)))
        case Call(function, of):
            return Call(function, tuple(map(change, of)))
        case Difference(a, b) | Quotient(a, b) | MatrixProduct(a, b):
            return type(expr)(change(a), change(b))
        case Negative(a) | Square(a) | Transposed(a):
            return type(expr)(change(a))
        case SumOver(index, count, term):
            return SumOver(index, count, change(term))
    return expr


def substitute(expr: Expr, by_name: Mapping[str, Expr]) -> Expr:
    """Return an expression with other expressions in place of some names."""
    if isinstance(expr, Name):
        return by_name.get(expr.name, expr)
    return rebuild(expr, lambda part: substitute(part, by_name))
