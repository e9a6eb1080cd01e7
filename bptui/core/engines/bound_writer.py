"""Write a formula as the Python text that computes its bound, operation by operation.

Where errors of parts cancel, the text says so: as in a share of a sum, and in a quotient times its divisor.
"""

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from bptui.core.engines.bounded_numbers import is_exact
from bptui.core.engines.program import make_python_function
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
)
from bptui.core.formulas.functions import EXP, LOG_SUM_EXP, POWER, SIGMOID, SOFTMAX, SQRT


class BoundWriter:
    """Writes expressions as calls of the operations of ``Arithmetic``.

    Attributes:
        scope: The functions that the texts call, besides those operations.
    """

    def __init__(self, formulas: Mapping[str, Expr] = MappingProxyType({})) -> None:
        self._formulas = formulas
        self.scope: dict[str, Any] = {}
        self._functions: dict[Function, str] = {}

    def write(self, expr: Expr) -> str:
        """Return the text that computes an expression's number and its bound.

        Raises:
            TypeError: If it is no expression.
        """
        match expr:
            case Number(value):
                return f"({value!r}, 0.0)" if float(np.float32(value)) == value else f"given({value!r})"
            case Name(name):
                return name
            case Sum(terms):
                return f"add({', '.join(map(self.write, terms))})"
            case Difference(Name(one), Name(sum_)) if others := self._find_others(one, sum_):
                return f"share({one}, {sum_}, {', '.join(map(self.write, others))})"
            case Difference(Name(sum_), Name(one)) if others := self._find_others(one, sum_):
                return f"negate(share({one}, {sum_}, {', '.join(map(self.write, others))}))"
            case Difference(left, right):
                return f"subtract({self.write(left)}, {self.write(right)})"
            case Product(factors):
                return self._write_product(factors)
            case Quotient(over, under):
                return f"divide({self.write(over)}, {self.write(under)})"
            case Negative(of):
                return f"negate({self.write(of)})"
            case Square(of):
                return f"multiply({', '.join([self.write(of)] * 2)})"
            case Call(function, (z,)) if function == SIGMOID:
                return self.write(1.0 / (1.0 + Call(EXP, (-z,))))  # whose bound at 1 is sharper than a function's
            case Call(function, (base, Name(exponent))) if function == POWER:  # of an exact exponent
                return f"call(lambda z: z**{exponent}[0], False, {self.write(base)})"
            case Call(function, arguments) if function == SOFTMAX:
                return f"part({', '.join(map(self.write, self._put_own_first(arguments)))})"
            case Call(function, arguments):
                texts = ", ".join(map(self.write, arguments))
                return f"call({self._name(function)}, {is_exact(function)}, {texts})"
        raise TypeError(f"not an expression: {expr!r}")

    def _find_others(self, one: str, sum_: str) -> tuple[Expr, ...]:
        """Return the arguments besides one of the logarithm of a sum of exponentials, if that is what ``sum_`` is."""
        match self._formulas.get(sum_):
            case Call(function, of) if function == LOG_SUM_EXP and Name(one) in of:
                return tuple(argument for argument in of if argument != Name(one))
        return ()

    @staticmethod
    def _put_own_first(arguments: tuple[Expr, ...]) -> list[Expr]:
        """Return an argument of softmax, then those of the other neurons of its layer."""
        own, *layer = arguments
        others = list(layer)
        others.remove(own)
        return [own, *others]

    def _write_product(self, factors: tuple[Expr, ...]) -> str:
        """Write a product; in a/(b*c)*b*c the errors of b and c cancel, and only roundings stay."""
        factors, roundings = _cancel(factors)
        text, *others = map(self.write, factors)
        for other in others:
            text = f"multiply({text}, {other})"
        return f"round({text}, {roundings})" if roundings else text

    def _name(self, function: Function) -> str:
        if function not in self._functions:
            self._functions[function] = name = f"function_{len(self._functions)}"
            self.scope[name] = _root if function == SQRT else make_python_function(function)
        return self._functions[function]


def _root(of: Any) -> Any:
    """Return the square root of numbers that rounding may have brought below 0."""
    return np.sqrt(np.maximum(of, 0.0))


def _cancel(factors: tuple[Expr, ...]) -> tuple[tuple[Expr, ...], int]:
    """Return the factors of a product without those by which one of them is divided, and how many roundings these are.

    A slope of binary cross entropy by a sigmoid's slope is of this form.
    """
    flat = product(*factors)
    factors = flat.factors if isinstance(flat, Product) else (flat,)
    for place, factor in enumerate(factors):
        quotient = factor.of if isinstance(factor, Negative) else factor  # a sign does not change a bound
        if isinstance(quotient, Quotient):
            under = quotient.under.factors if isinstance(quotient.under, Product) else (quotient.under,)
            others = Counter((*factors[:place], *factors[place + 1 :]))
            if Counter(under) <= others:
                return (quotient.over, *(others - Counter(under)).elements()), 2 * len(under) + 1
    return factors, 0
