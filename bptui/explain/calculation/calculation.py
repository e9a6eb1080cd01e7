"""A problem's calculation with some things done differently, round by round.

All its numbers are scalars, or arrays over the ways in which it may have gone on.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import CodeType
from typing import Any

import numpy as np

from bptui.core.engines.engine import Floats, collect_constants, collect_given, feed_rounds
from bptui.core.engines.program import compile_program
from bptui.core.formulas.names import updated
from bptui.core.formulas.network import Network
from bptui.core.problem.initialisation import make_initial_state
from bptui.core.problem.spec import Spec
from bptui.explain.calculation.changes import ChangeSet, apply_changes, list_rules, make_reading
from bptui.explain.calculation.steps import Step, edit_steps, list_departures, list_lines, list_steps

_FEW = 10  # rounds for which it does not pay to look for equal ways


class Calculation:
    """A problem's calculation under some changes.

    Attributes:
        spec: The problem with the settings of the changes.
        network: The network of its first round, whose parameters are those of every round.
        state: The names of what a round starts from and updates: the network's state, then what changes keep besides.
        reading: How printed values are read off.
    """

    def __init__(self, spec: Spec, changes: ChangeSet = (), rates: Floats | None = None) -> None:
        """Begin a calculation.

        Args:
            spec: The problem.
            changes: What was done otherwise.
            rates: Learning rates in place of the problem's, one for each of the ways, of shape (ways,).
        """
        self.spec, self.reading, self._rates = apply_changes(spec, changes), make_reading(changes), rates
        self.network = self.spec.network
        self._edits = [(change.rounds, dict(change.edits)) for change in changes if change.edits]
        self._rewrites = [change.rewrite for change in changes if change.rewrite]
        self._kept = {name: of for rewrite in self._rewrites for name, of in rewrite(self.network).kept.items()}
        self.state = (*self.network.state, *self._kept)
        self._edited: dict[tuple[Network, tuple[bool, ...]], tuple[Step, ...]] = {}
        *others, _ = list_rules(changes) or ("",)
        for rule in others:  # the settings have the last one
            every = self.spec.with_all_samples().network
            self._edits.append(((), list_departures(replace(every, rule=rule))))

    def steps(self, round_: int) -> tuple[Step, ...]:
        """Return the steps of a round."""
        network = self.network_of(round_)
        if not self._alters_steps:
            return list_steps(network)
        made = network, tuple(not rounds or round_ in rounds for rounds, _ in self._edits)
        if made not in self._edited:
            chosen = (edits for (_, edits), is_made in zip(self._edits, made[1], strict=True) if is_made)
            edits = {name: expr for edits in chosen for name, expr in edits.items()}
            written = {name: expr for one in self._rewrites for name, expr in one(network).steps.items()}
            self._edited[made] = edit_steps(list_steps(network), edits, written)
        return self._edited[made]

    @property
    def _alters_steps(self) -> bool:
        return bool(self._edits or self._rewrites)

    def network_of(self, round_: int) -> Network:
        """Return the network of a round."""
        return self.spec.network_of(round_) if self.spec.period > 1 else self.network

    def lines(self, round_: int, own: bool) -> tuple[tuple[str, CodeType], ...]:
        """Return the names and compiled lines of a round's steps, each by its own formula or by the steps before it."""
        return list_lines(self.steps(round_), own)

    @property
    def is_possible(self) -> bool:
        """Whether every number that an edit uses exists, and does not depend on what it is used for."""
        if not self._alters_steps:
            return True
        first = min((rounds[0] for rounds, _ in self._edits if rounds), default=1)
        every = set[str]()
        for round_ in range(first, first + self.spec.period):  # rounds that use other samples have other steps
            known = {*self.network_of(round_).given, *self._kept}
            for step in self.steps(round_):
                if not known.issuperset(step.operands):
                    return False
                known.add(step.name)
            every |= known
        return all(every.issuperset(edits) for _, edits in self._edits)

    def start(self) -> Floats:
        """Return what the first round starts from, of shape (state,), in the precision of the calculation."""
        with np.errstate(all="ignore"):
            state = make_initial_state(self.spec).astype(self.spec.precision)
        places = {name: place for place, name in enumerate(self.network.state)}
        return np.append(state, [state[places[of]] if of else 0.0 for of in self._kept.values()]).astype(state.dtype)

    def given(self, state: Floats, round_: int) -> dict[str, Any]:
        """Return what a round is computed from, by name; see ``collect_given``."""
        count = len(self.network.state)
        kept = dict(zip(self._kept, state[count:], strict=True))
        rates = {} if self._rates is None else {"eta": self._rates}
        return {**collect_given(self.spec, state[:count], round_), **kept, **rates}

    def advance(self, state: Floats, rounds: int, first: int) -> Floats:
        """Return the state after some rounds without printed values.

        Args:
            state: The state that the first of them starts from, of shape (state,) or (state, ways).
            rounds: How many.
            first: The number of the first.
        """
        if not rounds:
            return state
        if state.ndim > 1 and rounds > _FEW and self._rates is None:  # most ways go on with the same numbers
            distinct, places = np.unique(state, axis=1, return_inverse=True)
            if distinct.shape[1] < state.shape[1]:
                return self.advance(distinct, rounds, first)[:, places]
        with np.errstate(all="ignore"):
            if not self._alters_steps:
                feed, advance = (
                    feed_rounds(self.spec, state.dtype, first, rounds),
                    compile_program(self.network).advance,
                )
                rate, *rest = collect_constants(self.spec)
                rates = rate if self._rates is None else self._rates
                return np.array(advance(feed, _forget, rates, *rest, *state), state.dtype)
            for round_ in range(first, first + rounds):
                values = self.given(state, round_)
                for step in self.steps(round_):
                    values[step.name] = step.compute_own(values)
                state = self.next_state(values, state)
        return state

    def next_state(self, values: Mapping[str, Any], state: Floats) -> Floats:
        """Return the state after a round, of the shape of the one before it, from all values of the round."""
        parts = [values[updated(part)] for part in self.state]
        if state.ndim == 1:
            return np.array(parts, state.dtype)
        return np.array([np.broadcast_to(part, state.shape[1:]) for part in parts], state.dtype)


def _forget(row: tuple[Any, ...]) -> None:
    """Keep nothing of a round."""
