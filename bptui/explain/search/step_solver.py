"""Solves for the learning rate that printed values were calculated with.

All learning rates of a grid are trained side by side. Where a printed value lies between the results of two neighbours,
the gap is divided repeatedly. The root is then rounded to as few digits as still give the printed value, because a
person chose the learning rate.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from bptui.core.engines.engine import Floats, collect_given
from bptui.core.engines.program import compile_program
from bptui.core.problem.initialisation import make_initial_state
from bptui.core.problem.spec import Spec
from bptui.core.quantities.printable import compute_values, list_printable
from bptui.explain.calculation.changes import Change, Reading
from bptui.explain.calculation.figure import Figure
from bptui.explain.catalogue.settings import make_step_change

_GRID = np.geomspace(1e-4, 200.0, 128)
_SUBGRID_POINTS = 33  # points in a gap
_REFINEMENTS = 4  # how often a gap is divided
_MOST_ROOTS = 4
_MOST_DIGITS = 6
_MOST_FIGURES = 3  # printed values to solve for

StepGrid = NDArray[np.float64]


def solve_steps(spec: Spec, figures: Sequence[Figure], read: Reading) -> Iterator[Change]:
    """Yield learning rates at which one of the printed values matches, those of few digits first.

    Args:
        spec: The problem; its own learning rate plays no part.
        figures: Wrong printed values of one round, those of most digits first.
        read: How they are read off.
    """
    round_ = figures[0].round + read.shift
    names = [figure for figure in figures[:_MOST_FIGURES] if figure.name in list_printable(spec.network)]
    if round_ < 1 or not names:
        return
    for figure in names:
        scale = read.scale(figure.name)
        for root in _find_roots(spec, figure.name, round_, float(figure.digits.value) / scale):
            for digits in range(1, _MOST_DIGITS + 1):
                step = float(f"{root:.{digits - 1}e}")
                value = float(_values(spec, figure.name, round_, np.array([step]))[0])
                if step != spec.step and figure.digits.agree(scale * value, cut=read.cut):
                    yield make_step_change(step, digits)
                    break


def _values(spec: Spec, name: str, round_: int, steps: StepGrid) -> Floats:
    """Return a number of one round for each of many learning rates."""
    network, program = spec.network, compile_program(spec.network)
    with np.errstate(all="ignore"):
        state = np.repeat(make_initial_state(spec)[:, None], len(steps), axis=1)
        start = {**collect_given(spec, state, 1), "eta": steps}
        if round_ > 1:
            after = np.array(program.advance(round_ - 1, lambda row: None, *start.values()))
            start = {**collect_given(spec, after, round_), "eta": steps}
        values = dict(zip(program.quantities, program.round(*start.values()), strict=True))
        found = compute_values(network, [name], {**start, **values})[name]
    return np.broadcast_to(np.asarray(found, dtype=float), len(steps))


@np.errstate(all="ignore")
def _find_roots(spec: Spec, name: str, round_: int, target: float) -> list[float]:
    """Return the learning rates at which a number reaches a target, as near as doubles allow."""
    gaps = _find_sign_changes(_GRID, _values(spec, name, round_, _GRID) - target)
    for _ in range(_REFINEMENTS):
        gaps = [
            gap
            for low, high in gaps
            for grid in [np.linspace(low, high, _SUBGRID_POINTS)]
            for gap in _find_sign_changes(grid, _values(spec, name, round_, grid) - target)[:1]
        ]
    return [(low + high) / 2.0 for low, high in gaps]


def _find_sign_changes(grid: StepGrid, off: Floats) -> list[tuple[float, float]]:
    """Return the neighbours in a grid between which a difference changes its sign."""
    crosses = np.flatnonzero((off[:-1] * off[1:] <= 0.0) & (off[:-1] != off[1:]) & np.isfinite(off[1:] - off[:-1]))
    return [(float(grid[place]), float(grid[place + 1])) for place in crosses[:_MOST_ROOTS]]
