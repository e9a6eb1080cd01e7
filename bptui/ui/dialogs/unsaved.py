"""The dialogs at the start after a crash: one offers the unsaved session, the other reports an unreadable one.

They appear unasked, so a key may be meant for the stepper: whatever would lose something needs a second press.
"""

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Literal

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from bptui.session.session import Session
from bptui.text.words import format_count, join_words, make_one_line, shorten_faults
from bptui.ui.bindings import HELP_BINDING
from bptui.ui.dialogs.session_file import MOST_LINES
from bptui.ui.widgets.dismiss_once import DismissOnce
from bptui.ui.widgets.footer import KeysFooter
from bptui.ui.widgets.too_small import TooSmall

UnsavedAnswer = Literal["open", "discard"]
_NAMES = 3  # lessons that are named
_LONGEST = 30  # characters of a name


class UnsavedScreen(DismissOnce[UnsavedAnswer | None], ModalScreen[UnsavedAnswer | None]):
    """Offers a session; without an answer it is offered again at the next start.

    Args:
        session: The session.
        written: When it was last autosaved, as ``time.time`` counts.
        more: How many older ones there are.
        unkept: Whether opening it loses runs of the current session.
    """

    CSS_PATH = "dialog.tcss"
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        Binding("enter,o", "open", "Open", key_display="⏎", tooltip="continue with this session", id="open-unsaved"),
        Binding("d", "discard", "Delete", tooltip="delete it for good", id="discard-unsaved"),
        Binding(
            "escape",
            "dismiss(None)",
            "Not now",
            key_display="esc",
            tooltip="ask again at the next start",
            id="cancel",
        ),
        HELP_BINDING,
    ]

    def __init__(self, session: Session, written: float, more: int, unkept: bool) -> None:
        super().__init__()
        self._description = describe_unsaved(session, written, more)
        self._unkept = unkept
        self._unsure: UnsavedAnswer | None = None  # the answer that needs a second press

    def compose(self) -> ComposeResult:
        """Yield what was found, what it would cost, and the keys."""
        with Vertical(classes="dialog") as box:
            box.border_title = "unsaved session found"
            yield Static(self._description, markup=False)
            yield Static(classes="fault", markup=False)
            yield Static("enter opens it, d deletes it, escape asks again at the next start", classes="about")
        yield TooSmall()
        yield KeysFooter()

    def action_open(self) -> None:
        """Open it; in place of unsaved runs only at a second press."""
        self._confirm(
            "open", "the runs opened meanwhile are not saved; press enter again to open it anyway", self._unkept
        )

    def action_discard(self) -> None:
        """Discard it at a second press."""
        self._confirm("discard", "it is saved in no other file; press d again to delete it", True)

    def _confirm(self, answer: UnsavedAnswer, cost: str, costs: bool) -> None:
        if not costs or self._unsure == answer:
            self.dismiss(answer)
        else:
            self._unsure = answer
            fault = self.query_one(".fault", Static)
            fault.update(cost)
            fault.add_class("-shown")


class BrokenScreen(DismissOnce[bool], ModalScreen[bool]):
    """Reports an autosaved session that cannot be read.

    Args:
        faults: Its errors, a line each.
        path: Where it is now.
    """

    CSS_PATH = "dialog.tcss"
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        Binding(
            "enter,escape", "dismiss(True)", "Continue", key_display="⏎", tooltip="continue to the program", id="cancel"
        ),
        HELP_BINDING,
    ]

    def __init__(self, faults: str, path: Path) -> None:
        super().__init__()
        self._faults, self._path = faults, path

    def compose(self) -> ComposeResult:
        """Yield the errors, and where the file is."""
        with Vertical(classes="dialog") as box:
            box.border_title = "unsaved session found"
            yield Static("An unsaved session was found, but its file cannot be read:", markup=False)
            yield Static(shorten_faults(self._faults, MOST_LINES), classes="fault -shown", markup=False)
            yield Static(f"the file is now {self._path}; press enter to continue", classes="about", markup=False)
        yield TooSmall()
        yield KeysFooter()


def describe_unsaved(session: Session, written: float, more: int) -> str:
    """Return the description of an offered session.

    Args:
        session: The session.
        written: When it was last autosaved, as ``time.time`` counts.
        more: How many older ones there are.
    """
    names = [
        make_one_line(name, _LONGEST) for name in dict.fromkeys(training.lesson.name for training in session.trainings)
    ]
    when = ""
    with suppress(ValueError, OverflowError, OSError):  # a time that no clock has, such as of the year 36812
        when = f"\nLast autosaved on {datetime.fromtimestamp(written).strftime('%Y-%m-%d at %H:%M')}."
    runs = format_count(len(session.trainings), "run")
    text = f"A session with {runs} of {join_words(names, _NAMES)} was not saved. Open it?{when}"
    if more:
        text += f" There {'is' if more == 1 else 'are'} {more:,} older {'one' if more == 1 else 'ones'}."
    return text
