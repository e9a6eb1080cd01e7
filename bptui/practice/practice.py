"""Practice: a round whose hidden numbers are asked for one by one, as a frozen state.

A value is right only if the formulas give it in the problem's own precision or in float64, to the digits typed. A wrong
answer is compared with the results of known mistakes (earlier wrong answers carried on, another gradient rule, a sign,
a decimal point), none of which is accepted. Hints never show a number that is still hidden.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import field, replace
from functools import cached_property

from bptui.core.engines.engine import Floats, Values
from bptui.core.formulas.backprop import Formula, list_formulas
from bptui.core.formulas.names import split_sample
from bptui.core.formulas.network import CHAIN_RULE
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.spec import Spec
from bptui.core.quantities.sample_names import show_sample
from bptui.derive.notations import UNICODE, format_label
from bptui.derive.worked import DEFAULT_DIGITS, Working
from bptui.practice.answers import IMPRECISE, MIN_DIGITS, RIGHT, Answer, read_answer
from bptui.practice.expressions import AnswerError, AnswerScope, find_exact_numbers
from bptui.practice.parts import find_copies, find_phases
from bptui.practice.questions import (
    CARRIED_ON,
    FIRST_TRY,
    OPEN,
    REVEALED,
    RIGHT_LATER,
    STATES,
    Feedback,
    PracticeMark,
    Question,
)
from bptui.practice.solution import Solution, describe_near_miss, find_constants
from bptui.record import record
from bptui.text.words import join_words

HINTS = ("the formula", "the formula with numbers", "the value")


@record(eq=False)
class Practice:
    """A round being practised.

    Attributes:
        solution: The round's numbers.
        part: Which of ``list_parts`` is asked for.
        current: The current question; None after the last, where the summary is.
        marks: The marks of the questions so far, also of other parts.
        feedback: The reply to the last answer, if any.
        digits: Significant digits shown; fewer than 6 would be too few to continue with.
    """

    solution: Solution
    part: str = "whole round"
    current: str | None = None
    marks: Mapping[str, PracticeMark] = field(default_factory=dict)
    feedback: Feedback | None = None
    digits: int = DEFAULT_DIGITS

    @classmethod
    def about(cls, spec: Spec, state: Floats, round_: int, part: str = "whole round") -> "Practice":
        """Practise the round of a problem that starts from a state."""
        return cls(Solution(spec, state, round_)).choose_part(part)

    def with_digits(self, digits: int) -> "Practice":
        """Return the same with numbers of this many significant digits, at least 6."""
        return replace(self, digits=max(digits, DEFAULT_DIGITS))

    # What the screen shows

    @cached_property
    def _formulas(self) -> tuple[Formula, ...]:
        """The formulas of the quantities that are asked for, in order of calculation."""
        phases = find_phases(self.solution.network, self.part)
        formulas = list_formulas(self.solution.network)
        return tuple(f for f in formulas if f.phase in phases and f.name not in find_copies(self.solution.network))

    @cached_property
    def asked(self) -> tuple[str, ...]:
        """Names of the quantities that are asked for, in order of calculation."""
        return tuple(f.name for f in self._formulas)

    @cached_property
    def known(self) -> frozenset[str]:
        """Names of all that may be shown: given values, what comes before the part, and what is revealed."""
        order = [f.name for f in list_formulas(self.solution.network)]
        copies = find_copies(self.solution.network)
        before = set(order[: order.index(self.asked[-1])]) - set(self.asked) - set(copies)
        known = {*self.solution.given[0], *before, *(n for n in self.asked if self.mark(n).done)}
        return frozenset({*known, *(copy for copy, own in copies.items() if own in known)})

    def mark(self, name: str) -> PracticeMark:
        """Return the mark of a question."""
        return self.marks.get(name, PracticeMark())

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """All questions, in order of calculation."""
        return tuple(Question(f.name, f.phase, self.mark(f.name), self.shown(f.name)) for f in self._formulas)

    def equation(self, name: str) -> str:
        """Return the formula of a quantity in letters, and its value unless that is hidden."""
        line = Working(self.solution.network, {}).line(name)
        return " = ".join(filter(None, (line.label, line.letters, self.shown(name))))

    def shown(self, name: str) -> str:
        """Return the formatted value of a quantity; empty while it is hidden."""
        return UNICODE.value(self.solution.values[0][name], self.digits) if name in self.known else ""

    @property
    def hints(self) -> tuple[str, ...]:
        """The hints given so far to the current question; all of them once its value is revealed."""
        if (name := self.current) is None:
            return ()
        line = Working(self.solution.network, self.solution.values[0], self.known | {name}, digits=self.digits).line(
            name
        )
        missing = [format_label(part) for part in self.solution.operands(name) if part not in self.known]
        numbers = f"= {line.numbers}" if line.numbers else f"for the numbers, find {join_words(missing)} first"
        taken = len(HINTS) if self.mark(name).done else self.mark(name).hints
        return (f"{line.label} = {line.letters}", numbers)[:taken]

    @property
    def next_hint(self) -> str:
        """What the next hint is; empty if there is none."""
        if self.current is None or self.mark(self.current).done:
            return ""
        return HINTS[self.mark(self.current).hints]

    @property
    def score(self) -> dict[str, int]:
        """The number of questions in each of ``STATES``."""
        states = Counter(self.mark(name).state for name in self.asked)
        return {state: states[state] for state in STATES}

    @property
    def missed(self) -> tuple[Question, ...]:
        """The questions that were not right at the first try, without those never tried."""
        return tuple(q for q in self.questions if q.mark.state != FIRST_TRY and q.mark != PracticeMark())

    # Intentions

    def choose_part(self, part: str) -> "Practice":
        """Ask for another part; revealed values of it stay revealed."""
        other = replace(self, part=part, feedback=None)
        return replace(other, current=other._next_open(None))

    def pick(self, name: str | None) -> "Practice":
        """Go to one of the questions, or to the summary."""
        return replace(self, current=name, feedback=None) if name is None or name in self.asked else self

    def next(self) -> "Practice":
        """Go to the next question, or to the summary after the last."""
        return self.pick([*self.asked, None, None][self._current_index() + 1])

    def previous(self) -> "Practice":
        """Go to the question before this one."""
        return self.pick(self.asked[max(self._current_index() - 1, 0)])

    def hint(self) -> "Practice":
        """Give the next hint to the current question; the last one is its value."""
        if self.current is None or not self.next_hint:
            return self
        mark = replace(self.mark(self.current), hints=self.mark(self.current).hints + 1)
        if mark.hints < len(HINTS):
            return self._with_mark(mark, self.feedback)
        return self._with_mark(replace(mark, state=REVEALED), None)

    def answer(self, text: str) -> "Practice":
        """Compare an answer to the current question; "?" asks for a hint."""
        if text.strip() == "?":
            return self.hint()
        if (name := self.current) is None or self.mark(name).done:
            return replace(self, feedback=Feedback("error", "pick a question that is still open"))
        scopes = [self._scope(values) for values in self.solution.values]
        try:
            answers = [read_answer(text, scope) for scope in scopes]
        except AnswerError as fault:
            return replace(self, feedback=Feedback("error", str(fault)))
        verdicts, mark = self.solution.judge(name, answers), self.mark(name)
        # a known 0.4 in 0 + 0.4000 may also be the result, rounded: then its digits count
        by_digits = [read_answer(text, replace(scope, exact={})) for scope in scopes]
        if RIGHT in verdicts or RIGHT in self.solution.judge(name, by_digits):
            return self._with_mark(replace(mark, state=RIGHT_LATER if mark.hints or mark.wrong else FIRST_TRY), None)
        if IMPRECISE in verdicts:
            digits = f"give at least {MIN_DIGITS} significant digits"
            enough = digits if answers[0].plain else f"use more digits, or names such as x1: {digits}"
            return replace(self, feedback=Feedback("imprecise", f"right so far; {enough}"))
        said = self._diagnose(name, answers[-1])
        if said.kind == "imprecise":
            return replace(self, feedback=said)
        state = CARRIED_ON if CARRIED_ON in (said.kind, mark.state) else OPEN
        return self._with_mark(replace(mark, state=state, wrong=mark.wrong + 1, last=answers[-1]), said)

    def _with_mark(self, mark: PracticeMark, said: Feedback | None) -> "Practice":
        """Give the current question another mark; once its value is revealed, go to the next open one."""
        assert self.current is not None
        after = replace(self, marks={**self.marks, self.current: mark}, feedback=said)
        if not mark.done:
            return after
        kind = REVEALED if mark.state == REVEALED else RIGHT
        said = Feedback(kind, f"{kind}: {format_label(self.current)} = {after.shown(self.current)}")
        return replace(after, current=after._next_open(self.current), feedback=said)

    def _current_index(self) -> int:
        return len(self.asked) if self.current is None else self.asked.index(self.current)

    def _next_open(self, name: str | None) -> str | None:
        at = 0 if name is None else self.asked.index(name) + 1
        return next((n for n in self.asked[at:] + self.asked[:at] if not self.mark(n).done), None)

    def _scope(self, values: Values) -> AnswerScope:
        wrong = [mark.last.value for mark in self.marks.values() if mark.last]
        shown = [self.solution.values[0][name] for name in self.known]
        exact = find_exact_numbers([*wrong, *shown, *find_constants(self.solution.network)])
        network, sample = self.solution.network, split_sample(self.current or "")[1]
        known = show_sample(network, sample, {name: values[name] for name in self.known})
        hidden = show_sample(network, sample, values).keys() - known.keys()
        return AnswerScope(known, hidden, self.current or "", exact)

    def _diagnose(self, name: str, answer: Answer) -> Feedback:
        """Return what a wrong answer comes from, if that is known."""
        solution, own = self.solution, RULES[self.solution.spec.gradient]
        wrong = {n: mark.last.value for n, mark in self.marks.items() if mark.last}
        if carried := solution.carried(name, answer, wrong, self.known):
            given = join_words([f"{format_label(n)} = {UNICODE.value(wrong[n], self.digits)}" for n in carried])
            hidden = [format_label(n) for n in carried if n not in self.known]
            right = [f"{format_label(n)} is {self.shown(n)}" for n in carried if n in self.known]
            right += [f"fix {join_words(hidden)} first"] if hidden else []
            uses = f"it uses your {given}, {'wrong values' if carried[1:] else 'a wrong value'}"
            return Feedback(CARRIED_ON, f"your method is right, but {uses}: {'; '.join(right)}")
        rules = solution.rules(name, answer)
        if any(rule.name == CHAIN_RULE for rule in rules):
            uses = f'this lesson uses the gradient rule "{own.name}": {own.describe(solution.network)}'
            return Feedback("slip", f"the {CHAIN_RULE} gives that number, but {uses}")
        slips = [f'the mistake "{rule.name}" gives that number: {rule.describe(solution.network)}' for rule in rules]
        losses = [] if slips else solution.losses(name, answer)
        slips += [f"another loss gives that number, {loss.name}: {loss.about}" for loss in losses]
        if slips:
            return Feedback("slip", "; ".join(slips))
        if solution.is_rounded_early(name, answer):
            said = "close, perhaps rounded too early: carry more digits, or use names such as x1"
            return Feedback("imprecise", said)
        slack = solution.slack[name]
        near = next(filter(None, (describe_near_miss(answer, values[name], slack) for values in solution.values)), "")
        return Feedback("slip", near) if near else Feedback("wrong", f"{answer.text.strip()} is not right")
