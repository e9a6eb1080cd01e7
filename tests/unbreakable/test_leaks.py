"""However long a sitting lasts, memory holds what is kept of each round, and nothing is left of screens that closed."""

import asyncio
import gc
import os
import sys
import threading
from collections import Counter
from functools import _lru_cache_wrapper
from pathlib import Path

import pytest
from textual.screen import Screen
from textual.widget import Widget

from tests.unbreakable.driving import CTRL, SCREENS, Driven, driven, second_opinion_by_numpy

SOAK = "SOAK_MINUTES" in os.environ
STEPS = 10_000 if SOAK else 1_000
OPENED = 200 if SOAK else 15  # screens, opened and closed
WARM = 1_100  # steps after which everything that is kept once is there
REFILL = 200  # steps after which what a look empties is full again
BURST = 10  # keys at once
DRAWS = ("bptui.ui.", "textual.", "rich.")  # whose caches hold texts of numbers, up to their bounds
OPEN_FILES = Path("/proc/self/fd")


@pytest.fixture(autouse=True)
def a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    second_opinion_by_numpy(monkeypatch)


async def step(program: Driven, count: int) -> None:
    """Step on, a round a key, and wait until torch has followed."""
    for _ in range(count // BURST):
        wanted = program.session.round + BURST
        program.type(*"n" * BURST)
        await program.until(f"round {wanted}", lambda round_=wanted: program.session.round == round_)  # type: ignore[misc]
    program.sent.clear()
    await program.until("torch", lambda: program.session.torch.history.rounds > program.session.round)
    await program.settle()


async def test_a_step_leaves_nothing_but_its_numbers() -> None:
    async with driven(size=(80, 24)) as program:
        workers = program.app.workers
        await program.until("prepared", lambda: not any(worker.group == "preparing" for worker in workers))
        await step(program, WARM)
        await blocks()  # which empties caches: what fills them and their like once more is no leak
        await step(program, REFILL)
        before = await blocks()
        await step(program, STEPS)
        grown = (await blocks() - before) / STEPS
        assert grown < 0.5, f"{grown} blocks of memory a step"  # the numbers are kept in blocks of thousands
        await program.must_answer()


async def blocks() -> int:
    """How many pieces of memory Python holds, without garbage, and without what caches with a bound may hold."""
    await asyncio.sleep(0.05)
    gc.unfreeze()  # what a start freezes is not listed
    for cache in [one for one in gc.get_objects() if type(one) is _lru_cache_wrapper]:
        if cache.cache_parameters()["maxsize"] is not None and cache.__module__.startswith(DRAWS):
            cache.cache_clear()
    gc.collect()
    return sys.getallocatedblocks()


@pytest.mark.exhaustive
async def test_screens_that_were_closed_leave_no_widget_file_thread_task_or_process() -> None:
    names = [name for name in SCREENS if name != "stepper"]
    async with driven(size=(80, 24)) as program:
        for name in names:  # once each, for what is loaded once
            await open_and_close(program, name)
        before = await held()
        for number in range(OPENED):
            await open_and_close(program, names[number % len(names)])
        for _ in range(200):  # what is ending takes its time on a busy machine
            after = await held()
            more = {what: count - before[what] for what, count in after.items() if count > before[what]}
            if not more:
                break
        left = Counter(type(one).__name__ for one in gc.get_objects() if isinstance(one, Widget)) if more else {}
        assert not more, f"{more} more than {before}: {left}"
        await program.must_answer()


async def open_and_close(program: Driven, name: str) -> None:
    program.type(*SCREENS[name])
    await program.until(f"{name} is open", lambda: program.app.screen is not program.stepper)
    program.type("\x1b[6~", CTRL["r"])  # page down; where there is something to start, start it
    await program.settle()
    await program.come_home()
    program.sent.clear()


async def held() -> dict[str, int]:
    """What is held, some moments later."""
    await asyncio.sleep(0.05)
    gc.collect()
    objects = gc.get_objects()
    return {
        "screens": sum(isinstance(one, Screen) for one in objects),
        "widgets": sum(isinstance(one, Widget) for one in objects),
        "files": len(list(OPEN_FILES.iterdir())) if OPEN_FILES.is_dir() else 0,
        "threads": sum(not one.name.startswith("asyncio") for one in threading.enumerate()),  # a pool keeps some
        "tasks": sum(not task.get_name().startswith("set_timer") for task in asyncio.all_tasks()),
    }
