"""A small expression tree: what the formulas of a round are made of.

An expression is evaluated from left to right exactly as it is written, so the order of its terms is part of its
meaning: sums are kept in the order given and nothing is simplified. How it looks is a ``Notation``; what it is worth
is what NumPy says to its Python print.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


class Expr:
    """Base of all expressions; arithmetic on expressions makes expressions."""

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


@dataclass(frozen=True, slots=True)
class Number(Expr):
    """A constant of a formula, such as the 1/2 of a loss; never a number a user typed."""

    value: float


@dataclass(frozen=True, slots=True)
class Name(Expr):
    """A quantity, by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class Sum(Expr):
    """Terms added from left to right."""

    terms: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class SumOver(Expr):
    """The general term of a sum: ``term`` for ``index`` from 1 to ``count``; printed, never evaluated."""

    index: str
    count: int
    term: Expr


@dataclass(frozen=True, slots=True)
class Difference(Expr):
    """``left - right``."""

    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Product(Expr):
    """Factors multiplied from left to right."""

    factors: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Quotient(Expr):
    """``over / under``."""

    over: Expr
    under: Expr


@dataclass(frozen=True, slots=True)
class Negative(Expr):
    """``-of``."""

    of: Expr


@dataclass(frozen=True, slots=True)
class Square(Expr):
    """``of`` times itself (not a power: a product is exact to the last bit on scalars and arrays alike)."""

    of: Expr


@dataclass(frozen=True, slots=True)
class Function:
    """A function an expression can call.

    Every text is over the same placeholders: ``{0}`` is the argument, ``{all}`` every argument with commas.

    Attributes:
        text: How it is printed for people, in words that Python's own parser reads too; empty if it is ``means``.
        python: How NumPy computes it.
        latex: How LaTeX sets it; empty if it is ``means``.
        code: How a person would write it in a program, where that is not ``python``.
        define: The definition such a program needs first, if any.
        means: What it stands for, in simpler functions, where it has no print of its own for people.
    """

    text: str
    python: str
    latex: str
    code: str = ""
    define: str = ""
    means: Callable[[tuple[Expr, ...]], Expr] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Call(Expr):
    """A function applied to arguments."""

    function: Function
    arguments: tuple[Expr, ...]


def as_expr(value: Expr | float) -> Expr:
    """An expression as it is, a number as a ``Number``."""
    return value if isinstance(value, Expr) else Number(value)


def total(terms: list[Expr]) -> Expr:
    """The sum of one or more terms, from left to right."""
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))


def product(*factors: Expr) -> Expr:
    """The product of factors from left to right; products among them are laid open and ones left out."""
    flat: list[Expr] = []
    for factor in factors:
        flat.extend(factor.factors if isinstance(factor, Product) else [factor])
    flat = [f for f in flat if f != Number(1.0)] or [Number(1.0)]
    return flat[0] if len(flat) == 1 else Product(tuple(flat))


def find_parts(expr: Expr) -> tuple[Expr, ...]:
    """What an expression is directly made of, from left to right."""
    match expr:
        case Sum(of) | Product(of) | Call(_, of):
            return of
        case Difference(a, b) | Quotient(a, b):
            return a, b
        case Negative(a) | Square(a) | SumOver(_, _, a):
            return (a,)
    return ()


def find_names(expr: Expr) -> tuple[str, ...]:
    """The quantities an expression is built from, each once, in the order they appear."""
    if isinstance(expr, Name):
        return (expr.name,)
    return tuple(dict.fromkeys(name for part in find_parts(expr) for name in find_names(part)))


def rebuild(expr: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """The same expression with everything it is directly made of changed."""
    match expr:
        case Sum(of):
            return Sum(tuple(map(change, of)))
        case Product(of):
            return Product(tuple(map(change, of)))
        case Call(function, of):
            return Call(function, tuple(map(change, of)))
        case Difference(a, b):
            return Difference(change(a), change(b))
        case Quotient(a, b):
            return Quotient(change(a), change(b))
        case Negative(a):
            return Negative(change(a))
        case Square(a):
            return Square(change(a))
        case SumOver(index, count, term):
            return SumOver(index, count, change(term))
    return expr
