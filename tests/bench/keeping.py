"""Very many kept rounds: going to any of them, drawing the loss of all of them, and what it takes to keep them.

The rounds are those of a short training, kept over and over: how long something takes does not depend on the numbers.
"""

import gc
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from math import ceil
from random import Random
from time import thread_time
from typing import TypeVar

import numpy as np

from bptui.core.engines.engine import Floats, NumpyEngine
from bptui.core.problem.initialisation import make_initial_parameters
from bptui.core.training.history import History
from bptui.core.training.run import Run
from bptui.lessons.lesson import DEFAULT_LESSON, load_lesson
from bptui.session.frame import make_frame
from bptui.session.session import Session
from bptui.ui.panels.loss import LossPanel
from tests.bench.table import Benchmark, Measured, Numbers, Reference, medians, seconds

MANY, FEW = 1_000_000, 1_000
Kept = TypeVar("Kept", bound=History)
GOES, DRAWS, GROWTHS = 1_000, 200, 3
_APPENDED = 64  # rounds at a time, as a run does at 2-2-2
_WIDTH, _HEIGHT = 36, 8  # of the loss panel at 120x36, and about


def going(part: float) -> Numbers:
    """Milliseconds that all values of some kept round take."""
    draw = Random(1)
    runs = [_filled(Run(NumpyEngine(load_lesson(DEFAULT_LESSON).spec)), ceil(part * rounds)) for rounds in (MANY, FEW)]
    many, few = medians(ceil(part * GOES), *(partial(_go, run, draw) for run in runs))
    return {"all values": Measured(many, "ms", 5.0, reference=Reference(f"of {FEW:,}", few, 1.5))}


def _go(run: Run, draw: Random) -> float:
    round_ = draw.randint(1, run.rounds)
    return 1e3 * seconds(lambda: run.values(round_))


def keeping(part: float) -> Numbers:
    """Bytes of a kept round, and the longest pause that keeping more of them makes, in processor time."""
    rounds, rows = ceil(part * MANY), _rows()
    numbers, one_array = rows.shape[1] - 1, rows.itemsize
    spec = load_lesson(DEFAULT_LESSON).spec
    gc.collect()
    tracemalloc.start()
    kept = _filled(History(spec, rows.dtype), max(rounds, _APPENDED))
    held = tracemalloc.get_traced_memory()[0] / kept.rounds
    tracemalloc.stop()
    pauses = [max(_pauses(History(spec, rows.dtype), rounds)) for _ in range(ceil(part * GROWTHS))]
    doubling = [max(_doubling(rounds)) for _ in range(ceil(part * GROWTHS))]
    return {
        "memory": Measured(held, "bytes", 80.0, reference=Reference("parameters alone", numbers * one_array)),
        "longest pause": Measured(min(pauses), "ms", 1.0, reference=Reference("an array that doubles", min(doubling))),
    }


def _pauses(history: History, rounds: int) -> Iterator[float]:
    rows = _rows()
    for _ in range(ceil(rounds / _APPENDED)):
        start = thread_time()
        history.append(rows, rows[-1, 1:])
        yield 1e3 * (thread_time() - start)


def _doubling(rounds: int) -> Iterator[float]:
    rows = _rows()
    array = rows.copy()
    for place in range(0, rounds, _APPENDED):
        start = thread_time()
        if place + _APPENDED > len(array):
            array = np.concatenate([array, np.empty_like(array)])
        array[place : place + _APPENDED] = rows
        yield 1e3 * (thread_time() - start)


def drawing(part: float) -> Numbers:
    """Milliseconds in which the loss panel draws the curve of all rounds, each time one more."""
    sessions = [Session.open(load_lesson(DEFAULT_LESSON)) for _ in range(2)]
    for session, rounds in zip(sessions, (MANY, FEW), strict=True):
        _filled(session.run, ceil(part * rounds))
    many, few = medians(ceil(part * DRAWS), *(partial(_draw, session, LossPanel("loss")) for session in sessions))
    return {"a picture": Measured(many, "ms", reference=Reference(f"of {FEW:,} rounds", few, 1.5))}


def _draw(session: Session, panel: LossPanel) -> float:
    session.run.train_to(session.run.rounds + 1)
    frame = make_frame(replace(session, round=session.run.rounds // 2))
    return 1e3 * seconds(lambda: panel.draw(frame, _WIDTH, _HEIGHT))


def _rows() -> Floats:
    """Some rounds, as an engine returns them."""
    spec = load_lesson(DEFAULT_LESSON).spec
    return NumpyEngine(spec).advance(make_initial_parameters(spec), _APPENDED, 1)[0]


def _filled(history: Kept, rounds: int) -> Kept:
    """The same, with so many more rounds kept."""
    rows = _rows()
    for place in range(0, rounds, _APPENDED):
        history.append(rows[: rounds - place], rows[-1, 1:])
    return history


ROWS = (
    Benchmark("go-to", f"going to any of {MANY:,} kept rounds", going),
    Benchmark("keep", f"keeping {MANY:,} rounds", keeping),
    Benchmark("loss-curve", f"drawing the loss of {MANY:,} rounds", drawing),
)
