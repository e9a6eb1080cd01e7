"""What a benchmark is, and what its numbers are compared with: references that are measured in the same run."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from shutil import which
from statistics import median
from time import perf_counter

from bptui.core.engines.engine import NumpyEngine
from bptui.core.problem.initialisation import make_initial_parameters
from bptui.lessons.lesson import DEFAULT_LESSON, load_lesson

ROUNDS = 100_000


@dataclass(frozen=True)
class Reference:
    """What a number is compared with.

    Attributes:
        name: What was measured.
        value: What came out, in the number's own unit.
        target: What the number divided by it should stay under, if anything is promised.
    """

    name: str
    value: float
    target: float | None = None


@dataclass(frozen=True)
class Measured:
    """One number of a benchmark.

    Attributes:
        value: The number.
        unit: Of what; seconds ("s") that have no reference of their own are compared with plain rounds.
        target: What it should stay under, if anything is promised.
        at_least: Whether the number, and its ratio, should rather be at least what their targets say.
        reference: What it is compared with.
    """

    value: float
    unit: str = "s"
    target: float | None = None
    at_least: bool = False
    reference: Reference | None = None


Numbers = Mapping[str, Measured]


@dataclass(frozen=True)
class Benchmark:
    """One row of the table.

    Attributes:
        name: What it is called on the command line.
        about: What it measures, in a sentence.
        measure: Measures it on so large a part of its cases: from near 0, one case, to 1, all of them.
        needs: Modules without which it cannot be measured.
        programs: Programs without which it cannot be measured.
    """

    name: str
    about: str
    measure: Callable[[float], Numbers]
    needs: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()

    @property
    def missing(self) -> list[str]:
        """The modules and programs among those it needs that are not installed."""
        modules = [module for module in self.needs if find_spec(module) is None]
        return [*modules, *(program for program in self.programs if which(program) is None)]


@dataclass(frozen=True)
class Line:
    """One number as it is reported: whose and what, and its reference, of which it is so many times as much."""

    benchmark: str
    number: str
    value: float
    unit: str
    target: float | None = None
    at_least: bool = False
    reference: str | None = None
    reference_value: float | None = None
    ratio: float | None = None
    ratio_target: float | None = None


def judged(line: Line) -> str:
    """The targets of a number, if it has any, and whether they are met."""
    sign = "≥" if line.at_least else "≤"
    pairs = ((line.value, line.target, f" {line.unit}"), (line.ratio, line.ratio_target, " ×"))
    return ", ".join(
        f"{sign} {target:g}{unit} {'✓' if (value >= target if line.at_least else value <= target) else '✗'}"
        for value, target, unit in pairs
        if value is not None and target is not None
    )


def seconds(work: Callable[[], object]) -> float:
    """How long some work takes."""
    start = perf_counter()
    work()
    return perf_counter() - start


def in_turn(repeats: int, *works: Callable[[], float]) -> list[list[float]]:
    """What some works measure, in turn and again and again, so that other load on the machine meets all of them."""
    rounds = [[work() for work in works] for _ in range(repeats)]
    return [list(found) for found in zip(*rounds, strict=True)]


def medians(repeats: int, *works: Callable[[], float]) -> list[float]:
    """The medians of what some works measure in turn."""
    return [median(found) for found in in_turn(repeats, *works)]


def percentile(found: Sequence[float], share: float) -> float:
    """The smallest of some numbers that so large a share of them does not exceed."""
    return sorted(found)[min(int(share * len(found)), len(found) - 1)]


def plain_rounds(part: float = 1.0) -> Reference:
    """Seconds that NumPy takes for 100,000 rounds of the 2-2-2 network, from a part of them."""
    spec = load_lesson(DEFAULT_LESSON).spec
    engine, start, count = NumpyEngine(spec), make_initial_parameters(spec), max(1, round(part * ROUNDS))
    return Reference(f"{ROUNDS:,} rounds", seconds(lambda: engine.advance(start, count, 1)) * ROUNDS / count)


def lines(benchmark: Benchmark, part: float, rounds: Reference) -> Iterator[Line]:
    """Run a benchmark.

    Args:
        benchmark: Which.
        part: Of its cases.
        rounds: What seconds are compared with that have no reference of their own.
    """
    for number, one in benchmark.measure(part).items():
        line = (benchmark.name, number, one.value, one.unit, one.target, one.at_least)
        if to := one.reference or (rounds if one.unit == "s" else None):
            yield Line(*line, to.name, to.value, one.value / to.value, to.target)
        else:
            yield Line(*line)
