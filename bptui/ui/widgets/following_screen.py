"""A screen that follows the session of another: it shows its frames, and its keys go there.

So both always show the same round, and running goes on in either.
"""

from collections.abc import Collection
from dataclasses import replace

from textual.binding import Binding
from textual.reactive import reactive

from bptui.session.frame import Frame
from bptui.ui.bindings import HELP_BINDING, STEPPER_BINDINGS, bind_key
from bptui.ui.widgets.dismiss_once import DismissOnce
from bptui.ui.widgets.painting.role_styles import PanelScreen, require_set
from bptui.ui.widgets.panel import Panel
from bptui.ui.widgets.session_screen import SessionScreen


def bind_followed(shown: Collection[str], others: Collection[str], close: str, *own: Binding) -> list[Binding]:
    """Return the keys of a screen that follows the stepper.

    Args:
        shown: The names of the stepper's keys that are in its footer.
        others: The names of those that are not.
        close: The key that opens the screen, which closes it as well.
        own: Keys of its own.
    """
    shared = [replace(key, show=key.id in shown) for key in STEPPER_BINDINGS if key.id in {*shown, *others}]
    words = ("leave", "leave", "Close", "pause, or return to the main screen")
    return [*shared, *own, bind_key(f"escape,q,{close}", *words, show=True, display="esc"), HELP_BINDING]


class FollowingScreen(DismissOnce[None], PanelScreen[None]):
    """Shows something of another screen's session.

    Attributes:
        frame: The frame that the other screen shows.
    """

    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow")]  # noqa: RUF012 - Textual's own form
    VERTICAL_BREAKPOINTS = [(0, "-low"), (15, "-high")]  # noqa: RUF012

    frame: reactive[Frame] = reactive(require_set, repaint=False)

    def __init__(self, owner: SessionScreen) -> None:
        """Follow a session.

        Args:
            owner: The screen that holds it.
        """
        super().__init__()
        self._owner = owner
        self.set_reactive(FollowingScreen.frame, owner.frame)

    def on_mount(self) -> None:
        """Follow the session."""
        self.watch(self._owner, "frame", self.show_frame)

    def show_frame(self, frame: Frame) -> None:
        """Show a frame of the session."""
        self.frame = frame

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Whether a key does something now: the next sample only where there are several."""
        return bool(self.frame.samples) or (action, parameters) != ("intend", ("next_sample",))

    def action_intend(self, name: str) -> None:
        """Do what a key of the stepper means."""
        self._owner.action_intend(name)

    def action_open(self, name: str) -> None:
        """Open another screen over this one."""
        self._owner.action_open(name)

    def on_panel_selected(self, message: Panel.Selected) -> None:
        """Select what was clicked."""
        self._owner.session = self._owner.session.select(message.part)

    def action_leave(self) -> None:
        """Stop running; close if it does not run."""
        if self._owner.session.goal is not None:
            self._owner.action_intend("stop")
        else:
            self.dismiss(None)
