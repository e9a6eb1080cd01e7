"""The line of a printed value in the numbers as the sheet prints them.

A sheet may print a multiple of the calculation's numbers, such as the opposite sign: what ``Reading.scale`` returns.
The line is rewritten so that it holds for the numbers as printed.
"""

from collections.abc import Callable, Container, Iterable

from bptui.core.formulas.expr import (
    Difference,
    Expr,
    Name,
    Negative,
    Number,
    Product,
    Sum,
    find_parts,
    product,
    rebuild,
)
from bptui.explain.calculation.steps import Step, write_out

Scale = Callable[[str], float]


def make_line(step: Step, steps: Iterable[Step], whole: Container[str], name: str, scale: Scale) -> Step:
    """Return the line of a printed value.

    Args:
        step: The step that calculates it, perhaps under another name.
        steps: The steps of the round.
        whole: The names that stay names; the expressions of others are put in their place.
        name: The name under which the value is printed.
        scale: Returns the printed number over the calculation's, by name.
    """
    factor, expr = _pull_out(write_out(step, steps, whole).expr, scale)
    return Step(name, _multiply(expr, factor * scale(name)))


def _pull_out(expr: Expr, scale: Scale) -> tuple[float, Expr]:
    """Return an expression of printed numbers, and the factor by which the calculation's number is more."""
    if isinstance(expr, Name):
        return 1.0 / scale(expr.name), expr
    if not find_parts(expr):
        return 1.0, expr
    parts = [_pull_out(part, scale) for part in find_parts(expr)]
    factors = [factor for factor, _ in parts]
    match expr:
        case Product():
            whole = 1.0
            for factor in factors:
                whole *= factor
            return whole, Product(tuple(part for _, part in parts))
        case Negative():
            return factors[0], Negative(parts[0][1])
        case Sum() | Difference() if len(set(factors)) == 1:
            left = iter(parts)
            return factors[0], rebuild(expr, lambda _: next(left)[1])
        case Difference(_, _) if factors == [1.0, -1.0]:
            return 1.0, Sum((parts[0][1], parts[1][1]))
    rest = iter(parts)

    def put_back(_: Expr) -> Expr:
        factor, part = next(rest)
        return _multiply(part, factor)

    return 1.0, rebuild(expr, put_back)


def _multiply(expr: Expr, factor: float) -> Expr:
    """Return an expression times a factor; a sign goes into a difference, if there is one."""
    if factor == 1.0:
        return expr
    if factor != -1.0:
        return product(Number(factor), expr)
    match expr:
        case Negative(of):
            return of
        case Difference(left, right):
            return Difference(right, left)
        case Product(factors):
            for at, part in enumerate(factors):
                if isinstance(part, Negative | Difference):
                    return Product((*factors[:at], _multiply(part, -1.0), *factors[at + 1 :]))
    return Negative(expr)
