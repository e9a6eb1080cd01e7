"""Steps inside a round: how far the round that is shown has been calculated.

A place is counted in formulas: 0 is a round of which nothing is known but what it starts from; None is a whole round
that nobody steps through, after the last step. Steps are the phases of a round, or its single quantities.
"""

from functools import lru_cache
from itertools import pairwise

from bptui.core.formulas.backprop import Formula, list_formulas
from bptui.core.formulas.network import Network

Place = tuple[int, int | None]  # a round, and how many of its formulas have been calculated


@lru_cache(maxsize=64)
def _stops(network: Network, single: bool) -> tuple[int, ...]:
    """Where steps end: 0, then a count of formulas each."""
    lines = list_formulas(network)
    ends = [i for i, (one, other) in enumerate(pairwise(lines), 1) if single or one.phase != other.phase]
    return (0, *ends, len(lines))


def step_on(network: Network, place: Place, single: bool) -> Place:
    """One step on: after the last one comes the first of the next round."""
    (round_, done), stops = place, _stops(network, single)
    following = [stop for stop in stops if done is not None and stop > done]
    return (round_, following[0]) if following else (round_ + 1, stops[1])


def step_back(network: Network, place: Place, single: bool) -> Place:
    """One step back: before the first one comes the last of the round before, or nothing yet in round 1."""
    (round_, done), stops = place, _stops(network, single)
    before = max((stop for stop in stops if stop < (stops[-1] if done is None else done)), default=0)
    return (round_, before) if before or round_ == 1 else (round_ - 1, stops[-1])


def find_phase_end(network: Network, done: int | None) -> int | None:
    """The end of the phase that a place is in."""
    return next((stop for stop in _stops(network, single=False) if done is not None and stop >= done), None)


def find_latest(network: Network, done: int | None, single: bool) -> tuple[Formula, ...]:
    """The formulas of the step that ended at a place; none for a round that has not begun."""
    stops = _stops(network, single)
    end = stops[-1] if done is None else done
    return list_formulas(network)[max((stop for stop in stops if stop < end), default=0) : end]


def count_steps(network: Network, done: int | None, single: bool) -> tuple[int, int]:
    """How many steps of a round are done, and how many it has."""
    stops = _stops(network, single)
    return sum(0 < stop <= (stops[-1] if done is None else done) for stop in stops), len(stops) - 1
