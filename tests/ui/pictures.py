"""Pictures of every screen as text: how to come to each, and when it is all there.

They are the same on any machine and at any speed: torch's part is played by NumPy in float64, so that no difference of
rounding is shown, other processes are answered here, and each picture waits for a text that comes last.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from bptui.compare.summary import Summary
from bptui.compare.worker import SummaryQuestion, answer_summary
from bptui.core.engines.engine import NumpyEngine
from bptui.core.problem.spec import Spec
from bptui.lessons.lesson import load_lesson
from bptui.session.session import Session
from bptui.session.torch_side.process import TorchAnswer, TorchProcess, TorchQuestion
from bptui.ui.app import BptuiApp
from bptui.ui.dialogs import report
from bptui.ui.screens import compare
from bptui.ui.screens.stepper import StepperScreen
from tests.ui.seeing import text_of, until
from tests.unbreakable.in_process import in_process, settled

__all__ = ["PICTURES", "SIZES", "here", "in_process", "opened", "shown"]

SIZES = ((80, 24), (120, 36))


@dataclass(frozen=True)
class Picture:
    """A screen in some state.

    Attributes:
        keys: What to press on the stepper.
        last: A text that comes last; once it is there the picture is whole.
        lesson: The lesson that is open.
        fields: What is put into fields by name before the last key.
    """

    keys: tuple[str, ...]
    last: str
    lesson: str = "two-by-two"
    fields: tuple[tuple[str, str], ...] = ()


PICTURES = {
    "stepper": Picture(("space", "space"), "round 3/"),
    "stepper-stepping": Picture(("less_than_sign", *["full_stop"] * 5), "step 5/8"),
    "stepper-samples": Picture(("space", "v"), "sample 2 of 4", "xor"),
    "derivation": Picture(("enter",), "built from"),
    "practice": Picture(("x", *"0.25", "enter", *"0.7", "enter"), "✗"),
    "check": Picture(("c",), "press w to see why", "mazur-2015"),
    "check-reasons": Picture(("c", "w"), "scroll with the page keys", "mazur-2015"),
    "number": Picture(("m", *"0.5", "enter"), "✗"),
    "compare": Picture(("a", "v"), "▸ a", "step-size"),
    "sweep": Picture(
        ("w", "ctrl+r"), "20 runs done", fields=(("vary", "step=0.5,5"), ("seeds", "10"), ("rounds", "20"))
    ),
    "boundary": Picture(("g", *"100", "enter", "d"), "at the start of", "xor"),
    "programs": Picture(("p",), "import numpy"),
    "exercise": Picture(("ctrl+n", "tab", "tab", "3", "f6"), "are random"),
    "settings": Picture(("s",), "bias update"),
    "lessons": Picture(("l",), "No amount"),
    "report": Picture(("h",), "write a report"),
    "save": Picture(("ctrl+s",), "save this session"),
    "open": Picture(("ctrl+o",), "open a session"),
    "go-to": Picture(("g",), "go to round"),
    "copy": Picture(("ctrl+y",), "copy as text"),
    "help": Picture(("question_mark", "down", "down", "down"), "∂E/∂v_ij"),
    "help-keys": Picture(("question_mark",), "show the next round"),
}


async def _start(self: TorchProcess) -> None:
    self.version = "2.0"


async def _ask(self: TorchProcess, question: TorchQuestion) -> TorchAnswer:
    engine, found = NumpyEngine(Spec.from_table(question.table)), dict[str, Any]()
    if question.train:
        rows, after = engine.advance(np.array(question.start), question.train, 1)
        found |= {"rows": rows.tolist(), "after": after.tolist()}
    for name, at in (("own", question.own), ("check", question.check)):
        if at:
            found[name] = {quantity: float(value) for quantity, value in engine.evaluate(np.array(at), 1).items()}
    return TorchAnswer(**found, state=question.own)


async def _summaries(questions: Sequence[SummaryQuestion]) -> AsyncIterator[tuple[int, Summary]]:
    """Summaries without what is said of float32, whose last digits are each machine's own."""
    for place, one in enumerate(questions):
        (answer,) = answer_summary({"table": one.spec.to_table(), "rounds": one.rounds, "at": one.at})
        found: Summary = answer["summary"]
        found["observations"] = [said for said in found["observations"] if "float32" not in said]
        yield place, found


@pytest.fixture
def here(in_process: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that processes of their own answer is answered here, the same on any machine."""
    monkeypatch.setenv("TERM", "xterm-256color")  # as pictures of values are made of shades where colours are few
    monkeypatch.setattr(TorchProcess, "start", _start)
    monkeypatch.setattr(TorchProcess, "ask", _ask)
    monkeypatch.setattr(compare, "summarise_runs", _summaries)
    monkeypatch.setattr(report, "find_printer", lambda: "pdflatex")  # whatever this machine has


@asynccontextmanager
async def opened(name: str, size: tuple[int, int]) -> AsyncIterator[Pilot[Any]]:
    """The program, with a screen open as in a picture of it."""
    picture = PICTURES[name]
    lesson = load_lesson(picture.lesson)
    lesson = replace(lesson, spec=replace(lesson.spec, precision="float64", torch_precision="same"))
    async with BptuiApp(Session.open(lesson)).run_test(size=size) as pilot:
        await until(pilot, "torch has answered", lambda: at_rest(pilot))
        first, *others = picture.keys
        await pilot.press(first)
        await pilot.pause()
        for field, text in picture.fields:
            pilot.app.screen.query_one(f"#{field}", Input).value = text
        await pilot.press(*others)
        await until(pilot, picture.last, lambda: at_rest(pilot) and picture.last in text_of(pilot.app.screen))
        await settled(pilot)
        yield pilot


def at_rest(pilot: Pilot[Any]) -> bool:
    """Whether nothing is at work for a screen, and torch has said all that it is asked."""
    waiting: Callable[[StepperScreen], bool] = lambda screen: screen.session.next_question() is not None  # noqa: E731
    steppers = [screen for screen in pilot.app.screen_stack if isinstance(screen, StepperScreen)]
    at_work = [worker for worker in pilot.app.workers if worker.node not in steppers and not worker.is_finished]
    ready = all(screen.session.torch.state == "ready" and not waiting(screen) for screen in steppers)
    return ready and not at_work


def shown(pilot: Pilot[Any]) -> str:
    """The text on the screen, without spaces at the ends of lines."""
    return "".join(f"{line.rstrip()}\n" for line in text_of(pilot.app.screen).splitlines())
