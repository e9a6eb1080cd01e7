"""The drift of a float32 run from the same run in float64.

Rounding errors are small in a round, but a run can amplify them. Both runs start from the same weights, and their
losses are compared round by round.
"""

from dataclasses import replace

import numpy as np

from bptui.core.engines.engine import NumpyEngine
from bptui.core.problem.spec import Spec
from bptui.core.training.history import History
from bptui.record import record

DIVERGED = 1e-3  # relative to the loss: a larger difference means that the two runs have diverged
_CHUNK = 4096  # parameters trained at once


@record
class PrecisionDrift:
    """The comparison of a float32 run with a float64 run.

    Attributes:
        round: The first round whose losses differ by more than ``DIVERGED`` of the float64 one; None if there is none.
        parting: The two losses of that round, float64 first; two nan if there is none.
        largest: The largest difference relative to the float64 loss, among rounds where this ratio is finite.
        double: The loss of the last round in float64.
        single: The loss of the last round in float32.
        parameter: The parameter that differs most after the last round, and its two values, float64 first.
    """

    round: int | None
    parting: tuple[float, float]
    largest: float
    double: float
    single: float
    parameter: tuple[str, float, float]


def measure_drift(spec: Spec, rounds: int) -> PrecisionDrift:
    """Train a number of rounds in both precisions and compare them.

    Args:
        spec: The problem; its own precision is ignored.
        rounds: The number of rounds, 1 or more.

    Returns:
        The comparison, computed in float64.
    """
    engines = [NumpyEngine(replace(spec, precision=name)) for name in ("float64", "float32")]
    now = [History(spec, engine.dtype).next_state for engine in engines]
    done, first, largest, last, parting = 0, None, 0.0, (np.nan, np.nan), (np.nan, np.nan)
    while done < rounds:
        count = min(max(_CHUNK // len(now[0]), 1), rounds - done)
        trained = [engine.advance(start, count, done + 1) for engine, start in zip(engines, now, strict=True)]
        double, single = (rows[:, 0].astype(np.float64) for rows, _ in trained)
        with np.errstate(all="ignore"):
            apart = np.abs(double - single) / np.abs(double)
            far = ~(apart <= DIVERGED) & ~(double == single) & ~(np.isnan(double) & np.isnan(single))
        if first is None and far.any():
            place = int(far.argmax())
            first, parting = done + place + 1, (float(double[place]), float(single[place]))
        largest = max(largest, float(apart[np.isfinite(apart)].max(initial=0.0)))
        now, last, done = [after for _, after in trained], (float(double[-1]), float(single[-1])), done + count
    return PrecisionDrift(
        first, parting, largest, *last, _find_most_different(spec, *(after.astype(np.float64) for after in now))
    )


def _find_most_different(spec: Spec, double: np.ndarray, single: np.ndarray) -> tuple[str, float, float]:
    parameters = spec.network.parameters
    with np.errstate(all="ignore"):
        place = int(np.nan_to_num(np.abs(double - single)[: len(parameters)], nan=np.inf).argmax())
    return parameters[place], float(double[place]), float(single[place])
