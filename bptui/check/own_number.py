"""Compare a number from the user's paper with the recomputed one, and offer to explain it if it differs.

The digits typed determine how many are compared. NumPy's number counts, and torch's own if it is there; a printed value
that differs is offered as the number already typed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cached_property
from typing import Any, NamedTuple

from bptui.check.marks import YOUR_NUMBER, Marks
from bptui.check.side import LAST_DIGITS, Side
from bptui.core.formulas.names import gradient
from bptui.core.problem.spec import Spec
from bptui.core.quantities.arrays import list_arrays
from bptui.core.quantities.parts import describe, group_printable
from bptui.core.quantities.printable import list_printable
from bptui.core.training.run import Run
from bptui.derive.notations import format_label
from bptui.derive.worked import DEFAULT_DIGITS, MAX_DIGITS
from bptui.lessons.lesson import Figures, Lesson
from bptui.lessons.printed_values import (
    describe_given,
    describe_other_sample,
    expand_array,
    remove_brackets,
    suggest_printable,
)
from bptui.record import record
from bptui.text.number_styles import EXAMPLE
from bptui.text.numbers import format_significant
from bptui.text.printed import SLACK, PrintedNumber, find_decimals
from bptui.text.words import make_one_line

_MOST_SIGNS = 60
_MORE = 3  # digits shown beyond those typed


class NumberVerdict(NamedTuple):
    """Whether a number is right, the same in words, and the lesson to explain it by if it is not."""

    agrees: bool
    text: str
    lesson: Lesson | None = None


@record(eq=False)
class NumberComparison:
    """The numbers of one round that a number from paper may be compared with.

    Attributes:
        spec: The problem.
        round: The round.
        names: The quantities offered, by their names in ``list_printable``.
        first: The most likely quantity.
        marks: The round's printed values.
        mine: NumPy's side of it.
        theirs: Torch's side of it.
    """

    spec: Spec
    round: int
    names: tuple[str, ...]
    first: str
    marks: Marks
    mine: Side
    theirs: Side

    @classmethod
    def about(cls, run: Run, round_: int, part: str, marks: Marks, torch: Mapping[str, Any]) -> "NumberComparison":
        """Offer the numbers of one part of a round, or all of them if it has none (an input).

        Args:
            run: The run.
            round_: The round, which is computed.
            part: The selected part.
            marks: The round's printed values.
            torch: All quantities of the round by torch, and all that they were computed from; empty without torch.
        """
        network = run.spec.network_of(round_)
        by_part = group_printable(network)
        names = by_part[part] or tuple(name for names in by_part.values() for name in names)
        wrong = [mark.quantity for mark in marks.values() if mark.agrees is False and mark.quantity in names]
        usual = [name for name in (part, gradient(part)) if name in names]
        return cls(
            run.spec,
            round_,
            names,
            [*wrong, *usual, names[0]][0],
            marks,
            Side("numpy", network, {**run.given(round_), **run.values(round_)}, run.spec.precision_of("numpy")),
            Side.of_torch(network, torch, run.spec.precision_of("torch")),
        )

    @cached_property
    def _label_width(self) -> int:
        """The columns of the longest name there is to choose."""
        return max(10, *(len(format_label(name)) for name in self.names))

    def describe(self, name: str) -> str:
        """Return a quantity's name with its meaning."""
        return f"{format_label(name):<{self._label_width}} {describe(self.mine.network, name)}"

    def find_preset(self, name: str) -> str:
        """Return the value printed for a quantity if it differs; else an empty text."""
        return next((m.printed for m in self.marks.values() if m.quantity == name and m.agrees is False), "")

    def judge(self, name: str, text: str) -> NumberVerdict:
        """Compare a number.

        Raises:
            ValueError: If the text is no number, with the reason.
        """
        decimals = find_decimals(mark.printed for mark in self.marks.values())
        digits, which = parse_typed(text, decimals), f"{format_label(name)} in round {self.round:,}"
        value, other = self.mine.value_of(name), self.theirs.value_of(name)
        assert value is not None
        shown = _format(value, digits)
        match = self.mine.compare(name, digits, SLACK[self.spec.precision])
        if match.agrees and not match.last_digits:
            if digits.count > 1:
                every = "both" if digits.count == 2 else f"all {digits.count}"
                return NumberVerdict(True, f"{which} is {shown}; {every} digits of {digits.printed} match")
            return NumberVerdict(True, f"{which} is {shown}; {digits.printed} matches, but more digits would say more")
        if other is not None and digits.agree(other):
            its = f"torch's {which} is {_format(other, digits)}, NumPy's is {shown}"
            return NumberVerdict(True, f"{its}; {digits.printed} matches torch's")
        if match.agrees:
            return NumberVerdict(True, f"{which} is {shown}; {digits.printed} matches {LAST_DIGITS}")
        said = "; ".join(filter(None, (f"{which} is {shown}, not {digits.printed}", _compare_digits(digits, value))))
        return NumberVerdict(False, said, self._make_lesson(name, digits.printed))

    def _make_lesson(self, name: str, printed: str) -> Lesson:
        """Return a lesson with the one printed value."""
        figures = (m for m in self.marks.values() if (m.quantity, m.printed) == (name, printed))
        engine = next((mark.engine for mark in figures), "numpy")
        spec = replace(self.spec, rounds=max(self.spec.rounds, self.round))
        return Lesson(YOUR_NUMBER, "Your number", spec, figures=(Figures(self.round, engine, {}, {name: printed}),))


def with_numbers(lesson: Lesson, texts: Iterable[str], round_: int) -> Lesson:
    """Return a lesson with the user's numbers, such as ``dE_dw1=0.000365``, in place of its printed values.

    A whole array, such as ``dE_dW1=[[0.1 0.2] [0.3 0.4]]``, is the numbers of its entries.

    Raises:
        ValueError: If a number cannot be read or its name is no quantity, with the reason in words.
    """
    network, printed = lesson.spec.network_of(round_), dict[str, str]()
    known, arrays = list_printable(network), list_arrays(network)
    for text in texts:
        name, sign, digits = (part.strip() for part in text.partition("="))
        if not (name and sign):
            raise ValueError(f'"{text}" must be a name and its digits, such as dE_dw1=0.000365')
        name = make_one_line(name)
        if given := describe_given(network, name):
            raise ValueError(f"{name} {given}")
        if other := describe_other_sample(network, name):
            raise ValueError(f"{name} {other}")
        if name not in known and name not in arrays:
            raise ValueError(f"this network has no {name}{suggest_printable(network, name)}")
        try:
            entries = expand_array(network, name, digits) if name in arrays else {name: digits}
            entries = {entry: parse_typed(those).printed for entry, those in entries.items()}
        except ValueError as fault:
            raise ValueError(f"{name}: {fault}") from fault
        if twice := next((entry for entry in entries if entry in printed), ""):
            raise ValueError(f"{twice} is given twice")
        printed |= entries
    return replace(lesson, figures=(Figures(round_, "numpy", {}, printed),))


def parse_typed(text: str, decimals: int | None = None) -> PrintedNumber:
    """Parse typed text as digits to compare.

    Args:
        text: The digits, also in the brackets of an array.
        decimals: How many a bare point claims; see ``PrintedNumber.of``.

    Raises:
        ValueError: If it is no number, with the reason in words.
    """
    text = text.strip()
    if not text:
        raise ValueError(f"type the number exactly as it is on your paper, such as {EXAMPLE}")
    if len(text) > _MOST_SIGNS:
        raise ValueError(f"that has more than {_MOST_SIGNS} characters; a number looks like {EXAMPLE}")
    return PrintedNumber.of(remove_brackets(text), decimals)


def _format(value: float, digits: PrintedNumber) -> str:
    """Format a number with a few more digits than were typed."""
    return format_significant(value, min(max(digits.count + _MORE, DEFAULT_DIGITS), MAX_DIGITS))


def _compare_digits(digits: PrintedNumber, value: float) -> str:
    """Say how far the leading digits agree; nothing where there are none to compare."""
    number, exponent = Decimal(value), digits.value.as_tuple().exponent
    if not number.is_finite() or not isinstance(exponent, int) or not digits.count:
        return ""
    mine = "".join(map(str, digits.value.as_tuple().digits))
    theirs = str(int((abs(number).scaleb(-exponent)).to_integral_value(ROUND_HALF_EVEN))).zfill(len(mine))
    if number.is_signed() != digits.value.is_signed() and number:
        return "only the sign differs" if mine == theirs else "the sign and the digits differ"
    same = 0
    while len(theirs) == len(mine) and same < len(mine) and mine[same] == theirs[same]:
        same += 1
    if same:
        agree = f"the first {same} of its {len(mine)} digits match"
        return agree if same > 1 else f"the first of its {len(mine)} digits matches"
    leading = f"{abs(number):.{len(mine) - 1}e}".partition("e")[0].replace(".", "")
    if leading[0] == mine[0]:  # in another place
        return "only the decimal point differs" if leading == mine else "the order of magnitude differs"
    return "the first digit already differs" if len(mine) > 1 else "its only digit differs"
