"""A problem's calculation with some things done differently, round by round.

All its numbers are scalars, or arrays over the ways in which it may have gone on.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np

from bptui.core.engines.engine import Floats, collect_constants, collect_fixed, feed_rounds
from bptui.core.engines.program import compile_program, run_lines
from bptui.core.formulas.names import updated
from bptui.core.formulas.network import Network
from bptui.core.problem.initialisation import make_initial_state
from bptui.core.problem.spec import Spec
from bptui.explain.calculation.changes import ChangeSet, apply_changes, list_rules, make_reading
from bptui.explain.calculation.steps import (
    Lines,
    Step,
    edit_steps,
    list_departures,
    list_lines,
    list_steps,
    select_steps,
)

_Kind = tuple[Network, tuple[bool, ...]]
_NONE: Mapping[str, Floats] = MappingProxyType({})
_FEW = 10  # rounds for which it pays neither to look for equal ways nor to compile a network's own program


class Calculation:
    """A problem's calculation under some changes.

    Attributes:
        spec: The problem with the settings of the changes.
        network: The network of its first round, whose parameters are those of every round.
        state: The names of what a round starts from and updates: the network's state, then what changes keep besides.
        reading: How printed values are read off.
    """

    def __init__(self, spec: Spec, changes: ChangeSet = (), numbers: Mapping[str, Floats] = _NONE) -> None:
        """Begin a calculation.

        Args:
            spec: The problem.
            changes: What was done otherwise.
            numbers: Numbers in place of those that the problem gives, by name, of shape (ways,) each.
        """
        self.spec, self.reading, self._numbers = apply_changes(spec, changes), make_reading(changes), numbers
        self.network, self._has_samples = self.spec.network, self.spec.period > 1
        self._varies = self.spec.varies
        self._edits = [(change.rounds, dict(change.edits)) for change in changes if change.edits]
        self._rewrites = [change.rewrite for change in changes if change.rewrite]
        self._kept = {name: of for rewrite in self._rewrites for name, of in rewrite(self.network).kept.items()}
        self.state = (*self.network.state, *self._kept)
        self._steps: dict[_Kind, tuple[Step, ...]] = {}
        self._updates: dict[_Kind, Lines] = {}
        self._reached: dict[int, Floats] = {}
        self._fixed: dict[np.dtype[Any], dict[str, Any]] = {}
        *others, _ = list_rules(changes) or ("",)
        for rule in others:  # the settings have the last one
            every = self.spec.with_all_samples().network
            self._edits.append(((), list_departures(replace(every, rule=rule))))

    def steps(self, round_: int) -> tuple[Step, ...]:
        """Return the steps of a round."""
        kind = self._find_kind(round_)
        if kind not in self._steps:
            network, made = kind
            if not self._alters_steps:
                return list_steps(network)
            chosen = (edits for (_, edits), is_made in zip(self._edits, made, strict=True) if is_made)
            edits = {name: expr for edits in chosen for name, expr in edits.items()}
            written = {name: expr for one in self._rewrites for name, expr in one(network).steps.items()}
            self._steps[kind] = edit_steps(list_steps(network), edits, written)
        return self._steps[kind]

    def _find_kind(self, round_: int) -> "_Kind":
        """Return what decides the steps of a round: its network, and which of the edits are made in it."""
        made = tuple([not rounds or round_ in rounds for rounds, _ in self._edits]) if self._edits else ()
        return self.network_of(round_), made

    @property
    def _alters_steps(self) -> bool:
        return bool(self._edits or self._rewrites)

    def network_of(self, round_: int) -> Network:
        """Return the network of a round."""
        return self.spec.network_of(round_) if self._has_samples else self.network

    def lines(self, round_: int, own: bool) -> Lines:
        """Return the names and compiled lines of a round's steps, each by its own formula or by the steps before it."""
        return list_lines(self.steps(round_), own)

    @cached_property
    def updated(self) -> tuple[str, ...]:
        """The names of the state after a round, in the order of ``state``."""
        return tuple(map(updated, self.state))

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
        """Return what the first round starts from, in the precision of the calculation.

        Returns:
            The state, of shape (state,), or of shape (state, ways) where the ways have numbers of their own.
        """
        with np.errstate(all="ignore"):
            state = make_initial_state(self.spec).astype(self.spec.precision)
        if self._numbers:
            state = np.repeat(state[:, None], len(next(iter(self._numbers.values()))), axis=1)
        for row, name in zip(state, self.network.state, strict=True):
            if name in self._numbers:
                row[:] = self._numbers[name]
        if not self._kept:
            return state
        places = {name: place for place, name in enumerate(self.network.state)}
        kept = [state[places[of]] if of else np.zeros(state.shape[1:]) for of in self._kept.values()]
        return np.concatenate([state, np.array(kept)]).astype(state.dtype)

    def given(self, state: Floats, round_: int) -> dict[str, Any]:
        """Return what a round is computed from, by name; see ``collect_given``."""
        return {**self._collect_fixed(state.dtype, round_), **dict(zip(self.state, state, strict=True))}

    def _collect_fixed(self, dtype: np.dtype[Any], round_: int) -> dict[str, Any]:
        """Return what a round is computed from besides the state, by name."""
        if dtype not in self._fixed or self._varies:
            fixed = collect_fixed(self.spec, dtype, round_)
            self._fixed[dtype] = {name: self._numbers.get(name, number) for name, number in fixed.items()}
        return self._fixed[dtype]

    def state_before(self, round_: int) -> Floats:
        """Return the state that a round starts from where no printed value was put in, of shape (state,)."""
        if round_ not in self._reached:
            at = max((one for one in self._reached if one < round_), default=0)
            state = self._reached[at] if at else self.start()
            self._reached[round_] = self.advance(state, round_ - max(at, 1), max(at, 1))
        return self._reached[round_]

    def advance(self, state: Floats, rounds: int, first: int) -> Floats:
        """Return the state after some rounds without printed values.

        Args:
            state: The state that the first of them starts from, of shape (state,) or (state, ways).
            rounds: How many.
            first: The number of the first.
        """
        if not rounds:
            return state
        if state.ndim > 1 and rounds > _FEW and not self._numbers:  # most ways go on with the same numbers
            distinct, places = np.unique(state, axis=1, return_inverse=True)
            if distinct.shape[1] < state.shape[1]:
                return self.advance(distinct, rounds, first)[:, places]
        with np.errstate(all="ignore"):
            if not self._alters_steps and (rounds > _FEW or state.ndim > 1) and self._numbers.keys() <= {"eta"}:
                feed, advance = (
                    feed_rounds(self.spec, state.dtype, first, rounds),
                    compile_program(self.network).advance,
                )
                rate, *rest = collect_constants(self.spec)
                return np.array(advance(feed, _forget, self._numbers.get("eta", rate), *rest, *state), state.dtype)
            values = self.given(state, first)
            for round_ in range(first, first + rounds):
                if round_ > first:
                    values |= self._collect_fixed(state.dtype, round_)
                    values |= zip(self.state, self._list_next(values, state), strict=True)
                run_lines(self._update_lines(round_), values)
        return self.next_state(values, state)

    def _list_next(self, values: Mapping[str, Any], state: Floats) -> Iterable[Any]:
        """Return the numbers of the state after a round, as those of the one before it are."""
        if state.ndim > 1:
            return self.next_state(values, state)
        kind = state.dtype.type
        return [kind(values[name]) for name in self.updated]

    def _update_lines(self, round_: int) -> Lines:
        """Return the lines of a round that its update takes: not those of the loss, or of what is only printed."""
        kind = self._find_kind(round_)
        if kind not in self._updates:
            self._updates[kind] = self.select_lines(round_, own=True, used=self.updated)
        return self._updates[kind]

    def select_lines(
        self,
        round_: int,
        own: bool,
        found: Collection[str] = (),
        used: Collection[str] = (),
        known: Collection[str] = (),
    ) -> Lines:
        """Return the lines of a round that it takes to compute some numbers; see ``select_steps`` and ``lines``."""
        names = frozenset(found), frozenset(used), frozenset(known)
        if not self._alters_steps:
            return _select_lines(self.network_of(round_), own, *names)
        return list_lines(select_steps(self.steps(round_), own, *names), own)

    def next_state(self, values: Mapping[str, Any], state: Floats) -> Floats:
        """Return the state after a round, of the shape of the one before it, from all values of the round."""
        parts = [values[name] for name in self.updated]
        if state.ndim == 1:
            return np.array(parts, state.dtype)
        after = np.empty_like(state)
        for row, part in zip(after, parts, strict=True):
            row[:] = part
        return after


@lru_cache(maxsize=1024)
def _select_lines(
    network: Network, own: bool, found: frozenset[str], used: frozenset[str], known: frozenset[str]
) -> Lines:
    return list_lines(select_steps(list_steps(network), own, found, used, known), own)


def _forget(row: tuple[Any, ...]) -> None:
    """Keep nothing of a round."""
