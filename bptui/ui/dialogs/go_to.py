"""The dialog that asks for a round; it returns the round, or nothing."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from bptui.core.problem.kinds.setting_kinds import WholeNumber
from bptui.core.problem.settings import MOST_ROUNDS
from bptui.ui.bindings import CANCEL_BINDING, HELP_BINDING, bind_enter
from bptui.ui.widgets.dismiss_once import DismissOnce
from bptui.ui.widgets.fields.bounded import BoundedInput
from bptui.ui.widgets.footer import KeysFooter
from bptui.ui.widgets.too_small import TooSmall


class RoundInput(BoundedInput):
    """The field for the round."""

    BINDINGS = [bind_enter("Go", "show this round", "go")]  # noqa: RUF012


class GoToScreen(DismissOnce[int | None], ModalScreen[int | None]):
    """Asks for a round."""

    CSS_PATH = "dialog.tcss"
    BINDINGS = [CANCEL_BINDING, HELP_BINDING]  # noqa: RUF012 - Textual's own form

    def __init__(self, shown: int, last: int) -> None:
        super().__init__()
        self._shown, self._last = shown, last
        self._kind = WholeNumber(1, MOST_ROUNDS)

    def compose(self) -> ComposeResult:
        """Yield one field and what it takes."""
        with Vertical(classes="dialog") as box:
            box.border_title = "go to round"
            yield RoundInput(placeholder="a round number, such as 1000", id="round")
            yield Static(classes="fault", markup=False)
            beyond = self._shown > self._last
            about = f"Round {self._shown:,}{'; the lesson ends at' if beyond else ' of'} {self._last:,}"
            yield Static(about, classes="about", markup=False)
        yield TooSmall()
        yield KeysFooter()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Report errors while typing."""
        self._check(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Return the round if it is valid."""
        round_ = self._check(event.value)
        if round_ is not None:
            self.dismiss(round_)

    def _check(self, text: str) -> int | None:
        fault = self.query_one(".fault", Static)
        try:
            round_ = self._kind.check(self._kind.read(text))
        except ValueError as error:
            fault.update(f"must be {error}")
            fault.set_class(bool(text), "-shown")
            return None
        fault.remove_class("-shown")
        return round_
