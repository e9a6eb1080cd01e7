"""What a benchmark is, and the reference that times are compared with from one machine to another."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from time import perf_counter

from bptui.core.engine import NumpyEngine
from bptui.core.start import initial_parameters
from bptui.lessons import DEFAULT, load

REFERENCE_ROUNDS = 100_000


@dataclass(frozen=True)
class Measured:
    """One number of a benchmark.

    Attributes:
        value: The number.
        unit: Of what; "s" for seconds, which are also told as a ratio to the reference.
        target: What it should stay under, if anything is promised.
        at_least: Whether it should rather be at least that.
    """

    value: float
    unit: str = "s"
    target: float | None = None
    at_least: bool = False


Numbers = Mapping[str, Measured]


@dataclass(frozen=True)
class Benchmark:
    """One row of the table.

    Attributes:
        name: What it is called on the command line.
        about: What it measures, in a sentence.
        measure: Measures it on so large a part of its cases: from near 0, one case, to 1, all of them.
    """

    name: str
    about: str
    measure: Callable[[float], Numbers]


@dataclass(frozen=True)
class Line:
    """One number as it is reported: whose, what, and how many times the reference it is, where it is a time."""

    benchmark: str
    number: str
    value: float
    unit: str
    target: float | None
    ratio: float | None
    at_least: bool = False


def judged(line: Line) -> str:
    """The target of a number, if it has one, and whether it is met."""
    if line.target is None:
        return ""
    met = line.value >= line.target if line.at_least else line.value < line.target
    return f"{'≥' if line.at_least else '<'} {line.target:g} {'✓' if met else '✗'}"


def seconds(work: Callable[[], object]) -> float:
    """How long some work takes."""
    start = perf_counter()
    work()
    return perf_counter() - start


def reference(part: float = 1.0) -> float:
    """Seconds that NumPy takes for 100,000 rounds of the 2-2-2 network, from a part of them."""
    spec = load(DEFAULT).spec
    engine, start, count = NumpyEngine(spec), initial_parameters(spec), max(1, round(part * REFERENCE_ROUNDS))
    return seconds(lambda: engine.advance(start, count)) * REFERENCE_ROUNDS / count


def lines(benchmark: Benchmark, part: float, unit: float) -> Iterator[Line]:
    """Run a benchmark.

    Args:
        benchmark: Which.
        part: Of its cases.
        unit: Seconds of the reference.
    """
    for number, one in benchmark.measure(part).items():
        ratio = one.value / unit if one.unit == "s" else None
        yield Line(benchmark.name, number, one.value, one.unit, one.target, ratio, one.at_least)
