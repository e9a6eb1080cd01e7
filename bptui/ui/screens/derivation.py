"""The formulas of the selected part on a page of their own."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from bptui.frame import Frame
from bptui.ui.panels.derivation import DerivationPanel


class DerivationScreen(ModalScreen[None]):
    """Shows one frame's derivation with all the room there is."""

    CSS_PATH = "dialog.tcss"
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        Binding("escape,enter,q", "dismiss(None)", "Close", id="close"),
        Binding("up", "scroll(-1)", "Up", id="up"),
        Binding("down", "scroll(1)", "Down", id="down"),
        Binding("pageup", "scroll(-10)", "Page up", id="page-up"),
        Binding("pagedown", "scroll(10)", "Page down", id="page-down"),
    ]

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._frame = frame

    def compose(self) -> ComposeResult:
        """The derivation panel in a box."""
        with Vertical(classes="dialog") as box:
            box.border_title = f"round {self._frame.round:,}"
            panel = DerivationPanel()
            panel.set_reactive(DerivationPanel.frame, self._frame)
            yield panel
            yield Static("arrows scroll, escape closes", classes="about", markup=False)

    def action_scroll(self, down: int) -> None:
        """Scroll by some lines."""
        self.query_one(DerivationPanel).scroll_lines(down)
