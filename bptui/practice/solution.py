"""The numbers of one practised round: right, and as known mistakes give them.

A mistake is an earlier wrong answer that was carried on, another gradient rule, a sign or a decimal point. It is named
only if it gives the number that was typed, to the digits typed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from itertools import combinations
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptui.core.engines.engine import Floats, NumpyEngine, Values, collect_given
from bptui.core.engines.error_bounds import compute_bounds
from bptui.core.engines.program import compile_expression
from bptui.core.formulas.backprop import list_formulas
from bptui.core.formulas.expr import Expr, Number, find_names, find_parts
from bptui.core.formulas.losses import LOSSES, Loss
from bptui.core.formulas.network import Network
from bptui.core.formulas.rules.gradient_rules import RULES, Rule
from bptui.core.problem.settings import PRECISIONS
from bptui.core.problem.spec import Spec
from bptui.core.quantities.carried_values import carry_on
from bptui.practice.answers import MIN_DIGITS, RIGHT, Answer
from bptui.text.printed import half_unit, half_unit_of, parse_printed

_FEW = 16  # units in the last place up to which a number is the shorter one near it
_MOST_COMBINED = 4  # up to this many wrong answers, every combination is tried as carried on


class Solution:
    """All numbers of one round, right and as mistakes give them.

    ``values`` has them in the problem's own precision, then in float64 if that differs; it includes what the round is
    computed from, which is alone in ``given``.
    """

    def __init__(self, spec: Spec, state: Floats, round_: int) -> None:
        self.spec, self.network = spec, spec.network_of(round_)
        self.given: list[Values] = []
        self.values: list[Values] = []
        for precision in dict.fromkeys((spec.precision_of("numpy"), PRECISIONS[0])):
            with np.errstate(all="ignore"):
                self.given.append(collect_given(spec, state.astype(precision), round_))
            self.values.append({**self.given[-1], **NumpyEngine(spec, precision).evaluate(state, round_)})
        bounds = compute_bounds(self.network, self.values[-1], PRECISIONS[0])
        self.slack = {name: _limit_slack(2.0 * bound, self.values[-1][name]) for name, bound in bounds.items()}

    def operands(self, name: str) -> tuple[str, ...]:
        """Return the names in a quantity's formula."""
        return find_names(_expressions(self.network)[name])

    def judge(self, name: str, answers: Iterable[Answer]) -> list[str]:
        """Return the verdicts on answers to a quantity, one answer for each of ``values``."""
        by_values = zip(answers, self.values, strict=True)
        return [answer.verdict(values[name], self.slack[name]) for answer, values in by_values]

    def carried(self, name: str, answer: Answer, wrong: Mapping[str, float], known: frozenset[str]) -> tuple[str, ...]:
        """Return the wrong answers in its formula with which an answer would be right; empty if there are none.

        Args:
            name: What was asked.
            answer: What was answered.
            wrong: Earlier wrong answers.
            known: The revealed names, used unchanged where a wrong answer is not.
        """
        wrong = {n: number for n, number in wrong.items() if n in _upstream(self.network, name) - {name}}
        choices = _carried_choices(wrong, known)
        put = {n: (np.array([n in choice for choice in choices]), number) for n, number in wrong.items()}
        taken = {n: value for n, value in self.values[-1].items() if n in known - {name}}
        found = np.broadcast_to(_recompute(self.network, name, taken, put), len(choices))
        for choice, value in zip(choices, found, strict=True):
            if answer.verdict(value, self.slack[name]) == RIGHT:
                return tuple(dict.fromkeys(self._carried_sources(name, choice, known)))
        return ()

    def _carried_sources(self, name: str, choice: Iterable[str], known: frozenset[str]) -> Iterator[str]:
        for part in self.operands(name):
            if part in choice:
                yield part
            elif part not in known:
                yield from self._carried_sources(part, choice, known)

    def is_rounded_early(self, name: str, answer: Answer) -> bool:
        """Whether a number results from rounding its operands to as many digits as it has itself."""
        digits = len(parse_printed(answer.plain).as_tuple().digits) if answer.plain and np.isfinite(answer.value) else 0
        if digits < MIN_DIGITS:
            return False
        compute, values, reach = (
            compile_expression(_expressions(self.network)[name]),
            self.values[-1],
            answer.uncertainty,
        )
        for part in self.operands(name):
            half = _half_unit(float(values[part]), digits)
            moved = [float(compute({**values, part: values[part] + by})) for by in (half, -half)]
            reach += max(abs(m - float(values[name])) for m in moved)
        return bool(abs(answer.value - float(values[name])) <= reach)

    def rules(self, name: str, answer: Answer) -> list[Rule]:
        """Return the gradient rules, other than the problem's own, by which an answer would be right."""
        return [RULES[rule] for rule in self._matching_choices("gradient", RULES, name, answer)]

    def losses(self, name: str, answer: Answer) -> list[Loss]:
        """Return the losses, other than the problem's own, by which an answer would be right."""
        return [LOSSES[loss] for loss in self._matching_choices("loss", LOSSES, name, answer)]

    def _matching_choices(self, setting: str, choices: Iterable[str], name: str, answer: Answer) -> Iterator[str]:
        """Yield the other choices for a setting by which an answer would be right."""
        for choice in choices:
            change: dict[str, Any] = {setting: choice}
            network = replace(self.spec, **change).network
            if network != self.network and name in _expressions(network):
                value = _recompute(network, name, self.given[-1], {})
                if answer.verdict(value, self.slack[name]) == RIGHT:
                    yield choice


def _limit_slack(slack: float, value: Any) -> float:
    """Return by how much rounding may have moved a number: not so far that its required digits change, if it has any.

    A number that may be nought up to rounding has none.
    """
    if not np.isfinite(slack) or not np.isfinite(value):
        return 0.0
    return slack if abs(value) <= slack else min(slack, float(half_unit(Decimal(f"{value:.{MIN_DIGITS - 1}e}"))))


def _half_unit(value: float, digits: int) -> float:
    """Return by how much rounding to some digits may move a number; 0 if it has no more digits."""
    rounded = float(f"{value:.{digits - 1}e}")
    if not np.isfinite(value) or abs(rounded - value) <= _FEW * np.finfo(float).eps * abs(value):
        return 0.0
    return float(half_unit_of(int(f"{value:e}".partition("e")[2]) - digits + 1))


def describe_near_miss(answer: Answer, true: Any, slack: float = 0.0) -> str:
    """Return which everyday mistake turns the true number into an answer, in words; empty if none does.

    Args:
        answer: What was typed.
        true: The number asked for.
        slack: By how much rounding may have moved it.
    """
    if not (np.isfinite(true) and true and np.isfinite(answer.value) and answer.value):
        return ""
    if answer.verdict(-true, slack) == RIGHT:
        return "that is the right number with the wrong sign"
    if any(answer.verdict(float(true) * 10.0**places) == RIGHT for places in (-3, -2, -1, 1, 2, 3)):
        return "the digits are right, but the decimal point is in the wrong place"
    lost = (float(true) - answer.value) * (1 if true > 0 else -1)
    if answer.plain and answer.has_enough_digits(true) and 0 < lost < 2 * answer.uncertainty:
        return "the digits are right, but cut off: round the last one"
    return ""


def _carried_choices(wrong: Mapping[str, float], known: frozenset[str]) -> list[frozenset[str]]:
    """Return which wrong answers may have been carried on: all, all not corrected since, each, or any few."""
    likely = [frozenset(wrong), frozenset(wrong) - known]
    counts = range(1, len(wrong) if len(wrong) <= _MOST_COMBINED else 2)
    return [*likely, *(frozenset(some) for count in counts for some in combinations(wrong, count))]


def _recompute(network: Network, name: str, taken: Values, put: Mapping[str, tuple[NDArray[np.bool_], float]]) -> Any:
    """Return a quantity recomputed by the formulas from given numbers.

    Args:
        network: The network of the quantity.
        name: The quantity.
        taken: Numbers by name, used unchanged.
        put: Numbers that replace those of that name, in some of many runs side by side.
    """
    needed = _upstream(network, name)
    lines = [
        (one, itemgetter(one) if one in taken else compile_expression(expr))
        for one, expr in _expressions(network).items()
        if one in needed
    ]

    def chosen(one: str, value: Any) -> Any:
        return np.where(put[one][0], put[one][1], value) if one in put else value

    return carry_on(lines, taken, chosen)[0][name]


@lru_cache(maxsize=64)
def _expressions(network: Network) -> Mapping[str, Expr]:
    return {f.name: f.expr for f in list_formulas(network)}


@lru_cache(maxsize=64)
def find_constants(network: Network) -> frozenset[float]:
    """Return the numbers that the formulas themselves contain, such as the 0.5 of half squared error."""

    def numbers(expr: Expr) -> set[float]:
        return {expr.value} if isinstance(expr, Number) else set().union(*map(numbers, find_parts(expr)))

    return frozenset(set().union(*map(numbers, _expressions(network).values())))


@lru_cache(maxsize=1024)
def _upstream(network: Network, name: str) -> frozenset[str]:
    """Return a quantity and everything it is computed from."""
    found = {name}
    for one, expr in reversed(list(_expressions(network).items())):
        if one in found:
            found.update(find_names(expr))
    return frozenset(found)
