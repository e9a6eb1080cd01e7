"""The steps inside a round: how far the shown round is calculated.

A place is a count of formulas: 0 is a round of which only the starting values are known; None is a complete round
outside of stepping, after its last step. Steps are the phases of a round or its single quantities.
"""

from functools import lru_cache
from itertools import pairwise

from bptui.core.formulas.backprop import Formula, list_formulas
from bptui.core.formulas.network import Network

Place = tuple[int, int | None]  # a round, and the number of its formulas calculated so far


@lru_cache(maxsize=64)
def _list_stops(network: Network, single: bool) -> tuple[int, ...]:
    """Return the places where steps end, as counts of formulas; the first is 0."""
    lines = list_formulas(network)
    ends = [i for i, (one, other) in enumerate(pairwise(lines), 1) if single or one.phase != other.phase]
    return (0, *ends, len(lines))


def step_on(network: Network, place: Place, single: bool) -> Place:
    """Return the place one step later; after the last step comes the first of the next round."""
    (round_, done), stops = place, _list_stops(network, single)
    following = [stop for stop in stops if done is not None and stop > done]
    return (round_, following[0]) if following else (round_ + 1, stops[1])


def step_back(network: Network, place: Place, single: bool) -> Place:
    """Return the place one step earlier; before the first step comes the last of the round before, or 0 in round 1."""
    (round_, done), stops = place, _list_stops(network, single)
    before = max((stop for stop in stops if stop < (stops[-1] if done is None else done)), default=0)
    return (round_, before) if before or round_ == 1 else (round_ - 1, stops[-1])


def find_phase_end(network: Network, done: int | None) -> int | None:
    """Return the end of the phase that a place is in; None for a complete round."""
    return next((stop for stop in _list_stops(network, single=False) if done is not None and stop >= done), None)


def find_latest(network: Network, done: int | None, single: bool) -> tuple[Formula, ...]:
    """Return the formulas of the step that ended at a place; none for a round that has not begun."""
    stops = _list_stops(network, single)
    end = stops[-1] if done is None else done
    return list_formulas(network)[max((stop for stop in stops if stop < end), default=0) : end]


def count_steps(network: Network, done: int | None, single: bool) -> tuple[int, int]:
    """Return the number of completed steps of a round, and the number of its steps."""
    stops = _list_stops(network, single)
    return sum(0 < stop <= (stops[-1] if done is None else done) for stop in stops), len(stops) - 1
