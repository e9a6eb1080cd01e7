"""Summaries from processes of their own: each as it is done, and nobody left behind when it is stopped or fails."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bptui.compare.summary import Summary, summarise_run
from bptui.compare.worker import PROCESSES, WORKER, SummaryQuestion, summarise_runs
from bptui.lessons.lesson import load_lesson
from bptui.system.process import Message, Unavailable

SPEC = load_lesson("relu").spec


class FakeProcess:
    """Answers with the step it was asked about, unless it is to fail."""

    alive: list["FakeProcess"]
    fail_at: float

    def __init__(self, module: str) -> None:
        assert module == WORKER
        self.asked: list[Message] = []

    async def start(self) -> Message:
        self.alive.append(self)
        return {"ready": True}

    async def send(self, message: Message) -> None:
        self.asked.append(message)

    async def receive(self) -> Message:
        await asyncio.sleep(0)
        step = self.asked[-1]["table"]["training"]["step"]
        if step == self.fail_at:
            raise Unavailable("its process ended with status 9")
        return {"summary": {**dict.fromkeys(Summary.__annotations__), "step": step}}

    async def stop(self) -> None:
        if self in self.alive:
            self.alive.remove(self)


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> list[FakeProcess]:
    FakeProcess.alive, FakeProcess.fail_at = [], 0.0
    monkeypatch.setattr("bptui.compare.worker.Process", FakeProcess)
    return FakeProcess.alive


def questions(count: int) -> list[SummaryQuestion]:
    return [SummaryQuestion(replace(SPEC, step=float(n + 1)), 10) for n in range(count)]


async def test_every_question_is_answered_with_its_place(processes: list[FakeProcess]) -> None:
    found: dict[int, Any] = {place: answer async for place, answer in summarise_runs(questions(7))}
    assert {place: answer["step"] for place, answer in found.items()} == {n: n + 1.0 for n in range(7)}
    assert not processes


async def test_no_more_processes_are_started_than_there_are_questions(processes: list[FakeProcess]) -> None:
    async for _ in summarise_runs(questions(1)):
        assert len(processes) <= 1
    assert [one async for one in summarise_runs([])] == []


async def test_a_process_that_fails_ends_all_of_them_and_is_told(processes: list[FakeProcess]) -> None:
    FakeProcess.fail_at = 3.0
    with pytest.raises(Unavailable, match="status 9"):
        async for _ in summarise_runs(questions(9)):
            pass
    assert not processes


async def test_who_stops_asking_leaves_no_process_behind(processes: list[FakeProcess]) -> None:
    asking = summarise_runs(questions(9))
    await anext(asking)
    await asking.aclose()
    assert not processes


async def test_the_real_process_says_what_is_said_here() -> None:
    spec = replace(SPEC, rounds=30)
    ((place, found),) = [one async for one in summarise_runs([SummaryQuestion(spec, 30, (7,))])]
    assert place == 0 and found == summarise_run(spec, 30, (7,))


async def test_who_is_cancelled_twice_leaves_no_process_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    stopped: list[str] = []

    class Slow:
        def __init__(self, module: str) -> None:
            self.module = module

        async def start(self) -> None:
            await asyncio.Event().wait()

        async def stop(self) -> None:
            await asyncio.sleep(0.02)
            stopped.append(self.module)

    async def ask() -> None:
        async for _ in summarise_runs([SummaryQuestion(SPEC, 10)] * 2):
            raise AssertionError

    monkeypatch.setattr("bptui.compare.worker.Process", Slow)
    task = asyncio.create_task(ask())
    for _ in range(2):
        await asyncio.sleep(0.01)
        task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    for _ in range(200):
        if len(stopped) == PROCESSES:
            break
        await asyncio.sleep(0.01)
    assert len(stopped) == PROCESSES


@pytest.mark.parametrize("answer", [{}, {"summary": None}, {"summary": []}, {"summary": {"rounds": 1}}, {"so": 1}])
async def test_an_answer_that_is_none_is_told_and_not_waited_for(
    processes: list[FakeProcess], monkeypatch: pytest.MonkeyPatch, answer: Message
) -> None:
    async def receive(self: FakeProcess) -> Message:
        return answer

    monkeypatch.setattr(FakeProcess, "receive", receive)
    with pytest.raises(Unavailable, match="sent an invalid answer"):
        [_ async for _ in summarise_runs(questions(3))]
    assert not processes
