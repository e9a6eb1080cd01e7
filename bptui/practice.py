"""Practice: a round whose numbers are hidden and asked for one by one, as a frozen state.

A value is right if it is what the formulas give in the problem's own precision or in float64, to the digits typed;
nothing else is. A wrong answer is compared with what known slips give (earlier wrong answers carried on, another
gradient rule, a sign, a decimal point), and none of those is accepted. Hints never show a number still hidden.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptui.answers import ENOUGH, IMPRECISE, RIGHT, Answer, AnswerError, Scope, exactly, read
from bptui.core.engine import Floats, NumpyEngine, Values
from bptui.core.expr import Expr, Number, names, parts
from bptui.core.formulas import PHASES, formulas
from bptui.core.network import Network, gradient, updated
from bptui.core.program import evaluator
from bptui.core.rounding import sizes
from bptui.core.rules import RULES, Rule
from bptui.core.spec import PRECISIONS, Spec
from bptui.forms import UNICODE, label
from bptui.worked import DIGITS, Working

PARTS = {
    "whole round": PHASES,
    "forward": ("forward hidden", "forward output", "loss"),
    "output gradients": ("output deltas", "output gradients"),
    "hidden gradients": ("hidden deltas", "hidden gradients"),
    "update": ("update",),
}
HINTS = ("the formula", "the formula with numbers", "the value")
OPEN, AT_ONCE, LATER, CARRIED, SHOWN = STATES = ("open", "right", "right later", "carried on", "shown")
_CHAIN = "chain rule"
_UNITS = 16  # rounding: this many units in the last place of a number's size
_FEW = 4  # of so many wrong answers, every choice is tried as having been carried on


@dataclass(frozen=True)
class Mark:
    """What has happened to one question: its state, how many hints and wrong answers, and the last wrong answer."""

    state: str = OPEN
    hints: int = 0
    wrong: int = 0
    last: Answer | None = None

    @property
    def done(self) -> bool:
        """Whether the value is in the open."""
        return self.state in (AT_ONCE, LATER, SHOWN)


@dataclass(frozen=True)
class Question:
    """One quantity that is asked for; ``value`` is its print for people, empty as long as it is hidden."""

    name: str
    phase: str
    mark: Mark
    value: str


@dataclass(frozen=True)
class Feedback:
    """What there is to say: "right", "wrong", "imprecise", "carried on", "slip", "error" or "shown", and in words."""

    kind: str
    text: str


class Solution:
    """All numbers of one round, right and as slips give them.

    ``values`` has them in the problem's own precision, then in float64 if that is another; the names of what the
    round is computed from are among them, and alone in ``given``.
    """

    def __init__(self, spec: Spec, parameters: Floats) -> None:
        self.spec, self.network = spec, spec.network
        self.given: list[Values] = []
        self.values: list[Values] = []
        for precision in dict.fromkeys((spec.precision_of("numpy"), PRECISIONS[0])):
            with np.errstate(all="ignore"):
                numbers = np.array([*spec.inputs, *spec.targets, *parameters]).astype(precision)
            given = (*self.network.inputs, *self.network.targets, *self.network.parameters)
            self.given.append({"eta": spec.step, **dict(zip(given, numbers, strict=True))})
            self.values.append({**self.given[-1], **NumpyEngine(spec, precision).evaluate(parameters)})
        size = sizes(self.network, self.values[-1])
        for p in self.network.parameters:
            size[updated(p)] = abs(self.values[-1][p]) + spec.step * size[gradient(p)]
        self.slack = {name: _UNITS * np.finfo(float).eps * s if np.isfinite(s) else 0.0 for name, s in size.items()}

    def operands(self, name: str) -> tuple[str, ...]:
        """The names in a quantity's formula."""
        return names(_expressions(self.network)[name])

    def carried(self, name: str, answer: Answer, wrong: Mapping[str, float], known: frozenset[str]) -> tuple[str, ...]:
        """The wrong answers with which an answer would be right, of those that its formula comes to; none if none.

        Args:
            name: What was asked.
            answer: What was answered.
            wrong: Earlier wrong answers.
            known: What is in the open: taken as it is wherever a wrong answer is not.
        """
        wrong = {n: number for n, number in wrong.items() if n in _upstream(self.network, name) - {name}}
        choices = _choices(wrong, known)
        put = {n: (np.array([n in choice for choice in choices]), number) for n, number in wrong.items()}
        taken = {n: value for n, value in self.values[-1].items() if n in known - {name}}
        found = np.broadcast_to(_recomputed(self.network, name, taken, put), len(choices))
        for choice, value in zip(choices, found, strict=True):
            if answer.verdict(value, self.slack[name]) == RIGHT:
                return tuple(dict.fromkeys(self._sources(name, choice, known)))
        return ()

    def _sources(self, name: str, choice: Iterable[str], known: frozenset[str]) -> Iterator[str]:
        for part in self.operands(name):
            if part in choice:
                yield part
            elif part not in known:
                yield from self._sources(part, choice, known)

    def rules(self, name: str, answer: Answer) -> list[Rule]:
        """The gradient rules, other than the problem's own, by which an answer would be right."""
        others = {rule: replace(self.spec, gradient=rule).network for rule in RULES if rule != self.spec.gradient}
        found = {rule: _recomputed(network, name, self.given[-1], {}) for rule, network in others.items()}
        return [RULES[rule] for rule, value in found.items() if answer.verdict(value, self.slack[name]) == RIGHT]


def _listed(words: Sequence[str]) -> str:
    """One thing, two, or some, as a sentence names them."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1] if words else "")))


def _choices(wrong: Mapping[str, float], known: frozenset[str]) -> list[frozenset[str]]:
    """Which wrong answers may have been carried on: all, all that are not mended since, each, or any few."""
    likely = [frozenset(wrong), frozenset(wrong) - known]
    counts = range(1, len(wrong) if len(wrong) <= _FEW else 2)
    return [*likely, *(frozenset(some) for count in counts for some in combinations(wrong, count))]


def _recomputed(network: Network, name: str, taken: Values, put: Mapping[str, tuple[NDArray[np.bool_], float]]) -> Any:
    """What a quantity comes to, by the formulas, from numbers taken as they are.

    Args:
        network: What the quantity belongs to.
        name: The quantity.
        taken: Numbers by name.
        put: Numbers that stand in for those of that name, in some of many runs side by side.
    """
    found, needed = dict(taken), _upstream(network, name)
    for one, expr in _expressions(network).items():
        if one in needed:
            if one not in found:
                found[one] = evaluator(expr)(found)
            if one in put:
                found[one] = np.where(put[one][0], put[one][1], found[one])
    return found[name]


@lru_cache(maxsize=64)
def _expressions(network: Network) -> Mapping[str, Expr]:
    return {f.name: f.expr for f in formulas(network)}


@lru_cache(maxsize=64)
def _constants(network: Network) -> frozenset[float]:
    """The numbers that stand in the formulas themselves, such as the 0.5 of half squared error."""

    def numbers(expr: Expr) -> set[float]:
        return {expr.value} if isinstance(expr, Number) else set().union(*map(numbers, parts(expr)))

    return frozenset(set().union(*map(numbers, _expressions(network).values())))


@lru_cache(maxsize=4096)
def _upstream(network: Network, name: str) -> frozenset[str]:
    """A quantity and all that it is computed from."""
    found = {name}
    for one, expr in reversed(list(_expressions(network).items())):
        if one in found:
            found.update(names(expr))
    return frozenset(found)


@dataclass(frozen=True, eq=False)
class Practice:
    """A round being practised.

    Attributes:
        solution: The round's numbers.
        part: Which of ``PARTS`` is asked for.
        current: The question that is put; None after the last, where the summary stands.
        marks: What has happened to the questions so far, those of other parts too.
        feedback: What there is to say to the last answer, if anything.
    """

    solution: Solution
    part: str = "whole round"
    current: str | None = None
    marks: Mapping[str, Mark] = field(default_factory=dict)
    feedback: Feedback | None = None

    @classmethod
    def about(cls, spec: Spec, parameters: Floats, part: str = "whole round") -> "Practice":
        """Practise the round of a problem that starts from these parameters."""
        return cls(Solution(spec, parameters)).choose(part)

    # What there is to see

    @cached_property
    def asked(self) -> tuple[str, ...]:
        """Names of the quantities that are asked for, in the order of calculation."""
        return tuple(f.name for f in formulas(self.solution.network) if f.phase in PARTS[self.part])

    @cached_property
    def known(self) -> frozenset[str]:
        """Names of all that may be shown: what is given, what comes before the part, and what is in the open."""
        order = [f.name for f in formulas(self.solution.network)]
        before = set(order[: order.index(self.asked[-1])]) - set(self.asked)
        return frozenset({*self.solution.given[0], *before, *(n for n in self.asked if self.mark(n).done)})

    def mark(self, name: str) -> Mark:
        """What has happened to a question."""
        return self.marks.get(name, Mark())

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """All questions, in the order of calculation."""
        lines = [f for f in formulas(self.solution.network) if f.phase in PARTS[self.part]]
        return tuple(Question(f.name, f.phase, self.mark(f.name), self.shown(f.name)) for f in lines)

    def equation(self, name: str) -> str:
        """The formula of a quantity in letters, and its value unless that is hidden."""
        line = Working(self.solution.network, {}).line(name)
        return " = ".join(filter(None, (line.label, line.letters, self.shown(name))))

    def shown(self, name: str) -> str:
        """The value of a quantity for people; empty as long as it is hidden."""
        return UNICODE.value(self.solution.values[0][name], DIGITS) if name in self.known else ""

    @property
    def hints(self) -> tuple[str, ...]:
        """The hints given so far to the question that is put; all of them once its value is in the open."""
        if (name := self.current) is None:
            return ()
        line = Working(self.solution.network, self.solution.values[0], self.known | {name}).line(name)
        missing = [label(part) for part in self.solution.operands(name) if part not in self.known]
        numbers = f"= {line.numbers}" if line.numbers else f"the numbers have to wait for {_listed(missing)}"
        taken = len(HINTS) if self.mark(name).done else self.mark(name).hints
        return (f"{line.label} = {line.letters}", numbers)[:taken]

    @property
    def offer(self) -> str:
        """What the next hint is; empty if there is nothing to hint at."""
        if self.current is None or self.mark(self.current).done:
            return ""
        return HINTS[self.mark(self.current).hints]

    @property
    def score(self) -> dict[str, int]:
        """How many questions are in each of ``STATES``."""
        states = Counter(self.mark(name).state for name in self.asked)
        return {state: states[state] for state in STATES}

    @property
    def missed(self) -> tuple[Question, ...]:
        """The questions that were not right at the first try; those never tried are not among them."""
        return tuple(q for q in self.questions if q.mark.state != AT_ONCE and q.mark != Mark())

    # Intentions

    def choose(self, part: str) -> "Practice":
        """Ask for another part; what is in the open of it stays so."""
        other = replace(self, part=part, feedback=None)
        return replace(other, current=other._open_after(None))

    def pick(self, name: str | None) -> "Practice":
        """Put one of the questions, or look at the summary."""
        return replace(self, current=name, feedback=None) if name is None or name in self.asked else self

    def next(self) -> "Practice":
        """The question after this one; the summary after the last."""
        return self.pick([*self.asked, None, None][self._place() + 1])

    def previous(self) -> "Practice":
        """The question before this one."""
        return self.pick(self.asked[max(self._place() - 1, 0)])

    def hint(self) -> "Practice":
        """The next hint to the question that is put; the last one is its value."""
        if self.current is None or not self.offer:
            return self
        mark = replace(self.mark(self.current), hints=self.mark(self.current).hints + 1)
        if mark.hints < len(HINTS):
            return self._marked(mark, self.feedback)
        return self._marked(replace(mark, state=SHOWN), None)

    def answer(self, text: str) -> "Practice":
        """Compare an answer to the question that is put; "?" asks for a hint."""
        if text.strip() == "?":
            return self.hint()
        if (name := self.current) is None or self.mark(name).done:
            return replace(self, feedback=Feedback("error", "pick a question that is still open"))
        try:
            answers = [read(text, self._scope(values)) for values in self.solution.values]
        except AnswerError as fault:
            return replace(self, feedback=Feedback("error", str(fault)))
        true = [values[name] for values in self.solution.values]
        verdicts = [a.verdict(t, self.solution.slack[name]) for a, t in zip(answers, true, strict=True)]
        mark = self.mark(name)
        if RIGHT in verdicts:
            return self._marked(replace(mark, state=LATER if mark.hints or mark.wrong else AT_ONCE), None)
        if IMPRECISE in verdicts:
            digits = f"give at least {ENOUGH} significant digits"
            enough = digits if answers[0].plain else f"put in more digits, or names such as x1: {digits}"
            return replace(self, feedback=Feedback("imprecise", f"right so far; {enough}"))
        said = self._recognised(name, answers[-1])
        state = CARRIED if said.kind == CARRIED else OPEN
        return self._marked(replace(mark, state=state, wrong=mark.wrong + 1, last=answers[-1]), said)

    def _marked(self, mark: Mark, said: Feedback | None) -> "Practice":
        """The question that is put gets another mark; once its value is in the open, the next one is put."""
        assert self.current is not None
        after = replace(self, marks={**self.marks, self.current: mark}, feedback=said)
        if not mark.done:
            return after
        kind = SHOWN if mark.state == SHOWN else RIGHT
        said = Feedback(kind, f"{kind}: {label(self.current)} = {after.shown(self.current)}")
        return replace(after, current=after._open_after(self.current), feedback=said)

    def _place(self) -> int:
        return len(self.asked) if self.current is None else self.asked.index(self.current)

    def _open_after(self, name: str | None) -> str | None:
        at = 0 if name is None else self.asked.index(name) + 1
        return next((n for n in self.asked[at:] + self.asked[:at] if not self.mark(n).done), None)

    def _scope(self, values: Values) -> Scope:
        wrong = [mark.last.value for mark in self.marks.values() if mark.last]
        shown = [self.solution.values[0][name] for name in self.known]
        exact = exactly([*wrong, *shown, *_constants(self.solution.network)])
        known = {name: values[name] for name in self.known}
        return Scope(known, values.keys() - known.keys(), self.current or "", exact)

    def _recognised(self, name: str, answer: Answer) -> Feedback:
        """What a wrong answer comes from, if it is known."""
        solution, own = self.solution, RULES[self.solution.spec.gradient]
        wrong = {n: mark.last.value for n, mark in self.marks.items() if mark.last}
        if carried := solution.carried(name, answer, wrong, self.known):
            given = _listed([f"{label(n)} = {UNICODE.value(wrong[n], DIGITS)}" for n in carried])
            hidden = [label(n) for n in carried if n not in self.known]
            why = [f"{label(n)} is {self.shown(n)}" for n in carried if n in self.known]
            why += [f"your {_listed(hidden)} {'are' if hidden[1:] else 'is'} not right"] if hidden else []
            said = f"right, given your {given}: the method is right, the number is not, for {_listed(why)}"
            return Feedback(CARRIED, said)
        rules = solution.rules(name, answer)
        if right := next((rule for rule in rules if rule.name == _CHAIN), None):
            return Feedback(
                "slip",
                f'the {right.name} gives that number, but this lesson works by the rule "{own.name}": {own.about}',
            )
        if rules:
            return Feedback(
                "slip", "; ".join(f'that is what the rule "{rule.name}" gives: {rule.about}' for rule in rules)
            )
        near = next(filter(None, (answer.near_miss(values[name]) for values in solution.values)), "")
        return Feedback("slip", near) if near else Feedback("wrong", f"{answer.text.strip()} is not right")
