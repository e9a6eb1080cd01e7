"""The Textual application: opens the stepper and fills the command palette.

It holds no state of the subject; a sitting's state is the stepper screen's one ``Session``.
"""

from collections.abc import Iterable
from functools import partial

from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.screen import Screen

from bptui import lessons
from bptui.session import Session
from bptui.ui.screens.stepper import StepperScreen


class BptuiApp(App[int]):
    """bptui in a terminal."""

    TITLE = "bptui"
    ENABLE_COMMAND_PALETTE = True
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (80, "-narrow"), (116, "-wide")]  # noqa: RUF012 - Textual's own form
    VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-high")]  # noqa: RUF012
    BINDINGS = [  # noqa: RUF012
        Binding("ctrl+q", "quit", "Quit", tooltip="leave the program", priority=True, key_display="^q", id="quit"),
    ]

    def __init__(self, session: Session, practice: str = "") -> None:
        """Open on a sitting.

        Args:
            session: The sitting.
            practice: The part of its round to practise at once, if any.
        """
        super().__init__()
        self._session, self._practice = session, practice

    def on_mount(self) -> None:
        """Open the stepper, and practice on top of it if that is what was asked for."""
        stepper = StepperScreen(self._session)
        self.push_screen(stepper)
        if self._practice:
            stepper.action_practice(self._practice)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every key of the stepper and every lesson as a command, then Textual's own."""
        if isinstance(screen, StepperScreen):
            actions = {active.binding.action: active for active in screen.active_bindings.values()}
            for active in actions.values():
                if active.node is screen:
                    do = partial(self.call_later, screen.run_action, active.binding.action)
                    yield SystemCommand(active.binding.description, active.tooltip, do)
            for lesson in lessons.catalogue():
                yield SystemCommand(f"Lesson {lesson.name}", lesson.title, partial(screen.open_lesson, lesson))
        yield from super().get_system_commands(screen)
