"""Notations of formulas for people, one row each: Unicode for the screen, plain ASCII, LaTeX.

A quantity's name (``dE_dw1``) is what programs read; its label (∂E/∂w1) is what people read. The ASCII form keeps the
names, so that Python's own parser can read what it prints.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from math import isfinite
from typing import Any

from bptui.core.formulas.expr import Function
from bptui.core.formulas.functions import EXP, SQRT
from bptui.core.formulas.notation import Notation
from bptui.record import record
from bptui.text.numbers import format_significant, write_minus

# Each kind of name: its prefix, its form in Unicode and in LaTeX; {0} is the rest of the name, written the same way
_KINDS = (
    ("in_", "in_{0}", r"\mathrm{{in}}_{{{0}}}"),
    ("delta_", "δ_{0}", r"\delta_{{{0}}}"),
    ("Delta", "Δ{0}", r"\Delta_{{{0}}}"),
    ("E_", "E_{0}", "E_{{{0}}}"),
    ("change_", "Δ{0}", r"\Delta {0}"),
    ("new_", "new {0}", r"{0}^{{\text{{new}}}}"),
    ("kept_", "kept {0}", r"{0}^{{\text{{kept}}}}"),  # from round to round, in mistakes
    ("b_", "b_{0}", "b_{{{0}}}"),
    ("softmax_", "softmax_{0}", r"\mathrm{{softmax}}_{{{0}}}"),
    ("log_sum_exp", "log Σ exp", r"\mathrm{{lse}}"),
    ("eta", "η", r"\eta"),
    ("m_hat_", "m_hat_{0}", r"\hat m_{{{0}}}"),
    ("v_hat_", "v_hat_{0}", r"\hat v_{{{0}}}"),
    ("m_", "m_{0}", "m_{{{0}}}"),
    ("v_", "v_{0}", "v_{{{0}}}"),
)
_STATE = ("m_hat_", "v_hat_", "m_", "v_")
_CONSTANTS = {
    "momentum": ("μ", r"\mu"),
    "alpha": ("α", r"\alpha"),
    "beta1": ("β1", r"\beta_1"),
    "beta2": ("β2", r"\beta_2"),
    "epsilon": ("ε", r"\varepsilon"),
    "weight_decay": ("λ", r"\lambda"),
}
_SUPERSCRIPTS = str.maketrans("0123456789s", "⁰¹²³⁴⁵⁶⁷⁸⁹ˢ")
_SAMPLE = re.compile(r"(.+?)_s(\d*)")  # without a number: the general sample
_OF_THE_ROUND = re.compile(r"[vw]\d+|[vw]_[a-z]+|W\d_[a-z]+|b_.+|[mv]_[vwW].+|[mv]_b_.+")  # with the optimiser's state
_GENERAL = re.compile(r"[a-zW]\d?_(?:[a-z]+|\d+)")  # a general name, such as the weight v_ij, or v_11 for one of them
_DERIVATIVE = re.compile("d(.+?)_d(.+)")


@record
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
    return _spell(quantity, 1, "∂{0}/∂{1}", format_label) or quantity


def format_latex(quantity: str) -> str:
    """Return a quantity in LaTeX: ``dE_dw1`` as a fraction of partials, ``h1`` with its index."""
    fraction = r"\frac{{\partial {0}}}{{\partial {1}}}"
    if spelled := _spell(quantity, 2, fraction, format_latex):
        return spelled
    below = ",".join(filter(None, quantity[1:].split("_")))
    return f"{quantity[0]}_{{{below}}}" if below else quantity


def _spell(quantity: str, column: int, fraction: str, spell: Callable[[str], str]) -> str:
    """Return a quantity that is named after others, in the notation of a column of ``_KINDS``; else an empty text."""
    if quantity in _CONSTANTS:
        return _CONSTANTS[quantity][column - 1]
    sample = _SAMPLE.fullmatch(quantity)
    if found := _DERIVATIVE.fullmatch(sample[1] if sample else quantity):
        ends = (one if _OF_THE_ROUND.fullmatch(one) or not sample else f"{one}_s{sample[2]}" for one in found.groups())
        return fraction.format(*map(spell, ends))
    if sample:
        base = spell(sample[1])
        if column == 1:
            return f"{base}⁽{(sample[2] or 's').translate(_SUPERSCRIPTS)}⁾"
        return f"{base if '^' not in base else f'{{{base}}}'}^{{({sample[2] or 's'})}}"
    kind = next((kind for kind in _KINDS if quantity.startswith(kind[0])), None)
    if kind is None or _GENERAL.fullmatch(quantity):
        return ""
    rest = quantity.removeprefix(kind[0])
    if column == 1 and kind[0] in _STATE and _GENERAL.fullmatch(rest):  # not v_v_ij, where both mean something else
        return f"{kind[0].rstrip('_')}({spell(rest) or rest})"
    return kind[column].format(spell(rest))


def _format_figure(value: Any, digits: int) -> str:
    """Return a number as a calculation shows it, where a zero has no sign."""
    return "0" if value == 0 else format_significant(value, digits)


def _format_unicode(value: Any, digits: int) -> str:
    return write_minus(_format_figure(value, digits))


def _format_latex(value: Any, digits: int) -> str:
    if not isfinite(value):
        return {"nan": r"\mathrm{NaN}", "inf": r"\infty", "-inf": r"-\infty"}[format_significant(value, digits)]
    mantissa, _, exponent = _format_figure(value, digits).partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa


def write_flat(letters: Notation) -> Notation:
    """Return a notation whose formulas may be broken at every sign: no bars and no brackets that grow."""
    flat = {EXP: r"\exp({0})", SQRT: r"\operatorname{{sqrt}}({0})"}
    if not letters.fraction:
        return letters

    def call(function: Function) -> str:
        return flat.get(function) or letters.call(function).replace(r"\left", "").replace(r"\right", "")

    return replace(letters, fraction="", group="({0})", call=call)


UNICODE = WrittenForm(
    Notation(
        name=format_label,
        number=lambda value: {0.5: "½"}.get(value, f"{value:g}"),
        times="·",
        minus="−",
        square="{0}²",
        call=lambda function: function.text.replace("**", "^").replace("sum", "Σ"),
        by_entry=" ⊙ ",
        matrix_times="·",
        transposed="{0}ᵀ",
    ),
    _format_unicode,
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
    _format_figure,
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
        by_entry=r" \odot ",
        matrix_times=r" \cdot ",
        transposed=r"{{{0}}}^{{\top}}",
    ),
    _format_latex,
)
