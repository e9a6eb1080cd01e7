"""The Textual application: opens the stepper and fills the command palette.

It holds no state of the subject; the state is the stepper screen's one ``Session``.
"""

import asyncio
import gc
import os
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from math import inf
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.command import CommandPalette
from textual.driver import Driver
from textual.screen import Screen

from bptui.core.problem.tables import UserError
from bptui.session.session import Session
from bptui.text.words import format_count, make_one_line
from bptui.ui.bindings import APP_BINDINGS
from bptui.ui.drawing.strokes import ASCII, BRAILLE, Strokes, choose_strokes
from bptui.ui.preferences import StoredPreferences
from bptui.ui.screens.stepper import StepperScreen
from bptui.ui.stylesheet import QuickStylesheet
from bptui.ui.textual_private import get_variables
from bptui.ui.themes import ensure_contrast
from bptui.ui.widgets.dismiss_once import start_work
from bptui.ui.widgets.presenter import PresenterApp

if TYPE_CHECKING:
    from rich.console import RenderableType

    from bptui.system.terminal import Terminal
    from bptui.ui.unsaved import AutoSaver

_NOTICE_SECONDS = 3.0  # seconds that a confirmation is shown
_CONFIRM_SECONDS = 8.0  # seconds in which a second press confirms quitting
_KEY_WORDS = {"⏎": "enter", "↑↓": "up/down", "←→": "left/right", "↑": "up", "↓": "down", "←": "left", "→": "right"}
# Hidden commands of Textual: the first three take room from numbers, the others duplicate the program's own keys
_HIDDEN_COMMANDS = ("Keys", "Maximize", "Minimize", "Quit", "Screenshot")


class BptuiApp(PresenterApp):
    """bptui in a terminal.

    Attributes:
        terminal: The terminal to restore at the end, if there is one.
        failure: The first exception that has ended the program.
    """

    TITLE = "bptui"
    CSS_PATH = Path(__file__).parent / "screens" / "stepper.tcss"  # of the first screen; others bring their own
    CSS = "Toast { background: $panel; color: $foreground; }"  # not all text is readable on Textual's own background
    ENABLE_COMMAND_PALETTE = True
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (80, "-narrow"), (116, "-wide")]  # noqa: RUF012 - Textual's own form
    VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-high")]  # noqa: RUF012
    BINDINGS = [*APP_BINDINGS]  # noqa: RUF012
    failure: Exception | None

    def __init__(
        self,
        session: Session,
        practice: str = "",
        terminal: "Terminal | None" = None,
        strokes: Strokes | None = None,
        presenter: bool = False,
    ) -> None:
        """Open on a session.

        Args:
            session: The session.
            practice: The part of its round to practise at once, if any.
            terminal: The terminal to restore at the end; None for Textual's own driver.
            strokes: What to draw with; if left out, the best that the terminal shows.
            presenter: Whether to show the presenter's view: fewer, larger numbers, for a projector.
        """
        self.terminal, self.failure = terminal, None
        self._preferences = StoredPreferences(session)
        if theme := self._preferences.found.preferences.theme:
            self.set_reactive(App.theme, theme)  # before there are styles, which would be made twice
        super().__init__(presenter, driver_class=_driver() if terminal else None)
        self.stylesheet = QuickStylesheet(variables=get_variables(self.stylesheet))
        self._preferences.attach(self)
        self._practice = practice
        self._strokes = strokes or (choose_strokes(terminal.screen.can_show) if terminal else BRAILLE)
        self._stepper = StepperScreen(self._preferences.session, self._strokes)
        self._keeping: AutoSaver | None = None
        self._copied = "gradients"  # what was copied last
        self._quit_requested = -inf  # the time of the last request

    def get_css_variables(self) -> dict[str, str]:
        """Return the theme's variables, with every text readable."""
        return ensure_contrast(super().get_css_variables())

    def on_mount(self) -> None:
        """Open practice on top of the stepper, if requested.

        After the first paint, offer what was not saved before a crash, except when opening on practice.
        """
        if self.terminal is not None:
            loop = asyncio.get_running_loop()
            self.terminal.end = lambda status: loop.call_soon_threadsafe(partial(self.exit, return_code=status))
            self.terminal.last_act = self.end
        if self._practice:
            self._stepper.action_open("practice", self._practice)
        self.call_after_refresh(self._when_painted)

    def get_default_screen(self) -> StepperScreen:
        """Return the stepper; pushing it over a default screen would set up a second screen."""
        return self._stepper

    def _when_painted(self) -> None:
        """Do what can wait for the first paint."""
        from bptui.ui.preparing import prepare
        from bptui.ui.unsaved import AutoSaver

        gc.freeze()  # keep the collector off the objects of the start, so that keys do not wait for it
        gc.enable()
        show = partial(setattr, self._stepper, "session")
        start_work(self, partial(self._preferences.check, self, lambda: self.last_session, show), "preferences")
        self._keeping = AutoSaver(self._stepper, self._preferences.session)
        if not self._practice:
            self._keeping.offer()
        start_work(self, partial(prepare, self), "preparing")

    async def action_quit(self) -> None:
        """Quit; with unsaved runs only at a second press within 8 s."""
        asked, self._quit_requested = self._quit_requested, monotonic()
        if self.last_session.unsaved and monotonic() - asked > _CONFIRM_SECONDS:
            told = "the runs of this session are not saved; quit again to discard them"
            self.notify(told, severity="warning", timeout=_CONFIRM_SECONDS, markup=False)
        else:
            self.exit()

    def action_help(self) -> None:
        """Show help on the current screen; a second press closes it."""
        from bptui.ui.dialogs.help import HelpScreen, make_help

        if isinstance(self.screen, HelpScreen):
            self.screen.dismiss(None)
        else:
            self.push_screen(make_help(self.screen, self._stepper.session))

    def action_copy(self) -> None:
        """Ask which panel, or the whole screen, to copy as text; copy at once if there is only one choice."""
        from bptui.ui.copying import collect_texts
        from bptui.ui.dialogs.copy import CopyScreen

        if isinstance(self.screen, CopyScreen | CommandPalette):
            return
        found = collect_texts(self.screen)

        def copy(name: str | None) -> None:
            if name is not None:
                self._copied = name
                self.copy_to_clipboard(found[name])
                told = f"sent {name} to the clipboard: {format_count(len(found[name].splitlines()), 'line')}"
                self.notify(told, timeout=_NOTICE_SECONDS, markup=False)

        if len(found) == 1:
            copy(*found)
        else:
            self.push_screen(CopyScreen(found, self._copied), copy)

    async def action_picture(self) -> None:
        """Save a picture of the screen."""
        from bptui.ui.copying import save_picture

        session = self.last_session
        try:
            told = await save_picture(self, session.lesson.name, session.round)
        except UserError as fault:
            self.notify(str(fault), severity="error", markup=False)
        else:
            self.notify(told, timeout=_NOTICE_SECONDS, markup=False)

    def get_key_display(self, binding: Binding) -> str:
        """Return a key's display; a word where the terminal lacks its character, whose stand-in is another key."""
        shown = super().get_key_display(binding)
        return _KEY_WORDS.get(shown, shown) if self._strokes is ASCII else shown

    def action_redraw(self) -> None:
        """Paint the whole screen again, as something else may have written on the terminal."""
        self.screen.refresh()

    def end(self, status: int) -> None:
        """Save unsaved runs for the next start, unless the program exits normally (status 0).

        Called after the program has stopped, or when it hangs.
        """
        if self._keeping is not None:
            self._keeping.end(in_order=status == 0)
        with suppress(UserError):
            self._preferences.write(self, self.last_session)

    @property
    def last_session(self) -> Session:
        """The current session, whichever screen is shown."""
        return self._stepper.session

    def exit(self, result: int | None = None, return_code: int = 0, message: "RenderableType | None" = None) -> None:
        """End the program; see ``App.exit``. What hangs then does not delay it for long."""
        super().exit(result, return_code, message)
        if self.terminal is not None:
            self.terminal.ensure_end(return_code)

    def _handle_exception(self, error: Exception) -> None:
        """End the program after an exception, with the same limit on delay."""
        from bptui.system.limits import is_memory_fault

        self.failure = self.failure or error
        if self.terminal is not None and not is_memory_fault(error):  # which is told in words
            with suppress(OSError):  # there may be no time left to print all of it
                os.write(2, make_one_line(f"bptui: {type(error).__name__}: {error}").encode() + b"\n")
        super()._handle_exception(error)
        if self.terminal is not None:
            self.terminal.ensure_end(1)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Yield all commands of a screen, then Textual's own."""
        from bptui.ui import commands

        yield from commands.list_screen_commands(screen)
        if isinstance(screen, StepperScreen):
            yield from commands.list_stepper_commands(screen)
        yield from commands.list_theme_commands(self)
        for command in super().get_system_commands(screen):
            if command.title not in _HIDDEN_COMMANDS:
                yield command


def _driver() -> type[Driver]:
    from bptui.ui.drivers.terminal_driver import TerminalDriver

    return TerminalDriver
