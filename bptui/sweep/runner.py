"""Run a sweep on all cores: distribute its parts over child processes and add up their tallies.

A part is one setting and some seeds, ``{"table": …, "seeds": [first, after]}``; its answer is any number of messages
``{"part": share done}`` and finally ``{"tally": …}``. The parts of all settings take turns, so that an interrupted
sweep has about as many runs of each. The children execute ``bptui.sweep.worker``.
"""

import asyncio
from collections.abc import Callable, Iterator
from time import monotonic
from typing import NamedTuple

from bptui.core.formulas.rounding import NONE
from bptui.record import record
from bptui.sweep.plan import Plan
from bptui.sweep.tally import Tally
from bptui.system.cores import count_cores
from bptui.system.process import Message, Process, Unavailable, read_part

WORKER = "bptui.sweep.worker"
REPORT_INTERVAL = 0.1  # seconds between two reports of progress
_MOST = 50_000  # parts, plus one per setting: all are listed before the first is done
_PART = 0.3  # seconds that a part should take at most, unless that is wasteful
# Rough costs of a run in seconds: per parameter, and all but the start per round
_ROUND, _CALLS, _BY_HAND, _START = 2.7e-9, 6e-6, 8e-6, 6e-7


@record(eq=False)
class SweepProgress:
    """The progress of a sweep.

    Attributes:
        done: The number of runs that are done and counted.
        total: The number of all runs.
        seconds: The estimated time left; None if it is not known yet.
        results: The tally of each setting so far; None where no run is done.
    """

    done: int
    total: int
    seconds: float | None
    results: tuple[Tally | None, ...]


@record
class SweepPart:
    """What one process trains at once: a setting by its index, some seeds, and the estimated seconds."""

    setting: int
    seeds: range
    seconds: float


def split_parts(plan: Plan, processes: int) -> list[SweepPart]:
    """Split a sweep into parts, the first of every setting before the second of any."""
    most = -(-plan.runs // processes)
    found = [(turn, part) for n in range(len(plan.settings)) for turn, part in enumerate(_split_setting(plan, n, most))]
    return [part for _, part in sorted(found, key=lambda one: one[0])]


def _split_setting(plan: Plan, place: int, most: int) -> Iterator[SweepPart]:
    setting = plan.settings[place]
    size, rounds = len(setting.spec.network.parameters), setting.spec.rounds
    alone = size * rounds * (_ROUND if setting.spec.rounding == NONE else _BY_HAND)  # the cost of one more run
    calls = size * rounds * _CALLS  # the cost however few runs there are
    runs = max(int(min(max(_PART / (alone + size * _START), calls / alone), most)), -(-plan.runs // _MOST))
    count = -(-len(setting.seeds) // runs)
    for n in range(count):
        seeds = setting.seeds[n * len(setting.seeds) // count : (n + 1) * len(setting.seeds) // count]
        yield SweepPart(place, seeds, len(seeds) * (alone + size * _START) + calls)


async def run_sweep(plan: Plan, say: Callable[[SweepProgress], None], processes: int = 0) -> None:
    """Run a sweep; on cancellation, the finished part has been reported.

    Args:
        plan: The sweep.
        say: Receives the progress: at first, now and then, and at the end. The event loop calls it, so it must be
            quick.
        processes: How many processes to train in; by default one per core.

    Raises:
        Unavailable: If a process does not start, fails or dies. The others are ended; the finished part has been
            reported.
    """
    processes = processes or count_cores()
    todo = split_parts(plan, processes)
    count = _ProgressAggregator(plan, todo, say)
    queue = iter(todo)
    crew = [asyncio.ensure_future(_train_parts(queue, count)) for _ in range(min(processes, len(todo)))]
    try:
        await asyncio.gather(*crew)
    finally:
        for one in crew:
            if not one.cancelling():  # a second cancellation would keep it from ending its process
                one.cancel()
        await asyncio.shield(asyncio.gather(*crew, return_exceptions=True))  # for the same reason
        count.tell()


class SweepOutcome(NamedTuple):
    """How a sweep ended: its progress, whether it was interrupted, and what went wrong, if anything."""

    progress: SweepProgress
    stopped: bool = False
    fault: str = ""


def run_until_interrupt(plan: Plan, say: Callable[[SweepProgress], None]) -> SweepOutcome:
    """Run a sweep until it is done or ctrl+c is pressed."""
    said: list[SweepProgress] = []

    def note(progress: SweepProgress) -> None:
        said.append(progress)
        del said[:-1]
        say(progress)

    try:
        asyncio.run(run_sweep(plan, note))
    except KeyboardInterrupt:
        if not said:
            raise
        return SweepOutcome(said[0], stopped=True)
    except Unavailable as fault:
        return SweepOutcome(said[0], fault=str(fault))
    return SweepOutcome(said[0])


class _ProgressAggregator:
    """Merges the answers of the processes; reports progress at most every ``REPORT_INTERVAL`` seconds."""

    def __init__(self, plan: Plan, todo: list[SweepPart], say: Callable[[SweepProgress], None]) -> None:
        self._plan, self._say, self._said = plan, say, monotonic()
        self._results: list[Tally | None] = [None] * len(plan.settings)
        self._tables = [setting.spec.to_table() for setting in plan.settings]
        self._begun: float | None = None
        self._all, self._done = sum(part.seconds for part in todo), 0.0
        self._open: dict[SweepPart, float] = {}
        self.tell()

    def question(self, part: SweepPart) -> Message:
        """Return the question for a part."""
        self._begun = self._begun or monotonic()
        return {"table": self._tables[part.setting], "seeds": [part.seeds.start, part.seeds.stop]}

    def note(self, part: SweepPart, answer: Message) -> bool:
        """Take in an answer; return whether it is the last one.

        Raises:
            Unavailable: If it is no answer.
        """
        last = "tally" in answer
        if last:
            tally, before = _read_tally(answer), self._results[part.setting]
            self._results[part.setting] = tally if before is None else before.merge(tally)
            self._open.pop(part, None)
            self._done += part.seconds
        else:
            self._open[part] = read_part(answer, "part", float)
        if monotonic() - self._said > REPORT_INTERVAL:
            self.tell()
        return last

    def tell(self) -> None:
        """Report the progress."""
        self._said = monotonic()
        done = sum(tally.runs for tally in self._results if tally)
        self._say(SweepProgress(done, self._plan.runs, self._estimate_left(), tuple(self._results)))

    def _estimate_left(self) -> float | None:
        share = (self._done + sum(part.seconds * done for part, done in self._open.items())) / self._all
        return None if self._begun is None or not share else (monotonic() - self._begun) * (1.0 - share) / share


def _read_tally(answer: Message) -> Tally:
    try:
        return Tally.from_data(read_part(answer, "tally", dict))
    except (LookupError, TypeError, ValueError, AttributeError) as fault:
        raise Unavailable(f"its process sent an invalid tally: {fault!r}") from fault


async def _train_parts(todo: Iterator[SweepPart], count: _ProgressAggregator) -> None:
    """Have a process of its own train one part after the other, until none is left."""
    process = Process(WORKER)
    try:
        await process.start()
        for part in todo:
            await process.send(count.question(part))
            while not count.note(part, await process.receive()):
                pass
    finally:
        await process.stop()
