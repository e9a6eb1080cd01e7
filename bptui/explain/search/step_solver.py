"""Solves for the learning rate that printed values were calculated with.

All learning rates of a grid are trained side by side. Where a printed value lies between the results of two neighbours,
the gap is divided repeatedly. The root is then rounded to as few digits as still give the printed value, because a
person chose the learning rate.
"""

from collections.abc import Iterator, Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray

from bptui.core.engines.engine import Floats, collect_constants, collect_given, feed_rounds
from bptui.core.engines.program import compile_program
from bptui.core.formulas.backprop import name_quantities
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
    names = [figure for figure in figures[:_MOST_FIGURES] if figure.name in list_printable(figure.network)]
    if round_ < 1 or not names:
        return
    on_grid = _values(spec, [figure.name for figure in names], round_, _GRID)
    for figure in names:
        scale = read.scale(figure.name)
        roots = _find_roots(spec, figure.name, round_, float(figure.digits.value) / scale, on_grid[figure.name])
        if not roots:
            continue
        steps = np.array([[float(f"{root:.{digits}e}") for digits in range(_MOST_DIGITS)] for root in roots])
        values = _values(spec, [figure.name], round_, steps.ravel())[figure.name].reshape(steps.shape)
        for those, reached in zip(steps.tolist(), cast("list[list[float]]", values.tolist()), strict=True):
            for digits, (step, value) in enumerate(zip(those, reached, strict=True), 1):
                if step != spec.step and figure.digits.agree(scale * value, cut=read.cut):
                    yield make_step_change(step, digits)
                    break


def _values(spec: Spec, names: Sequence[str], round_: int, steps: StepGrid) -> dict[str, Floats]:
    """Return some numbers of one round for each of many learning rates."""
    network, program = spec.network_of(round_), compile_program(spec.network)
    with np.errstate(all="ignore"):
        state = np.repeat(make_initial_state(spec)[:, None], len(steps), axis=1)
        feed = feed_rounds(spec, state.dtype, 1, round_ - 1)
        state = np.array(program.advance(feed, lambda row: None, steps, *collect_constants(spec)[1:], *state))
        start = {**collect_given(spec, state, round_), "eta": steps}
        values = dict(zip(name_quantities(network), program.round(*start.values()), strict=True))
        found = compute_values(network, names, {**start, **values})
    return {name: np.broadcast_to(np.asarray(value, dtype=float), len(steps)) for name, value in found.items()}


@np.errstate(all="ignore")
def _find_roots(spec: Spec, name: str, round_: int, target: float, on_grid: Floats) -> list[float]:
    """Return the learning rates at which a number reaches a target, as near as doubles allow.

    Args:
        spec: The problem.
        name: The number's name.
        round_: Its round.
        target: What it is to reach.
        on_grid: What it is at the learning rates of ``_GRID``.
    """
    gaps = _find_sign_changes(_GRID, on_grid - target)
    for _ in range(_REFINEMENTS):
        if not gaps:
            break
        grids = np.array([np.linspace(low, high, _SUBGRID_POINTS) for low, high in gaps])
        off = _values(spec, [name], round_, grids.ravel())[name].reshape(grids.shape) - target
        gaps = [gap for one, there in zip(grids, off, strict=True) for gap in _find_sign_changes(one, there)[:1]]
    return [(low + high) / 2.0 for low, high in gaps]


def _find_sign_changes(grid: StepGrid, off: Floats) -> list[tuple[float, float]]:
    """Return the neighbours in a grid between which a difference changes its sign."""
    crosses = np.flatnonzero((off[:-1] * off[1:] <= 0.0) & (off[:-1] != off[1:]) & np.isfinite(off[1:] - off[:-1]))
    return [(float(grid[place]), float(grid[place + 1])) for place in crosses[:_MOST_ROOTS]]
