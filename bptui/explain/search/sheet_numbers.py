"""The numbers of a sheet's printed values under some changes, fast: as scalars, and no further than needed."""

from collections.abc import Collection, Sequence
from functools import lru_cache
from math import isfinite
from typing import Any

import numpy as np

from bptui.core.engines.program import run_line
from bptui.core.formulas.expr import find_names
from bptui.core.formulas.network import Network
from bptui.core.quantities.printable import compute_values, list_printable
from bptui.explain.calculation.calculation import Calculation
from bptui.explain.calculation.figure import Figure
from bptui.explain.calculation.steps import list_calculated


class SheetNumbers:
    """The printed values of one sheet, prepared for many calculations."""

    def __init__(self, figures: Sequence[Figure]) -> None:
        self._round_of = [figure.round for figure in figures]
        self._stated = [float(figure.digits.value) for figure in figures]
        rounds: dict[int, dict[str, list[int]]] = {}
        for place, figure in enumerate(figures):
            rounds.setdefault(figure.round, {}).setdefault(figure.name, []).append(place)
        self._rounds = dict(sorted(rounds.items()))
        self._figures = tuple(figures)

    def find_step(self, place: int) -> tuple[int, int]:
        """Return which step of its round a printed value is, as far as it is one, and its place."""
        figure = self._figures[place]
        steps = _number_steps(figure.network)
        return steps.get(figure.name, len(steps)), place

    @np.errstate(all="ignore")
    def calculate(self, calculation: Calculation, wanted: Collection[int], printed: bool) -> dict[int, float]:
        """Return the numbers of printed values by place, by one way of going on.

        Args:
            calculation: The calculation.
            wanted: The places that matter; others are returned as far as they are calculated before these.
            printed: Whether each number is put in place as it is printed, or none is.
        """
        last = max((self._round_of[place] for place in wanted), default=0)
        found, state, at = dict[int, float](), calculation.start(), 1
        for printed_round, names in self._rounds.items():
            round_ = printed_round + calculation.reading.shift
            if round_ < 1 or printed_round > last:
                continue
            state = calculation.advance(state, round_ - at, at)
            values = calculation.given(state, round_)
            left = {place for place in wanted if self._round_of[place] == last} if printed_round == last else None
            self._run_round(calculation, round_, names, values, found, left, printed)
            if printed_round == last:
                break
            state, at = calculation.next_state(values, state), round_ + 1
        return found

    def _run_round(
        self,
        calculation: Calculation,
        round_: int,
        names: dict[str, list[int]],
        values: dict[str, Any],
        found: dict[int, float],
        left: set[int] | None,
        printed: bool,
    ) -> None:
        """Calculate a round, until the numbers of the places in ``left`` are known, if any are given."""
        scale, kind, seen = calculation.reading.scale, type(values[calculation.network.state[0]]), set[str]()
        for name, line in calculation.lines(round_, own=not printed):
            value = values[name] = run_line(line, values)
            if name not in names:
                continue
            seen.add(name)
            for place in names[name]:
                found[place] = float(value) * scale(name)
                if printed and isfinite(stated := self._stated[place]):
                    values[name] = kind(stated / scale(name))
            if left is not None:
                left.difference_update(names[name])
                if not left:
                    return
        network = calculation.network_of(round_)
        known = list_printable(network) if len(seen) < len(names) else {}
        for name in names.keys() - seen:  # factors that no step uses
            if name in known and all(part in values for part in find_names(known[name])):
                value = compute_values(network, [name], values)[name]
                found.update((place, float(value) * scale(name)) for place in names[name])


@lru_cache(maxsize=64)
def _number_steps(network: Network) -> dict[str, int]:
    return {name: number for number, name in enumerate(list_calculated(network))}
