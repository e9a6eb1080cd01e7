"""The printing of expressions: a ``Notation`` is a row of plain data, and one writer serves all notations.

The Python print is a notation like the others, and the NumPy engine compiles it. A negative number or name counts as a
sign before an atom, and a number with an exponent as a product, so both get parentheses where needed.
"""

from collections.abc import Callable
from dataclasses import field

from bptui.core.formulas.expr import (
    Call,
    Difference,
    EntryProduct,
    Expr,
    Function,
    MatrixProduct,
    Name,
    Negative,
    Number,
    Product,
    Quotient,
    Square,
    Sum,
    SumOver,
    Transposed,
)
from bptui.record import record

# How tightly a piece of text binds; a part that binds more loosely than its place requires gets parentheses.
_SUM, _NEGATIVE, _PRODUCT, _ATOM = 1, 2, 3, 4


@record
class Notation:
    """A way to print expressions.

    Attributes:
        name: Turns a quantity's name into text: letters, or its number.
        number: Turns a constant into text.
        times: Sign between factors.
        minus: Sign of a difference and of a negative number.
        square: Format of a square; ``{0}`` is the base, already in parentheses if it needs them.
        call: Returns the format of a call to a function; empty for a function written out by its ``means``.
        fraction: Format of a quotient that needs no parentheses, such as a fraction bar; empty if there is none.
        group: Format of parentheses.
        sum_over: Format of a general sum; ``{0}`` is the index, ``{1}`` its last value, ``{2}`` the term.
        by_entry: Sign between matrices multiplied entry by entry.
        matrix_times: Sign of the matrix product.
        transposed: Format of a matrix turned on its side.
    """

    name: Callable[[str], str]
    number: Callable[[float], str]
    times: str
    minus: str
    square: str
    call: Callable[[Function], str] = field(default=lambda function: function.text)
    fraction: str = ""
    group: str = "({0})"
    sum_over: str = "Σ({0}=1..{1}) {2}"
    by_entry: str = "*"
    matrix_times: str = " @ "
    transposed: str = "{0}.T"


PYTHON = Notation(
    name=str,
    number=repr,
    times="*",
    minus="-",
    square="((q := {0})*q)",
    call=lambda function: function.python,
)


def write(expr: Expr, notation: Notation) -> str:
    """Print an expression in a notation, with no more parentheses than it needs."""
    return _write(expr, notation)[0]


def _write(expr: Expr, notation: Notation) -> tuple[str, int]:
    def part(of: Expr, binding: int) -> str:
        text, own = _write(of, notation)
        return text if own >= binding else notation.group.format(text)

    match expr:
        case Number(value):
            return _binding(notation.number(value), notation)
        case Name(name):
            return _binding(notation.name(name), notation)
        case Sum(terms):
            # Only the leftmost term may start with a bare sign: 0.2 + (−0.4)
            rest = [part(t, _PRODUCT) for t in terms[1:]]
            return " + ".join([part(terms[0], _SUM), *rest]), _SUM
        case SumOver(index, count, term):
            return notation.sum_over.format(index, count, part(term, _PRODUCT)), _NEGATIVE
        case Difference(left, right):
            return f"{part(left, _SUM)} {notation.minus} {part(right, _PRODUCT)}", _SUM
        case Product(factors):
            return notation.times.join(part(f, _ATOM) for f in factors), _PRODUCT
        case EntryProduct(factors):
            return notation.by_entry.join(part(f, _ATOM) for f in factors), _PRODUCT
        case MatrixProduct(left, right):
            return f"{part(left, _ATOM)}{notation.matrix_times}{part(right, _ATOM)}", _PRODUCT
        case Transposed(of):
            return notation.transposed.format(part(of, _ATOM)), _ATOM
        case Quotient(over, under) if notation.fraction:
            return notation.fraction.format(write(over, notation), write(under, notation)), _ATOM
        case Quotient(over, under):
            return f"{part(over, _PRODUCT)}/{part(under, _ATOM)}", _PRODUCT
        case Negative(of):
            return f"{notation.minus}{part(of, _PRODUCT)}", _NEGATIVE
        case Square(of):
            # e^{x} and fractions take no exponent, and a square takes no second one
            bare = isinstance(of, Name | Number) or not (notation.fraction or isinstance(of, Square))
            whole = bare and not (isinstance(of, Name) and _has_parts(notation.name(of.name)))
            return notation.square.format(part(of, _ATOM if whole else _ATOM + 1)), _ATOM
        case Call(function, arguments):
            if not (text := notation.call(function)) and function.means:
                return _write(function.means(arguments), notation)
            texts = [write(a, notation) for a in arguments]
            return text.format(*texts, all=", ".join(texts)), _ATOM
    raise TypeError(f"not an expression: {expr!r}")


def _has_parts(name: str) -> bool:
    """Whether an exponent behind a name would seem to belong to its end alone: ∂E/∂w1, new w1."""
    return any(sign in name for sign in ("/", " ", "frac", "^"))


def _binding(text: str, notation: Notation) -> tuple[str, int]:
    """Return a name or number, and how tightly it binds."""
    if text[:1] in "-−":
        return text, _NEGATIVE
    return text, _PRODUCT if notation.times in text else _ATOM
