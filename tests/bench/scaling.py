"""What several samples and several layers cost: XOR and 4-4-4-4 beside 2-2-2, times their more operations."""

import gc
import tracemalloc
from dataclasses import replace
from functools import partial
from math import ceil
from random import Random
from time import process_time

from bptui.core.engines.engine import NumpyEngine
from bptui.core.problem.initialisation import make_initial_state
from bptui.core.problem.spec import Spec
from bptui.core.training.history import History
from bptui.core.training.run import Run
from bptui.session.frame import make_frame
from bptui.session.session import Session
from bptui.sweep.chunk import Chunk
from tests.bench.problems import by_operations, list_problems
from tests.bench.table import Benchmark, Measured, Numbers, Reference, in_turn, medians, seconds

ROUNDS, REPEATS = 20_000, 5
FRAMES, WARM = 200, 60  # of the latter on, a round is compiled as a whole
GOES, KEPT = 500, 2_000
RUNS, SWEPT = 10_000, 100


def long_run(part: float) -> Numbers:
    """Microseconds of a round of a long run."""
    rounds = ceil(part * ROUNDS)
    runs = [partial(_train, one.lesson.spec, rounds) for one in list_problems()]
    return by_operations([min(found) for found in in_turn(ceil(part * REPEATS), *runs)], "µs", most=1.1)


def _train(spec: Spec, rounds: int) -> float:
    run = Run(NumpyEngine(spec))
    return 1e6 * seconds(lambda: run.train_to(rounds)) / rounds


def frames(part: float) -> Numbers:
    """Milliseconds of processor time of the next round and its frame, where finite differences stand in for torch."""
    works = [_Stepper(Session.open(replace(one.lesson, figures=()))) for one in list_problems()]
    for work in works:
        for _ in range(ceil(part * WARM)):
            work.step()
    return by_operations(medians(ceil(part * FRAMES), *(work.step for work in works)), "ms")


class _Stepper:
    def __init__(self, session: Session) -> None:
        self._session = session

    def step(self) -> float:
        """Milliseconds of the next round."""
        start = process_time()
        self._session = self._session.next()
        make_frame(self._session)
        return 1e3 * (process_time() - start)


def going(part: float) -> Numbers:
    """Milliseconds that all values of some kept round take."""
    draw, works = Random(1), []
    for one in list_problems():
        run = Run(NumpyEngine(one.lesson.spec))
        run.train_to(ceil(part * KEPT))
        works.append(partial(_go, run, draw))
    return by_operations(medians(ceil(part * GOES), *works), "ms")


def _go(run: Run, draw: Random) -> float:
    round_ = draw.randint(1, run.rounds)
    return 1e3 * seconds(lambda: run.values(round_))


def keeping(part: float) -> Numbers:
    """Bytes of a kept round, beside those of its numbers."""
    found = dict[str, Measured]()
    for one in list_problems()[1:]:
        spec, rounds = one.lesson.spec, max(ceil(part * ROUNDS), 2)
        rows, after = NumpyEngine(spec).advance(make_initial_state(spec), rounds, 1)
        gc.collect()
        tracemalloc.start()
        kept = History(spec, rows.dtype)
        kept.append(rows, after)
        held = tracemalloc.get_traced_memory()[0] / kept.rounds
        tracemalloc.stop()
        found[one.name] = Measured(held, "bytes", reference=Reference("its numbers", rows[0].nbytes, 1.25))
    return found


def sweeps(part: float) -> Numbers:
    """Nanoseconds a network and round of a sweep, on one core."""
    runs, rounds = ceil(part * RUNS), max(ceil(part * SWEPT), 2)
    specs = [replace(one.lesson.spec, init="normal", weights=(), rounds=rounds) for one in list_problems()]
    found = in_turn(ceil(part * REPEATS), *(partial(sweep, spec, runs) for spec in specs))
    return by_operations([1e9 * min(times) / runs / rounds for times in found], "ns", most=1.1)


def sweep(spec: Spec, runs: int) -> float:
    """Seconds that a sweep from so many starts takes on one core."""
    chunk = Chunk(spec, range(runs))

    def train() -> None:
        for _ in chunk.train():
            pass
        chunk.collect_result()

    return seconds(train)


ROWS = (
    Benchmark("round-larger", "a NumPy round of a long run at XOR and 4-4-4-4, beside 2-2-2 by operations", long_run),
    Benchmark("frame-larger", "the next round and its frame without torch, likewise", frames),
    Benchmark("go-to-larger", "going to any kept round, likewise", going),
    Benchmark("keep-larger", "keeping the rounds of XOR and 4-4-4-4", keeping),
    Benchmark("sweep-larger", "a network and round of a sweep, likewise, for 100 rounds", sweeps),
)
