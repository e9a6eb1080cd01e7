"""What a round costs in a long run, beside the programs that a textbook would have it computed by."""

from collections.abc import Callable, Sequence
from functools import partial
from math import ceil

import numpy as np

from bptui.core.engines.engine import NumpyEngine
from bptui.core.engines.engine import make_engine as engine
from bptui.core.problem.initialisation import make_initial_parameters
from bptui.core.problem.spec import Spec
from bptui.core.training.run import Run
from bptui.lessons.lesson import DEFAULT_LESSON, load_lesson
from tests.bench.programs import scalars, xor
from tests.bench.table import ROUNDS, Benchmark, Measured, Numbers, Reference, medians, seconds

REPEATS, TORCH_REPEATS, TORCH_ROUNDS = 3, 7, 400

Training = Callable[[Spec, int], Sequence[float]]


def _by_run(spec: Spec, rounds: int) -> Sequence[float]:
    run = Run(NumpyEngine(spec))
    run.train_to(rounds)
    return list(run.next_state)


def _by_torch_engine(spec: Spec, rounds: int) -> Sequence[float]:
    return list(engine("torch", spec).advance(make_initial_parameters(spec), rounds, 1)[1])


def numpy_round(part: float) -> Numbers:
    """Microseconds of a round of a run that keeps them all."""
    ours, theirs = _a_round(REPEATS, ceil(part * ROUNDS), part, _by_run, scalars.by_numpy)
    return {"a round": Measured(ours, "µs", reference=Reference("scalars by hand", theirs, 1.2))}


def xor_round(part: float) -> Numbers:
    """Microseconds of a round that uses all four samples of XOR."""
    ours, theirs = _a_round(REPEATS, ceil(part * ROUNDS), part, _by_run, xor.by_numpy, lesson="xor")
    return {"a round": Measured(ours, "µs", reference=Reference("scalars by hand", theirs, 1.3))}


def torch_round(part: float) -> Numbers:
    """Microseconds of a round of the second opinion's training."""
    rounds = ceil(part * TORCH_ROUNDS)
    ours, theirs = _a_round(TORCH_REPEATS, rounds, part, _by_torch_engine, scalars.by_torch)
    return {"a round": Measured(ours, "µs", reference=Reference("a tensor a weight", theirs, 0.7))}


def micrograd_round(part: float) -> Numbers:
    """Microseconds of the same round by either engine and by micrograd."""
    ours, theirs = _a_round(TORCH_REPEATS, ceil(part * TORCH_ROUNDS), part, _by_run, scalars.by_micrograd)
    return {"a round": Measured(ours, "µs", reference=Reference("micrograd", theirs))}


def _a_round(repeats: int, rounds: int, part: float, *trainings: Training, lesson: str = DEFAULT_LESSON) -> list[float]:
    """Microseconds that a round takes in each of some trainings, which must come to the same weights."""
    spec, found = load_lesson(lesson).spec, dict[Training, Sequence[float]]()

    def measured(training: Training) -> float:
        return 1e6 * seconds(lambda: found.update({training: training(spec, rounds)})) / rounds

    for training in trainings:  # what is done at the first call only, such as loading a library
        training(spec, 1)
    taken = medians(ceil(part * repeats), *(partial(measured, training) for training in trainings))
    for weights in found.values():
        np.testing.assert_allclose(weights, found[trainings[0]], rtol=1e-4)
    return taken


ROWS = (
    Benchmark("numpy-round", f"a NumPy round of a run of {ROUNDS:,}", numpy_round),
    Benchmark("xor-round", "a NumPy round of a run of XOR, all four samples at once", xor_round),
    Benchmark("torch-round", f"a torch round of a training of {TORCH_ROUNDS}", torch_round, needs=("torch",)),
    Benchmark("micrograd-round", "the NumPy round beside micrograd's", micrograd_round, needs=("micrograd",)),
)
