"""A round as a calculation on paper: steps between which a printed number can be put, for a problem under changes.

Factors of a delta, an output's share of the loss and what an update adds are steps of their own, since books print
them; with results rounded on the way only the quantities themselves are steps. All numbers of a calculation are scalars,
or arrays over the ways in which it may have gone on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from bptui.core.engines.engine import Floats, collect_given
from bptui.core.engines.program import compile_expression, compile_program
from bptui.core.formulas.backprop import list_formulas
from bptui.core.formulas.expr import Expr, Name, find_names, product, total
from bptui.core.formulas.gradient_rules import find_delta_factors
from bptui.core.formulas.names import change, delta, share, updated
from bptui.core.formulas.network import CHAIN_RULE, Network
from bptui.core.formulas.rounding import NONE
from bptui.core.problem.initialisation import make_initial_state
from bptui.core.problem.spec import Spec
from bptui.core.quantities.printable import list_printable
from bptui.explain.changes import ChangeSet, apply_changes, list_rules, make_reading
from bptui.text.printed import PrintedNumber


@dataclass(frozen=True)
class Figure:
    """A printed value.

    Attributes:
        spec: The problem it was printed for, in the precision it was calculated in.
        round: Its round, from 1.
        name: Its name in ``list_printable``.
        printed: Its digits.
        engine: "numpy" or "torch", whichever it is attributed to.
        decimals: How many decimals a bare point stands for; None if it has none.
    """

    spec: Spec
    round: int
    name: str
    printed: str
    engine: str = "numpy"
    decimals: int | None = None

    @cached_property
    def digits(self) -> PrintedNumber:
        """The number and its precision."""
        return PrintedNumber.of(self.printed)


@dataclass(frozen=True)
class Step:
    """One line of a calculation.

    Attributes:
        name: The name of its number.
        expr: The expression that is computed for it.
        own: The quantity's own formula, where ``expr`` is made of intermediate steps; it may differ in the last bits.
    """

    name: str
    expr: Expr
    own: Expr | None = None

    @cached_property
    def operands(self) -> tuple[str, ...]:
        """The names in its expression."""
        return find_names(self.expr)

    def compute(self, values: Mapping[str, Any]) -> Any:
        """Return its number, from all numbers before it by name."""
        return compile_expression(self.expr)(values)

    def compute_own(self, values: Mapping[str, Any]) -> Any:
        """Return its number to the last bit of a round, where no number was put in place of another."""
        return compile_expression(self.own or self.expr)(values)


class Calculation:
    """A problem's calculation under some changes.

    Attributes:
        spec: The problem with the settings of the changes.
        network: Its network.
        reading: How printed values are read off.
    """

    def __init__(self, spec: Spec, changes: ChangeSet = ()) -> None:
        self.spec, self.reading = apply_changes(spec, changes), make_reading(changes)
        self.network = self.spec.network
        self._edits = [(change.rounds, dict(change.edits)) for change in changes if change.edits]
        *others, _ = list_rules(changes) or ("",)
        for rule in others:  # the settings have the last one
            self._edits.append(((), _list_departures(replace(self.network, rule=rule))))

    def steps(self, round_: int) -> tuple[Step, ...]:
        """Return the steps of a round."""
        edits = {n: e for rounds, edited in self._edits if not rounds or round_ in rounds for n, e in edited.items()}
        return edit_steps(list_steps(self.network), edits) if edits else list_steps(self.network)

    @property
    def is_possible(self) -> bool:
        """Whether every number that an edit uses exists in the calculation."""
        if not self._edits:
            return True
        known = {*self.network.inputs, *self.network.targets, "eta", *self.network.state}
        known |= {step.name for step in list_steps(self.network)}
        used = {name for _, edits in self._edits for name in (*edits, *(n for e in edits.values() for n in find_names(e)))}
        return used <= known

    def start(self) -> Floats:
        """Return what the first round starts from, of shape (state,), in the precision of the calculation."""
        with np.errstate(all="ignore"):
            return make_initial_state(self.spec).astype(self.spec.precision)

    def given(self, state: Floats, round_: int) -> dict[str, Any]:
        """Return what a round is computed from, by name; see ``collect_given``."""
        return collect_given(self.spec, state, round_)

    def advance(self, state: Floats, rounds: int, first: int) -> Floats:
        """Return the state after some rounds without printed values.

        Args:
            state: The state that the first of them starts from, of shape (state,) or (state, ways).
            rounds: How many.
            first: The number of the first.
        """
        if not rounds:
            return state
        with np.errstate(all="ignore"):
            if not self._edits:
                given = self.given(state, first)
                return np.array(compile_program(self.network).advance(rounds, _forget, *given.values()), state.dtype)
            for round_ in range(first, first + rounds):
                values = self.given(state, round_)
                for step in self.steps(round_):
                    values[step.name] = step.compute_own(values)
                state = self.next_state(values, state)
        return state

    def next_state(self, values: Mapping[str, Any], state: Floats) -> Floats:
        """Return the state after a round, of the shape of the one before it, from all values of the round."""
        parts = (values[updated(part)] for part in self.network.state)
        return np.array([np.broadcast_to(part, state.shape[1:]) for part in parts], state.dtype)


def _forget(row: tuple[Any, ...]) -> None:
    """Keep nothing of a round."""


@lru_cache(maxsize=512)
def list_steps(network: Network) -> tuple[Step, ...]:
    """Return the steps of a round, in order of calculation."""
    lines: list[Step] = []
    for f in list_formulas(network):
        *before, last = (_list_between(network, f.name) if network.rounding == NONE else ()) or (Step(f.name, f.expr),)
        lines += [*before, replace(last, own=f.expr if before else None)]
    return tuple(lines)


def edit_steps(steps: Sequence[Step], edits: Mapping[str, Expr]) -> tuple[Step, ...]:
    """Return steps with other expressions for some names, each after those that it uses."""
    edited = [Step(step.name, edits.get(step.name, step.expr)) for step in steps]
    names, done, found = {step.name: step for step in edited}, set[str](), list[Step]()

    def place(step: Step) -> None:
        if step.name not in done:
            done.add(step.name)
            for name in step.operands:
                if name in names:
                    place(names[name])
            found.append(step)

    for step in edited:
        place(step)
    return tuple(found)


def _list_departures(network: Network) -> dict[str, Expr]:
    """Return the steps that a gradient rule calculates otherwise than the chain rule, by name."""
    right = {step.name: step.expr for step in list_steps(replace(network, rule=CHAIN_RULE))}
    return {step.name: step.expr for step in list_steps(network) if right.get(step.name) != step.expr}


def list_calculated(network: Network) -> tuple[str, ...]:
    """Return the names of a round in order of calculation, including intermediate ones."""
    return tuple(step.name for step in list_steps(replace(network, rounding=NONE)))


def _list_between(n: Network, name: str) -> list[Step]:
    """Return what a quantity may be computed from on paper, and last itself in these terms; empty for most."""
    known = list_printable(n)
    for neuron in n.neurons:
        if name == delta(neuron):
            factors = find_delta_factors(n, neuron)
            return [*(Step(*factor) for factor in factors.items()), Step(name, product(*map(Name, factors)))]
    shares = [share(o) for o in n.outputs if share(o) in known]
    if name == "E" and shares:
        return [*(Step(part, known[part]) for part in shares), Step(name, total([Name(part) for part in shares]))]
    for p in n.parameters:
        if name == updated(p) and known[name] != Name(p):
            return [Step(change(p), known[change(p)]), Step(name, Name(p) + Name(change(p)))]
    return []
