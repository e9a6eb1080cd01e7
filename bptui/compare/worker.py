"""Summaries of trainings in processes of their own, some at once: to look for a floor can take seconds.

A question is ``{"table": ..., "rounds": ..., "at": [...]}``, with a problem as ``Spec.to_table`` gives it; the answer
is ``{"summary": ...}``. Run as a module, this file is such a process; ending it stops what it is at.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from typing import NamedTuple

from bptui.compare.summary import Summary, summary
from bptui.core.problem.spec import Spec
from bptui.system.process import Message, Process, Unavailable, replies

WORKER = "bptui.compare.worker"
PROCESSES = 2


class SummaryQuestion(NamedTuple):
    """A training to be summarised: the problem, how many rounds of it, and rounds to tell the loss of."""

    spec: Spec
    rounds: int
    at: tuple[int, ...] = ()


def together(questions: Iterable[SummaryQuestion]) -> tuple[SummaryQuestion, ...]:
    """The same questions, each also about the last rounds of the others, as far as it goes, to be compared there."""
    asked = tuple(questions)
    ends = sorted({one.rounds for one in asked})
    return tuple(one._replace(at=tuple(end for end in ends if end < one.rounds)) for one in asked)


async def summaries(questions: Sequence[SummaryQuestion]) -> AsyncGenerator[tuple[int, Summary], None]:
    """Summarise trainings; each as it is done, with its place.

    Raises:
        Unavailable: If a process does not start, has died or fails.
    """
    waiting = list(enumerate(questions))
    done: asyncio.Queue[tuple[int, Summary] | Unavailable] = asyncio.Queue()
    processes = [Process(WORKER) for _ in range(min(PROCESSES, len(questions)))]
    workers = [asyncio.create_task(_work(process, waiting, done)) for process in processes]
    try:
        for _ in questions:
            found = await done.get()
            if isinstance(found, Unavailable):
                raise found
            yield found
    finally:
        await asyncio.shield(_ended(workers, processes))  # who asks may be cancelled once more in the middle of that


async def _ended(workers: Sequence[asyncio.Task[None]], processes: Sequence[Process]) -> None:
    """End processes; not by their workers, which may be cancelled in the middle of that."""
    for worker in workers:
        worker.cancel()
    await asyncio.gather(*workers, return_exceptions=True)
    for process in processes:
        await process.stop()


async def _work(
    process: Process,
    waiting: list[tuple[int, SummaryQuestion]],
    done: "asyncio.Queue[tuple[int, Summary] | Unavailable]",
) -> None:
    """Ask a process whatever is still waiting."""
    try:
        await process.start()
        while waiting:
            place, question = waiting.pop(0)
            await process.send({"table": question.spec.to_table(), "rounds": question.rounds, "at": question.at})
            done.put_nowait((place, (await process.receive())["summary"]))
    except Unavailable as fault:
        done.put_nowait(fault)


def answer_summary(question: Message) -> Iterator[Message]:
    """Answer a question with the summary of its run."""
    spec = Spec.from_table(question["table"])
    yield {"summary": summary(spec, question["rounds"], question["at"])}


if __name__ == "__main__":
    replies(lambda: {"ready": True}, answer_summary)
