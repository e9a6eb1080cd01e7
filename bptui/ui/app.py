"""The Textual application: opens the stepper, ends torch's process, fills the command palette.

It holds no state of the subject; a sitting's state is the stepper screen's one ``Session``.
"""

from collections.abc import Iterable

from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.screen import Screen

from bptui.lessons import Lesson
from bptui.ui.screens.stepper import StepperScreen


class BptuiApp(App[int]):
    """bptui in a terminal."""

    TITLE = "bptui"
    ENABLE_COMMAND_PALETTE = True
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (80, "-narrow"), (116, "-wide")]  # noqa: RUF012 - Textual's own form
    VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-high")]  # noqa: RUF012
    BINDINGS = [  # noqa: RUF012
        Binding("ctrl+q", "quit", "Quit", tooltip="leave the program", show=False, priority=True, id="quit"),
    ]

    def __init__(self, lesson: Lesson) -> None:
        super().__init__()
        self.lesson = lesson

    def on_mount(self) -> None:
        """Open the stepper."""
        self.push_screen(StepperScreen(self.lesson))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every key of the screen as a command, then Textual's own."""
        for binding in screen._bindings.key_to_bindings.values():
            for b in binding:
                if b.description and isinstance(screen, StepperScreen):
                    yield SystemCommand(
                        b.description,
                        b.tooltip or "",
                        lambda action=b.action: self.call_later(screen.run_action, action),
                    )
        yield from super().get_system_commands(screen)
