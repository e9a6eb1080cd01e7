"""Worked derivations: a formula in letters, the same with numbers, and the result, in any notation.

Numbers are rounded, but never so far that the line becomes false: operands get as many digits as the printed formula
needs to give the printed result.
"""

from collections.abc import Callable, Container, Mapping
from dataclasses import replace
from functools import cached_property, lru_cache
from math import fsum, inf, isnan
from typing import Any

import numpy as np

from bptui.core.engines.error_bounds import bound_expression, compute_bounds
from bptui.core.engines.gradient_check import compare
from bptui.core.engines.program import compile_expression, make_python_function
from bptui.core.formulas.expr import Expr, Name, find_names, rebuild
from bptui.core.formulas.functions import WORDS
from bptui.core.formulas.names import of_sample, split_sample
from bptui.core.formulas.network import Network
from bptui.core.formulas.notation import PYTHON, write
from bptui.core.formulas.rounding import NONE, to_decimals, to_digits
from bptui.core.quantities.chain_rule import Derivation, add_factors, find_derivations
from bptui.derive.notations import ASCII, UNICODE, WrittenForm
from bptui.record import record
from bptui.text.numbers import format_significant

DEFAULT_DIGITS = 6  # significant digits shown by default
_SAME = "Same result; the short form just saves multiplying everything out."
_BY_CHANCE = 'Same result here, but by another formula: the rule is "{0}".'
_OTHER = 'Different result: the rule "{0}" is not the chain rule.'
_ROUNDED = "Every result is rounded before it is used; the factors of this product are not."
_SAME_DIGITS = 1e-4  # the largest bound, beside the number, with which two formulas are said to give the same one
MAX_DIGITS = 17  # the most significant digits that a double needs
_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    **{word: make_python_function(function) for word, function in WORDS.items()},
    "signif": to_digits,
    "round": to_decimals,
}


@record
class WorkedLine:
    """A worked formula as text; ``numbers`` and ``result`` are empty while it cannot be computed.

    ``holds`` says whether the printed numbers, put into the printed formula, give the printed result. In float32 a
    difference of nearly equal numbers may not, with any number of digits.
    """

    name: str
    label: str
    letters: str
    numbers: str
    result: str
    holds: bool = True


@record
class WorkedDerivation:
    """A worked derivation as text.

    Attributes:
        line: The formula that is computed.
        general: Its general form for any neuron or weight of this kind, left and right side; None for a factor.
        chain: The chain rule multiplied out, if it applies.
        factors: The chain's factors.
        by_chain_rule: Whether the chain equals the formula by algebra.
        agrees: Whether the chain's product equals the formula's result up to rounding; None if unknown.
        verdict: ``agrees`` as a sentence; empty if unknown.
        built_from: The names in the formula and the chain.
        simpler: The same number step by step in simpler words: what is done, and the line after it.
        remark: What the simplest line means with these targets; empty if there is none.
    """

    line: WorkedLine
    general: tuple[str, str] | None
    chain: WorkedLine | None
    factors: tuple[WorkedLine, ...]
    by_chain_rule: bool
    agrees: bool | None
    verdict: str
    built_from: tuple[str, ...]
    simpler: tuple[tuple[str, WorkedLine], ...] = ()
    remark: str = ""


class Working:
    """The numbers of one round, ready to be put into formulas.

    Args:
        network: The network of the values.
        values: All inputs of the round, and all its quantities.
        known: The names that may be shown; all if left out.
        form: How formulas are written.
        digits: Significant digits shown.
    """

    def __init__(
        self,
        network: Network,
        values: Mapping[str, Any],
        known: Container[str] | None = None,
        form: WrittenForm = UNICODE,
        digits: int = DEFAULT_DIGITS,
    ) -> None:
        self.network, self.form, self.digits = network, form, digits
        self._all = values
        self._known_values = {name: value for name, value in values.items() if known is None or name in known}

    @cached_property
    def values(self) -> Mapping[str, Any]:
        """All numbers that may be shown, including the factors of the chains."""
        return add_factors(self.network, self._known_values)

    @cached_property
    def _bounds(self) -> Mapping[str, float]:
        """How far rounding may bring each quantity from its exact value."""
        return compute_bounds(self.network, self._all, self._precision)

    @property
    def _precision(self) -> str:
        return str(np.asarray(self._all.get("E", 0.0)).dtype)

    def add(self, more: Mapping[str, Any]) -> "Working":
        """Return the same with more numbers, or others, that may be shown."""
        return Working(self.network, {**self.values, **more}, form=self.form, digits=self.digits)

    def value(self, name: str) -> str:
        """Return a number as it is shown."""
        return self.form.value(self.values[name], self.digits)

    def derivation(self, name: str) -> WorkedDerivation:
        """Return the derivation of a quantity, or of a factor of a chain.

        Raises:
            KeyError: If the network has no such quantity.
        """
        found = find_derivations(self.network)[name]
        is_short = found.chain and found.chain != found.formula.expr  # else the formula is the chain itself
        chain = self.line(name, found.chain) if is_short else None
        agrees = self._chain_agrees(name, found) if chain and chain.result else None
        same = _SAME if found.by_chain_rule else _BY_CHANCE
        if self.network.rounding != NONE:
            same = other = _ROUNDED
        else:
            other = _OTHER
        return WorkedDerivation(
            line=self.line(name),
            general=self.general(name),
            chain=chain,
            factors=tuple(self.line(f.name) for f in found.factors),
            agrees=agrees,
            by_chain_rule=found.by_chain_rule,
            verdict="" if agrees is None else (same if agrees else other).format(self.network.rule),
            built_from=found.built_from,
            **(self._simplify(name, found) if found.by_chain_rule and found.simpler else {}),
        )

    def _simplify(self, name: str, found: Derivation) -> dict[str, Any]:
        """Return the simpler lines of a delta of softmax outputs, and whether output minus target is left."""
        lines = tuple((words, self.line(name, expr)) for words, expr in found.simpler)
        targets = [of_sample(y, split_sample(name)[1]) for y in self.network.targets]
        if not all(y in self.values for y in targets):
            return {"simpler": lines}
        whole = fsum(float(self.values[y]) for y in targets)
        unit = float(np.finfo(self._precision).eps) * len(targets)
        if abs(whole - 1.0) <= unit:
            remark = "Here the targets sum to 1, so what is left is output minus target."
        else:
            total = self.form.value(float(f"{whole:.{self.digits}g}"), self.digits)
            remark = f"Here the targets sum to {total}, not to 1, so the delta is not output minus target."
        return {"simpler": lines, "remark": remark}

    def line(self, name: str, expr: Expr | None = None) -> WorkedLine:
        """Return a quantity's worked formula, or another worked expression for it."""
        letters = self.form.letters
        formula = expr or find_derivations(self.network)[name].formula.expr
        uses_factors = expr is not None or not find_derivations(self.network)[name].formula.phase
        values = self.values if uses_factors else self._known_values
        line = WorkedLine(name, letters.name(name), write(formula, letters), "", "")
        if name not in values or not all(part in values for part in find_names(formula)):
            return line
        value = values[name] if expr is None else compile_expression(formula)(values)
        digits, holds = self._find_digits(formula, values, value)
        numbers = write(formula, self.form.numbers(values, digits))
        return replace(line, numbers=numbers, result=self.form.value(value, self.digits), holds=holds)

    def general(self, name: str) -> tuple[str, str] | None:
        """Return the general term of a quantity, left and right side; None for a factor of a chain."""
        found = find_derivations(self.network)[name].general
        if found is None:
            return None
        return self.form.letters.name(found.name), write(found.expr, self.form.letters)

    def _find_digits(self, expr: Expr, values: Mapping[str, Any], value: Any) -> tuple[int, bool]:
        """Return how many digits the operands need for the printed line to be true, and whether any number suffices."""
        wanted = float(format_significant(value, self.digits))
        for digits in range(self.digits, MAX_DIGITS + 1):
            operands = {name: np.float64(format_significant(values[name], digits)) for name in find_names(expr)}
            found = _round_to_digits(_compile_printed(expr)(operands), self.digits)
            if found == wanted or (isnan(found) and isnan(wanted)):
                return digits, True
        # as many as distinguish a number of its precision from every other
        return max(self.digits, np.finfo(np.asarray(value).dtype).precision + 3), False

    def _chain_agrees(self, name: str, found: Derivation) -> bool | None:
        """Return whether the chain's product is the number itself, up to the rounding of both."""
        assert found.chain
        factors = {factor.name: factor.expr for factor in found.factors}
        all_values = {**self._all, **self.values}  # a factor may be known, and what it is calculated from not shown
        by_chain = bound_expression(_insert(found.chain, factors), all_values, self._bounds, self._precision)
        product, value = compile_expression(found.chain)(self.values), self.values[name]
        bound = by_chain + self._bounds[name]
        verdict = compare(product, value, bound, _SAME_DIGITS)
        same = found.by_chain_rule and abs(float(product) - float(value)) <= bound < inf  # by algebra, to any digit
        return True if same else verdict


def _insert(expr: Expr, formulas: Mapping[str, Expr]) -> Expr:
    """Return an expression with formulas in place of names."""
    if isinstance(expr, Name):
        return formulas.get(expr.name, expr)
    return rebuild(expr, lambda part: _insert(part, formulas))


@lru_cache(maxsize=4096)
def _compile_printed(expr: Expr) -> Callable[[Mapping[str, Any]], Any]:
    """Return a function that evaluates a formula as printed, from nothing but the printed numbers."""
    given = find_names(expr)
    printed = write(expr, replace(ASCII.letters, square=PYTHON.square))
    function = eval(f"lambda {', '.join(given)}: {printed}", dict(_FUNCTIONS))

    def evaluate(values: Mapping[str, Any]) -> Any:
        with np.errstate(all="ignore"):
            return function(*(values[name] for name in given))

    return evaluate


def _round_to_digits(value: Any, digits: int) -> float:
    """Return a number as printed with a given number of significant digits."""
    return float(f"{float(value):.{digits - 1}e}")
