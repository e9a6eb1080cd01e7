"""What the program asks processes of its own, answered here: the same code, and what it raises or warns of is seen.

A test that uses the fixture ``in_process`` also sees the whole screen, as the terminal would be sent it.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest
from textual.pilot import Pilot

from bptui.compare.summary import Summary
from bptui.compare.worker import SummaryQuestion, answer_summary
from bptui.explain.worker import Answers
from bptui.report import writer as reporting
from bptui.session import worker as torch_worker
from bptui.session.torch_side.process import TorchAnswer, TorchProcess, TorchQuestion
from bptui.sweep.plan import Plan
from bptui.sweep.runner import SweepProgress, _ProgressAggregator, split_parts
from bptui.sweep.worker import train_part
from bptui.system.process import Message, Unavailable
from bptui.ui.screens import compare, sweep
from bptui.ui.widgets import explain_client as asking
from tests.ui.figures_process import TOLD
from tests.ui.seeing import text_of, until

__all__ = ["in_process", "screens", "settled", "until", "words"]

SCREENS = {
    "help": ["f1"],
    "lessons": ["l"],
    "derivation": ["enter"],
    "boundary": ["d"],
    "pictures": ["P", "plus", "tab"],
    "programs": ["p"],
    "check": ["c"],
    "printed": ["f8", *"E 0.3", "enter", *"h1=", "f8"],
    "number": ["m", *"12.5", "enter"],
    "compare": ["a", "v", "e", "r", "m", "down", "pagedown", "pagedown"],
    "sweep": ["w", "ctrl+r"],
    "practice": ["x", *"1.5", "enter", "f2", "f2", "f2", "down", "f3"],
    "settings": ["s"],
    "exercise": ["ctrl+n", "tab", "down", "f3", "f3"],
    "go to": ["g", *"12"],
    "save": ["ctrl+s"],
    "save lesson": ["f4"],
    "open": ["ctrl+o", *"no-such-file", "enter"],
    "palette": ["ctrl+p", *"lesson"],
}
"""How to come to each screen from the stepper, and a few things to do there; ``escape`` leaves each."""


class Asked:
    """Stands in for the process that checks and explains figures; searches nothing."""

    def __init__(self, module: str) -> None:
        assert module == "bptui.explain.worker"
        self._answers: Iterator[Message] = iter(())

    async def start(self) -> Message:
        return {"ready": True}

    async def send(self, question: Message) -> None:
        told = {"told": {**TOLD, "lesson": question["name"]}}
        self._answers = Answers().answer(question) if "check" in question else iter([told])

    async def receive(self) -> Message:
        return next(self._answers)

    async def stop(self) -> None:
        return None


async def _summaries(questions: Sequence[SummaryQuestion]) -> AsyncGenerator[tuple[int, Summary], None]:
    for place, one in enumerate(questions):
        (found,) = answer_summary({"table": one.spec.to_table(), "rounds": one.rounds, "at": one.at})
        yield place, found["summary"]


async def _swept(plan: Plan, say: Callable[[SweepProgress], None]) -> None:
    todo = split_parts(plan, 1)
    count = _ProgressAggregator(plan, todo, say)
    for part in todo:
        for one in train_part(dict(count.question(part))):
            count.note(part, one)
    count.tell()


async def _torch(self: TorchProcess) -> None:
    self.version = "here"


async def _no_torch(self: TorchProcess) -> None:
    raise Unavailable("torch is not [i]installed[/i]")


async def _ask(self: TorchProcess, question: TorchQuestion) -> TorchAnswer:
    (found,) = torch_worker.answer_question(vars(question))
    return TorchAnswer(**{name: found.get(name) for name in TorchAnswer.__match_args__})


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """No process is started; torch is there in tests that are marked ``with_torch``."""
    monkeypatch.setattr(asking, "Process", Asked)
    monkeypatch.setattr(compare, "summarise_runs", _summaries)
    monkeypatch.setattr(reporting, "summarise_runs", _summaries)
    monkeypatch.setattr(sweep, "run_sweep", _swept)
    monkeypatch.setattr(TorchProcess, "start", _torch if "with_torch" in request.keywords else _no_torch)
    monkeypatch.setattr(TorchProcess, "ask", _ask)
    monkeypatch.setattr("bptui.core.training.convergence._MOST", 2_000)


async def settled(pilot: Pilot[Any]) -> str:
    """What the terminal shows once two pictures are the same."""
    before = ""
    for _ in range(200):
        await pilot.pause(0.01)
        now = text_of(pilot.app.screen)
        if now == before:
            return now
        before = now
    raise AssertionError(f"the screen never comes to rest\n{before}")


async def screens(pilot: Pilot[Any], names: Sequence[str] = tuple(SCREENS)) -> AsyncIterator[tuple[str, str]]:
    """Go to screens, one after the other, and back: the name of each and what the terminal shows."""
    for name in names:
        first, *others = SCREENS[name]
        await pilot.press(first)
        await pilot.pause()
        await pilot.press(*others)
        assert len(pilot.app.screen_stack) > 1, f"{name} did not open"
        yield name, await settled(pilot)
        for _ in range(10):
            if len(pilot.app.screen_stack) == 1:
                break
            await pilot.press("escape")
            await pilot.pause()
        assert len(pilot.app.screen_stack) == 1, f"{name} is not left"


def words(shown: Mapping[str, str] | str) -> str:
    """A text without the breaks of its lines and the edges around it."""
    text = shown if isinstance(shown, str) else " ".join(shown.values())
    return " ".join("".join(c if c not in "│╭╮╰╯─┃▌▎▊" else " " for c in text).split())
