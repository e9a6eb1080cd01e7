"""Torch in a child process: the questions, the answers, and the asking end of the pipe.

The child keeps no state between two questions, so a new one can continue where a dead one stopped. Loading torch in a
thread instead would freeze the screen, and a broken torch could crash the program. ``bptui.session.worker`` is the
child.
"""

from collections.abc import Awaitable, Mapping
from typing import Any

from bptui.record import record
from bptui.session.torch_side.answers import read_answer
from bptui.system.process import Message, Process, Unavailable
from bptui.text.words import make_one_line

Values = Mapping[str, float]
WORKER = "bptui.session.worker"
_LONGEST_VERSION = 40  # characters


@record
class TorchQuestion:
    """A computation for the child, about one problem.

    Attributes:
        table: The problem, as returned by ``Spec.to_table``.
        round: The round that the question is about.
        train: How many rounds to train from ``start``; 0 for none.
        start: The state to train from.
        first: The first round to train.
        own: A state of torch's own run at which to evaluate the round, in its precision; None if not wanted.
        lead: How many rounds ``own`` is before that round; torch trains them first.
        check: NumPy's state at which to evaluate the round in float64, as a second opinion; None if not wanted.
    """

    table: Mapping[str, Any]
    round: int
    train: int = 0
    start: list[float] | None = None
    first: int = 1
    own: list[float] | None = None
    check: list[float] | None = None
    lead: int = 0


@record
class TorchAnswer:
    """The child's results.

    Attributes:
        rows: The rounds trained, as returned by ``Engine.advance``.
        after: The state after the last of them.
        own: All quantities of torch's own run, from the question's ``own``.
        check: All quantities at the question's ``check``.
        state: The state that ``own`` is evaluated at.
    """

    rows: list[list[float]] | None = None
    after: list[float] | None = None
    own: Values | None = None
    check: Values | None = None
    state: list[float] | None = None


class TorchProcess:
    """The asking end of the pipe.

    Attributes:
        loading: Seconds that torch may take to load; from a network disk it takes some 20.
        answering: Seconds that a question may take, besides those for its rounds.
        each_round: Seconds that a round may take, hundreds of times what it does.
        version: Torch's version, once it has started.
    """

    loading = 60.0
    answering = 20.0
    each_round = 0.1

    def __init__(self) -> None:
        self.version = ""
        self._process = Process(WORKER)

    async def start(self) -> None:
        """Start the process and wait until torch is loaded.

        Raises:
            Unavailable: If torch is missing or broken, or does not load in time.
        """
        first = await _wait(self._process.start(), self.loading, "load")
        if "ready" not in first:
            raise Unavailable(f"its process sent an invalid answer: {first}")
        self.version = make_one_line(str(first["ready"]), _LONGEST_VERSION)

    async def ask(self, question: TorchQuestion) -> TorchAnswer:
        """Ask one question and wait for its answer.

        Raises:
            Unavailable: If the process has died, fails at the question, does not answer in time, or sends something
                else than an answer to it.
        """
        seconds = self.answering + self.each_round * (question.train + question.lead)
        found = await _wait(self._exchange(question), seconds, "answer")
        return TorchAnswer(**read_answer(vars(question), found))

    async def _exchange(self, question: TorchQuestion) -> Message:
        await self._process.send(vars(question))
        return await self._process.receive()

    async def stop(self) -> None:
        """End the process, if there is one. Call only when no ``ask`` is pending."""
        await self._process.stop()


async def _wait(waiting: Awaitable[Message], seconds: float, what: str) -> Message:
    """Wait for a message, but not longer than the given time."""
    import asyncio

    try:
        async with asyncio.timeout(seconds):
            return await waiting
    except TimeoutError:
        raise Unavailable(f"it did not {what} within {seconds:.3g} s") from None
