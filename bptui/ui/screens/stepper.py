"""The main screen: one ``Session``, one ``Frame`` made from it, and panels that draw the frame.

A key calls one method that returns the next session; assigning it makes a new frame, which ``data_bind`` hands to
every panel. Nothing flows any other way, except that a click posts a selection, torch's process an answer, and a
dialog returns a value.
"""

import asyncio
from collections.abc import Callable
from contextlib import nullcontext
from math import inf
from time import monotonic
from typing import Any

from textual import events, work
from textual.app import ComposeResult
from textual.containers import Container

from bptui.core.problem.spec import Spec
from bptui.core.training.memory import MEMORY
from bptui.lessons.lesson import Lesson
from bptui.session.compiling import compile_ahead, is_large
from bptui.session.frame import Frame, make_frame
from bptui.session.session import Session
from bptui.session.torch_side.process import TorchProcess, TorchQuestion
from bptui.system.process import Unavailable
from bptui.ui.bindings import STEPPER_BINDINGS
from bptui.ui.drawing.strokes import BRAILLE, Strokes
from bptui.ui.panels.derivation import DerivationPanel
from bptui.ui.panels.forward import ForwardPanel
from bptui.ui.panels.gradients import GradientsPanel
from bptui.ui.panels.large_numbers import LargePanel
from bptui.ui.panels.loss import LossPanel
from bptui.ui.panels.network import NetworkPanel
from bptui.ui.panels.selection import SelectionPanel
from bptui.ui.panels.status import StatusPanel
from bptui.ui.screens.opening import Memory, Opening, find_problem
from bptui.ui.screens.screen_table import SCREENS
from bptui.ui.textual_private import paint_now
from bptui.ui.widgets.dismiss_once import add_size_classes, is_stale_resize
from bptui.ui.widgets.footer import KeysFooter
from bptui.ui.widgets.ordered_keys import hold_keys
from bptui.ui.widgets.presenter import PresenterApp, Pressed
from bptui.ui.widgets.session_screen import SessionScreen
from bptui.ui.widgets.too_small import TooSmall

_FRAME = 1 / 30  # seconds between two pictures while running
_NEWS = 0.25  # seconds between two pictures that only say how far torch has trained
_SLICE = 0.002  # seconds of computing before keys are looked at again
_COMPILING = 1.0  # seconds that keys wait for a problem to be compiled
_TURNS = 10  # of the event loop between two slices: so many messages lead from a key to its picture


class StepperScreen(SessionScreen):
    """Steps the training of one network round by round."""

    BINDINGS = [*STEPPER_BINDINGS]  # noqa: RUF012 - Textual's own form

    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (80, "-narrow"), (116, "-wide"), (180, "-huge")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-high"), (28, "-middle"), (34, "-tall"), (50, "-vast")]  # noqa: RUF012

    def __init__(self, session: Session, strokes: Strokes = BRAILLE) -> None:
        super().__init__()
        self._strokes = strokes
        self.set_reactive(StepperScreen.session, session)
        self.set_reactive(StepperScreen.frame, make_frame(session))
        self._child = TorchProcess()
        self._asked = asyncio.Event()
        self._stale = False
        self._ticking = False
        self._published = 0.0
        self._memory = Memory()

    def compose(self) -> ComposeResult:
        """All panels, bound to the one frame."""
        add_size_classes(self)
        self.set_class(isinstance(self.app, PresenterApp) and self.app.presenter, "-presenter", update=False)
        yield StatusPanel().data_bind(StepperScreen.frame)
        with Container(id="panels"):
            yield NetworkPanel(self._strokes).data_bind(StepperScreen.frame)
            yield LargePanel().data_bind(StepperScreen.frame)
            yield ForwardPanel().data_bind(StepperScreen.frame)
            yield DerivationPanel("derivation").data_bind(StepperScreen.frame)
            yield GradientsPanel().data_bind(StepperScreen.frame)
            yield LossPanel("loss", self._strokes).data_bind(StepperScreen.frame)
        yield SelectionPanel().data_bind(StepperScreen.frame)
        yield Pressed()
        yield TooSmall()
        yield KeysFooter().data_bind(StepperScreen.frame)

    async def on_event(self, event: events.Event) -> None:
        """What happens to the screen, but for sizes that are past."""
        if not is_stale_resize(self, event):
            await super().on_event(event)

    def on_mount(self) -> None:
        """Load torch once the first picture is painted, and compile a large problem for the rounds to come."""
        self.call_after_refresh(self._talk_to_torch)
        self.call_after_refresh(self.change_problem, self.session.spec, lambda session: session)

    async def on_unmount(self) -> None:
        """End torch's process with the screen."""
        self.workers.cancel_node(self)
        await self._child.stop()

    # From intention to picture

    def action_move(self, across: int, down: int) -> None:
        """Move the selection."""
        self.session = self.session.move(across, down)

    def action_notify_quit(self) -> None:
        """Name the key that quits to whoever expects it to be q, which closes pages."""
        self.session = self.session.with_notice("press ctrl+q to quit")

    def on_loss_panel_pointed(self, message: LossPanel.Pointed) -> None:
        """Go to the round that was clicked."""
        self.take_session(lambda: self.session.go_to(message.round))

    def watch_session(self, session: Session) -> None:
        """Show the new session soon; keep it running if it runs; let torch catch up."""
        if not self._stale:
            self._stale = True
            self.call_later(self._latest)  # after the keys that wait already, for which one picture is enough
            self.call_after_refresh(self._asked.set)  # torch can wait for the picture
        if session.goal is not None and not self._ticking:
            self._ticking = True
            self._keep_running(session.goal.hurry)

    def _latest(self) -> Frame:
        """The frame of the session as it is now, which is shown."""
        if self._stale:
            self._stale = False
            self.frame = make_frame(self.session)
            if self._ticking:
                paint_now(self)
            else:
                self.paint_soon()
        return self.frame

    @work(group="running")
    async def _keep_running(self, hurry: bool) -> None:
        """Tick at most so many times a second, computing in slices in between when it goes as fast as it can."""
        moved = monotonic()
        try:
            with hold_keys(self) if hurry else nullcontext():
                while self.session.goal is not None:
                    await self._compute_until(monotonic() + _FRAME)
                    now, session = monotonic(), self.session
                    ticked = session.tick(now - moved)
                    if ticked is not session:
                        self.session, moved = ticked, now
        except MemoryError:
            MEMORY.shrink()
            self.session = self.session.without_memory()
        finally:
            self._ticking = False

    async def _compute_until(self, due: float) -> None:
        session = self.session
        if session.pace == inf and session.goal is not None:
            while monotonic() < due and not session.run.train_to(session.goal.round + 1, _SLICE):
                for _ in range(_TURNS):
                    await asyncio.sleep(0)
                session = self.session
                if session.goal is None:
                    return
            await asyncio.sleep(0)
        else:
            await asyncio.sleep(max(due - monotonic(), 0.0))

    @work(group="torch", exclusive=True)
    async def _talk_to_torch(self) -> None:
        """Ask torch's process whatever the session wants to know, one question at a time."""
        try:
            await self._child.start()
            self.session = self.session.torch_ready(self._child.version)
            while True:
                run, question = self.session.run, self.session.next_question()
                if question is None:
                    self._asked.clear()
                    await self._asked.wait()
                    continue
                answer = await self._child.ask(question)
                self._take_in(self.session.with_answer(run, question, answer), question)
        except Unavailable as reason:
            await self._child.stop()
            self.session = self.session.torch_unavailable(str(reason))

    def _take_in(self, session: Session, question: TorchQuestion) -> None:
        """Show what torch has said, unless it is of another round, or pictures come often enough by themselves."""
        soon = session.goal is not None and session.pace > 1 / _FRAME
        # how far torch has trained stands nowhere but beside its own run
        only_trained = question.train and not (session.own_run and monotonic() - self._published >= _NEWS)
        if soon or only_trained or question.round != session.round:
            self.set_reactive(StepperScreen.session, session)
        else:
            self.session, self._published = session, monotonic()

    def action_restart_torch(self) -> None:
        """Load torch again where it is not to be had."""
        if self.session.torch.state == "unavailable":
            self.session = self.session.torch_loading()
            self._talk_to_torch()

    # Other screens: a value in, a value out

    def action_open(self, name: str, word: str = "") -> None:
        """Open a screen of the table; what it hands back makes the next session.

        Args:
            name: The screen's name there.
            word: What it begins with, if it can begin with more than one thing.
        """
        row = SCREENS[name]
        if reason := row.refuse(self.session):
            self.session = self.session.with_notice(reason)
            return
        if row.works:
            self.session = self.session.touch()
        opening = Opening(self.session, self._latest, self._strokes, self._memory, self, word)

        def take(answer: Any) -> None:
            if answer is not None and (change := row.take) is not None:
                self.change_problem(find_problem(answer), lambda session: change(opening, session, answer))

        self.app.push_screen(row.make(opening), take)

    def open_lesson(self, lesson: Lesson) -> None:
        """Train another lesson from round 1."""
        self.change_problem(lesson.spec, lambda session: session.open_lesson(lesson))

    def change_problem(self, spec: Spec | None, change: Callable[[Session], Session]) -> None:
        """Change the session to one of another problem, once that is compiled; keys wait for it a second."""
        if spec is not None and is_large(spec):
            self._compile_and_change(spec, change)
        else:
            self.take_session(lambda: change(self.session))

    @work(group="compiling")
    async def _compile_and_change(self, spec: Spec, change: Callable[[Session], Session]) -> None:
        with hold_keys(self, _COMPILING):
            await asyncio.to_thread(compile_ahead, spec)
        self.take_session(lambda: change(self.session))
