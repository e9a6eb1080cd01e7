"""Answers as typed: a number or an expression, and its precision.

A typed number stands for itself and half a unit of its last digit to either side, because "0.56" and "0.5600" claim
different things.
"""

import re
from contextlib import suppress
from decimal import Decimal
from math import isfinite
from typing import Any

from bptui.derive.notations import format_label
from bptui.practice.expressions import (
    AnswerError,
    AnswerScope,
    evaluate_expression,
    find_last_place,
    to_decimal,
)
from bptui.record import record
from bptui.text.printed import agrees, half_unit, parse_printed

MAX_CHARACTERS = 200
MIN_DIGITS = 3  # significant digits that an answer must have, unless the number has fewer
RIGHT, IMPRECISE, WRONG = "right", "imprecise", "wrong"

_REPLACEMENTS = str.maketrans(
    {"−": "-", "–": "-", "·": "*", "×": "*", "÷": "/", "²": "**2", "^": "**", "δ": "delta", "η": "eta"}
    | {"½": "(1/2)", "¼": "(1/4)", "¾": "(3/4)"}
)
_NOTHING_KNOWN = AnswerScope()


@record(slots=True)
class Answer:
    """A number as the user meant it.

    Attributes:
        text: What was typed.
        value: The number, or the value of the expression.
        uncertainty: By how much it may be off, given the digits typed.
        plain: The digits, if it is a plain number; empty for an expression.
    """

    text: str
    value: float
    uncertainty: float
    plain: str = ""

    def verdict(self, true: Any, slack: float = 0.0) -> str:
        """Return ``RIGHT``, ``WRONG``, or ``IMPRECISE``: right, but with too few digits.

        Args:
            true: The number asked for, in its own precision.
            slack: By how much rounding may have moved it from the exact result.
        """
        if not self._agrees(true, slack):
            return WRONG
        return RIGHT if self._is_exact(true, slack) or self.has_enough_digits(true) else IMPRECISE

    def _agrees(self, true: Any, slack: float) -> bool:
        if self.plain:
            return agrees(self.plain, true) or parse_printed(self.plain).as_tuple() == to_decimal(true).as_tuple()
        return isfinite(true) and abs(self.value - float(true)) <= self.uncertainty + max(
            slack, 4 * find_last_place(true)
        )

    def _is_exact(self, true: Any, slack: float) -> bool:
        """Whether a number that has fewer digits than required, as 0.25 and 0 have, is this very one."""
        if not isfinite(true):
            return True
        near = max(slack, find_last_place(true))
        short = float(f"{true:.{MIN_DIGITS - 2}e}")
        return abs(self.value - float(true)) <= near and abs(short - float(true)) <= near

    def has_enough_digits(self, true: Any) -> bool:
        """Whether what was typed fixes as many digits of a number as are required."""
        half = half_unit(parse_printed(self.plain)) if self.plain else Decimal(self.uncertainty * (1 - 1e-9))
        return bool(true) and half <= half_unit(Decimal(f"{true:.{MIN_DIGITS - 1}e}"))


def read_answer(text: str, scope: AnswerScope = _NOTHING_KNOWN) -> Answer:
    """Read an answer.

    Raises:
        AnswerError: If it is none.
    """
    if len(text) > MAX_CHARACTERS:
        raise AnswerError(f"that is too long: enter at most {MAX_CHARACTERS} characters")
    for shown, name in ((format_label("log_sum_exp"), "log_sum_exp"), ("∂E/∂", "dE_d")):
        text = text.replace(shown, name)
    claimed = text.rpartition("=")[2].strip()  # 0.2*0.5 + 0.5*0.3 = 0.25 claims the last side
    with suppress(ValueError):
        figure = parse_printed(claimed)
        return Answer(text, float(figure), float(half_unit(figure)), claimed)
    signs = " ".join(claimed.translate(_REPLACEMENTS).split())
    if not signs:
        raise AnswerError("enter a number, a fraction or an expression")
    if other := re.search(r"[^A-Za-z0-9_ .,+*/()<>-]", signs):
        raise AnswerError(f"{other[0] if other[0].isprintable() else ascii(other[0])} is not allowed in an answer")
    return Answer(text, *evaluate_expression(signs, scope))
