"""Notations of formulas for people, one row each: Unicode for the screen, plain ASCII, LaTeX.

A quantity's name (``dE_dw1``) is what programs read; its label (∂E/∂w1) is what people read. The ASCII form keeps the
names, so that Python's own parser can read what it prints.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from math import isfinite
from typing import Any

from bptui.core.formulas.notation import Notation
from bptui.text.numbers import format_significant

# Each kind of name: its prefix, its form in Unicode and in LaTeX; {0} is the rest of the name, written the same way
_KINDS = (
    ("in_", "in_{0}", r"\mathrm{{in}}_{{{0}}}"),
    ("delta_", "δ_{0}", r"\delta_{{{0}}}"),
    ("E_", "E_{0}", "E_{{{0}}}"),
    ("change_", "Δ{0}", r"\Delta {0}"),
    ("new_", "new {0}", r"{0}^{{\text{{new}}}}"),
    ("b_", "b_{0}", "b_{{{0}}}"),
    ("softmax_", "softmax_{0}", r"\mathrm{{softmax}}_{{{0}}}"),
    ("log_sum_exp", "log Σ exp", r"\mathrm{{lse}}"),
    ("eta", "η", r"\eta"),
)
_DERIVATIVE = re.compile("d(.+?)_d(.+)")


@dataclass(frozen=True)
class WrittenForm:
    """A way to write formulas.

    Attributes:
        letters: The notation of formulas in letters; its ``name`` returns the label of a quantity.
        value: Formats a number with a given number of significant digits.
    """

    letters: Notation
    value: Callable[[Any, int], str]

    def numbers(self, values: Mapping[str, Any], digits: int) -> Notation:
        """Return the notation that replaces letters by numbers."""
        return replace(self.letters, name=lambda name: self.value(values[name], digits))


@lru_cache(maxsize=4096)
def format_label(quantity: str) -> str:
    """Return how a quantity is written on screen: ``dE_dw1`` as ∂E/∂w1, ``delta_o1`` as δ_o1."""
    if found := _DERIVATIVE.fullmatch(quantity):
        return f"∂{format_label(found[1])}/∂{format_label(found[2])}"
    for prefix, unicode, _ in _KINDS:
        if quantity.startswith(prefix):
            return unicode.format(format_label(quantity.removeprefix(prefix)))
    return quantity


def format_latex(quantity: str) -> str:
    """Return a quantity in LaTeX: ``dE_dw1`` as a fraction of partials, ``h1`` with its index."""
    if found := _DERIVATIVE.fullmatch(quantity):
        return rf"\frac{{\partial {format_latex(found[1])}}}{{\partial {format_latex(found[2])}}}"
    for prefix, _, text in _KINDS:
        if quantity.startswith(prefix):
            return text.format(format_latex(quantity.removeprefix(prefix)))
    return re.sub("^([a-z])_?(.+)$", r"\1_{\2}", quantity)


def _figure(value: Any, digits: int) -> str:
    """Return a number as a calculation shows it, where a zero has no sign."""
    return "0" if value == 0 else format_significant(value, digits)


def _unicode_value(value: Any, digits: int) -> str:
    return _figure(value, digits).replace("-", "−")


def _latex_value(value: Any, digits: int) -> str:
    if not isfinite(value):
        return {"nan": r"\mathrm{NaN}", "inf": r"\infty", "-inf": r"-\infty"}[format_significant(value, digits)]
    mantissa, _, exponent = _figure(value, digits).partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa


UNICODE = WrittenForm(
    Notation(
        name=format_label,
        number=lambda value: {0.5: "½"}.get(value, f"{value:g}"),
        times="·",
        minus="−",
        square="{0}²",
    ),
    _unicode_value,
)
ASCII = WrittenForm(
    Notation(
        name=str,
        number=lambda value: f"{value:g}",
        times="*",
        minus="-",
        square="{0}**2",
        sum_over="sum({0}=1..{1}) {2}",
    ),
    _figure,
)
LATEX = WrittenForm(
    Notation(
        name=format_latex,
        number=lambda value: {0.5: r"\tfrac{1}{2}"}.get(value, f"{value:g}"),
        times=r" \cdot ",
        minus="-",
        square="{0}^2",
        call=lambda function: function.latex,
        fraction=r"\frac{{{0}}}{{{1}}}",
        group=r"\left({0}\right)",
        sum_over=r"\sum_{{{0}=1}}^{{{1}}} {2}",
    ),
    _latex_value,
)
