"""Summarise runs in child processes, several at once: searching for a floor can take seconds.

A question is ``{"table": ..., "rounds": ..., "at": [...]}``, with a problem as returned by ``Spec.to_table``; the
answer is ``{"summary": ...}``. Run as a module, this file is such a child; killing it stops its work.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from typing import NamedTuple, cast

from bptui.compare.summary import Summary, summarise_run
from bptui.core.problem.spec import Spec
from bptui.system.process import Message, Process, Unavailable, read_part, serve_messages

WORKER = "bptui.compare.worker"
PROCESSES = 2


class SummaryQuestion(NamedTuple):
    """A run to summarise: the problem, the number of rounds, and the rounds whose loss to include."""

    spec: Spec
    rounds: int
    at: tuple[int, ...] = ()


def align_questions(questions: Iterable[SummaryQuestion]) -> tuple[SummaryQuestion, ...]:
    """Extend each question by the last rounds of the others, as far as it goes, so that runs can be compared there."""
    asked = tuple(questions)
    ends = sorted({one.rounds for one in asked})
    return tuple(one._replace(at=tuple(end for end in ends if end < one.rounds)) for one in asked)


async def summarise_runs(questions: Sequence[SummaryQuestion]) -> AsyncGenerator[tuple[int, Summary], None]:
    """Summarise runs; yield each as it is done, with its index.

    Raises:
        Unavailable: If a process does not start, has died or fails.
    """
    waiting = list(enumerate(questions))
    done: asyncio.Queue[tuple[int, Summary] | Unavailable] = asyncio.Queue()
    processes = [Process(WORKER) for _ in range(min(PROCESSES, len(questions)))]
    workers = [asyncio.create_task(_ask_waiting(process, waiting, done)) for process in processes]
    try:
        for _ in questions:
            found = await done.get()
            if isinstance(found, Unavailable):
                raise found
            yield found
    finally:
        await asyncio.shield(_end(workers, processes))  # the caller may be cancelled again meanwhile


async def _end(workers: Sequence[asyncio.Task[None]], processes: Sequence[Process]) -> None:
    """End the processes; their workers cannot do it, since they may be cancelled meanwhile."""
    for worker in workers:
        worker.cancel()
    await asyncio.gather(*workers, return_exceptions=True)
    for process in processes:
        await process.stop()


async def _ask_waiting(
    process: Process,
    waiting: list[tuple[int, SummaryQuestion]],
    done: "asyncio.Queue[tuple[int, Summary] | Unavailable]",
) -> None:
    """Ask a process the questions that are still waiting."""
    try:
        await process.start()
        while waiting:
            place, question = waiting.pop(0)
            await process.send({"table": question.spec.to_table(), "rounds": question.rounds, "at": question.at})
            summary = read_part(await process.receive(), "summary", dict, Summary.__annotations__)
            done.put_nowait((place, cast("Summary", summary)))
    except Unavailable as fault:
        done.put_nowait(fault)


def answer_summary(question: Message) -> Iterator[Message]:
    """Answer a question with the summary of its run."""
    spec = Spec.from_table(question["table"])
    yield {"summary": summarise_run(spec, question["rounds"], question["at"])}


if __name__ == "__main__":
    serve_messages(lambda: {"ready": True}, answer_summary)
