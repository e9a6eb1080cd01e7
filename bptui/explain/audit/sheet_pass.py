"""One pass over the rounds of a sheet, in which each printed value is judged where it is calculated.

Nobody says how the sheet went on, so all numbers are arrays over the ways in which it may have: see ``ways``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import floor, isfinite, log10
from typing import Any

import numpy as np

from bptui.core.formulas.backprop import list_formulas
from bptui.core.formulas.expr import Name
from bptui.core.formulas.names import updated
from bptui.core.formulas.rounding import NONE
from bptui.core.quantities.printable import list_printable
from bptui.explain.audit.carrying import CarryCount
from bptui.explain.audit.finding import FOLLOWS, FULL, PRINTED, RIGHT, ROUNDED, UNKNOWN, WRONG, Finding
from bptui.explain.audit.lines import make_line
from bptui.explain.audit.placing import place_names
from bptui.explain.audit.precision import SheetPrecision, agrees, is_within, round_like
from bptui.explain.audit.ways import DOWN, FULL_WAY, KEPT, OWN, PRINTED_WAY, UP, WayLayout, Ways
from bptui.explain.calculation.calculation import Calculation
from bptui.explain.calculation.figure import Figure
from bptui.explain.calculation.steps import Step
from bptui.text.printed import PrintedNumber

_WIDE = 3.0  # half units that a value may be off before it says nothing


@dataclass
class SheetPass:
    """One pass over the steps of all rounds with printed values."""

    calculation: Calculation
    figures: Sequence[tuple[int, Figure]]
    own: Mapping[int, float]
    slack: Mapping[int, float]
    flow: str = ""
    leaning: str = ""
    kept: frozenset[int] = frozenset()
    lines: bool = True
    findings: list[Finding] = field(default_factory=list)
    carries: CarryCount = field(default_factory=CarryCount)
    exact: frozenset[int] = frozenset()  # slips that others go on from with no more digits than are printed
    for_full: int = 0
    for_printed: int = 0

    @np.errstate(all="ignore")
    def run(self) -> None:
        """Calculate, and judge each printed value where it is calculated."""
        calculation, rounds = self.calculation, dict[int, list[int]]()
        for index, (_, figure) in enumerate(self.figures):
            rounds.setdefault(figure.round + calculation.reading.shift, []).append(index)
        self._plan_ways([round_ for round_ in rounds if round_ > 0])
        state = np.repeat(calculation.start()[:, None], self._layout.size, axis=1)
        origins, at = dict[str, frozenset[int]](), 1
        for round_ in sorted(rounds):
            if round_ < 1:
                self.findings += [Finding(self.figures[i][0], WRONG, None) for i in rounds[round_]]
                continue
            if round_ > at:
                state = calculation.advance(state, round_ - at, at)
                origins = dict.fromkeys(calculation.state, frozenset[int]().union(*origins.values()))
            state, origins = self._run_round(state, round_, rounds[round_], origins)
            at = round_ + 1

    def _plan_ways(self, rounds: Sequence[int]) -> None:
        self._index = {place: index for index, (place, _) in enumerate(self.figures)}
        self._unprinted = list[tuple[str, int]]()
        by_hand = self.calculation.network.rounding != NONE  # every result is rounded already
        steps = 0 if by_hand else sum(len(self.calculation.steps(round_)) for round_ in rounds)
        self._layout = WayLayout(len(self.figures), steps, self.calculation.start().dtype)
        networks = dict.fromkeys(map(self.calculation.network_of, rounds))
        self._unit = SheetPrecision([figure for _, figure in self.figures], networks, self.calculation.reading.cut)
        self._quantities = {formula.name for network in networks for formula in list_formulas(network)}

    def _run_round(
        self, state: Ways, round_: int, indices: Sequence[int], origins: Mapping[str, frozenset[int]]
    ) -> tuple[Ways, dict[str, frozenset[int]]]:
        steps, self._renamed, self._round = self.calculation.steps(round_), dict[str, tuple[int, str]](), round_
        by_name = place_names(self.calculation, round_, [(index, self.figures[index][1].name) for index in indices])
        values, from_ = self.calculation.given(state, round_), dict(origins)
        for step in steps:
            value = step.compute(values)
            if step.own is not None:
                value, own = self._layout.spread(value), self._layout.spread(step.compute_own(values))
                value[OWN] = own[OWN]
            from_[step.name] = _join(from_, step.operands)
            if step.name not in by_name:
                value = self._round_aside(step, value)
            for index in by_name.pop(step.name, ()):
                value, from_[step.name] = self._judge(index, value, from_[step.name], step, values)
            if step.name in self._renamed:
                value, from_[step.name] = self._carry_on_renamed(step.name, value, from_[step.name])
            values[step.name] = value
        known = list_printable(self.calculation.network_of(round_))
        for name, left in by_name.items():  # factors that no step uses
            leaf = Step(name, known[name]) if name in known else None
            for index in left:
                if leaf is None or not all(part in values for part in leaf.operands):
                    self.findings.append(Finding(self.figures[index][0], WRONG, None))
                else:
                    self._judge(index, leaf.compute(values), _join(from_, leaf.operands), leaf, values)
        after = {part: from_[updated(part)] for part in self.calculation.state}
        return self.calculation.next_state(values, state), after

    def _round_aside(self, step: Step, value: Any, to: float | None = None) -> Any:
        """Return the number of a step that is not printed, with a way in which it was rounded all the same."""
        if self._layout.size > self._layout.aside and not isinstance(step.expr, Name):
            value = self._layout.spread(value)
            own = float(value[PRINTED_WAY])
            aside = value[self._layout.aside :]
            reach = float(np.abs(aside - own).sum())
            aside[len(self._unprinted)] = own + self._unit.error_of(step.name, own, reach) if to is None else to
            self._unprinted.append((step.name, self._round - self.calculation.reading.shift))
        return value

    def _judge(
        self, index: int, value: Any, slips: frozenset[int], step: Step, values: Mapping[str, Any]
    ) -> tuple[Ways, frozenset[int]]:
        """Judge a printed value; return the numbers that the rest goes on with, and the slips these come from."""
        place, figure = self.figures[index]
        factor = self.calculation.reading.scale(figure.name)
        ways = self._layout.spread(value) * factor
        own = self.own.get(place, float(ways[OWN]))
        finding = self._find_status(index, ways, slips, own)._replace(own=own)
        if finding.status == WRONG:
            finding = self._add_line(finding, index, ways, step, values)
        self.findings.append(finding)
        after = slips if finding.status in (FOLLOWS, UNKNOWN, WRONG) else frozenset[int]()
        number = float(figure.digits.value)
        if figure.name == step.name or (finding.status == WRONG and place not in self.kept):
            self._carry_on(index, ways, finding.status)
            after = frozenset((place,)) if finding.status == WRONG else after
        else:  # printed as another name of this step, which may have gone on with all its digits
            self._renamed[figure.name] = index, finding.status
            right = round_like(float(ways[PRINTED_WAY]), figure.digits, self.calculation.reading.cut)
            ways = self._round_aside(step, ways, right if finding.status == WRONG else number)
        return ways / factor, after

    def _carry_on_renamed(self, name: str, value: Any, slips: frozenset[int]) -> tuple[Ways, frozenset[int]]:
        """Go on with a printed number under its own name, which was judged where the number is calculated."""
        (index, status), factor = self._renamed[name], self.calculation.reading.scale(name)
        place, figure = self.figures[index]
        if status == WRONG:
            return self._layout.spread(float(figure.digits.value) / factor), frozenset((place,))
        ways = self._layout.spread(value) * factor
        self._carry_on(index, ways, status)
        return ways / factor, slips

    def _shift(self, place: int, ways: Ways) -> float:
        """Return by how much another engine's number differs from the calculation's own."""
        return self.own[place] - float(ways[OWN]) if place in self.own else 0.0

    def _add_line(self, finding: Finding, index: int, ways: Ways, step: Step, values: Mapping[str, Any]) -> Finding:
        """Add to a slip the number that it should be, and the line and the operands that give it."""
        place, figure = self.figures[index]
        way, scale = self._find_way(finding.slips), self.calculation.reading.scale
        if isfinite(ways[way]):
            finding = finding._replace(value=float(ways[way]) + self._shift(place, ways))
        is_shifted = abs(self._shift(place, ways)) > figure.digits.half  # by the other engine, it is not known how
        if is_shifted or not self.lines:
            return finding
        printed = {other.name for _, other in self.figures if other.round == figure.round}
        steps = self.calculation.steps(figure.round)
        line = make_line(step, steps, printed | self._quantities, figure.name, scale)
        numbers = {name: float(self._layout.spread(values[name])[way]) for name in line.operands}
        return finding._replace(step=line, operands=tuple((name, n * scale(name)) for name, n in numbers.items()))

    def _find_way(self, slips: frozenset[int]) -> int:
        """Return the way by which a wrong value should be calculated: from the numbers as they are printed."""
        if self.flow == FULL:
            return FULL_WAY
        kept = [index for index, (place, _) in enumerate(self.figures) if place in slips & self.kept]
        return self._layout.of_value(kept[-1], KEPT, printed=True) if kept else PRINTED_WAY

    def _carry_on(self, index: int, ways: Ways, status: str) -> None:
        """Put a printed number in place of the calculated one, in the ways that go on with it."""
        place, figure = self.figures[index]
        digits, cut, layout = figure.digits, self.calculation.reading.cut, self._layout
        number, rounded = float(digits.value), round_like(float(ways[PRINTED_WAY]), digits, cut)
        if not isfinite(number) or self._unit.is_lost(figure.name, digits):
            return
        off = max(abs(ways[FULL_WAY] - number), abs(ways[PRINTED_WAY] - number))
        if status in (WRONG, FOLLOWS):
            off = (1.0 + cut) * digits.half
        centre, kept = (number, rounded) if place not in self.kept else (rounded, number)
        up, down, without = (layout.of_value(index, way, printed=False) for way in (UP, DOWN, KEPT))
        if status == WRONG and place not in self.kept:
            uncarried = ways[without]
            ways[FULL_WAY:][~layout.by_printed[FULL_WAY:]] = number
            ways[without] = uncarried
            ways[up], ways[down] = number + off, number - off
        ways[layout.by_printed] = centre
        up, down, without = (layout.of_value(index, way, printed=True) for way in (UP, DOWN, KEPT))
        ways[up], ways[down], ways[without] = centre + off, centre - off, kept

    def _find_status(self, index: int, ways: Ways, slips: frozenset[int], own: float) -> Finding:
        """Return what is to be said of a value, from its numbers by all ways."""
        (place, figure), cut = self.figures[index], self.calculation.reading.cut
        digits = figure.digits
        ways = ways + self._shift(place, ways)
        full, printed = float(ways[FULL_WAY]), float(ways[PRINTED_WAY])
        slack = self.slack.get(place, 0.0)
        matches_own, matches_full, matches_printed = (agrees(digits, v, cut, slack) for v in (own, full, printed))
        self.for_full += matches_full and not matches_printed
        self.for_printed += matches_printed and not matches_full
        each = self._layout.each(ways)
        slip_reach = float(np.abs(each[:, 0, :2] - full).max(axis=1).sum())
        without = self.carries.count(
            slips - self.kept,
            matches_full or matches_printed,
            lambda slip: any(agrees(digits, float(way), cut) for way in each[self._index[slip], :, KEPT]),
        )
        if matches_own:
            near = not digits.agree(own, cut=cut)
            return Finding(place, RIGHT, own, 0.0, slips, own_matches=True, last_digits=near)
        if matches_full or (matches_printed and self.flow != FULL):
            if slip_reach > digits.half:
                self.exact |= slips
            return Finding(place, FOLLOWS if slips else RIGHT, full if matches_full else printed, 0.0, slips)
        as_printed = PRINTED in (self.flow, self.leaning) or (not self.leaning and slips <= self.exact)
        if slips and not as_printed and is_within(digits, full, slip_reach, cut):
            return Finding(place, FOLLOWS, full, slip_reach, slips)
        aside = np.abs(ways[self._layout.aside :] - printed) * self._unit.scale_for(digits)
        before = np.abs(each[:, 1, :2] - printed).max(axis=1) * (self.flow != PRINTED and not (slips and as_printed))
        moved = np.concatenate([before, aside])
        reach = float(moved.sum())
        if self.flow != FULL and is_within(digits, printed, reach, cut):
            if reach <= _WIDE * digits.half:
                return Finding(place, FOLLOWS if slips else ROUNDED, printed, reach, slips)
            return Finding(place, UNKNOWN, printed, reach, slips, self._find_unsure(moved, digits))
        self.carries.suspects |= without
        return Finding(place, WRONG, full if not isfinite(printed) else printed, reach, slips)

    def _find_unsure(self, moved: Ways, digits: PrintedNumber) -> tuple[str, int, int]:
        """Return the name and round of what moves a value most, and how many digits of it would be needed; 0 if all."""
        index, farthest = int(np.argmax(moved)), float(np.max(moved))
        before = self.figures[index][1] if index < len(self.figures) else None
        name, round_ = (before.name, before.round) if before else self._unprinted[index - len(self.figures)]
        if not isfinite(farthest):
            return name, round_, 0
        more = max(1, floor(log10(farthest) - log10(digits.half)) + 1) if digits.half else 1
        return name, round_, (before.digits if before else digits).count + more


def _join(origins: Mapping[str, frozenset[int]], names: Iterable[str]) -> frozenset[int]:
    return frozenset[int]().union(*(origins.get(name, ()) for name in names))
