"""A sweep on all cores: shared out, added up, stopped at any time with what is done, and told when a process dies."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bptui.core.problem.spec import Spec
from bptui.lessons.lesson import load_lesson
from bptui.sweep import runner, worker
from bptui.sweep.plan import MOST_RUNS, Plan, make_plan
from bptui.sweep.runner import WORKER, SweepProgress, run_sweep, run_until_interrupt, split_parts
from bptui.sweep.tally import Tally
from bptui.sweep.worker import train_part
from bptui.system.process import _LONGEST_LINE, Message, Process, Unavailable
from tests.sweeps import tallied

BASE = replace(load_lesson("two-by-two").spec, rounds=20)
PLAN = make_plan(BASE, ["step=0.1,1,10"], range(1, 301))


class Fake:
    """A process that answers here and now; ``until`` says how many questions it answers before it dies."""

    made: list["Fake"]
    until = 10**9

    def __init__(self, module: str) -> None:
        assert module == WORKER
        self.running, self.asked, self._answers = False, 0, iter(list[Message]())
        Fake.made.append(self)

    async def start(self) -> Message:
        self.running = True
        return {"ready": True}

    async def send(self, message: Message) -> None:
        self.asked += 1
        self._answers = iter(json.loads(json.dumps(list(train_part(json.loads(json.dumps(message)))))))

    async def receive(self) -> Message:
        await asyncio.sleep(0)
        if self.asked > self.until:
            raise Unavailable("its process ended with status -9")
        return next(self._answers)

    async def stop(self) -> None:
        await asyncio.sleep(0)
        self.running = False


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(runner, "Process", Fake)
    monkeypatch.setattr(runner, "_PART", 1e-3)
    monkeypatch.setattr(runner, "_CALLS", 1e-9)
    monkeypatch.setattr(Fake, "made", [], raising=False)
    yield
    assert not any(one.running for one in Fake.made)


def data(tally: Tally | None) -> Any:
    return tally and json.dumps(tally.to_data())


def whole(plan: Plan) -> list[Any]:
    return [data(tallied(setting.spec, setting.seeds)) for setting in plan.settings]


def ticking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time passes between any two looks at the clock, so that every answer is told of."""
    clock = iter(range(10**9))
    for module in (runner, worker):
        monkeypatch.setattr(module, "monotonic", lambda: next(clock))


# --- shared out ---


@pytest.mark.parametrize("processes", [1, 2, 7])
@pytest.mark.parametrize("rounds", [1, 1_000, 1_000_000])
def test_every_run_is_in_one_part_and_the_settings_take_turns(processes: int, rounds: int) -> None:
    plan = make_plan(replace(BASE, rounds=rounds), ["step=0.1,1"], range(1, 100_001))
    found = split_parts(plan, processes)
    for place in range(2):
        mine = [part.seeds for part in found if part.setting == place]
        assert [seed for seeds in mine for seed in seeds] == list(range(1, 100_001))
    assert [part.setting for part in found[:4]] == [0, 1, 0, 1]


def test_a_part_is_short_unless_that_were_wasteful() -> None:
    short = split_parts(make_plan(replace(BASE, rounds=1_000), [], range(100_000)), 2)
    assert max(part.seconds for part in short) < 0.5
    long = split_parts(make_plan(replace(BASE, rounds=100_000), [], range(100_000)), 2)
    assert min(len(part.seeds) for part in long) > 1_000
    slow = split_parts(make_plan(replace(BASE, rounds=1_000, rounding="3 digits"), [], range(1_000)), 2)
    assert max(len(part.seeds) for part in slow) < 50


@pytest.mark.parametrize("rounding", ["none", "3 digits"])
def test_the_parts_of_the_largest_sweep_there_can_be_fit_into_memory_and_their_tallies_into_the_pipe(
    rounding: str,
) -> None:
    tiny = Spec.from_table({"network": {"inputs": [1.0], "targets": [0.5], "hidden": 1, "weights": [0.1, 0.2]}})
    for base in (BASE, tiny):
        spec = replace(base, rounds=1, rounding=rounding, loss="cross entropy")
        plan = make_plan(spec, ["step=0.1,1"], range(MOST_RUNS // 2))
        found = split_parts(plan, 2)
        assert len(found) <= 50_002 and sum(len(part.seeds) for part in found) == plan.runs == MOST_RUNS
        assert max(len(part.seeds) for part in found) * 2 * 8 * 4 / 3 < _LONGEST_LINE / 2


@pytest.mark.usefixtures("fake")
async def test_no_more_processes_are_started_than_there_are_parts() -> None:
    plan = make_plan(BASE, ["step=0.1,1,10"], None)
    await run_sweep(plan, lambda progress: None, processes=8)
    assert len(Fake.made) == 3


# --- added up ---


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize("processes", [1, 3])
async def test_the_results_are_those_of_training_everything_here(
    processes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticking(monkeypatch)
    said: list[SweepProgress] = []
    await run_sweep(PLAN, said.append, processes)
    assert [data(tally) for tally in said[-1].results] == whole(PLAN)
    assert len(Fake.made) == processes
    assert (said[0].done, said[0].total, said[0].seconds, said[0].results) == (0, 900, None, (None,) * 3)
    assert (said[-1].done, said[-1].seconds) == (900, 0.0)
    done = [progress.done for progress in said]
    assert done == sorted(done) and len(set(done)) > 5
    assert all(progress.seconds is None or progress.seconds >= 0.0 for progress in said)


@pytest.mark.usefixtures("fake")
async def test_how_far_a_part_is_counts_for_the_time_that_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    ticking(monkeypatch)
    monkeypatch.setattr(runner, "_PART", 10.0)
    said: list[SweepProgress] = []
    await run_sweep(make_plan(replace(BASE, rounds=200), [], range(50)), said.append, 1)
    assert {progress.done for progress in said} == {0, 50}
    left = [progress.seconds for progress in said if progress.done == 0 and progress.seconds is not None]
    assert len(left) > 2


async def test_real_processes_find_the_same() -> None:
    said: list[SweepProgress] = []
    await run_sweep(PLAN, said.append, processes=2)
    assert [data(tally) for tally in said[-1].results] == whole(PLAN)


# --- stopped ---


@pytest.mark.usefixtures("fake")
async def test_a_sweep_that_is_cancelled_keeps_what_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    ticking(monkeypatch)
    said: list[SweepProgress] = []

    def say(progress: SweepProgress) -> None:
        said.append(progress)
        if progress.done >= 300:
            sweep.cancel()

    sweep = asyncio.ensure_future(run_sweep(PLAN, say, 2))
    with pytest.raises(asyncio.CancelledError):
        await sweep
    assert 300 <= said[-1].done < 900
    assert sum(tally.runs for tally in said[-1].results if tally) == said[-1].done


@pytest.mark.usefixtures("fake")
def test_an_interruption_is_an_outcome_with_what_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(main: Any) -> None:
        main.close()
        raise KeyboardInterrupt

    assert run_until_interrupt(PLAN, lambda progress: None).stopped is False

    pressed: list[int] = []

    def say(progress: SweepProgress) -> None:
        if progress.done and not pressed:
            pressed.append(progress.done)
            raise KeyboardInterrupt

    ended = run_until_interrupt(PLAN, say)
    assert ended.stopped and 0 < ended.progress.done <= 900
    monkeypatch.setattr(asyncio, "run", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_until_interrupt(PLAN, lambda progress: None)


@pytest.mark.usefixtures("fake")
def test_a_process_that_dies_is_told_of_and_what_is_done_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Fake, "until", 2)
    ended = run_until_interrupt(PLAN, lambda progress: None)
    assert ended.fault == "its process ended with status -9"
    assert 0 < ended.progress.done < 900


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize("answer", [{}, {"part": "x"}, {"tally": None}, {"tally": {}}, {"tally": {"verdicts": [1]}}])
def test_an_answer_that_is_none_is_told_of(monkeypatch: pytest.MonkeyPatch, answer: Message) -> None:
    async def receive(self: Fake) -> Message:
        return answer

    monkeypatch.setattr(Fake, "receive", receive)
    assert "sent an invalid" in run_until_interrupt(PLAN, lambda progress: None).fault


async def test_a_real_process_that_is_asked_nonsense_says_so_and_one_that_is_stopped_is_gone() -> None:
    process = Process(WORKER)
    try:
        assert await process.start() == {"ready": True}
        await process.send({"table": {}, "seeds": [1, 2]})
        with pytest.raises(Unavailable, match="SpecError"):
            await process.receive()
    finally:
        await process.stop()
    assert process._process is None
