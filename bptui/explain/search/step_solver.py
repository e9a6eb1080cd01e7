"""Solves for the learning rate that printed values were calculated with.

All learning rates of a grid are trained side by side. Where a printed value lies between the results of two neighbours,
the gap is divided repeatedly. The root is then rounded to as few digits as still give the printed value, because a
person chose the learning rate.
"""

from collections.abc import Callable, Iterator, Sequence
from math import nan
from typing import cast

import numpy as np
from numpy.typing import NDArray

from bptui.core.engines.engine import Floats
from bptui.core.engines.program import run_lines
from bptui.core.problem.spec import Spec
from bptui.core.quantities.printable import compute_values, list_printable
from bptui.explain.calculation.calculation import Calculation
from bptui.explain.calculation.changes import Change, ChangeSet, make_reading
from bptui.explain.calculation.figure import Figure
from bptui.explain.catalogue.settings import make_step_change

_GRID = np.geomspace(1e-4, 200.0, 128)
_SUBGRID_POINTS = 33  # points in a gap
_REFINEMENTS = 4  # how often a gap is divided
_MOST_ROOTS = 4
_MOST_DIGITS = 6
_MOST_FIGURES = 3  # printed values to solve for

StepGrid = NDArray[np.float64]


def solve_steps(spec: Spec, changes: ChangeSet, figures: Sequence[Figure]) -> Iterator[Change]:
    """Yield learning rates at which one of the printed values matches, those of few digits first.

    Args:
        spec: The problem; its own learning rate plays no part.
        changes: What else was done differently.
        figures: Wrong printed values of one round, those of most digits first.
    """
    read = make_reading(changes)
    round_ = figures[0].round + read.shift
    names = [figure for figure in figures[:_MOST_FIGURES] if figure.name in list_printable(figure.network)]
    if round_ < 1 or not names:
        return

    def evaluate(names: Sequence[str], steps: StepGrid) -> dict[str, Floats]:
        return _values(spec, changes, names, round_, steps)

    on_grid = evaluate([figure.name for figure in names], _GRID)
    for figure in names:
        scale = read.scale(figure.name)
        roots = _find_roots(evaluate, figure.name, float(figure.digits.value) / scale, on_grid[figure.name])
        if not roots:
            continue
        steps = np.array([[float(f"{root:.{digits}e}") for digits in range(_MOST_DIGITS)] for root in roots])
        values = evaluate([figure.name], steps.ravel())[figure.name].reshape(steps.shape)
        for those, reached in zip(steps.tolist(), cast("list[list[float]]", values.tolist()), strict=True):
            for digits, (step, value) in enumerate(zip(those, reached, strict=True), 1):
                if step != spec.step and figure.digits.agree(scale * value, cut=read.cut):
                    yield make_step_change(step, digits)
                    break


@np.errstate(all="ignore")
def _values(spec: Spec, changes: ChangeSet, names: Sequence[str], round_: int, steps: StepGrid) -> dict[str, Floats]:
    """Return some numbers of one round for each of many learning rates; nan where there is no such number."""
    calculation = Calculation(spec, changes, {"eta": steps})
    values = calculation.given(calculation.advance(calculation.start().astype(float), round_ - 1, 1), round_)
    run_lines(calculation.lines(round_, own=True), values)
    network = calculation.network_of(round_)
    known = [name for name in names if name in list_printable(network)]
    found = {**dict.fromkeys(names, nan), **compute_values(network, known, values)}
    return {name: np.broadcast_to(np.asarray(value, dtype=float), len(steps)) for name, value in found.items()}


@np.errstate(all="ignore")
def _find_roots(
    evaluate: Callable[[Sequence[str], StepGrid], dict[str, Floats]], name: str, target: float, on_grid: Floats
) -> list[float]:
    """Return the learning rates at which a number reaches a target, as near as doubles allow.

    Args:
        evaluate: Returns numbers by name for each of many learning rates.
        name: The number's name.
        target: What it is to reach.
        on_grid: What it is at the learning rates of ``_GRID``.
    """
    gaps = _find_sign_changes(_GRID, on_grid - target)
    for _ in range(_REFINEMENTS):
        if not gaps:
            break
        grids = np.array([np.linspace(low, high, _SUBGRID_POINTS) for low, high in gaps])
        off = evaluate([name], grids.ravel())[name].reshape(grids.shape) - target
        gaps = [gap for one, there in zip(grids, off, strict=True) for gap in _find_sign_changes(one, there)[:1]]
    return [(low + high) / 2.0 for low, high in gaps]


def _find_sign_changes(grid: StepGrid, off: Floats) -> list[tuple[float, float]]:
    """Return the neighbours in a grid between which a difference changes its sign."""
    crosses = np.flatnonzero((off[:-1] * off[1:] <= 0.0) & (off[:-1] != off[1:]) & np.isfinite(off[1:] - off[:-1]))
    return [(float(grid[place]), float(grid[place + 1])) for place in crosses[:_MOST_ROOTS]]
