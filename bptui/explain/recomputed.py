"""Recomputed values of printed ones under many calculations; each is trained once, and no further than needed.

A calculation continues with its own numbers or with the printed ones (``carried``). In the second case each printed
value replaces its number in its round and in all that follows.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, TypeVar

import numpy as np

from bptui.core.engines.engine import EngineUnavailableError, Floats, NumpyEngine, collect_given, make_engine
from bptui.core.engines.program import compile_expression
from bptui.core.formulas.backprop import list_formulas
from bptui.core.formulas.expr import Expr, Name, product, total
from bptui.core.formulas.gradient_rules import find_delta_factors
from bptui.core.formulas.names import change, delta, share, updated
from bptui.core.formulas.network import CHAIN_RULE, Network
from bptui.core.formulas.rounding import NONE
from bptui.core.problem.initialisation import make_initial_state
from bptui.core.problem.spec import Spec
from bptui.core.quantities.carried_values import Line, carry_on
from bptui.core.quantities.printable import compute_values, list_printable
from bptui.explain.changes import Reading
from bptui.text.printed import PrintedNumber

_CACHE_SIZE = 8192  # rounds whose values are kept, and runs whose last state is kept
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Figure:
    """A printed value.

    Attributes:
        spec: The problem it was printed for, in the precision it was calculated in.
        round: Its round, from 1.
        name: Its name in ``list_printable``.
        printed: Its digits.
        engine: "numpy" or "torch", whichever it is attributed to.
    """

    spec: Spec
    round: int
    name: str
    printed: str
    engine: str = "numpy"

    @cached_property
    def digits(self) -> PrintedNumber:
        """The number and its precision."""
        return PrintedNumber.of(self.printed)


class RecomputedValues:
    """The values of some printed values' names, in any round of any problem.

    Attributes:
        no_torch: Why torch was needed but is unavailable; empty if it was not needed, or is available.
    """

    def __init__(self, figures: Iterable[Figure]) -> None:
        self.no_torch = ""
        self._last_all_values: tuple[tuple[Spec, int], Mapping[str, float]] | None = None
        self._figures = tuple(figures)
        self._names = tuple(dict.fromkeys(f.name for f in self._figures))
        self._values: OrderedDict[tuple[Spec, int], Mapping[str, float]] = OrderedDict()
        self._by_torch: OrderedDict[tuple[Spec, int], Mapping[str, float]] = OrderedDict()
        self._carried: OrderedDict[tuple[Spec, Spec, Reading, int, float], Mapping[str, float]] = OrderedDict()
        self._last: OrderedDict[Spec, tuple[int, Floats]] = OrderedDict()

    def value(self, figure: Figure, spec: Spec, reading: Reading, nudge: float = 0.0) -> float | None:
        """Return the recomputed value of a printed one, for another problem than its own and a reading.

        Args:
            figure: The printed value.
            spec: The problem.
            reading: How it is read off.
            nudge: By how many half units of its last digit to move the printed value that the calculation continues
                with.

        Returns:
            The value as it would be printed; None if there is no such number.
        """
        round_ = figure.round + reading.shift
        if round_ < 1:
            return None
        if reading.named:
            values = self._all_values_in_round(spec, round_) if len(self._figures) == 1 else {}
            return values.get(reading.named) if reading.named != figure.name else None
        if reading.carried or reading.slip:
            values = self._carried_values(figure, spec, reading, round_, nudge)
        else:
            values = self._values_in_round(spec, round_)
        if figure.name not in values:
            return None
        turned = -1.0 if reading.turned and is_slope(figure.name) else 1.0
        return values[figure.name] * reading.factor * turned

    def compute_by_torch(self, figure: Figure, spec: Spec, reading: Reading) -> float | None:
        """Return the same to the last bit of torch's arithmetic, if torch can do the calculation.

        Returns:
            The value; None if torch is unavailable, or there is no such number.
        """
        round_ = figure.round + reading.shift
        if reading.carried or reading.slip or spec.gradient != CHAIN_RULE or spec.rounding != NONE or round_ < 1:
            return self.value(figure, spec, reading)
        if (spec, round_) not in self._by_torch:
            if self.no_torch:
                return None
            try:
                engine = make_engine("torch", spec)
            except EngineUnavailableError as fault:
                self.no_torch = str(fault)
                return None
            at = _start_state(spec) if round_ == 1 else engine.advance(_start_state(spec), round_ - 1, 1)[1]
            values = {**collect_given(spec, at, round_), **engine.evaluate(at, round_)}
            _store(self._by_torch, (spec, round_), self._select_names(spec.network, values))
        return self._by_torch[spec, round_].get(figure.name)

    def _values_in_round(self, spec: Spec, round_: int) -> Mapping[str, float]:
        if (spec, round_) not in self._values:
            at = self._state_at(spec, round_)
            values = {**collect_given(spec, at, round_), **NumpyEngine(spec).evaluate(at, round_)}
            _store(self._values, (spec, round_), self._select_names(spec.network, values))
        return self._values[spec, round_]

    def _all_values_in_round(self, spec: Spec, round_: int) -> Mapping[str, float]:
        """Everything that may be printed for a round."""
        if self._last_all_values is None or self._last_all_values[0] != (spec, round_):
            at = self._state_at(spec, round_)
            values = {**collect_given(spec, at, round_), **NumpyEngine(spec).evaluate(at, round_)}
            found = compute_values(spec.network, list_printable(spec.network), values)
            self._last_all_values = (spec, round_), {name: float(value) for name, value in found.items()}
        return self._last_all_values[1]

    def _select_names(self, network: Network, values: Mapping[str, Any]) -> Mapping[str, float]:
        known = list_printable(network)
        return {n: float(v) for n, v in compute_values(network, (n for n in self._names if n in known), values).items()}

    def _state_at(self, spec: Spec, round_: int) -> Floats:
        """What a round starts from; training goes on where it stopped."""
        at, state = self._last.get(spec, (1, None))
        if state is None or at > round_:
            at, state = 1, _start_state(spec)
        if round_ > at:
            state = NumpyEngine(spec).advance(state, round_ - at, at)[1]
        _store(self._last, spec, (round_, state))
        return state

    def _carried_values(
        self, figure: Figure, spec: Spec, reading: Reading, round_: int, nudge: float
    ) -> Mapping[str, float]:
        key = (figure.spec, spec, reading, round_, nudge)
        if key not in self._carried:
            printed: dict[int, dict[str, float]] = {}
            for other in self._figures:
                chosen = reading.slip is None or reading.slip == (other.round, other.name)
                if chosen and other.spec == figure.spec and other.round <= round_:
                    sign = -1.0 if reading.turned and is_slope(other.name) else 1.0
                    number = float(other.digits.value) + nudge * other.digits.half
                    printed.setdefault(other.round, {})[other.name] = sign * number
            _store(self._carried, key, self._compute_carried(spec, printed, round_))
        return self._carried[key]

    @np.errstate(all="ignore")
    def _compute_carried(
        self, spec: Spec, printed: Mapping[int, Mapping[str, float]], round_: int
    ) -> Mapping[str, float]:
        at, state, engine, steps = 1, _start_state(spec), NumpyEngine(spec), _steps(spec.network)
        for one in sorted({*printed, round_}):
            if one > at:
                state = engine.advance(state, one - at, at)[1]
            stated = {name: state.dtype.type(number) for name, number in printed.get(one, {}).items()}
            found, values = carry_on(steps, collect_given(spec, state, one), stated.get)
            at, state = one + 1, np.array([values[updated(part)] for part in spec.network.state], state.dtype)
        return self._select_names(spec.network, {**values, **found})


def _store(kept: "OrderedDict[_Key, _Value]", key: _Key, value: _Value) -> None:
    """Store a value, and drop the oldest if there are too many."""
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > _CACHE_SIZE:
        kept.popitem(last=False)


def _start_state(spec: Spec) -> Floats:
    with np.errstate(all="ignore"):
        return make_initial_state(spec).astype(spec.precision)


def list_calculated(network: Network) -> tuple[str, ...]:
    """Return the names of a round in order of calculation, including intermediate ones."""
    return tuple(name for name, _ in _steps(replace(network, rounding=NONE)))


def is_slope(name: str) -> bool:
    """Whether a number is a delta or a gradient, which some count with the opposite sign."""
    return name.startswith(("delta_", "dE_d"))


@lru_cache(maxsize=64)
def _steps(network: Network) -> tuple[Line, ...]:
    """Return a round in steps between which a printed number can be put: factors, shares and changes are steps too."""
    lines: list[tuple[str, Expr]] = []
    for f in list_formulas(network):
        between = _intermediate_steps(network, f.name) if network.rounding == NONE else []
        lines += [*between[:-1], (f.name, between[-1][1] if between else f.expr)]
    return tuple((name, compile_expression(expr)) for name, expr in lines)


def _intermediate_steps(n: Network, name: str) -> list[tuple[str, Expr]]:
    """Return what a quantity may be computed from on paper, and last itself in these terms; empty for most."""
    known = list_printable(n)
    for neuron in n.neurons:
        if name == delta(neuron):
            factors = find_delta_factors(n, neuron)
            return [*factors.items(), (name, product(*map(Name, factors)))]
    shares = [share(o) for o in n.outputs if share(o) in known]
    if name == "E" and shares:
        return [*((part, known[part]) for part in shares), (name, total([Name(part) for part in shares]))]
    for p in n.parameters:
        if name == updated(p) and known[name] != Name(p):
            return [(change(p), known[change(p)]), (name, Name(p) + Name(change(p)))]
    return []
