"""Derivations in print: a formula in letters, the same with numbers in it, and the result, in any form.

Numbers are shown rounded, but never so far that the line would be false: operands get as many digits as it takes for
the numbers as printed, put into the formula as printed, to give the result as printed.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import isfinite, isnan
from typing import Any

import numpy as np

from bptui.core.derivation import derivations, with_factors
from bptui.core.expr import Expr, names
from bptui.core.network import Network
from bptui.core.notation import write
from bptui.core.program import evaluator
from bptui.core.rounding import sizes
from bptui.forms import UNICODE, Form

DIGITS = 6  # significant digits shown where nobody asks for others
_SAME = "The product is the same number: the short form only saves the multiplying out."
_OTHER = 'The product is another number: the gradient rule "{0}" is not the chain rule.'
_ALL = 17  # significant digits that any double has at the most
_UNITS = 64  # rounding: this many units in the last place of a number's size


@dataclass(frozen=True)
class Line:
    """A formula worked out, as text; ``numbers`` and ``result`` are empty as long as it cannot be computed."""

    name: str
    label: str
    letters: str
    numbers: str
    result: str


@dataclass(frozen=True)
class Worked:
    """A derivation worked out, as text.

    Attributes:
        line: The formula that is computed.
        general: The same for any neuron or weight of its kind, left and right side; None for a factor.
        chain: The chain rule multiplied out, if it has a part.
        factors: The chain's factors.
        agrees: Whether the chain's product is the formula's result, up to rounding; None where there is no telling.
        verdict: The same as a sentence; empty where there is no telling.
        built_from: The names of what the formula and the chain are made of.
    """

    line: Line
    general: tuple[str, str] | None
    chain: Line | None
    factors: tuple[Line, ...]
    agrees: bool | None
    verdict: str
    built_from: tuple[str, ...]


class Working:
    """One round's numbers, ready to be put into formulas.

    Args:
        network: What the values belong to.
        values: All that the round was computed from, and all its quantities.
        known: The names that may be shown; all if left out.
        form: How formulas are written.
        digits: Significant digits shown.
    """

    def __init__(
        self,
        network: Network,
        values: Mapping[str, Any],
        known: Container[str] | None = None,
        form: Form = UNICODE,
        digits: int = DIGITS,
    ) -> None:
        self.network, self.form, self.digits = network, form, digits
        self._all = values
        self._shown = {name: value for name, value in values.items() if known is None or name in known}

    @cached_property
    def values(self) -> Mapping[str, Any]:
        """All numbers that may be shown, those of the chains' factors among them."""
        return with_factors(self.network, self._shown)

    def value(self, name: str) -> str:
        """A number as it is shown."""
        return self.form.value(self.values[name], self.digits)

    def derivation(self, name: str) -> Worked:
        """The derivation of a quantity, or of a factor of a chain.

        Raises:
            KeyError: If the network has no such quantity.
        """
        found = derivations(self.network)[name]
        chain = self.line(name, found.chain) if found.chain else None
        agrees = self._agrees(name, found.chain) if found.chain and chain and chain.result else None
        return Worked(
            line=self.line(name),
            general=self.general(name),
            chain=chain,
            factors=tuple(self.line(f.name) for f in found.factors),
            agrees=agrees,
            verdict="" if agrees is None else _SAME if agrees else _OTHER.format(self.network.rule),
            built_from=found.built_from,
        )

    def line(self, name: str, expr: Expr | None = None) -> Line:
        """A quantity's formula worked out, or another expression for it."""
        letters = self.form.letters
        formula = expr or derivations(self.network)[name].formula.expr
        numbers, result = "", ""
        values = self._shown if expr is None and name in self._shown else self.values
        if name in values and all(part in values for part in names(formula)):
            value = values[name] if expr is None else evaluator(formula)(values)
            numbers = write(formula, self.form.numbers(values, self._digits_that_hold(formula, values, value)))
            result = self.form.value(value, self.digits)
        return Line(name, letters.name(name), write(formula, letters), numbers, result)

    def general(self, name: str) -> tuple[str, str] | None:
        """The general term of a quantity, left and right side; None for a factor of a chain."""
        found = derivations(self.network)[name].general
        if found is None:
            return None
        return self.form.letters.name(found.name), write(found.expr, self.form.letters)

    def _digits_that_hold(self, expr: Expr, values: Mapping[str, Any], value: Any) -> int:
        """How many digits the operands need for the printed line to be true."""
        wanted = _rounded(value, self.digits)
        for digits in range(self.digits, _ALL):
            operands = {name: _rounded(values[name], digits) for name in names(expr)}
            found = _rounded(evaluator(expr)(operands), self.digits)
            if found == wanted or (isnan(found) and isnan(wanted)):
                return digits
        return _ALL

    def _agrees(self, name: str, chain: Expr) -> bool | None:
        product, value = float(evaluator(chain)(self.values)), float(self.values[name])
        kind = np.finfo(np.asarray(self.values[name]).dtype)
        bound = _UNITS * float(kind.eps) * sizes(self.network, self._all)[name] + float(kind.tiny)
        told = isfinite(product) and isfinite(value) and isfinite(bound)
        return abs(product - value) <= bound if told else None


def _rounded(value: Any, digits: int) -> Any:
    """A number as its print says it, in its own precision."""
    kind = type(value) if isinstance(value, np.floating) else float
    with np.errstate(over="ignore"):
        return kind(f"{float(value):.{digits - 1}e}")
