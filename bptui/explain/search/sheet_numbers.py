"""The numbers of a sheet's printed values under some changes, fast: as scalars, and no further than needed."""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from math import isfinite
from typing import Any

import numpy as np

from bptui.core.engines.program import run_line, run_lines
from bptui.core.formulas.expr import find_names
from bptui.core.formulas.network import Network
from bptui.core.quantities.printable import compute_values, list_printable
from bptui.explain.calculation.calculation import Calculation
from bptui.explain.calculation.changes import PLAIN, ChangeSet
from bptui.explain.calculation.figure import Figure
from bptui.explain.calculation.steps import list_calculated
from bptui.explain.calculation.torch_values import TorchValues


class SheetNumbers:
    """The printed values of one sheet, prepared for many calculations."""

    def __init__(self, figures: Sequence[Figure]) -> None:
        self._stated: dict[int, dict[str, float]] = {}
        for figure in sorted(figures, key=lambda figure: figure.round):
            stated, number = self._stated.setdefault(figure.round, {}), float(figure.digits.value)
            if isfinite(number):
                stated[figure.name] = number
        self._figures = tuple(figures)
        self._is_by_torch = any(figure.engine == "torch" for figure in figures)

    def find_step(self, place: int) -> tuple[int, int]:
        """Return which step of its round a printed value is, as far as it is one, and its place."""
        figure = self._figures[place]
        steps = _number_steps(figure.network)
        return steps.get(figure.name, len(steps)), place

    @np.errstate(all="ignore")
    def calculate(self, calculation: Calculation, wanted: Collection[int], printed: bool) -> dict[int, Any]:
        """Return the numbers of printed values by place, by one way of going on: floats, or arrays of shape (ways,).

        Args:
            calculation: The calculation.
            wanted: The places.
            printed: Whether each number is put in place as it is printed, or none is.
        """
        by_round = self._sort_by_round(wanted)
        last, found, at = max(by_round, default=0), dict[int, Any](), 0
        state = calculation.state_before(1)
        for printed_round, stated in self._stated.items():
            round_, here = printed_round + calculation.reading.shift, by_round.get(printed_round, {})
            if round_ < 1 or printed_round > last or not (printed or here):
                continue
            state = calculation.advance(state, round_ - at, at) if at else calculation.state_before(round_)
            values = calculation.given(state, round_)
            used = calculation.updated if printed and printed_round != last else ()
            found |= self._run_round(calculation, round_, here, used, values, stated if printed else None)
            if used:
                state, at = calculation.next_state(values, state), round_ + 1
        return found

    def calculate_by_torch(
        self, torch: TorchValues, changes: ChangeSet, wanted: Collection[int] | None = None
    ) -> dict[int, float]:
        """Return torch's own numbers by place; where steps are calculated otherwise, with what that alters in NumPy's.

        Args:
            torch: Torch.
            changes: What was done differently.
            wanted: The places that are asked for; all by default.
        """
        if not self._is_by_torch:
            return {}
        rest = tuple(change for change in changes if not change.rewrite)
        found = torch.values(self._figures, rest, wanted)
        if found and rest != changes:
            spec = self._figures[0].spec
            now, before = (self.calculate(Calculation(spec, of), found, False) for of in (changes, rest))
            return {place: found[place] + (now[place] - before[place]) for place in found if place in now}
        return found

    def _sort_by_round(self, wanted: Collection[int]) -> dict[int, dict[str, list[int]]]:
        """Return places by round and name."""
        found: dict[int, dict[str, list[int]]] = {}
        for place in wanted:
            figure = self._figures[place]
            found.setdefault(figure.round, {}).setdefault(figure.name, []).append(place)
        return found

    def _run_round(
        self,
        calculation: Calculation,
        round_: int,
        wanted: Mapping[str, Sequence[int]],
        used: Collection[str],
        values: dict[str, Any],
        stated: Mapping[str, float] | None,
    ) -> dict[int, Any]:
        """Return some numbers of a round by place, calculated with no more steps than they and others take.

        Args:
            calculation: The calculation.
            round_: The round.
            wanted: The names of the numbers, with their places.
            used: The names of others, which are used afterwards.
            values: What the round is computed from, by name, to which these are added.
            stated: The printed numbers by name, put in place; None to put in none and go by the quantities' formulas.
        """
        reading, own, stated, found = calculation.reading, stated is None, stated or {}, dict[int, Any]()
        if reading is not PLAIN:
            stated = {name: number / reading.scale(name) for name, number in stated.items()}
        kind = values[calculation.network.state[0]].dtype.type
        values.update([(name, kind(number)) for name, number in stated.items() if name not in wanted])
        for name, line in calculation.select_lines(round_, own, wanted, used, stated):
            value = values[name] = run_line(line, values)
            if name in wanted:
                found |= dict.fromkeys(wanted[name], _as_double(value) * reading.scale(name))
                values[name] = kind(stated[name]) if name in stated else value
        for name in [name for name in wanted if name not in values]:
            value = _compute_apart(calculation, round_, name, own, values, stated)
            if value is not None:
                found |= dict.fromkeys(wanted[name], _as_double(value) * reading.scale(name))
        return found


def _as_double(value: Any) -> Any:
    """Return a number as a float; arrays are of doubles."""
    return value if isinstance(value, np.ndarray) else float(value)


def _compute_apart(
    calculation: Calculation, round_: int, name: str, own: bool, values: Mapping[str, Any], stated: Mapping[str, float]
) -> Any:
    """Return a factor that no step of a round uses; None if there is none, or not of numbers that the round has."""
    network, steps = calculation.network_of(round_), {step.name for step in calculation.steps(round_)}
    expr = list_printable(network).get(name)
    there = {one: value for one, value in values.items() if one in steps or one not in stated}
    if expr is None:
        return None
    run_lines(calculation.select_lines(round_, own, used=find_names(expr), known=there), there)
    if not there.keys() >= {*find_names(expr)}:
        return None
    return compute_values(network, [name], there)[name]


@lru_cache(maxsize=64)
def _number_steps(network: Network) -> dict[str, int]:
    return {name: number for number, name in enumerate(list_calculated(network))}
