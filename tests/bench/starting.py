"""How long it takes until something is there, and until all is gone: the screen, the verbs that only print, the end."""

import subprocess
import sys
from collections.abc import Callable
from functools import partial
from math import ceil
from statistics import median
from time import perf_counter

from bptui.core.engines.program import compile_line, compile_program
from bptui.core.formulas.backprop import list_formulas, list_forward
from bptui.core.problem.spec import Spec
from tests.bench.problems import deep_file
from tests.bench.programs.largest import make_largest
from tests.bench.table import Benchmark, Measured, Numbers, Reference, medians, seconds
from tests.bench.terminals import EMPTY, Watched, bptui, empty, painted
from tests.terminal import BPTUI

STARTS, ENDS, LARGER_ENDS, PRINTS, LOADS = 9, 5, 2, 15, 5
_FIRST = "0.208421"  # w1 after round 1
_AT_TEN = ("rounds", "two-by-two", "--engine", "numpy", "--at", "10")


def first_screen(part: float) -> Numbers:
    """Seconds from the start of the process until round 1's numbers are on the screen."""
    ours, theirs = partial(Watched, "two-by-two"), partial(Watched, program=EMPTY)
    found = [(*_start(ours, _FIRST), *_start(theirs, painted(1))) for _ in range(ceil(part * STARTS))]
    taken, cost, their_taken, their_cost = (median(column) for column in zip(*found, strict=True))
    return {
        "median": Measured(taken, reference=Reference("empty app", their_taken, 1.5)),
        "processor time": Measured(cost, reference=Reference("empty app", their_cost)),
    }


def _start(open_: Callable[[], Watched], text: str) -> tuple[float, float]:
    start = perf_counter()
    with open_() as terminal:
        terminal.seconds_until(text, drawn=False)
        return perf_counter() - start, terminal.processor()


def loading(part: float) -> Numbers:
    """The longest time from the start until torch is there in which no key could have been answered."""
    ours, theirs = medians(ceil(part * LOADS), *(partial(longest_gap, name) for name in ("bptui", "empty")))
    return {"longest gap": Measured(ours, "ms", 50.0, reference=Reference("empty app", theirs))}


def longest_gap(name: str) -> float:
    """Milliseconds of the event loop's longest gap in an app of ``tests.bench.programs.gaps``."""
    with Watched(name, program=(sys.executable, "-m", "tests.bench.programs.gaps")) as program:
        program.seconds_until("longest gap: ", drawn=False)
        assert program.end() == 0
        return 1e3 * float(program.seen.rpartition(b"longest gap: ")[2].split()[0])


def opening(part: float) -> Numbers:
    """Seconds to compile the largest problem, and the longest time in which no key is answered while it is opened."""
    compiling = median(_compile(make_largest()) for _ in range(ceil(part * LOADS)))
    ours, theirs = medians(ceil(part * LOADS), *(partial(longest_gap, name) for name in ("largest", "empty")))
    return {
        "compiling": Measured(compiling, target=0.5),
        "longest gap": Measured(ours, "ms", 50.0, reference=Reference("empty app", theirs)),
    }


def _compile(spec: Spec) -> float:
    for known in (list_formulas, list_forward, compile_line, compile_program):
        known.cache_clear()
    return seconds(lambda: compile_program(spec.network).compile_whole())


def printing(part: float) -> Numbers:
    """Seconds that whole processes take which print something."""
    words = [
        (*BPTUI, "--help"),
        (sys.executable, "-c", "pass"),
        (*BPTUI, "help"),
        (*BPTUI, *_AT_TEN),
        (sys.executable, "-c", "import numpy"),
    ]
    flag, nothing, list_, rounds, numpy = medians(ceil(part * PRINTS), *(partial(_process, w) for w in words))
    return {
        "help": Measured(list_, reference=Reference("python -c pass", nothing, 4.0)),
        "--help": Measured(flag, reference=Reference("python -c pass", nothing, 4.0)),
        "rounds --at 10": Measured(rounds, reference=Reference("import numpy", numpy, 1.6)),
    }


def _process(words: tuple[str, ...]) -> float:
    return seconds(partial(subprocess.run, words, stdout=subprocess.DEVNULL, check=True))


def quitting(part: float) -> Numbers:
    """Milliseconds from the key that quits."""
    found = [(*_quit(bptui), *_quit(empty)) for _ in range(ceil(part * ENDS))]
    back, gone, their_back, their_gone = (1e3 * median(times) for times in zip(*found, strict=True))
    return {
        "terminal back": Measured(back, "ms", 50.0, reference=Reference("empty app", their_back)),
        "process gone": Measured(gone, "ms", 300.0, reference=Reference("empty app", their_gone)),
    }


def quitting_larger(part: float) -> Numbers:
    """Milliseconds from the key that quits until the process is gone, at XOR and 4-4-4-4 after some rounds."""
    with deep_file() as deep:
        opens = [partial(bptui, lesson=name) for name in ("xor", deep)]
        found = medians(ceil(part * LARGER_ENDS), *(partial(_quit_after, open_) for open_ in opens))
    return {name: Measured(taken, "ms", 300.0) for name, taken in zip(("XOR", "4-4-4-4"), found, strict=True)}


def _quit_after(open_: Callable[[], Watched]) -> float:
    with open_() as terminal:
        terminal.seconds_after(20 * " ", painted(21))
        return 1e3 * terminal.quit()[1]


def _quit(open_: Callable[[], Watched]) -> tuple[float, float]:
    with open_() as terminal:
        return terminal.quit()


ROWS = (
    Benchmark("start", "from the start to round 1's numbers on the screen", first_screen),
    Benchmark("load", "the event loop's longest gap from the start until torch is ready", loading),
    Benchmark("largest", "opening a problem of as many formulas as there may be: compiling, longest gap", opening),
    Benchmark("print", "the processes of verbs that only print", printing),
    Benchmark("quit", "from the key that quits to the terminal as it was, and to the end of the process", quitting),
    Benchmark("quit-larger", "the end of the process at XOR and 4-4-4-4", quitting_larger),
)
