"""A sweep on all cores: processes that train parts of it and count, and what shares the parts out and adds up.

A part is one setting and some seeds, ``{"table": …, "seeds": [first, after]}``; it is answered with any number of
``{"part": share done}`` and at last ``{"tally": …}``. Run as a module, this file is such a process. The parts of all
settings are done in turn, so that a sweep that is stopped has about as much of each.
"""

import asyncio
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic
from typing import NamedTuple

from bptui.core.formulas.rounding import NONE
from bptui.sweep.plan import Plan
from bptui.sweep.tally import Tally
from bptui.system.process import Message, Process, Unavailable

WORKER = "bptui.sweep.worker"
OFTEN = 0.1  # seconds between two words about progress
_MOST = 50_000  # parts, and one more for each setting: they are all listed before the first is done
_PART = 0.3  # seconds that a part should take at the most, where it need not be wasteful
# What a training costs, in seconds, as a rule of thumb: times parameters, and rounds where it is one of a round
_ROUND, _CALLS, _BY_HAND, _START = 2.7e-9, 6e-6, 8e-6, 6e-7


@dataclass(frozen=True, eq=False)
class Progress:
    """How far a sweep is.

    Attributes:
        done: How many runs are done and counted.
        of: How many there are.
        seconds: How much longer it will take; None if that cannot be told yet.
        results: What became of the runs of each setting so far; None where none is done.
    """

    done: int
    of: int
    seconds: float | None
    results: tuple[Tally | None, ...]


@dataclass(frozen=True)
class Part:
    """What one process is asked to train at once: a setting by its place, some seeds, and about how long that takes."""

    setting: int
    seeds: range
    seconds: float


def cores() -> int:
    """How many processors this process may use."""
    may = getattr(os, "sched_getaffinity", None)
    return len(may(0)) if may else os.cpu_count() or 1


def parts(plan: Plan, processes: int) -> list[Part]:
    """A sweep in parts, the first of every setting before the second of any."""
    most = -(-plan.runs // processes)
    found = [(turn, part) for n in range(len(plan.settings)) for turn, part in enumerate(_parts(plan, n, most))]
    return [part for _, part in sorted(found, key=lambda one: one[0])]


def _parts(plan: Plan, place: int, most: int) -> Iterator[Part]:
    setting = plan.settings[place]
    size, rounds = len(setting.spec.network.parameters), setting.spec.rounds
    alone = size * rounds * (_ROUND if setting.spec.rounding == NONE else _BY_HAND)  # what one run more costs
    calls = size * rounds * _CALLS  # what it costs however few runs there are
    runs = max(int(min(max(_PART / (alone + size * _START), calls / alone), most)), -(-plan.runs // _MOST))
    count = -(-len(setting.seeds) // runs)
    for n in range(count):
        seeds = setting.seeds[n * len(setting.seeds) // count : (n + 1) * len(setting.seeds) // count]
        yield Part(place, seeds, len(seeds) * (alone + size * _START) + calls)


async def swept(plan: Plan, say: Callable[[Progress], None], processes: int = 0) -> None:
    """Do a sweep, or as much of it as there is time for until this is cancelled; what is done has been said.

    Args:
        plan: The sweep.
        say: Told how far it is, at first, now and then, and at the end; by the event loop, so it must not take long.
        processes: How many to train in; as many as there are cores if left out.

    Raises:
        Unavailable: If a process does not start, fails or dies. The others are ended; what is done has been said.
    """
    processes = processes or cores()
    todo = parts(plan, processes)
    count = _Count(plan, todo, say)
    queue = iter(todo)
    crew = [asyncio.ensure_future(_trained(queue, count)) for _ in range(min(processes, len(todo)))]
    try:
        await asyncio.gather(*crew)
    finally:
        for one in crew:
            if not one.cancelling():  # a second time would keep it from ending its process
                one.cancel()
        await asyncio.shield(asyncio.gather(*crew, return_exceptions=True))  # for the same reason
        count.tell()


class Outcome(NamedTuple):
    """How a sweep ended: how far it came, whether it was interrupted, and what went wrong, if anything did."""

    progress: Progress
    stopped: bool = False
    fault: str = ""


def outcome(plan: Plan, say: Callable[[Progress], None]) -> Outcome:
    """Do a sweep, or as much of it as is done when ctrl+c is pressed."""
    said: list[Progress] = []

    def note(progress: Progress) -> None:
        said.append(progress)
        del said[:-1]
        say(progress)

    try:
        asyncio.run(swept(plan, note))
    except KeyboardInterrupt:
        if not said:
            raise
        return Outcome(said[0], stopped=True)
    except Unavailable as fault:
        return Outcome(said[0], fault=str(fault))
    return Outcome(said[0])


class _Count:
    """Adds up what the processes answer, and says so now and then."""

    def __init__(self, plan: Plan, todo: list[Part], say: Callable[[Progress], None]) -> None:
        self._plan, self._say, self._said = plan, say, monotonic()
        self._results: list[Tally | None] = [None] * len(plan.settings)
        self._tables = [setting.spec.to_table() for setting in plan.settings]
        self._begun: float | None = None
        self._all, self._done = sum(part.seconds for part in todo), 0.0
        self._open: dict[Part, float] = {}
        self.tell()

    def question(self, part: Part) -> Message:
        """What to ask for a part."""
        self._begun = self._begun or monotonic()
        return {"table": self._tables[part.setting], "seeds": [part.seeds.start, part.seeds.stop]}

    def note(self, part: Part, answer: Message) -> bool:
        """Note an answer; whether it is the last one."""
        last = "tally" in answer
        if last:
            tally, before = Tally.from_data(answer["tally"]), self._results[part.setting]
            self._results[part.setting] = tally if before is None else before.merged(tally)
            self._open.pop(part, None)
            self._done += part.seconds
        else:
            self._open[part] = answer["part"]
        if monotonic() - self._said > OFTEN:
            self.tell()
        return last

    def tell(self) -> None:
        """Say how far it is."""
        self._said = monotonic()
        done = sum(tally.runs for tally in self._results if tally)
        self._say(Progress(done, self._plan.runs, self._left(), tuple(self._results)))

    def _left(self) -> float | None:
        share = (self._done + sum(part.seconds * done for part, done in self._open.items())) / self._all
        return None if self._begun is None or not share else (monotonic() - self._begun) * (1.0 - share) / share


async def _trained(todo: Iterator[Part], count: _Count) -> None:
    """Have a process of its own train one part after the other, until there are no more."""
    process = Process(WORKER)
    try:
        await process.start()
        for part in todo:
            await process.send(count.question(part))
            while not count.note(part, await process.receive()):
                pass
    finally:
        await process.stop()
