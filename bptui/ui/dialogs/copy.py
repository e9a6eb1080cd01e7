"""The dialog that asks what to copy from the screen below; it returns a name, or nothing."""

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static

from bptui.text.words import format_count
from bptui.ui.bindings import CANCEL_BINDING, HELP_BINDING, bind_enter
from bptui.ui.widgets.choices import Choices
from bptui.ui.widgets.dismiss_once import DismissOnce
from bptui.ui.widgets.footer import KeysFooter
from bptui.ui.widgets.too_small import TooSmall


class TextList(Choices):
    """The texts that can be copied, a line each."""

    BINDINGS = [bind_enter("Copy", "copy this to the terminal's clipboard", "copy-text", "select")]  # noqa: RUF012


class CopyScreen(DismissOnce[str | None], ModalScreen[str | None]):
    """Lists the texts that can be copied."""

    CSS_PATH = "dialog.tcss"
    BINDINGS = [CANCEL_BINDING, HELP_BINDING]  # noqa: RUF012 - Textual's own form

    def __init__(self, texts: Mapping[str, str], first: str) -> None:
        """Ask what to copy.

        Args:
            texts: The texts by their names.
            first: The name where the cursor starts, if it exists.
        """
        super().__init__()
        self._texts, self._first = texts, first

    def compose(self) -> ComposeResult:
        """Yield a line for each text."""
        wide = max(map(len, self._texts))
        with Vertical(classes="dialog") as box:
            box.border_title = "copy as text"
            yield TextList(
                *(
                    f"{name:<{wide}}  {format_count(len(text.splitlines()), 'line')}"
                    for name, text in self._texts.items()
                ),
                markup=False,
            )
            yield Static("copies to the terminal's clipboard", classes="about", markup=False)
        yield TooSmall()
        yield KeysFooter()

    def on_mount(self) -> None:
        """Start on what was copied before."""
        names = list(self._texts)
        self.query_one(OptionList).highlighted = names.index(self._first) if self._first in names else 0

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Return the name."""
        self.dismiss(list(self._texts)[event.option_index])
