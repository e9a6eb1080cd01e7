"""The decision boundary: every output over the plane of two inputs, in the round that the stepper shows.

The screen has no session of its own, but follows the stepper's; see ``FollowingScreen``.
"""

from textual.app import ComposeResult
from textual.containers import Horizontal

from bptui.ui.bindings import bind_key
from bptui.ui.drawing.strokes import BRAILLE, Strokes
from bptui.ui.panels.boundary import BoundaryPanel, StartPanel
from bptui.ui.panels.status import StatusPanel
from bptui.ui.widgets.following_screen import FollowingScreen, bind_followed
from bptui.ui.widgets.footer import KeysFooter
from bptui.ui.widgets.session_screen import SessionScreen
from bptui.ui.widgets.too_small import TooSmall

_LEAST_COLUMNS = 40  # of a picture beside others


class BoundaryScreen(FollowingScreen):
    """Shows the outputs over the plane of the inputs."""

    CSS = """
    BoundaryScreen {
        layout: vertical;
        & StatusPanel { height: 1; border: none; background: $panel; }
        & #pictures { height: 1fr; }
        & BoundaryPanel { width: 1fr; height: 1fr; }
        & StartPanel { height: 1; border: none; }
        &.-tiny #pictures, &.-low #pictures { display: none; }
    }
    """
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        *bind_followed(
            ("next", "back", "run-or-pause", "next-sample", "go-to"),
            ("faster", "slower", "first", "last", "more-digits", "fewer-digits"),
            "d",
            bind_key(
                "tab", "next_output", "next-output", "Output", "show the next output where not all fit", show=True
            ),
        )
    ]

    def __init__(self, owner: SessionScreen, strokes: Strokes = BRAILLE) -> None:
        """Follow a session.

        Args:
            owner: The screen that holds it.
            strokes: What to draw with.
        """
        super().__init__(owner)
        self._strokes = strokes
        self._first = 0  # the place of the first output that is shown

    def compose(self) -> ComposeResult:
        """Yield a picture for each output."""
        yield StatusPanel().data_bind(BoundaryScreen.frame)
        with Horizontal(id="pictures"):
            for place, _ in enumerate(self.frame.network.outputs):
                yield BoundaryPanel(place, self._strokes).data_bind(BoundaryScreen.frame)
        yield StartPanel().data_bind(BoundaryScreen.frame)
        yield TooSmall()
        yield KeysFooter().data_bind(FollowingScreen.frame)

    def on_mount(self) -> None:
        """Show as many pictures as fit."""
        self._choose_pictures()

    def on_resize(self) -> None:
        """Show as many pictures as fit now."""
        self._choose_pictures()

    def _choose_pictures(self) -> None:
        panels = list(self.query(BoundaryPanel))
        count = min(max(self.app.size.width // _LEAST_COLUMNS, 1), len(panels))
        shown = {(self._first + n) % len(panels) for n in range(count)}
        for place, panel in enumerate(panels):
            panel.display = place in shown
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Whether a key does something now: the next output only where not all are shown."""
        if action == "next_output":
            return not all(panel.display for panel in self.query(BoundaryPanel))
        return super().check_action(action, parameters)

    def action_next_output(self) -> None:
        """Show the next output first."""
        self._first = (self._first + 1) % len(self.frame.network.outputs)
        self._choose_pictures()
