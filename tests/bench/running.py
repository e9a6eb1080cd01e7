"""While the program runs by itself: what a picture costs, how fast it computes, and how soon it answers meanwhile."""

import sys
from collections.abc import Iterator
from itertools import cycle
from math import ceil
from statistics import median
from time import perf_counter
from typing import NamedTuple

from bptui.core.engines.engine import NumpyEngine
from bptui.core.problem.spec import Spec
from bptui.core.training.run import Run
from bptui.lessons.lesson import DEFAULT_LESSON, load_lesson
from tests.bench.problems import deep_file, list_problems
from tests.bench.table import Benchmark, Measured, Numbers, Reference, seconds
from tests.bench.terminals import Watched, bptui, empty

SPANS, LARGER_SPANS, SPAN = 5, 2, 1.0  # how often it runs, and for how many seconds
ANSWERS = 8  # keys a span
_LEAST = 0.3  # seconds in which at least some pictures come
_MANY_ROUNDS = ("--rounds", "10000000")
_TO_50_A_SECOND, _FLAT_OUT, _RUN_OR_PAUSE, _BOUNDARY = 2 * "+", 9 * "+", "r", "d"
_ENGINE_ROUNDS = 50_000
_SELECTIONS = (("\x1b[B", "w2 = "), ("\x1b[A", "w1 = "))  # down and up, and how the selected part's text begins


class Cost(NamedTuple):
    """What some pictures cost."""

    pictures: int
    bytes: int
    processor: float


def pictures(part: float) -> Numbers:
    """What one of some 30 pictures a second costs, each of another round."""
    ours: list[Cost] = []
    theirs: list[Cost] = []
    with bptui(*_MANY_ROUNDS) as program, empty() as other:
        program.type(_TO_50_A_SECOND)
        program.rest()
        for _ in range(ceil(part * SPANS)):
            ours.append(_span(program, part))
            theirs.append(_span(other, part))
    (pace, size, cost), (their_pace, their_size, their_cost) = (_a_picture(found, part) for found in (ours, theirs))
    found = {
        "pictures": Measured(pace, "/s", reference=Reference("empty app", their_pace)),
        "bytes a picture": Measured(size, "bytes", 6_000.0, reference=Reference("empty app", their_size)),
    }
    if sys.platform == "linux":
        found["processor time a picture"] = Measured(cost, "ms", reference=Reference("empty app", their_cost, 3.0))
    return found


def boundary(part: float) -> Numbers:
    """How many pictures of the decision boundary come a second while it runs, and what one costs."""
    ours: list[Cost] = []
    theirs: list[Cost] = []
    with bptui(*_MANY_ROUNDS) as program, empty() as other:
        program.type(_TO_50_A_SECOND + _BOUNDARY)
        program.rest()
        for _ in range(ceil(part * SPANS)):
            ours.append(_span(program, part))
            theirs.append(_span(other, part))
    (pace, size, cost), (_, _, their_cost) = (_a_picture(found, part) for found in (ours, theirs))
    found = {"pictures": Measured(pace, "/s", 10.0, at_least=True), "bytes a picture": Measured(size, "bytes")}
    if sys.platform == "linux":
        found["processor time a picture"] = Measured(cost, "ms", reference=Reference("empty app", their_cost))
    return found


def _span(program: Watched, part: float) -> Cost:
    program.type(_RUN_OR_PAUSE)
    program.watch(_LEAST)
    before = Cost(program.pictures, program.bytes, program.processor())
    program.watch(max(part * SPAN, _LEAST))
    after = Cost(program.pictures, program.bytes, program.processor())
    program.type(_RUN_OR_PAUSE)
    program.rest()
    return Cost(after[0] - before[0], after[1] - before[1], after[2] - before[2])


def _a_picture(found: list[Cost], part: float) -> tuple[float, float, float]:
    """Pictures a second, and bytes and milliseconds a picture."""
    drawn, size, cost = (sum(column) for column in zip(*found, strict=True))
    return drawn / len(found) / max(part * SPAN, _LEAST), size / drawn, 1e3 * cost / drawn


def flat_out(part: float) -> Numbers:
    """How many rounds a second it computes as fast as it goes, and how soon it answers then and while it rests."""
    speeds, engine, idle, busy = list[float](), list[float](), list[float](), list[float]()
    keys, spec = cycle(_SELECTIONS), load_lesson(DEFAULT_LESSON).spec
    with bptui(*_MANY_ROUNDS) as program:
        program.type(_FLAT_OUT)
        program.rest()
        for _ in range(ceil(part * SPANS)):
            idle += _answers(program, keys, ceil(part * ANSWERS))
            engine.append(_engine_speed(part, spec))
            program.type(_RUN_OR_PAUSE)
            busy += _answers(program, keys, ceil(part * ANSWERS))
            speeds.append(_speed(program, part))
            program.type(_RUN_OR_PAUSE)
            program.rest()
    own = Reference("the engine alone", median(engine), 0.5)
    return {
        "rounds": Measured(median(speeds), "/s", at_least=True, reference=own),
        "key meanwhile": Measured(median(busy), "ms", reference=Reference("the same key at rest", median(idle), 2.0)),
    }


def flat_out_larger(part: float) -> Numbers:
    """How many rounds a second it computes of XOR and 4-4-4-4 as fast as it goes."""
    found = dict[str, Measured]()
    with deep_file() as deep:
        for one, name in zip(list_problems()[1:], ("xor", deep), strict=True):
            speeds, engine = list[float](), list[float]()
            with bptui(*_MANY_ROUNDS, lesson=name) as program:
                program.type(_FLAT_OUT)
                program.rest()
                for _ in range(ceil(part * LARGER_SPANS)):
                    engine.append(_engine_speed(part, one.lesson.spec))
                    program.type(_RUN_OR_PAUSE)
                    speeds.append(_speed(program, part))
                    program.type(_RUN_OR_PAUSE)
                    program.rest()
            own = Reference("the engine alone", median(engine), 0.5)
            found[one.name] = Measured(median(speeds), "/s", at_least=True, reference=own)
    return found


def _answers(program: Watched, keys: Iterator[tuple[str, str]], count: int) -> list[float]:
    """Milliseconds from keys that select another weight until it is told of."""
    found = []
    for _ in range(count):
        found.append(1e3 * program.seconds_after(*next(keys)))
        program.watch(0.06)
    return found


def _speed(program: Watched, part: float) -> float:
    program.type("")
    program.watch(_LEAST)
    first, start = program.round, perf_counter()
    program.watch(max(part * SPAN, _LEAST))
    return (program.round - first) / (perf_counter() - start)


def _engine_speed(part: float, spec: Spec) -> float:
    run, rounds = Run(NumpyEngine(spec)), ceil(part * _ENGINE_ROUNDS)
    return rounds / seconds(lambda: run.train_to(rounds))


ROWS = (
    Benchmark("pictures", "running at 30 pictures a second: what one costs", pictures),
    Benchmark("boundary", "the decision boundary while it runs: pictures a second, and what one costs", boundary),
    Benchmark("flat-out", "running as fast as it goes: rounds a second, and a key meanwhile", flat_out),
    Benchmark("flat-out-larger", "the same at XOR and 4-4-4-4: rounds a second", flat_out_larger),
)
