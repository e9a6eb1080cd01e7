"""The kind of screen that holds the session: its keys make the next one, and others that show it follow its frame."""

from collections.abc import Callable

from textual.reactive import reactive

from bptui.core.training.memory import MEMORY
from bptui.session.frame import Frame
from bptui.session.session import Session
from bptui.ui.widgets.painting.role_styles import PanelScreen, require_set
from bptui.ui.widgets.panel import Panel


class SessionScreen(PanelScreen[None]):
    """A screen with a session, and the frame that is made of it.

    Attributes:
        session: The session as it is.
        frame: What is shown of it, a little later.
    """

    # The panels repaint themselves; the screen has nothing of its own to paint
    session: reactive[Session] = reactive(require_set, repaint=False)
    frame: reactive[Frame] = reactive(require_set, repaint=False)

    def action_intend(self, name: str) -> None:
        """Do what a key means: the session's method of that name."""
        self.take_session(getattr(self.session, name))

    def take_session(self, make: Callable[[], Session]) -> None:
        """Show the next session; without memory for it, stop running and say so."""
        try:
            self.session = make()
        except MemoryError:
            MEMORY.shrink()
            self.session = self.session.without_memory()

    def action_open(self, name: str, word: str = "") -> None:
        """Open a screen by name.

        Args:
            name: The screen's name.
            word: What it begins with, if it can begin with more than one thing.
        """
        raise NotImplementedError

    def on_panel_selected(self, message: Panel.Selected) -> None:
        """Select what was clicked."""
        self.session = self.session.select(message.part)
