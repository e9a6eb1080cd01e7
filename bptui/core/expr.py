"""A small expression tree, and one writer for all its prints.

An expression is evaluated from left to right exactly as it is written, so the order of its terms is part of its
meaning: sums are kept in the order given and nothing is simplified. How it looks is a ``Notation``, a row of plain
data; the Python print is one of them, and it is what the NumPy engine compiles.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

# How tightly a piece of text binds; a part that binds looser than its place needs parentheses.
_SUM, _NEGATIVE, _PRODUCT, _ATOM = 1, 2, 3, 4


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

    Attributes:
        text: How it is printed for people; ``{0}`` is its argument, ``{all}`` every argument with commas.
        python: How NumPy computes it, in source text over the same placeholders.
    """

    text: str
    python: str


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


def names(expr: Expr) -> tuple[str, ...]:
    """The quantities an expression is built from, each once, in the order they appear."""
    found: dict[str, None] = {}

    def visit(part: Expr) -> None:
        match part:
            case Name(name):
                found[name] = None
            case Sum(parts) | Product(parts) | Call(_, parts):
                for p in parts:
                    visit(p)
            case Difference(a, b) | Quotient(a, b):
                visit(a)
                visit(b)
            case Negative(a) | Square(a):
                visit(a)
            case _:
                pass

    visit(expr)
    return tuple(found)


@dataclass(frozen=True)
class Notation:
    """How an expression is printed.

    Attributes:
        name: Turns a quantity's name into text: letters, or its number.
        number: Turns a constant into text.
        times: Sign between factors.
        minus: Sign of a difference and of a negative number.
        square: Format of a square; ``{0}`` is the base, already in parentheses if it needs them.
        call: Format of a call to a function.
    """

    name: Callable[[str], str]
    number: Callable[[float], str]
    times: str
    minus: str
    square: str
    call: Callable[[Function], str] = field(default=lambda function: function.text)


PYTHON = Notation(
    name=str,
    number=repr,
    times="*",
    minus="-",
    square="((t := {0})*t)",
    call=lambda function: function.python,
)


def write(expr: Expr, notation: Notation) -> str:
    """Print an expression in a notation, with no more parentheses than it needs."""
    return _write(expr, notation)[0]


def _write(expr: Expr, notation: Notation) -> tuple[str, int]:
    def part(of: Expr, binding: int) -> str:
        text, own = _write(of, notation)
        return text if own >= binding else f"({text})"

    match expr:
        case Number(value):
            return _signed(notation.number(value))
        case Name(name):
            return _signed(notation.name(name))
        case Sum(terms):
            # A term may start with a sign only at the very left: 0.2 + (−0.4)
            rest = [part(t, _PRODUCT) for t in terms[1:]]
            return " + ".join([part(terms[0], _SUM), *rest]), _SUM
        case Difference(left, right):
            return f"{part(left, _SUM)} {notation.minus} {part(right, _PRODUCT)}", _SUM
        case Product(factors):
            return notation.times.join(part(f, _ATOM) for f in factors), _PRODUCT
        case Quotient(over, under):
            return f"{part(over, _PRODUCT)}/{part(under, _ATOM)}", _PRODUCT
        case Negative(of):
            return f"{notation.minus}{part(of, _PRODUCT)}", _NEGATIVE
        case Square(of):
            return notation.square.format(part(of, _ATOM)), _ATOM
        case Call(function, arguments):
            texts = [write(a, notation) for a in arguments]
            return notation.call(function).format(*texts, all=", ".join(texts)), _ATOM
    raise TypeError(f"not an expression: {expr!r}")


def _signed(text: str) -> tuple[str, int]:
    """A name or number and how tightly it binds: a leading sign needs parentheses in a product."""
    return text, _NEGATIVE if text[:1] in "-−" else _ATOM
