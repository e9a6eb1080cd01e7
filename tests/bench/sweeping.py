"""How long very many trainings take: the sweep on one core beside others' ways to do the same, and a million at once.

The training is the 2-2-2 network with sigmoids, half squared error and float64, from normal starts. The others get the
same starts and must come to the same parameters.
"""

import ctypes
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np

from bptui.core.engines.engine import NumpyEngine
from bptui.core.problem.initialisation import Floats, make_initial_states
from bptui.core.problem.spec import Spec
from bptui.lessons.lesson import DEFAULT_LESSON, load_lesson
from tests.bench.scaling import sweep
from tests.bench.table import Benchmark, Measured, Numbers, Reference, in_turn, seconds

RUNS, ROUNDS, REPEATS = 10_000, 1_000, 5
MILLION, FEW_ROUNDS = 1_000_000, 100
_C = r"""
#include <math.h>
#define BLOCK 32
#define EACH for (int n = 0; n < BLOCK; n++)
#define SIGMOID(out, i, a, j, b) EACH out[n] = 1 / (1 + exp(-(p[i][n] * (a) + p[j][n] * (b))))
void train(long runs, long rounds, double eta, const double *x, const double *y, double *w) {
    for (long first = 0; first < runs; first += BLOCK) {
        double p[8][BLOCK], h1[BLOCK], h2[BLOCK], o1[BLOCK], o2[BLOCK];
        for (int k = 0; k < 8; k++) EACH p[k][n] = first + n < runs ? w[k * runs + first + n] : 0;
        for (long round = 0; round < rounds; round++) {
            SIGMOID(h1, 0, x[0], 2, x[1]);
            SIGMOID(h2, 1, x[0], 3, x[1]);
            SIGMOID(o1, 4, h1[n], 6, h2[n]);
            SIGMOID(o2, 5, h1[n], 7, h2[n]);
            EACH {
                double d1 = (o1[n] - y[0]) * o1[n] * (1 - o1[n]), d2 = (o2[n] - y[1]) * o2[n] * (1 - o2[n]);
                double e1 = (d1 * p[4][n] + d2 * p[5][n]) * h1[n] * (1 - h1[n]);
                double e2 = (d1 * p[6][n] + d2 * p[7][n]) * h2[n] * (1 - h2[n]);
                p[0][n] -= eta * e1 * x[0]; p[1][n] -= eta * e2 * x[0];
                p[2][n] -= eta * e1 * x[1]; p[3][n] -= eta * e2 * x[1];
                p[4][n] -= eta * d1 * h1[n]; p[5][n] -= eta * d2 * h1[n];
                p[6][n] -= eta * d1 * h2[n]; p[7][n] -= eta * d2 * h2[n];
            }
        }
        for (int k = 0; k < 8; k++) EACH if (first + n < runs) w[k * runs + first + n] = p[k][n];
    }
}
"""
_COMPILER = "cc"
_FLAGS = ("-O3", "-march=native", "-ffast-math")  # the last lets the compiler use a vector's exp
_WIDER = "-mprefer-vector-width=512"  # which not every processor has

Training = Callable[[Spec, Floats], Floats]
"""The parameters after a problem's rounds, from those at the start; both of (parameters, runs)."""


def many(part: float) -> Numbers:
    """Nanoseconds a network and round, on one core, by itself and beside each other way."""
    spec = _prepare(load_lesson(DEFAULT_LESSON).spec, max(ceil(part * ROUNDS), 2))
    runs = ceil(part * RUNS)
    ours = 1e9 * min(sweep(spec, runs) for _ in range(REPEATS)) / runs / spec.rounds
    found = {"ours": Measured(ours, "ns", target=22.0)}
    for name, count, training in _others(runs):
        taken = 1e9 * _checked(training, spec, make_initial_states(spec, range(count))) / count / spec.rounds
        most = 1 / 8 if training is _by_torch else None
        found[f"beside {name}"] = Measured(ours, "ns", reference=Reference(name, taken, most))
    return found


def beside_c(part: float) -> Numbers:
    """The same beside a C program that trains 32 networks side by side, with a vector's exp: what a core can do.

    It is no bound that NumPy could reach: its numbers leave the cache after each operation.
    """
    spec, runs = _prepare(load_lesson(DEFAULT_LESSON).spec, max(ceil(part * ROUNDS), 2)), ceil(part * RUNS)
    start = make_initial_states(spec, range(runs))
    with tempfile.TemporaryDirectory() as folder:
        training = _by_c(Path(folder))
        _checked(training, spec, start)
        works = (partial(sweep, spec, runs), lambda: seconds(lambda: training(spec, start)))
        ours, theirs = (1e9 * min(found) / runs / spec.rounds for found in in_turn(REPEATS, *works))
    return {"ours": Measured(ours, "ns", reference=Reference("C program", theirs, 5.5))}


def _prepare(spec: Spec, rounds: int) -> Spec:
    """The problem with normal starts and so many rounds."""
    return replace(spec, init="normal", weights=(), rounds=rounds)


def _others(runs: int) -> Iterator[tuple[str, int, Training]]:
    """Other ways to train, each with its name and how many runs it is tried with."""
    yield "torch vmap(grad)", runs, _by_torch
    yield "one by one", ceil(runs / 100), _one_by_one


def _checked(training: Training, spec: Spec, start: Floats) -> float:
    """How long a training takes, which must come to the same as ours."""
    found: list[Floats] = []
    taken = seconds(lambda: found.append(training(spec, start)))
    chosen = range(0, start.shape[1], ceil(start.shape[1] / 10))
    np.testing.assert_allclose(found[0][:, chosen], _one_by_one(spec, start[:, chosen]), rtol=1e-7)
    return taken


def million(part: float) -> Numbers:
    """The verb itself, on all cores: how long, and the most memory that all its processes held together."""
    runs = ceil(part * MILLION)
    words = ["sweep", DEFAULT_LESSON, "--seeds", str(runs), "--rounds", str(FEW_ROUNDS), "--json"]
    most, begun = 0.0, time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "bptui", *words], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    while process.poll() is None:
        most = max(most, sum(_held(process.pid)))
        time.sleep(0.02)
    taken = time.perf_counter() - begun
    told = json.loads(process.communicate()[0])
    assert (process.returncode, told["runs"]) == (0, runs)
    found = {"all runs": Measured(taken, target=60.0)}
    return found | ({"memory": Measured(most, "MB", target=1_000.0)} if most else {})


def _held(session: int) -> Iterator[float]:
    """Megabytes that each process of a session holds, where the system tells."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has just ended
            after_name = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(after_name[3]) == session:
                yield int(after_name[21]) * 4096 / 1e6


def _one_by_one(spec: Spec, start: Floats) -> Floats:
    engine = NumpyEngine(spec)
    return np.array([engine.advance(column, spec.rounds, 1)[1] for column in start.T]).T


def _by_torch(spec: Spec, start: Floats) -> Floats:
    import torch

    x, y = torch.tensor(spec.inputs[0], dtype=torch.float64), torch.tensor(spec.targets[0], dtype=torch.float64)

    def loss(weights: Any) -> Any:
        hidden = torch.sigmoid(x @ weights[:4].reshape(2, 2))
        return 0.5 * ((torch.sigmoid(hidden @ weights[4:].reshape(2, 2)) - y) ** 2).sum()

    gradients, threads = torch.func.vmap(torch.func.grad(loss)), torch.get_num_threads()
    weights = torch.tensor(start.T.copy())
    torch.set_num_threads(1)
    with torch.no_grad():
        for _ in range(spec.rounds):
            weights -= spec.step * gradients(weights)
    torch.set_num_threads(threads)
    after: Floats = weights.numpy().T
    return after


def _by_c(folder: Path) -> Training:
    """Compile and load the C program.

    It is linked without its flags: with them the library would have the whole process take subnormal numbers for 0.
    """
    source, compiled, library = folder / "train.c", folder / "train.o", folder / "train.so"
    source.write_text(_C, encoding="utf-8")
    words = [_COMPILER, *_FLAGS, "-fPIC", "-c", str(source), "-o", str(compiled)]
    if subprocess.run([*words, _WIDER], check=False, capture_output=True).returncode:
        subprocess.run(words, check=True, capture_output=True)
    linked = [_COMPILER, "-shared", str(compiled), "-o", str(library), "-lm"]
    subprocess.run(linked, check=True, capture_output=True)
    train = ctypes.CDLL(str(library)).train
    array, whole = np.ctypeslib.ndpointer(np.float64, flags="C_CONTIGUOUS"), ctypes.c_long
    train.argtypes, train.restype = [whole, whole, ctypes.c_double, array, array, array], None

    def training(spec: Spec, start: Floats) -> Floats:
        after = np.ascontiguousarray(start, np.float64).copy()
        train(after.shape[1], spec.rounds, spec.step, np.array(spec.inputs[0]), np.array(spec.targets[0]), after)
        return after

    return training


ROWS = (
    Benchmark("sweep", "a network and round of 10,000 networks trained for 1,000 rounds, on one core", many),
    Benchmark("sweep-c", "the same beside a C program of vectors", beside_c, programs=(_COMPILER,)),
    Benchmark("sweep-million", "a million networks trained for 100 rounds, on all cores", million),
)
