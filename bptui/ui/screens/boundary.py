"""The decision boundary: every output over the plane of two inputs, in the round that the stepper shows.

The screen has no session of its own. Its keys are the stepper's, and go there; the stepper's next frame is shown here,
so both always show the same round, and running goes on in either.
"""

from dataclasses import replace

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.reactive import reactive

from bptui.session.frame import Frame
from bptui.ui.bindings import HELP_BINDING, STEPPER_BINDINGS, bind_key
from bptui.ui.drawing.strokes import BRAILLE, Strokes
from bptui.ui.panels.boundary import BoundaryPanel, StartPanel
from bptui.ui.panels.status import StatusPanel
from bptui.ui.widgets.dismiss_once import DismissOnce
from bptui.ui.widgets.footer import KeysFooter
from bptui.ui.widgets.panel import Panel
from bptui.ui.widgets.role_styles import PanelScreen, require_set
from bptui.ui.widgets.session_screen import SessionScreen
from bptui.ui.widgets.too_small import TooSmall

_LEAST_COLUMNS = 40  # of a picture beside others
_IN_FOOTER = ("next", "back", "run-or-pause", "next-sample", "go-to")
_SHARED_KEYS = (*_IN_FOOTER, "faster", "slower", "first", "last", "more-digits", "fewer-digits")


class BoundaryScreen(DismissOnce[None], PanelScreen[None]):
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
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow")]  # noqa: RUF012 - Textual's own form
    VERTICAL_BREAKPOINTS = [(0, "-low"), (15, "-high")]  # noqa: RUF012
    BINDINGS = [  # noqa: RUF012
        *(replace(key, show=key.id in _IN_FOOTER) for key in STEPPER_BINDINGS if key.id in _SHARED_KEYS),
        bind_key("tab", "next_output", "next-output", "Output", "the next output, where not all have room", show=True),
        bind_key(
            "escape,q,d", "leave", "leave", "Close", "stop running, or back to the network", show=True, display="esc"
        ),
        HELP_BINDING,
    ]

    frame: reactive[Frame] = reactive(require_set, repaint=False)

    def __init__(self, owner: SessionScreen, strokes: Strokes = BRAILLE) -> None:
        """Follow a session.

        Args:
            owner: The screen that holds it.
            strokes: What to draw with.
        """
        super().__init__()
        self._owner, self._strokes = owner, strokes
        self._first = 0  # the place of the first output that is shown
        self.set_reactive(BoundaryScreen.frame, owner.frame)

    def compose(self) -> ComposeResult:
        """Yield a picture for each output."""
        yield StatusPanel().data_bind(BoundaryScreen.frame)
        with Horizontal(id="pictures"):
            for place, _ in enumerate(self.frame.network.outputs):
                yield BoundaryPanel(place, self._strokes).data_bind(BoundaryScreen.frame)
        yield StartPanel().data_bind(BoundaryScreen.frame)
        yield TooSmall()
        yield KeysFooter()

    def on_mount(self) -> None:
        """Show as many pictures as fit, and follow the session."""
        self._choose_pictures()
        self.watch(self._owner, "frame", self._show)

    def on_resize(self) -> None:
        """Show as many pictures as fit now."""
        self._choose_pictures()

    def _show(self, frame: Frame) -> None:
        self.frame = frame

    def _choose_pictures(self) -> None:
        panels = list(self.query(BoundaryPanel))
        count = min(max(self.app.size.width // _LEAST_COLUMNS, 1), len(panels))
        shown = {(self._first + n) % len(panels) for n in range(count)}
        for place, panel in enumerate(panels):
            panel.display = place in shown
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Whether a key does something now: the next output where not all are shown, the next sample of several."""
        if action == "next_output":
            return not all(panel.display for panel in self.query(BoundaryPanel))
        return bool(self.frame.samples) or (action, parameters) != ("intend", ("next_sample",))

    def action_next_output(self) -> None:
        """Show the next output first."""
        self._first = (self._first + 1) % len(self.frame.network.outputs)
        self._choose_pictures()

    def action_intend(self, name: str) -> None:
        """Do what a key of the stepper means."""
        self._owner.action_intend(name)

    def action_open(self, name: str) -> None:
        """Open another screen over this one."""
        self._owner.action_open(name)

    def on_panel_selected(self, message: Panel.Selected) -> None:
        """Select the sample that was clicked."""
        self._owner.session = self._owner.session.select(message.part)

    def action_leave(self) -> None:
        """Stop running; close if it does not run."""
        if self._owner.session.goal is not None:
            self._owner.action_intend("stop")
        else:
            self.dismiss(None)
