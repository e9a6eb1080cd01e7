"""A stand-in for the process that checks and explains figures, whose answers a test gives."""

import asyncio
from typing import Any

import pytest

from bptui.explain.audit.finding import WRONG
from bptui.system.process import Message, Unavailable
from bptui.ui.widgets import explain_client as asking

TOLD: dict[str, Any] = {
    "lesson": "a lesson",
    "figures": 2,
    "right": 1,
    "last_digits": 0,
    "first_wrong": {"round": 1, "quantity": "h2", "printed": "0.9", "recomputed": 0.459},
    "audit": [{"round": 1, "quantity": "h2", "printed": "0.9", "should_be": 0.459}],
    "findings": [
        {
            "round": 1,
            "quantity": "h2",
            "printed": "0.9",
            "status": WRONG,
            "value": 0.459,
            "follows": [],
            "formula": "h2 = 1/(1 + exp(−in_h2))",
            "numbers": "1/(1 + exp(−(−0.1643)))",
            "relation": "=",
            "between": ["in_h2"],
            "unsure": "",
            "needs": 0,
        }
    ],
    "groups": [],
    "left": [],
    "nearest": None,
    "possible": 0,
    "looked": 1,
    "no_torch": "",
    "stopped": False,
    "limit": None,
}


class _Endless(asyncio.Queue[Message]):
    async def get(self) -> Message:
        await asyncio.sleep(0)
        return {"progress": [2, 1200, 3700, 0.0]}


class FakeProcess:
    """Answers with what the test has put into its queue; ``answer`` takes the place of a real search."""

    started: list["FakeProcess"]
    fault: str = ""

    def __init__(self, module: str) -> None:
        assert module == "bptui.explain.worker"
        self.asked: list[Message] = []
        self.answers: asyncio.Queue[Message] = asyncio.Queue()
        self.stopped = False
        self.started.append(self)

    async def start(self) -> Message:
        if self.fault:
            raise Unavailable(self.fault)
        return {"ready": True}

    def go_on(self) -> None:
        """From now on tell how far the search is as often as the program listens."""
        before, self.answers = self.answers, _Endless()
        before.put_nowait({"progress": [1, 1, 100, 0.0]})  # for the one that waits already

    async def send(self, message: Message) -> None:
        self.asked.append(message)

    async def receive(self) -> Message:
        message = await self.answers.get()
        if "failed" in message:
            raise Unavailable(message["failed"])
        return message

    async def stop(self) -> None:
        self.stopped = True


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> list[FakeProcess]:
    """The processes that the program has started, in the order of their starting."""
    started: list[FakeProcess] = []
    monkeypatch.setattr(FakeProcess, "started", started, raising=False)
    monkeypatch.setattr(asking, "Process", FakeProcess)
    return started
