"""The dialog that asks for a run's name; it returns the name, empty for the default one."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from bptui.lessons.training import LONGEST_NAME, LessonRun, name_run
from bptui.ui.bindings import CANCEL_BINDING, HELP_BINDING, bind_enter
from bptui.ui.widgets.dismiss_once import DismissOnce
from bptui.ui.widgets.fields.answer import AnswerInput
from bptui.ui.widgets.footer import KeysFooter
from bptui.ui.widgets.too_small import TooSmall


class RenameScreen(DismissOnce[str | None], ModalScreen[str | None]):
    """Asks for a run's name."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "Input"
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        bind_enter("Rename", "give the run this name", "rename-run", "rename"),
        CANCEL_BINDING,
        HELP_BINDING,
    ]

    def __init__(self, training: LessonRun) -> None:
        """Ask for a run's name.

        Args:
            training: The run.
        """
        super().__init__()
        self._now = training.name
        self._default = name_run(training.lesson, training.run.spec)

    def compose(self) -> ComposeResult:
        """Yield the field with the name there is, and what an empty one means."""
        with Vertical(classes="dialog") as box:
            box.border_title = "rename this run"
            yield AnswerInput(self._now, placeholder=self._default, max_length=LONGEST_NAME)
            yield Static(f"leave it empty to restore {self._default}", classes="about", markup=False)
        yield TooSmall()
        yield KeysFooter()

    def action_rename(self) -> None:
        """Return the name."""
        self.dismiss(self.query_one(Input).value)
