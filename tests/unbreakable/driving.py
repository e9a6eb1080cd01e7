"""The program driven as a terminal drives it, and what it shows compared with rounds computed afresh.

Signs go through Textual's own parser, so a list of texts replays what was done. Waiting is for conditions, by the
program's own event loop: a program that runs flat out is never idle, which is what Textual's pilot would wait for.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from time import monotonic
from typing import Any

import pytest
from textual import events
from textual.geometry import Size
from textual.pilot import Pilot
from textual.screen import Screen

from bptui.core.engines.engine import Engine, NumpyEngine
from bptui.core.problem.spec import Spec
from bptui.core.training.run import Run
from bptui.lessons.lesson import Lesson, load_lesson
from bptui.session import worker
from bptui.session.session import Session
from bptui.session.torch_side.process import TorchAnswer, TorchProcess, TorchQuestion
from bptui.system.process import Unavailable
from bptui.ui.app import BptuiApp
from bptui.ui.screens.stepper import StepperScreen
from bptui.ui.textual_private import XTermParser, render_rows
from tests.strategies import problem
from tests.unbreakable.agreement import disagreements

UP, DOWN, RIGHT, LEFT, ENTER, TAB, ESCAPE = "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\r", "\t", "\x1b"
HOME, PAGE_UP, PAGE_DOWN, F1, F3 = "\x1b[1~", "\x1b[5~", "\x1b[6~", "\x1bOP", "\x1bOR"
F2, F4, F7, F8 = "\x1bOQ", "\x1bOS", "\x1b[18~", "\x1b[19~"
CTRL = {letter: chr(ord(letter) - 96) for letter in "abcdefghijklmnopqrstuvwxyz"}
FLAT_OUT = "+" * 10 + "r"
SCREENS: dict[str, tuple[str, ...]] = {
    "stepper": (),
    "go to": ("g",),
    "derivation": (ENTER,),
    "matrices": ("i", ENTER),
    "graph": ("i", "i", ENTER),
    "practice": ("x",),
    "check": ("c",),
    "my number": ("m",),
    "printed": (F8,),
    "printed of a check": ("c", F8),
    "compare": ("a",),
    "compare of runs": ("s", CTRL["u"], *"0.3, 0.4", CTRL["s"], "a"),
    "rename": (F2,),
    "sweep": ("w",),
    "settings": ("s",),
    "settings filtered": ("s", TAB, TAB, TAB, "/", "w"),
    "exercise": (CTRL["n"],),
    "printed of an exercise": (CTRL["n"], F7, "\x1b[Z", "\x1b[200~x1 = 0.1 x2 = 0.2 y1 = 1\x1b[201~", F8),
    "lessons": ("l",),
    "lessons filtered": ("l", "/", "r"),
    "report": ("h",),
    "save": (CTRL["s"],),
    "save lesson": (F4,),
    "open": (CTRL["o"],),
    "boundary": ("d",),
    "pictures": ("P",),
    "programs": ("p",),
    "help": (F1,),
    "help filtered": (F1, "/", "r"),
    "palette": (CTRL["p"],),
}
_ENDLESS = 300  # escapes after which a screen is one that cannot be left
_DRAWN = 20.0  # seconds that a picture may take on a busy machine
_TURNS = 5  # of the event loop, in which what was sent reaches the program's queue
_PATIENCE = 20.0  # seconds that a machine busy with other tests may take for one key


def second_opinion_by_numpy(monkeypatch: pytest.MonkeyPatch, dies_after: int = 0) -> None:
    """Let NumPy answer for torch, here and at once; after so many questions it dies, and again after as many more."""
    asked = 0

    def engine(table: str, precision: str) -> Engine:
        spec = Spec.from_table(json.loads(table))
        return NumpyEngine(replace(spec, gradient="chain rule", precision=precision or spec.precision_of("torch")))

    async def start(self: TorchProcess) -> None:
        await asyncio.sleep(0)
        if StandIn.kind == "missing":
            raise Unavailable("torch is not installed")
        if StandIn.kind == "hanging":
            await asyncio.Event().wait()
        self.version = "0 (a stand-in)"

    async def ask(self: TorchProcess, question: TorchQuestion) -> TorchAnswer:
        nonlocal asked
        await asyncio.sleep(0)
        asked += 1
        if dies_after and asked % dies_after == 0:
            raise Unavailable("its process ended with status -9")
        (found,) = worker.answer_question(vars(question))
        return TorchAnswer(**{name: found.get(name) for name in TorchAnswer.__match_args__})

    monkeypatch.setattr(worker, "_load_engine", engine)
    monkeypatch.setattr(TorchProcess, "start", start)
    monkeypatch.setattr(TorchProcess, "ask", ask)


class StandIn:
    """What becomes of the stand-in for torch when it is loaded next."""

    kind = "loaded"


class StayingApp(BptuiApp):
    """The program without a way out: whatever is typed into the palette, the test goes on."""

    async def action_quit(self) -> None:
        """Stay."""


class Driven:
    """A program that runs, and its terminal."""

    def __init__(self, pilot: Pilot[int]) -> None:
        assert isinstance(pilot.app, BptuiApp)
        self.pilot, self.app = pilot, pilot.app
        self.sent: list[str] = []
        self._parser = XTermParser()
        self._afresh: dict[Spec, Run] = {}

    @property
    def stepper(self) -> StepperScreen:
        """The screen at the bottom."""
        return next(screen for screen in self.app.screen_stack if isinstance(screen, StepperScreen))

    @property
    def session(self) -> Session:
        """The sitting as it is now."""
        return self.stepper.session

    def type(self, *texts: str) -> None:
        """Send texts as a terminal does; escape alone is that key, whatever comes next."""
        self.sent += texts
        driver = self.app._driver
        assert driver is not None
        for text in texts:
            for event in [events.Key("escape", None)] if text == ESCAPE else self._parser.feed(text):
                driver.process_message(event)

    def resize(self, width: int, height: int) -> None:
        """Give the terminal another size."""
        self.sent.append(f"{width}x{height}")
        size = Size(width, height)
        assert self.app._driver is not None
        self.app._driver._size = (width, height)
        self.app.post_message(events.Resize(size, size))

    async def settle(self) -> None:
        """Let what was sent take effect: on its way it goes through the program, the screen, and what has the focus."""
        await asyncio.sleep(0)
        await self.until_done()
        for pump in (self.app, self.app.screen, self.app.focused):
            done = asyncio.Event()
            if pump is not None and pump.call_later(done.set):
                with suppress(TimeoutError):  # it has just been closed
                    await asyncio.wait_for(done.wait(), 0.5)
        self.must_live()

    async def until_done(self) -> None:
        """Wait until every key that was sent is done."""
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        arrived = asyncio.Event()
        if self.app.call_later(arrived.set):
            with suppress(TimeoutError):  # it has died meanwhile
                await asyncio.wait_for(arrived.wait(), _PATIENCE)
        await self.until("every key is done", lambda: not self.app.keys_at_work)

    async def until(self, what: str, check: Callable[[], object], seconds: float = _PATIENCE) -> None:
        """Wait until something holds.

        Raises:
            AssertionError: If it never does.
        """
        end = monotonic() + seconds
        while not check():
            self.must_live()
            assert monotonic() < end, f"never happened: {what}\n{self.picture}"
            await asyncio.sleep(0.002)

    def must_live(self) -> None:
        """Raise what has ended the program, if anything has."""
        if self.app._exception is not None:
            raise AssertionError(f"the program died: {self.app._exception!r}") from self.app._exception
        assert self.app.is_running, "the program has ended"

    @property
    def picture(self) -> str:
        """What the terminal shows."""
        return picture_of(self.app.screen)

    async def come_home(self) -> None:
        """Leave whatever is open by escape alone."""
        self._parser = XTermParser()  # what was begun and not ended is not for the keys that follow
        home = 0
        for _ in range(_ENDLESS):
            await self.settle()
            home = home + 1 if self.app.screen is self.stepper else 0
            if home == 3:  # and not because what was typed has not opened anything yet
                return
            if not home:
                self.type(ESCAPE)
        raise AssertionError(f"cannot be left by escape: {self.app.screen!r}\n{self.picture}")

    async def leave(self) -> None:
        """End the program as its own key does, whatever is open and going on."""
        self.app.exit(0)
        task = self.app._task
        assert task is not None
        _, going_on = await asyncio.wait({task}, timeout=_PATIENCE)
        assert not going_on, "the program goes on"

    async def must_answer(self) -> None:
        """Come home, see that a round stands still when it is to, that its numbers are right, and that keys work."""
        await self.come_home()
        self.resize(*((120, 36) if len(self.sent) % 2 else (80, 24)))
        self.type(ESCAPE)
        await self.until("it stands still", lambda: self.session.goal is None)
        await self.come_home()
        await self.must_agree()
        for key, round_ in ((HOME, 1), ("n", 2)):
            self.type(key)
            await self.until(f"round {round_}", lambda wanted=round_: self.session.round == wanted)  # type: ignore[misc]
            await self.must_agree()

    async def must_agree(self) -> None:
        """Compare what is shown, to the last digit, with another run, as ``bptui rounds`` would print it."""
        wrong, end = list(disagreements(self.stepper, self._run_of)), monotonic() + _DRAWN
        while wrong and monotonic() < end:  # a panel that has just come into sight is drawn in its turn
            await self.settle()
            wrong = list(disagreements(self.stepper, self._run_of))
        assert not wrong, "\n".join([*wrong, self.picture])

    def _run_of(self, spec: Spec) -> Run:
        """A run of our own, which the program has never seen."""
        return self._afresh.setdefault(spec, Run(NumpyEngine(spec)))


def lesson_of(*sizes: int) -> Lesson:
    """A lesson with a network of so many inputs, then neurons in each layer, and with biases."""
    return replace(load_lesson("two-by-two"), title="-".join(map(str, sizes)), spec=problem(sizes, biases="per neuron"))


@asynccontextmanager
async def driven(
    lesson: str | Lesson = "two-by-two", size: tuple[int, int] = (120, 36), theme: str = "", **options: Any
) -> AsyncIterator[Driven]:
    """The program, opened on a lesson, in a theme and with options of its own."""
    opened = lesson if isinstance(lesson, Lesson) else load_lesson(lesson)
    app = StayingApp(Session.open(opened), **options)
    app.theme = theme or app.theme
    async with app.run_test(size=size) as pilot:
        program = Driven(pilot)
        await program.until("the first screen", lambda: isinstance(program.app.screen, StepperScreen))
        yield program


def picture_of(screen: Screen[Any]) -> str:
    """What the terminal shows of a screen."""
    return "\n".join("".join(s.text for s in strip) for strip in render_rows(screen))
